/*
 * The rendered text is what stands in the element of class mw-parser-output;
 * what the program adds to it for browsers (links to edit a section, the table
 * of contents, the arrows of footnotes) is left out, and a link to a page that
 * nobody has written yet, or to a footnote, is only its text. The heading of the API's reply is
 * HTML too; it goes through the parser together with the text.
 */

#include "crawler/mediawiki_text.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/markdown.h"
#include "crawler/wiki_licence.h"
#include "crawler/wiki_tree.h"

/* What changes in this file changes what is stored. */

static const char heading_id[] = "opslore-title";

void mediawiki_page_write(const struct mediawiki_page *p, struct buf *out)
{
	buf_addf(out, "%lld\n%lld\n%lld\n%d\n", (long long)p->id,
	         (long long)p->revision, (long long)p->user, p->fresh);
	buf_add(out, p->time);
	buf_byte(out, '\n');
	buf_add(out, p->user_name);
	buf_byte(out, '\n');
	buf_add(out, p->language);
	buf_byte(out, '\n');
	buf_add(out, p->link);
}

static struct slice next_line(struct slice *rest)
{
	struct slice line = slice_cut(*rest, 0, slice_find(*rest, '\n'));

	*rest = slice_cut(*rest, line.len + 1, rest->len);
	return line;
}

bool mediawiki_page_read(struct mediawiki_page *p, struct slice note)
{
	int64_t fresh = 0;
	bool ok = slice_number(next_line(&note), &p->id);

	ok = slice_number(next_line(&note), &p->revision) && ok;
	ok = slice_number(next_line(&note), &p->user) && ok;
	ok = slice_number(next_line(&note), &fresh) && ok;
	p->fresh = fresh == 1;
	p->time = next_line(&note);
	p->user_name = next_line(&note);
	p->language = next_line(&note);
	p->link = note;
	return ok;
}

static bool is_chrome(const struct markup *m, uint32_t n)
{
	static const char *const classes[] = {
		"mw-editsection",   "toc",           "noprint",
		"mw-cite-backlink", "mw-toc",        "mw-jump-link",
		"mw-empty-elt",     "toctogglespan",
	};

	if (slice_eq(markup_attribute(m, &m->nodes[n], "id"), SLICE("toc")))
		return true;
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (wiki_tree_has_class(m, n, classes[i]))
			return true;
	return false;
}

static enum wiki_tree_fate text_rule(const struct markup *m, uint32_t n,
                                     struct slice *language)
{
	const struct markup_node *node = &m->nodes[n];

	if (slice_eq(node->name, SLICE("pre")) && node->parent != MARKUP_NONE) {
		*language = wiki_tree_class_rest(m, node->parent,
		                                 "mw-highlight-lang-");
		if (!language->len)
			*language = wiki_tree_class_rest(m, node->parent,
			                                 "source-");
		return language->len ? TREE_CODE : TREE_KEEP;
	}
	if (slice_eq(node->name, SLICE("a")) &&
	    (wiki_tree_has_class(m, n, "new") ||
	     (node->parent != MARKUP_NONE &&
	      wiki_tree_has_class(m, node->parent, "reference"))))
		return TREE_UNWRAP;
	return is_chrome(m, n) ? TREE_DROP : TREE_KEEP;
}

/* Everything of one record that both ways have. */
struct text {
	const struct markup *page;
	uint32_t body, heading; /* nodes of `page` */
	struct slice title;     /* where there is no heading */
	struct slice original, base;
	const struct slice *tags;
	size_t tag_count;
};

