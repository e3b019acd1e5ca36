/*
 * One walk counts what each kind of name holds, and one of them is the page's:
 * of those with most words the best known. A second walk
 * takes its posts, each up to the next of them in the tree, so that the whole
 * is linear but for the depth of the tree.
 */

#include "crawler/thread.h"

#include "base/clock.h"
#include "crawler/head.h"
#include "crawler/page_byline.h"
#include "crawler/page_tree.h"
#include "crawler/thread_quotes.h"
#include "crawler/thread_units.h"
#include "crawler/thread_words.h"

enum {
	THREAD_LEVELS = 12, /* from a post's text up to all that is its */
	THREAD_ALONE = 4,   /* likewise, of the only one */
	THREAD_LEAD = 200,  /* bytes: a text before the posts, not a title */
};

struct post {
	uint32_t body, body_end; /* its text */
	uint32_t unit, end;      /* all that is its */
};

struct finder {
	const struct markup *m;
	struct content *c;
	struct arena *a;
	uint32_t *words;        /* bytes of words before each node */
	unsigned char *present; /* nodes of c->part */
	struct post *posts;
	size_t count;
	enum thread_kind kind;
};

struct tally {
	size_t count, words;
	uint32_t end; /* behind the last: nested ones are quotes of it */
};

static size_t words_in(const struct finder *w, uint32_t from, uint32_t end)
{
	return w->words[end] - w->words[from];
}

static void measure(struct finder *w)
{
	const struct markup *m = w->m;
	uint32_t i, unread = 0;

	w->words = arena_array(w->a, m->node_count + 1, sizeof(*w->words));
	w->present = arena_new(w->a, m->node_count);
	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];
		bool text = n->kind == MARKUP_TEXT && i >= unread;

		w->words[i + 1] =
		        w->words[i] +
		        (text ? (uint32_t)slice_trim(n->text).len : 0);
		if (slice_eq(n->name, SLICE("script")) ||
		    slice_eq(n->name, SLICE("style")))
			unread = markup_end(m, i);
	}
	for (i = 0; i < w->c->part.node_count; i++)
		w->present[w->c->origin[i]] = 1;
}

/* Whether what holds a post's text counts: a comment only where the rest of
 * the page says that it is content. */
static bool counts(const struct finder *w, uint32_t n, enum thread_kind kind,
                   const struct tally *t)
{
	return kind && n >= t->end && (kind < THREAD_LIKE || w->present[n]) &&
	       words_in(w, n, markup_end(w->m, n));
}

static void tally(const struct finder *w, struct tally tallies[THREAD_KINDS],
                  unsigned char *kinds)
{
	uint32_t i;

	for (i = 1; i < w->m->node_count; i++) {
		enum thread_kind kind;

		if (!w->m->nodes[i].attribute_count)
			continue;
		kind = thread_word(w->m, i);
		if (!counts(w, i, kind, &tallies[kind]))
			continue;
		kinds[i] = (unsigned char)kind;
		tallies[kind].end = markup_end(w->m, i);
		tallies[kind].count++;
		tallies[kind].words += words_in(w, i, tallies[kind].end);
	}
}

/* Of the kinds from `from` on the first with half of the words of the best. */
static enum thread_kind first_of(const struct tally tallies[THREAD_KINDS],
                                 int from, int end)
{
	size_t best = 0;
	int k;

	for (k = from; k < end; k++)
		if (tallies[k].words > best)
			best = tallies[k].words;
	for (k = from; k < end; k++)
		if (tallies[k].words * 2 >= best &&
		    (tallies[k].count > 1 ||
		     (tallies[k].count && k == THREAD_STACK)))
			return (enum thread_kind)k;
	return THREAD_NONE;
}

/* A name of some software's own goes before those that may hold more than the
 * text, unless it holds next to nothing. */
static enum thread_kind choose(const struct finder *w, unsigned char *kinds)
{
	struct tally tallies[THREAD_KINDS] = { { 0 } };
	enum thread_kind own, other;

	tally(w, tallies, kinds);
	own = first_of(tallies, 1, THREAD_PLAIN);
	other = first_of(tallies, THREAD_PLAIN, THREAD_KINDS);
	if (own && tallies[own].words * 10 >= tallies[other].words)
		return own;
	return other;
}

