/*
 * Addresses are searched for pieces, without regard to case: in a piece, '#'
 * stands for a digit, and '|' at its end for the end of a word.
 */

#include "crawler/extract/page_signs.h"

#include "crawler/head.h"

struct piece {
	const char *text;
	enum page_sign sign;
};

static const struct piece pieces[] = {
	{ "/t/", SIGN_URL_THREAD },
	{ "thread", SIGN_URL_THREAD },
	{ "topic", SIGN_URL_THREAD },
	{ "forum", SIGN_URL_THREAD },
	{ "discuss", SIGN_URL_THREAD },
	{ "questions/", SIGN_URL_THREAD },
	{ "/comments/", SIGN_URL_THREAD },
	{ "community", SIGN_URL_THREAD },
	{ "board|", SIGN_URL_THREAD },
	{ "boards|", SIGN_URL_THREAD },
	{ "doc|", SIGN_URL_DOCUMENTATION },
	{ "docs|", SIGN_URL_DOCUMENTATION },
	{ "wiki", SIGN_URL_DOCUMENTATION },
	{ "documentation", SIGN_URL_DOCUMENTATION },
	{ "manual", SIGN_URL_DOCUMENTATION },
	{ "reference", SIGN_URL_DOCUMENTATION },
	{ "/api", SIGN_URL_DOCUMENTATION },
	{ "guide", SIGN_URL_DOCUMENTATION },
	{ "learn", SIGN_URL_DOCUMENTATION },
	{ "tutorial", SIGN_URL_DOCUMENTATION },
	{ "readthedocs", SIGN_URL_DOCUMENTATION },
	{ "/help", SIGN_URL_DOCUMENTATION },
	{ "/product/", SIGN_URL_PRODUCT },
	{ "/products/", SIGN_URL_PRODUCT },
	{ "/p/", SIGN_URL_PRODUCT },
	{ "/dp/", SIGN_URL_PRODUCT },
	{ "/itm/", SIGN_URL_PRODUCT },
	{ "/item", SIGN_URL_PRODUCT },
	{ "buy", SIGN_URL_PRODUCT },
	{ "/collection/", SIGN_URL_COLLECTION },
	{ "/collections/", SIGN_URL_COLLECTION },
	{ "/category", SIGN_URL_COLLECTION },
	{ "/c/", SIGN_URL_COLLECTION },
	{ "/shop", SIGN_URL_COLLECTION },
	{ "/browse", SIGN_URL_COLLECTION },
	{ "catalog", SIGN_URL_COLLECTION },
	{ "/blog", SIGN_URL_ARTICLE },
	{ "/news", SIGN_URL_ARTICLE },
	{ "/article", SIGN_URL_ARTICLE },
	{ "/post", SIGN_URL_ARTICLE },
	{ "/20##/", SIGN_URL_ARTICLE },
	{ "/service/", SIGN_URL_SERVICE },
	{ "/services/", SIGN_URL_SERVICE },
	{ "/solution/", SIGN_URL_SERVICE },
	{ "/solutions/", SIGN_URL_SERVICE },
	{ "/features", SIGN_URL_SERVICE },
	{ "/platform", SIGN_URL_SERVICE },
	{ "/pricing", SIGN_URL_SERVICE },
	{ "list", SIGN_URL_LIST },
	{ "/tag", SIGN_URL_LIST },
	{ "/archive", SIGN_URL_LIST },
	{ "directory", SIGN_URL_LIST },
	{ "/search", SIGN_URL_LIST },
	{ "course|", SIGN_URL_LIST },
	{ "courses|", SIGN_URL_LIST },
	{ "/jobs", SIGN_URL_LIST },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool in_word(char c)
{
	c = lower(c);
	return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z');
}

static bool fits(struct slice s, const char *piece)
{
	size_t i;

	for (i = 0; piece[i]; i++) {
		if (piece[i] == '|')
			return i >= s.len || !in_word(s.at[i]);
		if (i >= s.len ||
		    (piece[i] == '#' ? !is_digit(s.at[i])
		                     : piece[i] != lower(s.at[i])))
			return false;
	}
	return true;
}

static void read_url(struct page_signs *out, struct slice url)
{
	size_t at, i;

	for (at = 0; at < url.len; at++)
		for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
			if (pieces[i].text[0] == lower(url.at[at]) &&
			    fits(slice_cut(url, at, url.len), pieces[i].text))
				out->is[pieces[i].sign] = true;
}

static void take_type(struct page_signs *out, struct slice type)
{
	static const struct piece types[] = {
		{ "Product", SIGN_DATA_PRODUCT },
		{ "Article", SIGN_DATA_ARTICLE },
		{ "DiscussionForumPosting", SIGN_DATA_THREAD },
		{ "QAPage", SIGN_DATA_QUESTION },
		{ "ItemList", SIGN_DATA_LIST },
		{ "CollectionPage", SIGN_DATA_COLLECTION },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_eq(type, slice_of(types[i].text)))
			out->is[types[i].sign] = true;
}

/* Each string behind "@type":, or the first of a list of them. Whether the
 * rest is JSON does not matter. */
static void read_data(struct page_signs *out, struct slice s)
{
	static const char key[] = "\"@type\"";
	size_t at = 0;

	while (at < s.len) {
		size_t i = at + slice_find(slice_cut(s, at, s.len), '"'), from;

		at = i + 1;
		if (!slice_starts(slice_cut(s, i, s.len), slice_of(key)))
			continue;
		for (i += sizeof(key) - 1;
		     i < s.len && (strchr(" \t\r\n:[", s.at[i]) && s.at[i]);)
			i++;
		if (i >= s.len || s.at[i] != '"')
			continue;
		from = ++i;
		i += slice_find(slice_cut(s, i, s.len), '"');
		take_type(out, slice_cut(s, from, i));
		at = i;
	}
}

static bool holds(struct slice s, const char *word)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (fits(slice_cut(s, i, s.len), word))
			return true;
	return false;
}

