/*
 * Nodes lie in one array; their edges in one table with open addressing, so
 * that a node with many children costs no more than others.
 */

#include "base/text/mask_told.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum { TOLD_MOST = 256 }; /* folded characters of a value */

struct told_node {
	uint32_t parent, point;
	int class; /* MASK_CLASSES: no value ends here */
};

void told_wipe(void *at, size_t len)
{
	volatile unsigned char *byte = at;

	while (len--)
		*byte++ = 0;
}

void told_release(struct told *t)
{
	if (t->nodes)
		told_wipe(t->nodes, t->cap * sizeof(*t->nodes));
	free(t->nodes);
	free(t->slots);
	*t = (struct told){ 0 };
}

static size_t slot_of(const struct told *t, uint32_t parent, uint32_t point)
{
	uint64_t key = (uint64_t)parent << 21 | point;
	size_t i = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) &
	           (t->slot_count - 1);

	while (t->slots[i] && (t->nodes[t->slots[i]].parent != parent ||
	                       t->nodes[t->slots[i]].point != point))
		i = (i + 1) & (t->slot_count - 1);
	return i;
}

static void told_grow(struct told *t)
{
	size_t i;

	if (t->count * 2 < t->slot_count)
		return;
	free(t->slots);
	t->slot_count = t->slot_count ? t->slot_count * 2 : 64;
	t->slots = memory_new(t->slot_count, sizeof(*t->slots));
	for (i = 1; i < t->count; i++)
		t->slots[slot_of(t, t->nodes[i].parent, t->nodes[i].point)] =
		        (uint32_t)i;
}

static uint32_t told_node(struct told *t, uint32_t parent, uint32_t point)
{
	if (t->count == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 64;
		struct told_node *nodes = memory_new(cap, sizeof(*nodes));

		if (t->nodes) {
			memcpy(nodes, t->nodes, t->count * sizeof(*nodes));
			told_wipe(t->nodes, t->count * sizeof(*nodes));
		}
		free(t->nodes);
		t->nodes = nodes;
		t->cap = cap;
	}
	t->nodes[t->count] = (struct told_node){ parent, point, MASK_CLASSES };
	return (uint32_t)t->count++;
}

/* The folded characters of the one at *at, which moves on. At most 18 come of
 * one (U+FDFA). */
static size_t folded(struct slice s, size_t *at, uint32_t points[24])
{
	size_t from = *at, i = 0, count = 0;
	uint32_t point = utf8_next(s, at);
	struct buf b = BUF_INIT(256);

	if (point < 0x80) {
		points[0] = (uint32_t)mask_small((int)point);
		return 1;
	}
	unicode_fold(slice_cut(s, from, *at), &b);
	while (i < b.len && count < 24)
		points[count++] = utf8_next(buf_slice(&b), &i);
	buf_release(&b);
	return count;
}

void told_add(struct told *t, struct slice value, enum mask_class class)
{
	uint32_t points[24], node = 0;
	size_t at = 0, i, count, slot, depth = 0;

	if (!t->count)
		told_node(t, 0, 0);
	while (at < value.len) {
		count = folded(value, &at, points);
		depth += count;
		if (depth > TOLD_MOST)
			return;
		for (i = 0; i < count; i++) {
			told_grow(t);
			slot = slot_of(t, node, points[i]);
			if (!t->slots[slot]) {
				uint32_t child = told_node(t, node, points[i]);

				t->slots[slot] = child;
			}
			node = t->slots[slot];
		}
	}
	if (node && t->nodes[node].class == MASK_CLASSES)
		t->nodes[node].class = (int)class;
}

/* Chinese, Japanese and Korean are written without spaces about a name. */
static bool joins(enum unicode_class c)
{
	return c == UNICODE_LETTER || c == UNICODE_DIGIT || c == UNICODE_MARK;
}

static bool is_border(const struct mask_view *v, size_t at)
{
	size_t before = at, after = at;

	if (at <= v->floor || at >= v->text.len)
		return true;
	while (before > v->floor && (v->text.at[--before] & 0xC0) == 0x80)
		;
	return !joins(unicode_class(utf8_next(v->text, &before))) ||
	       !joins(unicode_class(utf8_next(v->text, &after)));
}

bool told_find(const struct told *t, const struct mask_view *v, size_t at,
               unsigned classes, struct mask_found *out)
{
	uint32_t points[24], node = 0;
	size_t start = at, i, count;
	bool found = false;

	if (!t->slot_count || !is_border(v, at))
		return false;
	while (at < v->text.len) {
		count = folded(v->text, &at, points);
		for (i = 0; i < count; i++) {
			node = t->slots[slot_of(t, node, points[i])];
			if (!node)
				return found;
		}
		if (t->nodes[node].class == MASK_CLASSES ||
		    !(classes & 1u << t->nodes[node].class) ||
		    !is_border(v, at))
			continue;
		*out = (struct mask_found){
			(enum mask_class)t->nodes[node].class, start, at
		};
		found = true;
	}
	return found;
}
