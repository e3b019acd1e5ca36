/*
 * A Stack Exchange site, by its API or by its pages.
 *
 * The API's listing is walked by key, not by page number: each call asks for
 * what comes from the last key on, so that a question which moves while we read
 * shifts nothing past us, and page 26, for which a key is needed, never comes.
 * One call waits for the other: what follows stands in the ask's note, and
 * the mark is said when all before it was read. Since the key moves, the same
 * call is not made twice in a run; a later run begins an hour before the mark.
 */

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/net/url.h"
#include "crawler/source.h"
#include "crawler/stack_api.h"
#include "crawler/stack_post.h"
#include "schema/identity.h"

extern const struct source_kind source_stackexchange;

enum stack_tag { TAG_FILTER = 1, TAG_LIST, TAG_ANSWERS };

enum stack_order { ORDER_ACTIVE, ORDER_CREATION, ORDER_VOTES, ORDERS };

static const char *const order_names[ORDERS] = { "active", "creation",
	                                         "votes" };

enum {
	OVERLAP = 3600, /* seconds; caches of the API are younger */
	PAGE_SIZE = 100,
	TAGS_MOST = 16,
	DAY = 24 * 3600 * 1000,
};

static const struct conf_key keys[] = {
	{ "site", "serverfault.com", "host of the site" },
	{ "way", "api", "api, or html for a mirror or an instance of yours" },
	{ "api", "https://api.stackexchange.com/2.3", "address of the API" },
	{ "url", "", "html: address of the mirror; default https://SITE" },
	{ "order", "active", "active, creation or votes" },
	{ "pages", "",
	  "most list pages; default 500 by html, no ceiling by the API" },
	{ "min-score", "", "only questions of at least that many votes" },
	{ "tags", "", "only questions with one of these tags" },
	{ "recheck", "30", "days between full listings, which find deletions" },
	{ 0 },
};

struct stack_source {
	struct arena arena; /* of what follows */
	struct slice host, api, filter;
	struct slice tags[TAGS_MOST];
	size_t tag_count;
	enum stack_order order;
	int64_t pages;     /* 0: no ceiling */
	int64_t min_score; /* INT64_MIN: any */
	int64_t recheck;   /* milliseconds; 0: never */
	uint64_t wish;     /* of the settings that choose questions */
	int64_t since;     /* key up to which all is read; 0: nothing */
	int64_t listed;    /* when a full listing last ended; 0: never */
	int64_t time;
	bool everything;
};

/* Where in the walk an ask stands: written into its note. */
struct step {
	int64_t key;  /* of the last question seen; votes: INT64_MAX at first */
	int64_t page; /* within equal keys */
	int64_t done; /* list pages read */
	int64_t part; /* page of answers */
	bool listing; /* of all there is */
	bool more;    /* behind the answers at hand comes a next list page */
	bool refilter; /* the filter was made anew */
};

static struct slice write_step(const struct step *s, struct arena *a)
{
	char text[128];

	snprintf(text, sizeof(text), "%lld %lld %lld %lld %d %d %d",
	         (long long)s->key, (long long)s->page, (long long)s->done,
	         (long long)s->part, s->listing, s->more, s->refilter);
	return arena_copy(a, slice_of(text));
}

/* The next word of *text; empty at its end. */
static struct slice next_word(struct slice *text)
{
	struct slice word;
	size_t n;

	*text = slice_trim(*text);
	n = slice_find(*text, ' ');
	word = slice_cut(*text, 0, n);
	*text = slice_cut(*text, n, text->len);
	return word;
}

static bool read_step(struct slice note, struct step *s, struct fault *f)
{
	int64_t n[7] = { 0 };
	size_t i;

	for (i = 0; i < 7; i++)
		if (!slice_number(next_word(&note), &n[i]))
			return fault(f, FAULT_INPUT, "stack-note",
			             "an ask's note is damaged");
	*s = (struct step){ n[0], n[1], n[2], n[3], n[4], n[5], n[6] };
	return true;
}

static void say_mark(const struct stack_source *s, struct yield *y)
{
	struct buf b = BUF_INIT(1024);

	buf_addf(&b, "%d %016llx %lld %lld %.*s", STACK_API_FILTER_VERSION,
	         (unsigned long long)s->wish, (long long)s->since,
	         (long long)s->listed, SLICE_ARG(s->filter));
	yield_mark(y, buf_slice(&b));
	buf_release(&b);
}

