/*
 * Confluence by its REST interfaces: Cloud, Server and Data Center.
 *
 *	spaces -+-> list of everything --> heads, named -> text of each
 *	        |                     '--> trash -> deleted
 *	        +-> changes since the mark --> heads, named -> text of each
 *
 * Restrictions, labels, moves and deletes change no page's date, and a
 * restriction holds for all that lies below. So each run lists everything, a
 * few hundred pages a call without their texts, with restrictions and those of
 * the ancestors: what is stored is given its label of today, and what may not
 * be stored any more is closed at once and goes. Texts are asked for only
 * where the version is new. With `relist` set, the runs between ask for changes
 * alone: by day and minute in the zone of our user there, which we do not know,
 * so half a day and an hour are asked for twice.
 *
 * A chain of asks carries where it is in its notes.
 */

#include "base/clock.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/net/url.h"
#include "crawler/confluence_access.h"
#include "crawler/confluence_call.h"
#include "crawler/confluence_page.h"
#include "crawler/confluence_site.h"
#include "crawler/settings.h"

enum tag {
	TAG_SPACES = 1, /* note: a chain */
	TAG_LIST,       /* note: a chain */
	TAG_CHANGES,    /* note: a chain */
	TAG_TRASH,      /* note: a chain */
	TAG_PAGE,       /* note: a confluence_page */
};

enum { RESTARTS = 3, PARTS_MOST = 1000000 };

/* Zones reach down to UTC-12; what is written may be found a little later. */
#define OVERLAP (13 * 3600 * INT64_C(1000))

/* Where a listing is. */
struct chain {
	int64_t start;  /* when it began */
	int64_t latest; /* edit that it has seen */
	int64_t pass;   /* which of its queries */
	int64_t part;   /* of this query, from 0 */
	int64_t restarts;
};

struct confluence {
	struct confluence_site site;
	struct confluence_access access;
	struct arena arena; /* settings */
	struct slice spaces, kinds, language, jira;
	bool archived, everything, automatic;
	int64_t relist, time;
};

static const struct conf_key keys[] = {
	{ "url", NULL, "the wiki's address" },
	{ "api", "auto", "cloud, server, or auto" },
	{ "spaces", "", "keys: OPS SRE; empty: all but personal ones" },
	{ "kinds", "page blogpost", "page, blogpost" },
	{ "archived", "no", "archived pages too" },
	{ "restricted", "skip",
	  "pages that not everybody may read: skip, a label, or ignore" },
	{ "restricted-groups", "",
	  "GROUP=LABEL, ...: labels of what those groups may read" },
	{ "relist", "0s", "list everything again after so long" },
	{ "language", "", "of the pages: en" },
	{ "jira", "", "Jira's address, for links to issues" },
	{ NULL, NULL, NULL },
};

static bool space(const struct conf_section *c, struct buf *out,
                  struct fault *f)
{
	return confluence_site_space(conf_get(c, "url", ""), out, f);
}

static void close_source(void *self)
{
	struct confluence *c = self;

	confluence_site_release(&c->site);
	arena_release(&c->arena);
}

static bool read_kind(struct slice s, enum confluence_kind *out,
                      struct fault *f)
{
	*out = CONFLUENCE_UNKNOWN;
	if (slice_eq(s, SLICE("cloud")))
		*out = CONFLUENCE_CLOUD;
	else if (slice_eq(s, SLICE("server")))
		*out = CONFLUENCE_SERVER;
	else if (!slice_eq(s, SLICE("auto")))
		return fault(f, FAULT_USAGE, "confluence-api",
		             "api is auto, cloud or server, not '%.*s'",
		             SLICE_ARG(s));
	return true;
}

/* The next word of *rest, words being apart by blanks or commas. */
static bool next_word(struct slice *rest, struct slice *word)
{
	size_t from = 0, to;

	while (from < rest->len &&
	       (rest->at[from] == ' ' || rest->at[from] == ','))
		from++;
	for (to = from;
	     to < rest->len && rest->at[to] != ' ' && rest->at[to] != ',';)
		to++;
	*word = slice_cut(*rest, from, to);
	*rest = slice_cut(*rest, to, rest->len);
	return word->len > 0;
}

