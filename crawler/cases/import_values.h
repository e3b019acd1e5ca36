#ifndef CRAWLER_CASES_IMPORT_VALUES_H
#define CRAWLER_CASES_IMPORT_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "base/text/csv.h"

/*
 * The values of a JSON text one by one, however large it is: values that follow
 * each other, the members of an array at the top, and those of one named array
 * of an object at the top or in such an array:
 *
 *	{"cases": [V, V], "nextToken": "..."}   [V, V]   V V V
 *
 * It finds where a value begins and ends; whether it is one, json_parse() says.
 */
struct import_values;

struct import_value_text {
	struct slice text; /* empty: the end */
	int64_t line;      /* where it begins */
	int64_t offset;    /* in bytes of the UTF-8 */
};

/*
 * `member`: the name of the array ("cases"), or empty: none. `lines`: a value
 * is a line and ends with it. The texts come from `fill` as in csv.h.
 */
void import_values_open(struct import_values **out, csv_fill *fill, void *self,
                        struct slice member, bool lines);
void import_values_close(struct import_values *v); /* NULL is allowed */

/*
 * The next, borrowed until the next call. FAULT_INPUT and FAULT_LIMIT with the
 * line: of a line, the next call goes on behind it; else all that follows is
 * lost, and the next call is the end.
 */
MUST_USE
bool import_values_next(struct import_values *v, struct import_value_text *out,
                        struct fault *f);

#endif
