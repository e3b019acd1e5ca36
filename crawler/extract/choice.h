#ifndef CRAWLER_EXTRACT_CHOICE_H
#define CRAWLER_EXTRACT_CHOICE_H

#include <stdbool.h>

#include "crawler/extract/features.h"

/*
 * Which blocks of a page are its content: those above the threshold that makes
 * the expected F1 of their words greatest, without exact repeats (quotes,
 * previews of replies) unless the page is documentation.
 */
struct choice {
	bool *kept;            /* by block */
	uint32_t *probability; /* by block: 0 to FOREST_ONE */
	double certainty;      /* 0 to 1: the F1 that is expected */
};

/* Made in `a`. */
void choice_make(struct choice *out, const struct features *f, struct arena *a);

#endif
