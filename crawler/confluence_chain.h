#ifndef CRAWLER_CONFLUENCE_CHAIN_H
#define CRAWLER_CONFLUENCE_CHAIN_H

#include "crawler/source.h"

/*
 * A list comes in parts, each of which says where the next one is. Where a
 * list is stands in the note of each ask, so that a run that was killed goes
 * on there.
 */
struct confluence_chain {
	int64_t start;  /* when it began */
	int64_t latest; /* edit that it has seen */
	int64_t pass;   /* which of its queries */
	int64_t part;   /* of this query, from 0 */
	int64_t restarts;
	int64_t bare; /* 1: restrictions are asked for later */
};

void confluence_chain_write(const struct confluence_chain *n, struct buf *out);
bool confluence_chain_read(struct confluence_chain *n, struct slice note);

/* A call of the API; its errors are read too. */
struct ask confluence_chain_call(struct slice url, uint32_t tag,
                                 struct slice note);

#endif
