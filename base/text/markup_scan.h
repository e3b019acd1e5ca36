#ifndef BASE_TEXT_MARKUP_SCAN_H
#define BASE_TEXT_MARKUP_SCAN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * A look at a body before it reaches libxml2, in linear time.
 *
 * Its parser is quadratic in the attributes of a tag, so a body with more than
 * LIMIT_ATTRIBUTES of them is refused. But "i<n" in a script may look like a
 * tag that goes on for pages: there, and only there, '<' becomes a blank. And
 * in HTML the '@' that names of attributes begin with ("@click") becomes '_':
 * libxml2 takes such an attribute for none and lets its value, from the first
 * '>' on, out into the text.
 *
 * False: refused. `*s` is borrowed, or replaced by a copy in `a`.
 */
bool markup_scan(enum markup_language language, struct slice *s,
                 struct arena *a);

#endif
