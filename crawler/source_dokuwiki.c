/*
 * DokuWiki by its remote API; by its pages where there is none.
 *
 *	clock -+-> list of all pages --> named -> HTML of each
 *	       +-> changes since the mark --> named, deleted
 *
 * The first run, a run after `relist`, and --now list everything: one call for
 * each namespace that is wanted. A page's revision is the time of its file. A
 * page that was renamed is another page: ids are names here. The way that
 * answered once is kept in the mark.
 *
 * By pages: the index leads to them; the feed of recent changes says which to
 * visit early. Pages that may not be read, and those that are not there, come
 * with status 200.
 */

#include "base/limits.h"
#include "base/map.h"
#include "base/net/url.h"
#include "crawler/dokuwiki_place.h"
#include "crawler/dokuwiki_remote.h"
#include "crawler/dokuwiki_text.h"
#include "crawler/settings.h"
#include "crawler/wiki_tree.h"

enum tag {
	TAG_TIME = 1, /* the note of each call begins with its protocol */
	TAG_LIST,     /* note: START, the namespaces still to list */
	TAG_CHANGES,  /* note: START */
	TAG_TEXT,     /* note: a dokuwiki_page */
	TAG_INDEX,
	TAG_FEED,
	TAG_PAGE,
};

enum way { WAY_AUTO, WAY_JSONRPC, WAY_XMLRPC, WAY_HTML };

/* Seconds: clocks of files and of PHP may differ, and naming a page twice
 * costs nothing. The wiki forgets changes after a week. */
enum { OVERLAP = 600, FORGOTTEN = 5 * 24 * 3600 };

struct dokuwiki {
	struct arena arena;
	struct slice root, namespaces;
	enum way way, known;   /* wanted; what answered */
	int64_t since, listed; /* seconds; 0: never */
	int64_t relist, time;  /* milliseconds */
	bool everything;
};

static const struct conf_key keys[] = {
	{ "url", NULL, "the wiki's address: its folder, or doku.php" },
	{ "way", "auto",
	  "jsonrpc, xmlrpc, html, or auto: the first that "
	  "answers" },
	{ "namespaces", "", "ops wiki:howto: only pages below these" },
	{ "relist", "1d", "list all pages again after so long" },
	{ NULL, NULL, NULL },
};

static const char *const ways[] = { "auto", "jsonrpc", "xmlrpc", "html" };

static bool space(const struct conf_section *c, struct buf *out,
                  struct fault *f)
{
	return dokuwiki_place_space(conf_get(c, "url", ""), out, f);
}

static bool read_way(struct slice s, enum way *out)
{
	for (int i = 0; i < 4; i++)
		if (slice_eq(s, slice_of(ways[i]))) {
			*out = (enum way)i;
			return true;
		}
	return false;
}

/* "WAY SINCE LISTED NAMESPACES" */
static void read_mark(struct dokuwiki *d, struct slice mark)
{
	struct slice part[3];

	for (int i = 0; i < 3; i++) {
		part[i] = slice_cut(mark, 0, slice_find(mark, ' '));
		mark = slice_cut(mark, part[i].len + 1, mark.len);
	}
	if (!read_way(part[0], &d->known) || !slice_eq(mark, d->namespaces) ||
	    (d->way != WAY_AUTO && d->way != d->known)) {
		d->known = WAY_AUTO;
		return;
	}
	slice_number(part[1], &d->since);
	slice_number(part[2], &d->listed);
}

static void write_mark(const struct dokuwiki *d, struct yield *y)
{
	struct buf b = BUF_INIT(64 << 10);

	buf_addf(&b, "%s %lld %lld ", ways[d->known], (long long)d->since,
	         (long long)d->listed);
	buf_add(&b, d->namespaces);
	yield_mark(y, buf_slice(&b));
	buf_release(&b);
}

static void close_source(void *self)
{
	arena_release(&((struct dokuwiki *)self)->arena);
}