/* Fills in title, content and what goes with them; made in the arena. */
static bool write_text(struct record *out, const struct text *t,
                       const struct reply *r, struct fault *f)
{
	struct buf b = BUF_INIT(LIMIT_TEXT);
	struct markup kept = wiki_tree_prune(t->page, t->body, MARKUP_NONE,
	                                     text_rule, r->arena);
	bool ok;

	if (t->heading != MARKUP_NONE)
		wiki_tree_text(t->page, t->heading, &b);
	out->title = b.len ? arena_copy(r->arena, buf_slice(&b)) : t->title;
	buf_reset(&b);
	markdown_write(&kept, t->base, &b);
	out->content = arena_copy(r->arena, buf_slice(&b));
	ok = !buf_full(&b);
	buf_release(&b);
	if (!ok)
		return fault(f, FAULT_LIMIT, "limit-text",
		             "the page's text is over %d MiB",
		             LIMIT_TEXT >> 20);
	out->kind = RECORD_PAGE;
	out->link = t->base;
	out->original = t->original;
	out->original_type = SLICE("text/html");
	out->tags = t->tags;
	out->tag_count = t->tag_count;
	out->extractor = MEDIAWIKI_EXTRACTOR;
	out->flags = t->page->truncated ? RECORD_TRUNCATED : 0;
	out->created = out->modified = out->closed = CLOCK_NONE;
	return true;
}

static struct slice number_text(int64_t n, struct arena *a)
{
	struct buf b = BUF_INIT(32);
	struct slice made;

	buf_number(&b, n);
	made = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return made;
}

/* Title of a category as people read it. */
static struct slice spaced(struct slice s, struct arena *a)
{
	char *at = (char *)(uintptr_t)arena_copy(a, s).at;

	for (size_t i = 0; i < s.len; i++)
		if (at[i] == '_')
			at[i] = ' ';
	return (struct slice){ at, s.len };
}

static void api_tags(struct text *t, const struct json *list, struct arena *a)
{
	struct slice *tags = arena_array(a, LIMIT_TAGS, sizeof *tags);

	for (list = json_first(list); list; list = json_next(list)) {
		struct slice name = mediawiki_member(list, "category");

		if (!name.at)
			name = mediawiki_member(list, "*");
		if (name.len && t->tag_count < LIMIT_TAGS &&
		    !mediawiki_flag(list, "hidden"))
			tags[t->tag_count++] = spaced(name, a);
	}
	t->tags = tags;
}

static void yield_editor(const struct mediawiki_site *s,
                         const struct mediawiki_page *p, struct record *out,
                         struct arena *a, struct yield *y)
{
	struct buf title = BUF_INIT(LIMIT_NAME), link = BUF_INIT(LIMIT_LINK);

	if (p->user <= 0 || !p->user_name.len) {
		out->author = p->user_name;
		return;
	}
	out->author_id = number_text(p->user, a);
	buf_add(&title, s->user_space);
	buf_byte(&title, ':');
	buf_add(&title, p->user_name);
	mediawiki_site_link(s, buf_slice(&title), &link);
	yield_author(y, out->author_id, p->user_name, buf_slice(&link));
	buf_release(&title);
	buf_release(&link);
}

/* The text of a member of action=parse, in either form of the API. */
static struct slice parse_text(const struct json *parse, const char *name)
{
	const struct json *member = json_get(parse, name);
	struct slice s = { 0 };

	if (!json_text(member, &s))
		s = mediawiki_member(member, "*");
	return s;
}

bool mediawiki_text_api(const struct mediawiki_site *s,
                        const struct mediawiki_page *p,
                        const struct json *parse, const struct reply *r,
                        struct yield *y, struct fault *f)
{
	struct slice html = parse_text(parse, "text");
	struct buf both = BUF_INIT(LIMIT_BODY);
	struct record out = { 0 };
	struct markup page;
	struct text t = { .page = &page,
		          .original = html,
		          .title = mediawiki_member(parse, "title"),
		          .base = p->link };
	bool ok;

