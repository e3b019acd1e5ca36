#ifndef KB_CASES_DIGEST_SETTINGS_H
#define KB_CASES_DIGEST_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * [digest], and [class NAME] with the names a class goes by. Any [class NAME]
 * replaces the classes that are there without: configuration error, service
 * fault, consulting.
 */
struct digest_class {
	struct slice name;         /* "service fault" */
	struct slice about;        /* for the prompt: when it applies */
	const struct slice *names; /* other names, any language */
	size_t name_count;
};

struct digest_settings {
	const struct digest_class *classes;
	size_t class_count;
	const struct slice *services; /* closed list; none: those of the
	                                 cases of the space */
	size_t service_count;
	struct slice language;     /* "zh"; empty: the case's own */
	struct slice instructions; /* of the house, added to the words */
	struct slice model;        /* name of [llm NAME] */
	size_t example_most;       /* corrections shown as examples */
	bool reduce;               /* long cases in parts; else cut */
	bool second_always; /* the provider's word decides, whoever was asked */
	int tries;          /* of a case that came to nothing */
	bool mask_addresses; /* IP addresses too */
};

/* FAULT_USAGE with file and line. */
MUST_USE
bool digest_settings_read(struct digest_settings *s, const struct conf *conf,
                          struct arena *a, struct fault *f);

/* The class that goes by this name, or NULL. */
const struct digest_class *digest_class_find(const struct digest_settings *s,
                                             struct slice name);

/* Every name of every class, for those who have to know them all. */
const struct slice *digest_class_names(const struct digest_settings *s,
                                       struct arena *a, size_t *count);

/* What language a text is in, as far as its letters tell: "ko", "ja", "zh", or
 * `otherwise` for the rest. */
struct slice digest_language(struct slice text, struct slice otherwise);

#endif
