#ifndef CRAWLER_CASES_PULL_PROBE_H
#define CRAWLER_CASES_PULL_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/net/aws.h"
#include "crawler/cases/pull_settings.h"

/*
 * Would a pull be answered, and as whom would it ask? Two calls; nothing is
 * listed and nothing stored.
 */
struct pull_probe {
	char origin[256]; /* of the key */
	char region[32], url[512];
	char account[16], arn[512];
	struct fault identity; /* kind not NONE: why these are not known */
	struct fault refused;  /* kind not NONE: why a pull would fail */
	bool other_account;    /* than the one that is set */
};

/* FAULT_DENIED: there is no key at all. */
MUST_USE
bool pull_probe(const struct pull_settings *s, aws_environment *env,
                int64_t now, struct pull_probe *out, struct fault *f);

#endif
