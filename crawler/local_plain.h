#ifndef CRAWLER_LOCAL_PLAIN_H
#define CRAWLER_LOCAL_PLAIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

/*
 * Plain text as Markdown, in linear time: what blank lines divide is a
 * paragraph, what is indented or set in columns is kept as code, a first line
 * that stands alone is the title. Nothing in it is taken for Markdown.
 */

/* Appends to `out` (ask buf_full). *title: borrowed from `text`, or empty; NULL:
 * it stays in the text. */
void local_plain_read(struct slice text, struct arena *a, struct slice *title,
                      struct buf *out);

#endif
