#ifndef BASE_TEXT_DOCUMENT_H
#define BASE_TEXT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

/*
 * Documents as people write them in plain-text markup, read into our clean
 * Markdown (markdown.h) and what they say of themselves.
 *
 * The readers are pure functions: they open nothing (an include is said as a
 * link), know no clock, run nothing. Any bytes may come in; UTF-8 is cleaned
 * before (unicode_clean). They take linear time, do not recurse, and cannot
 * fail but for the ceiling of `out`: what a reader does not know passes
 * through as text.
 */
enum document_format {
	DOCUMENT_UNKNOWN,
	DOCUMENT_MARKDOWN,
	DOCUMENT_ASCIIDOC,
	DOCUMENT_RESTRUCTURED,
	DOCUMENT_ORG,
};

/* Everything may be missing: empty, CLOCK_NONE. */
struct document {
	struct slice title; /* plain; not repeated on top of the Markdown */
	struct slice author;
	struct slice language;    /* as written: "en", "zh-CN" */
	struct slice description; /* one line; not in the Markdown */
	struct slice slug;
	struct slice revision;    /* "v1.2" */
	const struct slice *tags; /* at most LIMIT_TAGS */
	size_t tag_count;
	const struct slice *aliases; /* other names or paths of it, likewise */
	size_t alias_count;
	int64_t created, modified; /* milliseconds UTC */
	bool draft;
};

/* All missing. A reader fills in what is missing and finds. */
void document_init(struct document *d);

/* What links within a document are taken for. Zeroed is fine: targets stay as
 * written, page names lose their link. */
struct document_links {
	struct slice base; /* targets are resolved against it, or empty */
	/*
	 * May be NULL. Where the page of that name is: for [[Page name]] of
	 * wikis and :doc:`name`, which are no addresses. Appends the address
	 * (resolved against `base` too); false: it stays text.
	 */
	bool (*page)(void *self, struct slice name, struct buf *out);
	void *self;
	/* Wiki links are [[text|Page]], as GitHub and GitLab have them, not
	 * [[Page|text]]. */
	bool text_first;
};

/* What a file of that name holds, by its ending in any case: md, markdown,
 * mdown, mkd; adoc, asciidoc, asc; rst, rest; org. */
enum document_format document_format(struct slice name);

/*
 * Appends the Markdown of `text` to `out` (ask buf_full at the end) and fills
 * `d`, whose slices are borrowed from `text` or made in `a`. `links` may be
 * NULL. DOCUMENT_UNKNOWN appends nothing.
 */
void document_read(enum document_format format, struct slice text,
                   const struct document_links *links, struct arena *a,
                   struct document *d, struct buf *out);

#endif
