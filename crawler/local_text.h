#ifndef CRAWLER_LOCAL_TEXT_H
#define CRAWLER_LOCAL_TEXT_H

#include "base/fault.h"
#include "base/text/document.h"
#include "crawler/source.h"

/*
 * From a file to a record: what it says of itself (front matter, heading,
 * <title>), its text as Markdown, and its name where it has no title.
 */

/* Of what makes `content` from a file. */
enum { LOCAL_EXTRACTOR = 100 };

struct local_file {
	struct slice path; /* below its root */
	struct slice link; /* where a person can read it, or empty; links within
	                      are resolved against it */
	const struct document_links *links; /* NULL, or: pages of a wiki */
	bool named; /* its title is its name, as in a wiki of files */
};

enum local_verdict {
	LOCAL_FINE,
	LOCAL_EMPTY,   /* no text in it, or bytes that are none (NUL) */
	LOCAL_NO_PAGE, /* HTML that says "not found" or wants a script */
};

/*
 * Fills `out` (kind, id, link, title, content, original, tags, language, dates
 * and author where the file names them), made in r->arena or borrowed from
 * `r` and `file`. FAULT_LIMIT: it is too long.
 */
MUST_USE
bool local_text_read(const struct local_file *file, const struct reply *r,
                     struct record *out, enum local_verdict *verdict,
                     struct fault *f);

/* As source_kind.again: out->id is the path, r->url the link; a page of a wiki
 * finds its neighbours beside itself. */
MUST_USE
bool local_text_again(const struct conf_section *conf, const struct reply *r,
                      struct record *out, struct fault *f);

#endif
