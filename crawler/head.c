/*
 * One walk over the tree. What metas are called follows the HTML standard
 * (4.2), Open Graph, schema.org's itemprop and Dublin Core; the first of
 * several counts.
 */

#include "crawler/head.h"

#include "base/clock.h"

/* Of a title or another short text. */
enum { HEAD_TEXT_MOST = 2048 };

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

bool head_same(struct slice a, struct slice b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

static bool blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool head_has(struct slice list, struct slice word)
{
	size_t at = 0, end;

	while (at < list.len) {
		while (at < list.len && blank(list.at[at]))
			at++;
		for (end = at; end < list.len && !blank(list.at[end]);)
			end++;
		if (head_same(slice_cut(list, at, end), word))
			return true;
		at = end;
	}
	return false;
}

/* Room for `most` bytes of folded text. */
struct folded {
	char *at;
	size_t len, most;
	bool gap;
};

/* False: it is full; a character is never cut. */
static bool fold(struct folded *to, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (blank(s.at[i])) {
			to->gap = to->len > 0;
			continue;
		}
		if (to->len + 5 > to->most &&
		    ((unsigned char)s.at[i] & 0xC0) != 0x80)
			return false;
		if (to->gap)
			to->at[to->len++] = ' ';
		to->gap = false;
		to->at[to->len++] = s.at[i];
	}
	return true;
}

static bool unread(struct slice name)
{
	return slice_eq(name, SLICE("script")) ||
	       slice_eq(name, SLICE("style")) ||
	       slice_eq(name, SLICE("template"));
}

struct slice head_text(const struct markup *m, uint32_t n, size_t most,
                       struct arena *a)
{
	uint32_t end = markup_end(m, n), i;
	struct folded to = { .most = most + 8 };
	size_t room = 0;

	for (i = n; i < end && room < most; i++)
		room += m->nodes[i].text.len + 1;
	to.most = (room < most ? room : most) + 8;
	to.at = arena_new(a, to.most);
	for (i = n; i < end; i++) {
		const struct markup_node *node = &m->nodes[i];

		if (node->kind == MARKUP_ELEMENT && unread(node->name)) {
			i = markup_end(m, i) - 1;
			continue;
		}
		if (node->kind == MARKUP_TEXT && !fold(&to, node->text))
			break;
	}
	return (struct slice){ to.at, to.len };
}

static struct slice folded_value(struct slice s, struct arena *a)
{
	struct folded to = { 0 };

	s = slice_cut(s, 0, HEAD_TEXT_MOST);
	to.most = s.len + 8;
	to.at = arena_new(a, to.most);
	fold(&to, s);
	return (struct slice){ to.at, to.len };
}

static void put(struct slice *to, struct slice value, struct arena *a)
{
	if (!to->len)
		*to = folded_value(value, a);
}

/* Some give the address of a page about the author. */
static void put_author(struct head *h, struct slice value, struct arena *a)
{
	struct slice s = slice_trim(value);

	if (!slice_starts(s, SLICE("http://")) &&
	    !slice_starts(s, SLICE("https://")) && !slice_starts(s, SLICE("@")))
		put(&h->author, s, a);
}

/* "pt_BR" is pt-BR; several with commas say of none which. */
static void put_language(struct head *h, struct slice value, struct arena *a)
{
	struct slice s = slice_trim(value);
	char *to = arena_new(a, s.len + 1);
	size_t i;

	if (!s.len || s.len > 35 || slice_find(s, ',') < s.len)
		return;
	for (i = 0; i < s.len; i++)
		to[i] = s.at[i] == '_' ? '-' : s.at[i];
	put(&h->language, (struct slice){ to, s.len }, a);
}

static void put_time(int64_t *to, struct slice value)
{
	int64_t time;
	char text[10];

	if (*to != CLOCK_NONE)
		return;
	value = slice_trim(value);
	/* Of citations: 2024/05/01. */
	if (value.len == 10 && value.at[4] == '/' && value.at[7] == '/') {
		memcpy(text, value.at, 10);
		text[4] = text[7] = '-';
		value = (struct slice){ text, 10 };
	}
	if (clock_read(value, &time))
		*to = time;
}

/* "0; url=/there": where to. A page that only reloads itself later (status
 * pages do) goes nowhere. */
static struct slice refresh_target(struct slice s)
{
	size_t at = slice_find(s, ';');
	int64_t seconds;

	if (at == s.len)
		at = slice_find(s, ',');
	if (!slice_number(slice_trim(slice_cut(s, 0, at)), &seconds) ||
	    seconds < 0 || seconds > 30)
		return (struct slice){ 0 };
	s = slice_trim(slice_cut(s, at + 1, s.len));
	if (!head_same(slice_cut(s, 0, 3), SLICE("url")))
		return (struct slice){ 0 };
	s = slice_trim(slice_cut(s, 3, s.len));
	if (!s.len || s.at[0] != '=')
		return (struct slice){ 0 };
	s = slice_trim(slice_cut(s, 1, s.len));
	if (s.len > 1 && (s.at[0] == '\'' || s.at[0] == '"'))
		s = slice_cut(s, 1,
		              1 + slice_find(slice_cut(s, 1, s.len), s.at[0]));
	return s;
}

