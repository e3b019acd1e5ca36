/*
 * MediaWiki by its Action API; by its pages where there is none.
 *
 *	site info -+-> all pages, by namespace ---> named -> text of each
 *	           +-> recent changes -> states --> named -> text of each
 *
 * A run lists recent changes from the mark on, a little earlier; all pages
 * are listed on the first run, when the mark is older than `relist`, and for
 * --now. What a change did to a page is not believed but asked: the state of
 * each page that changes speak of is named, gone, or elsewhere now, so edits,
 * moves, deletes and restores are one case. Chains of asks carry the moment
 * at which they began in their notes: the mark moves there when one ends.
 *
 * By pages: Special:AllPages and the links of articles lead to articles, which
 * are visited as those of any site are.
 */

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/mediawiki_call.h"
#include "crawler/mediawiki_list.h"
#include "crawler/mediawiki_pages.h"
#include "crawler/mediawiki_site.h"
#include "crawler/mediawiki_text.h"
#include "crawler/settings.h"

enum tag {
	TAG_DISCOVER = 1, /* a page of the wiki: where is the API? */
	TAG_SITE,
	TAG_LIST,    /* note: START, number of the namespace in our list */
	TAG_CHANGES, /* note: START */
	TAG_STATE,   /* of some pages */
	TAG_USING,   /* what shows a template */
	TAG_TEXT,    /* note: a mediawiki_page */
	TAG_TOKEN,
	TAG_LOGIN,
	TAG_INDEX, /* Special:AllPages */
	TAG_ARTICLE,
};

enum way { WAY_AUTO, WAY_API, WAY_HTML };

enum {
	STATES = 50, /* of one ask: what everybody may ask for */
};

/* Replicas lag, clocks differ, and naming a page twice costs nothing. */
#define OVERLAP (10 * 60 * INT64_C(1000))
#define DAY (24 * 3600 * INT64_C(1000))

struct mediawiki {
	struct mediawiki_site site;
	struct arena arena; /* settings */
	struct slice url, wanted, user, password;
	enum way way;
	int64_t relist, time;
	bool everything;
};

/* What the pages of a reply are asked for. */
#define PAGE_PROPS                                                             \
	"prop=info%7Crevisions&inprop=url&"                                    \
	"rvprop=ids%7Ctimestamp%7Cuser%7Cuserid"

static const struct conf_key keys[] = {
	{ "url", NULL, "the wiki's address, or that of its api.php" },
	{ "way", "auto", "api, html, or auto: the API where there is one" },
	{ "namespaces", "", "numbers or names (0 Help), all; empty: content" },
	{ "relist", "7d", "list all pages again after so long" },
	{ NULL, NULL, NULL },
};

static bool space(const struct conf_section *c, struct buf *out,
                  struct fault *f)
{
	return mediawiki_site_space(conf_get(c, "url", ""), out, f);
}

static bool read_way(struct slice s, enum way *out, struct fault *f)
{
	static const char *const names[] = { "auto", "api", "html" };

	for (int i = 0; i < 3; i++)
		if (slice_eq(s, slice_of(names[i]))) {
			*out = (enum way)i;
			return true;
		}
	return fault(f, FAULT_USAGE, "mediawiki-way",
	             "way is auto, api or html, not '%.*s'", SLICE_ARG(s));
}

static void close_source(void *self)
{
	struct mediawiki *w = self;

	mediawiki_site_release(&w->site);
	arena_release(&w->arena);
}

static bool open_source(void *self, const struct source_start *s,
                        struct fault *f)
{
	struct mediawiki *w = self;

	w->url = arena_copy(&w->arena, conf_get(s->conf, "url", ""));
	w->wanted = arena_copy(&w->arena, conf_get(s->conf, "namespaces", ""));
	w->user = arena_copy(&w->arena, s->secrets.user);
	w->password = arena_copy(&w->arena, s->secrets.password);
	w->everything = s->everything;
	w->time = s->time;
	if (!read_way(conf_get(s->conf, "way", "auto"), &w->way, f) ||
	    !settings_duration(conf_get(s->conf, "relist", "7d"), &w->relist,
	                       f)) {
		close_source(w);
		return false;
	}
	mediawiki_site_read_mark(&w->site, s->mark);
	if (!slice_eq(w->site.wanted, w->wanted))
		w->site.since = w->site.listed = (struct slice){ 0 };
	w->site.wanted = w->wanted;
	if (mediawiki_site_is_api(w->url))
		w->site.api = slice_cut(w->url, 0, slice_find(w->url, '?'));
	return true;
}

