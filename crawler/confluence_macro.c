/* One table by name, one small writer for each shape. */

#include "crawler/confluence_macro.h"

#include "base/buf.h"

/* The element of a macro's that holds `name`, or MARKUP_NONE. */
static uint32_t parameter(const struct markup *m, uint32_t n, const char *name)
{
	uint32_t i = m->nodes[n].first;

	for (; i != MARKUP_NONE; i = m->nodes[i].next)
		if (slice_eq(m->nodes[i].name, SLICE("ac:parameter")) &&
		    slice_eq(markup_attribute(m, &m->nodes[i], "ac:name"),
		             slice_of(name)))
			return i;
	return MARKUP_NONE;
}

static struct slice value(const struct markup *m, uint32_t n, const char *name,
                          struct arena *a)
{
	uint32_t i = parameter(m, n, name);

	return i == MARKUP_NONE ? (struct slice){ 0 }
	                        : slice_trim(confluence_text(m, i, a));
}

static uint32_t child(const struct markup *m, uint32_t n, const char *name)
{
	uint32_t i = m->nodes[n].first;

	while (i != MARKUP_NONE && !slice_eq(m->nodes[i].name, slice_of(name)))
		i = m->nodes[i].next;
	return i;
}

/* A paragraph in bold. */
static void write_title(struct confluence_tree *t, struct slice title)
{
	bool opened;

	if (!title.len)
		return;
	opened = confluence_tree_open(t, SLICE("p"));
	confluence_tree_leaf(t, SLICE("strong"), title);
	if (opened)
		confluence_tree_close(t);
}

static void write_link(struct confluence_tree *t, struct slice url,
                       struct slice text)
{
	bool opened = url.len && confluence_tree_open(t, SLICE("a"));

	if (opened)
		confluence_tree_attribute(t, SLICE("href"), url);
	confluence_tree_text(t, text);
	if (opened)
		confluence_tree_close(t);
}

/* The brushes of the code macro whose names are not those of the world. */
static struct slice language(struct slice brush, struct arena *a)
{
	static const struct {
		const char *brush, *name;
	} known[] = {
		{ "actionscript3", "actionscript" },
		{ "c#", "csharp" },
		{ "html and xml", "xml" },
		{ "html/xml", "xml" },
		{ "none", "" },
		{ "plain text", "" },
		{ "py", "python" },
		{ "text", "" },
		{ "visual basic", "vb" },
	};
	char *at = arena_new(a, brush.len + 1);

	for (size_t i = 0; i < brush.len; i++)
		at[i] = brush.at[i] >= 'A' && brush.at[i] <= 'Z'
		                ? (char)(brush.at[i] + ('a' - 'A'))
		                : brush.at[i];
	brush.at = at;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_eq(brush, slice_of(known[i].brush)))
			return slice_of(known[i].name);
	return brush;
}

static void write_code(const struct markup *m, uint32_t n,
                       struct confluence_tree *t)
{
	struct arena *a = t->arena;
	struct slice brush = language(value(m, n, "language", a), a);
	uint32_t body = child(m, n, "ac:plain-text-body");
	uint32_t before = child(m, n, "ac:default-parameter");
	struct buf class = BUF_INIT(256);
	bool opened;

	write_title(t, value(m, n, "title", a));
	if (body == MARKUP_NONE)
		return;
	if (!brush.len)
		brush = language(value(m, n, "", a), a);
	if (!brush.len && before != MARKUP_NONE)
		brush = language(slice_trim(confluence_text(m, before, a)), a);
	opened = confluence_tree_open(t, SLICE("pre"));
	buf_text(&class, "language-");
	buf_add(&class, brush);
	if (opened && brush.len && !buf_full(&class))
		confluence_tree_attribute(t, SLICE("class"),
		                          arena_copy(a, buf_slice(&class)));
	confluence_tree_text(t, confluence_text(m, body, a));
	if (opened)
		confluence_tree_close(t);
	buf_release(&class);
}

/* "Warning: Do not restart" or what there is of it. */
static enum confluence_macro open_panel(const struct markup *m, uint32_t n,
                                        const char *word,
                                        struct confluence_tree *t)
{
	struct slice title = value(m, n, "title", t->arena);
	bool opened = confluence_tree_open(t, SLICE("blockquote"));
	struct buf b = BUF_INIT(LIMIT_LINK);

	buf_text(&b, word);
	if (*word && title.len)
		buf_text(&b, ": ");
	buf_add(&b, title);
	write_title(t, arena_copy(t->arena, buf_slice(&b)));
	buf_release(&b);
	return opened ? MACRO_INSIDE : MACRO_BODY;
}

