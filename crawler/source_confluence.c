/*
 * Confluence by its REST interfaces: Cloud, Server and Data Center.
 *
 *	spaces -+-> list of everything -> heads, named -> text -> comments
 *	        |                     '-> trash -> deleted
 *	        +-> changes since the mark -> heads, named -> text -> comments
 *	        +-> comments since the mark -> their pages -> comments
 *
 * Restrictions, labels, moves and deletes change no page's date, and a
 * restriction holds for all that lies below. So each run lists everything, a
 * hundred pages a call without their texts, with restrictions and those of the
 * ancestors: what is stored is given its label of today, and what may not be
 * stored any more is closed at once and goes. Texts are asked for only where
 * the version is new. With `relist` set, the runs between ask for changes
 * alone: by day and minute in the zone of our user there, which we do not know,
 * so half a day and an hour are asked for twice.
 *
 * Cloud answers 404 for a whole part of a list when one ancestor in it cannot
 * be read (CONFCLOUD-77618). Then the list begins again, bare, and who may read
 * is asked for a few pages at a time, halved where that fails.
 *
 * A chain of asks carries where it is in its notes.
 */

#include "base/clock.h"
#include "base/limits.h"
#include "base/map.h"
#include "crawler/confluence_call.h"
#include "crawler/confluence_chain.h"
#include "crawler/confluence_comment.h"
#include "crawler/confluence_page.h"
#include "crawler/confluence_query.h"
#include "crawler/confluence_settings.h"
#include "crawler/confluence_site.h"
#include "crawler/confluence_some.h"
#include "crawler/confluence_storage.h"

enum tag {
	TAG_SPACES = 1, /* note: a chain */
	TAG_LIST,       /* note: a chain */
	TAG_CHANGES,    /* note: a chain */
	TAG_TRASH,      /* note: a chain */
	TAG_TALK,       /* note: a chain */
	TAG_COMMENTS,   /* note: a chain, of page `pass` */
	TAG_SOME,       /* note: "list" or "talk", ids */
	TAG_PAGE,       /* note: a confluence_page */
};

enum { RESTARTS = 3, PARTS_MOST = 20000 };

/* Zones reach down to UTC-12; what is written may be found a little later. */
#define LATE (3600 * INT64_C(1000))
#define OVERLAP (12 * 3600 * INT64_C(1000) + LATE)

struct confluence {
	struct confluence_site site;
	struct confluence_settings set;
	bool everything;
	int64_t time;
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
	confluence_settings_release(&c->set);
}

static bool open_source(void *self, const struct source_start *s,
                        struct fault *f)
{
	struct confluence *c = self;

	c->everything = s->everything;
	c->time = s->time;
	if (!confluence_settings_read(&c->set, s->conf, f)) {
		close_source(c);
		return false;
	}
	confluence_site_open(&c->site, conf_get(s->conf, "url", ""),
	                     c->set.kind);
	confluence_site_read_mark(&c->site, s->mark);
	if (!slice_eq(c->site.wanted, c->set.wanted))
		c->site.since = c->site.talked = c->site.listed = 0;
	c->site.wanted = c->set.wanted;
	return true;
}

static void mark(const struct confluence *c, struct yield *y)
{
	struct buf b = BUF_INIT(LIMIT_MARK);

	confluence_site_write_mark(&c->site, &b);
	yield_mark(y, buf_slice(&b));
	buf_release(&b);
}

static void ask_url(struct slice url, enum tag tag,
                    const struct confluence_chain *n, struct yield *y)
{
	struct buf note = BUF_INIT(256);
	struct ask a;

	confluence_chain_write(n, &note);
	a = confluence_chain_call(url, tag, buf_slice(&note));
	/* Before all texts: cursors do not live for ever. */
	a.due = tag == TAG_COMMENTS ? 0 : 1;
	yield_ask(y, &a);
	buf_release(&note);
}

