/*
 * Admonitions: what generators call notes, tips and warnings. The word stands in
 * an element of its own, in a picture beside the text, or in the class alone.
 */

#include "base/text/markdown_walk.h"

#include <string.h>

#include "base/text/markdown_class.h"
#include "base/text/markdown_look.h"

enum {
	NOTE_NODES = 16, /* of an admonition, in which its title stands */
	NOTE_TITLE = 40, /* nodes of a title */
	NOTE_WORD = 40,  /* bytes of a title that its text goes on behind */
	NOTE_LONG = 200, /* bytes of the longest title */
};

static bool same(struct slice a, struct slice b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		if ((a.at[i] | 0x20) != (b.at[i] | 0x20))
			return false;
	return true;
}

/* The words of a title, or of the picture that stands for them. */
static struct slice title_words(struct markdown *w, uint32_t n)
{
	uint32_t end = markup_end(w->m, n), i;
	struct slice s;

	if (end - n > NOTE_TITLE)
		return (struct slice){ 0 };
	s = slice_trim(markdown_words(w, n));
	for (i = n; i < end && !s.len; i++)
		s = slice_trim(
		        markup_attribute(w->m, &w->m->nodes[i], "title"));
	return s.len <= NOTE_LONG ? s : (struct slice){ 0 };
}

/* <strong> on a line of its own, before anything else. */
static uint32_t strong_line(struct markdown *w, uint32_t n)
{
	uint32_t i = w->m->nodes[n].first, next;

	if (i != MARKUP_NONE && !slice_trim(w->m->nodes[i].text).len &&
	    w->m->nodes[i].kind == MARKUP_TEXT)
		i = w->m->nodes[i].next;
	if (i == MARKUP_NONE || look_tag(&w->m->nodes[i]) != TAG_STRONG)
		return MARKUP_NONE;
	next = w->m->nodes[i].next;
	return next != MARKUP_NONE && look_tag(&w->m->nodes[next]) == TAG_BR &&
	                       title_words(w, i).len
	               ? i
	               : MARKUP_NONE;
}

/* What an admonition is called by an element of its own, which is w->title
 * then; or empty. */
static struct slice note_word(struct markdown *w, uint32_t n, struct slice kind)
{
	uint32_t end = markup_end(w->m, n), i;
	struct slice s;

	w->title = MARKUP_NONE;
	i = strong_line(w, n);
	if (i != MARKUP_NONE) {
		w->title = i;
		return title_words(w, i);
	}
	for (i = n + 1; i < end && i < n + NOTE_NODES; i++) {
		const struct markup_node *e = &w->m->nodes[i];

		if (!class_title(w->m, e) &&
		    !(kind.len && e->parent == n && e->first != MARKUP_NONE))
			continue;
		s = title_words(w, i);
		if (!s.len || (!class_title(w->m, e) && !same(s, kind)))
			continue;
		w->title = i;
		return s;
	}
	return (struct slice){ 0 };
}

/* Whether the text of an admonition begins with what it is called. */
static bool says_itself(const struct markdown *w, uint32_t n, struct slice kind)
{
	uint32_t end = markup_end(w->m, n), i;

	for (i = n + 1; i < end && i < n + NOTE_NODES; i++) {
		struct slice s = slice_trim(w->m->nodes[i].text);

		if (s.len)
			return same(slice_cut(s, 0, kind.len), kind);
	}
	return false;
}

/* A block quote that begins with the page's own word: **Note:** */
void markdown_enter_note(struct markdown *w, uint32_t n)
{
	struct slice kind = class_note_kind(w->m, &w->m->nodes[n]);
	struct slice word = note_word(w, n, kind);
	bool brief = word.len <= NOTE_WORD;

	if (!word.len && !says_itself(w, n, kind))
		word = kind;
	flow_gap(&w->flow, 2);
	flow_box_open(&w->flow, "> ", "> ");
	if (!word.len)
		return;
	flow_mark_open(&w->flow, FLOW_STRONG, (struct slice){ 0 });
	if (word.at[0] >= 'a' && word.at[0] <= 'z') {
		char first = (char)(word.at[0] - 32);

		flow_text(&w->flow, (struct slice){ &first, 1 }, true);
		word = slice_cut(word, 1, word.len);
	}
	flow_text(&w->flow, word, true);
	if (brief && word.len && !strchr(":.!?", word.at[word.len - 1]))
		flow_text(&w->flow, SLICE(":"), false);
	flow_mark_close(&w->flow);
	w->glued = brief;
	if (brief)
		flow_space(&w->flow);
	if (!brief)
		flow_gap(&w->flow, 2);
}

void markdown_leave_note(struct markdown *w)
{
	w->glued = false;
	flow_gap(&w->flow, 2);
	flow_box_close(&w->flow);
}
