#ifndef KB_TOKEN_NAME_H
#define KB_TOKEN_NAME_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * Names that look like camel case and whose halves nobody means: GitHub is
 * not about a hub. Letter case does not matter.
 */
bool name_is_one_word(struct slice word);

#endif
