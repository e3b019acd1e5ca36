/*
 * Any web site: links are followed within its scope, and the main part of each
 * page becomes a record.
 *
 * A page is known by its address without scheme, in one spelling: the one it
 * calls canonical if that is a page of the site's too, else the one it was
 * found at. A page that names another as canonical is no record; the other is
 * asked for instead.
 */

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/net/url.h"
#include "base/text/markdown.h"
#include "crawler/feed.h"
#include "crawler/links.h"
#include "crawler/page.h"
#include "crawler/robots.h"
#include "crawler/scope.h"
#include "crawler/site_login.h"
#include "crawler/sitemap.h"
#include "crawler/source.h"

/* Of what makes `content` from an original. The first number goes up when
 * page.h keeps something else of a page (a new model among others). */
enum {
	SITE_CONTENT = 2,
	SITE_EXTRACTOR = SITE_CONTENT * 100 + MARKDOWN_VERSION
};

enum {
	SITE_NESTING = 3,     /* sitemaps within sitemaps */
	SITE_LISTINGS = 5000, /* sitemaps and feeds read in one run */
};

/* Hints may be dated to the day only, in any zone. */
static const int64_t site_slack = INT64_C(36) * 3600 * 1000;

enum site_tag { TAG_PAGE, TAG_SITEMAP, TAG_FEED };

struct site {
	struct scope *scope;
	struct content_select select;
	bool selects;
	struct slice language;
	struct slice sitemap; /* "auto", "none" or addresses */
	bool feeds;
	int64_t before, time; /* when the last run began; this one did */
	int64_t now;          /* when the program did */
	int64_t pages;        /* ceiling; 0: none */
	struct map asked;     /* with a ceiling: hashes of what was asked for */
	struct map seen;      /* addresses on the page at hand */
	struct map listings;  /* sitemaps and feeds asked for in this run */
	struct site_login login;
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
	{ "sitemap", "auto",
	  "auto: those of robots.txt, else /sitemap.xml; "
	  "none; or addresses" },
	{ "feeds", "auto", "auto: those that url links to; or none" },
	{ "language", "", "language of pages that do not say theirs" },
	{ "login-url", "", "page with the form to log in by" },
	{ "login-user", "", "name of its field for the user, if not found" },
	{ "login-password", "", "name of its field for the password" },
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
	site_login_close(&s->login);
	map_release(&s->asked);
	map_release(&s->seen);
	map_release(&s->listings);
	url_release(&s->url);
	url_release(&s->base);
	url_release(&s->link);
	buf_release(&s->text);
	buf_release(&s->markdown);
}

/* The mark: when the run before this one began, and when this one did. A run
 * that goes on has a mark of its own; a new one makes it in seed(). */
static void read_mark(struct site *s, struct slice mark)
{
	size_t middle = slice_find(mark, ' ');

	if (!slice_number(slice_cut(mark, 0, middle), &s->before) ||
	    !slice_number(slice_cut(mark, middle + 1, mark.len), &s->time)) {
		s->before = 0;
		s->time = 0;
	}
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
	s->sitemap = conf_get(c, "sitemap", "auto");
	s->feeds = !slice_eq(conf_get(c, "feeds", "auto"), SLICE("none"));
	s->selects = select.len > 0;
	s->now = start->time;
	read_mark(s, start->mark);
	if (pages.len && (!slice_number(pages, &s->pages) || s->pages < 1))
		return fault(f, FAULT_USAGE, "source-setting",
		             "pages is a number above 0, not '%.*s'",
		             SLICE_ARG(pages));
	return (!s->selects || content_select(&s->select, select, f)) &&
	       site_login_open(&s->login, start, f) &&
	       scope_new(&s->scope, c, f);
}

/* Asks for a sitemap or a feed: once in a run, since sitemaps may name each
 * other in a circle. */
static void ask_listing(struct site *s, struct slice url, enum site_tag tag,
                        int32_t nesting, struct yield *y)
{
	struct ask a = { .url = url,
		         .tag = tag,
		         .depth = nesting,
		         .flags = ASK_PAGE | ASK_LISTING };
	bool added;

	if (s->listings.count >= SITE_LISTINGS)
		return;
	map_put(&s->listings, url, &added);
	if (!added)
		return;
	yield_ask(y, &a);
}

