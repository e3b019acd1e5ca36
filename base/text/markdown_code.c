/* A newline between two lines is wanted at the end of the first and written at
 * the start of the second, unless one stands there already. */

#include "base/text/markdown_code.h"

#include "base/text/markdown_class.h"
#include "base/text/markdown_look.h"

enum {
	CODE_AROUND = 9,   /* levels up to a language: there may be a table */
	CODE_FRAME = 100,  /* nodes before and behind in what is around */
	CODE_CAPTION = 80, /* bytes of words in it */
};

struct code {
	const struct markup *m;
	struct buf *out;
	size_t start;
	size_t entered; /* where the last line began */
	bool wanted;    /* a newline, before anything else */
};

static bool ends_line(const struct code *w)
{
	return w->out->len == w->start || w->out->at[w->out->len - 1] == '\n';
}

static bool is_line(const struct markup *m, const struct markup_node *n)
{
	switch (look_tag(n)) {
	case TAG_BLOCK:
	case TAG_LI:
	case TAG_ROW:
	case TAG_PRE:
		return true;
	case TAG_INLINE:
	case TAG_CODE:
		/* Behind each other, with nothing between. */
		return n->kind == MARKUP_ELEMENT && n->next != MARKUP_NONE &&
		       (markdown_class(m, n) & CLASS_LINE) &&
		       (markdown_class(m, &m->nodes[n->next]) & CLASS_LINE);
	default:
		return false;
	}
}

/* A number that cannot be selected is none of the text. */
static bool is_number(const struct markup *m, const struct markup_node *n)
{
	struct slice style = markup_attribute(m, n, "style"), s;
	size_t at, i;
	bool fixed = false;

	for (at = 0; at + 16 <= style.len; at++)
		fixed |= slice_starts(slice_cut(style, at, style.len),
		                      SLICE("user-select:none")) ||
		         slice_starts(slice_cut(style, at, style.len),
		                      SLICE("user-select: none"));
	if (!fixed || n->first == MARKUP_NONE)
		return false;
	s = slice_trim(m->nodes[n->first].text);
	for (i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return true;
}

static bool is_dropped(const struct markup *m, const struct markup_node *n)
{
	return look_tag(n) == TAG_DROPPED ||
	       slice_eq(n->name, SLICE("button")) ||
	       (n->attribute_count &&
	        ((markdown_class(m, n) & CLASS_DROPPED) || is_number(m, n)));
}

static void put_text(struct code *w, const struct markup_node *n)
{
	enum markdown_tag up = look_tag(&w->m->nodes[n->parent]);

	if (!n->text.len ||
	    (look_blank(n->text) && (up == TAG_TABLE || up == TAG_ROWS ||
	                             up == TAG_ROW || up == TAG_OL)))
		return;
	if (w->wanted && n->text.at[0] != '\n')
		buf_byte(w->out, '\n');
	w->wanted = false;
	buf_add(w->out, n->text);
}

/* False: its children are left out. */
static bool enter(struct code *w, const struct markup_node *n)
{
	if (n->kind == MARKUP_TEXT) {
		put_text(w, n);
		return false;
	}
	if (is_dropped(w->m, n))
		return false;
	if (look_tag(n) == TAG_BR) {
		if (w->wanted)
			buf_byte(w->out, '\n');
		w->wanted = false;
		buf_byte(w->out, '\n');
		return false;
	}
	if (is_line(w->m, n)) {
		if (w->wanted || !ends_line(w))
			buf_byte(w->out, '\n');
		w->wanted = false;
		w->entered = w->out->len;
	}
	return true;
}

static void leave(struct code *w, const struct markup_node *n)
{
	if (is_line(w->m, n))
		w->wanted = !(w->out->len > w->entered && ends_line(w));
}

void markdown_code(const struct markup *m, uint32_t pre, struct buf *out)
{
	struct code w = { .m = m, .out = out, .start = out->len };
	uint32_t n = m->nodes[pre].first;

	w.entered = w.start;
	while (n != MARKUP_NONE) {
		const struct markup_node *node = &m->nodes[n];

		if (enter(&w, node)) {
			if (node->first != MARKUP_NONE) {
				n = node->first;
				continue;
			}
			leave(&w, node);
		}
		while (n != pre && m->nodes[n].next == MARKUP_NONE) {
			n = m->nodes[n].parent;
			if (n != pre)
				leave(&w, &m->nodes[n]);
		}
		n = n == pre ? MARKUP_NONE : m->nodes[n].next;
	}
}

static bool only_digits(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((s.at[i] < '0' || s.at[i] > '9') && s.at[i] != '\n' &&
		    s.at[i] != ' ')
			return false;
	return true;
}

/* Whether `up` is there for its <pre>, with little else in it. */
static bool is_frame(const struct markup *m, uint32_t up, uint32_t pre)
{
	uint32_t from = markup_end(m, pre), end = markup_end(m, up), i;
	size_t text = 0;

	if (pre - up > CODE_FRAME || end - from > CODE_FRAME)
		return false;
	for (i = up + 1; i < end; i++) {
		struct slice s;

		if (i == pre)
			i = from;
		if (i == end)
			break;
		s = slice_trim(m->nodes[i].text);
		if (slice_eq(m->nodes[i].name, SLICE("p")) ||
		    slice_eq(m->nodes[i].name, SLICE("code")))
			return false;
		text += only_digits(s) ? 0 : s.len;
	}
	return text < CODE_CAPTION;
}

struct slice markdown_code_language(const struct markup *m, uint32_t pre)
{
	struct slice name = class_language(m, &m->nodes[pre], false);
	uint32_t i, up = pre;
	int level;

	for (i = m->nodes[pre].first; !name.len && i != MARKUP_NONE;
	     i = m->nodes[i].next)
		if (slice_eq(m->nodes[i].name, SLICE("code")))
			name = class_language(m, &m->nodes[i], false);
	for (level = 0; level < CODE_AROUND && !name.len; level++) {
		up = m->nodes[up].parent;
		if (up == MARKUP_NONE || !is_frame(m, up, pre))
			break;
		name = class_language(m, &m->nodes[up], true);
	}
	return name;
}
