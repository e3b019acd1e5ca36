#ifndef KB_HEAP_H
#define KB_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A binary heap of pointers, smallest first, for merging sorted runs: change
 * what the first stands for, then heap_sink() it, or heap_drop() it. The
 * array is the caller's.
 */
typedef bool heap_less_fn(const void *a, const void *b);

struct heap {
	void **at;
	size_t count;
	heap_less_fn *less;
};

void heap_add(struct heap *h, void *item);

/* The first one stands for something later now. */
void heap_sink(struct heap *h);

/* The first one is through. */
void heap_drop(struct heap *h);

#endif
