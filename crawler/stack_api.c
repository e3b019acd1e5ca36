/*
 * Objects as "question", "answer", "comment" and "shallow_user" of the API's
 * documentation have them. Numbers and texts that are missing leave what they
 * would say unknown; an item without an id is counted and left out.
 */

#include "crawler/stack_api.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/stack_name.h"

enum {
	REST_THROTTLED = 60 * 1000, /* when it does not say for how long */
	REST_TROUBLE = 30 * 1000,
	COMMENTS_MOST = 1000, /* of one post */
	ORIGINALS_MOST = 64,
};

const char stack_api_filter[] =
        ".backoff;.error_id;.error_message;.error_name;.has_more;.items;"
        ".quota_max;.quota_remaining;"
        "question.accepted_answer_id;question.answer_count;question.answers;"
        "question.body;question.closed_date;"
        "question.comments;question.content_license;question.creation_date;"
        "question.last_activity_date;question.last_edit_date;"
        "question.migrated_to;question.owner;question.question_id;"
        "question.score;question.tags;question.title;question.view_count;"
        "answer.answer_id;answer.body;answer.comments;answer.content_license;"
        "answer.creation_date;answer.is_accepted;answer.last_edit_date;"
        "answer.owner;answer.question_id;answer.score;"
        /* Without "body" the API leaves "body_markdown" out (meta 247899). */
        "comment.body;comment.body_markdown;comment.comment_id;"
        "comment.content_license;"
        "comment.creation_date;comment.owner;comment.post_id;comment.score;"
        "shallow_user.display_name;shallow_user.user_id";

const char stack_api_filter_more[] =
        ";question.closed_details;closed_details.original_questions;"
        "original_question.question_id";

static struct slice text_of(const struct json *j, const char *name)
{
	const struct json *value = json_get(j, name);
	struct slice s = { 0 };

	if (json_is_text(value))
		json_text(value, &s);
	return s;
}

static int64_t number_of(const struct json *j, const char *name,
                         int64_t fallback)
{
	json_number(json_get(j, name), &fallback);
	return fallback;
}

/* Seconds since 1970 as milliseconds. */
static int64_t time_of(const struct json *j, const char *name)
{
	int64_t seconds = number_of(j, name, INT64_MIN);

	if (seconds < 0 || seconds > INT64_MAX / 1000)
		return CLOCK_NONE;
	return seconds * 1000;
}

/* An id in digits; empty when there is none above 0 (the Community user has
 * -1, and a page of his own). */
static struct slice id_of(const struct json *j, const char *name,
                          struct arena *a)
{
	int64_t n = number_of(j, name, 0);

	return n ? stack_id(n, a) : (struct slice){ 0 };
}

bool stack_wrapper_read(struct slice text, struct json **root,
                        struct stack_wrapper *out, struct fault *f)
{
	struct fault why = { 0 };
	double backoff = 0;

	*out = (struct stack_wrapper){ 0 };
	*root = NULL;
	if (!json_parse(root, text, &why) || !json_is_object(*root)) {
		json_free(*root);
		*root = NULL;
		if (why.kind == FAULT_LIMIT) {
			*f = why;
			return false;
		}
		return fault(f, FAULT_LATER, "stack-not-json",
		             "the reply is not JSON as the API writes it");
	}
	if (json_is_array(json_get(*root, "items")))
		out->items = json_get(*root, "items");
	out->complete = json_bool(json_get(*root, "has_more"), &out->has_more);
	json_real(json_get(*root, "backoff"), &backoff);
	if (backoff > 0)
		out->backoff = backoff < 1e6 ? (int64_t)(backoff * 1000) + 1
		                             : 1000 * 1000000;
	out->quota_left = number_of(*root, "quota_remaining", -1);
	out->quota_most = number_of(*root, "quota_max", -1);
	out->error = number_of(*root, "error_id", 0);
	out->error_name = text_of(*root, "error_name");
	out->error_message = text_of(*root, "error_message");
	return true;
}

/* "more requests available in 17500 seconds" */
static int64_t read_seconds(struct slice message)
{
	static const char key[] = "available in ";
	size_t i, n = sizeof(key) - 1;
	int64_t seconds = 0;

	for (i = 0; i + n < message.len; i++)
		if (!memcmp(message.at + i, key, n))
			break;
	for (i += n; i < message.len && message.at[i] >= '0' &&
	             message.at[i] <= '9' && seconds < 1000000;
	     i++)
		seconds = seconds * 10 + (message.at[i] - '0');
	return seconds;
}

