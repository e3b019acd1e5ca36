#ifndef CRAWLER_CLEAN_H
#define CRAWLER_CLEAN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/* A source's text as the store wants it (unicode.h): itself, or made in `a`.
 * `line`: in one line, without blanks around it. */
struct slice clean_text(struct slice s, bool line, struct arena *a);

#endif
