#ifndef CRAWLER_PDF_H
#define CRAWLER_PDF_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * The text of a PDF, by poppler's pdftotext and pdfinfo where they are
 * installed, each in a process of its own (local_child.h).
 */

/* Of the file behind `fd`, which is read from its start: appends the text, its
 * pages divided by form feeds, and the title, if it names one. Errors are those
 * of local_child_run(). */
MUST_USE
bool pdf_read(int fd, struct buf *text, struct buf *title, struct fault *f);

/*
 * Appends the text as paragraphs, divided by empty lines: lines that were
 * broken at the margin are joined, words that were divided there too, and what
 * stands at the head or foot of most pages (their numbers aside) is left out.
 * Pure and linear.
 */
void pdf_text(struct slice raw, struct buf *out);

#endif
