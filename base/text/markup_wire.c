/*
 * A tree on the wire; numbers are little endian:
 *
 *	u8 flags          1: truncated; 2: refused for its document type,
 *	                  4: refused as no XML, and nothing follows
 *	u32 nodes         elements and texts
 *	u32 attributes
 *	event...
 *
 *	1 u8 len, name, u16 count, count * (u8 len, name, u32 len, value)
 *	                  an element opens: the first one is the root
 *	2 u32 len, text
 *	0                 the element closes: the last one is the root
 *
 * Depth is at most LIMIT_DEPTH. All names, values and texts are UTF-8 without
 * NUL. Nothing follows the root.
 */

#include "base/text/markup_wire.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

enum { WIRE_CLOSE, WIRE_OPEN, WIRE_TEXT };
enum { WIRE_HEAD = 9 };
enum { WIRE_TRUNCATED = 1, WIRE_DOCTYPE = 2, WIRE_NO_XML = 4 };

static void wire_put(char *to, uint32_t n)
{
	to[0] = (char)(n & 0xFF);
	to[1] = (char)(n >> 8 & 0xFF);
	to[2] = (char)(n >> 16 & 0xFF);
	to[3] = (char)(n >> 24);
}

void markup_writer_init(struct markup_writer *w, struct buf *out)
{
	char *head;

	*w = (struct markup_writer){ .out = out, .start = out->len };
	head = buf_extend(out, WIRE_HEAD);
	if (head)
		memset(head, 0, WIRE_HEAD);
}

bool markup_writer_open(struct markup_writer *w, struct slice name)
{
	char *to;

	if (w->depth >= LIMIT_DEPTH || w->nodes >= LIMIT_NODES || !name.len ||
	    name.len > MARKUP_NAME_MOST) {
		w->truncated = true;
		return false;
	}
	to = buf_extend(w->out, name.len + 4);
	if (!to)
		return false;
	to[0] = WIRE_OPEN;
	to[1] = (char)name.len;
	memcpy(to + 2, name.at, name.len);
	to[name.len + 2] = to[name.len + 3] = 0;
	w->count_at = w->out->len - 2;
	w->text_at = 0;
	w->nodes++;
	w->depth++;
	return true;
}

void markup_writer_attribute(struct markup_writer *w, struct slice name,
                             struct slice value)
{
	unsigned char *count;
	unsigned n;
	char *to;

	if (buf_full(w->out))
		return;
	count = (unsigned char *)w->out->at + w->count_at;
	n = count[0] | (unsigned)count[1] << 8;
	if (!name.len || name.len > MARKUP_NAME_MOST || n == LIMIT_ATTRIBUTES) {
		w->truncated = true;
		return;
	}
	n++;
	count[0] = (unsigned char)n;
	count[1] = (unsigned char)(n >> 8);
	w->attributes++;
	to = buf_extend(w->out, name.len + 5);
	if (!to)
		return;
	to[0] = (char)name.len;
	memcpy(to + 1, name.at, name.len);
	wire_put(to + 1 + name.len, (uint32_t)value.len);
	buf_add(w->out, value);
}

void markup_writer_attributes(struct markup_writer *w,
                              const unsigned char **pairs)
{
	for (; pairs && pairs[0]; pairs += 2)
		markup_writer_attribute(w, slice_of((const char *)pairs[0]),
		                        slice_of((const char *)pairs[1]));
}

void markup_writer_text(struct markup_writer *w, struct slice s)
{
	char *to;

	if (!s.len)
		return;
	if (!w->text_at) {
		if (w->nodes >= LIMIT_NODES) {
			w->truncated = true;
			return;
		}
		to = buf_extend(w->out, 5);
		if (!to)
			return;
		to[0] = WIRE_TEXT;
		w->text_at = w->out->len - 4;
		w->nodes++;
	}
	buf_add(w->out, s);
	wire_put(w->out->at + w->text_at,
	         (uint32_t)(w->out->len - w->text_at - 4));
}

void markup_writer_close(struct markup_writer *w)
{
	assert(w->depth);
	buf_byte(w->out, WIRE_CLOSE);
	w->text_at = 0;
	w->depth--;
}

bool markup_writer_end(struct markup_writer *w)
{
	char *head;

	while (w->depth)
		markup_writer_close(w);
	if (buf_full(w->out))
		return false;
	head = w->out->at + w->start;
	head[0] = w->truncated ? WIRE_TRUNCATED : 0;
	wire_put(head + 1, w->nodes);
	wire_put(head + 5, w->attributes);
	return true;
}

void markup_writer_refuse(struct markup_writer *w, enum markup_refusal why)
{
	buf_cut(w->out, w->start);
	buf_byte(w->out, why == MARKUP_DOCTYPE ? WIRE_DOCTYPE : WIRE_NO_XML);
}

bool markup_wire_refused(struct slice reply, struct fault *f)
{
	if (reply.len != 1)
		return false;
	if (reply.at[0] == WIRE_DOCTYPE)
		return !fault(f, FAULT_INPUT, "markup-doctype",
		              "the XML has a document type of its own");
	return reply.at[0] == WIRE_NO_XML &&
	       !fault(f, FAULT_INPUT, "markup-xml", "it is not XML");
}