static bool open_source(void *self, const struct source_start *s,
                        struct fault *f)
{
	struct dokuwiki *d = self;
	struct slice way = conf_get(s->conf, "way", "auto");
	struct buf root = BUF_INIT(LIMIT_LINK);

	if (!settings_duration(conf_get(s->conf, "relist", "1d"), &d->relist,
	                       f))
		return false;
	if (!read_way(way, &d->way))
		return fault(f, FAULT_USAGE, "dokuwiki-way",
		             "way is auto, jsonrpc, xmlrpc or html, not "
		             "'%.*s'",
		             SLICE_ARG(way));
	dokuwiki_place_root(conf_get(s->conf, "url", ""), &root);
	d->root = arena_copy(&d->arena, buf_slice(&root));
	buf_release(&root);
	d->namespaces = arena_copy(
	        &d->arena, slice_trim(conf_get(s->conf, "namespaces", "")));
	d->everything = s->everything;
	d->time = s->time;
	read_mark(d, s->mark);
	return true;
}

static enum dokuwiki_protocol protocol(const struct dokuwiki *d)
{
	return d->known == WAY_JSONRPC ? DOKUWIKI_JSON : DOKUWIKI_XML;
}

/* Which way answered is not kept before its first answer; so a call says in
 * its note which protocol it is in. */
static void make_call(const struct dokuwiki *d, enum dokuwiki_protocol p,
                      enum dokuwiki_call call, struct slice text,
                      int64_t number, struct buf *url, struct buf *body)
{
	buf_add(url, d->root);
	buf_text(url, dokuwiki_remote_path(p));
	dokuwiki_remote_write(p, call, text, number, body);
}

static void ask_call(const struct dokuwiki *d, enum dokuwiki_protocol p,
                     enum dokuwiki_call call, enum tag tag, struct slice text,
                     int64_t number, struct slice note, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), body = BUF_INIT(64 << 10);

	make_call(d, p, call, text, number, &url, &body);
	yield_ask(y, &(struct ask){ .url = buf_slice(&url),
	                            .body = buf_slice(&body),
	                            .body_type = dokuwiki_remote_type(p),
	                            .tag = tag,
	                            .note = note,
	                            .flags = ASK_ERRORS });
	buf_release(&url);
	buf_release(&body);
}

static void ask_page(const struct dokuwiki *d, struct slice id, unsigned flags,
                     int64_t due, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK);

	dokuwiki_place_link(d->root, id, &url);
	yield_ask(y, &(struct ask){ .url = buf_slice(&url),
	                            .tag = TAG_PAGE,
	                            .flags = ASK_PAGE | flags,
	                            .due = due });
	buf_release(&url);
}

static void ask_listing(const struct dokuwiki *d, const char *target,
                        enum tag tag, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK);

	buf_add(&url, d->root);
	buf_text(&url, target);
	yield_ask(y, &(struct ask){ .url = buf_slice(&url),
	                            .tag = tag,
	                            .flags = ASK_PAGE | ASK_LISTING });
	buf_release(&url);
}

static void seed_html(const struct dokuwiki *d, struct yield *y)
{
	ask_listing(d, "doku.php?do=index", TAG_INDEX, y);
	ask_listing(d, "feed.php?mode=recent&linkto=current", TAG_FEED, y);
}

static void ask_time(const struct dokuwiki *d, enum dokuwiki_protocol p,
                     struct yield *y)
{
	ask_call(d, p, DOKUWIKI_TIME, TAG_TIME, SLICE(""), 0,
	         p == DOKUWIKI_JSON ? SLICE("json") : SLICE("xml"), y);
}

static void seed(void *self, struct yield *y)
{
	struct dokuwiki *d = self;
	enum way way = d->way == WAY_AUTO ? d->known : d->way;

	if (way == WAY_HTML)
		seed_html(d, y);
	else
		ask_time(d, way == WAY_XMLRPC ? DOKUWIKI_XML : DOKUWIKI_JSON,
		         y);
}