static void ask_for(struct yield *y, struct slice url, enum tag tag,
                    struct slice note, unsigned flags)
{
	yield_ask(y, &(struct ask){ .url = url,
	                            .tag = tag,
	                            .note = note,
	                            .flags = flags });
}

/* The first asks of a run read errors too: so a wrong address gets a word. */
static void ask_call(const struct mediawiki *w, struct yield *y,
                     const char *query, enum tag tag, struct slice note)
{
	struct buf url = BUF_INIT(LIMIT_LINK);

	mediawiki_call(w->site.api, w->user.len > 0, query, &url);
	ask_for(y, buf_slice(&url), tag, note,
	        tag == TAG_SITE ? ASK_ERRORS : 0);
	buf_release(&url);
}

static void ask_site(const struct mediawiki *w, struct yield *y)
{
	ask_call(w, y,
	         "action=query&meta=siteinfo&"
	         "siprop=general%7Cnamespaces%7Crightsinfo&curtimestamp=1",
	         TAG_SITE, (struct slice){ 0 });
}

static void seed(void *self, struct yield *y)
{
	struct mediawiki *w = self;

	if (w->way != WAY_HTML && w->site.api.len)
		ask_site(w, y);
	else
		ask_for(y, w->url, TAG_DISCOVER, (struct slice){ 0 },
		        ASK_ERRORS);
}

static void ask_token(const struct mediawiki *w, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK);

	mediawiki_call(w->site.api, false,
	               "action=query&meta=tokens&type=login", &url);
	ask_for(y, buf_slice(&url), TAG_TOKEN, (struct slice){ 0 },
	        ASK_SESSION);
	buf_release(&url);
}

static void login(void *self, struct yield *y)
{
	struct mediawiki *w = self;

	if (!w->user.len)
		return;
	if (w->site.api.len)
		ask_token(w, y);
	else
		ask_for(y, w->url, TAG_DISCOVER, (struct slice){ 0 },
		        ASK_SESSION | ASK_ERRORS);
}

static void mark(const struct mediawiki *w, struct yield *y)
{
	struct buf b = BUF_INIT(1 << 20);

	mediawiki_site_write_mark(&w->site, &b);
	yield_mark(y, buf_slice(&b));
	buf_release(&b);
}

static void ask_list(const struct mediawiki *w, const char *start,
                     uint32_t which, const struct json *reply, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(256);

	mediawiki_call(w->site.api, w->user.len > 0,
	               "action=query&generator=allpages&gaplimit=max&"
	               "gapfilterredir=nonredirects&" PAGE_PROPS,
	               &url);
	buf_addf(&url, "&gapnamespace=%d", (int)w->site.namespaces[which]);
	if (!mediawiki_call_continue(reply, &url))
		buf_text(&url, "&continue=");
	buf_addf(&note, "%s\n%u", start, which);
	ask_for(y, buf_slice(&url), TAG_LIST, buf_slice(&note), 0);
	buf_release(&url);
	buf_release(&note);
}

static void ask_changes(const struct mediawiki *w, struct slice start,
                        const struct json *reply, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK);
	char from[CLOCK_TEXT];
	int64_t since = 0;

	clock_read(w->site.since, &since);
	clock_write(from, since - OVERLAP);
	from[10] = 'T';
	from[19] = '\0';
	mediawiki_call(w->site.api, w->user.len > 0,
	               "action=query&list=recentchanges&rcdir=newer&"
	               "rclimit=max&rctype=edit%7Cnew%7Clog&"
	               "rcprop=ids%7Ctitle%7Ctimestamp%7Credirect%7Cloginfo",
	               &url);
	mediawiki_call_value(&url, "rcstart", slice_of(from));
	buf_byte(&url, 'Z');
	if (!mediawiki_call_continue(reply, &url))
		buf_text(&url, "&continue=");
	ask_for(y, buf_slice(&url), TAG_CHANGES, start, 0);
	buf_release(&url);
}