/* A cursor over the bytes; `bad` sticks. */
struct wire {
	struct slice s;
	size_t at;
	bool bad;
};

static uint32_t wire_number(struct wire *r, unsigned bytes)
{
	uint32_t n = 0;
	unsigned i;

	if (r->s.len - r->at < bytes) {
		r->bad = true;
		return 0;
	}
	for (i = 0; i < bytes; i++)
		n |= (uint32_t)(unsigned char)r->s.at[r->at + i] << 8 * i;
	r->at += bytes;
	return n;
}

static struct slice wire_bytes(struct wire *r, size_t len)
{
	struct slice s = { r->s.at + r->at, len };

	if (r->s.len - r->at < len) {
		r->bad = true;
		return (struct slice){ 0 };
	}
	r->at += len;
	if (utf8_valid(s) != len || slice_find(s, 0) != len)
		r->bad = true;
	return s;
}

/* The tree as far as it was read. */
struct wire_tree {
	struct markup_node *nodes;
	struct markup_attribute *attributes;
	uint32_t node_count, attribute_count; /* promised */
	uint32_t node, attribute;             /* read */
	uint32_t depth;
	uint32_t open[LIMIT_DEPTH], last[LIMIT_DEPTH]; /* by depth */
};

static struct markup_node *tree_add(struct wire_tree *t, struct wire *r)
{
	uint32_t n = t->node;
	struct markup_node *node = &t->nodes[n];
	uint32_t up = t->depth - 1;

	if (n >= t->node_count || (!t->depth && n)) {
		r->bad = true;
		return NULL;
	}
	node->parent = node->first = node->next = MARKUP_NONE;
	node->attribute = t->attribute;
	if (t->depth) {
		node->parent = t->open[up];
		if (t->last[up] == MARKUP_NONE)
			t->nodes[t->open[up]].first = n;
		else
			t->nodes[t->last[up]].next = n;
		t->last[up] = n;
	}
	t->node++;
	return node;
}

static void tree_open(struct wire_tree *t, struct wire *r)
{
	struct markup_node *node = tree_add(t, r);
	uint32_t count, i;

	if (!node || t->depth == LIMIT_DEPTH) {
		r->bad = true;
		return;
	}
	node->kind = MARKUP_ELEMENT;
	node->name = wire_bytes(r, wire_number(r, 1));
	count = wire_number(r, 2);
	if (!node->name.len || count > t->attribute_count - t->attribute) {
		r->bad = true;
		return;
	}
	node->attribute_count = count;
	for (i = 0; i < count && !r->bad; i++) {
		struct markup_attribute *a = &t->attributes[t->attribute++];

		a->name = wire_bytes(r, wire_number(r, 1));
		a->value = wire_bytes(r, wire_number(r, 4));
	}
	t->open[t->depth] = t->node - 1;
	t->last[t->depth] = MARKUP_NONE;
	t->depth++;
}

static void tree_text(struct wire_tree *t, struct wire *r)
{
	struct markup_node *node = t->depth ? tree_add(t, r) : NULL;

	if (!node) {
		r->bad = true;
		return;
	}
	node->kind = MARKUP_TEXT;
	node->text = wire_bytes(r, wire_number(r, 4));
}

static void tree_event(struct wire_tree *t, struct wire *r)
{
	switch (wire_number(r, 1)) {
	case WIRE_OPEN:
		tree_open(t, r);
		break;
	case WIRE_TEXT:
		tree_text(t, r);
		break;
	case WIRE_CLOSE:
		if (t->depth)
			t->depth--;
		else
			r->bad = true;
		break;
	default:
		r->bad = true;
	}
}

bool markup_wire_read(struct slice reply, struct arena *a, struct markup *out,
                      struct fault *f)
{
	struct wire r = { .s = reply };
	struct wire_tree t = { 0 };
	uint32_t flags = wire_number(&r, 1);

	t.node_count = wire_number(&r, 4);
	t.attribute_count = wire_number(&r, 4);
	/* A node takes two bytes at least, an attribute five. */
	if (r.bad || flags > WIRE_TRUNCATED || !t.node_count ||
	    t.node_count > LIMIT_NODES || t.node_count > reply.len / 2 ||
	    t.attribute_count > reply.len / 5)
		return fault(f, FAULT_INPUT, "markup-reply",
		             "the parser's answer makes no sense");
	t.nodes = arena_array(a, t.node_count, sizeof(*t.nodes));
	t.attributes = arena_array(a, t.attribute_count, sizeof(*t.attributes));
	do {
		tree_event(&t, &r);
	} while (!r.bad && t.depth);
	if (r.bad || r.at != reply.len || t.node != t.node_count ||
	    t.attribute != t.attribute_count)
		return fault(f, FAULT_INPUT, "markup-reply",
		             "the parser's answer makes no sense");
	*out = (struct markup){ t.nodes, t.node_count, t.attributes,
		                flags & WIRE_TRUNCATED };
	return true;
}
