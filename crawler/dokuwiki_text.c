/*
 * The first heading is the title and leaves the text. What DokuWiki adds for
 * browsers (edit buttons, the table of contents) is left out; links to pages
 * that nobody has written, to footnotes and to "download this snippet" are
 * only their text. Tags are links with rel=tag, as the tag plugin makes them.
 */

#include "crawler/dokuwiki_text.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/markdown.h"
#include "crawler/content.h"
#include "crawler/wiki_licence.h"
#include "crawler/wiki_tree.h"

/* What changes in this file changes what is stored. */

void dokuwiki_page_write(const struct dokuwiki_page *p, struct buf *out)
{
	buf_add(out, p->id);
	buf_addf(out, "\n%lld\n", (long long)p->revision);
	buf_add(out, p->author);
}

bool dokuwiki_page_read(struct dokuwiki_page *p, struct slice note)
{
	struct slice number;

	p->id = slice_cut(note, 0, slice_find(note, '\n'));
	note = slice_cut(note, p->id.len + 1, note.len);
	number = slice_cut(note, 0, slice_find(note, '\n'));
	p->author = slice_cut(note, number.len + 1, note.len);
	return p->id.len && slice_number(number, &p->revision);
}

/* "code bash", "code file python": the word that is not DokuWiki's own. */
static struct slice language_of(struct slice classes)
{
	struct slice word = { 0 }, last = { 0 };

	while ((classes = slice_trim(classes)).len) {
		word = slice_cut(classes, 0, slice_find(classes, ' '));
		classes = slice_cut(classes, word.len, classes.len);
		if (!slice_eq(word, SLICE("code")) &&
		    !slice_eq(word, SLICE("file")))
			last = word;
	}
	return last;
}

static bool is_word(struct slice words, struct slice wanted)
{
	while ((words = slice_trim(words)).len) {
		struct slice word = slice_cut(words, 0, slice_find(words, ' '));

		words = slice_cut(words, word.len, words.len);
		if (slice_eq(word, wanted))
			return true;
	}
	return false;
}

static bool is_tag(const struct markup *m, uint32_t n)
{
	const struct markup_node *node = &m->nodes[n];

	return slice_eq(node->name, SLICE("a")) &&
	       is_word(markup_attribute(m, node, "rel"), SLICE("tag"));
}

static bool is_plain_link(const struct markup *m, uint32_t n)
{
	struct slice to = markup_attribute(m, &m->nodes[n], "href");

	if (wiki_tree_has_class(m, n, "wikilink2") ||
	    wiki_tree_has_class(m, n, "fn_top") ||
	    wiki_tree_has_class(m, n, "fn_bot"))
		return true;
	to = slice_cut(to, slice_find(to, '?'), to.len);
	return slice_starts(to, SLICE("?do=export_code"));
}

static enum wiki_tree_fate text_rule(const struct markup *m, uint32_t n,
                                     struct slice *language)
{
	static const char *const chrome[] = { "secedit",
		                              "editbutton_section",
		                              "editbutton_table",
		                              "tags",
		                              "toc",
		                              NULL };
	const struct markup_node *node = &m->nodes[n];

	if (slice_eq(node->name, SLICE("pre"))) {
		*language = language_of(markup_attribute(m, node, "class"));
		return language->len ? TREE_CODE : TREE_KEEP;
	}
	if (slice_eq(node->name, SLICE("a")))
		return is_plain_link(m, n) ? TREE_UNWRAP : TREE_KEEP;
	/* They would make every item a paragraph of its own. */
	if (wiki_tree_has_class(m, n, "li") ||
	    (wiki_tree_has_class(m, n, "content") &&
	     wiki_tree_has_class(m, node->parent, "fn")))
		return TREE_UNWRAP;
	if (slice_eq(markup_attribute(m, node, "id"), SLICE("dw__toc")))
		return TREE_DROP;
	for (size_t i = 0; chrome[i]; i++)
		if (wiki_tree_has_class(m, n, chrome[i]))
			return TREE_DROP;
	return TREE_KEEP;
}

/* The first heading of any level. */
static uint32_t find_heading(const struct markup *m, uint32_t root)
{
	uint32_t end = markup_end(m, root);

	for (uint32_t i = root; i < end; i++) {
		struct slice name = m->nodes[i].name;

		if (name.len == 2 && name.at[0] == 'h' && name.at[1] >= '1' &&
		    name.at[1] <= '6')
			return i;
	}
	return MARKUP_NONE;
}

/* "ops:disk_full" as "disk full". */
static struct slice title_of_id(struct slice id, struct arena *a)
{
	size_t from = id.len;
	char *at;

	while (from && id.at[from - 1] != ':')
		from--;
	at = (char *)(uintptr_t)arena_copy(a, slice_cut(id, from, id.len)).at;
	for (size_t i = 0; i < id.len - from; i++)
		if (at[i] == '_')
			at[i] = ' ';
	return (struct slice){ at, id.len - from };
}

static void read_tags(const struct markup *m, uint32_t root, struct arena *a,
                      struct record *out)
{
	uint32_t end = markup_end(m, root);
	struct slice *tags = arena_array(a, LIMIT_TAGS, sizeof *tags);
	struct buf name = BUF_INIT(LIMIT_NAME);

