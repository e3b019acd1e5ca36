/*
 * The tree lies in document order with parents before children, so that what
 * is inherited takes one walk forwards and what is summed up one backwards:
 *
 *  1. forwards: what each element is by its name, attributes, id and classes;
 *     backwards: the words below each of them;
 *  2. forwards: what is dropped (a part that merely looks like it by its name
 *     stays when it holds half of the page); backwards: the words that stay;
 *  3. of each rule's elements the one with most of their words, or what they
 *     have in common when there is none such (a forum's posts);
 *  4. the first rule that holds enough of the page.
 */

#include "crawler/content_rules.h"

#include "crawler/head.h"

enum {
	MARK_DROP = 1 << 0,   /* never part of the text */
	MARK_LIKELY = 1 << 1, /* so by name only */
	MARK_FRAME = 1 << 2,  /* header, footer, aside: the page's own go */
	MARK_FORM = 1 << 3,
	MARK_LINK = 1 << 4,
	MARK_GONE = 1 << 5, /* it or something around it is dropped */
	MARK_LINKED = 1 << 6,
	MARK_MAIN = 1 << 7,     /* within the main part or an article */
	MARK_PASSWORD = 1 << 8, /* asks for one, or something below it does */
};

struct mark {
	uint32_t words;  /* bytes of words below it, all of them */
	uint32_t kept;   /* of them what is not dropped */
	uint32_t linked; /* of them what stands in links */
	uint16_t flags;
	uint16_t rule; /* enum content_word */
};

/* The elements of one rule. */
struct group {
	uint32_t best, around; /* most words; what holds them all */
	uint32_t around_end;
	uint32_t words, total; /* of the best; of all together */
	uint32_t end;          /* behind the last: nested ones do not count */
};

struct finder {
	const struct markup *m;
	const struct content_select *select;
	struct mark *marks;
	struct group groups[RULE_COUNT];
	uint32_t body;
	bool password; /* shown, not in a hidden or marginal form */
};

static bool is(struct slice name, const char *tag)
{
	return slice_eq(name, slice_of(tag));
}

