#ifndef KB_CASES_RECUR_ITEM_H
#define KB_CASES_RECUR_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "kb/cases/recur.h"

/*
 * A case as it is compared, and the comparison: a function of two cases and of
 * nothing else. For recur.c and its tests.
 */
enum { RECUR_PARTS = 32 }; /* services, codes */

/* Ascending, each once. */
struct numbers {
	uint32_t *at;
	size_t count;
};

struct recur_code {
	uint64_t hash;
	bool tells;   /* much: it is none of the common ones */
	bool message; /* of several words */
};

struct recur_item {
	struct slice native;
	int64_t created;
	uint64_t class;    /* 0: none */
	uint64_t language; /* 0: not known */
	uint64_t services[RECUR_PARTS], service_set;
	struct recur_code codes[RECUR_PARTS];
	size_t service_count, code_count;
	struct numbers words, cause;
	size_t founder;
};

/* All but words, cause, native id and date. Nothing is borrowed. */
void recur_item_names(struct recur_item *x, const struct recur_case *c);

/* How alike two cases are when they are the same problem, else 0. */
double recur_same(const struct recur_item *a, const struct recur_item *b);

#endif
