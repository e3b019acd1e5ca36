#ifndef CRAWLER_CASES_PULL_SETTINGS_H
#define CRAWLER_CASES_PULL_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/net/pace.h"
#include "crawler/cases/provider.h"

/*
 * A section [cases NAME] of the configuration, read and checked. It names
 * places where keys may be found (a profile), never a key.
 */
struct pull_settings {
	struct slice name;
	const struct case_kind *kind;
	struct slice account; /* empty: whom the key belongs to */
	struct slice region, profile;
	struct slice url, identity_url; /* empty: AWS's own */
	struct slice access;
	int64_t since; /* milliseconds UTC */
	struct pace_options pace;
	struct http_options http;
	unsigned tries;
	int64_t timeout; /* of one try, milliseconds */
	bool resolved;   /* also cases that are closed */
	struct arena arena;
};

/* Ends at a NULL name. */
extern const struct conf_key pull_keys[];

/* `conf` outlives it. FAULT_USAGE with file and line. */
MUST_USE
bool pull_settings_read(struct pull_settings *s, const struct conf *conf,
                        struct slice name, int64_t now, struct fault *f);
void pull_settings_release(struct pull_settings *s);

/* "2024-01-31", or "730d" before `now`. FAULT_USAGE. */
MUST_USE
bool pull_since(struct slice s, int64_t now, int64_t *out, struct fault *f);

#endif
