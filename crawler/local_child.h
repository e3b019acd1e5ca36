#ifndef CRAWLER_LOCAL_CHILD_H
#define CRAWLER_LOCAL_CHILD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"

/*
 * One program of this machine, run as a child on a file: no shell, no other
 * descriptors, an environment of its own, limits on memory, CPU and time, no
 * leave to write a file or to gain rights. It ends when we do.
 */
struct local_child {
	const char *const *argv; /* [0] is looked for in PATH; ends at NULL */
	int input;               /* its standard input, read from the start */
	unsigned seconds;        /* of CPU */
	int64_t timeout;         /* in all, milliseconds */
	size_t memory;           /* bytes of address space */
};

/*
 * Appends what it wrote to `out`. FAULT_USAGE "not-installed": there is no such
 * program. FAULT_LIMIT: it ran into one, `out` being full another. FAULT_INPUT:
 * it failed. FAULT_CANCELLED.
 */
MUST_USE
bool local_child_run(const struct local_child *c, struct buf *out,
                     struct fault *f);

#endif
