#ifndef CRAWLER_CARRIER_WARC_H
#define CRAWLER_CARRIER_WARC_H

#include "crawler/carrier.h"
#include "crawler/warc_index.h"

/*
 * Answers asks from WARC files: with what was archived in one run, and
 * robots.txt also from the runs before it. Of several answers to one ask the
 * latest counts that is no refusal (429, 5xx). What was found unchanged then
 * (304, or the same bytes) is answered with the bytes, unless the ask itself
 * has a validator. What is not there is HTTP_NOT_HELD; a robots.txt that is not
 * there allows everything.
 */
struct carrier_warc;

struct carrier_warc_options {
	const struct warc_index *index; /* outlives the carrier */
	size_t run;
	bool offer; /* the HTML pages of the run, as pages to be asked for */
};

/* Released by out->free, or carrier's owner. */
void carrier_warc_open(struct carrier *out,
                       const struct carrier_warc_options *o);

#endif
