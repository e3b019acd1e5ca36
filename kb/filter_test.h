#ifndef KB_FILTER_TEST_H
#define KB_FILTER_TEST_H

#include "kb/filter.h"

/* Filters, understood: between filter.c, which reads them, and filter_bits.c,
 * which asks them of segments. Others include kb/filter.h. */
enum filter_key {
	FILTER_SPACE,
	FILTER_KIND,
	FILTER_TAG,
	FILTER_LANG,
	FILTER_CLASS,
	FILTER_SERVICE,
	FILTER_ACCEPTED,
	FILTER_SCORE,
	FILTER_DATE,
	FILTER_KEYS,
};

struct filter_test {
	enum filter_key key;
	struct slice value, lower; /* as given; in lower case */
	int64_t low, high;         /* of score and date; accepted: 0 or 1 */
};

struct filter_set {
	struct filter_test *tests;
	size_t count;
};

#endif
