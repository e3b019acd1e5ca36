#ifndef BASE_NET_AWS_H
#define BASE_NET_AWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/net/call.h"
#include "base/slice.h"

/*
 * Who we are at AWS, found as AWS's own tools find it, in their order:
 * environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN);
 * a web identity (AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE); the shared
 * files (AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, profiles; a role to
 * assume through a source_profile); the container's address
 * (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI with its token); the
 * instance's metadata (IMDSv2). Programs that a profile names
 * (credential_process) are never run, and single sign-on caches not read: the
 * fault says so. A key that ends is asked for anew five minutes before its
 * end. Keys never appear in faults or logs, and their memory is overwritten.
 *
 * A profile that is asked for in `profile` comes before the environment.
 * Addresses can be others: AWS_ENDPOINT_URL_STS (_SUPPORT, _BEDROCK_RUNTIME,
 * _SAGEMAKER_RUNTIME) or AWS_ENDPOINT_URL, AWS_EC2_METADATA_SERVICE_ENDPOINT;
 * AWS_EC2_METADATA_DISABLED=true leaves the instance out.
 *
 *	struct aws *aws;
 *	if (!aws_open(&aws, &o, &f)) ...
 *	caller_options.sign = aws_sign; caller_options.sign_self = aws;
 */
struct aws;

typedef const char *aws_environment(const char *name);

struct aws_options {
	struct slice profile;  /* empty: AWS_PROFILE, else "default" */
	struct slice region;   /* empty: AWS_REGION, AWS_DEFAULT_REGION, the
	                          profile's; still none: FAULT_USAGE */
	struct slice service;  /* to sign for: "support" */
	const char *home;      /* where .aws is; NULL: HOME of `env` */
	aws_environment *env;  /* NULL: the process's */
	int64_t now;           /* milliseconds UTC */
	struct slice metadata; /* empty: http://169.254.169.254; for tests */
	int64_t timeout;       /* milliseconds of one request for keys; 0: a
	                          second to this machine, 15 s to AWS */
};

/* FAULT_DENIED "aws-no-credentials" lists where was looked, and what was found
 * there. FAULT_USAGE: a file or profile that is wrong, with its line. */
MUST_USE
bool aws_open(struct aws **out, const struct aws_options *o, struct fault *f);
void aws_close(struct aws *aws); /* NULL is allowed */

struct slice aws_region(const struct aws *aws);
/* "environment", "profile ops of /home/me/.aws/credentials": for people. */
struct slice aws_origin(const struct aws *aws);

/* The signer of a caller; `self` is the struct aws. Renews what ends. A server
 * that says the clock is wrong (its Date is more than four minutes off) is
 * believed: aws_answered() takes its header, and later tries are right. */
bool aws_sign(void *self, const struct call_try *t, struct arena *a,
              const struct http_header **headers, size_t *count,
              struct fault *f);
void aws_answered(struct aws *aws, const struct http_reply *r, int64_t now);

/* Where a service lives: "https://support.us-east-1.amazonaws.com" and the
 * region to sign for. China's regions have a domain and a Support of their
 * own; Support lives in one region of each. */
MUST_USE
bool aws_endpoint(struct slice service, struct slice region, struct arena *a,
                  struct slice *url, struct slice *signing, struct fault *f);

/* The same for its own service and region, where no AWS_ENDPOINT_URL of its
 * environment says otherwise. It signs for that region by itself. */
MUST_USE
bool aws_address(const struct aws *aws, struct arena *a, struct slice *url,
                 struct slice *signing, struct fault *f);

#endif
