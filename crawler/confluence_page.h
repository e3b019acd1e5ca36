#ifndef CRAWLER_CONFLUENCE_PAGE_H
#define CRAWLER_CONFLUENCE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "crawler/confluence_link.h"
#include "crawler/confluence_site.h"
#include "crawler/source.h"

/*
 * Pages and blog posts: what a listing says of one, and the record that this
 * and its text make. Tags are its labels and the titles of its ancestors but
 * the topmost, which is the space's home.
 */
enum { CONFLUENCE_TAGS = LIMIT_TAGS };

struct confluence_page {
	struct slice id, type; /* "page" or "blogpost" */
	struct slice space;    /* its key */
	struct slice title, link;
	struct slice author_id, author;
	struct slice access; /* label; empty: the source's own */
	int64_t created;
	int64_t revision; /* the version's number */
	struct slice tags[CONFLUENCE_TAGS];
	size_t tag_count;
};

/* A member of a listing in v1. False: what every page has is missing. Borrows
 * from the JSON; what is made, is made in `a`. */
bool confluence_page_listed(struct confluence_page *p,
                            const struct confluence_site *s,
                            const struct json *content, struct arena *a);

/* As the note of an ask, and back; tags that do not fit are left out, and
 * the title, space and revision, which come with the text, are not there. */
void confluence_page_write(const struct confluence_page *p, struct buf *out);
bool confluence_page_read(struct confluence_page *p, struct slice note);

/* Of its text, as v1 or v2 writes it. FAULT_GONE: it is not current any more
 * and `archived` is not wanted. */
MUST_USE
bool confluence_page_record(const struct confluence_page *listed,
                            const struct confluence_site *s,
                            struct slice language, struct slice jira,
                            const struct json *content, const struct reply *r,
                            struct yield *y, struct fault *f);

/* Without its text: for the row that is there. */
void confluence_page_head(const struct confluence_page *p,
                          struct slice language, struct yield *y);

/* What was stored of it is closed now, by the label, and gone when the run
 * ends. */
void confluence_page_close(struct slice id, struct slice access,
                           struct yield *y);

/* Someone, as replies write him: Cloud knows people by account, Server by
 * key, old ones by name. */
struct confluence_person confluence_person_of(const struct json *who);

/* A moment at "a.b"; CLOCK_NONE: there is none. */
int64_t confluence_time_of(const struct json *j, const char *path);

/* Of source_kind.again. */
MUST_USE
bool confluence_page_again(const struct conf_section *conf,
                           const struct reply *r, struct record *out,
                           struct fault *f);

#endif