/* The first part of what `n` says: of the space's list, of a pass. */
static void ask_chain(const struct confluence *c, enum tag tag,
                      const struct confluence_chain *n, struct yield *y)
{
	const struct confluence_choice *x = &c->set.choice;
	struct buf url = BUF_INIT(LIMIT_LINK);
	size_t pass = (size_t)n->pass;

	switch (tag) {
	case TAG_SPACES:
		confluence_query_spaces(&c->site, x, &url);
		break;
	case TAG_LIST:
		confluence_query_list(&c->site, x, pass, n->bare, &url);
		break;
	case TAG_CHANGES:
		confluence_query_changes(&c->site, x, pass, n->bare,
		                         c->site.since - OVERLAP, &url);
		break;
	case TAG_TRASH:
		confluence_query_trash(&c->site, x, pass, &url);
		break;
	case TAG_TALK:
		confluence_query_talk(&c->site, x, pass,
		                      c->site.talked - OVERLAP, &url);
		break;
	case TAG_COMMENTS:
		confluence_query_comments(&c->site, n->pass, &url);
		break;
	case TAG_SOME:
	case TAG_PAGE:
		break;
	}
	ask_url(buf_slice(&url), tag, n, y);
	buf_release(&url);
}

static size_t passes_of(const struct confluence *c, enum tag tag)
{
	switch (tag) {
	case TAG_LIST:
		return confluence_query_list_passes(&c->site, &c->set.choice);
	case TAG_CHANGES:
	case TAG_TALK:
		return confluence_query_changes_passes(&c->site,
		                                       &c->set.choice);
	case TAG_TRASH:
		return confluence_query_kinds(&c->set.choice);
	default:
		return 1;
	}
}

static void begin(const struct confluence *c, enum tag tag,
                  const struct confluence_chain *n, struct yield *y)
{
	if (tag == TAG_LIST)
		yield_listing(y);
	ask_chain(c, tag, n, y);
}

static void seed(void *self, struct yield *y)
{
	struct confluence *c = self;

	begin(c, TAG_SPACES, &(struct confluence_chain){ .start = c->time }, y);
}

/* What comes behind this part: the next one, the next pass, or, *over, no
 * more. */
static bool go_on(const struct confluence *c, const struct json *j,
                  const struct reply *r, struct confluence_chain *n, bool *over,
                  struct yield *y, struct fault *f)
{
	struct buf url = BUF_INIT(LIMIT_LINK);
	enum tag tag = (enum tag)r->ask->tag;
	bool ok = confluence_call_next(j, c->site.base, r, &url, f);

	*over = false;
	if (ok && url.len) {
		if (++n->part == PARTS_MOST)
			ok = fault(f, FAULT_LIMIT, "limit-parts",
			           "a list in more than %d parts", PARTS_MOST);
		else
			ask_url(buf_slice(&url), tag, n, y);
	} else if (ok) {
		n->part = 0;
		*over = tag == TAG_COMMENTS ||
		        (size_t)++n->pass >= passes_of(c, tag);
		if (!*over)
			ask_chain(c, tag, n, y);
	}
	buf_release(&url);
	return ok;
}

static void add_spaces(struct confluence *c, const struct json *j,
                       struct yield *y)
{
	const struct json *s = json_first(json_get(j, "results"));
	bool chosen = c->set.choice.spaces.len > 0;

	for (; s; s = json_next(s)) {
		struct slice type = confluence_member(s, "type");
		struct slice status = confluence_member(s, "status");

		if (!chosen && (slice_eq(type, SLICE("personal")) ||
		                (!c->set.choice.archived &&
		                 slice_eq(status, SLICE("archived")))))
			continue;
		if (!confluence_site_add(&c->site, confluence_member(s, "id"),
		                         confluence_member(s, "key")))
			yield_event(y, "limit-spaces",
			            confluence_member(s, "key"),
			            "too many spaces: name those you want");
	}
}

static bool is_listed_whole(const struct confluence *c)
{
	return c->everything || !c->site.since || !c->site.listed ||
	       c->time - c->site.listed >= c->set.relist;
}

