#ifndef CRAWLER_CASES_PULL_REPORT_H
#define CRAWLER_CASES_PULL_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "crawler/troubles.h"

/* What a pull has done so far. Plain data; zeroed is nothing. */
struct pull_report {
	char space[64], origin[256], region[32];
	int64_t windows, of_windows; /* listed, of so many */
	int64_t pages, seen;         /* cases in lists, as often as they came */
	int64_t added, changed, same, forgotten;
	int64_t fetched;         /* cases whose replies were asked for */
	int64_t looked, unknown; /* open ones; those that are gone there */
	int64_t again;           /* windows listed again: a token had ended */
	int64_t calls, refused;
	int64_t resting;
	int64_t since, began;
	bool resumed, complete;
	struct troubles broken; /* cases that could not be had */
};

#endif