static bool has_word(struct slice words, struct slice wanted)
{
	struct slice word;

	while (next_word(&words, &word))
		if (slice_eq(word, wanted))
			return true;
	return false;
}

static bool read_kinds(struct confluence *c, struct fault *f)
{
	struct slice rest = c->kinds, word;
	bool any = false;

	while (next_word(&rest, &word)) {
		any = true;
		if (!slice_eq(word, SLICE("page")) &&
		    !slice_eq(word, SLICE("blogpost")))
			return fault(f, FAULT_USAGE, "confluence-kinds",
			             "kinds are page and blogpost, not '%.*s'",
			             SLICE_ARG(word));
	}
	return any || fault(f, FAULT_USAGE, "confluence-kinds",
	                    "kinds names nothing: page, blogpost");
}

static bool read_settings(struct confluence *c, const struct conf_section *s,
                          struct fault *f)
{
	struct slice archived = conf_get(s, "archived", "no");
	enum confluence_kind kind;

	c->spaces = arena_copy(&c->arena, conf_get(s, "spaces", ""));
	c->kinds = arena_copy(&c->arena, conf_get(s, "kinds", "page blogpost"));
	c->language = arena_copy(&c->arena, conf_get(s, "language", ""));
	c->jira = arena_copy(&c->arena, conf_get(s, "jira", ""));
	while (c->jira.len && c->jira.at[c->jira.len - 1] == '/')
		c->jira.len--;
	c->archived = slice_eq(archived, SLICE("yes"));
	if (!c->archived && !slice_eq(archived, SLICE("no")))
		return fault(f, FAULT_USAGE, "confluence-archived",
		             "archived is yes or no, not '%.*s'",
		             SLICE_ARG(archived));
	if (!read_kind(conf_get(s, "api", "auto"), &kind, f) ||
	    !read_kinds(c, f))
		return false;
	c->automatic = kind == CONFLUENCE_UNKNOWN;
	confluence_site_open(&c->site, conf_get(s, "url", ""), kind);
	return settings_duration(conf_get(s, "relist", "0s"), &c->relist, f) &&
	       confluence_access_read(
	               &c->access, conf_get(s, "restricted", "skip"),
	               conf_get(s, "restricted-groups", ""), &c->arena, f);
}

/* The settings that choose: with others, all is listed again. */
static struct slice wanted(struct confluence *c, const struct conf_section *s)
{
	static const char *const names[] = { "spaces",
		                             "kinds",
		                             "archived",
		                             "restricted",
		                             "restricted-groups",
		                             "access" };
	struct buf b = BUF_INIT(64 << 10);
	struct slice made;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		buf_add(&b, conf_get(s, names[i], ""));
		buf_byte(&b, '|');
	}
	made = arena_copy(&c->arena, buf_slice(&b));
	buf_release(&b);
	return made;
}

static bool open_source(void *self, const struct source_start *s,
                        struct fault *f)
{
	struct confluence *c = self;
	struct slice now = wanted(c, s->conf);

	c->everything = s->everything;
	c->time = s->time;
	if (!read_settings(c, s->conf, f)) {
		close_source(c);
		return false;
	}
	confluence_site_read_mark(&c->site, s->mark);
	if (!slice_eq(c->site.wanted, now))
		c->site.since = c->site.listed = 0;
	c->site.wanted = now;
	return true;
}

static void mark(const struct confluence *c, struct yield *y)
{
	struct buf b = BUF_INIT(LIMIT_MARK);

	confluence_site_write_mark(&c->site, &b);
	yield_mark(y, buf_slice(&b));
	buf_release(&b);
}

static void chain_write(const struct chain *n, struct buf *out)
{
	buf_addf(out, "%lld %lld %lld %lld %lld", (long long)n->start,
	         (long long)n->latest, (long long)n->pass, (long long)n->part,
	         (long long)n->restarts);
}

