/*
 * Any web site: links are followed within its scope, and the main part of each
 * page becomes a record.
 *
 * A page is known by its address without scheme, in one spelling: the one it
 * calls canonical if that is a page of the site's too, else the one it was
 * found at. A page that names another as canonical is no record; the other is
 * asked for instead.
 */

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/net/url.h"
#include "base/text/markdown.h"
#include "crawler/links.h"
#include "crawler/page.h"
#include "crawler/scope.h"
#include "crawler/source.h"

/* Of what makes `content` from an original. */
enum { SITE_EXTRACTOR = 100 + MARKDOWN_VERSION };

struct site {
	struct scope *scope;
	struct content_select select;
	bool selects, secrets;
	struct slice language;
	int64_t pages;    /* ceiling; 0: none */
	struct map asked; /* with a ceiling: hashes of what was asked for */
	struct map seen;  /* addresses on the page at hand */
	struct url url, base, link;
	struct buf text, markdown;
	int64_t crowded; /* events said about addresses that are alike */
};

static const struct conf_key site_keys[] = {
	{ "url", NULL, "where to start; several separated by blanks" },
	{ "space", "", "space of the records; default: host and path of url" },
	{ "hosts", "", "further hosts; *.example.org for all below it" },
	{ "below", "yes",
	  "yes: pages below the path of url; no: whole hosts; "
	  "or a path" },
	{ "include", "",
	  "only addresses one of these patterns matches, "
	  "instead of below" },
	{ "exclude", "", "no addresses one of these patterns matches" },
	{ "depth", "", "links followed from url; default: any number" },
	{ "query", "keep", "keep, drop, or names of parameters to keep" },
	{ "pattern-most", "10000",
	  "addresses alike but for numbers and "
	  "parameters" },
	{ "pages", "", "pages asked for in one run; default: all" },
	{ "language", "", "language of pages that do not say theirs" },
	{ "content", "", "container of the main part: tag, #id or .class" },
	{ NULL, NULL, NULL },
};

static bool site_space(const struct conf_section *c, struct buf *out,
                       struct fault *f)
{
	return scope_space(c, out, f);
}

static void site_close(void *self)
{
	struct site *s = self;

	scope_free(s->scope);
	map_release(&s->asked);
	map_release(&s->seen);
	url_release(&s->url);
	url_release(&s->base);
	url_release(&s->link);
	buf_release(&s->text);
	buf_release(&s->markdown);
}

static bool site_open(void *self, const struct source_start *start,
                      struct fault *f)
{
	struct site *s = self;
	const struct conf_section *c = start->conf;
	struct slice select = conf_get(c, "content", "");
	struct slice pages = conf_get(c, "pages", "");

	s->url = s->base = s->link = URL_INIT;
	s->text = BUF_INIT(2 * URL_MOST);
	s->markdown = BUF_INIT(LIMIT_TEXT);
	s->language = conf_get(c, "language", "");
	s->selects = select.len > 0;
	s->secrets = start->secrets.password.len > 0;
	if (pages.len && (!slice_number(pages, &s->pages) || s->pages < 1))
		return fault(f, FAULT_USAGE, "source-setting",
		             "pages is a number above 0, not '%.*s'",
		             SLICE_ARG(pages));
	return (!s->selects || content_select(&s->select, select, f)) &&
	       scope_new(&s->scope, c, f);
}

static void site_seed(void *self, struct yield *y)
{
	struct site *s = self;
	struct slice start;
	size_t i;

	for (i = 0; scope_start(s->scope, i, &start); i++) {
		struct ask a = { .url = start, .flags = ASK_PAGE | ASK_AGAIN };

		yield_ask(y, &a);
	}
}

static bool site_within(void *self, struct slice text, int32_t depth,
                        struct buf *why)
{
	struct site *s = self;
	struct fault f;

	if (url_parse(&s->link, text, NULL, &f))
		return scope_within(s->scope, &s->link, depth, why);
	if (why)
		buf_text(why, "not an address");
	return false;
}

/* Under the ceiling of pages, if there is one. */
static bool below_ceiling(struct site *s, struct slice url)
{
	uint64_t hash = hash64(url);
	struct slice key = { (const char *)&hash, sizeof(hash) };

	if (!s->pages || map_get(&s->asked, key))
		return true;
	if ((int64_t)s->asked.count >= s->pages)
		return false;
	map_put(&s->asked, key, NULL);
	return true;
}

/* The one spelling of s->link, in s->text. */
static struct slice spell(struct site *s, const struct url *u)
{
	buf_reset(&s->text);
	scope_write(s->scope, u, &s->text);
	return buf_slice(&s->text);
}

