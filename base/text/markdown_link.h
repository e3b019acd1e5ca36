#ifndef BASE_TEXT_MARKDOWN_LINK_H
#define BASE_TEXT_MARKDOWN_LINK_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * The target of a link as it stands in Markdown's parentheses: resolved
 * against `base` (RFC 3986, section 5.2; empty: left relative), without white
 * space or control characters, and with what would end it there percent
 * encoded. Appends to `out`. False, with nothing appended, where there is
 * nothing to go to: an empty target, or a scheme that is no address
 * (javascript:, vbscript:, data:).
 */
bool markdown_link(struct slice base, struct slice href, struct buf *out);

#endif
