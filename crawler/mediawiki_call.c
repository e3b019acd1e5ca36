#include "crawler/mediawiki_call.h"

#include "base/net/url.h"
#include "crawler/mediawiki_site.h"

enum { REST_SECONDS = 5, REST_MOST = 3600 };

void mediawiki_call(struct slice api, bool user, const char *query,
                    struct buf *out)
{
	buf_add(out, api);
	buf_byte(out, '?');
	buf_text(out, query);
	buf_text(out, "&format=json&formatversion=2&maxlag=5");
	if (user)
		buf_text(out, "&assert=user");
}

void mediawiki_call_value(struct buf *out, const char *name, struct slice value)
{
	if (out->len)
		buf_byte(out, '&');
	buf_text(out, name);
	buf_byte(out, '=');
	url_escape(value, out);
}

bool mediawiki_call_continue(const struct json *reply, struct buf *url)
{
	const struct json *more = json_get(reply, "continue");
	struct slice value;

	if (!json_is_object(more))
		return false;
	for (more = json_first(more); more; more = json_next(more))
		if (json_text(more, &value))
			mediawiki_call_value(url, json_name(more).at, value);
	return true;
}

static bool is_one_of(struct slice code, const char *const *codes)
{
	for (; *codes; codes++)
		if (slice_eq(code, slice_of(*codes)))
			return true;
	return false;
}

/* The service is tired: it says for how long. */
static enum mediawiki_answer rest(const struct reply *r, struct slice code,
                                  struct yield *y, struct fault *f)
{
	int64_t seconds = REST_SECONDS;

	slice_number(reply_header(r, "retry-after"), &seconds);
	if (seconds < 1)
		seconds = REST_SECONDS;
	if (seconds > REST_MOST)
		seconds = REST_MOST;
	yield_rest(y, seconds * 1000, true);
	fault(f, FAULT_LATER, "mediawiki-busy",
	      "the wiki asks us to wait %lld s (%.*s)", (long long)seconds,
	      SLICE_ARG(code));
	return ANSWER_BAD;
}

static enum mediawiki_answer read_error(const struct reply *r,
                                        const struct json *error,
                                        struct yield *y, struct fault *f)
{
	static const char *const tired[] = { "maxlag", "ratelimited",
		                             "readonly", "actionthrottledtext",
		                             NULL };
	static const char *const login[] = {
		"readapidenied", "assertuserfailed", "assertbotfailed",
		"notloggedin",   "mustbeloggedin",   NULL
	};
	static const char *const gone[] = { "nosuchpageid", "missingtitle",
		                            "nosuchrevid", NULL };
	struct slice code = mediawiki_member(error, "code");
	struct slice text = mediawiki_member(error, "info");

	if (is_one_of(code, tired))
		return rest(r, code, y, f);
	if (is_one_of(code, login))
		return ANSWER_LOGIN;
	if (is_one_of(code, gone))
		return ANSWER_GONE;
	if (slice_starts(code, SLICE("internal_api_error")))
		fault(f, FAULT_LATER, "mediawiki-internal",
		      "the wiki failed: %.*s", SLICE_ARG(text));
	else if (slice_eq(code, SLICE("permissiondenied")))
		fault(f, FAULT_DENIED, "mediawiki-denied",
		      "the wiki does not let us: %.*s", SLICE_ARG(text));
	else
		fault(f, FAULT_INPUT, "mediawiki-error",
		      "the wiki says: %.*s (%.*s)", SLICE_ARG(text),
		      SLICE_ARG(code));
	return ANSWER_BAD;
}

enum mediawiki_answer mediawiki_call_read(const struct reply *r,
                                          struct yield *y, struct json **out,
                                          struct fault *f)
{
	enum mediawiki_answer answer = ANSWER_GOOD;
	struct json *j = NULL;
	const struct json *error;

	*out = NULL;
	if (!slice_ends(r->type, SLICE("json"))) {
		fault(f, FAULT_INPUT, "mediawiki-api",
		      "no API answers here (status %d, %.*s)", r->status,
		      SLICE_ARG(r->type));
		return ANSWER_BAD;
	}
	if (!json_parse(&j, r->body, f)) {
		fault_in(f, "the API's answer");
		return ANSWER_BAD;
	}
	error = json_get(j, "error");
	if (error)
		answer = read_error(r, error, y, f);
	if (answer == ANSWER_GOOD)
		*out = j;
	else
		json_free(j);
	return answer;
}
