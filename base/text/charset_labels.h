#ifndef BASE_TEXT_CHARSET_LABELS_H
#define BASE_TEXT_CHARSET_LABELS_H

#include "base/slice.h"

/*
 * The labels of encodings: all of the WHATWG Encoding Standard (section 4.2),
 * and behind them names that detection and old systems use.
 */

/* glibc's name of the encoding that `label` (white space at its ends and case
 * aside) means; NULL: unknown. "x-user-defined" is none of glibc's. */
const char *charset_label_find(struct slice label);

#endif
