/* A caller for one call: what it knows goes with it. */

#include "base/net/aws_ask.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/net/sigv4.h"

enum {
	ASK_NEAR = 1000, /* milliseconds */
	ASK_FAR = 15000,
	ASK_TRIES = 3,
	SKEW_LEAST = 4 * 60 * 1000,
};

bool aws_signer_sign(void *self, const struct call_try *t, struct arena *a,
                     const struct http_header **headers, size_t *count,
                     struct fault *f)
{
	const struct aws_signer *s = self;
	const struct sigv4_key key = aws_key_view(s->key);
	const struct sigv4_request r = {
		.method = t->method,
		.url = t->url,
		.headers = t->headers,
		.header_count = t->header_count,
		.body = t->body,
		.service = s->service,
		.region = s->region,
		.time = t->now + s->skew,
	};
	struct sigv4_signed out;

	if (!sigv4_sign(&r, &key, a, &out, f))
		return false;
	*headers = out.headers;
	*count = out.header_count;
	return true;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", the one form that is sent today (RFC 9110,
 * 5.6.7). */
static bool date_read(struct slice s, int64_t *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[] = "YYYY-MM-DD HH:MM:SS";
	size_t i;

	if (s.len != 29 || !slice_ends(s, SLICE(" GMT")))
		return false;
	for (i = 0; i < 12; i++)
		if (!memcmp(months + 3 * i, s.at + 8, 3))
			break;
	if (i == 12)
		return false;
	memcpy(text, s.at + 12, 4);
	text[5] = (char)('0' + (i + 1) / 10);
	text[6] = (char)('0' + (i + 1) % 10);
	memcpy(text + 8, s.at + 5, 2);
	memcpy(text + 11, s.at + 17, 8);
	return clock_read(slice_of(text), out);
}

void aws_skew_note(int64_t *skew, const struct http_reply *r, int64_t now)
{
	int64_t date, off;

	if (!date_read(http_header(r, "date"), &date))
		return;
	off = date - (now + *skew);
	if (off > SKEW_LEAST || off < -SKEW_LEAST)
		*skew = date - now;
}

static void answer_take(const struct http_reply *r, struct arena *a,
                        int *status, struct slice *body)
{
	*status = r->status;
	*body = arena_copy(a, r->body);
	aws_slice_wipe(r->body);
}

bool aws_ask(const struct aws_question *q, struct arena *a, int *status,
             struct slice *body, struct fault *f)
{
	struct caller_options o = {
		.http = { .allow_private = true,
		          .allow_identity = q->near,
		          .ca_file = q->ca_file },
		.pace = { .rate = 1000, .concurrency = 1, .stall = 60000000 },
		.tries = q->tries  ? q->tries
		         : q->near ? 1
		                   : ASK_TRIES,
		.now = q->now,
		.sign = q->signer ? aws_signer_sign : NULL,
		.sign_self = q->signer,
	};
	struct call call = q->call;
	struct call_reply *r;
	struct caller *c;
	bool ok = false;

	call.body_most = LIMIT_IDENTITY;
	call.timeout = q->timeout ? q->timeout : q->near ? ASK_NEAR : ASK_FAR;
	if (!caller_new(&c, &o, f))
		return false;
	if (!caller_ask(c, &call, &r, f))
		goto out;
	if (r->http && r->http->trouble == HTTP_FINE) {
		aws_skew_note(q->skew, r->http, caller_now(c));
		answer_take(r->http, a, status, body);
		ok = true;
	} else {
		*f = r->fault;
	}
	caller_done(c, r);
out:
	caller_free(c);
	return ok;
}
