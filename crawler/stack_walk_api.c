/*
 * The API's listing is walked by key, not by page number: each call asks for
 * what comes from the last key on, so that a question which moves while we read
 * shifts nothing past us, and page 26, for which a key is needed, never comes.
 * One call waits for the other: what follows stands in the ask's note, and
 * the mark is said when all before it was read. Since the key moves, the same
 * call is not made twice in a run; a later run begins an hour before the mark.
 */

#include <stdio.h>

#include "base/buf.h"
#include "base/net/url.h"
#include "crawler/stack_api.h"
#include "crawler/stack_post.h"
#include "crawler/stack_walk.h"

enum stack_tag { TAG_FILTER = 1, TAG_LIST, TAG_ANSWERS };

enum {
	OVERLAP = 3600, /* seconds; caches of the API are younger */
	NOTE_MOST = 4096,
	SEEN_MOST = 3000, /* bytes of it */
	DAY = 24 * 3600 * 1000,
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
	bool plain;    /* without the fields that only some services know */
	/* Ids of the questions with that key: the next call begins with them
	 * and they are not read again. */
	struct slice seen;
};

static void write_step(const struct step *s, struct buf *out)
{
	buf_addf(out, "%lld %lld %lld %lld %d %d %d %d %.*s", (long long)s->key,
	         (long long)s->page, (long long)s->done, (long long)s->part,
	         s->listing, s->more, s->refilter, s->plain,
	         SLICE_ARG(s->seen));
}

static bool read_step(struct slice note, struct step *s, struct fault *f)
{
	int64_t n[8] = { 0 };
	size_t i;

	for (i = 0; i < 8; i++)
		if (!slice_number(stack_word(&note), &n[i]))
			return fault(f, FAULT_INPUT, "stack-note",
			             "an ask's note is damaged");
	*s =
	        (struct step){ n[0], n[1], n[2], n[3], n[4],
		               n[5], n[6], n[7], note };
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
void stack_api_mark(struct stack_source *s, struct slice mark)
{
	struct slice version = stack_word(&mark), wish = stack_word(&mark);
	char text[20];
	int64_t n;

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)s->wish);
	if (!slice_number(stack_word(&mark), &s->since) ||
	    !slice_number(stack_word(&mark), &s->listed)) {
		s->since = s->listed = 0;
		return;
	}
	if (!slice_eq(wish, slice_of(text)))
		s->since = s->listed = 0;
	if (slice_number(version, &n) && n == STACK_API_FILTER_VERSION)
		s->filter = arena_copy(&s->arena, stack_word(&mark));
}

/* An ask of the API with what every call has. */
static void ask_call(struct slice url, enum stack_tag tag,
                     const struct step *at, struct yield *y)
{
	struct ask ask = { .accept = SLICE("application/json"), .tag = tag };
	struct buf note = BUF_INIT(NOTE_MOST);

	write_step(at, &note);
	ask.flags = ASK_ERRORS;
	ask.note = buf_slice(&note);
	ask.url = url;
	yield_ask(y, &ask);
	buf_release(&note);
}

static void ask_filter(const struct stack_source *s, const struct step *at,
                       struct yield *y)
{
	struct buf b = BUF_INIT(URL_MOST);

	buf_addf(&b, "%.*s/filters/create?base=none&unsafe=true&include=",
	         SLICE_ARG(s->api));
	url_escape(slice_of(stack_api_filter), &b);
	if (!at->plain)
		url_escape(slice_of(stack_api_filter_more), &b);
	ask_call(buf_slice(&b), TAG_FILTER, at, y);
	buf_release(&b);
}