/* The sitemaps that the settings name; `auto` waits for robots.txt. */
static void ask_sitemaps(struct site *s, struct yield *y)
{
	struct slice rest = s->sitemap;
	size_t end;

	if (slice_eq(rest, SLICE("none")) || slice_eq(rest, SLICE("auto")))
		return;
	for (; rest.len; rest = slice_trim(slice_cut(rest, end, rest.len))) {
		end = slice_find(rest, ' ');
		ask_listing(s, slice_cut(rest, 0, end), TAG_SITEMAP, 0, y);
	}
}

static bool is_start(struct site *s, const struct url *origin)
{
	struct slice start;
	struct fault f;
	size_t i;

	for (i = 0; scope_start(s->scope, i, &start); i++)
		if (url_parse(&s->link, start, NULL, &f) &&
		    url_same_origin(&s->link, origin))
			return true;
	return false;
}

static void site_login(void *self, struct yield *y)
{
	const struct site *s = self;

	site_login_ask(&s->login, y);
}

/* The sitemaps that robots.txt names, or the one that needs no name. */
static void site_robots(void *self, struct slice origin, const struct robots *r,
                        struct yield *y)
{
	struct site *s = self;
	struct fault f;
	size_t i;

	if (!slice_eq(s->sitemap, SLICE("auto")) ||
	    !url_parse(&s->url, origin, NULL, &f) || !is_start(s, &s->url))
		return;
	for (i = 0; i < r->sitemap_count; i++)
		if (url_parse(&s->link, r->sitemaps[i], &s->url, &f) &&
		    url_is_web(&s->link))
			ask_listing(s, url_bare(&s->link), TAG_SITEMAP, 0, y);
	if (!r->sitemap_count &&
	    url_parse(&s->link, SLICE("/sitemap.xml"), &s->url, &f))
		ask_listing(s, url_bare(&s->link), TAG_SITEMAP, 0, y);
}