/* A mark for other settings tells nothing but when it all was listed. */
static void read_mark(struct stack_source *s, struct slice mark)
{
	struct slice version = next_word(&mark), wish = next_word(&mark);
	char text[20];
	int64_t n;

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)s->wish);
	if (!slice_number(next_word(&mark), &s->since) ||
	    !slice_number(next_word(&mark), &s->listed)) {
		s->since = s->listed = 0;
		return;
	}
	if (!slice_eq(wish, slice_of(text)))
		s->since = s->listed = 0;
	if (slice_number(version, &n) && n == STACK_API_FILTER_VERSION)
		s->filter = arena_copy(&s->arena, next_word(&mark));
}

/* An ask of the API with what every call has. `b` is its address so far. */
static void ask_call(const struct stack_source *s, struct buf *b,
                     enum stack_tag tag, const struct step *at, struct yield *y)
{
	struct arena a = ARENA_INIT;
	struct ask ask = { .accept = SLICE("application/json"), .tag = tag };

	ask.flags = ASK_ERRORS;
	ask.note = write_step(at, &a);
	ask.url = buf_slice(b);
	yield_ask(y, &ask);
	arena_release(&a);
	(void)s;
}

static void ask_filter(const struct stack_source *s, const struct step *at,
                       struct yield *y)
{
	struct buf b = BUF_INIT(URL_MOST);

	buf_addf(&b, "%.*s/filters/create?base=none&unsafe=true&include=",
	         SLICE_ARG(s->api));
	url_escape(slice_of(stack_api_filter), &b);
	ask_call(s, &b, TAG_FILTER, at, y);
	buf_release(&b);
}

static void add_common(const struct stack_source *s, int64_t page,
                       struct buf *b)
{
	buf_addf(b, "&page=%lld&pagesize=%d&filter=", (long long)page,
	         PAGE_SIZE);
	url_escape(s->filter, b);
	buf_text(b, "&site=");
	url_escape(s->host, b);
}

static void ask_list(const struct stack_source *s, const struct step *at,
                     struct yield *y)
{
	static const char *const sorts[ORDERS] = {
		"order=asc&sort=activity",
		"order=asc&sort=creation",
		"order=desc&sort=votes",
	};
	struct buf b = BUF_INIT(URL_MOST);

	if (!s->filter.len) {
		ask_filter(s, at, y);
		return;
	}
	buf_addf(&b, "%.*s/questions?%s", SLICE_ARG(s->api), sorts[s->order]);
	if (s->order == ORDER_VOTES && at->key != INT64_MAX)
		buf_addf(&b, "&max=%lld", (long long)at->key);
	if (s->order == ORDER_VOTES && s->min_score != INT64_MIN)
		buf_addf(&b, "&min=%lld", (long long)s->min_score);
	if (s->order != ORDER_VOTES && at->key > 0)
		buf_addf(&b, "&min=%lld", (long long)at->key);
	if (s->tag_count == 1) {
		buf_text(&b, "&tagged=");
		url_escape(s->tags[0], &b);
	}
	add_common(s, at->page, &b);
	ask_call(s, &b, TAG_LIST, at, y);
	buf_release(&b);
}

/* The first of several pages, or the next of the same questions. */
static void ask_answers(const struct stack_source *s, struct slice ids,
                        const struct step *at, struct yield *y)
{
	struct buf b = BUF_INIT(URL_MOST);

	buf_addf(&b, "%.*s/questions/%.*s/answers?order=asc&sort=creation",
	         SLICE_ARG(s->api), SLICE_ARG(ids));
	add_common(s, at->part, &b);
	ask_call(s, &b, TAG_ANSWERS, at, y);
	buf_release(&b);
}

/* All up to `at` is read: on to the next page, or to the end. */
static void go_on(struct stack_source *s, struct step *at, struct yield *y)
{
	bool last = !at->more;

	if (s->order != ORDER_VOTES && at->key > s->since)
		s->since = at->key;
	if (at->more && s->pages && at->done >= s->pages) {
		yield_event(y, "stack-ceiling", (struct slice){ 0 },
		            "the ceiling of %lld pages is reached",
		            (long long)s->pages);
		at->more = false;
	}
	if (last && at->listing) {
		yield_listed(y);
		s->listed = s->time;
	}
	say_mark(s, y);
	if (at->more)
		ask_list(s, at, y);
}