static void add_common(const struct stack_source *s, int64_t page,
                       struct buf *b)
{
	buf_addf(b, "&page=%lld&pagesize=%lld&filter=", (long long)page,
	         (long long)s->page_size);
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
	ask_call(buf_slice(&b), TAG_LIST, at, y);
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
	ask_call(buf_slice(&b), TAG_ANSWERS, at, y);
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

static int64_t key_of(const struct stack_source *s, const struct stack_post *q)
{
	return s->order == ORDER_ACTIVE     ? q->activity
	       : s->order == ORDER_CREATION ? q->record.created / 1000
	                                    : q->record.score;
}

/* Whether `list`, words with blanks between them, has `id`. */
static bool has_id(struct slice list, struct slice id)
{
	struct slice word;

	while ((word = stack_word(&list)).len)
		if (slice_eq(word, id))
			return true;
	return false;
}

/* The ids of the questions whose key is the last one's, for the next step. */
static void note_seen(const struct stack_source *s,
                      const struct stack_items *items, struct step *next,
                      struct arena *a)
{
	struct buf ids = BUF_INIT(SEEN_MOST);
	size_t i;

	for (i = 0; i < items->count; i++) {
		const struct stack_post *q = &items->posts[i];

		if (q->record.kind == RECORD_QUESTION &&
		    key_of(s, q) == next->key)
			buf_addf(&ids, "%.*s ", SLICE_ARG(q->record.id));
	}
	next->seen = arena_copy(a, buf_slice(&ids));
	buf_release(&ids);
}

/*
 * Names what is there and moves what is wanted to the front. Questions whose
 * answers did not all come with them are listed in `ids`.
 */
static size_t sift(const struct stack_source *s, struct stack_items *items,
                   const struct step *before, struct buf *ids, struct yield *y)
{
	size_t i, kept = 0, end;

	for (i = 0; i < items->count; i = end) {
		struct stack_post *q = &items->posts[i];
		bool wanted = !q->unfit &&
		              !(key_of(s, q) == before->key &&
		                has_id(before->seen, q->record.id)) &&
		              stack_wants(s, q->record.score, q->record.tags,
		                          q->record.tag_count);

		for (end = i + 1; end < items->count; end++)
			if (items->posts[end].record.kind != RECORD_ANSWER)
				break;
		if (wanted && (int64_t)(end - i) <= q->answer_count)
			buf_addf(ids, "%s%.*s", ids->len ? ";" : "",
			         SLICE_ARG(q->record.id));
		for (; i < end; i++) {
			const struct record *r = &items->posts[i].record;

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
                    const struct stack_items *items, struct arena *a,
                    struct step *at, struct fault *f)
{
	int64_t key;

	if (!items->questions && at->more)
		return fault(f, FAULT_LATER, "stack-listing",
		             "an empty page says that there are more");
	at->done++;
	if (!items->questions)
		return true;
	key = key_of(s, &items->posts[items->last]);
	if (s->order == ORDER_VOTES ? key > at->key : key < at->key)
		return fault(f, FAULT_INPUT, "stack-order",
		             "the listing does not come in the order asked "
		             "for");
	at->page = key == at->key ? at->page + 1 : 1;
	at->key = key;
	note_seen(s, items, at, a);
	return true;
}

static bool read_list(struct stack_source *s, const struct reply *r,
                      const struct stack_wrapper *w, struct step *at,
                      struct yield *y, struct fault *f)
{
	const struct step before = *at;
	struct buf ids = BUF_INIT(4096);
	struct stack_items items;
	size_t kept;
	bool ok;

	stack_questions_read(w, s->host, r->arena, &items);
	at->more = w->has_more;
	if (!move_on(s, &items, r->arena, at, f))
		return false;
	if (items.broken) {
		yield_event(y, "stack-items", r->url,
		            "%zu items without an id are left out",
		            items.broken);
		at->listing = false;
	}
	kept = sift(s, &items, &before, &ids, y);
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
	if (w->error == 400 && r->ask->tag == TAG_FILTER && !at->plain) {
		at->plain = true;
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

bool stack_api_reply(struct stack_source *s, const struct reply *r,
                     struct yield *y, struct fault *f)
{
	struct stack_wrapper w;
	struct json *root;
	bool ok;

	if (!stack_wrapper_read(r->body, &root, &w, f))
		return no_wrapper(r, f);
	ok = read_call(s, r, &w, y, f);
	json_free(root);
	return ok;
}

void stack_api_seed(struct stack_source *s, struct yield *y)
{
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