/* Whether everything is listed, not just what changed. */
static bool whole(const struct mediawiki *w)
{
	int64_t since, listed;

	return w->everything || !clock_read(w->site.since, &since) ||
	       !clock_read(w->site.listed, &listed) ||
	       w->time - listed >= w->relist || w->time - since > 30 * DAY;
}

static bool read_site(struct mediawiki *w, const struct json *j,
                      struct yield *y, struct fault *f)
{
	struct slice now = mediawiki_member(j, "curtimestamp");
	const struct json *query = json_get(j, "query");
	int64_t time;

	if (!mediawiki_site_read(&w->site, query, w->wanted, f))
		return false;
	if (!now.len)
		now = mediawiki_member(json_get(query, "general"), "time");
	if (!clock_read(now, &time))
		return fault(f, FAULT_INPUT, "mediawiki-siteinfo",
		             "the wiki does not say what time it is");
	mark(w, y);
	if (whole(w)) {
		yield_listing(y);
		now = arena_copy(&w->arena, now);
		ask_list(w, now.at, 0, NULL, y);
	} else
		ask_changes(w, now, NULL, y);
	return true;
}

static void ask_states(const struct mediawiki *w, const int64_t *ids,
                       size_t count, struct yield *y)
{
	struct buf query = BUF_INIT(LIMIT_LINK);

	while (count) {
		size_t n = count < STATES ? count : STATES;

		buf_reset(&query);
		buf_text(&query, "action=query&" PAGE_PROPS "&pageids=");
		for (size_t i = 0; i < n; i++)
			buf_addf(&query, "%s%lld", i ? "%7C" : "",
			         (long long)ids[i]);
		ask_call(w, y, buf_string(&query), TAG_STATE,
		         (struct slice){ 0 });
		ids += n;
		count -= n;
	}
	buf_release(&query);
}

static void ask_text(const struct mediawiki *w, const struct mediawiki_page *p,
                     bool named, bool again, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(4096);
	struct buf id = BUF_INIT(32), query = BUF_INIT(LIMIT_LINK);
	struct mediawiki_page known = *p;
	struct ask a = { .tag = TAG_TEXT };

	buf_number(&id, p->id);
	buf_addf(&query,
	         "action=parse&pageid=%lld&"
	         "prop=text%%7Cdisplaytitle%%7Ccategories&"
	         "disableeditsection=1&disablelimitreport=1&disabletoc=1",
	         (long long)p->id);
	mediawiki_call(w->site.api, w->user.len > 0, buf_string(&query), &url);
	mediawiki_page_write(&known, &note);
	a.url = buf_slice(&url);
	a.note = buf_slice(&note);
	if (named)
		yield_named(y, buf_slice(&id), p->revision, again ? NULL : &a);
	if (again)
		yield_ask(y, &a);
	buf_release(&url);
	buf_release(&note);
	buf_release(&id);
	buf_release(&query);
}

static void say_gone(int64_t id, struct yield *y)
{
	struct buf b = BUF_INIT(32);

	buf_number(&b, id);
	yield_deleted(y, buf_slice(&b));
	buf_release(&b);
}

/* It is there; which revision, another reply will tell. */
static void say_half(int64_t id, struct yield *y)
{
	struct buf b = BUF_INIT(32);

	buf_number(&b, id);
	yield_named(y, buf_slice(&b), 0, NULL);
	buf_release(&b);
}

/* The same call with the reply's "continue" behind it: of two values of one
 * name the wiki takes the last. */
static void ask_more(const struct reply *r, const struct json *j,
                     struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK);

	buf_add(&url, r->ask->url);
	if (mediawiki_call_continue(j, &url))
		ask_for(y, buf_slice(&url), (enum tag)r->ask->tag, r->ask->note,
		        0);
	buf_release(&url);
}

/* Names every page of a reply. A batch may come in parts (what is known of a
 * page, its revision), so a page is named where its state is; what is then
 * missing is asked for alone. In a listing those that are gone or elsewhere
 * are only passed over: that they are not named says it. */
static void read_pages(const struct mediawiki *w, const struct json *j,
                       enum tag tag, struct yield *y)
{
	const struct json *pages = json_get(json_get(j, "query"), "pages");
	bool again = tag == TAG_USING || w->everything;
	enum mediawiki_state state;
	struct mediawiki_page p;
	bool alone;