static void write_status(const struct markup *m, uint32_t n,
                         struct confluence_tree *t)
{
	struct slice title = value(m, n, "title", t->arena);

	/* Without one it shows the name of its colour. */
	if (!title.len)
		title = value(m, n, "colour", t->arena);
	confluence_tree_text(t, title);
}

static void write_include(const struct markup *m, uint32_t n,
                          const struct confluence_place *p,
                          struct confluence_tree *t)
{
	uint32_t at = parameter(m, n, "");
	struct confluence_target to = { 0 };

	if (at == MARKUP_NONE)
		at = child(m, n, "ac:default-parameter");
	if (at == MARKUP_NONE)
		at = parameter(m, n, "page");
	if (at == MARKUP_NONE)
		at = parameter(m, n, "default-parameter");
	if (at != MARKUP_NONE) {
		to = confluence_link(m, at, p, t->arena);
		if (!to.text.len)
			to.text = slice_trim(confluence_text(m, at, t->arena));
	}
	write_link(t, to.url, to.text);
}

static void write_issue(const struct markup *m, uint32_t n,
                        const struct confluence_place *p,
                        struct confluence_tree *t)
{
	struct slice key = value(m, n, "key", t->arena);
	struct slice query = value(m, n, "jqlQuery", t->arena);

	if (key.len)
		write_link(t, confluence_link_issue(p, key, t->arena), key);
	else if (query.len)
		confluence_tree_leaf(t, SLICE("code"), query);
}

enum shape {
	SHAPE_CODE,
	SHAPE_PANEL,
	SHAPE_TITLED,
	SHAPE_STATUS,
	SHAPE_INCLUDE,
	SHAPE_ISSUE,
	SHAPE_NOTHING, /* made by the program, not written by anybody */
};

static const struct {
	const char *name;
	enum shape shape;
	const char *word;
} macros[] = {
	{ "anchor", SHAPE_NOTHING, "" },
	{ "attachments", SHAPE_NOTHING, "" },
	{ "children", SHAPE_NOTHING, "" },
	{ "code", SHAPE_CODE, "" },
	{ "error", SHAPE_PANEL, "Error" },
	{ "excerpt-include", SHAPE_INCLUDE, "" },
	{ "expand", SHAPE_TITLED, "" },
	{ "include", SHAPE_INCLUDE, "" },
	{ "info", SHAPE_PANEL, "Info" },
	{ "jira", SHAPE_ISSUE, "" },
	{ "jiraissues", SHAPE_ISSUE, "" },
	{ "noformat", SHAPE_CODE, "" },
	{ "note", SHAPE_PANEL, "Note" },
	{ "pagetree", SHAPE_NOTHING, "" },
	{ "panel", SHAPE_PANEL, "" },
	{ "status", SHAPE_STATUS, "" },
	{ "success", SHAPE_PANEL, "Success" },
	{ "tip", SHAPE_PANEL, "Tip" },
	{ "toc", SHAPE_NOTHING, "" },
	{ "ui-expand", SHAPE_TITLED, "" },
	{ "warning", SHAPE_PANEL, "Warning" },
};

static enum confluence_macro write_shape(const struct markup *m, uint32_t n,
                                         size_t which,
                                         const struct confluence_place *p,
                                         struct confluence_tree *t)
{
	switch (macros[which].shape) {
	case SHAPE_CODE:
		write_code(m, n, t);
		break;
	case SHAPE_PANEL:
		return open_panel(m, n, macros[which].word, t);
	case SHAPE_TITLED:
		write_title(t, value(m, n, "title", t->arena));
		return MACRO_BODY;
	case SHAPE_STATUS:
		write_status(m, n, t);
		break;
	case SHAPE_INCLUDE:
		write_include(m, n, p, t);
		break;
	case SHAPE_ISSUE:
		write_issue(m, n, p, t);
		break;
	case SHAPE_NOTHING:
		break;
	}
	return MACRO_WRITTEN;
}

enum confluence_macro confluence_macro(const struct markup *m, uint32_t n,
                                       const struct confluence_place *p,
                                       struct confluence_tree *t)
{
	struct slice name = markup_attribute(m, &m->nodes[n], "ac:name");

	for (size_t i = 0; i < sizeof(macros) / sizeof(*macros); i++)
		if (slice_eq(name, slice_of(macros[i].name)))
			return write_shape(m, n, i, p, t);
	return MACRO_BODY;
}
