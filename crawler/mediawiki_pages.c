/* Links of a wiki's own pages, told apart from all others by their classes. */

#include "crawler/mediawiki_pages.h"

#include "base/limits.h"
#include "base/net/url.h"
#include "crawler/wiki_tree.h"

/* Its feed of changes is there. */
struct slice mediawiki_pages_script(const struct markup *m, struct arena *a)
{
	for (size_t i = 0; i < m->node_count; i++) {
		struct slice to = { 0 };

		if (slice_eq(m->nodes[i].name, SLICE("link")) &&
		    slice_eq(markup_attribute(m, &m->nodes[i], "type"),
		             SLICE("application/atom+xml")))
			to = markup_attribute(m, &m->nodes[i], "href");
		to = slice_cut(to, 0, slice_find(to, '?'));
		if (slice_ends(to, SLICE("/index.php")))
			return arena_copy(a, to);
	}
	return (struct slice){ 0 };
}

bool mediawiki_pages_resolve(const struct reply *r, struct slice to,
                             struct buf *out, struct fault *f)
{
	struct url base = URL_INIT, u = URL_INIT;
	bool ok = url_parse(&base, r->url, NULL, f) &&
	          url_parse(&u, to, &base, f);

	if (ok)
		buf_add(out, url_bare(&u));
	url_release(&base);
	url_release(&u);
	return ok;
}

static void ask_page(struct yield *y, struct slice url, uint32_t tag)
{
	yield_ask(y,
	          &(struct ask){ .url = url, .tag = tag, .flags = ASK_PAGE });
}

/* Asks for what the links below `root` of the page lead to. */
static bool ask_links(const struct reply *r, uint32_t root, uint32_t tag,
                      struct yield *y, struct fault *f)
{
	uint32_t end = markup_end(r->page, root);
	struct buf url = BUF_INIT(LIMIT_LINK);
	bool ok = true;

	for (uint32_t i = root; ok && i < end; i++) {
		struct slice to =
		        markup_attribute(r->page, &r->page->nodes[i], "href");

		if (!slice_eq(r->page->nodes[i].name, SLICE("a")) || !to.len)
			continue;
		buf_reset(&url);
		ok = mediawiki_pages_resolve(r, to, &url, f);
		if (ok)
			ask_page(y, buf_slice(&url), tag);
	}
	buf_release(&url);
	return ok;
}

bool mediawiki_pages_index(const struct reply *r, uint32_t index,
                           uint32_t article, struct yield *y, struct fault *f)
{
	uint32_t list = wiki_tree_class(r->page, 0, "mw-allpages-body");
	uint32_t more = wiki_tree_class(r->page, 0, "mw-allpages-nav");

	/* Forwards and backwards: as pages they are visited once in a run. */
	if (more != MARKUP_NONE && !ask_links(r, more, index, y, f))
		return false;
	return list == MARKUP_NONE || ask_links(r, list, article, y, f);
}

/* A link to another page of the wiki: those have a title, which links out of
 * it, and those to images, have not. */
static bool is_wiki_link(const struct markup *m, uint32_t n)
{
	const struct markup_node *node = &m->nodes[n];
	struct slice to = markup_attribute(m, node, "href");

	return slice_eq(node->name, SLICE("a")) && to.len &&
	       markup_attribute(m, node, "title").len &&
	       !wiki_tree_has_class(m, n, "new") &&
	       !wiki_tree_has_class(m, n, "extiw") &&
	       !wiki_tree_has_class(m, n, "external") &&
	       !wiki_tree_has_class(m, n, "image") &&
	       slice_find(to, '?') == to.len;
}

/* The lists of all pages are closed to robots in most wikis; what articles
 * link to is not. */
bool mediawiki_pages_follow(const struct reply *r, uint32_t article,
                            struct yield *y, struct fault *f)
{
	struct url base = URL_INIT, u = URL_INIT;
	uint32_t at = wiki_tree_id(r->page, 0, "mw-content-text");
	uint32_t end = at == MARKUP_NONE ? 0 : markup_end(r->page, at);
	bool ok = url_parse(&base, r->url, NULL, f);
	struct fault ignored;

	for (; ok && at < end; at++)
		if (is_wiki_link(r->page, at) &&
		    url_parse(&u,
		              markup_attribute(r->page, &r->page->nodes[at],
		                               "href"),
		              &base, &ignored) &&
		    url_same_origin(&u, &base))
			ask_page(y, url_bare(&u), article);
	url_release(&base);
	url_release(&u);
	return ok;
}