bool stack_wrapper_fault(const struct stack_wrapper *w, int64_t *rest,
                         struct fault *f)
{
	static const struct {
		int64_t id;
		enum fault_kind kind;
		const char *code, *words;
	} errors[] = {
		{ 400, FAULT_USAGE, "stack-parameter",
		  "the API did not take a setting" },
		{ 401, FAULT_DENIED, "stack-denied",
		  "the API wants an access token" },
		{ 402, FAULT_DENIED, "stack-denied",
		  "the API does not know the access token" },
		{ 403, FAULT_DENIED, "stack-denied", "the API refused" },
		{ 404, FAULT_USAGE, "stack-method",
		  "there is no such method: check 'api'" },
		{ 405, FAULT_DENIED, "stack-key", "the API wants a key" },
		{ 406, FAULT_DENIED, "stack-key",
		  "the token was seen by others: make a new one" },
		{ 500, FAULT_LATER, "stack-trouble",
		  "the API had an internal error" },
		{ 502, FAULT_LATER, "stack-throttled",
		  "the API says we ask too much" },
		{ 503, FAULT_LATER, "stack-trouble", "the API is not there" },
		{ 0, FAULT_INPUT, "stack-error",
		  "the API said an error we do not know" },
	};
	struct slice message = slice_cut(w->error_message, 0, 120);
	size_t i = 0;

	while (errors[i].id && errors[i].id != w->error)
		i++;
	*rest = errors[i].kind == FAULT_LATER ? REST_TROUBLE : 0;
	if (w->error == 502) {
		*rest = read_seconds(w->error_message) * 1000;
		*rest = *rest ? *rest + STACK_API_MARGIN : REST_THROTTLED;
	}
	return fault(f, errors[i].kind, errors[i].code, "%s: %.*s (%lld)",
	             errors[i].words, SLICE_ARG(message), (long long)w->error);
}

struct slice stack_api_made_filter(const struct stack_wrapper *w)
{
	struct slice s = text_of(json_first(w->items), "filter");
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~')
			return (struct slice){ 0 };
	return s.len <= 512 ? s : (struct slice){ 0 };
}

static size_t count_of(const struct json *array, size_t most)
{
	size_t n = 0;

	for (array = json_first(array); array && n < most;
	     array = json_next(array))
		n++;
	return n;
}

/* Who wrote it: without an id (the account was deleted) the name is all. */
static void read_owner(const struct json *item, struct arena *a,
                       struct slice *id, struct slice *name)
{
	const struct json *owner = json_get(item, "owner");

	*id = id_of(owner, "user_id", a);
	*name = text_of(owner, "display_name");
}

static bool read_comment(const struct json *j, struct slice parent,
                         struct arena *a, struct stack_comment *out)
{
	struct intake_comment *c = &out->comment;

	c->id = id_of(j, "comment_id", a);
	c->parent = parent;
	c->content = text_of(j, "body_markdown");
	c->licence = stack_licence(text_of(j, "content_license"), a);
	c->score = number_of(j, "score", 0);
	c->created = time_of(j, "creation_date");
	read_owner(j, a, &c->author_id, &out->name);
	if (!c->author_id.len)
		c->author = out->name;
	return c->id.len && c->content.len;
}

static void read_comments(const struct json *item, struct arena *a,
                          struct stack_post *p)
{
	const struct json *list = json_get(item, "comments"), *j;
	size_t most = count_of(list, COMMENTS_MOST), n = 0;
	struct stack_comment *made;

	if (!json_is_array(list) || !most)
		return;
	made = arena_array(a, most, sizeof(*made));
	for (j = json_first(list); j && n < most; j = json_next(j)) {
		made[n] = (struct stack_comment){ 0 };
		if (read_comment(j, p->record.id, a, &made[n]))
			n++;
	}
	p->comments = made;
	p->comment_count = n;
}

static void read_tags(const struct json *item, struct arena *a,
                      struct record *r)
{
	const struct json *list = json_get(item, "tags"), *j;
	struct slice *tags = arena_array(a, LIMIT_TAGS, sizeof(*tags));

	if (!json_is_array(list))
		return;
	r->tags = tags;
	for (j = json_first(list); j && r->tag_count < LIMIT_TAGS;
	     j = json_next(j))
		if (json_is_text(j) && json_text(j, &tags[r->tag_count]) &&
		    tags[r->tag_count].len)
			r->tag_count++;
}

