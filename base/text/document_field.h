#ifndef BASE_TEXT_DOCUMENT_FIELD_H
#define BASE_TEXT_DOCUMENT_FIELD_H

#include "base/text/document.h"

/*
 * What documents call their fields, in every format: "lang" and "language",
 * "lastmod" and "updated", "tags" and "keywords" are one each.
 */

/* Whether anything is known by that name (any case). */
bool document_field_known(struct slice name);

/* Sets a field that is still missing; a list is split at commas. `value` is
 * borrowed as long as `d` lives. What is unknown is left out. */
void document_field(struct document *d, struct arena *a, struct slice name,
                    struct slice value);

/* One item of a list, added; several authors are joined by commas. */
void document_field_item(struct document *d, struct arena *a, struct slice name,
                         struct slice value);

/* An ISO 8601 date, with a space before its zone too; or CLOCK_NONE. */
int64_t document_date(struct slice s);

#endif
