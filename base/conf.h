#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/fault.h"
#include "base/slice.h"

/*
 * The configuration: an INI file , read once and then asked.
 *
 *	[source ops-wiki]
 *	kind = mediawiki     ; a comment: at the start, or behind a blank
 *
 * A section is a kind and a name ("source", "ops-wiki"), or a kind alone.
 * A key given twice, a line that is neither, or a section given twice is a
 * fault with file and line. Keys keep their order.
 */
struct conf;
struct conf_section;

/* One setting a part of the program understands; printed by `help`. */
struct conf_key {
	const char *name;
	const char *fallback; /* NULL: the setting is required */
	const char *help;
};

/* A missing file is FAULT_GONE. *out is the caller's: conf_free() it. */
MUST_USE
bool conf_read(struct conf **out, const char *path, struct fault *f);

/* The same from text; `path` is for faults. */
MUST_USE
bool conf_parse(struct conf **out, struct slice text, const char *path,
                struct fault *f);

void conf_free(struct conf *c);

/* The first section of that kind and name (empty: without a name), or NULL. */
const struct conf_section *conf_find(const struct conf *c, const char *kind,
                                     struct slice name);

/* Sections of a kind, in file order: pass NULL to start. NULL at the end. */
const struct conf_section *conf_next(const struct conf *c, const char *kind,
                                     const struct conf_section *after);

struct slice conf_name(const struct conf_section *s);

/* The value of `key`, or `fallback` (may be NULL: then an empty slice).
 * `s` may be NULL. Borrowed from the conf. */
struct slice conf_get(const struct conf_section *s, const char *key,
                      const char *fallback);

/* FAULT_USAGE with file and line when a key is not in `keys` (ends at a NULL
 * name), or when a required one is missing. */
MUST_USE
bool conf_check(const struct conf_section *s, const struct conf_key *keys,
                struct fault *f);

/* "64k", "256 MB", "1g": bytes, powers of 1024. */
MUST_USE
bool conf_size(struct slice s, int64_t *out, struct fault *f);

#endif