static void read_originals(const struct json *item, struct arena *a,
                           struct stack_post *p)
{
	const struct json *details = json_get(item, "closed_details");
	const struct json *list = json_get(details, "original_questions"), *j;
	size_t most = count_of(list, ORIGINALS_MOST), n = 0;
	struct slice *made;

	if (!json_is_array(list) || !most)
		return;
	made = arena_array(a, most, sizeof(*made));
	for (j = json_first(list); j && n < most; j = json_next(j))
		if ((made[n] = id_of(j, "question_id", a)).len)
			n++;
	p->originals = made;
	p->original_count = n;
}

/* What questions and answers have in common. */
static bool read_post(const struct json *item, const char *id,
                      struct slice host, struct arena *a, struct stack_post *p)
{
	struct record *r = &p->record;

	if (number_of(item, id, 0) <= 0)
		return false;
	r->id = id_of(item, id, a);
	r->original = text_of(item, "body");
	/* Whoever asked with another filter got no text: nothing to keep. */
	p->unfit = !r->original.at;
	r->score = number_of(item, "score", 0);
	r->created = time_of(item, "creation_date");
	r->modified = time_of(item, "last_edit_date");
	r->closed = CLOCK_NONE;
	r->licence = stack_licence(text_of(item, "content_license"), a);
	read_owner(item, a, &r->author_id, &p->name);
	read_comments(item, a, p);
	stack_post_settle(p, host, a);
	return true;
}

static bool read_answer(const struct json *item, struct slice host,
                        struct arena *a, struct stack_post *p)
{
	*p = (struct stack_post){ .record.kind = RECORD_ANSWER };
	p->record.parent = id_of(item, "question_id", a);
	return p->record.parent.len && read_post(item, "answer_id", host, a, p);
}

static bool read_question(const struct json *item, struct slice host,
                          struct arena *a, struct stack_post *p)
{
	struct record *r = &p->record;

	*p = (struct stack_post){ .record.kind = RECORD_QUESTION };
	if (!read_post(item, "question_id", host, a, p))
		return false;
	r->title = text_of(item, "title");
	r->accepted = id_of(item, "accepted_answer_id", a);
	r->views = number_of(item, "view_count", 0);
	r->closed = time_of(item, "closed_date");
	p->activity = number_of(item, "last_activity_date", 0);
	p->answer_count = number_of(item, "answer_count", 0);
	read_tags(item, a, r);
	read_originals(item, a, p);
	/* What stands here is a sign that points at another site. */
	if (json_is_object(json_get(item, "migrated_to")))
		p->unfit = true;
	return true;
}

void stack_answers_read(const struct stack_wrapper *w, struct slice host,
                        struct arena *a, struct stack_items *out)
{
	size_t most = count_of(w->items, SIZE_MAX);
	const struct json *j;

	*out = (struct stack_items){ 0 };
	out->posts = arena_array(a, most + 1, sizeof(*out->posts));
	for (j = json_first(w->items); j; j = json_next(j)) {
		if (read_answer(j, host, a, &out->posts[out->count]))
			out->count++;
		else
			out->broken++;
	}
}

/* The answers inline behind a question. */
static void read_inline(const struct json *item, struct slice host,
                        struct arena *a, struct stack_items *out)
{
	struct stack_post *question = &out->posts[out->count - 1];
	const struct json *j;

	for (j = json_first(json_get(item, "answers")); j; j = json_next(j)) {
		struct stack_post *p = &out->posts[out->count];

		if (!read_answer(j, host, a, p)) {
			out->broken++;
			continue;
		}
		p->record.parent = question->record.id;
		p->unfit |= question->unfit;
		out->count++;
	}
}

void stack_questions_read(const struct stack_wrapper *w, struct slice host,
                          struct arena *a, struct stack_items *out)
{
	const struct json *j;
	size_t most = 1;

	*out = (struct stack_items){ 0 };
	for (j = json_first(w->items); j; j = json_next(j))
		most += 1 + count_of(json_get(j, "answers"), SIZE_MAX);
	out->posts = arena_array(a, most, sizeof(*out->posts));
	for (j = json_first(w->items); j; j = json_next(j)) {
		struct stack_post *p = &out->posts[out->count];

		if (!read_question(j, host, a, p)) {
			out->broken++;
			continue;
		}
		out->questions++;
		out->last = out->count++;
		read_inline(j, host, a, out);
	}
}