	if (!t.base.len) {
		struct buf link = BUF_INIT(LIMIT_LINK);

		mediawiki_site_link(s, t.title, &link);
		t.base = arena_copy(r->arena, buf_slice(&link));
		buf_release(&link);
	}
	if (!html.at || !t.title.len)
		return fault(f, FAULT_INPUT, "mediawiki-parse",
		             "no text in the reply about page %lld",
		             (long long)p->id);
	buf_addf(&both, "<h1 id=%s>", heading_id);
	buf_add(&both, parse_text(parse, "displaytitle"));
	buf_text(&both, "</h1>");
	buf_add(&both, html);
	ok = buf_full(&both)
	             ? fault(f, FAULT_LIMIT, "limit-body",
	                     "the page is over %d MiB", LIMIT_BODY >> 20)
	             : markup_parse(r->parser, buf_slice(&both), r->arena,
	                            &page, f);
	buf_release(&both);
	if (!ok)
		return false;
	t.heading = wiki_tree_id(&page, 0, heading_id);
	t.body = wiki_tree_class(&page, 0, "mw-parser-output");
	if (t.body == MARKUP_NONE)
		t.body = 0;
	api_tags(&t, json_get(parse, "categories"), r->arena);
	if (!write_text(&out, &t, r, f))
		return false;
	out.id = number_text(p->id, r->arena);
	/* Of the listing, as its time and editor are: if the text is newer
	 * than that, the next listing names a revision that was not read. */
	out.revision = p->revision;
	if (p->time.len && clock_read(p->time, &out.modified) && p->fresh)
		out.created = out.modified;
	out.language = p->language.len ? p->language : s->language;
	out.licence = s->licence;
	yield_editor(s, p, &out, r->arena, y);
	yield_record(y, &out);
	return true;
}

enum mediawiki_view mediawiki_view(const struct markup *page)
{
	uint32_t body = wiki_tree_name(page, 0, "body");
	uint32_t text = wiki_tree_id(page, 0, "mw-content-text");
	uint32_t end;

	if (body == MARKUP_NONE || text == MARKUP_NONE)
		return VIEW_OTHER;
	if (!wiki_tree_has_class(page, body, "ns-special"))
		return wiki_tree_class(page, text, "mw-parser-output") ==
		                       MARKUP_NONE
		               ? VIEW_OTHER
		               : VIEW_ARTICLE;
	/* The names of special pages are translated; that one is sent back
	 * after logging in is not. */
	end = markup_end(page, text);
	for (uint32_t i = text; i < end; i++) {
		struct slice to =
		        markup_attribute(page, &page->nodes[i], "href");

		for (; to.len; to = slice_cut(to, 1, to.len))
			if (slice_starts(to, SLICE("returnto=")))
				return VIEW_LOGIN;
	}
	return VIEW_OTHER;
}

static const char *find(struct slice in, struct slice what)
{
	for (; in.len >= what.len; in = slice_cut(in, 1, in.len)) {
		in = slice_cut(in, slice_find(in, what.at[0]), in.len);
		if (slice_starts(in, what))
			return in.at;
	}
	return NULL;
}

/* The value of "name": in the page's own settings, which stand in a script:
 * a number, or a text without escapes. */
static struct slice setting(struct slice body, const char *name)
{
	struct buf key = BUF_INIT(64);
	struct slice value = { 0 };
	const char *found;

	buf_addf(&key, "\"%s\":", name);
	found = find(body, buf_slice(&key));
	if (found) {
		value.at = found + key.len;
		value.len = (size_t)(body.at + body.len - value.at);
		if (slice_starts(value, SLICE("\""))) {
			value = slice_cut(value, 1, value.len);
			value = slice_cut(value, 0, slice_find(value, '"'));
		} else
			value = slice_cut(value, 0, slice_find(value, ','));
	}
	buf_release(&key);
	return value;
}

static void html_tags(struct text *t, struct arena *a)
{
	const struct markup *m = t->page;
	uint32_t from = wiki_tree_id(m, 0, "mw-normal-catlinks"), end, list;
	struct slice *tags = arena_array(a, LIMIT_TAGS, sizeof *tags);
	struct buf name = BUF_INIT(LIMIT_NAME);

	t->tags = tags;
	if (from == MARKUP_NONE)
		return;
	list = wiki_tree_name(m, from, "ul");
	end = list == MARKUP_NONE ? 0 : markup_end(m, list);
	for (uint32_t i = list; i < end && t->tag_count < LIMIT_TAGS; i++) {
		if (!slice_eq(m->nodes[i].name, SLICE("a")))
			continue;
		buf_reset(&name);
		wiki_tree_text(m, i, &name);
		tags[t->tag_count++] = arena_copy(a, buf_slice(&name));
	}
	buf_release(&name);
}

