/* What is written whole: code, links and images, formulas, boxes to tick. */

#include "base/text/markdown_walk.h"

#include "base/text/markdown_class.h"
#include "base/text/markdown_code.h"
#include "base/text/markdown_link.h"
#include "base/text/markdown_look.h"
#include "base/text/markdown_tag.h"

enum { LINK_LOOK = 64 }; /* nodes of a link that are looked at for words */

/* The text below a node, <br> as a newline. Borrowed until the next call. */
struct slice markdown_words(struct markdown *w, uint32_t n)
{
	uint32_t end = markup_end(w->m, n), i;

	buf_reset(&w->scratch);
	for (i = n + 1; i < end; i++) {
		const struct markup_node *node = &w->m->nodes[i];

		if (node->kind == MARKUP_TEXT)
			buf_add(&w->scratch, node->text);
		else if (slice_eq(node->name, SLICE("br")))
			buf_byte(&w->scratch, '\n');
	}
	return buf_slice(&w->scratch);
}

/* In a cell each line of it is a code span. */
static void write_lines(struct markdown *w, struct slice s)
{
	size_t at = 0, end;

	flow_gap(&w->flow, 2);
	for (; at < s.len; at = end + 1) {
		end = at + slice_find(slice_cut(s, at, s.len), '\n');
		flow_code(&w->flow, slice_cut(s, at, end));
		if (w->flow.mode == FLOW_CELL)
			flow_break(&w->flow);
		else
			flow_space(&w->flow);
	}
	flow_gap(&w->flow, 2);
}

void markdown_pre(struct markdown *w, uint32_t n)
{
	struct slice s;
	size_t head;

	buf_reset(&w->scratch);
	markdown_code(w->m, n, &w->scratch);
	s = buf_slice(&w->scratch);
	head = s.len && s.at[0] == '\n';
	if (look_blank(s)) {
		flow_gap(&w->flow, 2);
		return;
	}
	if (w->flow.mode != FLOW_BLOCKS) {
		write_lines(w, s);
		return;
	}
	while (s.len && (s.at[s.len - 1] == '\n' || s.at[s.len - 1] == '\r'))
		s.len--;
	flow_fence(&w->flow, markdown_code_language(w->m, n),
	           slice_cut(s, head, s.len));
}

/* <code> around a <pre> says nothing of its own. */
bool markdown_enter_code(struct markdown *w, uint32_t n)
{
	uint32_t i;

	for (i = w->m->nodes[n].first; i != MARKUP_NONE;
	     i = w->m->nodes[i].next)
		if (look_tag(&w->m->nodes[i]) == TAG_PRE)
			return true;
	flow_code(&w->flow, markdown_words(w, n));
	return false;
}

/* Resolves an address into w->link. */
static bool resolve(struct markdown *w, struct slice href)
{
	buf_reset(&w->link);
	return markdown_link(w->base, href, &w->link);
}

/* Looks no further than a link is long. */
static bool has_words(const struct markup *m, uint32_t n)
{
	uint32_t end = markup_end(m, n), i;

	for (i = n + 1; i < end && i < n + LINK_LOOK; i++)
		if (slice_trim(m->nodes[i].text).len)
			return true;
	return i < end;
}

bool markdown_enter_link(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	struct slice href = markup_attribute(w->m, node, "href");
	const struct markup_node *child =
	        node->first == MARKUP_NONE ? NULL : &w->m->nodes[node->first];
	struct slice to;

	if (!resolve(w, href)) {
		flow_mark_open(&w->flow, FLOW_NOTHING, href);
		return true;
	}
	to = buf_slice(&w->link);
	if (child && child->next == MARKUP_NONE &&
	    slice_eq(slice_trim(child->text), to) && !w->flow.open[FLOW_LINK] &&
	    (slice_starts(to, SLICE("http://")) ||
	     slice_starts(to, SLICE("https://")))) {
		flow_raw(&w->flow, SLICE("<"));
		buf_add(w->flow.out, to);
		buf_byte(w->flow.out, '>');
		return false;
	}
	w->worded = has_words(w->m, n);
	flow_mark_open(&w->flow, FLOW_LINK, to);
	return true;
}