static bool read_spaces(struct confluence *c, const struct json *j,
                        const struct reply *r, struct confluence_chain *n,
                        struct yield *y, struct fault *f)
{
	struct confluence_chain next = { .start = n->start };
	bool over;

	if (!n->part)
		confluence_site_forget(&c->site);
	if (c->site.kind == CONFLUENCE_UNKNOWN)
		confluence_site_be(&c->site, CONFLUENCE_SERVER);
	add_spaces(c, j, y);
	if (!go_on(c, j, r, n, &over, y, f) ||
	    (over && !confluence_settings_spaces(&c->set, &c->site, f)))
		return false;
	if (over)
		begin(c, is_listed_whole(c) ? TAG_LIST : TAG_CHANGES, &next, y);
	/* The first time every page's own are asked for. */
	if (over && c->set.comments && c->site.since)
		begin(c, TAG_TALK, &next, y);
	mark(c, y);
	return true;
}

static void ask_page(const struct confluence *c,
                     const struct confluence_page *p, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(LIMIT_NAME);
	struct ask a;

	confluence_query_page(&c->site, &c->set.choice, p->type, p->id, &url);
	confluence_page_write(p, &note);
	a = confluence_chain_call(buf_slice(&url), TAG_PAGE, buf_slice(&note));
	yield_named(y, p->id, p->revision, c->everything ? NULL : &a);
	if (c->everything)
		yield_ask(y, &a);
	buf_release(&url);
	buf_release(&note);
}

/* True: it may be stored, and is there. */
static bool read_item(const struct confluence *c, const struct json *content,
                      struct arena *a, struct yield *y)
{
	struct confluence_page p;

	if (!confluence_page_listed(&p, &c->site, content, a)) {
		yield_event(y, "page-unknown", p.id,
		            "a list names something without id, title or "
		            "version");
		return false;
	}
	if (!confluence_has_word(c->set.choice.kinds, p.type) ||
	    !confluence_site_has(&c->site, p.space))
		return false;
	switch (confluence_access_of(&c->set.access, content, &p.access)) {
	case VERDICT_OPEN:
	case VERDICT_LABEL:
		ask_page(c, &p, y);
		confluence_page_head(&p, c->set.language, y);
		return true;
	case VERDICT_UNKNOWN:
		yield_event(y, "limit-restrictions", p.id,
		            "the wiki does not say who may read it: it is "
		            "left out");
		break;
	case VERDICT_CLOSED:
		break;
	}
	confluence_page_close(p.id, confluence_access_closed, y);
	return false;
}

static void some_init(const struct confluence *c, const char *why,
                      struct confluence_some *s)
{
	confluence_some_init(s, &c->site, &c->set.choice, TAG_SOME, why);
}

static void latest(const struct json *item, int64_t *time)
{
	int64_t when = confluence_time_of(item, "version.when");

	if (when > *time)
		*time = when;
}

/* A part of a list of pages. */
static void read_items(const struct confluence *c, const struct json *j,
                       const struct reply *r, struct confluence_chain *n,
                       struct yield *y)
{
	const struct json *it = json_first(json_get(j, "results"));
	struct confluence_some some;

	some_init(c, "list", &some);
	for (; it; it = json_next(it)) {
		latest(it, &n->latest);
		if (n->bare)
			confluence_some_add(&some, confluence_member(it, "id"),
			                    y);
		else
			read_item(c, it, r->arena, y);
	}
	confluence_some_end(&some, y);
}

/* The pages of comments that were written or changed: each once. Times in
 * replies are exact, unlike those in queries. */
static void read_talk(const struct confluence *c, const struct json *j,
                      struct confluence_chain *n, struct yield *y)
{
	const struct json *it = json_first(json_get(j, "results"));
	struct confluence_some some;
	struct map seen = MAP_INIT;
	struct slice id;
	bool added;

