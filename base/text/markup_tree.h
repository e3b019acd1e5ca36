#ifndef BASE_TEXT_MARKUP_TREE_H
#define BASE_TEXT_MARKUP_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Markup as a flat tree: an array in document order, so that the subtree of a
 * node is a run of the array and nothing walks it by recursion. A tree is
 * only read; whoever made it says how long it lives.
 */

enum markup_language {
	MARKUP_HTML,
	MARKUP_XML, /* names keep their case ("ns:name"); a document type, and
	               with it any entity of its own, is refused */
};

enum markup_kind { MARKUP_ELEMENT, MARKUP_TEXT };

#define MARKUP_NONE UINT32_MAX

struct markup_attribute {
	struct slice name, value;
};

struct markup_node {
	enum markup_kind kind;
	uint32_t parent, first, next; /* numbers in `nodes`, MARKUP_NONE */
	struct slice name; /* element: its name, HTML's in lower case */
	struct slice text; /* text with entities decoded once, UTF-8 */
	uint32_t attribute, attribute_count; /* run in `attributes` */
};

struct markup {
	const struct markup_node *nodes; /* [0] is the root element */
	size_t node_count;
	const struct markup_attribute *attributes;
	bool truncated;
};

/* The value of an element's attribute; empty (at NULL) when it has none. */
struct slice markup_attribute(const struct markup *m,
                              const struct markup_node *n, const char *name);

/* The number behind the last node below `n`: its subtree is n .. end - 1. */
uint32_t markup_end(const struct markup *m, uint32_t n);

#endif
