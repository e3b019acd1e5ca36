#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Times are int64 milliseconds since 1970-01-01 UTC. Only app/ asks what time
 * it is and passes the answer down, so that tests choose their own.
 */

#define CLOCK_NONE INT64_MIN /* unknown: written as an empty string */

/* The wall clock; monotonic: for waits, progress and CPU figures; the same in
 * nanoseconds, to measure by. */
int64_t clock_now(void);
int64_t clock_monotonic(void);
int64_t clock_nanoseconds(void);

/* 'YYYY-MM-DD HH:MM:SS.SSS', 24 bytes with the NUL; "" for CLOCK_NONE. */
#define CLOCK_TEXT 24
void clock_write(char out[CLOCK_TEXT], int64_t time);

/*
 * Reads a date of years 1 to 9999 with optional time, fraction and zone:
 * 2014-05-14T01:21:12.123, 2014-05-14 01:21:12Z, 2014-05-14, +02:00.
 * Without a zone it is UTC. False when it is nothing of the kind.
 */
bool clock_read(struct slice s, int64_t *out);

#endif