static void ask_list(const struct dokuwiki *d, int64_t start,
                     struct slice namespaces, struct yield *y)
{
	struct slice first =
	        slice_cut(namespaces, 0, slice_find(namespaces, ' '));
	struct slice rest =
	        slice_trim(slice_cut(namespaces, first.len, namespaces.len));
	struct buf note = BUF_INIT(4096);

	buf_addf(&note, "%lld\n", (long long)start);
	buf_add(&note, rest);
	ask_call(d, protocol(d), DOKUWIKI_LIST, TAG_LIST, first, 0,
	         buf_slice(&note), y);
	buf_release(&note);
}

static void ask_changes(const struct dokuwiki *d, int64_t start,
                        struct yield *y)
{
	struct buf note = BUF_INIT(64);

	buf_number(&note, start);
	ask_call(d, protocol(d), DOKUWIKI_CHANGES, TAG_CHANGES, SLICE(""),
	         d->since - OVERLAP, buf_slice(&note), y);
	buf_release(&note);
}

/* The first answer of a run. */
static bool read_time(struct dokuwiki *d, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	bool json = slice_eq(r->ask->note, SLICE("json"));
	struct dokuwiki_answer answer;

	if (!dokuwiki_remote_read(json ? DOKUWIKI_JSON : DOKUWIKI_XML,
	                          DOKUWIKI_TIME, r, &answer, f)) {
		bool none = f->kind == FAULT_INPUT;

		if (d->way != WAY_AUTO || d->known != WAY_AUTO || !none)
			return false;
		if (json)
			ask_time(d, DOKUWIKI_XML, y);
		else
			seed_html(d, y);
		return true;
	}
	d->known = json ? WAY_JSONRPC : WAY_XMLRPC;
	write_mark(d, y);
	if (d->everything || !d->since || !d->listed ||
	    answer.time - d->since > FORGOTTEN ||
	    answer.time - d->listed >= d->relist / 1000) {
		yield_listing(y);
		ask_list(d, answer.time, d->namespaces, y);
	} else
		ask_changes(d, answer.time, y);
	return true;
}

static void name_page(const struct dokuwiki *d, const struct dokuwiki_page *p,
                      struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), body = BUF_INIT(64 << 10);
	struct buf note = BUF_INIT(4096);
	struct ask a = { .tag = TAG_TEXT, .flags = ASK_ERRORS };

	make_call(d, protocol(d), DOKUWIKI_PAGE, p->id, 0, &url, &body);
	dokuwiki_page_write(p, &note);
	a.url = buf_slice(&url);
	a.body = buf_slice(&body);
	a.body_type = dokuwiki_remote_type(protocol(d));
	a.note = buf_slice(&note);
	yield_named(y, p->id, p->revision, d->everything ? NULL : &a);
	if (d->everything)
		yield_ask(y, &a);
	buf_release(&url);
	buf_release(&body);
	buf_release(&note);
}

static bool read_list(struct dokuwiki *d, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct slice note = r->ask->note;
	struct slice first = slice_cut(note, 0, slice_find(note, '\n'));
	struct dokuwiki_answer answer;
	int64_t start = 0;

	if (!slice_number(first, &start))
		return fault(f, FAULT_INPUT, "dokuwiki-note",
		             "it is not known when this listing began");
	if (!dokuwiki_remote_read(protocol(d), DOKUWIKI_LIST, r, &answer, f))
		return false;
	/* A wiki that shows nothing to strangers lists nothing to them. */
	if (!answer.page_count && !d->namespaces.len)
		return fault(f, FAULT_DENIED, "dokuwiki-empty",
		             "the wiki lists no pages for us: it may want a "
		             "user and password");
	for (size_t i = 0; i < answer.page_count; i++)
		name_page(d, &answer.pages[i].page, y);
	note = slice_cut(note, first.len + 1, note.len);
	if (note.len) {
		ask_list(d, start, note, y);
		return true;
	}
	yield_listed(y);
	d->since = d->listed = start;
	write_mark(d, y);
	return true;
}