	some_init(c, "talk", &some);
	for (; it; it = json_next(it)) {
		id = confluence_member(json_get(it, "container"), "id");
		latest(it, &n->latest);
		if (confluence_time_of(it, "version.when") <=
		    c->site.talked - LATE)
			continue;
		map_put(&seen, id, &added);
		if (added)
			confluence_some_add(&some, id, y);
	}
	confluence_some_end(&some, y);
	map_release(&seen);
}

static void read_trash(const struct json *j, struct yield *y)
{
	const struct json *it = json_first(json_get(j, "results"));

	for (; it; it = json_next(it))
		if (slice_eq(confluence_member(it, "status"), SLICE("trashed")))
			yield_deleted(y, confluence_member(it, "id"));
}

/* A whole chain has been read. */
static void finish(struct confluence *c, enum tag tag,
                   const struct confluence_chain *n, struct yield *y)
{
	bool first = !c->site.listed;

	if (tag == TAG_TALK && n->latest > c->site.talked)
		c->site.talked = n->latest;
	else if (tag != TAG_TALK && n->latest > c->site.since)
		c->site.since = n->latest;
	if (tag == TAG_LIST) {
		yield_listed(y);
		c->site.listed = n->start;
		if (first)
			c->site.talked = n->latest;
		else
			begin(c, TAG_TRASH,
			      &(struct confluence_chain){ .start = n->start },
			      y);
	}
	mark(c, y);
}

static bool read_part(struct confluence *c, const struct json *j,
                      const struct reply *r, struct confluence_chain *n,
                      struct yield *y, struct fault *f)
{
	enum tag tag = (enum tag)r->ask->tag;
	bool over;

	if (!json_is_array(json_get(j, "results")))
		return fault(f, FAULT_INPUT, "confluence-list",
		             "the reply is no list");
	if (tag == TAG_SPACES)
		return read_spaces(c, j, r, n, y, f);
	if (tag == TAG_TALK)
		read_talk(c, j, n, y);
	else if (tag == TAG_TRASH)
		read_trash(j, y);
	else if (tag == TAG_COMMENTS)
		confluence_comments_read(&c->site, n->pass,
		                         json_get(j, "results"), r, y);
	else
		read_items(c, j, r, n, y);
	if (!go_on(c, j, r, n, &over, y, f))
		return false;
	if (over && tag != TAG_TRASH && tag != TAG_COMMENTS)
		finish(c, tag, n, y);
	return true;
}

/* Neither the address nor the setting says which kind it is: Server was asked
 * first, and there is none. */
static bool try_cloud(struct confluence *c, const struct reply *r,
                      struct yield *y)
{
	if (c->set.kind != CONFLUENCE_UNKNOWN ||
	    c->site.kind != CONFLUENCE_UNKNOWN || r->ask->tag != TAG_SPACES)
		return false;
	confluence_site_be(&c->site, CONFLUENCE_CLOUD);
	mark(c, y);
	seed(c, y);
	return true;
}

/* The cursor has expired: from the beginning, a few times. */
static bool restart(struct confluence *c, const struct reply *r,
                    const struct confluence_chain *n, struct yield *y)
{
	struct confluence_chain again = { .start = n->start,
		                          .restarts = n->restarts + 1,
		                          .bare = n->bare };

	if (!n->part || n->restarts == RESTARTS)
		return false;
	if (r->ask->tag == TAG_COMMENTS)
		again.pass = n->pass;
	yield_event(y, "list-again", r->ask->url,
	            "the place in the list is no longer known");
	begin(c, (enum tag)r->ask->tag, &again, y);
	return true;
}

static bool bare(struct confluence *c, const struct reply *r,
                 const struct confluence_chain *n, struct yield *y)
{
	struct confluence_chain again = { .start = n->start, .bare = 1 };

	if ((r->ask->tag != TAG_LIST && r->ask->tag != TAG_CHANGES) ||
	    n->bare || !c->set.choice.restrictions)
		return false;
	yield_event(y, "list-bare", r->ask->url,
	            "the list cannot tell the ancestors' restrictions");
	begin(c, (enum tag)r->ask->tag, &again, y);
	return true;
}