/* Asks for s->link if it is a page of the site. */
static void ask_page(struct site *s, int32_t depth, int64_t due,
                     struct yield *y)
{
	struct ask a = { .depth = depth, .due = due, .flags = ASK_PAGE };
	bool added;

	a.url = spell(s, &s->link);
	map_put(&s->seen, a.url, &added);
	if (!added || !scope_within(s->scope, &s->link, depth, NULL))
		return;
	if (!scope_room(s->scope, a.url)) {
		if (s->crowded++ < 10)
			yield_event(y, "pattern-most", a.url,
			            "too many addresses like it");
		return;
	}
	if (below_ceiling(s, a.url))
		yield_ask(y, &a);
}

static void ask_links(struct site *s, const struct reply *r, struct yield *y)
{
	struct page_link *links;
	struct fault f;
	bool more;
	size_t count = links_find(r->page, r->arena, &links, &more), i;

	for (i = 0; i < count; i++)
		if (!links[i].flags &&
		    url_parse(&s->link, links[i].href, &s->base, &f) &&
		    url_is_web(&s->link))
			ask_page(s, r->ask->depth + 1, 0, y);
	if (more)
		yield_event(y, "limit-page-links", r->url,
		            "only the first %d links", LIMIT_PAGE_LINKS);
}

/* Whether a canonical address can be believed: within the site, and not the
 * front page for everything. */
static bool believes(struct site *s, int32_t depth)
{
	struct slice path = url_path(&s->link);

	if (!scope_within(s->scope, &s->link, depth, NULL))
		return false;
	return path.len > 1 || url_query(&s->link).len ||
	       url_path(&s->url).len <= 1;
}

/* The page's own address in one spelling, made in the arena. *other: it names
 * another page as the canonical one, which is s->link then. */
static struct slice address_of(struct site *s, const struct reply *r,
                               const struct head *h, bool *other)
{
	struct slice own = arena_copy(r->arena, spell(s, &s->url)), named;
	struct fault f;

	*other = false;
	if (!h->canonical.len ||
	    !url_parse(&s->link, h->canonical, &s->base, &f) ||
	    !believes(s, r->ask->depth))
		return own;
	named = spell(s, &s->link);
	if (slice_eq(scope_native(named), scope_native(own)) ||
	    slice_eq(scope_native(named), scope_native(r->ask->url)))
		return arena_copy(r->arena, named);
	*other = true;
	return own;
}

/* Wikis' pages have a kind of their own. */
static enum record_kind kind_of(const struct page *p)
{
	static const char *const wikis[] = { "mediawiki", "dokuwiki", "xwiki",
		                             "gollum",    "trac",     "pmwiki",
		                             "foswiki",   "wiki" };
	size_t i;

	for (i = 0; i < sizeof(wikis) / sizeof(wikis[0]); i++)
		if (slice_eq(slice_of(p->content.rule), slice_of(wikis[i])))
			return RECORD_PAGE;
	return RECORD_DOCUMENT;
}

/* What a page without a title is called: the end of its address. */
static struct slice last_segment(struct slice native)
{
	size_t at = native.len;

	while (at > 1 && native.at[at - 1] == '/')
		at--;
	native.len = at;
	while (at && native.at[at - 1] != '/')
		at--;
	return slice_cut(native, at, native.len);
}

static void put_record(struct site *s, const struct reply *r, struct slice url,
                       struct record *out, struct yield *y)
{
	out->id = scope_native(url);
	out->link = url;
	if (!out->title.len)
		out->title = last_segment(out->id);
	if (!out->language.len)
		out->language = s->language;
	out->original = r->body;
	out->original_type = r->type;
	out->closed = CLOCK_NONE;
	out->revision = r->time;
	out->extractor = SITE_EXTRACTOR;
	if (r->flags & REPLY_TRUNCATED)
		out->flags |= RECORD_TRUNCATED;
	yield_record(y, out);
}

static bool put_page(struct site *s, const struct reply *r, struct slice url,
                     const struct page *p, struct yield *y, struct fault *f)
{
	struct record out = {
		.kind = kind_of(p),
		.title = p->title,
		.language = p->head.language,
		.author = p->head.author,
		.created = p->head.created,
		.modified = p->head.modified,
	};

	buf_reset(&s->markdown);
	markdown_write(&p->content.part, url_text(&s->base), &s->markdown);
	if (buf_full(&s->markdown))
		return fault(f, FAULT_LIMIT, "limit-text",
		             "its Markdown is over %d bytes", LIMIT_TEXT);
	out.content = buf_slice(&s->markdown);
	put_record(s, r, url, &out, y);
	return true;
}

