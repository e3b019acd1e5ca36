#ifndef CRAWLER_CASES_PULL_IDENTITY_H
#define CRAWLER_CASES_PULL_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/net/aws.h"
#include "base/slice.h"
#include "crawler/cases/pull_settings.h"

/*
 * Whose key it is, as AWS sees it: STS GetCallerIdentity (API version
 * 2011-06-15), which anybody with a key may ask.
 */
struct pull_identity {
	char account[16]; /* 12 digits */
	char arn[512];
};

MUST_USE
bool pull_identity(const struct pull_settings *s, aws_environment *env,
                   int64_t now, struct pull_identity *out, struct fault *f);

/* Of an answer in JSON or XML. FAULT_INPUT. For the above and its tests. */
MUST_USE
bool pull_identity_read(struct slice body, struct pull_identity *out,
                        struct fault *f);

#endif