static struct slice html_licence(const struct markup *m)
{
	for (size_t i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];
		struct slice rel;

		if (!slice_eq(n->name, SLICE("link")))
			continue;
		rel = markup_attribute(m, n, "rel");
		if (slice_eq(rel, SLICE("license")) ||
		    slice_eq(rel, SLICE("copyright")))
			return wiki_licence(markup_attribute(m, n, "href"));
	}
	return (struct slice){ 0 };
}

/* A redirect shows the page it leads to, whose own address is this. */
static struct slice html_link(const struct reply *r)
{
	const struct markup *m = r->page;

	for (size_t i = 0; i < m->node_count; i++) {
		struct slice to = markup_attribute(m, &m->nodes[i], "href");

		if (slice_eq(m->nodes[i].name, SLICE("link")) &&
		    slice_eq(markup_attribute(m, &m->nodes[i], "rel"),
		             SLICE("canonical")) &&
		    slice_starts(to, SLICE("http")))
			return to;
	}
	return r->url;
}

bool mediawiki_text_html(const struct mediawiki_site *s, const struct reply *r,
                         struct yield *y, struct fault *f)
{
	const struct markup *m = r->page;
	struct record out = { 0 };
	struct text t = { .page = m,
		          .original = r->body,
		          .base = html_link(r) };
	struct slice id = setting(r->body, "wgArticleId");
	int64_t number = 0, ns = 0;

	slice_number(setting(r->body, "wgNamespaceNumber"), &ns);
	if (!mediawiki_site_has(s, ns))
		return true;

	if (!slice_number(id, &number) || number <= 0)
		return fault(f, FAULT_INPUT, "mediawiki-page",
		             "the page does not say which page it is");
	t.heading = wiki_tree_id(m, 0, "firstHeading");
	t.body = wiki_tree_id(m, 0, "mw-content-text");
	if (t.body != MARKUP_NONE)
		t.body = wiki_tree_class(m, t.body, "mw-parser-output");
	if (t.body == MARKUP_NONE || t.heading == MARKUP_NONE)
		return fault(f, FAULT_INPUT, "mediawiki-page",
		             "the page has no text");
	html_tags(&t, r->arena);
	if (!write_text(&out, &t, r, f))
		return false;
	out.id = id;
	slice_number(setting(r->body, "wgCurRevisionId"), &out.revision);
	out.language = setting(r->body, "wgPageContentLanguage");
	if (!out.language.len)
		out.language = s->language;
	out.licence = html_licence(m);
	yield_record(y, &out);
	return true;
}

/* The API's text stands alone, a page's within its page. */
bool mediawiki_text_again(const struct conf_section *conf,
                          const struct reply *r, struct record *out,
                          struct fault *f)
{
	const struct markup *m = r->page;
	struct text t = { .page = m, .base = r->url, .heading = MARKUP_NONE };
	(void)conf;

	if (!m)
		return fault(f, FAULT_INPUT, "mediawiki-page", "it is no HTML");
	t.body = wiki_tree_id(m, 0, "mw-content-text");
	if (t.body != MARKUP_NONE) {
		t.heading = wiki_tree_id(m, 0, "firstHeading");
		t.body = wiki_tree_class(m, t.body, "mw-parser-output");
	} else {
		t.body = wiki_tree_class(m, 0, "mw-parser-output");
	}
	if (t.body == MARKUP_NONE)
		return fault(f, FAULT_INPUT, "mediawiki-page",
		             "the page has no text");
	return write_text(out, &t, r, f);
}
