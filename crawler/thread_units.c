/*
 * Of each element's children those count that look like the first one with
 * some text: same name, same first class. The element whose children hold most
 * is asked about authors and dates. A post's text is what holds most of its
 * words, and the same element in all of them, by that of the longest.
 */

#include "crawler/thread_units.h"

#include "base/clock.h"
#include "base/text/markdown_tag.h"
#include "crawler/head.h"
#include "crawler/page_byline.h"

enum {
	UNITS_LEAST = 3,
	UNITS_WORDS = 20,  /* bytes of words in one */
	UNITS_ASKED = 50,  /* of them, about authors and dates */
	UNITS_LEVELS = 20, /* from one down to its text */
};

struct units {
	const struct markup *m;
	const uint32_t *words;
	const unsigned char *present;
	struct arena *a;
};

static size_t words_of(const struct units *w, uint32_t n)
{
	return w->words[markup_end(w->m, n)] - w->words[n];
}

static struct slice class_of(const struct units *w, uint32_t n)
{
	return slice_trim(markup_attribute(w->m, &w->m->nodes[n], "class"));
}

static struct slice first_class(const struct units *w, uint32_t n)
{
	struct slice class = class_of(w, n);

	return slice_cut(class, 0, slice_find(class, ' '));
}

static bool is_unit(const struct units *w, uint32_t n)
{
	return w->m->nodes[n].kind == MARKUP_ELEMENT && w->present[n] &&
	       words_of(w, n) >= UNITS_WORDS;
}

static bool alike(const struct units *w, uint32_t one, uint32_t n)
{
	return is_unit(w, n) &&
	       slice_eq(w->m->nodes[one].name, w->m->nodes[n].name) &&
	       slice_eq(first_class(w, one), first_class(w, n));
}

/* The first child that may be a unit; MARKUP_NONE: none, or it has no class. */
static uint32_t model_of(const struct units *w, uint32_t up)
{
	uint32_t i = w->m->nodes[up].first;

	while (i != MARKUP_NONE && !is_unit(w, i))
		i = w->m->nodes[i].next;
	return i != MARKUP_NONE && first_class(w, i).len ? i : MARKUP_NONE;
}

/* Bytes of words in the units below `up`; *count of them. */
static size_t weigh(const struct units *w, uint32_t up, size_t *count)
{
	uint32_t model = model_of(w, up), i;
	size_t total = 0;

	*count = 0;
	for (i = model; i != MARKUP_NONE; i = w->m->nodes[i].next) {
		if (!alike(w, model, i))
			continue;
		total += words_of(w, i);
		++*count;
	}
	return total;
}

/* A heading that is a link: what follows is the beginning of another page. */
static bool is_teaser(const struct units *w, uint32_t n)
{
	uint32_t end = markup_end(w->m, n), i, heading = 0;

	for (i = n; i < end; i++) {
		const struct markup_node *e = &w->m->nodes[i];

		if (tag_is_heading(markdown_tag(e->name)))
			heading = markup_end(w->m, i);
		else if (i < heading && slice_eq(e->name, SLICE("a")) &&
		         markup_attribute(w->m, e, "href").len)
			return true;
	}
	return false;
}

/* Whether nearly all say who and when. */
static bool are_signed(const struct units *w, const struct thread_unit *units,
                       size_t count)
{
	size_t asked = count < UNITS_ASKED ? count : UNITS_ASKED, known = 0, i;

	for (i = 0; i < asked; i++) {
		uint32_t n = units[i].unit, end = markup_end(w->m, n);
		struct byline by;

		if (is_teaser(w, n))
			continue;
		byline_read(&by, w->m, n, end, end, end, true, w->a);
		known += by.author.len && by.time != CLOCK_NONE;
	}
	return known * 5 >= asked * 4;
}

/* The element that holds most of the words, as far down as there is one. */
static uint32_t text_of(const struct units *w, uint32_t n)
{
	int level;

	for (level = 0; level < UNITS_LEVELS; level++) {
		size_t all = words_of(w, n);
		uint32_t i = w->m->nodes[n].first;

		while (i != MARKUP_NONE &&
		       (w->m->nodes[i].kind == MARKUP_TEXT ||
		        words_of(w, i) * 10 < all * 6))
			i = w->m->nodes[i].next;
		if (i == MARKUP_NONE)
			break;
		n = i;
	}
	return n;
}

/* The text of the longest unit, up to where it has a class. */
static uint32_t longest_text(const struct units *w,
                             const struct thread_unit *units, size_t count)
{
	size_t best = 0, i;
	uint32_t n;

	for (i = 1; i < count; i++)
		if (words_of(w, units[i].unit) > words_of(w, units[best].unit))
			best = i;
	n = text_of(w, units[best].unit);
	while (n != units[best].unit && !class_of(w, n).len)
		n = w->m->nodes[n].parent;
	return n == units[best].unit ? MARKUP_NONE : n;
}

/* Finds in each unit what is like the text of the longest. */
static bool find_texts(const struct units *w, struct thread_unit *units,
                       size_t count)
{
	uint32_t like = longest_text(w, units, count), n, end;
	size_t found = 0, i;

	if (like == MARKUP_NONE)
		return false;
	for (i = 0; i < count; i++) {
		end = markup_end(w->m, units[i].unit);
		for (n = units[i].unit + 1; n < end; n++)
			if (slice_eq(w->m->nodes[n].name,
			             w->m->nodes[like].name) &&
			    slice_eq(first_class(w, n), first_class(w, like)))
				break;
		units[i].body = n < end ? n : units[i].unit;
		found += n < end;
	}
	return found * 5 >= count * 4;
}

size_t thread_units(const struct markup *m, const uint32_t *words,
                    const unsigned char *present, size_t least, struct arena *a,
                    struct thread_unit **out)
{
	struct units w = { m, words, present, a };
	size_t best = 0, count = 0, found = 0, total;
	uint32_t up = 0, model, i;

	for (i = 0; i < m->node_count; i++) {
		if (!present[i] || m->nodes[i].kind != MARKUP_ELEMENT)
			continue;
		total = weigh(&w, i, &found);
		if (found < UNITS_LEAST || total < least || total <= best)
			continue;
		best = total;
		count = found;
		up = i;
	}
	if (!count)
		return 0;
	*out = arena_array(a, count, sizeof(**out));
	count = 0;
	model = model_of(&w, up);
	for (i = model; i != MARKUP_NONE; i = m->nodes[i].next)
		if (alike(&w, model, i))
			(*out)[count++].unit = i;
	return are_signed(&w, *out, count) && find_texts(&w, *out, count)
	               ? count
	               : 0;
}
