#ifndef KB_CASES_LOOSE_JSON_H
#define KB_CASES_LOOSE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Nearly JSON, as models write it, made JSON: words around it, fences,
 * comments, single, curly or triple quotes, names without quotes, full-width
 * colons and commas, commas missing or too many, raw line ends and quotes
 * within strings, literals of Python and JavaScript, an end that never came.
 *
 * Pure and linear: a bounded number of places where an object may start is
 * tried, each once. Numbers come out as strings of their digits.
 */
struct loose_json {
	size_t from, to; /* where in the text the object stood */
	bool cut;        /* its end was made up */
};

/*
 * Appends the first object at or behind `from` that reads as one, as strict
 * JSON; one whose end is there comes before one without. False: there is none.
 */
bool loose_json_find(struct slice text, size_t from, struct buf *out,
                     struct loose_json *found);

#endif