static void read_generator(struct page_signs *out, struct slice s)
{
	static const char *const writers[] = {
		"mediawiki",   "sphinx",   "mkdocs",    "docusaurus",
		"gitbook",     "javadoc",  "rustdoc",   "mdbook",
		"readthedocs", "dokuwiki", "confluence"
	};
	size_t i;

	s = slice_cut(s, 0, 200);
	for (i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (holds(s, writers[i]))
			out->documentation = true;
}

static void read_meta(struct page_signs *out, const struct markup *m,
                      const struct markup_node *n)
{
	struct slice content = markup_attribute(m, n, "content");

	if (head_same(markup_attribute(m, n, "name"), SLICE("generator")))
		read_generator(out, content);
	if (!head_same(markup_attribute(m, n, "property"), SLICE("og:type")))
		return;
	if (fits(content, "article"))
		out->is[SIGN_GRAPH_ARTICLE] = true;
	if (fits(content, "product"))
		out->is[SIGN_GRAPH_PRODUCT] = true;
}

void page_signs_read(struct page_signs *out, const struct markup *m,
                     struct slice url)
{
	uint32_t i;

	*out = (struct page_signs){ 0 };
	read_url(out, slice_cut(url, 0, 2048));
	out->documentation = out->is[SIGN_URL_DOCUMENTATION];
	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];
		char c = n->name.len ? n->name.at[0] : 0;

		if (c == 'm' && slice_eq(n->name, SLICE("meta")))
			read_meta(out, m, n);
		if ((c != 's' && c != 't') || n->first == MARKUP_NONE)
			continue;
		if (slice_eq(n->name, SLICE("script")) &&
		    head_same(markup_attribute(m, n, "type"),
		              SLICE("application/ld+json")))
			read_data(out, m->nodes[n->first].text);
		if (slice_eq(n->name, SLICE("title")) && !out->title.len)
			out->title = m->nodes[n->first].text;
	}
}
