/*
 * The text becomes a tree of <p> and <pre> for markdown_write(), which knows
 * what has to be escaped. A block of lines is code when half of its lines are
 * indented or have a run of blanks inside, as tables and listings have.
 */

#include "crawler/local_plain.h"

#include "base/text/markdown.h"

enum {
	TITLE_LONG = 150,
	BLOCKS = 1 << 18, /* what is behind them is one paragraph */
};

struct block {
	struct slice text; /* whole lines, without the last line end */
	bool code;
};

static bool is_blank(struct slice line)
{
	return slice_trim(line).len == 0;
}

/* Indented, or set in columns. */
static bool is_set(struct slice line)
{
	struct slice inner = slice_trim(line);
	size_t i;

	if (slice_starts(line, SLICE("\t")) || slice_starts(line, SLICE("  ")))
		return true;
	for (i = 2; i < inner.len; i++)
		if (inner.at[i] == '\t' ||
		    (inner.at[i] == ' ' && inner.at[i - 1] == ' ' &&
		     inner.at[i - 2] != '.'))
			return true;
	return false;
}

static struct slice first_line(struct slice rest)
{
	return slice_cut(rest, 0, slice_find(rest, '\n'));
}

/* The next lines without a blank one between them; false: there are none. */
static bool next_block(struct slice *rest, struct block *out)
{
	size_t lines = 0, set = 0, len = 0;

	while (rest->len && is_blank(first_line(*rest)))
		*rest = slice_cut(*rest, first_line(*rest).len + 1, rest->len);
	out->text = *rest;
	while (rest->len && !is_blank(first_line(*rest))) {
		struct slice line = first_line(*rest);

		len = (size_t)(line.at - out->text.at) + line.len;
		set += is_set(line);
		lines++;
		*rest = slice_cut(*rest, line.len + 1, rest->len);
	}
	out->text = slice_cut(out->text, 0, len);
	out->code = 2 * set >= lines;
	return lines > 0;
}

/* A line of = or - below a title. */
static bool is_rule(struct slice line)
{
	size_t i = 0;

	line = slice_trim(line);
	while (i < line.len && line.at[i] == line.at[0] &&
	       (line.at[0] == '=' || line.at[0] == '-' || line.at[0] == '#' ||
	        line.at[0] == '*'))
		i++;
	return i > 2 && i == line.len;
}

static bool is_title(const struct block *b, struct slice *title)
{
	struct slice line = first_line(b->text);
	struct slice below = slice_cut(b->text, line.len + 1, b->text.len);

	*title = slice_trim(line);
	return title->len <= TITLE_LONG && !is_rule(line) &&
	       (!below.len || is_rule(below)) &&
	       !slice_ends(*title, SLICE("."));
}

/* The text from the beginning of `part` on. */
static struct slice all_from(struct slice text, struct slice part)
{
	return slice_cut(text, (size_t)(part.at - text.at), text.len);
}

static size_t put_block(struct markup_node *nodes, size_t n,
                        const struct block *b)
{
	nodes[n] = (struct markup_node){
		.kind = MARKUP_ELEMENT,
		.parent = 0,
		.first = (uint32_t)n + 1,
		.next = (uint32_t)n + 2,
		.name = b->code ? SLICE("pre") : SLICE("p"),
	};
	nodes[n + 1] = (struct markup_node){
		.kind = MARKUP_TEXT,
		.parent = (uint32_t)n,
		.first = MARKUP_NONE,
		.next = MARKUP_NONE,
		.text = b->text,
	};
	return n + 2;
}

void local_plain_read(struct slice text, struct arena *a, struct slice *title,
                      struct buf *out)
{
	struct slice rest = text, own = { 0 };
	struct markup_node *nodes;
	struct block b;
	struct markup m = { 0 };
	size_t count = 0, n = 1, i = 0;

	if (title)
		*title = own;
	while (count < BLOCKS && next_block(&rest, &b))
		count++;
	if (!count)
		return;
	nodes = arena_array(a, 2 * count + 1, sizeof(*nodes));
	for (rest = text; i < count && next_block(&rest, &b); i++) {
		if (i == BLOCKS - 1)
			b = (struct block){ all_from(text, b.text), false };
		if (title && i == 0 && count > 1 && is_title(&b, &own))
			*title = own;
		else
			n = put_block(nodes, n, &b);
	}
	nodes[0] = (struct markup_node){ .kind = MARKUP_ELEMENT,
		                         .parent = MARKUP_NONE,
		                         .first = 1,
		                         .next = MARKUP_NONE,
		                         .name = SLICE("body") };
	nodes[n - 2].next = MARKUP_NONE;
	m.nodes = nodes;
	m.node_count = n;
	markdown_write(&m, SLICE(""), out);
}