/* Of each page the latest change counts; which order they come in is not
 * promised. */
static void find_latest(const struct dokuwiki_answer *a, struct map *latest)
{
	for (size_t i = 0; i < a->page_count; i++) {
		const struct dokuwiki_page *p = &a->pages[i].page;
		bool added;
		struct map_entry *e = map_put(latest, p->id, &added);

		if (added || a->pages[e->number].page.revision <= p->revision)
			e->number = (int64_t)i;
	}
}

static bool read_changes(struct dokuwiki *d, const struct reply *r,
                         struct yield *y, struct fault *f)
{
	struct dokuwiki_answer answer;
	struct map latest = MAP_INIT;
	int64_t start = 0;

	if (!slice_number(r->ask->note, &start) ||
	    !dokuwiki_remote_read(protocol(d), DOKUWIKI_CHANGES, r, &answer, f))
		return false;
	find_latest(&answer, &latest);
	for (size_t i = 0; i < latest.count; i++) {
		const struct dokuwiki_listed *l =
		        &answer.pages[latest.entries[i].number];

		if (!dokuwiki_place_within(d->namespaces, l->page.id))
			continue;
		if (l->gone)
			yield_deleted(y, l->page.id);
		else
			name_page(d, &l->page, y);
	}
	map_release(&latest);
	d->since = start;
	write_mark(d, y);
	return true;
}

static bool read_text(struct dokuwiki *d, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct dokuwiki_answer answer;
	struct dokuwiki_page p;
	struct buf link = BUF_INIT(LIMIT_LINK);
	bool ok;

	if (!dokuwiki_page_read(&p, r->ask->note))
		return fault(f, FAULT_INPUT, "dokuwiki-note",
		             "it is not known which page this is");
	ok = dokuwiki_remote_read(protocol(d), DOKUWIKI_PAGE, r, &answer, f);
	if ((!ok && f->kind == FAULT_GONE) ||
	    (ok && !slice_trim(answer.html).len)) {
		yield_missing(y, p.id);
		return true;
	}
	if (ok) {
		dokuwiki_place_link(d->root, p.id, &link);
		ok = dokuwiki_text_api(&p, answer.html, buf_slice(&link), r, y,
		                       f);
	}
	buf_release(&link);
	return ok;
}

static bool denied(const struct reply *r, struct yield *y, struct fault *f)
{
	yield_event(y, "page-private", r->url, "the wiki wants a login");
	return fault(f, FAULT_DENIED, "dokuwiki-private",
	             "the wiki does not let us read this page");
}

/* A link of the index: to a page, or to a namespace that opens. */
static void read_index_link(const struct dokuwiki *d, const struct reply *r,
                            uint32_t n, const struct url *base, struct yield *y)
{
	const struct markup *m = r->page;
	struct slice to = markup_attribute(m, &m->nodes[n], "href");
	struct url u = URL_INIT;
	struct slice id;
	struct fault ignored;

	if (!url_parse(&u, to, base, &ignored)) {
		url_release(&u);
		return;
	}
	/* Each index shows the others: as a page it is visited once in a run. */
	if (wiki_tree_has_class(m, n, "idx_dir"))
		yield_ask(y, &(struct ask){ .url = url_bare(&u),
		                            .tag = TAG_INDEX,
		                            .flags = ASK_PAGE });
	id = markup_attribute(m, &m->nodes[n], "data-wiki-id");
	if (!id.len)
		id = markup_attribute(m, &m->nodes[n], "title");
	if (wiki_tree_has_class(m, n, "wikilink1") && id.len &&
	    dokuwiki_place_within(d->namespaces, id))
		ask_page(d, id, 0, 0, y);
	url_release(&u);
}

static bool read_index(struct dokuwiki *d, const struct reply *r,
                       struct yield *y, struct fault *f)
{
	struct url base = URL_INIT;
	uint32_t list, end;
	bool ok;

