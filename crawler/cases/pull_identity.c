/*
 * STS speaks the query protocol: a form there, and XML back, unless JSON is
 * asked for:
 *
 *	{"GetCallerIdentityResponse": {"GetCallerIdentityResult":
 *		{"Account": "123456789012", "Arn": "arn:aws:iam::...", ...}}}
 */

#include "crawler/cases/pull_identity.h"

#include <stdio.h>

#include "base/json.h"
#include "base/net/call.h"

static const struct http_header headers[] = {
	{ { "content-type", 12 }, { "application/x-www-form-urlencoded", 33 } },
	{ { "accept", 6 }, { "application/json", 16 } },
};

static bool take(const struct json *j, const char *name, char *out, size_t size)
{
	struct slice s;

	if (!json_is_text(json_get(j, name)) ||
	    !json_text(json_get(j, name), &s) || s.len >= size)
		return false;
	snprintf(out, size, "%.*s", SLICE_ARG(s));
	return true;
}

static bool is_account(const char *s)
{
	size_t i = 0;

	while (s[i] >= '0' && s[i] <= '9')
		i++;
	return i == 12 && !s[i];
}

bool pull_identity_read(struct slice body, struct pull_identity *out,
                        struct fault *f)
{
	const struct json *result;
	struct json *root;
	bool ok;

	if (!json_parse(&root, body, f))
		return fault_in(f, "STS");
	result = json_get(json_get(root, "GetCallerIdentityResponse"),
	                  "GetCallerIdentityResult");
	ok = take(result, "Account", out->account, sizeof(out->account)) &&
	     take(result, "Arn", out->arn, sizeof(out->arn)) &&
	     is_account(out->account);
	json_free(root);
	return ok || fault(f, FAULT_INPUT, "aws-identity",
	                   "STS does not say whose key it is");
}

static bool read_reply(const struct pull_settings *s,
                       const struct call_reply *r, struct pull_identity *out,
                       struct fault *f)
{
	if (!r->http || r->http->trouble != HTTP_FINE) {
		*f = r->fault;
		return false;
	}
	if (r->http->status == 200)
		return pull_identity_read(r->http->body, out, f);
	s->kind->refusal(r->http, f);
	return fault_in(f, "STS");
}

static bool find_url(const struct pull_settings *s, const struct aws *aws,
                     struct arena *a, struct slice *url, struct fault *f)
{
	struct buf whole = BUF_INIT(4096);
	struct slice region;

	*url = s->identity_url;
	if (!url->len &&
	    !aws_endpoint(SLICE("sts"), aws_region(aws), a, url, &region, f))
		return false;
	buf_add(&whole, *url);
	if (!slice_ends(*url, SLICE("/")))
		buf_byte(&whole, '/');
	*url = arena_copy(a, buf_slice(&whole));
	buf_release(&whole);
	return true;
}

bool pull_identity(const struct pull_settings *s, aws_environment *env,
                   int64_t now, struct pull_identity *out, struct fault *f)
{
	const struct aws_options ao = { .profile = s->profile,
		                        .region = s->region,
		                        .service = SLICE("sts"),
		                        .env = env,
		                        .now = now };
	struct caller_options co = { .http = s->http,
		                     .pace = s->pace,
		                     .tries = s->tries,
		                     .now = now,
		                     .sign = aws_sign };
	struct call call = { .body = SLICE("Action=GetCallerIdentity&Version="
		                           "2011-06-15"),
		             .headers = headers,
		             .header_count = 2,
		             .timeout = s->timeout };
	struct arena a = ARENA_INIT;
	struct aws *aws = NULL;
	struct caller *caller = NULL;
	struct call_reply *r = NULL;
	bool ok = aws_open(&aws, &ao, f) && find_url(s, aws, &a, &call.url, f);

	co.sign_self = aws;
	ok = ok && caller_new(&caller, &co, f) &&
	     caller_ask(caller, &call, &r, f) && read_reply(s, r, out, f);
	if (r)
		caller_done(caller, r);
	caller_free(caller);
	aws_close(aws);
	arena_release(&a);
	return ok;
}
