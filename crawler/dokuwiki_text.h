#ifndef CRAWLER_DOKUWIKI_TEXT_H
#define CRAWLER_DOKUWIKI_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text/markdown.h"
#include "crawler/source.h"

/*
 * A page of a DokuWiki as a record: from the HTML that the remote API gives,
 * or from the page that a browser is shown, which holds the same.
 */

/* What a listing said of a page; slices are borrowed. */
struct dokuwiki_page {
	struct slice id, author;
	int64_t revision; /* seconds since 1970; 0: not known */
};

/* As an ask's note, and back. */
void dokuwiki_page_write(const struct dokuwiki_page *p, struct buf *out);
bool dokuwiki_page_read(struct dokuwiki_page *p, struct slice note);

/* Yields the record of a page that the API gave. `link` is its address. */
MUST_USE
bool dokuwiki_text_api(const struct dokuwiki_page *p, struct slice html,
                       struct slice link, const struct reply *r,
                       struct yield *y, struct fault *f);

enum dokuwiki_view {
	DOKUWIKI_SHOWN,
	DOKUWIKI_DENIED,  /* with status 200 */
	DOKUWIKI_MISSING, /* likewise: nobody wrote it, or it was deleted */
	DOKUWIKI_OTHER,   /* no page of a DokuWiki */
};

enum dokuwiki_view dokuwiki_view(const struct reply *r);

/* Yields the record of a page that is DOKUWIKI_SHOWN. */
MUST_USE
bool dokuwiki_text_html(struct slice id, struct slice link,
                        const struct reply *r, struct yield *y,
                        struct fault *f);

/* Of source_kind.again. */
enum { DOKUWIKI_EXTRACTOR = MARKDOWN_VERSION << 8 | 1 };
MUST_USE
bool dokuwiki_text_again(const struct conf_section *conf, const struct reply *r,
                         struct record *out, struct fault *f);

#endif
