/*
 * 429 and 503 are the loop's. A 403 may be a limit of rate too (Data Center's
 * filters in front answer so): it is one when it says when to come back.
 */

#include "crawler/confluence_call.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/net/pace.h"
#include "base/net/url.h"
#include "crawler/confluence_site.h"

enum { REST_SECONDS = 30, REST_MOST = 3600 };

/* How long to stay away, in milliseconds; 0: it does not say. */
static int64_t rest_of(const struct reply *r)
{
	struct slice after = reply_header(r, "retry-after");
	struct slice reset = reply_header(r, "x-ratelimit-reset");
	int64_t rest = pace_retry_after(after, r->time) / 1000, time;

	/* Cloud says when it is back; Data Center how often it fills up. */
	if (!rest && clock_read(reset, &time) && time > r->time)
		rest = time - r->time;
	if (!rest &&
	    slice_number(reply_header(r, "x-ratelimit-interval-seconds"),
	                 &time) &&
	    time > 0 && time <= REST_MOST)
		rest = time * 1000;
	return rest > REST_MOST * 1000 ? REST_MOST * 1000 : rest;
}

static bool is_spent(const struct reply *r)
{
	int64_t left = -1;

	return slice_number(reply_header(r, "x-ratelimit-remaining"), &left) &&
	       left <= 0;
}

/* The next call would be refused. */
static void tell_quota(const struct reply *r, struct yield *y)
{
	if (is_spent(r) && rest_of(r))
		yield_rest(y, rest_of(r), false);
}

static bool has_word(struct slice text, struct slice word)
{
	text = slice_cut(text, 0, 4096);
	for (; text.len >= word.len; text = slice_cut(text, 1, text.len))
		if (slice_starts(text, word))
			return true;
	return false;
}

static bool is_limit(const struct reply *r)
{
	return reply_header(r, "retry-after").len || is_spent(r) ||
	       has_word(r->body, SLICE("ate limit"));
}

/* What an error's JSON says of itself, in at most 200 bytes. */
static void read_message(const struct reply *r, char out[201])
{
	struct json *j = NULL;
	struct fault ignored;
	struct slice text = { 0 };

	out[0] = '\0';
	if (!slice_ends(r->type, SLICE("json")) ||
	    !json_parse(&j, r->body, &ignored))
		return;
	text = confluence_member(j, "message");
	if (!text.len)
		text = confluence_member(json_first(json_get(j, "errors")),
		                         "title");
	text = slice_cut(text, 0, 200);
	if (text.len)
		memcpy(out, text.at, text.len);
	out[text.len] = '\0';
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)out[i] < ' ')
			out[i] = ' ';
	json_free(j);
}

static enum confluence_answer read_error(const struct reply *r, struct yield *y,
                                         struct fault *f)
{
	char message[201];
	int64_t rest = rest_of(r);

	read_message(r, message);
	if (r->status == 404 || r->status == 410) {
		fault(f, FAULT_GONE, "confluence-gone",
		      "the wiki has no such thing (%d): %s", r->status,
		      message);
		return CONFLUENCE_NONE;
	}
	if (r->status == 403 && is_limit(r)) {
		yield_rest(y, rest ? rest : REST_SECONDS * 1000, true);
		fault(f, FAULT_LATER, "confluence-limit",
		      "the wiki asks us to wait (403): %s", message);
	} else if (r->status == 401 || r->status == 403)
		fault(f, FAULT_DENIED, "confluence-denied",
		      "the wiki does not let us (%d): %s%s", r->status, message,
		      r->status == 401 ? " (user and password-file, or "
		                         "token-file, let it know us)"
		                       : "");
	else
		fault(f, FAULT_INPUT, "confluence-error",
		      "the wiki says %d: %s", r->status, message);
	return r->status == 400 ? CONFLUENCE_STALE : CONFLUENCE_BAD;
}

enum confluence_answer confluence_call_read(const struct reply *r,
                                            struct yield *y, struct json **out,
                                            struct fault *f)
{
	*out = NULL;
	if (r->status >= 400)
		return read_error(r, y, f);
	tell_quota(r, y);
	if (slice_eq(r->type, SLICE("text/html"))) {
		fault(f, FAULT_DENIED, "confluence-login",
		      "a page came in place of the API's answer: it may want "
		      "a login, or 'url' is not the wiki's address");
		return CONFLUENCE_BAD;
	}
	if (!json_parse(out, r->body, f)) {
		fault_in(f, "the API's answer");
		/* It may have broken off. */
		if (f->kind == FAULT_INPUT)
			f->kind = FAULT_LATER;
		return CONFLUENCE_BAD;
	}
	return CONFLUENCE_GOOD;
}

void confluence_call_value(struct buf *url, const char *name,
                           struct slice value)
{
	struct slice so_far = buf_slice(url);

	buf_byte(url, slice_find(so_far, '?') == so_far.len ? '?' : '&');
	buf_text(url, name);
	buf_byte(url, '=');
	url_escape(value, url);
}

/* The path of `base`: "/wiki", or nothing. */
static struct slice context(const struct url *base)
{
	struct slice path = url_path(base);

	return slice_eq(path, SLICE("/")) ? (struct slice){ 0 } : path;
}

static bool is_below(struct slice path, struct slice above)
{
	return slice_starts(path, above) && path.len > above.len &&
	       path.at[above.len] == '/';
}

/* v2 writes it from the host on, v1 from its context path on. */
static bool resolve(struct slice next, const struct url *base, struct url *to,
                    struct fault *f)
{
	struct buf b = BUF_INIT(LIMIT_LINK);
	bool ok;

	if (slice_starts(next, SLICE("/")) &&
	    !slice_starts(next, SLICE("//")) && !is_below(next, context(base)))
		buf_add(&b, context(base));
	buf_add(&b, next);
	ok = url_parse(to, buf_slice(&b), base, f);
	buf_release(&b);
	return ok;
}

bool confluence_call_next(const struct json *j, struct slice base,
                          const struct reply *r, struct buf *out,
                          struct fault *f)
{
	struct slice next = confluence_member(json_get(j, "_links"), "next");
	struct url home = URL_INIT, to = URL_INIT;
	bool ok;

	if (!next.len)
		return true;
	ok = url_parse(&home, base, NULL, f) && resolve(next, &home, &to, f);
	if (ok && (!url_same_origin(&home, &to) ||
	           !is_below(url_path(&to), context(&home))))
		ok = fault(f, FAULT_DENIED, "confluence-next",
		           "the list goes on at another place: '%.*s'",
		           SLICE_ARG(slice_cut(next, 0, 200)));
	if (ok && slice_eq(url_bare(&to), r->ask->url))
		ok = fault(f, FAULT_INPUT, "confluence-next",
		           "a part of the list names itself as the next one");
	if (ok)
		buf_add(out, url_bare(&to));
	url_release(&home);
	url_release(&to);
	return ok;
}