/* What an element is by its name alone. */
static unsigned flags_of_name(struct slice s)
{
	static const struct {
		const char *name;
		unsigned flags;
	} names[] = {
		{ "a", MARK_LINK },          { "nav", MARK_LIKELY },
		{ "header", MARK_FRAME },    { "footer", MARK_FRAME },
		{ "aside", MARK_FRAME },     { "form", MARK_FORM },
		{ "script", MARK_DROP },     { "style", MARK_DROP },
		{ "template", MARK_DROP },   { "noscript", MARK_LIKELY },
		{ "button", MARK_LIKELY },   { "select", MARK_LIKELY },
		{ "textarea", MARK_LIKELY }, { "input", MARK_DROP },
		{ "iframe", MARK_DROP },     { "svg", MARK_DROP },
		{ "dialog", MARK_LIKELY },   { "head", MARK_LIKELY },
		{ "object", MARK_LIKELY },   { "video", MARK_DROP },
		{ "audio", MARK_DROP },      { "canvas", MARK_DROP },
		{ "title", MARK_DROP },      { "datalist", MARK_LIKELY },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (s.at[0] == names[i].name[0] && is(s, names[i].name))
			return names[i].flags;
	return 0;
}

static bool hides(struct slice style)
{
	size_t at;

	for (at = 0; at + 12 <= style.len; at++) {
		struct slice rest = slice_cut(style, at, style.len);

		if (slice_starts(rest, SLICE("display:none")) ||
		    slice_starts(rest, SLICE("display: none")))
			return true;
	}
	return false;
}

static unsigned flags_of_role(struct slice role)
{
	static const char *const likely[] = { "navigation",    "banner",
		                              "contentinfo",   "search",
		                              "complementary", "dialog",
		                              "alertdialog",   "menu",
		                              "menubar",       "toolbar" };
	size_t i;

	for (i = 0; i < sizeof(likely) / sizeof(likely[0]); i++)
		if (head_same(role, slice_of(likely[i])))
			return MARK_LIKELY;
	return 0;
}

static void take_rule(struct mark *k, enum content_word rule)
{
	if (rule == CONTENT_DROPPED)
		k->flags |= MARK_LIKELY;
	else if (rule && (!k->rule || rule < k->rule))
		k->rule = (uint16_t)rule;
}

static bool selected(const struct finder *w, const struct markup_node *n)
{
	const struct content_select *s = w->select;

	return (!s->tag.len || slice_eq(s->tag, n->name)) &&
	       (!s->id.len ||
	        slice_eq(s->id, markup_attribute(w->m, n, "id"))) &&
	       (!s->class.len ||
	        head_has(markup_attribute(w->m, n, "class"), s->class));
}

static void read_attribute(struct mark *k, const struct markup_attribute *a)
{
	switch (a->name.len ? a->name.at[0] : 0) {
	case 'a':
		if (is(a->name, "aria-hidden") && is(a->value, "true"))
			k->flags |= MARK_LIKELY;
		break;
	case 'c':
		if (is(a->name, "class"))
			take_rule(k, content_of_class(a->value));
		break;
	case 'h':
		if (is(a->name, "hidden"))
			k->flags |= MARK_LIKELY;
		break;
	case 'i':
		if (is(a->name, "id"))
			take_rule(k, content_of_id(slice_trim(a->value)));
		else if (is(a->name, "itemprop") && is(a->value, "articleBody"))
			take_rule(k, RULE_ARTICLE_BODY);
		break;
	case 'r':
		if (!is(a->name, "role"))
			break;
		k->flags |= (uint16_t)flags_of_role(a->value);
		if (head_same(a->value, SLICE("main")))
			take_rule(k, RULE_MAIN);
		break;
	case 't':
		if (is(a->name, "type") &&
		    head_same(a->value, SLICE("password")))
			k->flags |= MARK_PASSWORD;
		break;
	case 's':
		if (is(a->name, "style") && hides(a->value))
			k->flags |= MARK_LIKELY;
		break;
	default:
		break;
	}
}

/* Tabs hide all panels but one, and each of them is text. */
static bool is_panel(const struct markup *m, const struct markup_node *n)
{
	return is(markup_attribute(m, n, "role"), "tabpanel");
}

static void read_element(struct finder *w, uint32_t i)
{
	const struct markup_node *n = &w->m->nodes[i];
	struct mark *k = &w->marks[i];
	uint32_t j;

	k->flags = (uint16_t)flags_of_name(n->name);
	if (is(n->name, "body") || is(n->name, "html")) {
		if (is(n->name, "body") && !w->body)
			w->body = i;
		return;
	}
	for (j = 0; j < n->attribute_count; j++)
		read_attribute(k, &w->m->attributes[n->attribute + j]);
	if ((k->flags & MARK_LIKELY) && is_panel(w->m, n))
		k->flags &= (uint16_t)~MARK_LIKELY;
	if (is(n->name, "main"))
		take_rule(k, RULE_MAIN);
	else if (is(n->name, "article"))
		take_rule(k, RULE_ARTICLE);
	if (w->select && selected(w, n))
		k->rule = RULE_SELECT;
}

static void read_marks(struct finder *w)
{
	const struct markup_node *nodes = w->m->nodes;
	uint32_t count = (uint32_t)w->m->node_count, i;

	for (i = 0; i < count; i++)
		if (nodes[i].kind == MARKUP_ELEMENT)
			read_element(w, i);
		else
			w->marks[i].words =
			        (uint32_t)slice_trim(nodes[i].text).len;
	for (i = count; i-- > 1;) {
		struct mark *up = &w->marks[nodes[i].parent];

		up->flags |= w->marks[i].flags & MARK_PASSWORD;
		if (!(w->marks[i].flags & MARK_DROP))
			up->words += w->marks[i].words;
	}
}

/* The mark behind a heading: a link to itself that says "#" or a pilcrow. */
static bool is_anchor(const struct markup *m, const struct markup_node *n,
                      uint32_t words)
{
	struct slice s;

	if (words > 4 || n->first == MARKUP_NONE ||
	    !slice_starts(markup_attribute(m, n, "href"), SLICE("#")))
		return false;
	s = slice_trim(m->nodes[n->first].text);
	return is(s, "#") || is(s, "\u00B6") || is(s, "\u00A7") ||
	       is(s, "\U0001F517") || is(s, "\uF0C1");
}

/* The page's own head, foot and margins; of the text's own only the foot,
 * and margins that are mostly links. */
static bool frame_goes(const struct finder *w, uint32_t i)
{
	const struct mark *k = &w->marks[i];
	struct slice name = w->m->nodes[i].name;

	if (!(w->marks[w->m->nodes[i].parent].flags & MARK_MAIN))
		return true;
	return is(name, "footer") && k->words < 400;
}

static bool goes(const struct finder *w, uint32_t i)
{
	const struct mark *k = &w->marks[i];
	uint32_t all = w->marks[w->body].words;

	if ((k->flags & MARK_DROP) || k->rule == RULE_SELECT)
		return k->rule != RULE_SELECT;
	if (!(k->flags & (MARK_LIKELY | MARK_FRAME | MARK_FORM | MARK_LINK)) ||
	    k->words > all / 2)
		return false;
	if (k->flags & MARK_LIKELY)
		return true;
	if (k->flags & MARK_FORM) /* some hold all the posts of a thread */
		return k->words <= all / 4 && k->words < 400;
	if (k->flags & MARK_FRAME)
		return frame_goes(w, i);
	return is_anchor(w->m, &w->m->nodes[i], k->words);
}

static void drop(struct finder *w)
{
	const struct markup_node *nodes = w->m->nodes;
	uint32_t count = (uint32_t)w->m->node_count, i;
	struct mark *marks = w->marks;

	for (i = 1; i < count; i++) {
		struct mark *k = &marks[i];
		unsigned up = marks[nodes[i].parent].flags;

		k->flags |= up & (MARK_GONE | MARK_LINKED | MARK_MAIN);
		if (k->flags & MARK_GONE)
			continue;
		if (k->flags & MARK_PASSWORD && !(k->flags & MARK_LIKELY) &&
		    (k->flags & MARK_FORM || nodes[i].first == MARKUP_NONE))
			w->password = true;
		if (nodes[i].kind == MARKUP_TEXT) {
			k->kept = k->words;
			k->linked = (up & MARK_LINKED) ? k->words : 0;
			continue;
		}
		if (goes(w, i))
			k->flags |= MARK_GONE;
		if (k->flags & MARK_LINK)
			k->flags |= MARK_LINKED;
		if (k->rule)
			k->flags |= MARK_MAIN;
	}
	for (i = count; i-- > 1;) {
		marks[nodes[i].parent].kept += marks[i].kept;
		marks[nodes[i].parent].linked += marks[i].linked;
	}
}

/* Widens what is around a group so that it holds `i` too. */
static void hold(const struct markup *m, struct group *g, uint32_t i)
{
	while (g->around_end <= i) {
		g->around = m->nodes[g->around].parent;
		g->around_end = markup_end(m, g->around);
	}
}

static void group(struct finder *w)
{
	uint32_t count = (uint32_t)w->m->node_count, i;

	for (i = w->body; i < count; i++) {
		const struct mark *k = &w->marks[i];
		struct group *g = &w->groups[k->rule];

		if (!k->rule || (k->flags & MARK_GONE) || !k->kept ||
		    i < g->end)
			continue;
		g->end = markup_end(w->m, i);
		if (!g->total) {
			g->around = i;
			g->around_end = g->end;
		}
		hold(w->m, g, i);
		g->total += k->kept;
		if (k->kept > g->words) {
			g->words = k->kept;
			g->best = i;
		}
	}
}

/* Whether a container holds enough to be believed: those of wikis always do;
 * others so many percent of the page, or of its main part. */
static bool enough(const struct finder *w, enum content_word rule,
                   uint32_t words)
{
	const struct group *main = &w->groups[RULE_MAIN];
	uint32_t all = w->marks[w->body].kept;
	uint32_t percent = rule < RULE_MKDOCS ? 0 : rule == RULE_MAIN ? 10 : 30;

	if (rule != RULE_MAIN && main->words > all / 10)
		all = main->total;
	if (rule == RULE_MAIN && words >= 250)
		return true;
	return words && (uint64_t)words * 100 >= (uint64_t)all * percent;
}

static uint32_t choose(const struct finder *w, enum content_word *rule)
{
	enum content_word r;

	for (r = RULE_SELECT; r < RULE_COUNT; r++) {
		const struct group *g = &w->groups[r];
		uint32_t node = g->best;

		/* A long answer is not the whole of a thread. */
		if (r == RULE_FORUM ||
		    (uint64_t)g->words * 10 < (uint64_t)g->total * 6)
			node = g->around;
		if (!g->total || !enough(w, r, w->marks[node].kept))
			continue;
		*rule = r;
		return node;
	}
	*rule = CONTENT_UNKNOWN;
	return w->body;
}

/* What is dropped, by the element that was. */
static void say_gone(const struct finder *w, struct content_rules *out,
                     struct arena *a)
{
	uint32_t count = (uint32_t)w->m->node_count, i;

	out->gone = arena_array(a, count, sizeof(*out->gone));
	out->gone[0] = MARKUP_NONE;
	for (i = 1; i < count; i++) {
		uint32_t up = out->gone[w->m->nodes[i].parent];

		out->gone[i] = up;
		if (up == MARKUP_NONE && w->marks[i].flags & MARK_GONE)
			out->gone[i] = i;
	}
}

void content_rules_find(struct content_rules *out, const struct markup *m,
                        const struct content_select *select, struct arena *a)
{
	struct finder w = { .m = m, .select = select };

	w.marks = arena_array(a, m->node_count, sizeof(*w.marks));
	read_marks(&w);
	/* Some pages close their body long before they end. */
	if (w.marks[w.body].words < w.marks[0].words / 2)
		w.body = 0;
	drop(&w);
	group(&w);
	out->node = choose(&w, &out->rule);
	out->password = w.password;
	out->page = w.marks[w.body].kept;
	say_gone(&w, out, a);
}