static bool tagged(const struct stack_source *s, const struct record *r)
{
	size_t i, j;

	for (i = 0; i < r->tag_count; i++)
		for (j = 0; j < s->tag_count; j++)
			if (slice_eq(r->tags[i], s->tags[j]))
				return true;
	return !s->tag_count;
}

/*
 * Names what is there and moves what is wanted to the front. Questions whose
 * answers did not all come with them are listed in `ids`.
 */
static size_t sift(const struct stack_source *s, struct stack_items *items,
                   bool listing, struct buf *ids, struct yield *y)
{
	size_t i, kept = 0, end;

	for (i = 0; i < items->count; i = end) {
		struct stack_post *q = &items->posts[i];
		bool wanted = !q->unfit && q->record.score >= s->min_score &&
		              tagged(s, &q->record);

		for (end = i + 1; end < items->count; end++)
			if (items->posts[end].record.kind != RECORD_ANSWER)
				break;
		if (wanted && (int64_t)(end - i) <= q->answer_count)
			buf_addf(ids, "%s%.*s", ids->len ? ";" : "",
			         SLICE_ARG(q->record.id));
		for (; i < end; i++) {
			const struct record *r = &items->posts[i].record;

			if (listing)
				yield_named(y, r->id, r->revision, NULL);
			if (wanted && !items->posts[i].unfit)
				items->posts[kept++] = items->posts[i];
		}
	}
	return kept;
}

/* Where the next list page begins. A service that does not go the way it was
 * asked to would have us walk for ever. */
static bool move_on(const struct stack_source *s,
                    const struct stack_items *items, struct step *at,
                    struct fault *f)
{
	int64_t key = s->order == ORDER_ACTIVE     ? items->activity
	              : s->order == ORDER_CREATION ? items->created
	                                           : items->score;

	if (!items->questions && at->more)
		return fault(f, FAULT_LATER, "stack-listing",
		             "an empty page says that there are more");
	at->done++;
	if (!items->questions)
		return true;
	if (s->order == ORDER_VOTES ? key > at->key : key < at->key)
		return fault(f, FAULT_INPUT, "stack-order",
		             "the listing does not come in the order asked "
		             "for");
	at->page = key == at->key ? at->page + 1 : 1;
	at->key = key;
	return true;
}

static bool read_list(struct stack_source *s, const struct reply *r,
                      const struct stack_wrapper *w, struct step *at,
                      struct yield *y, struct fault *f)
{
	struct buf ids = BUF_INIT(4096);
	struct stack_items items;
	size_t kept;
	bool ok;

	stack_questions_read(w, s->host, r->arena, &items);
	at->more = w->has_more;
	if (!move_on(s, &items, at, f))
		return false;
	if (items.broken) {
		yield_event(y, "stack-items", r->url,
		            "%zu items without an id are left out",
		            items.broken);
		at->listing = false;
	}
	kept = sift(s, &items, at->listing, &ids, y);
	ok = stack_posts_yield(items.posts, kept, s->host, r->parser, y, f);
	if (ok && ids.len) {
		at->part = 1;
		ask_answers(s, buf_slice(&ids), at, y);
	} else if (ok) {
		go_on(s, at, y);
	}
	buf_release(&ids);
	return ok;
}

/* The ids in /questions/IDS/answers of the address asked for. */
static struct slice asked_ids(const struct stack_source *s,
                              const struct reply *r)
{
	struct slice url = r->ask->url;
	size_t head = s->api.len + sizeof("/questions/") - 1;

	url = slice_cut(url, head, url.len);
	return slice_cut(url, 0, slice_find(url, '/'));
}

static bool read_answers(struct stack_source *s, const struct reply *r,
                         const struct stack_wrapper *w, struct step *at,
                         struct yield *y, struct fault *f)
{
	struct stack_items items;
	size_t i, kept = 0;

	stack_answers_read(w, s->host, r->arena, &items);
	if (!items.count && w->has_more)
		return fault(f, FAULT_LATER, "stack-listing",
		             "an empty page says that there are more");
	for (i = 0; i < items.count; i++) {
		const struct record *answer = &items.posts[i].record;

		if (at->listing)
			yield_named(y, answer->id, answer->revision, NULL);
		if (!items.posts[i].unfit)
			items.posts[kept++] = items.posts[i];
	}
	if (items.broken)
		at->listing = false;
	if (!stack_posts_yield(items.posts, kept, s->host, r->parser, y, f))
		return false;
	if (w->has_more) {
		at->part++;
		ask_answers(s, asked_ids(s, r), at, y);
	} else {
		at->part = 0;
		go_on(s, at, y);
	}
	return true;
}

