/*
 * One walk in document order. An element is copied, left out with all below
 * it, or gone through (its children stand in its place); what it opened is
 * closed where its run of the array ends.
 */

#include "crawler/confluence_storage.h"

#include "crawler/confluence_entity.h"
#include "crawler/confluence_macro.h"
#include "crawler/confluence_tree.h"

/* What an element's name means. */
enum meaning {
	MEANS_ITSELF,
	MEANS_NOTHING, /* left out with all below it */
	MEANS_INSIDE,  /* gone through */
	MEANS_BLOCK,   /* a div */
	MEANS_CODE,
	MEANS_MACRO,
	MEANS_LINK,
	MEANS_IMAGE,
	MEANS_EMOTICON,
	MEANS_TIME,
	MEANS_TASKS,
	MEANS_TASK,
	MEANS_FALLBACK,
};

static const struct {
	const char *name;
	enum meaning meaning;
} names[] = {
	{ "ac:adf-attribute", MEANS_NOTHING },
	{ "ac:adf-content", MEANS_BLOCK },
	{ "ac:adf-extension", MEANS_FALLBACK },
	{ "ac:adf-fallback", MEANS_BLOCK },
	{ "ac:adf-node", MEANS_INSIDE },
	{ "ac:caption", MEANS_BLOCK },
	{ "ac:default-parameter", MEANS_NOTHING },
	{ "ac:emoticon", MEANS_EMOTICON },
	{ "ac:image", MEANS_IMAGE },
	{ "ac:inline-comment-marker", MEANS_INSIDE },
	{ "ac:layout", MEANS_BLOCK },
	{ "ac:layout-cell", MEANS_BLOCK },
	{ "ac:layout-section", MEANS_BLOCK },
	{ "ac:link", MEANS_LINK },
	{ "ac:link-body", MEANS_INSIDE },
	{ "ac:macro", MEANS_MACRO },
	{ "ac:parameter", MEANS_NOTHING },
	{ "ac:placeholder", MEANS_NOTHING },
	{ "ac:plain-text-body", MEANS_CODE },
	{ "ac:plain-text-link-body", MEANS_INSIDE },
	{ "ac:rich-text-body", MEANS_BLOCK },
	{ "ac:structured-macro", MEANS_MACRO },
	{ "ac:task", MEANS_TASK },
	{ "ac:task-body", MEANS_INSIDE },
	{ "ac:task-id", MEANS_NOTHING },
	{ "ac:task-list", MEANS_TASKS },
	{ "ac:task-status", MEANS_NOTHING },
	{ "ac:task-uuid", MEANS_NOTHING },
	{ "time", MEANS_TIME },
};

struct frame {
	uint32_t end;
	bool opened;
};

struct storage {
	const struct markup *m;
	const struct confluence_place *place;
	struct confluence_tree *out;
	struct frame frames[LIMIT_DEPTH + 2];
	size_t frame_count;
};

static enum meaning meaning(struct slice name)
{
	size_t low = 0, high = sizeof(names) / sizeof(*names);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int c = slice_cmp(name, slice_of(names[middle].name));

		if (!c)
			return names[middle].meaning;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	if (slice_starts(name, SLICE("ri:")) ||
	    slice_starts(name, SLICE("at:")))
		return MEANS_NOTHING;
	return slice_find(name, ':') < name.len ? MEANS_INSIDE : MEANS_ITSELF;
}

static bool copy(struct storage *s, uint32_t n)
{
	const struct markup_node *node = &s->m->nodes[n];

	if (!confluence_tree_open(s->out, node->name))
		return false;
	for (uint32_t i = 0; i < node->attribute_count; i++) {
		const struct markup_attribute *a =
		        &s->m->attributes[node->attribute + i];

		confluence_tree_attribute(s->out, a->name, a->value);
	}
	return true;
}

static void close_frame(struct storage *s)
{
	if (s->frames[--s->frame_count].opened)
		confluence_tree_close(s->out);
}

static void write_code(struct storage *s, uint32_t n)
{
	confluence_tree_leaf(s->out, SLICE("pre"),
	                     confluence_text(s->m, n, s->out->arena));
}

