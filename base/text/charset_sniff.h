#ifndef BASE_TEXT_CHARSET_SNIFF_H
#define BASE_TEXT_CHARSET_SNIFF_H

#include "base/slice.h"

/*
 * What a document or its header says of its own encoding: the label as it
 * stands there, borrowed, or at NULL. Nothing is looked up.
 */

/* The charset parameter of a Content-Type. */
struct slice charset_sniff_header(struct slice header);

/* A <meta> that names an encoding, among the first 1024 bytes; comments and
 * attributes of other tags are passed over (HTML, 13.2.3.2). */
struct slice charset_sniff_meta(struct slice html);

/* <?xml version="1.0" encoding="..."?>. */
struct slice charset_sniff_xml(struct slice xml);

#endif
