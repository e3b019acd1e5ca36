#ifndef KB_FORWARD_MERGE_H
#define KB_FORWARD_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/forward_write.h"
#include "kb/segment_file.h"

/*
 * The forward files of several segments into one: the live passages' bytes
 * with every number translated.
 *
 *	forward_merge_init(&m, &segment_writer, inputs, n);
 *	for each term, as it is merged:
 *		segment_write_term(...);
 *		forward_merge_term(&m, term, df);
 *		forward_merge_map(&m, i);	for each input i that has it
 *	forward_merge_write(&m, order, f);
 *	forward_merge_release(&m);
 *
 * Tables of four bytes a term are in memory only for those inputs that have
 * passages before and behind the one being written: for runs of a rebuild, one
 * at a time.
 */
struct forward_merge {
	struct forward_writer writer;
	struct forward_source *sources;
	size_t count;
	struct scratch file;
	unsigned char *bytes; /* of one passage */
};

/* Whether all have a forward file: only then there can be one. */
bool forward_merge_can(const struct segment *const *inputs, size_t n);

/* `inputs` is borrowed until the release. */
void forward_merge_init(struct forward_merge *m, struct segment_writer *w,
                        const struct segment *const *inputs, size_t n);
void forward_merge_release(struct forward_merge *m);

/* The term that was started last. */
void forward_merge_term(struct forward_merge *m, struct slice term,
                        uint32_t df);

/* The next term of input i became that one; or, when `gone`, none: it has
 * only dead passages. Every term of every input comes once, in order. */
void forward_merge_map(struct forward_merge *m, size_t i, bool gone);

/* order[d]: the input that passage d of the result comes from. */
MUST_USE
bool forward_merge_write(struct forward_merge *m, const uint32_t *order,
                         struct fault *f);

#endif