static bool chain_read(struct chain *n, struct slice note)
{
	int64_t *const numbers[] = { &n->start, &n->latest, &n->pass, &n->part,
		                     &n->restarts };

	*n = (struct chain){ 0 };
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct slice word = slice_cut(note, 0, slice_find(note, ' '));

		if (!slice_number(word, numbers[i]) || *numbers[i] < 0)
			return false;
		note = slice_cut(note, word.len + 1, note.len);
	}
	return true;
}

static void ask(struct yield *y, struct slice url, enum tag tag,
                struct slice note)
{
	yield_ask(y, &(struct ask){ .url = url,
	                            .tag = tag,
	                            .note = note,
	                            .accept = SLICE("application/json"),
	                            .flags = ASK_ERRORS });
}

static void ask_chain(struct yield *y, struct slice url, enum tag tag,
                      const struct chain *n)
{
	struct buf note = BUF_INIT(256);

	chain_write(n, &note);
	ask(y, url, tag, buf_slice(&note));
	buf_release(&note);
}

static bool is_cloud(const struct confluence *c)
{
	return c->site.kind == CONFLUENCE_CLOUD;
}

static void ask_spaces(const struct confluence *c, struct yield *y,
                       const struct chain *n)
{
	struct buf url = BUF_INIT(LIMIT_LINK), all = BUF_INIT(LIMIT_LINK);
	struct slice rest = c->spaces, word;

	buf_add(&url, c->site.base);
	buf_text(&url, is_cloud(c) ? "/api/v2/spaces?limit=250"
	                           : "/rest/api/space?limit=100");
	while (next_word(&rest, &word)) {
		if (!is_cloud(c))
			confluence_call_value(&url, "spaceKey", word);
		buf_addf(&all, "%s%.*s", all.len ? "," : "", SLICE_ARG(word));
	}
	if (is_cloud(c) && all.len)
		confluence_call_value(&url, "keys", buf_slice(&all));
	ask_chain(y, buf_slice(&url), TAG_SPACES, n);
	buf_release(&url);
	buf_release(&all);
}

static void seed(void *self, struct yield *y)
{
	struct confluence *c = self;

	ask_spaces(c, y, &(struct chain){ .start = c->time });
}

static void add_types(const struct confluence *c, struct buf *cql)
{
	struct slice rest = c->kinds, word;
	const char *between = "";

	buf_text(cql, "type in (");
	while (next_word(&rest, &word)) {
		buf_addf(cql, "%s\"%.*s\"", between, SLICE_ARG(word));
		between = ",";
	}
	buf_byte(cql, ')');
}

/* What a listing is told of each page. */
static const char expanded[] =
        "version,history,space,metadata.labels,ancestors";
static const char expanded_restrictions[] =
        ",restrictions.read.restrictions.user,"
        "restrictions.read.restrictions.group,"
        "ancestors.restrictions.read.restrictions.user,"
        "ancestors.restrictions.read.restrictions.group";

static void add_expand(const struct confluence *c, struct buf *url)
{
	buf_addf(url, "&limit=100&expand=%s%s", expanded,
	         c->access.ignored ? "" : expanded_restrictions);
}

/* A query for the spaces of one pass; all of them in one where none were
 * chosen. */
static void add_query(const struct confluence *c, size_t pass, struct buf *cql)
{
	add_types(c, cql);
	buf_text(cql, " and ");
	if (c->spaces.len)
		confluence_site_query(&c->site, pass * CONFLUENCE_SPACES, cql);
	else
		buf_text(cql, "space.type = \"global\"");
}

static size_t query_passes(const struct confluence *c)
{
	if (!c->spaces.len)
		return 1;
	return (c->site.space_count + CONFLUENCE_SPACES - 1) /
	       CONFLUENCE_SPACES;
}

static void add_search(const struct confluence *c, struct slice cql,
                       struct buf *url)
{
	buf_add(url, c->site.base);
	buf_text(url, "/rest/api/content/search");
	confluence_call_value(url, "cql", cql);
	add_expand(c, url);
}