	pages = json_first(pages);
	alone = pages && !json_next(pages) && tag == TAG_STATE;
	for (; pages; pages = json_next(pages)) {
		state = mediawiki_list_page(&w->site, pages, &p);
		if (state == STATE_HALF && alone)
			state = STATE_THERE;
		switch (state) {
		case STATE_THERE:
			ask_text(w, &p, true, again, y);
			break;
		case STATE_HALF:
			say_half(p.id, y);
			ask_states(w, &p.id, 1, y);
			break;
		case STATE_GONE:
		case STATE_OTHER:
			if (tag == TAG_STATE)
				say_gone(p.id, y);
			break;
		case STATE_SILENT:
			break;
		}
	}
}

static struct slice first_line(struct slice *rest)
{
	struct slice line = slice_cut(*rest, 0, slice_find(*rest, '\n'));

	*rest = slice_cut(*rest, line.len + 1, rest->len);
	return line;
}

/* A part of the listing of all pages of one namespace. */
static bool read_list(struct mediawiki *w, const struct json *j,
                      const struct reply *r, struct yield *y, struct fault *f)
{
	struct slice note = r->ask->note;
	struct slice start = arena_copy(r->arena, first_line(&note));
	int64_t which = 0;

	if (!slice_number(note, &which) || which < 0 ||
	    which >= w->site.namespace_count)
		return fault(f, FAULT_INPUT, "mediawiki-note",
		             "the namespaces changed while they were listed");
	read_pages(w, j, TAG_LIST, y);
	if (json_get(j, "continue"))
		ask_list(w, start.at, (uint32_t)which, j, y);
	else if (which + 1 < w->site.namespace_count)
		ask_list(w, start.at, (uint32_t)which + 1, NULL, y);
	else {
		yield_listed(y);
		w->site.since = arena_copy(&w->arena, start);
		w->site.listed = w->site.since;
		mark(w, y);
	}
	return true;
}

static void ask_using(const struct mediawiki *w, struct slice title,
                      struct yield *y)
{
	struct buf query = BUF_INIT(LIMIT_LINK);

	buf_text(&query, "action=query&generator=embeddedin&geilimit=max&"
	                 "geifilterredir=nonredirects&" PAGE_PROPS);
	mediawiki_call_value(&query, "geititle", title);
	ask_call(w, y, buf_string(&query), TAG_USING, title);
	buf_release(&query);
}

static void read_changes(struct mediawiki *w, const struct json *j,
                         const struct reply *r, struct yield *y)
{
	struct mediawiki_changes changes;

	mediawiki_list_changes(&w->site,
	                       json_get(json_get(j, "query"), "recentchanges"),
	                       w->site.since, r->arena, &changes);
	ask_states(w, changes.pages, changes.page_count, y);
	for (size_t i = 0; i < changes.template_count; i++)
		ask_using(w, changes.templates[i], y);
	if (json_get(j, "continue")) {
		ask_changes(w, r->ask->note, j, y);
		return;
	}
	w->site.since = arena_copy(&w->arena, r->ask->note);
	mark(w, y);
}

/* What shows a template that changed: read again although its own revision
 * did not. Only the first part of a long listing: what half the wiki shows is
 * changed too often to be followed. */
static void read_using(struct mediawiki *w, const struct json *j,
                       const struct reply *r, struct yield *y)
{
	const struct json *more = json_get(j, "continue");

	read_pages(w, j, TAG_USING, y);
	if (more && !json_get(more, "geicontinue"))
		ask_more(r, j, y);
	else if (more)
		yield_event(y, "template-wide", r->ask->note,
		            "only the first pages that show it are read again");
}

/* Says that page `id` was asked for in vain. */
static bool read_gone(const struct reply *r, struct yield *y, struct fault *f)
{
	struct mediawiki_page p;

	if (r->ask->tag == TAG_TEXT && mediawiki_page_read(&p, r->ask->note)) {
		struct buf b = BUF_INIT(32);

		buf_number(&b, p.id);
		yield_missing(y, buf_slice(&b));
		buf_release(&b);
		return true;
	}
	return fault(f, FAULT_GONE, "mediawiki-gone",
	             "the wiki has no such page");
}

static bool is_private(struct fault *f)
{
	return fault(f, FAULT_DENIED, "mediawiki-private",
	             "the wiki is private: its API lets a bot in, with user "
	             "and password");
}

