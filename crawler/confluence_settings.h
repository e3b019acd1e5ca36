#ifndef CRAWLER_CONFLUENCE_SETTINGS_H
#define CRAWLER_CONFLUENCE_SETTINGS_H

#include "base/conf.h"
#include "crawler/confluence_access.h"
#include "crawler/confluence_query.h"

/* A section's own keys, read and checked. */
struct confluence_settings {
	struct arena arena; /* what the slices point into */
	struct confluence_choice choice;
	struct confluence_access access;
	struct slice language, jira;
	enum confluence_kind kind; /* UNKNOWN: it is found out */
	bool comments;
	int64_t relist; /* milliseconds */
	/* All settings that choose, in one line: with others, all is listed
	 * again. */
	struct slice wanted;
};

extern const struct conf_key confluence_settings_keys[];

MUST_USE
bool confluence_settings_read(struct confluence_settings *x,
                              const struct conf_section *s, struct fault *f);

/* Whether the spaces that were named are there, or any. */
MUST_USE
bool confluence_settings_spaces(const struct confluence_settings *x,
                                const struct confluence_site *site,
                                struct fault *f);

void confluence_settings_release(struct confluence_settings *x);

#endif
