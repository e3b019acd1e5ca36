#ifndef CRAWLER_BOOKSTACK_REPLY_H
#define CRAWLER_BOOKSTACK_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text/markdown.h"
#include "crawler/source.h"

/*
 * What the REST API of a BookStack answers (its /api/docs): listings of books,
 * chapters, pages and of the recycle bin, and one page. Texts are made in the
 * reply's arena.
 */
struct bookstack_item {
	int64_t id;
	struct slice name, slug, book_slug;
	int64_t book, chapter; /* ids of a page's; 0: none */
	int64_t updated;       /* milliseconds UTC; CLOCK_NONE */
	bool draft;            /* somebody's, not written out yet */
	bool page;             /* of the recycle bin: it is a page */
};

struct bookstack_list {
	struct bookstack_item *items;
	size_t count;
	int64_t last; /* the highest id */
	bool more;    /* there are items behind it */
};

/* FAULT_INPUT "bookstack-reply": it is not such a listing. */
MUST_USE
bool bookstack_list_read(struct bookstack_list *out, const struct reply *r,
                         struct fault *f);

/* Names of where a page stands, as the note of its ask. */
struct bookstack_place {
	struct slice book_slug, book, chapter; /* chapter: may be empty */
};
void bookstack_place_write(const struct bookstack_place *p, struct buf *out);
bool bookstack_place_read(struct bookstack_place *p, struct slice note);

/* Yields the record of one page. */
MUST_USE
bool bookstack_page_read(struct slice root, const struct reply *r,
                         struct yield *y, struct fault *f);

/* Of source_kind.again. */
enum { BOOKSTACK_EXTRACTOR = MARKDOWN_VERSION << 8 | 1 };
MUST_USE
bool bookstack_page_again(const struct conf_section *conf,
                          const struct reply *r, struct record *out,
                          struct fault *f);

#endif