/* TeX as it is between dollars, without what only sets its size. */
static bool write_tex(struct markdown *w, struct slice tex, bool display)
{
	tex = slice_trim(tex);
	if (slice_starts(tex, SLICE("{\\displaystyle ")) &&
	    slice_ends(tex, SLICE("}")))
		tex = slice_trim(slice_cut(tex, 15, tex.len - 1));
	if (!tex.len || slice_find(tex, '$') < tex.len)
		return false;
	flow_raw(&w->flow, display ? SLICE("$$") : SLICE("$"));
	flow_raw(&w->flow, tex);
	buf_text(w->flow.out, display ? "$$" : "$");
	return true;
}

/* Where an image is: scripts may fill in `src` later. */
static struct slice image_source(const struct markdown *w,
                                 const struct markup_node *n)
{
	static const char *const names[] = { "src", "data-src", "data-original",
		                             "data-lazy-src" };
	struct slice s = { 0 };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		s = markup_attribute(w->m, n, names[i]);
		if (s.len && !slice_starts(s, SLICE("data:")))
			break;
	}
	return s;
}

/* One that is there for its looks, as it says by having no words (HTML,
 * 4.8.4.4.4), or by its size, or one to be pressed. */
static bool is_ornament(const struct markdown *w, const struct markup_node *n)
{
	int64_t width = look_number(markup_attribute(w->m, n, "width"), 1000);
	int64_t height = look_number(markup_attribute(w->m, n, "height"), 1000);

	return look_has(w->m, n, "alt") || width <= 32 || height <= 32 ||
	       look_has(w->m, n, "onclick");
}

/* An image is a link to it; within a link only its words, if it is all that
 * the link shows. */
void markdown_image(struct markdown *w, const struct markup_node *n)
{
	struct slice alt = slice_trim(markup_attribute(w->m, n, "alt"));
	unsigned class = markdown_class(w->m, n);
	bool inside = w->flow.open[FLOW_LINK];

	if ((class & CLASS_FORMULA) && write_tex(w, alt, false))
		return;
	if (class & CLASS_EMOJI) {
		flow_text(&w->flow, alt, true);
		return;
	}
	if (!w->pictures || (!alt.len && is_ornament(w, n)) ||
	    (inside && w->worded))
		return;
	if (!alt.len || slice_eq(alt, SLICE("enter image description here")))
		alt = SLICE("image");
	if (!inside && !resolve(w, image_source(w, n)))
		return;
	if (!inside)
		flow_mark_open(&w->flow, FLOW_LINK, buf_slice(&w->link));
	flow_text(&w->flow, alt, true);
	if (!inside)
		flow_mark_close(&w->flow);
}

/* MathML: what it is made of, where it says so. */
void markdown_math(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	struct slice tex = markup_attribute(w->m, node, "alttext");
	uint32_t end = markup_end(w->m, n), i;
	bool display = slice_eq(markup_attribute(w->m, node, "display"),
	                        SLICE("block"));

	for (i = n; i < end && !tex.len; i++) {
		const struct markup_node *e = &w->m->nodes[i];

		if (slice_eq(e->name, SLICE("annotation")) &&
		    e->first != MARKUP_NONE &&
		    slice_eq(markup_attribute(w->m, e, "encoding"),
		             SLICE("application/x-tex")))
			tex = w->m->nodes[e->first].text;
	}
	if (!write_tex(w, tex, display) && !tex.len)
		flow_text(&w->flow, markdown_words(w, n), true);
}

/* A box to tick, of a list of tasks. */
void markdown_input(struct markdown *w, const struct markup_node *n)
{
	if (!slice_eq(markup_attribute(w->m, n, "type"), SLICE("checkbox")))
		return;
	flow_raw(&w->flow,
	         look_has(w->m, n, "checked") ? SLICE("[x]") : SLICE("[ ]"));
	flow_space(&w->flow);
}

/* "[1]" for a link to a note at the foot: it leads nowhere else. */
bool markdown_reference(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	const struct markup_node *link;
	struct slice s;

	if (node->first == MARKUP_NONE)
		return false;
	link = &w->m->nodes[node->first];
	if (!slice_eq(link->name, SLICE("a")) || link->next != MARKUP_NONE ||
	    slice_find(markup_attribute(w->m, link, "href"), '#') ==
	            markup_attribute(w->m, link, "href").len)
		return false;
	s = slice_trim(markdown_words(w, n));
	if (!s.len || s.len > 12)
		return false;
	if (s.at[0] != '[')
		flow_text(&w->flow, SLICE("["), true);
	flow_text(&w->flow, s, true);
	if (s.at[0] != '[')
		flow_text(&w->flow, SLICE("]"), true);
	return true;
}