static bool read_chain(struct confluence *c, const struct json *j,
                       enum confluence_answer answer, const struct reply *r,
                       struct yield *y, struct fault *f)
{
	struct confluence_chain n;

	if (!confluence_chain_read(&n, r->ask->note))
		return fault(f, FAULT_INPUT, "confluence-note",
		             "it is not known which list this is");
	if (answer == CONFLUENCE_GOOD)
		return read_part(c, j, r, &n, y, f);
	if (answer == CONFLUENCE_NONE && r->status == 404)
		return bare(c, r, &n, y) || try_cloud(c, r, y);
	return restart(c, r, &n, y);
}

/* One alone that cannot be told is left out. */
static void read_none(const struct confluence *c, const char *why,
                      struct slice ids, struct yield *y)
{
	struct confluence_some some;
	struct slice id;

	some_init(c, why, &some);
	if (confluence_some_halve(&some, ids, &id, y)) {
		yield_event(y, "restrictions-unknown", id,
		            "an ancestor cannot be read: it is left out");
		confluence_page_close(id, confluence_access_closed, y);
	}
	confluence_some_end(&some, y);
}

static bool read_some(const struct confluence *c, const struct json *j,
                      const struct reply *r, struct yield *y)
{
	const struct json *it = json_first(json_get(j, "results"));
	struct slice ids = r->ask->note, why;
	bool talk;
	int64_t id;

	confluence_word(&ids, &why);
	talk = slice_eq(why, SLICE("talk"));
	if (!j)
		read_none(c, talk ? "talk" : "list", ids, y);
	for (; it; it = json_next(it))
		if (read_item(c, it, r->arena, y) && talk &&
		    slice_number(confluence_member(it, "id"), &id))
			ask_chain(c, TAG_COMMENTS,
			          &(struct confluence_chain){ .pass = id }, y);
	return true;
}

/* It may have gone, or out of sight, since the list named it. */
static bool read_page(struct confluence *c, const struct json *j,
                      const struct reply *r, struct yield *y, struct fault *f)
{
	struct confluence_page p;
	struct confluence_chain talk = { 0 };
	struct slice status = confluence_member(j, "status");

	if (!confluence_page_read(&p, r->ask->note) ||
	    !slice_number(p.id, &talk.pass))
		return fault(f, FAULT_INPUT, "confluence-note",
		             "it is not known which page this is");
	if (slice_eq(status, SLICE("trashed"))) {
		yield_deleted(y, p.id);
		return true;
	}
	if (!j || slice_eq(status, SLICE("draft")) ||
	    (!c->set.choice.archived && slice_eq(status, SLICE("archived")))) {
		yield_missing(y, p.id);
		return true;
	}
	if (!confluence_page_record(&p, &c->site, c->set.language, c->set.jira,
	                            j, r, y, f))
		return false;
	if (c->set.comments)
		ask_chain(c, TAG_COMMENTS, &talk, y);
	return true;
}

static bool read_reply(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	struct confluence *c = self;
	struct json *j = NULL;
	enum confluence_answer answer = confluence_call_read(r, y, &j, f);
	bool gone = answer == CONFLUENCE_NONE, ok = false;

	if (r->ask->tag == TAG_PAGE || r->ask->tag == TAG_SOME) {
		if (gone || answer == CONFLUENCE_GOOD)
			ok = r->ask->tag == TAG_PAGE ? read_page(c, j, r, y, f)
			                             : read_some(c, j, r, y);
	} else if (answer != CONFLUENCE_BAD)
		ok = read_chain(c, j, answer, r, y, f);
	json_free(j);
	return ok;
}

const struct source_kind source_confluence = {
	.name = "confluence",
	.summary = "a Confluence, in the cloud or one's own, by its REST API",
	.channel = "api",
	.keys = confluence_settings_keys,
	.state_size = sizeof(struct confluence),
	.space = space,
	.open = open_source,
	.seed = seed,
	.read = read_reply,
	.extractor = CONFLUENCE_EXTRACTOR,
	.again = confluence_page_again,
	.close = close_source,
};