static bool read_filter(struct stack_source *s, const struct stack_wrapper *w,
                        const struct step *at, struct yield *y, struct fault *f)
{
	struct slice made = stack_api_made_filter(w);

	if (!made.len)
		return fault(f, FAULT_INPUT, "stack-filter",
		             "the API made no filter");
	s->filter = arena_copy(&s->arena, made);
	say_mark(s, y);
	ask_list(s, at, y);
	return true;
}

/* What stands in every reply: how much is left, and whether to rest. */
static void tell_limits(const struct stack_wrapper *w, int64_t now,
                        struct yield *y)
{
	if (w->quota_left >= 0)
		yield_quota(y, w->quota_left,
		            w->quota_most < 0 ? 0 : w->quota_most,
		            (now / DAY + 1) * DAY);
	if (w->backoff)
		yield_rest(y, w->backoff + STACK_API_MARGIN, false);
}

static bool names_filter(struct slice message)
{
	size_t i;

	for (i = 0; i + 6 <= message.len; i++)
		if (slice_starts(slice_cut(message, i, message.len),
		                 SLICE("filter")))
			return true;
	return false;
}

static bool read_error(struct stack_source *s, const struct reply *r,
                       const struct stack_wrapper *w, struct step *at,
                       struct yield *y, struct fault *f)
{
	int64_t rest;

	if (w->error == 400 && r->ask->tag != TAG_FILTER && !at->refilter &&
	    names_filter(w->error_message)) {
		at->refilter = true;
		s->filter = (struct slice){ 0 };
		ask_filter(s, at, y);
		return true;
	}
	stack_wrapper_fault(w, &rest, f);
	if (rest)
		yield_rest(y, rest, w->error == 502);
	return false;
}

/* No wrapper: something between us and the API speaks. */
static bool no_wrapper(const struct reply *r, struct fault *f)
{
	if (r->status == 401 || r->status == 403)
		return fault(f, FAULT_DENIED, "stack-refused",
		             "refused with status %d and no word of the API",
		             r->status);
	if (r->status == 404 || r->status == 410)
		return fault(f, FAULT_USAGE, "stack-method",
		             "no API answers there (status %d): check 'api'",
		             r->status);
	return false;
}

static bool read_call(struct stack_source *s, const struct reply *r,
                      const struct stack_wrapper *w, struct yield *y,
                      struct fault *f)
{
	struct step at;

	tell_limits(w, r->time, y);
	if (!read_step(r->ask->note, &at, f))
		return false;
	if (w->error)
		return read_error(s, r, w, &at, y, f);
	if (!w->items || !w->complete)
		return fault(f, FAULT_LATER, "stack-not-json",
		             "the reply lacks 'items' or 'has_more'");
	switch (r->ask->tag) {
	case TAG_FILTER:
		return read_filter(s, w, &at, y, f);
	case TAG_LIST:
		return read_list(s, r, w, &at, y, f);
	case TAG_ANSWERS:
		return read_answers(s, r, w, &at, y, f);
	}
	return fault(f, FAULT_INPUT, "stack-note", "an ask of another kind");
}

static bool stack_read(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	struct stack_wrapper w;
	struct json *root;
	bool ok;

	if (!stack_wrapper_read(r->body, &root, &w, f))
		return no_wrapper(r, f);
	ok = read_call(self, r, &w, y, f);
	json_free(root);
	return ok;
}

static void stack_seed(void *self, struct yield *y)
{
	struct stack_source *s = self;
	struct step at = { .page = 1 };
	bool all = s->everything || !s->since ||
	           (s->recheck && s->time - s->listed >= s->recheck);

	if (s->order == ORDER_VOTES) {
		at.key = INT64_MAX;
	} else if (all) {
		/* One tag is chosen by the API: the rest is not named. */
		at.listing = s->tag_count != 1;
	} else {
		at.key = s->since > OVERLAP ? s->since - OVERLAP : 0;
	}
	if (at.listing)
		yield_listing(y);
	ask_list(s, &at, y);
}

/* A setting that is a number, `fallback` when it is not set. */
static bool get_number(const struct conf_section *c, const char *name,
                       int64_t least, int64_t fallback, int64_t *out,
                       struct fault *f)
{
	struct slice s = conf_get(c, name, "");

