#ifndef BASE_TEXT_FRONT_MATTER_H
#define BASE_TEXT_FRONT_MATTER_H

#include "base/text/document.h"

/*
 * What static site generators and wikis put before a document: YAML between
 * lines of ---, TOML between +++, or a JSON object. Read is the flat part of
 * it: title, author(s), date, updated, tags (categories, labels, keywords),
 * lang, description, draft, aliases, slug. The rest is skipped. Dates are ISO
 * 8601 alone.
 *
 * Returns its length with the line end, or 0 when `text` does not begin with
 * any: a document may begin with a rule, too. Fills in what it says and
 * leaves the rest of `d` alone; borrowed from `text` or made in `a`.
 */
size_t front_matter_read(struct slice text, struct arena *a,
                         struct document *d);

#endif
