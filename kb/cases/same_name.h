#ifndef KB_CASES_SAME_NAME_H
#define KB_CASES_SAME_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Names as people and models write them: "Root cause", "root_cause" and
 * "ＲＯＯＴＣＡＵＳＥ" are one. Compared are letters, digits and marks of the
 * folded text; a name without any, or of more than SAME_NAME_MOST bytes, is
 * like none.
 */
enum { SAME_NAME_MOST = 256 };

/* Appends what is compared; nothing for what is no name. */
void same_name_key(struct slice name, struct buf *out);

bool same_name(struct slice a, struct slice b);

/* The first of `names` that is like this one, or `count`. */
size_t same_name_find(struct slice name, const struct slice *names,
                      size_t count);

#endif
