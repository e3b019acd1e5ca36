#ifndef CRAWLER_CONFLUENCE_SOME_H
#define CRAWLER_CONFLUENCE_SOME_H

#include "crawler/confluence_query.h"
#include "crawler/source.h"

/*
 * Pages that are asked about by their ids, a few together. The note of such an
 * ask is why, and the ids.
 */
struct confluence_some {
	const struct confluence_site *site;
	const struct confluence_choice *choice;
	uint32_t tag;
	const char *why;
	size_t most; /* in one ask */
	struct buf ids;
	size_t count; /* that wait */
};

void confluence_some_init(struct confluence_some *s,
                          const struct confluence_site *site,
                          const struct confluence_choice *choice, uint32_t tag,
                          const char *why);

/* What is no id is passed over. */
void confluence_some_add(struct confluence_some *s, struct slice id,
                         struct yield *y);

/* Asks for those that wait still; with them `s` ends. */
void confluence_some_end(struct confluence_some *s, struct yield *y);

/* None of `ids` was told, or one that spoils the rest: asks again for one half
 * and the other. True: there was one alone, which is *id. */
bool confluence_some_halve(struct confluence_some *s, struct slice ids,
                           struct slice *id, struct yield *y);

#endif