static void collect(struct finder *w, const unsigned char *kinds)
{
	uint32_t i;
	size_t count = 0;

	for (i = 0; i < w->m->node_count; i++)
		count += kinds[i] == w->kind;
	w->posts = arena_array(w->a, count, sizeof(*w->posts));
	for (i = 0; i < w->m->node_count; i++)
		if (kinds[i] == w->kind) {
			struct post *p = &w->posts[w->count++];

			*p = (struct post){ .body = i, .unit = i };
			p->body_end = p->end = markup_end(w->m, i);
		}
}

/* Where no name tells: what looks the same and is signed. */
static bool collect_units(struct finder *w)
{
	struct thread_unit *units = NULL;
	size_t count = thread_units(w->m, w->words, w->present, w->c->text / 2,
	                            w->a, &units),
	       i;

	if (!count)
		return false;
	w->kind = THREAD_LIKE;
	w->posts = arena_array(w->a, count, sizeof(*w->posts));
	w->count = count;
	for (i = 0; i < count; i++) {
		struct post *p = &w->posts[i];

		*p = (struct post){ .body = units[i].body,
			            .unit = units[i].unit };
		p->body_end = markup_end(w->m, p->body);
		p->end = markup_end(w->m, p->unit);
	}
	return true;
}

/* Widens each post to the largest part around it that holds no other. */
static void widen(struct finder *w)
{
	int most = w->count > 1 ? THREAD_LEVELS : THREAD_ALONE, level;
	size_t i;

	for (i = 0; i < w->count; i++) {
		struct post *p = &w->posts[i];
		uint32_t before = i ? w->posts[i - 1].body : 0;
		uint32_t behind = i + 1 < w->count ? w->posts[i + 1].body
		                                   : (uint32_t)w->m->node_count;

		for (level = 0; level < most; level++) {
			uint32_t up = w->m->nodes[p->unit].parent, end;

			if (up == MARKUP_NONE || !up || up <= before)
				break;
			end = markup_end(w->m, up);
			if (end > behind ||
			    slice_eq(w->m->nodes[up].name, SLICE("body")))
				break;
			p->unit = up;
			p->end = end;
		}
	}
}

static bool any_of(struct slice s, const char *const *names)
{
	for (; *names; names++)
		if (head_has(s, slice_of(*names)))
			return true;
	return false;
}

/* What the elements from the text up to all of the post say of it. */
static void read_path(const struct finder *w, const struct post *p,
                      struct page_post *out)
{
	static const char *const solved[] = { "accepted-answer",
		                              "solution",
		                              "accepted",
		                              "message--solution",
		                              "is-solution",
		                              "best-answer",
		                              "lia-accepted-solution",
		                              "lia-list-row-thread-solved",
		                              "bestAnswer",
		                              "AcceptedAnswer",
		                              "solved-answer",
		                              NULL };
	uint32_t n = p->body;

	for (;;) {
		const struct markup_node *node = &w->m->nodes[n];
		struct slice class = markup_attribute(w->m, node, "class");
		struct slice id = markup_attribute(w->m, node, "id");

		out->accepted |=
		        any_of(class, solved) ||
		        head_has(markup_attribute(w->m, node, "itemprop"),
		                 SLICE("acceptedAnswer"));
		out->question |= head_has(class, SLICE("question")) ||
		                 slice_eq(id, SLICE("question"));
		if (slice_trim(id).len)
			out->id = slice_trim(id);
		if (n == p->unit)
			break;
		n = node->parent;
	}
	if (slice_eq(thread_item(w->m, p->body), SLICE("Question")))
		out->question = true;
}

/* Some put the name beside the text, into an element before it. */
static uint32_t beside(const struct finder *w, size_t i)
{
	const struct post *p = &w->posts[i];
	uint32_t up = w->m->nodes[p->unit].parent;

	if (up == MARKUP_NONE)
		return p->unit;
	if (i && w->posts[i - 1].unit > up)
		return w->posts[i - 1].end;
	return p->unit - up < 500 ? up + 1 : p->unit;
}

static void read_post(const struct finder *w, size_t i, struct page_post *out)
{
	const struct post *p = &w->posts[i];
	struct byline by;

	*out = (struct page_post){ .time = CLOCK_NONE };
	read_path(w, p, out);
	byline_read(&by, w->m, p->unit, p->end, p->body, p->body_end, false,
	            w->a);
	if (!by.author.len && by.time == CLOCK_NONE && p->unit == p->body)
		byline_read(&by, w->m, beside(w, i), p->unit, p->body,
		            p->body_end, false, w->a);
	out->author = by.author;
	out->link = by.link;
	out->time = by.time;
	out->votes = by.votes;
	out->voted = by.voted;
}