static uint32_t child(const struct storage *s, uint32_t n, const char *name)
{
	uint32_t i = s->m->nodes[n].first;

	while (i != MARKUP_NONE &&
	       !slice_eq(s->m->nodes[i].name, slice_of(name)))
		i = s->m->nodes[i].next;
	return i;
}

/* True: its body follows as the link's text. */
static bool open_link(struct storage *s, uint32_t n, bool *opened)
{
	struct confluence_target to =
	        confluence_link(s->m, n, s->place, s->out->arena);
	uint32_t body = child(s, n, "ac:link-body");

	if (body == MARKUP_NONE)
		body = child(s, n, "ac:plain-text-link-body");
	*opened = to.url.len && confluence_tree_open(s->out, SLICE("a"));
	if (*opened)
		confluence_tree_attribute(s->out, SLICE("href"), to.url);
	if (body != MARKUP_NONE && s->m->nodes[body].first != MARKUP_NONE)
		return true;
	if (!to.text.len)
		to.text = markup_attribute(s->m, &s->m->nodes[n], "ac:anchor");
	confluence_tree_text(s->out, to.text);
	if (*opened)
		confluence_tree_close(s->out);
	return false;
}

static void write_image(struct storage *s, uint32_t n)
{
	struct confluence_target to =
	        confluence_link(s->m, n, s->place, s->out->arena);
	struct slice alt = markup_attribute(s->m, &s->m->nodes[n], "ac:alt");

	if (!alt.len)
		alt = markup_attribute(s->m, &s->m->nodes[n], "ac:title");
	if (!alt.len && !slice_eq(to.text, to.url))
		alt = to.text;
	if (!to.url.len) {
		confluence_tree_text(s->out, alt);
		return;
	}
	if (!confluence_tree_open(s->out, SLICE("img")))
		return;
	confluence_tree_attribute(s->out, SLICE("src"), to.url);
	confluence_tree_attribute(s->out, SLICE("alt"), alt);
	confluence_tree_close(s->out);
}

static void write_emoticon(struct storage *s, uint32_t n)
{
	static const struct {
		const char *name, *text;
	} known[] = {
		{ "blue-star", "\u2B50" },
		{ "broken-heart", "\U0001F494" },
		{ "cheeky", "\U0001F61B" },
		{ "cross", "\u274C" },
		{ "green-star", "\u2B50" },
		{ "heart", "\u2764" },
		{ "information", "\u2139" },
		{ "laugh", "\U0001F600" },
		{ "light-off", "" },
		{ "light-on", "\U0001F4A1" },
		{ "minus", "\u2796" },
		{ "plus", "\u2795" },
		{ "question", "\u2753" },
		{ "red-star", "\u2B50" },
		{ "sad", "\U0001F641" },
		{ "smile", "\U0001F642" },
		{ "thumbs-down", "\U0001F44E" },
		{ "thumbs-up", "\U0001F44D" },
		{ "tick", "\u2705" },
		{ "warning", "\u26A0" },
		{ "wink", "\U0001F609" },
		{ "yellow-star", "\u2B50" },
	};
	const struct markup_node *node = &s->m->nodes[n];
	struct slice text = markup_attribute(s->m, node, "ac:emoji-fallback");
	struct slice name = markup_attribute(s->m, node, "ac:name");

	for (size_t i = 0; !text.len && i < sizeof(known) / sizeof(*known); i++)
		if (slice_eq(name, slice_of(known[i].name)))
			text = slice_of(known[i].text);
	confluence_tree_text(s->out, text);
}

static bool open_task(struct storage *s, uint32_t n)
{
	uint32_t at = child(s, n, "ac:task-status");
	bool opened = confluence_tree_open(s->out, SLICE("li"));
	bool done =
	        at != MARKUP_NONE &&
	        slice_eq(slice_trim(confluence_text(s->m, at, s->out->arena)),
	                 SLICE("complete"));

	confluence_tree_text(s->out, done ? SLICE("[x] ") : SLICE("[ ] "));
	return opened;
}

/* Where an extension has a fallback, that is what it is. */
static bool has_fallback(const struct storage *s, uint32_t n)
{
	uint32_t up = s->m->nodes[n].parent;

	return up != MARKUP_NONE &&
	       meaning(s->m->nodes[up].name) == MEANS_FALLBACK &&
	       slice_eq(s->m->nodes[n].name, SLICE("ac:adf-node")) &&
	       child(s, up, "ac:adf-fallback") != MARKUP_NONE;
}