static void site_seed(void *self, struct yield *y)
{
	struct site *s = self;
	struct slice start;
	char mark[48];
	size_t i;

	s->before = s->time;
	s->time = s->now;
	snprintf(mark, sizeof(mark), "%lld %lld", (long long)s->before,
	         (long long)s->time);
	yield_mark(y, slice_of(mark));
	for (i = 0; scope_start(s->scope, i, &start); i++) {
		struct ask a = { .url = start, .flags = ASK_PAGE | ASK_AGAIN };

		yield_ask(y, &a);
	}
	ask_sitemaps(s, y);
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

/* With a login, some links lead out of it, or back to it. */
static bool shut(const struct site *s, struct slice url)
{
	return s->login.url.len &&
	       (site_login_ends(url) || site_login_is(&s->login, url));
}

/* Asks for s->link if it is a page of the site. */
static void ask_page(struct site *s, int32_t depth, int64_t due,
                     struct yield *y)
{
	struct ask a = { .depth = depth, .due = due, .flags = ASK_PAGE };
	bool added;

	a.url = spell(s, &s->link);
	map_put(&s->seen, a.url, &added);
	if (!added || !scope_within(s->scope, &s->link, depth, NULL) ||
	    shut(s, a.url))
		return;
	if (!scope_room(s->scope, a.url)) {
		if (s->crowded++ < 10)
			yield_event(y, "limit-pattern", a.url,
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

	for (i = 0; i < count; i++) {
		bool feed = links[i].flags & PAGE_LINK_FEED;

		if (links[i].flags & PAGE_LINK_NOFOLLOW ||
		    (feed && (!s->feeds || r->ask->depth)) ||
		    !url_parse(&s->link, links[i].href, &s->base, &f) ||
		    !url_is_web(&s->link))
			continue;
		if (!feed)
			ask_page(s, r->ask->depth + 1, 0, y);
		else if (scope_within(s->scope, &s->link, 0, NULL))
			ask_listing(s, url_bare(&s->link), TAG_FEED, 0, y);
	}
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

/* What the server says, if the page does not: unless it was made just now. */
static int64_t modified_of(const struct reply *r)
{
	int64_t time;

	return hint_time(reply_header(r, "last-modified"), &time) &&
	                       time < r->time - 60000
	               ? time
	               : CLOCK_NONE;
}

static bool put_page(struct site *s, const struct reply *r, struct slice url,
                     const struct page *p, struct yield *y, struct fault *f)
{
	struct record out = {
		.kind = kind_of(p),
		.title = p->title,
		.language = p->head.language,
		.author = p->head.author,
		.licence = p->head.licence,
		.created = p->head.created,
		.modified = p->head.modified,
	};

	if (out.created == CLOCK_NONE && out.modified == CLOCK_NONE)
		out.modified = modified_of(r);
	buf_reset(&s->markdown);
	page_markdown(p, url_text(&s->base), &s->markdown);
	if (buf_full(&s->markdown))
		return fault(f, FAULT_LIMIT, "limit-text",
		             "its Markdown is over %d bytes", LIMIT_TEXT);
	out.content = buf_slice(&s->markdown);
	put_record(s, r, url, &out, y);
	return true;
}

/* What is to be said of a page that is none. False: a fault. */
static bool put_verdict(const struct reply *r, const struct page *p,
                        struct yield *y, struct fault *f)
{
	switch (p->verdict) {
	case PAGE_NOT_FOUND:
		return fault(f, FAULT_GONE, "page-not-found",
		             "it says that it was not found");
	case PAGE_LOGIN:
		return fault(f, FAULT_DENIED, "page-login",
		             "it asks for a password");
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

	page_read(&p, r->page, r->url, s->selects ? &s->select : NULL,
	          r->arena);
	if (!p.head.base.len ||
	    !url_parse(&s->base, p.head.base, &s->url, &none))
		if (!url_parse(&s->base, r->url, NULL, f))
			return false;
	if (p.verdict == PAGE_LOGIN || site_login_is(&s->login, r->url)) {
		p.verdict = PAGE_LOGIN;
		return site_login_again(&s->login, r, y) ||
		       put_verdict(r, &p, y, f);
	}
	if (p.verdict == PAGE_NOT_FOUND)
		return put_verdict(r, &p, y, f);
	url = address_of(s, r, &p.head, &other);
	map_put(&s->seen, url, NULL);
	if (other) {
		yield_event(y, "page-canonical", url,
		            "another spelling of %.*s",
		            SLICE_ARG(url_bare(&s->link)));
		yield_alias(y, r->url, scope_native(spell(s, &s->link)));
		ask_page(s, r->ask->depth, 0, y);
	} else if (!(r->flags & REPLY_NOINDEX)) {
		if (!(p.verdict == PAGE_FINE ? put_page(s, r, url, &p, y, f)
		                             : put_verdict(r, &p, y, f)))
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

static bool is_text(struct slice type)
{
	return slice_eq(type, SLICE("text/plain")) ||
	       slice_eq(type, SLICE("text/markdown")) ||
	       slice_eq(type, SLICE("text/x-markdown")) ||
	       slice_eq(type, SLICE("text/x-rst"));
}

/* When a page that a hint speaks of is to be asked for: with the hint's time
 * if it changed since the last run, else in turn. */
static int64_t due_of(const struct site *s, const struct hint *h)
{
	if (h->time == CLOCK_NONE || h->time <= 0 || !s->before ||
	    h->time < s->before - site_slack)
		return 0;
	return h->time < s->time ? h->time : s->time;
}

static void ask_hints(struct site *s, const struct reply *r,
                      const struct hints *h, bool index, struct yield *y)
{
	int32_t level = r->ask->depth + 1;
	struct fault f;
	size_t i;

	for (i = 0; i < h->count; i++) {
		if (!url_parse(&s->link, h->list[i].url, &s->url, &f))
			continue;
		if (!index)
			ask_page(s, 1, due_of(s, &h->list[i]), y);
		else if (level < SITE_NESTING)
			ask_listing(s, url_bare(&s->link), TAG_SITEMAP, level,
			            y);
	}
	if (h->more)
		yield_event(y, "limit-hints", r->url, "only the first %d",
		            HINTS_MOST);
	if (index && level >= SITE_NESTING)
		yield_event(y, "limit-sitemap-nesting", r->url,
		            "sitemaps within sitemaps within sitemaps");
}

static bool is_html(struct slice type)
{
	return slice_eq(type, SLICE("text/html")) ||
	       slice_eq(type, SLICE("application/xhtml+xml"));
}

static bool read_sitemap(struct site *s, const struct reply *r, struct yield *y,
                         struct fault *f)
{
	struct sitemap map;

	if (is_text(r->type))
		sitemap_lines(&map, r->body, r->arena);
	else if (!r->page || is_html(r->type))
		return fault(f, FAULT_INPUT, "sitemap",
		             "not a sitemap but '%.*s'", SLICE_ARG(r->type));
	else if (!sitemap_read(&map, r->page, r->arena, f))
		return false;
	ask_hints(s, r, &map.hints, map.index, y);
	return true;
}

static bool read_feed(struct site *s, const struct reply *r, struct yield *y,
                      struct fault *f)
{
	struct hints hints;

	if (slice_ends(r->type, SLICE("json"))) {
		if (!feed_read_json(&hints, r->body, r->arena, f))
			return false;
	} else if (!r->page || is_html(r->type)) {
		return fault(f, FAULT_INPUT, "feed", "not a feed but '%.*s'",
		             SLICE_ARG(r->type));
	} else if (!feed_read(&hints, r->page, r->arena, f)) {
		return false;
	}
	ask_hints(s, r, &hints, false, y);
	return true;
}

/* A page that turns out to be XML may be a feed somebody links to. */
static bool read_other(struct site *s, const struct reply *r, struct yield *y)
{
	struct hints hints;
	struct sitemap map;
	struct fault f;

	if (r->page && feed_read(&hints, r->page, r->arena, &f))
		ask_hints(s, r, &hints, false, y);
	else if (r->page && sitemap_read(&map, r->page, r->arena, &f))
		ask_hints(s, r, &map.hints, map.index, y);
	else
		yield_event(y, "page-type", r->url, "'%.*s' is not read",
		            SLICE_ARG(r->type));
	return true;
}

static bool site_read(void *self, const struct reply *r, struct yield *y,
                      struct fault *f)
{
	struct site *s = self;

	if (!url_parse(&s->url, r->url, NULL, f))
		return false;
	if (r->ask->tag >= SITE_LOGIN_PAGE)
		return site_login_read(&s->login, r, y, f);
	map_reset(&s->seen);
	switch (r->ask->tag) {
	case TAG_SITEMAP:
		return read_sitemap(s, r, y, f);
	case TAG_FEED:
		return read_feed(s, r, y, f);
	default:
		break;
	}
	if (r->page && is_html(r->type))
		return read_html(s, r, y, f);
	return is_text(r->type) ? read_text(s, r, y) : read_other(s, r, y);
}

static bool site_again(const struct conf_section *conf, const struct reply *r,
                       struct record *out, struct fault *f)
{
	struct slice named =
	        conf ? conf_get(conf, "content", "") : (struct slice){ 0 };
	struct buf b = BUF_INIT(LIMIT_TEXT);
	struct content_select select;
	struct url own = URL_INIT, base = URL_INIT;
	struct fault none;
	struct page p;
	bool ok, based;

	if (!r->page) {
		out->content = r->body;
		return true;
	}
	if (named.len && !content_select(&select, named, f))
		return false;
	page_read(&p, r->page, r->url, named.len ? &select : NULL, r->arena);
	if (p.verdict != PAGE_FINE)
		return fault(f, FAULT_INPUT, "page-empty",
		             "nothing to read any more");
	ok = url_parse(&own, r->url, NULL, f);
	based = ok && p.head.base.len &&
	        url_parse(&base, p.head.base, &own, &none);
	if (ok)
		page_markdown(&p, url_text(based ? &base : &own), &b);
	if (ok && buf_full(&b))
		ok = fault(f, FAULT_LIMIT, "limit-text",
		           "its Markdown is over %d bytes", LIMIT_TEXT);
	out->title = p.title;
	out->content = arena_copy(r->arena, buf_slice(&b));
	buf_release(&b);
	url_release(&own);
	url_release(&base);
	return ok;
}

const struct source_kind source_site = {
	.name = "site",
	.summary = "pages of any web site, by following its links",
	.channel = "crawl",
	.keys = site_keys,
	.state_size = sizeof(struct site),
	.space = site_space,
	.open = site_open,
	.login_key = "login-url",
	.login = site_login,
	.seed = site_seed,
	.robots = site_robots,
	.within = site_within,
	.read = site_read,
	.extractor = SITE_EXTRACTOR,
	.again = site_again,
	.close = site_close,
};
