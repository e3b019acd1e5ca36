/* Williams 1964. */

#include "kb/heap.h"

static void heap_swap(struct heap *h, size_t i, size_t j)
{
	void *held = h->at[i];

	h->at[i] = h->at[j];
	h->at[j] = held;
}

void heap_add(struct heap *h, void *item)
{
	size_t i = h->count++;

	h->at[i] = item;
	while (i && h->less(h->at[i], h->at[(i - 1) / 2])) {
		heap_swap(h, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

void heap_sink(struct heap *h)
{
	size_t i = 0;

	for (;;) {
		size_t least = i, child = 2 * i + 1, last = child + 1;

		for (; child <= last && child < h->count; child++)
			if (h->less(h->at[child], h->at[least]))
				least = child;
		if (least == i)
			return;
		heap_swap(h, i, least);
		i = least;
	}
}

void heap_drop(struct heap *h)
{
	h->at[0] = h->at[--h->count];
	heap_sink(h);
}
