#ifndef APP_EXTRACT_JSON_H
#define APP_EXTRACT_JSON_H

#include "base/buf.h"
#include "crawler/page.h"

/* One page as `extract` answers it. */
struct extracted {
	const struct page *page;
	struct slice source; /* the file it came from, or "-" */
	struct slice url,
	        base;          /* its address; what its links are relative to */
	struct slice markdown; /* of its content, without the title */
	bool truncated;        /* the parser could not take it whole */
};

/* "fine", "not-found", "login", "needs-javascript", "empty". */
const char *extracted_verdict(enum page_verdict v);

/* Appends {"version":1,...} as one line; docs/extract.md names the members.
 * Sticky as buf. */
void extracted_json(const struct extracted *e, struct buf *out);

#endif