/* What is to be said of a page that is none. False: a fault. */
static bool put_verdict(struct site *s, const struct reply *r,
                        const struct page *p, struct yield *y, struct fault *f)
{
	switch (p->verdict) {
	case PAGE_NOT_FOUND:
		return fault(f, FAULT_GONE, "page-not-found",
		             "it says that it was not found");
	case PAGE_LOGIN:
		if (!s->secrets)
			return fault(f, FAULT_DENIED, "page-login",
			             "it asks for a password");
		yield_login(y);
		return true;
	case PAGE_SCRIPTED:
		yield_event(y, "needs-javascript", r->url,
		            "nothing to read without its scripts");
		return true;
	default:
		yield_event(y, "page-empty", r->url, "nothing to read");
		return true;
	}
}

static bool read_html(struct site *s, const struct reply *r, struct yield *y,
                      struct fault *f)
{
	struct page p;
	struct slice url;
	struct fault none;
	bool other;

	page_read(&p, r->page, s->selects ? &s->select : NULL, r->arena);
	if (!p.head.base.len ||
	    !url_parse(&s->base, p.head.base, &s->url, &none))
		if (!url_parse(&s->base, r->url, NULL, f))
			return false;
	if (p.verdict == PAGE_NOT_FOUND || p.verdict == PAGE_LOGIN)
		return put_verdict(s, r, &p, y, f);
	url = address_of(s, r, &p.head, &other);
	if (other) {
		yield_event(y, "page-canonical", url,
		            "another spelling of %.*s",
		            SLICE_ARG(url_bare(&s->link)));
		ask_page(s, r->ask->depth, 0, y);
	} else if (!(r->flags & REPLY_NOINDEX)) {
		if (!(p.verdict == PAGE_FINE ? put_page(s, r, url, &p, y, f)
		                             : put_verdict(s, r, &p, y, f)))
			return false;
	}
	if (r->flags & REPLY_NOFOLLOW)
		return true;
	if (p.head.refresh.len &&
	    url_parse(&s->link, p.head.refresh, &s->base, &none))
		ask_page(s, r->ask->depth, 0, y);
	ask_links(s, r, y);
	return true;
}

/* The first heading of Markdown, or its first line. */
static struct slice title_of_text(struct slice s)
{
	struct slice line;

	s = slice_trim(slice_cut(s, 0, 4096));
	line = slice_cut(s, 0, slice_find(s, '\n'));
	while (line.len && line.at[0] == '#')
		line = slice_cut(line, 1, line.len);
	line = slice_trim(line);
	return line.len <= 200 ? line : (struct slice){ 0 };
}

static bool read_text(struct site *s, const struct reply *r, struct yield *y)
{
	struct record out = {
		.kind = RECORD_DOCUMENT,
		.title = title_of_text(r->body),
		.content = r->body,
		.created = CLOCK_NONE,
		.modified = CLOCK_NONE,
	};

	if (r->flags & REPLY_NOINDEX)
		return true;
	if (!slice_trim(r->body).len) {
		yield_event(y, "page-empty", r->url, "nothing to read");
		return true;
	}
	put_record(s, r, arena_copy(r->arena, spell(s, &s->url)), &out, y);
	return true;
}

static bool is_html(struct slice type)
{
	return slice_eq(type, SLICE("text/html")) ||
	       slice_eq(type, SLICE("application/xhtml+xml"));
}

static bool is_text(struct slice type)
{
	return slice_eq(type, SLICE("text/plain")) ||
	       slice_eq(type, SLICE("text/markdown")) ||
	       slice_eq(type, SLICE("text/x-markdown")) ||
	       slice_eq(type, SLICE("text/x-rst"));
}

static bool site_read(void *self, const struct reply *r, struct yield *y,
                      struct fault *f)
{
	struct site *s = self;

	if (!url_parse(&s->url, r->url, NULL, f))
		return false;
	map_reset(&s->seen);
	if (r->page && is_html(r->type))
		return read_html(s, r, y, f);
	if (is_text(r->type))
		return read_text(s, r, y);
	yield_event(y, "page-type", r->url, "'%.*s' is not read",
	            SLICE_ARG(r->type));
	return true;
}

const struct source_kind source_site = {
	.name = "site",
	.summary = "pages of any web site, by following its links",
	.channel = "crawl",
	.keys = site_keys,
	.state_size = sizeof(struct site),
	.space = site_space,
	.open = site_open,
	.seed = site_seed,
	.within = site_within,
	.read = site_read,
	.close = site_close,
};