	switch (dokuwiki_view(r)) {
	case DOKUWIKI_DENIED:
		return denied(r, y, f);
	case DOKUWIKI_SHOWN:
	case DOKUWIKI_MISSING:
		break;
	case DOKUWIKI_OTHER:
		return fault(f, FAULT_USAGE, "dokuwiki-none",
		             "no DokuWiki found at '%.*s'", SLICE_ARG(r->url));
	}
	if (d->way == WAY_AUTO && d->known == WAY_AUTO) {
		d->known = WAY_HTML;
		write_mark(d, y);
	}
	list = wiki_tree_class(r->page, 0, "idx");
	end = list == MARKUP_NONE ? 0 : markup_end(r->page, list);
	ok = url_parse(&base, r->url, NULL, f);
	for (uint32_t i = list; ok && i < end; i++)
		if (slice_eq(r->page->nodes[i].name, SLICE("a")))
			read_index_link(d, r, i, &base, y);
	url_release(&base);
	return ok;
}

/* Items of the feed are hints: what changed is visited in this run. */
static bool read_feed(struct dokuwiki *d, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct buf link = BUF_INIT(LIMIT_LINK);

	if (!r->page)
		return fault(f, FAULT_INPUT, "dokuwiki-feed",
		             "the feed of changes is no feed");
	for (uint32_t i = 0; i < r->page->node_count; i++) {
		uint32_t parent = r->page->nodes[i].parent;
		struct slice id;

		if (!slice_eq(r->page->nodes[i].name, SLICE("link")) ||
		    parent == MARKUP_NONE ||
		    !slice_eq(r->page->nodes[parent].name, SLICE("item")))
			continue;
		buf_reset(&link);
		wiki_tree_text(r->page, i, &link);
		id = dokuwiki_place_id(buf_slice(&link), r->arena);
		if (id.len && dokuwiki_place_within(d->namespaces, id))
			ask_page(d, id, ASK_AGAIN, 0, y);
	}
	buf_release(&link);
	return true;
}

static bool read_page(struct dokuwiki *d, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct slice id = dokuwiki_place_id(r->ask->url, r->arena);
	struct buf link = BUF_INIT(LIMIT_LINK);
	bool ok;

	switch (dokuwiki_view(r)) {
	case DOKUWIKI_DENIED:
		return denied(r, y, f);
	case DOKUWIKI_MISSING:
		return fault(f, FAULT_GONE, "dokuwiki-gone",
		             "the wiki has no such page");
	case DOKUWIKI_OTHER:
		return fault(f, FAULT_INPUT, "dokuwiki-page",
		             "this is not a page of a DokuWiki");
	case DOKUWIKI_SHOWN:
		break;
	}
	if (!id.len)
		return fault(f, FAULT_INPUT, "dokuwiki-page",
		             "it is not known which page this is");
	dokuwiki_place_link(d->root, id, &link);
	ok = dokuwiki_text_html(id, buf_slice(&link), r, y, f);
	buf_release(&link);
	return ok;
}

static bool read_reply(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	switch ((enum tag)r->ask->tag) {
	case TAG_TIME:
		return read_time(self, r, y, f);
	case TAG_LIST:
		return read_list(self, r, y, f);
	case TAG_CHANGES:
		return read_changes(self, r, y, f);
	case TAG_TEXT:
		return read_text(self, r, y, f);
	case TAG_INDEX:
		return read_index(self, r, y, f);
	case TAG_FEED:
		return read_feed(self, r, y, f);
	case TAG_PAGE:
		return read_page(self, r, y, f);
	}
	return true;
}

const struct source_kind source_dokuwiki = {
	.name = "dokuwiki",
	.summary = "a DokuWiki, by its remote API or its pages",
	.channel = "api",
	.keys = keys,
	.state_size = sizeof(struct dokuwiki),
	.space = space,
	.open = open_source,
	.seed = seed,
	.read = read_reply,
	.extractor = DOKUWIKI_EXTRACTOR,
	.again = dokuwiki_text_again,
	.close = close_source,
};
