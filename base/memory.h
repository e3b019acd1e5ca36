#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/*
 * Memory that is there or the program is not: running out prints one line and
 * exits with status 1, without a signal and without a half-written file (files
 * become visible by rename only). Ceilings on everything that comes from
 * outside make it unlikely; see buf.h.
 */

/*
 * For a long job, at its start: the heap's next 31 MB come in huge pages where
 * the system has them, so that large tables and windows cost a few page faults
 * and not thousands. Takes no memory by itself; what is freed later stays with
 * the program rather than going back and forth.
 */
void memory_huge(void);

/* Zeroed; free() it. A count times size that overflows counts as too much. */
void *memory_new(size_t count, size_t size);

/* realloc(), for `count` members; what is new is not zeroed. */
void *memory_resize(void *old, size_t count, size_t size);

/* Overwrites what held a secret; no compiler leaves it out. */
void memory_wipe(void *at, size_t len);

/* A copy of `len` bytes, with a NUL behind; free() it. */
char *memory_copy(const void *at, size_t len);

/*
 * Room for one more in an array of *cap members: returns the array, grown by
 * half when `used` has reached *cap.
 */
void *memory_room(void *array, size_t used, size_t *cap, size_t size);

#endif
