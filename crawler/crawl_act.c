/*
 * What a source said, done: in the order in which it was said, all within one
 * transaction of the caller's. A record that the store refuses (over a ceiling)
 * is passed over alone and told; the rest goes in.
 */

#include "base/hash.h"
#include "base/limits.h"
#include "base/say.h"
#include "crawler/clean.h"
#include "crawler/crawl_state.h"
#include "schema/inventory.h"

enum {
	ACT_PAUSE = 60000, /* a quota that is back sooner is waited for */
	ACT_LOGINS = 3,
};

/* Clean text, or the text itself if it was. Titles and the like are one
 * line. */
static struct slice act_clean(struct crawl *c, struct slice s, bool line)
{
	return clean_text(s, line, &c->yield.arena);
}

/* Tags the store can hold: clean, not empty, without a bar. */
static void act_tags(struct crawl *c, struct record *r)
{
	struct slice *tags =
	        arena_array(&c->yield.arena, r->tag_count + 1, sizeof(*tags));
	size_t i, n = 0;

	for (i = 0; i < r->tag_count && n < LIMIT_TAGS; i++) {
		struct slice tag = act_clean(c, r->tags[i], true);

		if (tag.len && tag.len <= LIMIT_NAME &&
		    slice_find(tag, '|') == tag.len)
			tags[n++] = tag;
	}
	r->tags = tags;
	r->tag_count = n;
}

static struct record act_record(struct crawl *c, const struct record *said)
{
	struct record r = *said;
	struct slice *lines[] = { &r.id,     &r.parent,    &r.link,
		                  &r.title,  &r.language,  &r.accepted,
		                  &r.author, &r.author_id, &r.licence,
		                  &r.class,  &r.services,  &r.extra_kind };
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		*lines[i] = act_clean(c, *lines[i], true);
	r.content = act_clean(c, r.content, false);
	if (!r.licence.len)
		r.licence = c->settings->licence;
	act_tags(c, &r);
	return r;
}

/* What the page says in all, for `CHANGED` or `SAME`. */
static uint64_t act_digest(uint64_t before, const struct record *r)
{
	const struct slice head = { (const char *)&before, sizeof(before) };
	struct hash h;

	hash_init(&h);
	hash_part(&h, head);
	hash_part(&h, r->title);
	hash_part(&h, r->content);
	return hash_end(&h) | 1;
}

/* The page's address is new for good: what was known under the old one's id
 * goes by the new one from now on. */
static bool act_moved(struct crawl *c, const struct act *a,
                      const struct record *r, struct fault *f)
{
	const struct flight *it = a->flight;

	if (!it || !it->hops || !it->moved || !it->entry.native.len ||
	    slice_eq(it->entry.native, r->id))
		return true;
	return inventory_moved(c->frontier, it->entry.native, r->id, f);
}

static bool act_store(struct crawl *c, struct act *a, const struct said *s,
                      struct fault *f)
{
	struct record r = act_record(c, s->record);
	bool page = a->flight && a->flight->ask.flags & ASK_PAGE;
	bool first = !a->digest;

	if (a->reply && a->reply->flags & REPLY_NOINDEX)
		return true;
	if (a->reply && a->reply->flags & REPLY_TRUNCATED)
		r.flags |= RECORD_TRUNCATED;
	a->digest = act_digest(a->digest, &r);
	if (first && page && !act_moved(c, a, &r, f))
		return false;
	if (!intake_record(c->intake, &r, f)) {
		if (f->kind != FAULT_INPUT && f->kind != FAULT_LIMIT)
			return false;
		c->report->counts.failed++;
		crawl_event(c, "record-refused", a->flight, NULL,
		            slice_of(f->text));
		return true;
	}
	if (r.flags & RECORD_HEAD)
		return true;
	if (first && page && a->flight->hops && a->flight->moved &&
	    !crawl_alias(c, a->flight->entry.url, r.id, ALIAS_REDIRECT, f))
		return false;
	if (!first || !page)
		return r.kind == RECORD_ANSWER || r.kind == RECORD_EXTRA ||
		       inventory_read(c->frontier, r.id, r.revision, f);
	/* Another name of the page does not answer for it. */
	if (slice_eq(r.link, url_bare(&a->flight->url)))
		a->native = r.id;
	return inventory_read(c->frontier, r.id, r.revision, f);
}

