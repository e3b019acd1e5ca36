#ifndef BASE_PACK_H
#define BASE_PACK_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * zstd, for bodies kept beside what was made of them. A packed body carries
 * its length, which is checked against the ceiling before anything is
 * allocated, and a checksum.
 */
struct pack;

struct pack *pack_new(void);
void pack_free(struct pack *p);

/* Appends `s` packed to `out`. */
void pack_add(struct pack *p, struct slice s, struct buf *out);

/* Appends what was packed; FAULT_INPUT when it is damaged. */
MUST_USE
bool pack_open(struct pack *p, struct slice packed, struct buf *out,
               struct fault *f);

#endif
