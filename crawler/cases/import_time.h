#ifndef CRAWLER_CASES_IMPORT_TIME_H
#define CRAWLER_CASES_IMPORT_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Times as ticket systems and spreadsheets write them. Each form has a name;
 * none is guessed, since 03/04 is two days.
 */
enum import_time_form {
	TIME_ISO,          /* clock.h's; also 2026/1/5 8:14, year first */
	TIME_EPOCH,        /* seconds since 1970, a fraction or none */
	TIME_MILLISECONDS, /* since 1970 */
	TIME_DAY_FIRST,    /* 31.01.2026 14:05, 31/1/2026 2:05:09 PM */
	TIME_MONTH_FIRST,  /* 1/31/2026 2:05 PM */
};

/* By its name: iso, epoch, epoch-ms, day-first, month-first. */
bool import_time_form(struct slice name, enum import_time_form *out);

/* `zone`: milliseconds that clocks there are ahead of UTC, for times that do
 * not say it themselves. False: it is no time of that form. */
bool import_time(struct slice s, enum import_time_form form, int64_t zone,
                 int64_t *out);

/* "+09:00", "-3:30", "Z": how far ahead of UTC. */
bool import_time_zone(struct slice s, int64_t *out);

/* One of that form, to be shown: "2026-01-31T08:00:00Z". */
const char *import_time_example(enum import_time_form form);

#endif