enum meta {
	META_TITLE,
	META_SITE,
	META_GENERATOR,
	META_DESCRIPTION,
	META_LANGUAGE,
	META_AUTHOR,
	META_CREATED,
	META_MODIFIED,
	META_REFRESH,
};

static const struct {
	const char *name;
	enum meta meta;
} metas[] = {
	{ "og:title", META_TITLE },
	{ "twitter:title", META_TITLE },
	{ "og:site_name", META_SITE },
	{ "application-name", META_SITE },
	{ "generator", META_GENERATOR },
	{ "description", META_DESCRIPTION },
	{ "og:description", META_DESCRIPTION },
	{ "content-language", META_LANGUAGE },
	{ "dc.language", META_LANGUAGE },
	{ "dcterms.language", META_LANGUAGE },
	{ "og:locale", META_LANGUAGE },
	{ "author", META_AUTHOR },
	{ "article:author", META_AUTHOR },
	{ "article:author_name", META_AUTHOR },
	{ "citation_author", META_AUTHOR },
	{ "dc.creator", META_AUTHOR },
	{ "dcterms.creator", META_AUTHOR },
	{ "parsely-author", META_AUTHOR },
	{ "sailthru.author", META_AUTHOR },
	{ "byl", META_AUTHOR },
	{ "article:published_time", META_CREATED },
	{ "article:published", META_CREATED },
	{ "og:published_time", META_CREATED },
	{ "datepublished", META_CREATED },
	{ "citation_publication_date", META_CREATED },
	{ "citation_online_date", META_CREATED },
	{ "parsely-pub-date", META_CREATED },
	{ "sailthru.date", META_CREATED },
	{ "pubdate", META_CREATED },
	{ "publish-date", META_CREATED },
	{ "publication_date", META_CREATED },
	{ "date", META_CREATED },
	{ "dc.date.issued", META_CREATED },
	{ "dcterms.issued", META_CREATED },
	{ "dcterms.date", META_CREATED },
	{ "dc.date", META_CREATED },
	{ "dcterms.created", META_CREATED },
	{ "article:modified_time", META_MODIFIED },
	{ "og:updated_time", META_MODIFIED },
	{ "datemodified", META_MODIFIED },
	{ "last-modified", META_MODIFIED },
	{ "dcterms.modified", META_MODIFIED },
	{ "refresh", META_REFRESH },
};

static void read_meta(struct head *h, enum meta meta, struct slice value,
                      struct arena *a)
{
	switch (meta) {
	case META_TITLE:
		put(&h->og_title, value, a);
		break;
	case META_SITE:
		put(&h->site, value, a);
		break;
	case META_GENERATOR:
		put(&h->generator, value, a);
		break;
	case META_DESCRIPTION:
		put(&h->description, value, a);
		break;
	case META_LANGUAGE:
		put_language(h, value, a);
		break;
	case META_AUTHOR:
		put_author(h, value, a);
		break;
	case META_CREATED:
		put_time(&h->created, value);
		break;
	case META_MODIFIED:
		put_time(&h->modified, value);
		break;
	case META_REFRESH:
		if (!h->refresh.len)
			h->refresh = refresh_target(value);
		break;
	}
}

static struct slice meta_name(const struct markup *m,
                              const struct markup_node *n)
{
	static const char *const names[] = { "name", "property", "itemprop",
		                             "http-equiv" };
	struct slice s = { 0 };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !s.len; i++)
		s = slice_trim(markup_attribute(m, n, names[i]));
	return s;
}

static void enter_meta(struct head *h, const struct markup *m,
                       const struct markup_node *n, struct arena *a)
{
	struct slice name = meta_name(m, n);
	size_t i;

	for (i = 0; i < sizeof(metas) / sizeof(metas[0]); i++)
		if (head_same(name, slice_of(metas[i].name)))
			read_meta(h, metas[i].meta,
			          markup_attribute(m, n, "content"), a);
}

/* Where documentation generators say when its file was changed. */
static bool is_update(const struct markup *m, uint32_t n)
{
	static const char *const classes[] = {
		"last-updated",       "lastupdated",       "VPLastUpdated",
		"theme-last-updated", "last-modified",     "lastmod",
		"post-modified",      "git-revision-date",
	};
	int level;
	size_t i;

	for (level = 0; level < 3 && n != MARKUP_NONE; level++) {
		struct slice class = markup_attribute(m, &m->nodes[n], "class");

		for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
			if (head_has(class, slice_of(classes[i])))
				return true;
		n = m->nodes[n].parent;
	}
	return false;
}

/* <time> that says it is the page's: a listing has many others. */
static void enter_time(struct head *h, const struct markup *m,
                       const struct markup_node *n)
{
	struct slice when = markup_attribute(m, n, "datetime");
	struct slice prop = markup_attribute(m, n, "itemprop");
	struct slice class = markup_attribute(m, n, "class");

	if (head_has(prop, SLICE("dateModified")) ||
	    head_has(class, SLICE("updated")) || is_update(m, n->parent))
		put_time(&h->modified, when);
	else if (head_has(prop, SLICE("datePublished")) ||
	         head_has(class, SLICE("published")) ||
	         head_has(class, SLICE("entry-date")))
		put_time(&h->created, when);
}

