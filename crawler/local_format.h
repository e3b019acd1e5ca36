#ifndef CRAWLER_LOCAL_FORMAT_H
#define CRAWLER_LOCAL_FORMAT_H

#include "base/slice.h"

/*
 * What a file holds, by its ending in any case: what a carrier says it is, and
 * how a source reads it.
 */
enum local_format {
	LOCAL_TEXT, /* anything that is not named below */
	LOCAL_MARKUP, /* what base/text/document.h reads: Markdown, AsciiDoc ... */
	LOCAL_HTML,
	LOCAL_PDF,
};

enum local_format local_format(struct slice path);

/* The MIME type under which a carrier hands it out. A PDF comes as the text
 * that was taken from it. Lives for ever. */
struct slice local_format_type(enum local_format format);

#endif