	for (uint32_t i = root; i < end && out->tag_count < LIMIT_TAGS; i++) {
		if (!is_tag(m, i))
			continue;
		buf_reset(&name);
		wiki_tree_text(m, i, &name);
		if (name.len)
			tags[out->tag_count++] =
			        arena_copy(a, buf_slice(&name));
	}
	out->tags = tags;
	buf_release(&name);
}

/* What both ways have in common; the rest of *out is filled in. */
static bool write_text(struct record *out, const struct markup *page,
                       uint32_t root, const struct reply *r, struct fault *f)
{
	uint32_t heading = find_heading(page, root);
	struct markup kept =
	        wiki_tree_prune(page, root, heading, text_rule, r->arena);
	struct buf b = BUF_INIT(LIMIT_TEXT);
	bool ok;

	if (heading != MARKUP_NONE)
		wiki_tree_text(page, heading, &b);
	out->title = b.len ? arena_copy(r->arena, buf_slice(&b))
	                   : title_of_id(out->id, r->arena);
	buf_reset(&b);
	markdown_write(&kept, out->link, &b);
	out->content = arena_copy(r->arena, buf_slice(&b));
	ok = !buf_full(&b);
	buf_release(&b);
	if (!ok)
		return fault(f, FAULT_LIMIT, "limit-text",
		             "the page's text is over %d MiB",
		             LIMIT_TEXT >> 20);
	read_tags(page, root, r->arena, out);
	out->kind = RECORD_PAGE;
	out->original_type = SLICE("text/html");
	out->extractor = DOKUWIKI_EXTRACTOR;
	out->flags = page->truncated ? RECORD_TRUNCATED : 0;
	return true;
}

bool dokuwiki_text_api(const struct dokuwiki_page *p, struct slice html,
                       struct slice link, const struct reply *r,
                       struct yield *y, struct fault *f)
{
	struct record out = { .id = p->id,
		              .link = link,
		              .original = html,
		              .created = CLOCK_NONE,
		              .modified = CLOCK_NONE,
		              .closed = CLOCK_NONE };
	struct markup page;

	if (!markup_parse(r->parser, html, r->arena, &page, f) ||
	    !write_text(&out, &page, 0, r, f))
		return false;
	out.author = p->author;
	out.revision = p->revision;
	if (p->revision > 0)
		out.modified = p->revision * 1000;
	yield_record(y, &out);
	return true;
}

/* The element to which every template gives the names of what it shows. */
static uint32_t find_state(const struct markup *m)
{
	for (uint32_t i = 0; i < m->node_count; i++)
		if (wiki_tree_has_class(m, i, "dokuwiki") &&
		    wiki_tree_class_rest(m, i, "mode_").len)
			return i;
	return MARKUP_NONE;
}

enum dokuwiki_view dokuwiki_view(const struct reply *r)
{
	uint32_t state = r->page ? find_state(r->page) : MARKUP_NONE;
	struct slice mode;

	if (state == MARKUP_NONE)
		return DOKUWIKI_OTHER;
	if (wiki_tree_has_class(r->page, state, "notFound"))
		return DOKUWIKI_MISSING;
	mode = wiki_tree_class_rest(r->page, state, "mode_");
	if (slice_eq(mode, SLICE("denied")) || slice_eq(mode, SLICE("login")))
		return DOKUWIKI_DENIED;
	return slice_eq(mode, SLICE("show")) || slice_eq(mode, SLICE("index"))
	               ? DOKUWIKI_SHOWN
	               : DOKUWIKI_OTHER;
}

static struct slice html_licence(const struct markup *m)
{
	for (size_t i = 0; i < m->node_count; i++)
		if (is_word(markup_attribute(m, &m->nodes[i], "rel"),
		            SLICE("license")))
			return wiki_licence(
			        markup_attribute(m, &m->nodes[i], "href"));
	return (struct slice){ 0 };
}

/* The container of the standard template, else what looks like one. */
static uint32_t find_body(const struct reply *r)
{
	uint32_t at = wiki_tree_id(r->page, 0, "dokuwiki__content");
	struct content c;

	if (at != MARKUP_NONE)
		at = wiki_tree_class(r->page, at, "page");
	if (at != MARKUP_NONE)
		return at;
	content_find(&c, r->page, r->url, NULL, r->arena);
	return c.node;
}

bool dokuwiki_text_html(struct slice id, struct slice link,
                        const struct reply *r, struct yield *y, struct fault *f)
{
	struct record out = { .id = id,
		              .link = link,
		              .original = r->body,
		              .created = CLOCK_NONE,
		              .modified = CLOCK_NONE,
		              .closed = CLOCK_NONE };

	if (!write_text(&out, r->page, find_body(r), r, f))
		return false;
	out.licence = html_licence(r->page);
	/* The page does not say when it was edited, in words that programs
	 * can read; but not after it was fetched. */
	out.revision = r->time / 1000;
	yield_record(y, &out);
	return true;
}

/* The API's text stands alone, a page's within its page. */
bool dokuwiki_text_again(const struct conf_section *conf, const struct reply *r,
                         struct record *out, struct fault *f)
{
	(void)conf;
	if (!r->page)
		return fault(f, FAULT_INPUT, "dokuwiki-page", "it is no HTML");
	out->link = r->url;
	return write_text(out, r->page,
	                  find_state(r->page) == MARKUP_NONE ? 0 : find_body(r),
	                  r, f);
}
