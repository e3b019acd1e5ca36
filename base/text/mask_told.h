#ifndef BASE_TEXT_MASK_TOLD_H
#define BASE_TEXT_MASK_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text/mask_shape.h"

/*
 * The values a mask was told: a tree of folded characters. Looking for all of
 * them at one place costs as much as the longest is long.
 */
struct told {
	struct told_node *nodes;
	size_t count, cap;
	uint32_t *slots; /* (node, character) -> node */
	size_t slot_count;
};

void told_release(struct told *t); /* overwrites */

void told_add(struct told *t, struct slice value, enum mask_class class);

/* The longest value that begins at `at` and ends at a border of words. */
bool told_find(const struct told *t, const struct mask_view *v, size_t at,
               unsigned classes, struct mask_found *out);

/* Overwrites memory in a way that no compiler leaves out. */
void told_wipe(void *at, size_t len);

#endif