/* A listing is asked for again in every run, and once in each: listings name
 * each other in circles. */
static bool act_listed(struct crawl *c, const struct ask *ask, bool *again,
                       struct fault *f)
{
	struct frontier_entry e;
	bool found;

	*again = true;
	if (!(ask->flags & ASK_LISTING) || ask->flags & ASK_AGAIN)
		return true;
	if (!frontier_find(c->frontier, ask->url, &c->yield.arena, &e, &found,
	                   f))
		return false;
	*again = !found || e.visited < c->run_started;
	return true;
}

static bool act_ask(struct crawl *c, struct act *a, const struct ask *ask,
                    struct fault *f)
{
	struct frontier_entry e;
	struct flight *it;
	struct fault bad;
	bool added, again = false;

	if (a->reply && a->reply->flags & REPLY_NOFOLLOW &&
	    ask->flags & ASK_PAGE)
		return true;
	if (ask->flags & ASK_SESSION) {
		if (!flight_new(&it, FLIGHT_SESSION, ask, f))
			return false;
		it->cleared = true;
		flights_add(&c->session, it);
		return true;
	}
	if (ask->url.len > URL_MOST) {
		fault(&bad, FAULT_LIMIT, "limit-url",
		      "the address is too long");
		crawl_event(c, "skip", a->flight, NULL, slice_of(bad.text));
		return true;
	}
	crawl_entry_of_ask(ask, &c->yield.arena, &e);
	c->dry = false;
	if (ask->flags & (ASK_AGAIN | ASK_LISTING) &&
	    !act_listed(c, ask, &again, f))
		return false;
	return frontier_add(c->frontier, &e, again, &added, f);
}

static bool act_named(struct crawl *c, struct act *a, const struct said *s,
                      struct fault *f)
{
	bool current;

	return inventory_named(c->frontier, s->id, s->number, &current, f) &&
	       (current || !s->ask || act_ask(c, a, s->ask, f));
}

static void act_rest(struct crawl *c, const struct said *s)
{
	pace_rest(&c->pace, crawl_now(c), s->number * 1000);
	c->report->counts.refused += s->flag;
}

static bool act_quota(struct crawl *c, const struct said *s, struct fault *f)
{
	struct buf line = BUF_INIT(256);
	int64_t wait = s->until - crawl_time(c);
	bool ok;

	/* Nothing is used up by reading what an archive holds. */
	if (c->options->carrier)
		return true;
	c->report->counts.quota_left = s->number;
	buf_addf(&line, "left=%lld most=%lld until=%lld", (long long)s->number,
	         (long long)s->most, (long long)s->until);
	ok = frontier_put(c->frontier, "quota", buf_slice(&line), f);
	buf_release(&line);
	if (s->number > 0 || wait <= 0)
		return ok;
	if (wait <= ACT_PAUSE) {
		pace_rest(&c->pace, crawl_now(c), wait * 1000);
		return ok;
	}
	c->paused = true;
	c->paused_until = s->until;
	fault(&c->report->paused, FAULT_LATER, "quota",
	      "the service's quota is used up; the run goes on when it is "
	      "started after it is back");
	return ok;
}

bool crawl_login(struct crawl *c, struct fault *f)
{
	struct act a = { 0 };

	if (!c->settings->kind->login || c->session.count || c->session_air)
		return true;
	if (++c->logins > ACT_LOGINS)
		return fault(f, FAULT_DENIED, "login-refused",
		             "logged in %d times, and still it wants a login",
		             ACT_LOGINS);
	yield_reset(&c->yield);
	c->settings->kind->login(c->source, &c->yield);
	return crawl_act(c, &a, f);
}