static bool want_login(const struct mediawiki *w, struct yield *y,
                       struct fault *f)
{
	if (!w->user.len)
		return is_private(f);
	yield_login(y);
	return true;
}

static bool read_text(struct mediawiki *w, const struct json *j,
                      const struct reply *r, struct yield *y, struct fault *f)
{
	struct mediawiki_page p;

	if (!mediawiki_page_read(&p, r->ask->note))
		return fault(f, FAULT_INPUT, "mediawiki-note",
		             "it is not known which page this is");
	return mediawiki_text_api(&w->site, &p, json_get(j, "parse"), r, y, f);
}

static bool read_token(struct mediawiki *w, const struct json *j,
                       struct yield *y, struct fault *f)
{
	struct slice token = mediawiki_member(
	        json_get(json_get(j, "query"), "tokens"), "logintoken");
	struct buf url = BUF_INIT(LIMIT_LINK), body = BUF_INIT(64 << 10);
	struct ask a = { .tag = TAG_LOGIN, .flags = ASK_SESSION };

	if (!token.len)
		return fault(f, FAULT_INPUT, "mediawiki-token",
		             "the wiki gives no token to log in with");
	buf_add(&url, w->site.api);
	buf_text(&url, "?action=login&format=json&formatversion=2");
	mediawiki_call_value(&body, "lgname", w->user);
	mediawiki_call_value(&body, "lgpassword", w->password);
	mediawiki_call_value(&body, "lgtoken", token);
	a.url = buf_slice(&url);
	a.body = buf_slice(&body);
	a.body_type = SLICE("application/x-www-form-urlencoded");
	yield_ask(y, &a);
	buf_release(&url);
	buf_release(&body);
	return true;
}

static bool read_login(const struct mediawiki *w, const struct json *j,
                       struct fault *f)
{
	const struct json *said = json_get(j, "login");
	struct slice reason = mediawiki_member(said, "reason");

	if (slice_eq(mediawiki_member(said, "result"), SLICE("Success")))
		return true;
	if (!reason.len)
		reason = mediawiki_member(said, "result");
	return fault(f, FAULT_DENIED, "mediawiki-login",
	             "the wiki refuses '%.*s': %.*s%s", SLICE_ARG(w->user),
	             SLICE_ARG(reason),
	             slice_find(w->user, '@') < w->user.len
	                     ? ""
	                     : " (bots log in as NAME@BOT with a password "
	                       "from Special:BotPasswords)");
}

static bool read_call(struct mediawiki *w, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct json *j = NULL;
	bool ok = true;

	switch (mediawiki_call_read(r, y, &j, f)) {
	case ANSWER_GOOD:
		break;
	case ANSWER_LOGIN:
		return want_login(w, y, f);
	case ANSWER_GONE:
		return read_gone(r, y, f);
	case ANSWER_BAD:
		return false;
	}
	switch ((enum tag)r->ask->tag) {
	case TAG_SITE:
		ok = read_site(w, j, y, f);
		break;
	case TAG_LIST:
		ok = read_list(w, j, r, y, f);
		break;
	case TAG_CHANGES:
		read_changes(w, j, r, y);
		break;
	case TAG_STATE:
		read_pages(w, j, TAG_STATE, y);
		ask_more(r, j, y);
		break;
	case TAG_USING:
		read_using(w, j, r, y);
		break;
	case TAG_TEXT:
		ok = read_text(w, j, r, y, f);
		break;
	case TAG_TOKEN:
		ok = read_token(w, j, y, f);
		break;
	case TAG_LOGIN:
		ok = read_login(w, j, f);
		break;
	default:
		break;
	}
	json_free(j);
	return ok;
}

/* Which namespaces there are is not known here: numbers alone. */
static bool read_numbers(struct mediawiki *w, struct fault *f)
{
	struct slice rest = slice_trim(w->wanted);

	w->site.namespace_count = 0;
	do {
		struct slice word = slice_cut(rest, 0, slice_find(rest, ' '));
		int64_t ns = 0;

		if (word.len && (!slice_number(word, &ns) || ns < 0))
			return fault(f, FAULT_USAGE, "mediawiki-namespace",
			             "read by its pages, namespaces are "
			             "numbers, not '%.*s'",
			             SLICE_ARG(word));
		mediawiki_site_add(&w->site, ns);
		rest = slice_trim(slice_cut(rest, word.len, rest.len));
	} while (rest.len);
	return true;
}

