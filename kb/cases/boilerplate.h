#ifndef KB_CASES_BOILERPLATE_H
#define KB_CASES_BOILERPLATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * What every reply of a case says and none needs: the mail that is answered,
 * quoted below; signatures; closing phrases. Only what is certain goes, from
 * known lines of English, Chinese, Korean and Japanese mail; a line that is not
 * known stays, and so does a log that looks like a quotation.
 */

/* `body` without; borrowed from it, or made in `a`. `first`: what a case opens
 * with, of which nothing is a quotation of the case itself. */
struct slice boilerplate_drop(struct slice body, bool first, struct arena *a);

#endif
