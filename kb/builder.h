#ifndef KB_BUILDER_H
#define KB_BUILDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/map.h"
#include "base/slice.h"
#include "kb/segment_write.h"
#include "kb/tally.h"

/*
 * Passages of one access label, inverted in memory, until they are written as
 * a segment. Passages come in ascending (post, part); postings are kept as
 * they will stand in a short list.
 */
struct builder;

/* `beside`, a path such as "folder/builder", is where to keep what does not
 * fit in memory; NULL: without a forward file. */
struct builder *builder_new(struct slice label, const char *beside);
void builder_free(struct builder *b); /* NULL is allowed */

struct slice builder_label(const struct builder *b);
uint32_t builder_count(const struct builder *b);

/* What it holds, in bytes; the same for the same passages everywhere. */
uint64_t builder_memory(const struct builder *b);

/* Takes the tally's passages of this label in. The tally is sorted. */
void builder_add(struct builder *b, const struct tally *tally);

/* The votes of its passages, in order; borrowed until builder_reset(). */
const int64_t *builder_scores(struct builder *b);

/* Writes the segment, with maxima for these weights; what is held stays. */
MUST_USE
bool builder_write(struct builder *b, const char *path,
                   const struct index_weights *weights, struct written *out,
                   struct fault *f);

/* Empty again. */
void builder_reset(struct builder *b);

#endif
