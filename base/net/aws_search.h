#ifndef BASE_NET_AWS_SEARCH_H
#define BASE_NET_AWS_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/net/aws.h"
#include "base/net/aws_ask.h"
#include "base/net/aws_key.h"
#include "base/net/aws_profile.h"
#include "base/slice.h"

/*
 * Where keys are looked for, a place a function; aws.h has their order. Each
 * answers one of three: there is a key, there is nothing of that kind here
 * (it then adds a word to `looked` and clears *found), or it is wrong (false).
 */
struct aws_search {
	aws_environment *env;
	const char *home;
	struct slice profile;
	bool chosen; /* the profile was asked for by the program's user, which
	                puts it before the environment */
	bool named;  /* by whomever: it has to be there */
	struct slice region, metadata;
	int64_t timeout;
	int64_t now, skew;
	struct buf looked; /* "the environment has none; ..." */
	struct buf origin; /* of the key that was found */
};

typedef bool aws_place(struct aws_search *s, struct aws_key *key, bool *found,
                       struct fault *f);

aws_place aws_from_environment, aws_from_web_identity, aws_from_profile,
        aws_from_container, aws_from_instance;

/* The value of a variable, or an empty slice. */
struct slice aws_variable(const struct aws_search *s, const char *name);
/* Says what was found at a place; returns true with *found false. */
bool aws_nothing(struct aws_search *s, bool *found, const char *fmt, ...)
        PRINTF_LIKE(3, 4);

/* The two shared files, wherever they are; *out is the caller's. */
MUST_USE
bool aws_search_files(const struct aws_search *s, struct aws_profiles **out,
                      struct fault *f);

/* FAULT_USAGE when somebody named a profile that is not there. */
MUST_USE
bool aws_search_named(const struct aws_search *s, const struct aws_profiles *p,
                      struct fault *f);

/* The JSON in which containers and instances hand out keys. FAULT_INPUT. */
MUST_USE
bool aws_key_read(struct slice json, struct aws_key *key, struct fault *f);

/* An address of the environment ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"),
 * or the usual one, with the region to sign for. */
MUST_USE
bool aws_endpoint_of(aws_environment *env, struct slice service,
                     struct slice region, struct arena *a, struct slice *url,
                     struct slice *signing, struct fault *f);

#endif