/* Cloud lists by queries. */
static void cloud_list(const struct confluence *c, const struct chain *n,
                       struct buf *url)
{
	size_t passes = query_passes(c), pass = (size_t)n->pass;
	struct buf cql = BUF_INIT(LIMIT_LINK);

	add_query(c, pass % passes, &cql);
	buf_text(&cql, " order by created asc");
	add_search(c, buf_slice(&cql), url);
	if (pass >= passes)
		confluence_call_value(
		        url, "cqlcontext",
		        SLICE("{\"contentStatuses\":[\"archived\"]}"));
	buf_release(&cql);
}

static size_t kind_count(const struct confluence *c)
{
	struct slice rest = c->kinds, word;
	size_t n = 0;

	while (next_word(&rest, &word))
		n++;
	return n;
}

static struct slice kind_at(const struct confluence *c, size_t which)
{
	struct slice rest = c->kinds, word = { 0 };

	do
		next_word(&rest, &word);
	while (which--);
	return word;
}

/* Server lists kind by kind and space by space, from its database. */
static void server_list(const struct confluence *c, const struct chain *n,
                        const char *status, struct buf *url)
{
	size_t kinds = kind_count(c), pass = (size_t)n->pass;
	size_t spaces = c->spaces.len ? c->site.space_count : 1;

	buf_add(url, c->site.base);
	buf_text(url, "/rest/api/content");
	confluence_call_value(url, "type", kind_at(c, pass % kinds));
	pass /= kinds;
	if (c->spaces.len)
		confluence_call_value(url, "spaceKey",
		                      c->site.spaces[pass % spaces].key);
	if (!status)
		status = pass / spaces ? "archived" : "current";
	confluence_call_value(url, "status", slice_of(status));
}

static size_t list_passes(const struct confluence *c)
{
	size_t one =
	        is_cloud(c) ? query_passes(c)
	                    : kind_count(c) *
	                              (c->spaces.len ? c->site.space_count : 1);

	return c->archived ? 2 * one : one;
}

static void ask_list(const struct confluence *c, const struct chain *n,
                     struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK);

	if (is_cloud(c))
		cloud_list(c, n, &url);
	else {
		server_list(c, n, NULL, &url);
		add_expand(c, &url);
	}
	ask_chain(y, buf_slice(&url), TAG_LIST, n);
	buf_release(&url);
}

/* Latest first: what is edited meanwhile then moves nothing past us. */
static void ask_changes(const struct confluence *c, const struct chain *n,
                        struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), cql = BUF_INIT(LIMIT_LINK);
	char from[CLOCK_TEXT];

	clock_write(from, c->site.since - OVERLAP);
	add_query(c, (size_t)n->pass, &cql);
	buf_addf(&cql,
	         " and lastmodified >= \"%.16s\" order by lastmodified "
	         "desc",
	         from);
	add_search(c, buf_slice(&cql), &url);
	ask_chain(y, buf_slice(&url), TAG_CHANGES, n);
	buf_release(&url);
	buf_release(&cql);
}

/* Of all spaces at once: what is not known to us is of no matter. */
static void ask_trash(const struct confluence *c, const struct chain *n,
                      struct yield *y)
{
	struct slice kind = kind_at(c, (size_t)n->pass);
	struct buf url = BUF_INIT(LIMIT_LINK);

	buf_add(&url, c->site.base);
	if (is_cloud(c))
		buf_addf(&url, "/api/v2/%.*ss?status=trashed&limit=250",
		         SLICE_ARG(kind));
	else
		buf_addf(&url,
		         "/rest/api/content?type=%.*s&status=trashed&"
		         "limit=200",
		         SLICE_ARG(kind));
	ask_chain(y, buf_slice(&url), TAG_TRASH, n);
	buf_release(&url);
}

static void begin_list(const struct confluence *c, int64_t start,
                       int64_t restarts, struct yield *y)
{
	yield_listing(y);
	ask_list(c, &(struct chain){ .start = start, .restarts = restarts }, y);
}