static bool act_again(struct crawl *c, struct act *a, struct fault *f)
{
	if (c->settings->login != LOGIN_KIND)
		return fault(f, FAULT_DENIED, "login-wanted",
		             "it wants a login: set user and password-file");
	a->again = true;
	return true;
}

/* A ceiling that was met is said once in a run, not only in the log. */
static void act_event(struct crawl *c, const struct act *a,
                      const struct said *s)
{
	size_t i;

	crawl_event(c, s->code, a->flight, NULL, s->text);
	if (!slice_starts(slice_of(s->code), SLICE("limit-")))
		return;
	for (i = 0; i < CRAWL_WARNED && c->warned[i]; i++)
		if (!strcmp(c->warned[i], s->code))
			return;
	if (i < CRAWL_WARNED)
		c->warned[i] = s->code;
	say(SAY_WARN, "%.*s: %.*s: %.*s (%s)", SLICE_ARG(c->settings->name),
	    SLICE_ARG(s->id), SLICE_ARG(s->text), s->code);
}

static bool act_one(struct crawl *c, struct act *a, const struct said *s,
                    struct fault *f)
{
	switch (s->kind) {
	case SAID_ASK:
		return act_ask(c, a, s->ask, f);
	case SAID_RECORD:
		return act_store(c, a, s, f);
	case SAID_AUTHOR:
		return intake_author(c->intake, act_clean(c, s->id, true),
		                     act_clean(c, s->to, true),
		                     act_clean(c, s->text, true), f);
	case SAID_LINK:
		return intake_link(c->intake, s->id, s->to,
		                   s->flag ? LINK_DUPLICATE : LINK_RELATED,
		                   s->number, f);
	case SAID_COMMENT: {
		struct intake_comment m = *s->comment;

		m.content = act_clean(c, m.content, false);
		m.author = act_clean(c, m.author, true);
		return intake_comment(c->intake, &m, f);
	}
	case SAID_NAMED:
		return act_named(c, a, s, f);
	case SAID_LISTING:
		return inventory_list(c->frontier, f);
	case SAID_LISTED:
		return inventory_listed(c->frontier, crawl_time(c), f);
	case SAID_MISSING:
		return inventory_missed(c->frontier, s->id, crawl_time(c), f);
	case SAID_DELETED:
		return inventory_deleted(c->frontier, s->id, crawl_time(c), f);
	case SAID_MOVED:
		return inventory_moved(c->frontier, s->id, s->to, f);
	case SAID_ALIAS:
		return crawl_alias(c, s->id, s->to, ALIAS_CANONICAL, f);
	case SAID_MARK:
		return frontier_put(c->frontier, "mark", s->text, f);
	case SAID_REST:
		act_rest(c, s);
		return true;
	case SAID_QUOTA:
		return act_quota(c, s, f);
	case SAID_LOGIN:
		return act_again(c, a, f);
	case SAID_EVENT:
		act_event(c, a, s);
		return true;
	}
	return true;
}

/* What still counts when the reply itself was not taken. */
static bool act_about_service(enum said_kind kind)
{
	return kind == SAID_REST || kind == SAID_QUOTA || kind == SAID_LOGIN ||
	       kind == SAID_EVENT;
}

bool crawl_act(struct crawl *c, struct act *a, struct fault *f)
{
	const struct said *s;

	for (s = c->yield.first; s; s = s->next) {
		if (a->deferred && !act_about_service(s->kind))
			continue;
		if (act_one(c, a, s, f))
			continue;
		/* One line that the store will not have is passed over. */
		if (f->kind != FAULT_INPUT && f->kind != FAULT_LIMIT)
			return false;
		crawl_event(c, "refused-by-store", a->flight, NULL,
		            slice_of(f->text));
	}
	return !a->again || crawl_login(c, f);
}