/* How many nodes of the part stand before the first post, and whether they
 * are a text: enough words, and not mostly links. */
static uint32_t lead_end(const struct finder *w, size_t posts)
{
	const struct markup *part = &w->c->part;
	uint32_t n = 0, link = 0;
	size_t words = 0, linked = 0;

	for (; n < part->node_count && w->c->origin[n] < w->posts[0].unit;
	     n++) {
		size_t len = part->nodes[n].kind == MARKUP_TEXT
		                     ? slice_trim(part->nodes[n].text).len
		                     : 0;

		if (slice_eq(part->nodes[n].name, SLICE("a")))
			link = markup_end(part, n);
		words += len;
		linked += n < link ? len : 0;
	}
	/* Before the posts of a forum stands what the model did not tell from
	 * them, unless it is more than they are: then they are comments. */
	if (w->kind < THREAD_DATA && words < posts)
		return 0;
	return words >= THREAD_LEAD && words * 4 >= posts && linked * 2 < words
	               ? n
	               : 0;
}

/* Writes the lead and the posts as the new part. */
static void build(struct finder *w, struct thread *t, uint32_t lead)
{
	struct content *c = w->c;
	struct page_tree tree;
	size_t room = lead, i;
	uint32_t n;

	for (i = 0; i < w->count; i++)
		room += w->posts[i].body_end - w->posts[i].body;
	page_tree_init(&tree, room, w->m->attributes, w->a);
	if (lead)
		page_tree_copy(&tree, 0, &c->part, 0, lead, NULL, NULL, w->a);
	for (i = 0; i < w->count; i++)
		t->posts[i].node =
		        page_tree_copy(&tree, 0, w->m, w->posts[i].body,
		                       MARKUP_NONE, thread_noise, NULL, w->a);
	c->nodes = tree.nodes;
	c->part.nodes = tree.nodes;
	c->part.node_count = tree.count;
	thread_quotes(&c->part, tree.nodes, t->posts[0].node, w->a);
	c->origin = NULL;
	c->heading = MARKUP_NONE;
	for (n = 0; n < (lead ? t->posts[0].node : 0); n++)
		if (slice_eq(tree.nodes[n].name, SLICE("h1"))) {
			c->heading = n;
			break;
		}
}

/* Bytes of words in all posts together. */
static size_t posts_words(const struct finder *w)
{
	size_t words = 0, i;

	for (i = 0; i < w->count; i++)
		words += words_in(w, w->posts[i].body, w->posts[i].body_end);
	return words;
}

/* What many use is believed where most have an author or a date. */
static bool believed(const struct finder *w, const struct thread *t)
{
	size_t named = 0, i;

	if (w->kind < THREAD_DATA)
		return true;
	for (i = 0; i < t->count; i++)
		named += t->posts[i].author.len ||
		         t->posts[i].time != CLOCK_NONE;
	return named * 2 >= t->count;
}

bool thread_find(struct thread *t, const struct markup *m, struct content *c,
                 struct arena *a)
{
	struct finder w = { .m = m, .c = c, .a = a };
	unsigned char *kinds;
	size_t words, i;
	uint32_t lead;

	*t = (struct thread){ 0 };
	if (!m->node_count || !c->origin)
		return false;
	measure(&w);
	kinds = arena_new(a, m->node_count);
	w.kind = choose(&w, kinds);
	if (w.kind) {
		collect(&w, kinds);
		widen(&w);
	} else if (!collect_units(&w)) {
		return false;
	}
	words = posts_words(&w);
	lead = lead_end(&w, words);
	/* Short posts stand among much else about who wrote them. */
	if (!lead && words * (w.kind < THREAD_PLAIN ? 20 : 3) < c->text)
		return false;
	t->posts = arena_array(a, w.count, sizeof(*t->posts));
	t->count = w.count;
	t->lead = lead > 0;
	for (i = 0; i < w.count; i++) {
		read_post(&w, i, &t->posts[i]);
		t->posts[i].question &= !i;
	}
	if (!believed(&w, t))
		return false;
	build(&w, t, lead);
	c->text = words + (lead ? c->text : 0);
	return true;
}
