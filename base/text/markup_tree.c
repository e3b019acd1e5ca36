/* Questions to a flat tree; making one is markup_wire.c's work. */

#include "base/text/markup_tree.h"

struct slice markup_attribute(const struct markup *m,
                              const struct markup_node *n, const char *name)
{
	const struct slice wanted = slice_of(name);
	uint32_t i;

	for (i = 0; i < n->attribute_count; i++) {
		const struct markup_attribute *a =
		        &m->attributes[n->attribute + i];

		if (slice_eq(a->name, wanted))
			return a->value;
	}
	return (struct slice){ 0 };
}

uint32_t markup_end(const struct markup *m, uint32_t n)
{
	while (n != MARKUP_NONE) {
		if (m->nodes[n].next != MARKUP_NONE)
			return m->nodes[n].next;
		n = m->nodes[n].parent;
	}
	return (uint32_t)m->node_count;
}