static bool open_macro(struct storage *s, uint32_t n, bool *opened)
{
	enum confluence_macro what =
	        confluence_macro(s->m, n, s->place, s->out);

	*opened = what == MACRO_INSIDE;
	return what != MACRO_WRITTEN;
}

/* Writes what element `n` begins with. False: there is no more to it. */
static bool begin(struct storage *s, uint32_t n, enum meaning means,
                  bool *opened)
{
	struct slice date;

	*opened = false;
	switch (means) {
	case MEANS_NOTHING:
		return false;
	case MEANS_INSIDE:
	case MEANS_FALLBACK:
		return !has_fallback(s, n);
	case MEANS_BLOCK:
		*opened = confluence_tree_open(s->out, SLICE("div"));
		return true;
	case MEANS_CODE:
		write_code(s, n);
		return false;
	case MEANS_MACRO:
		return open_macro(s, n, opened);
	case MEANS_LINK:
		return open_link(s, n, opened);
	case MEANS_IMAGE:
		write_image(s, n);
		return true;
	case MEANS_EMOTICON:
		write_emoticon(s, n);
		return false;
	case MEANS_TIME:
		date = markup_attribute(s->m, &s->m->nodes[n], "datetime");
		if (s->m->nodes[n].first == MARKUP_NONE)
			confluence_tree_text(s->out, date);
		return true;
	case MEANS_TASKS:
		*opened = confluence_tree_open(s->out, SLICE("ul"));
		return true;
	case MEANS_TASK:
		*opened = open_task(s, n);
		return true;
	case MEANS_ITSELF:
		*opened = copy(s, n);
		return true;
	}
	return false;
}

struct markup confluence_storage_tree(const struct markup *m,
                                      const struct confluence_place *p,
                                      struct arena *a)
{
	struct confluence_tree *t = arena_new(a, sizeof(*t));
	struct storage *s = arena_new(a, sizeof(*s));
	struct markup made;
	uint32_t i = 1;

	confluence_tree_init(t, a, SLICE("div"));
	s->m = m;
	s->place = p;
	s->out = t;
	while (i < m->node_count) {
		const struct markup_node *n = &m->nodes[i];
		enum meaning means;
		bool opened;

		while (s->frame_count && s->frames[s->frame_count - 1].end <= i)
			close_frame(s);
		if (n->kind == MARKUP_TEXT) {
			confluence_tree_text(t, n->text);
			i++;
			continue;
		}
		means = meaning(n->name);
		if (!begin(s, i, means, &opened) ||
		    s->frame_count == LIMIT_DEPTH + 2) {
			i = markup_end(m, i);
			continue;
		}
		s->frames[s->frame_count++] =
		        (struct frame){ markup_end(m, i), opened };
		i++;
	}
	while (s->frame_count)
		close_frame(s);
	made = confluence_tree_end(t);
	made.truncated |= m->truncated;
	return made;
}

void confluence_storage_document(struct slice storage, struct buf *out)
{
	buf_text(out, "<storage xmlns:ac=\"ac\" xmlns:ri=\"ri\" "
	              "xmlns:at=\"at\">");
	confluence_entity(storage, out);
	buf_text(out, "</storage>");
}

bool confluence_storage(struct slice storage, const struct confluence_place *p,
                        struct markup_parser *parser, struct arena *a,
                        struct buf *out, bool *truncated, struct fault *f)
{
	struct buf xml = BUF_INIT(LIMIT_BODY);
	struct markup m, made;
	bool ok;

	confluence_storage_document(storage, &xml);
	ok = !buf_full(&xml) ||
	     fault(f, FAULT_LIMIT, "limit-body", "the page is over %d MiB",
	           LIMIT_BODY >> 20);
	ok = ok &&
	     markup_parse_as(parser, MARKUP_XML, buf_slice(&xml), a, &m, f);
	buf_release(&xml);
	if (!ok)
		return false;
	made = confluence_storage_tree(&m, p, a);
	*truncated = made.truncated;
	markdown_write(&made, p->base, out);
	return !buf_full(out) ||
	       fault(f, FAULT_LIMIT, "limit-text",
	             "the page's text is over %d MiB", LIMIT_TEXT >> 20);
}
