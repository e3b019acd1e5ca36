#ifndef CRAWLER_CONFLUENCE_QUERY_H
#define CRAWLER_CONFLUENCE_QUERY_H

#include "base/buf.h"
#include "crawler/confluence_site.h"

/*
 * The addresses of calls. A list that is too long for one query, or that is
 * asked for kind by kind and space by space, comes in passes: from 0 to the
 * count less one. Addresses are appended.
 */
struct confluence_choice {
	struct slice spaces; /* as in the settings; empty: all of the site's */
	struct slice kinds;  /* "page blogpost" */
	bool archived;
	bool restrictions; /* they matter: lists tell them */
};

/* Words are apart by blanks or commas: the next one of *rest. */
bool confluence_word(struct slice *rest, struct slice *word);
bool confluence_has_word(struct slice words, struct slice wanted);

void confluence_query_spaces(const struct confluence_site *s,
                             const struct confluence_choice *x,
                             struct buf *url);

/* Everything, without texts. `bare`: without restrictions of ancestors, which
 * some wikis cannot tell for all pages at once. */
size_t confluence_query_list_passes(const struct confluence_site *s,
                                    const struct confluence_choice *x);
void confluence_query_list(const struct confluence_site *s,
                           const struct confluence_choice *x, size_t pass,
                           bool bare, struct buf *url);

/* What was edited since, pages or comments, the latest first: what is edited
 * meanwhile then moves nothing past us. */
size_t confluence_query_changes_passes(const struct confluence_site *s,
                                       const struct confluence_choice *x);
void confluence_query_changes(const struct confluence_site *s,
                              const struct confluence_choice *x, size_t pass,
                              bool bare, int64_t since, struct buf *url);
void confluence_query_talk(const struct confluence_site *s,
                           const struct confluence_choice *x, size_t pass,
                           int64_t since, struct buf *url);

/* The trash, of all spaces: as many passes as there are kinds. */
size_t confluence_query_kinds(const struct confluence_choice *x);
void confluence_query_trash(const struct confluence_site *s,
                            const struct confluence_choice *x, size_t pass,
                            struct buf *url);

/* Some pages by their ids, which are apart by blanks, as a list has them. */
void confluence_query_some(const struct confluence_site *s,
                           const struct confluence_choice *x, struct slice ids,
                           struct buf *url);

/* One page's text. */
void confluence_query_page(const struct confluence_site *s,
                           const struct confluence_choice *x, struct slice kind,
                           struct slice id, struct buf *url);

/* All comments on page `id`. */
void confluence_query_comments(const struct confluence_site *s, int64_t id,
                               struct buf *url);

#endif
