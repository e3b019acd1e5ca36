#ifndef APP_CRAWL_SUMMARY_H
#define APP_CRAWL_SUMMARY_H

#include "base/buf.h"
#include "crawler/crawl.h"

/*
 * What a run of a source did, in words or as one JSON object a source.
 */
struct crawl_run_result {
	struct slice name;
	bool ok;
	struct crawl_report report;
	struct fault fault; /* unless ok */
	int64_t took;       /* milliseconds */
};

/* An address of a call may be as long as a screen: cut, with "...". */
void crawl_summary_short(char *subject);

void crawl_summary_text(const struct crawl_run_result *r, struct buf *out);
void crawl_summary_json(const struct crawl_run_result *r, struct buf *out);

#endif
