/*
 * AWS's throttling comes with status 400 and a name in the body, and so do a
 * wrong clock and a proxy's page with status 200: what came back is judged by
 * what it says.
 */

#include "crawler/cases/pull_line.h"

#include <stdlib.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "base/say.h"

enum {
	CLOCK_TRIES = 2, /* with a corrected clock */
	URL_MOST = 4096,
};

struct pull_line {
	const struct pull_settings *s;
	struct aws *aws;
	struct caller *caller;
	struct slice url, region;
	struct arena kept, of_call;
	struct pull_line_counts counts;
	bool clock_told;
};

/* An object from brace to brace, as far as one can see from its ends. */
static bool looks_whole(struct slice body)
{
	body = slice_trim(body);
	return body.len > 1 && body.at[0] == '{' &&
	       body.at[body.len - 1] == '}';
}

static enum pace_word judge_refusal(struct pull_line *l,
                                    const struct call_try *t,
                                    const struct http_reply *r)
{
	struct fault f;

	switch (l->s->kind->refusal(r, &f)) {
	case REFUSAL_AGAIN:
		l->counts.refused++;
		return PACE_REFUSED;
	case REFUSAL_FAILED:
		return PACE_FAILED;
	case REFUSAL_CLOCK:
		aws_answered(l->aws, r, t->now);
		if (!l->clock_told)
			say(SAY_WARN, "this machine's clock is wrong: AWS's is "
			              "believed to sign by, and dates of a "
			              "pull are still ours");
		l->clock_told = true;
		return t->number <= CLOCK_TRIES ? PACE_FAILED : PACE_SUCCESS;
	default:
		return PACE_SUCCESS;
	}
}

static enum pace_word judge(void *self, const struct call_try *t,
                            const struct http_reply *r)
{
	struct pull_line *l = self;

	l->counts.calls++;
	if (r->trouble != HTTP_FINE)
		return caller_usual(NULL, t, r);
	if (r->status != 200)
		return judge_refusal(l, t, r);
	return looks_whole(r->body) ? PACE_SUCCESS : PACE_FAILED;
}

/* Where the API lives need not be where we do; it is signed for there. */
static bool find_place(struct pull_line *l, aws_environment *env, int64_t now,
                       struct fault *f)
{
	const struct aws_options o = {
		.profile = l->s->profile,
		.region = l->s->region,
		.service = slice_of(l->s->kind->service),
		.env = env,
		.now = now,
	};
	struct slice url;

	if (!aws_open(&l->aws, &o, f) ||
	    !aws_address(l->aws, &l->kept, &url, &l->region, f))
		return false;
	l->url = l->s->url.len ? l->s->url : url;
	return true;
}

/* With the path that is signed. */
static bool whole_url(struct pull_line *l, struct fault *f)
{
	struct buf url = BUF_INIT(URL_MOST);

	buf_add(&url, l->url);
	if (!slice_ends(l->url, SLICE("/")))
		buf_byte(&url, '/');
	if (buf_full(&url))
		return fault(f, FAULT_USAGE, "configuration",
		             "[cases %.*s] url is too long",
		             SLICE_ARG(l->s->name));
	l->url = arena_copy(&l->kept, buf_slice(&url));
	buf_release(&url);
	return true;
}

bool pull_line_open(struct pull_line **out, const struct pull_settings *s,
                    aws_environment *env, int64_t now, struct fault *f)
{
	struct pull_line *l = memory_new(1, sizeof(*l));
	struct caller_options o = {
		.http = s->http,
		.pace = s->pace,
		.tries = s->tries,
		.now = now,
		.sign = aws_sign,
		.judge = judge,
		.self = l,
	};

	l->s = s;
	if (!find_place(l, env, now, f) || !whole_url(l, f))
		goto out;
	o.sign_self = l->aws;
	if (caller_new(&l->caller, &o, f)) {
		*out = l;
		return true;
	}
out:
	pull_line_close(l);
	return false;
}

void pull_line_close(struct pull_line *l)
{
	if (!l)
		return;
	caller_free(l->caller);
	aws_close(l->aws);
	arena_release(&l->kept);
	arena_release(&l->of_call);
	free(l);
}

struct slice pull_line_origin(const struct pull_line *l)
{
	return aws_origin(l->aws);
}

struct slice pull_line_region(const struct pull_line *l)
{
	return l->region;
}

struct slice pull_line_url(const struct pull_line *l)
{
	return l->url;
}

static bool start(struct pull_line *l, const struct case_wire *w, uint64_t id,
                  struct fault *f)
{
	const struct call call = {
		.url = l->url,
		.body = w->body,
		.headers = w->headers,
		.header_count = w->header_count,
		.timeout = l->s->timeout,
		.id = id,
	};
	bool ok = caller_start(l->caller, &call, f);

	arena_reset(&l->of_call);
	return ok;
}

bool pull_line_list(struct pull_line *l, const struct case_query *q,
                    uint64_t id, struct fault *f)
{
	struct case_wire w;

	l->s->kind->list(q, &l->of_call, &w);
	return start(l, &w, id, f);
}

bool pull_line_replies(struct pull_line *l, struct slice source_id,
                       struct slice token, uint64_t id, struct fault *f)
{
	struct case_wire w;

	l->s->kind->replies(source_id, token, &l->of_call, &w);
	return start(l, &w, id, f);
}

bool pull_line_poll(struct pull_line *l, int64_t wait, struct fault *f)
{
	if (!cancel_check(f) || !caller_poll(l->caller, wait, f))
		return false;
	l->counts.resting = caller_resting(l->caller);
	return true;
}

/* A status that is an answer, or why there is none. */
static void read_reply(struct pull_line *l, struct pull_answer *out)
{
	const struct call_reply *r = out->reply;
	bool came = r->http && r->http->trouble == HTTP_FINE;

	if (came && r->http->status == 200 && !r->gave_up) {
		out->body = r->http->body;
		return;
	}
	out->refusal = REFUSAL_FAILED;
	out->fault = r->fault;
	if (came && r->http->status == 200)
		fault(&out->fault, FAULT_LATER, "aws-answer",
		      "what answers is not the API (%u times)", r->tries);
	else if (came)
		out->refusal = l->s->kind->refusal(r->http, &out->fault);
	else if (r->unsent && !r->gave_up)
		out->refusal = REFUSAL_DENIED;
}

bool pull_line_next(struct pull_line *l, struct pull_answer *out)
{
	struct call_reply *r = caller_next(l->caller);

	if (!r)
		return false;
	*out = (struct pull_answer){ .id = r->id, .reply = r };
	read_reply(l, out);
	return true;
}

void pull_line_done(struct pull_line *l, struct pull_answer *a)
{
	if (a->reply)
		caller_done(l->caller, a->reply);
	a->reply = NULL;
}

bool pull_line_ask(struct pull_line *l, const struct case_query *q,
                   struct pull_answer *out, struct fault *f)
{
	if (!pull_line_list(l, q, 0, f))
		return false;
	while (!pull_line_next(l, out))
		if (!pull_line_poll(l, 1000, f))
			return false;
	return true;
}

void pull_line_counts(const struct pull_line *l, struct pull_line_counts *out)
{
	*out = l->counts;
}