static void ask_indexes(const struct mediawiki *w, struct slice script,
                        struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK);

	for (uint32_t i = 0; i < w->site.namespace_count; i++) {
		buf_reset(&url);
		buf_add(&url, script);
		buf_addf(&url,
		         "?title=Special:AllPages&namespace=%d&"
		         "hideredirects=1",
		         (int)w->site.namespaces[i]);
		ask_for(y, buf_slice(&url), TAG_INDEX, (struct slice){ 0 },
		        ASK_PAGE | ASK_LISTING);
	}
	buf_release(&url);
}

static bool read_discovery(struct mediawiki *w, const struct reply *r,
                           struct yield *y, struct fault *f)
{
	bool session = r->ask->flags & ASK_SESSION, ok = true;
	struct slice api = { 0 }, script = { 0 };
	struct buf url = BUF_INIT(LIMIT_LINK);

	if (r->page) {
		api = mediawiki_site_api(r->page, r->arena);
		script = mediawiki_pages_script(r->page, r->arena);
	}
	if (api.len && (w->way != WAY_HTML || session)) {
		ok = mediawiki_pages_resolve(r, api, &url, f);
		w->site.api = arena_copy(&w->arena, buf_slice(&url));
		if (ok && session)
			ask_token(w, y);
		else if (ok)
			ask_site(w, y);
	} else if (script.len && w->way != WAY_API && !session) {
		ok = mediawiki_pages_resolve(r, script, &url, f) &&
		     read_numbers(w, f);
		if (ok) {
			mark(w, y);
			ask_indexes(w, buf_slice(&url), y);
			ask_for(y, w->url, TAG_ARTICLE, (struct slice){ 0 },
			        ASK_PAGE);
		}
	} else
		ok = fault(f, FAULT_USAGE, "mediawiki-none",
		           "no MediaWiki found at '%.*s' (status %d)",
		           SLICE_ARG(r->url), r->status);
	buf_release(&url);
	return ok;
}

static bool read_index(const struct reply *r, struct yield *y, struct fault *f)
{
	if (!r->page)
		return fault(f, FAULT_INPUT, "mediawiki-index",
		             "Special:AllPages is no page");
	if (mediawiki_view(r->page) == VIEW_LOGIN)
		return is_private(f);
	return mediawiki_pages_index(r, TAG_INDEX, TAG_ARTICLE, y, f);
}

static bool read_article(const struct mediawiki *w, const struct reply *r,
                         struct yield *y, struct fault *f)
{
	enum mediawiki_view view =
	        r->page ? mediawiki_view(r->page) : VIEW_OTHER;

	/* A bot's session is good for the API alone. */
	if (view == VIEW_LOGIN)
		return is_private(f);
	if (view == VIEW_OTHER)
		return fault(f, FAULT_INPUT, "mediawiki-page",
		             "this is not a page of a wiki");
	return mediawiki_text_html(&w->site, r, y, f) &&
	       mediawiki_pages_follow(r, TAG_ARTICLE, y, f);
}

static bool read_reply(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	switch ((enum tag)r->ask->tag) {
	case TAG_DISCOVER:
		return read_discovery(self, r, y, f);
	case TAG_INDEX:
		return read_index(r, y, f);
	case TAG_ARTICLE:
		return read_article(self, r, y, f);
	default:
		return read_call(self, r, y, f);
	}
}

/* Pages that were visited before the API was chosen. */
static bool within(void *self, struct slice url, int32_t depth, struct buf *why)
{
	const struct mediawiki *w = self;

	(void)url;
	(void)depth;
	if (w->way == WAY_HTML || !w->site.api.len)
		return true;
	buf_text(why, "the wiki is read by its API");
	return false;
}

const struct source_kind source_mediawiki = {
	.name = "mediawiki",
	.summary = "a MediaWiki, by its API or its pages",
	.channel = "api",
	.keys = keys,
	.state_size = sizeof(struct mediawiki),
	.space = space,
	.open = open_source,
	.login = login,
	.extractor = MEDIAWIKI_EXTRACTOR,
	.again = mediawiki_text_again,
	.seed = seed,
	.within = within,
	.read = read_reply,
	.close = close_source,
};
