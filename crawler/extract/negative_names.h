#ifndef CRAWLER_EXTRACT_NEGATIVE_NAMES_H
#define CRAWLER_EXTRACT_NEGATIVE_NAMES_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * Whether a class or id is one that pages give to what is not their text:
 * "sidebar", "post-menu", "relatedPosts". Whole words between '-', '_' and
 * blanks, and a few that count wherever they stand.
 */
bool negative_name(struct slice names);

#endif
