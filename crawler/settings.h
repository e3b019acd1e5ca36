#ifndef CRAWLER_SETTINGS_H
#define CRAWLER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/net/http.h"
#include "base/net/pace.h"
#include "crawler/proxies.h"
#include "crawler/source.h"

/*
 * A section [source NAME] of the configuration, read and checked: the keys all
 * kinds share (settings_keys) and those of its kind. Every one has a default
 * that is polite and safe. Secrets come from files or the environment; the
 * configuration holds their names alone.
 */
enum settings_login {
	LOGIN_NONE,
	LOGIN_BASIC,  /* user and password with every request to `url`'s host */
	LOGIN_BEARER, /* the token likewise */
	LOGIN_KIND,   /* the kind logs in by itself */
};

struct crawl_settings {
	struct slice name;
	const struct conf_section *section;
	const struct source_kind *kind;
	struct slice space, access, licence;
	struct slice user_agent;
	struct slice address; /* `url`: login and cookies are for its host */
	struct pace_options pace;
	struct http_options http;
	int64_t timeout;     /* of one request, milliseconds */
	const char *proxies; /* path, or NULL */
	struct proxies_options rotation;
	bool robots_ignored;
	int32_t tries;
	/* milliseconds: between runs; revisit intervals; misses */
	int64_t every, first, least, most, apart;
	unsigned vanish_percent;
	int64_t vanish_most;
	enum settings_login login;
	struct source_secrets secrets;
	struct arena arena;
};

/* The keys that all kinds share; ends at a NULL name. */
extern const struct conf_key settings_keys[];

/* The value of an environment variable, or NULL. */
typedef const char *settings_environment(const char *name);

/*
 * Reads the section `name`; `conf` outlives it. FAULT_USAGE with file and line
 * for keys that are unknown, missing or wrong; FAULT_DENIED for a secret's
 * file that others may read.
 */
MUST_USE
bool settings_read(struct crawl_settings *s, const struct conf *conf,
                   struct slice name, settings_environment *env,
                   struct fault *f);
void settings_release(struct crawl_settings *s);

/* "2/s", "30/m", "100/h": a second. "90s", "15m", "1h", "7d": milliseconds. */
MUST_USE
bool settings_rate(struct slice s, double *out, struct fault *f);
MUST_USE
bool settings_duration(struct slice s, int64_t *out, struct fault *f);

#endif
