#ifndef CRAWLER_EXTRACT_WHOLE_H
#define CRAWLER_EXTRACT_WHOLE_H

#include "crawler/extract/choice.h"

/*
 * Makes whole what the model, which asks about one block at a time, took
 * apart: tables, listings and lists of which most is kept are kept with all of
 * their rows, lines and items, and a heading stays with the text behind it.
 * Buttons that copy code, and the numbers of its lines, go.
 */
void whole_make(struct choice *c, const struct blocks *b,
                const struct markup *m);

#endif