/* "CC-BY-SA-4.0" of https://creativecommons.org/licenses/by-sa/4.0/deed.de;
 * empty for anything else. */
static struct slice licence_of(struct slice href, struct arena *a)
{
	static const char *const heads[] = { "https://creativecommons.org/",
		                             "http://creativecommons.org/",
		                             "https://www.creativecommons.org/",
		                             "//creativecommons.org/" };
	struct slice rest = { 0 }, kind, version;
	char *name;
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]) && !rest.len; i++)
		if (slice_starts(href, slice_of(heads[i])))
			rest = slice_cut(href, strlen(heads[i]), href.len);
	if (slice_starts(rest, SLICE("publicdomain/zero/1.0")))
		return SLICE("CC0-1.0");
	if (!slice_starts(rest, SLICE("licenses/")))
		return (struct slice){ 0 };
	rest = slice_cut(rest, 9, rest.len);
	kind = slice_cut(rest, 0, slice_find(rest, '/'));
	rest = slice_cut(rest, kind.len + 1, rest.len);
	version = slice_cut(rest, 0, slice_find(rest, '/'));
	if (!kind.len || kind.len > 8 || version.len != 3)
		return (struct slice){ 0 };
	name = arena_new(a, kind.len + 8);
	memcpy(name, "CC-", 3);
	for (i = 0; i < kind.len; i++) {
		name[3 + i] = upper(kind.at[i]);
		if (name[3 + i] != '-' &&
		    (name[3 + i] < 'A' || name[3 + i] > 'Z'))
			return (struct slice){ 0 };
	}
	if (version.at[1] != '.')
		return (struct slice){ 0 };
	name[3 + i] = '-';
	memcpy(name + 4 + i, version.at, 3);
	return (struct slice){ name, kind.len + 7 };
}

/* Two that differ say nothing of the page: one may be a picture's. */
static void enter_licence(struct head *h, const struct markup *m,
                          const struct markup_node *n, struct arena *a)
{
	struct slice rel = markup_attribute(m, n, "rel"), licence;

	if (!head_has(rel, SLICE("license")))
		return;
	licence = licence_of(slice_trim(markup_attribute(m, n, "href")), a);
	if (!h->licence.at)
		h->licence = licence;
	else if (!slice_eq(h->licence, licence))
		h->licence = SLICE("");
}

static void enter_link(struct head *h, const struct markup *m,
                       const struct markup_node *n, struct arena *a)
{
	struct slice rel = markup_attribute(m, n, "rel");

	enter_licence(h, m, n, a);
	if (head_has(rel, SLICE("modulepreload")) ||
	    head_same(markup_attribute(m, n, "as"), SLICE("script")))
		h->scripts++;
	if (!h->canonical.len && head_has(rel, SLICE("canonical")))
		h->canonical = slice_trim(markup_attribute(m, n, "href"));
}

static void enter_element(struct head *h, const struct markup *m, uint32_t n,
                          struct arena *a)
{
	const struct markup_node *node = &m->nodes[n];
	struct slice name = node->name;

	if (slice_eq(name, SLICE("meta")))
		enter_meta(h, m, node, a);
	else if (slice_eq(name, SLICE("link")))
		enter_link(h, m, node, a);
	else if (slice_eq(name, SLICE("a")))
		enter_licence(h, m, node, a);
	else if (slice_eq(name, SLICE("title")) && !h->title.len &&
	         h->body == MARKUP_NONE)
		h->title = head_text(m, n, HEAD_TEXT_MOST, a);
	else if (slice_eq(name, SLICE("base")) && !h->base.len)
		h->base = slice_trim(markup_attribute(m, node, "href"));
	else if (slice_eq(name, SLICE("body")) && h->body == MARKUP_NONE)
		h->body = n;
	else if (slice_eq(name, SLICE("h1")) && h->h1 == MARKUP_NONE)
		h->h1 = n;
	else if (slice_eq(name, SLICE("time")))
		enter_time(h, m, node);
	else if (slice_eq(name, SLICE("script")))
		h->scripts++;
}

void head_read(struct head *h, const struct markup *m, struct arena *a)
{
	uint32_t noscript = 0, i;

	*h = (struct head){
		.created = CLOCK_NONE,
		.modified = CLOCK_NONE,
		.h1 = MARKUP_NONE,
		.body = MARKUP_NONE,
	};
	if (m->node_count)
		put_language(h, markup_attribute(m, &m->nodes[0], "lang"), a);
	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];

		if (n->kind == MARKUP_ELEMENT)
			enter_element(h, m, i, a);
		else if (i < noscript && slice_trim(n->text).len)
			h->noscript = true;
		if (i >= noscript && slice_eq(n->name, SLICE("noscript")))
			noscript = markup_end(m, i);
	}
}
