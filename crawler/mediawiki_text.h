#ifndef CRAWLER_MEDIAWIKI_TEXT_H
#define CRAWLER_MEDIAWIKI_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/json.h"
#include "base/text/markdown.h"
#include "crawler/mediawiki_site.h"
#include "crawler/source.h"

/*
 * One page of a MediaWiki as a record, from the API's action=parse or from
 * the page that a browser is shown. Both hold the same rendered text, and both
 * ways end in the same title, content, tags and id.
 */

/* What a listing said of a page; slices are borrowed. */
struct mediawiki_page {
	int64_t id, revision, user;   /* user 0: not registered */
	struct slice time, user_name; /* of the revision; may be empty */
	struct slice language, link;
	bool fresh; /* it has one revision alone */
};

/* As an ask's note, and back. */
void mediawiki_page_write(const struct mediawiki_page *p, struct buf *out);
bool mediawiki_page_read(struct mediawiki_page *p, struct slice note);

/*
 * Yields the record of action=parse, `parse` being that member of the reply.
 * FAULT_INPUT when it is not what was asked for.
 */
MUST_USE
bool mediawiki_text_api(const struct mediawiki_site *s,
                        const struct mediawiki_page *p,
                        const struct json *parse, const struct reply *r,
                        struct yield *y, struct fault *f);

enum mediawiki_view {
	VIEW_ARTICLE,
	VIEW_LOGIN, /* one must log in to read it, whatever the status says */
	VIEW_OTHER, /* a special page, a redirect's own page, no MediaWiki */
};

/* What kind of page a browser was shown. */
enum mediawiki_view mediawiki_view(const struct markup *page);

/* Yields the record of a page whose view is VIEW_ARTICLE, if it is in one of
 * the namespaces that are read. */
MUST_USE
bool mediawiki_text_html(const struct mediawiki_site *s, const struct reply *r,
                         struct yield *y, struct fault *f);

/* Of source_kind.again. */
enum { MEDIAWIKI_EXTRACTOR = MARKDOWN_VERSION << 8 | 1 };
MUST_USE
bool mediawiki_text_again(const struct conf_section *conf,
                          const struct reply *r, struct record *out,
                          struct fault *f);

#endif