static bool all_spaces_there(const struct confluence *c, struct fault *f)
{
	struct slice rest = c->spaces, word;

	while (next_word(&rest, &word))
		if (!confluence_site_has(&c->site, word))
			return fault(f, FAULT_USAGE, "confluence-space",
			             "the wiki has no space '%.*s' that we "
			             "may see",
			             SLICE_ARG(word));
	return c->site.space_count ||
	       fault(f, FAULT_DENIED, "confluence-empty",
	             "the wiki shows us no space: it may want user and "
	             "password-file, or token-file");
}

static void add_spaces(struct confluence *c, const struct json *j)
{
	const struct json *s = json_first(json_get(j, "results"));
	struct slice id = { 0 };

	for (; s; s = json_next(s)) {
		struct slice type = confluence_member(s, "type");
		struct slice status = confluence_member(s, "status");

		if (!c->spaces.len && slice_eq(type, SLICE("personal")))
			continue;
		if (!c->spaces.len && !c->archived &&
		    slice_eq(status, SLICE("archived")))
			continue;
		json_text(json_get(s, "id"), &id);
		confluence_site_add(&c->site, id, confluence_member(s, "key"));
	}
}

static bool is_listed_whole(const struct confluence *c)
{
	return c->everything || !c->site.since || !c->site.listed ||
	       c->time - c->site.listed >= c->relist;
}

/* The rest of a listing: *more, or nothing. */
static bool ask_more(const struct confluence *c, const struct json *j,
                     const struct reply *r, const struct chain *n, bool *more,
                     struct yield *y, struct fault *f)
{
	struct buf url = BUF_INIT(LIMIT_LINK);
	struct chain next = *n;
	bool ok = confluence_call_next(j, c->site.base, r, &url, f);

	*more = ok && url.len;
	if (*more && ++next.part == PARTS_MOST)
		ok = fault(f, FAULT_LIMIT, "limit-parts",
		           "a list in more than %d parts", PARTS_MOST);
	else if (*more)
		ask_chain(y, buf_slice(&url), (enum tag)r->ask->tag, &next);
	buf_release(&url);
	return ok;
}

static bool read_spaces(struct confluence *c, const struct json *j,
                        const struct reply *r, struct chain *n, struct yield *y,
                        struct fault *f)
{
	bool more;

	if (!json_is_array(json_get(j, "results")))
		return fault(f, FAULT_INPUT, "confluence-spaces",
		             "the list of spaces is none");
	if (!n->part)
		confluence_site_forget(&c->site);
	if (c->site.kind == CONFLUENCE_UNKNOWN)
		confluence_site_be(&c->site, CONFLUENCE_SERVER);
	add_spaces(c, j);
	if (!ask_more(c, j, r, n, &more, y, f))
		return false;
	mark(c, y);
	if (more)
		return true;
	if (!all_spaces_there(c, f))
		return false;
	if (is_listed_whole(c))
		begin_list(c, n->start, 0, y);
	else
		ask_changes(c, &(struct chain){ .start = n->start }, y);
	return true;
}

/* Neither the address nor the setting says which kind it is: Server was asked
 * first, and there is none. */
static bool try_cloud(struct confluence *c, const struct reply *r,
                      struct yield *y)
{
	if (!c->automatic || c->site.kind != CONFLUENCE_UNKNOWN ||
	    r->ask->tag != TAG_SPACES)
		return false;
	confluence_site_be(&c->site, CONFLUENCE_CLOUD);
	mark(c, y);
	ask_spaces(c, y, &(struct chain){ .start = c->time });
	return true;
}

