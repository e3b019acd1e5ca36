/*
 * STS speaks the query protocol: a form there, and XML back, or JSON if that is
 * asked for; what stands between may not know the latter:
 *
 *	{"GetCallerIdentityResponse": {"GetCallerIdentityResult":
 *		{"Account": "123456789012", "Arn": "arn:aws:iam::...", ...}}}
 *	<GetCallerIdentityResponse ...><GetCallerIdentityResult>
 *		<Arn>arn:aws:iam::...</Arn> ... <Account>123456789012</Account>
 *
 * Neither value holds anything that XML would write in another way, so that
 * the text between two tags is all that is looked for.
 */

#include "crawler/cases/pull_identity.h"

#include <stdio.h>

#include "base/json.h"
#include "base/net/call.h"

static const struct http_header headers[] = {
	{ { "content-type", 12 }, { "application/x-www-form-urlencoded", 33 } },
	{ { "accept", 6 }, { "application/json", 16 } },
};

static bool take(struct slice s, char *out, size_t size)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] <= ' ' ||
		    (unsigned char)s.at[i] > '~' || s.at[i] == '<' ||
		    s.at[i] == '&')
			return false;
	if (!s.len || s.len >= size)
		return false;
	snprintf(out, size, "%.*s", SLICE_ARG(s));
	return true;
}

static struct slice text_of(const struct json *j, const char *name)
{
	struct slice s = { 0 };

	if (json_is_text(json_get(j, name)))
		json_text(json_get(j, name), &s);
	return s;
}

static bool read_json(struct slice body, struct pull_identity *out)
{
	const struct json *result;
	struct json *root;
	struct fault f;
	bool ok;

	if (!json_parse(&root, body, &f))
		return false;
	result = json_get(json_get(root, "GetCallerIdentityResponse"),
	                  "GetCallerIdentityResult");
	ok = take(text_of(result, "Account"), out->account,
	          sizeof(out->account)) &&
	     take(text_of(result, "Arn"), out->arn, sizeof(out->arn));
	json_free(root);
	return ok;
}

/* What follows the first `<name>`, until the next tag; or nothing. */
static struct slice element(struct slice xml, struct slice open)
{
	size_t i;

	for (i = 0; i + open.len <= xml.len; i++) {
		struct slice rest = slice_cut(xml, i, xml.len);

		if (!slice_starts(rest, open))
			continue;
		rest = slice_cut(rest, open.len, rest.len);
		return slice_cut(rest, 0, slice_find(rest, '<'));
	}
	return (struct slice){ 0 };
}

static bool read_xml(struct slice body, struct pull_identity *out)
{
	return take(element(body, SLICE("<Account>")), out->account,
	            sizeof(out->account)) &&
	       take(element(body, SLICE("<Arn>")), out->arn, sizeof(out->arn));
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
	bool xml = slice_starts(slice_trim(body), SLICE("<"));

	return ((xml ? read_xml(body, out) : read_json(body, out)) &&
	        is_account(out->account)) ||
	       fault(f, FAULT_INPUT, "aws-identity",
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