	*out = fallback;
	if (!s.len || (slice_number(s, out) && *out >= least))
		return true;
	return fault(f, FAULT_USAGE, "stack-setting", "'%s' is no such number",
	             name);
}

static bool get_order(const struct conf_section *c, enum stack_order *out,
                      struct fault *f)
{
	struct slice s = conf_get(c, "order", "active");
	size_t i;

	for (i = 0; i < ORDERS; i++) {
		if (slice_eq(s, slice_of(order_names[i]))) {
			*out = (enum stack_order)i;
			return true;
		}
	}
	return fault(f, FAULT_USAGE, "stack-setting",
	             "'order' is active, creation or votes");
}

static bool get_tags(const struct conf_section *c, struct stack_source *s,
                     struct fault *f)
{
	struct slice text = arena_copy(&s->arena, conf_get(c, "tags", ""));
	char *at = (char *)text.at;
	size_t i;

	for (i = 0; i < text.len; i++)
		if (at[i] == ',' || at[i] == ';' || at[i] == '\t')
			at[i] = ' ';
	for (;;) {
		struct slice word = next_word(&text);

		if (!word.len)
			return true;
		if (s->tag_count == TAGS_MOST)
			return fault(f, FAULT_USAGE, "stack-setting",
			             "'tags' takes at most %d", TAGS_MOST);
		s->tags[s->tag_count++] = word;
	}
}

static bool stack_space(const struct conf_section *c, struct buf *out,
                        struct fault *f)
{
	return identity_space(conf_get(c, "site", "serverfault.com"), out, f);
}

static bool get_host(const struct conf_section *c, struct stack_source *s,
                     struct fault *f)
{
	struct buf host = BUF_INIT(256);
	bool ok = stack_space(c, &host, f);

	if (ok &&
	    (buf_full(&host) || slice_find(buf_slice(&host), '/') < host.len))
		ok = fault(f, FAULT_USAGE, "stack-setting",
		           "'site' is no host");
	if (ok)
		s->host = arena_copy(&s->arena, buf_slice(&host));
	buf_release(&host);
	return ok;
}

/* An address without the slashes at its end. */
static struct slice get_base(const struct conf_section *c, const char *name,
                             const char *fallback, struct arena *a)
{
	struct slice s = conf_get(c, name, fallback);

	while (s.len && s.at[s.len - 1] == '/')
		s.len--;
	return arena_copy(a, s);
}

static uint64_t hash_wish(const struct stack_source *s)
{
	struct hash h;
	size_t i;

	hash_init(&h);
	hash_part(&h, s->host);
	hash_part(&h, slice_of(order_names[s->order]));
	hash_part(&h, (struct slice){ (const char *)&s->min_score,
	                              sizeof(s->min_score) });
	for (i = 0; i < s->tag_count; i++)
		hash_part(&h, s->tags[i]);
	return hash_end(&h);
}

static bool stack_open(void *self, const struct source_start *start,
                       struct fault *f)
{
	const struct conf_section *c = start->conf;
	struct stack_source *s = self;
	int64_t days;

	s->time = start->time;
	s->everything = start->everything;
	s->api = get_base(c, "api", "https://api.stackexchange.com/2.3",
	                  &s->arena);
	if (!get_host(c, s, f) || !get_order(c, &s->order, f) ||
	    !get_tags(c, s, f) || !get_number(c, "pages", 1, 0, &s->pages, f) ||
	    !get_number(c, "min-score", INT64_MIN, INT64_MIN, &s->min_score,
	                f) ||
	    !get_number(c, "recheck", 0, 30, &days, f)) {
		arena_release(&s->arena);
		return false;
	}
	s->recheck = days < 100000 ? days * DAY : 0;
	s->wish = hash_wish(s);
	read_mark(s, start->mark);
	return true;
}

static void stack_close(void *self)
{
	struct stack_source *s = self;

	arena_release(&s->arena);
}

const struct source_kind source_stackexchange = {
	.name = "stackexchange",
	.summary = "a Stack Exchange site by its API",
	.channel = "api",
	.keys = keys,
	.secret_parameter = "key",
	.state_size = sizeof(struct stack_source),
	.space = stack_space,
	.open = stack_open,
	.seed = stack_seed,
	.read = stack_read,
	.close = stack_close,
};