static void ask_page(const struct confluence *c,
                     const struct confluence_page *p, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(LIMIT_NAME);
	struct ask a = { .tag = TAG_PAGE,
		         .accept = SLICE("application/json"),
		         .flags = ASK_ERRORS };

	buf_add(&url, c->site.base);
	if (is_cloud(c))
		buf_addf(&url, "/api/v2/%.*ss/%.*s?body-format=storage",
		         SLICE_ARG(p->type), SLICE_ARG(p->id));
	else
		buf_addf(&url,
		         "/rest/api/content/%.*s?%sexpand=body.storage,"
		         "version",
		         SLICE_ARG(p->id), c->archived ? "status=any&" : "");
	confluence_page_write(p, &note);
	a.url = buf_slice(&url);
	a.note = buf_slice(&note);
	yield_named(y, p->id, p->revision, c->everything ? NULL : &a);
	if (c->everything)
		yield_ask(y, &a);
	buf_release(&url);
	buf_release(&note);
}

/* What was stored of it is closed now and gone when the run ends. */
static void leave_out(const struct confluence *c,
                      const struct confluence_page *p, struct yield *y)
{
	confluence_page_head(p, c->language, confluence_access_closed, y);
	yield_deleted(y, p->id);
}

static bool is_chosen(const struct confluence *c,
                      const struct confluence_page *p)
{
	return has_word(c->kinds, p->type) &&
	       confluence_site_has(&c->site, p->space);
}

static void read_item(const struct confluence *c, const struct json *content,
                      struct arena *a, struct yield *y)
{
	struct confluence_page p;

	if (!confluence_page_listed(&p, &c->site, content, a)) {
		yield_event(y, "page-unknown", p.id,
		            "a list names something without id, title or "
		            "version");
		return;
	}
	if (!is_chosen(c, &p))
		return;
	switch (confluence_access_of(&c->access, content, &p.access)) {
	case VERDICT_OPEN:
	case VERDICT_LABEL:
		ask_page(c, &p, y);
		confluence_page_head(&p, c->language, (struct slice){ 0 }, y);
		break;
	case VERDICT_UNKNOWN:
		yield_event(y, "limit-restrictions", p.id,
		            "the wiki does not say who may read it: it is "
		            "left out");
		leave_out(c, &p, y);
		break;
	case VERDICT_CLOSED:
		leave_out(c, &p, y);
		break;
	}
}

static bool read_items(const struct confluence *c, const struct json *j,
                       const struct reply *r, struct chain *n, struct yield *y,
                       struct fault *f)
{
	const struct json *it = json_get(j, "results");
	struct slice when;
	int64_t time;

	if (!json_is_array(it))
		return fault(f, FAULT_INPUT, "confluence-list",
		             "the reply is no list");
	for (it = json_first(it); it; it = json_next(it)) {
		when = confluence_member(json_get(it, "version"), "when");
		if (clock_read(when, &time) && time > n->latest)
			n->latest = time;
		read_item(c, it, r->arena, y);
	}
	return true;
}

static void advance(struct confluence *c, const struct chain *n)
{
	if (n->latest > c->site.since)
		c->site.since = n->latest;
}

static bool read_list(struct confluence *c, const struct json *j,
                      const struct reply *r, struct chain *n, struct yield *y,
                      struct fault *f)
{
	bool more, first = !c->site.listed;

	if (!read_items(c, j, r, n, y, f) || !ask_more(c, j, r, n, &more, y, f))
		return false;
	if (more)
		return true;
	n->part = 0;
	if ((size_t)++n->pass < list_passes(c)) {
		ask_list(c, n, y);
		return true;
	}
	yield_listed(y);
	advance(c, n);
	c->site.listed = n->start;
	mark(c, y);
	if (!first)
		ask_trash(c, &(struct chain){ .start = n->start }, y);
	return true;
}

static bool read_changes(struct confluence *c, const struct json *j,
                         const struct reply *r, struct chain *n,
                         struct yield *y, struct fault *f)
{
	bool more;

	if (!read_items(c, j, r, n, y, f) || !ask_more(c, j, r, n, &more, y, f))
		return false;
	if (more)
		return true;
	n->part = 0;
	if ((size_t)++n->pass < query_passes(c))
		ask_changes(c, n, y);
	else {
		advance(c, n);
		mark(c, y);
	}
	return true;
}

