#ifndef KB_SCRATCH_H
#define KB_SCRATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * Bytes that are written now and read once, in order, while something else is
 * being written: kept in memory while they are few, in a file without a name
 * beyond that. Sticky: a write that failed is reported by scratch_each().
 */
struct scratch {
	const char *beside; /* the file is made in this path's folder */
	char *buffer;
	size_t used;
	int fd;
	uint64_t len;
	bool bad;
	struct fault why;
};

/* `beside` is borrowed: a path such as "folder/segment-7". */
void scratch_init(struct scratch *s, const char *beside);
void scratch_release(struct scratch *s);

void scratch_add(struct scratch *s, struct slice bytes);

/*
 * Bytes at places of the caller's choosing, straight to the file and back: not
 * together with scratch_add().
 */
void scratch_put(struct scratch *s, uint64_t at, struct slice bytes);
MUST_USE
bool scratch_get(struct scratch *s, uint64_t at, char *to, size_t len,
                 struct fault *f);

/* All of it, run by run. */
typedef void scratch_fn(void *self, struct slice run);
MUST_USE
bool scratch_each(struct scratch *s, scratch_fn *fn, void *self,
                  struct fault *f);

#endif
