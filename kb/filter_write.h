#ifndef KB_FILTER_WRITE_H
#define KB_FILTER_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "kb/scratch.h"
#include "kb/segment_file.h"

/*
 * Makes the filters' sections of columns as they are written. Lists of several
 * values a passage follow the column that says where they begin.
 *
 *	for each column:
 *		filter_write_start(&w);
 *		for each row: filter_write_row(&w, column, row, n);
 *		made = filter_write_end(&w, column);
 *		if (made) the section's bytes are in w.out
 */
struct filter_pair {
	uint32_t number, doc; /* of the chunk */
};

struct filter_writer {
	uint32_t count; /* passages */
	struct scratch out;
	struct buf block, directory;
	struct filter_pair *pairs, *sorted; /* of the chunk under way */
	size_t pair_count, pair_cap, sorted_cap;
	uint32_t chunk;
	struct buf counts[2]; /* varints: tags, services of each passage */
	uint64_t first;       /* of the passage before */
	size_t count_at;
	uint32_t passage, left; /* whose list is being read */
};

/* `beside` as scratch_init() takes it. */
void filter_writer_init(struct filter_writer *w, uint32_t count,
                        const char *beside);
void filter_writer_release(struct filter_writer *w);

void filter_write_start(struct filter_writer *w);
void filter_write_row(struct filter_writer *w, enum section column,
                      uint32_t row, uint64_t n);

/* The section that the column's rows have made, or 0. */
enum section filter_write_end(struct filter_writer *w, enum section column);

#endif