static bool read_trash(struct confluence *c, const struct json *j,
                       const struct reply *r, struct chain *n, struct yield *y,
                       struct fault *f)
{
	const struct json *it = json_first(json_get(j, "results"));
	struct slice id;
	bool more;

	for (; it; it = json_next(it))
		if (json_text(json_get(it, "id"), &id) &&
		    slice_eq(confluence_member(it, "status"), SLICE("trashed")))
			yield_deleted(y, id);
	if (!ask_more(c, j, r, n, &more, y, f))
		return false;
	n->part = 0;
	if (!more && (size_t)++n->pass < kind_count(c))
		ask_trash(c, n, y);
	return true;
}

/* It may have gone, or out of sight, since the list named it. */
static bool read_page(struct confluence *c, const struct json *j,
                      const struct reply *r, struct yield *y, struct fault *f)
{
	struct confluence_page p;
	struct slice status = confluence_member(j, "status");

	if (!confluence_page_read(&p, r->ask->note))
		return fault(f, FAULT_INPUT, "confluence-note",
		             "it is not known which page this is");
	if (!j || slice_eq(status, SLICE("draft")) ||
	    (!c->archived && slice_eq(status, SLICE("archived"))))
		yield_missing(y, p.id);
	else if (slice_eq(status, SLICE("trashed")))
		yield_deleted(y, p.id);
	else
		return confluence_page_record(&p, &c->site, c->language,
		                              c->jira, j, r, y, f);
	return true;
}

/* Its cursor has expired: from the beginning, a few times. */
static bool restart(struct confluence *c, const struct reply *r,
                    const struct chain *n, struct yield *y)
{
	struct chain again = { .start = n->start, .restarts = n->restarts + 1 };

	if (!n->part || n->restarts == RESTARTS)
		return false;
	if (r->ask->tag == TAG_LIST)
		begin_list(c, again.start, again.restarts, y);
	else if (r->ask->tag == TAG_CHANGES)
		ask_changes(c, &again, y);
	else if (r->ask->tag == TAG_SPACES)
		ask_spaces(c, y, &again);
	else
		return false;
	yield_event(y, "list-again", r->ask->url,
	            "the place in the list is no longer known");
	return true;
}

static bool read_chain(struct confluence *c, const struct json *j,
                       const struct reply *r, struct yield *y, struct fault *f)
{
	struct chain n;

	if (!chain_read(&n, r->ask->note))
		return fault(f, FAULT_INPUT, "confluence-note",
		             "it is not known which list this is");
	if (!j)
		return restart(c, r, &n, y) || try_cloud(c, r, y);
	switch ((enum tag)r->ask->tag) {
	case TAG_SPACES:
		return read_spaces(c, j, r, &n, y, f);
	case TAG_LIST:
		return read_list(c, j, r, &n, y, f);
	case TAG_CHANGES:
		return read_changes(c, j, r, &n, y, f);
	case TAG_TRASH:
		return read_trash(c, j, r, &n, y, f);
	case TAG_PAGE:
		break;
	}
	return true;
}

static bool read_reply(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	struct confluence *c = self;
	enum confluence_answer answer;
	struct json *j = NULL;
	bool ok = false;

	answer = confluence_call_read(r, y, &j, f);
	if (answer == CONFLUENCE_GOOD)
		ok = r->ask->tag == TAG_PAGE ? read_page(c, j, r, y, f)
		                             : read_chain(c, j, r, y, f);
	else if (answer == CONFLUENCE_NONE && r->ask->tag == TAG_PAGE)
		ok = read_page(c, NULL, r, y, f);
	else if (answer != CONFLUENCE_BAD && r->ask->tag != TAG_PAGE)
		ok = read_chain(c, NULL, r, y, f);
	json_free(j);
	return ok;
}

const struct source_kind source_confluence = {
	.name = "confluence",
	.summary = "a Confluence, in the cloud or one's own, by its REST API",
	.channel = "api",
	.keys = keys,
	.state_size = sizeof(struct confluence),
	.space = space,
	.open = open_source,
	.seed = seed,
	.read = read_reply,
	.close = close_source,
};
