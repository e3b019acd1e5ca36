#ifndef BASE_TEXT_ORG_PARTS_H
#define BASE_TEXT_ORG_PARTS_H

#include "base/text/paper.h"

/* What the files of org.h share. */

/* Text of a paragraph, title or cell. */
void org_inline(struct paper *paper, struct slice s);

/* The mark of an item at the start of a line. */
struct org_item {
	bool ordered;
	int64_t number;    /* "[@5]", or that of its mark */
	char check;        /* of "[X]": X, -, a blank; or 0 */
	struct slice term; /* of "term :: text" */
	struct slice text;
};
bool org_item(struct slice line, struct org_item *out);

/* A date in <2024-01-31 Wed 10:00> or as it is; CLOCK_NONE: none. */
int64_t org_date(struct slice s);

#endif
