/* One walk over the tree for the count, one for the links. */

#include "crawler/links.h"

#include "base/limits.h"
#include "crawler/head.h"

/* Whether it leads to another page as far as its first bytes tell. */
static bool leads(struct slice href)
{
	static const char *const nowhere[] = {
		"javascript:", "mailto:", "tel:", "data:", "vbscript:",
		"blob:",       "about:",  "sms:", "file:"
	};
	size_t i;

	if (!href.len || href.at[0] == '#' || href.len > LIMIT_LINK)
		return false;
	for (i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		if (head_same(slice_cut(href, 0, strlen(nowhere[i])),
		              slice_of(nowhere[i])))
			return false;
	return true;
}

static bool is_feed(struct slice type)
{
	static const char *const types[] = { "application/rss+xml",
		                             "application/atom+xml",
		                             "application/rdf+xml",
		                             "application/feed+json" };
	size_t i;

	type = slice_trim(slice_cut(type, 0, slice_find(type, ';')));
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (head_same(type, slice_of(types[i])))
			return true;
	return false;
}

/* What a <link> is to us. False: nothing. */
static bool link_counts(const struct markup *m, const struct markup_node *n,
                        struct slice rel, unsigned *flags)
{
	if (head_has(rel, SLICE("alternate"))) {
		*flags |= PAGE_LINK_FEED;
		return is_feed(markup_attribute(m, n, "type"));
	}
	return head_has(rel, SLICE("next")) || head_has(rel, SLICE("prev")) ||
	       head_has(rel, SLICE("canonical"));
}

static bool read_link(const struct markup *m, const struct markup_node *n,
                      struct page_link *out)
{
	bool anchor = slice_eq(n->name, SLICE("a")) ||
	              slice_eq(n->name, SLICE("area"));
	struct slice rel;

	if (!anchor && !slice_eq(n->name, SLICE("link")))
		return false;
	*out = (struct page_link){ .href = slice_trim(
		                           markup_attribute(m, n, "href")) };
	if (!leads(out->href))
		return false;
	rel = markup_attribute(m, n, "rel");
	if (!rel.len)
		return anchor;
	if (head_has(rel, SLICE("nofollow")) ||
	    head_has(rel, SLICE("sponsored")) || head_has(rel, SLICE("ugc")))
		out->flags |= PAGE_LINK_NOFOLLOW;
	return anchor || link_counts(m, n, rel, &out->flags);
}

size_t links_find(const struct markup *m, struct arena *a,
                  struct page_link **out, bool *more)
{
	struct page_link link;
	size_t count = 0, room = 0;
	uint32_t i;

	for (i = 0; i < m->node_count && room < LIMIT_PAGE_LINKS; i++)
		room += m->nodes[i].attribute_count > 0;
	*out = arena_array(a, room, sizeof(**out));
	*more = false;
	for (i = 0; i < m->node_count; i++) {
		if (!m->nodes[i].attribute_count ||
		    !read_link(m, &m->nodes[i], &link))
			continue;
		if (count == LIMIT_PAGE_LINKS) {
			*more = true;
			break;
		}
		(*out)[count++] = link;
	}
	return count;
}
