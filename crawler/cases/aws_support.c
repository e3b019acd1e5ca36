/*
 * AWS Support, API version 2013-04-15 (AWS Support API Reference), JSON 1.1:
 * POST / with X-Amz-Target, a JSON object there and back.
 *
 * Lists are asked for with communications: up to five of the newest come with
 * each case, and most cases have no more, so that a case costs no call of its
 * own. The reference does not say whether these are the newest of all or of the
 * window that was asked for; so a case counts as whole only if its first
 * communication is there, which is made together with it.
 *
 * Members that are not known are passed over; one of the wrong type refuses the
 * case it stands in, or the answer if it stands in none.
 */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "crawler/cases/provider.h"
#include "crawler/clean.h"

enum {
	IDS_MOST = 100,
	PAGE = 100,            /* of cases and of communications */
	PROBE_PAGE = 10,       /* the least that is allowed */
	TOGETHER = 10 * 1000,  /* milliseconds between a case and its words */
	SAID_MOST = 120,       /* bytes of theirs in a fault */
	TOKEN_MOST = 16 << 10, /* bytes of a token */
	ACCOUNT = 12,          /* digits */
};

/* ---- requests ----------------------------------------------------------- */

static const struct http_header list_headers[] = {
	{ { "content-type", 12 }, { "application/x-amz-json-1.1", 26 } },
	{ { "x-amz-target", 12 }, { "AWSSupport_20130415.DescribeCases", 33 } },
};

static const struct http_header replies_headers[] = {
	{ { "content-type", 12 }, { "application/x-amz-json-1.1", 26 } },
	{ { "x-amz-target", 12 },
	  { "AWSSupport_20130415.DescribeCommunications", 42 } },
};

/* "2014-05-14T01:21:12.123Z"; an open end is left out. */
static void put_time(struct json_out *o, const char *name, int64_t time)
{
	char text[CLOCK_TEXT + 1];
	size_t len;

	if (time == CLOCK_NONE)
		return;
	clock_write(text, time);
	len = strlen(text);
	text[slice_find((struct slice){ text, len }, ' ')] = 'T';
	text[len++] = 'Z';
	json_pair(o, name, (struct slice){ text, len });
}

static void put_flag(struct json_out *o, const char *name, bool value)
{
	json_key(o, name);
	json_put_bool(o, value);
}

static void put_ids(struct json_out *o, const struct case_query *q)
{
	size_t i;

	json_key(o, "caseIdList");
	json_open(o, '[');
	for (i = 0; i < q->id_count; i++)
		json_put_text(o, q->ids[i]);
	json_close(o, ']');
}

static void aws_list(const struct case_query *q, struct arena *a,
                     struct case_wire *out)
{
	struct buf body = BUF_INIT(LIMIT_BODY);
	struct json_out o;

	json_start(&o, &body);
	json_open(&o, '{');
	if (q->id_count)
		put_ids(&o, q);
	if (!q->probe && !q->id_count) {
		put_time(&o, "afterTime", q->from);
		put_time(&o, "beforeTime", q->to);
	}
	put_flag(&o, "includeResolvedCases", q->resolved);
	put_flag(&o, "includeCommunications", !q->probe);
	json_pair_number(&o, "maxResults", q->probe ? PROBE_PAGE : PAGE);
	if (q->token.len)
		json_pair(&o, "nextToken", q->token);
	if (q->probe)
		put_flag(&o, "dryRun", true);
	json_close(&o, '}');
	*out = (struct case_wire){ .body = arena_copy(a, buf_slice(&body)),
		                   .headers = list_headers,
		                   .header_count = 2 };
	buf_release(&body);
}

static void aws_replies(struct slice source_id, struct slice token,
                        struct arena *a, struct case_wire *out)
{
	struct buf body = BUF_INIT(LIMIT_BODY);
	struct json_out o;

	json_start(&o, &body);
	json_open(&o, '{');
	json_pair(&o, "caseId", source_id);
	json_pair_number(&o, "maxResults", PAGE);
	if (token.len)
		json_pair(&o, "nextToken", token);
	json_close(&o, '}');
	*out = (struct case_wire){ .body = arena_copy(a, buf_slice(&body)),
		                   .headers = replies_headers,
		                   .header_count = 2 };
	buf_release(&body);
}

/* ---- answers ------------------------------------------------------------ */

/* A text as it stands; what is missing is empty. */
static bool raw_text(const struct json *j, const char *name, size_t most,
                     struct slice *out, struct fault *f)
{
	const struct json *value = json_get(j, name);

	*out = (struct slice){ 0 };
	if (!value || json_is_null(value))
		return true;
	if (!json_is_text(value) || !json_text(value, out))
		return fault(f, FAULT_INPUT, "aws-member", "'%s' is no text",
		             name);
	return out->len <= most ||
	       fault(f, FAULT_LIMIT, "limit-case",
	             "'%s' has more than %zu bytes", name, most);
}

/* A text as the store wants it. */
static bool clean_member(const struct json *j, const char *name, size_t most,
                         bool line, struct arena *a, struct slice *out,
                         struct fault *f)
{
	struct slice raw;

	if (!raw_text(j, name, most, &raw, f))
		return false;
	*out = arena_copy(a, clean_text(raw, line, a));
	return true;
}

static bool name_member(const struct json *j, const char *name, struct arena *a,
                        struct slice *out, struct fault *f)
{
	return clean_member(j, name, LIMIT_NAME, true, a, out, f);
}

/* Missing: not known. */
static bool time_member(const struct json *j, const char *name, int64_t *out,
                        struct fault *f)
{
	struct slice text;

	*out = CLOCK_NONE;
	if (!raw_text(j, name, LIMIT_NAME, &text, f))
		return false;
	return !text.len || clock_read(text, out) ||
	       fault(f, FAULT_INPUT, "aws-member", "'%s' is no date", name);
}

/* An array or nothing; NULL is as an empty one. */
static bool array_member(const struct json *j, const char *name, size_t most,
                         const struct json **first, size_t *count,
                         struct fault *f)
{
	const struct json *value = json_get(j, name), *k;

	*first = NULL;
	*count = 0;
	if (!value || json_is_null(value))
		return true;
	if (!json_is_array(value))
		return fault(f, FAULT_INPUT, "aws-member", "'%s' is no list",
		             name);
	*first = json_first(value);
	for (k = *first; k; k = json_next(k))
		++*count;
	return *count <= most || fault(f, FAULT_LIMIT, "limit-case",
	                               "'%s' has %zu members", name, *count);
}

static bool token_member(const struct json *j, struct arena *a,
                         struct slice *out, struct fault *f)
{
	struct slice raw;

	if (!raw_text(j, "nextToken", TOKEN_MOST, &raw, f))
		return false;
	*out = arena_copy(a, raw);
	return true;
}

/* The names of one list; those that stand there already are left out (a file
 * of up to 5 MB stands in both lists). */
static bool add_names(const struct json *k, struct arena *a,
                      struct slice *names, size_t *count, struct fault *f)
{
	struct slice name;
	size_t i;

	for (; k; k = json_next(k)) {
		if (!name_member(k, "fileName", a, &name, f))
			return false;
		for (i = 0; i < *count && !slice_eq(names[i], name); i++)
			;
		if (i == *count && name.len)
			names[(*count)++] = name;
	}
	return true;
}

static bool read_names(const struct json *j, struct arena *a,
                       struct case_reply *out, struct fault *f)
{
	const struct json *small, *every;
	size_t few, many;
	struct slice *names;

	if (!array_member(j, "attachmentSet", LIMIT_CASE_ATTACHMENTS / 2,
	                  &small, &few, f) ||
	    !array_member(j, "attachments", LIMIT_CASE_ATTACHMENTS / 2, &every,
	                  &many, f))
		return false;
	names = arena_array(a, few + many, sizeof(*names));
	out->attachments = names;
	return add_names(small, a, names, &out->attachment_count, f) &&
	       add_names(every, a, names, &out->attachment_count, f);
}

/* Who answers for AWS: the words that stand in submittedBy. */
static enum case_side side_of(struct slice by)
{
	static const char *const provider[] = {
		"Amazon Web Services",
		"Amazon Web Services, Inc.",
		"Amazon Web Services China",
		"Amazon Web Services (China)",
		"AWS",
		"AWS Support",
		"AWS China",
		"Amazon AWS",
		"亚马逊云科技",
		"亚马逊云科技中国",
		"亚马逊 AWS",
		"光环新网",
		"西云数据",
		NULL,
	};
	size_t i;

	for (i = 0; provider[i]; i++)
		if (slice_eq(by, slice_of(provider[i])))
			return SIDE_PROVIDER;
	return by.len ? SIDE_CUSTOMER : SIDE_UNKNOWN;
}

static bool read_reply(const struct json *j, struct arena *a,
                       struct case_reply *out, struct fault *f)
{
	if (!json_is_object(j))
		return fault(f, FAULT_INPUT, "aws-member",
		             "a communication is no object");
	if (!name_member(j, "submittedBy", a, &out->by, f) ||
	    !time_member(j, "timeCreated", &out->time, f) ||
	    !clean_member(j, "body", LIMIT_CASE_REPLY, false, a, &out->body,
	                  f) ||
	    !read_names(j, a, out, f))
		return false;
	out->side = side_of(out->by);
	return true;
}

static bool read_part(const struct json *j, struct arena *a,
                      struct case_part *out, struct fault *f)
{
	const struct json *k;
	size_t i = 0;

	*out = (struct case_part){ 0 };
	if (!array_member(j, "communications", LIMIT_CASE_REPLIES, &k,
	                  &out->count, f) ||
	    !token_member(j, a, &out->token, f))
		return false;
	out->replies = arena_array(a, out->count, sizeof(*out->replies));
	for (; k; k = json_next(k))
		if (!read_reply(k, a, &out->replies[i++], f))
			return false;
	return true;
}

/* Its first words are there: all are, unless there is a token. */
static bool has_first(const struct case_part *part, int64_t created)
{
	size_t i;

	for (i = 0; created != CLOCK_NONE && i < part->count; i++)
		if (part->replies[i].time != CLOCK_NONE &&
		    part->replies[i].time <= created + TOGETHER)
			return true;
	return false;
}

static bool read_recent(const struct json *j, struct arena *a,
                        struct case_seen *out, struct fault *f)
{
	const struct json *recent = json_get(j, "recentCommunications");
	struct case_part part;

	if (!recent || json_is_null(recent))
		return true;
	if (!json_is_object(recent))
		return fault(f, FAULT_INPUT, "aws-member",
		             "'recentCommunications' is no object");
	if (!read_part(recent, a, &part, f))
		return false;
	out->c.replies = part.replies;
	out->c.reply_count = part.count;
	out->whole = !part.token.len && has_first(&part, out->c.created);
	return true;
}

static struct slice console_link(struct slice id, struct slice region,
                                 struct arena *a)
{
	const char *host = slice_starts(region, SLICE("cn-"))
	                           ? "console.amazonaws.cn"
	                           : "support.console.aws.amazon.com";
	struct buf link = BUF_INIT(LIMIT_LINK);
	struct slice out;
	size_t i;

	for (i = 0; i < id.len && id.at[i] >= '0' && id.at[i] <= '9'; i++)
		;
	if (i < id.len)
		return (struct slice){ 0 };
	buf_addf(&link, "https://%s/support/home#/case/?displayId=%.*s", host,
	         SLICE_ARG(id));
	out = arena_copy(a, buf_slice(&link));
	buf_release(&link);
	return out;
}

static bool read_ids(const struct json *j, struct arena *a,
                     struct support_case *c, struct fault *f)
{
	if (!json_is_object(j))
		return fault(f, FAULT_INPUT, "aws-member",
		             "a case is no object");
	if (!clean_member(j, "caseId", LIMIT_ID, true, a, &c->source_id, f) ||
	    !clean_member(j, "displayId", LIMIT_ID, true, a, &c->native, f))
		return false;
	return (c->source_id.len && c->native.len) ||
	       fault(f, FAULT_INPUT, "aws-member",
	             "a case has no caseId or no displayId");
}

static bool read_case(const struct json *j, struct slice region,
                      struct arena *a, struct case_seen *out, struct fault *f)
{
	struct support_case *c = &out->c;

	c->created = c->resolved = CLOCK_NONE;
	if (!read_ids(j, a, c, f))
		return false;
	c->link = console_link(c->native, region, a);
	return clean_member(j, "subject", LIMIT_LINK, true, a, &c->subject,
	                    f) &&
	       name_member(j, "submittedBy", a, &c->submitted_by, f) &&
	       name_member(j, "status", a, &c->status, f) &&
	       name_member(j, "severityCode", a, &c->severity, f) &&
	       name_member(j, "serviceCode", a, &c->service, f) &&
	       name_member(j, "categoryCode", a, &c->category, f) &&
	       name_member(j, "language", a, &c->language, f) &&
	       time_member(j, "timeCreated", &c->created, f) &&
	       read_recent(j, a, out, f);
}

static void read_seen(const struct json *j, struct slice region,
                      struct arena *a, struct case_seen *out)
{
	char about[128];

	if (read_case(j, region, a, out, &out->fault))
		return;
	snprintf(about, sizeof(about), "case %.*s",
	         SLICE_ARG(slice_cut(out->c.native, 0, 100)));
	fault_at(&out->fault, out->c.native.len ? about : "a case", 0);
}

static bool parse_object(struct slice body, struct json **root, struct fault *f)
{
	if (!json_parse(root, body, f))
		return fault_in(f, "the answer is none");
	if (json_is_object(*root))
		return true;
	json_free(*root);
	return fault(f, FAULT_INPUT, "aws-answer", "the answer is no object");
}

static bool aws_listed(struct slice body, struct slice region, struct arena *a,
                       struct case_page *out, struct fault *f)
{
	const struct json *k;
	struct json *root;
	size_t i = 0;
	bool ok;

	*out = (struct case_page){ 0 };
	if (!parse_object(body, &root, f))
		return false;
	ok = (json_is_array(json_get(root, "cases")) ||
	      fault(f, FAULT_INPUT, "aws-answer",
	            "there is no list of cases")) &&
	     array_member(root, "cases", LIMIT_CASE_PAGE, &k, &out->count, f) &&
	     token_member(root, a, &out->token, f);
	if (ok) {
		out->cases = arena_array(a, out->count, sizeof(*out->cases));
		for (; k; k = json_next(k))
			read_seen(k, region, a, &out->cases[i++]);
	}
	json_free(root);
	return ok;
}

static bool aws_replied(struct slice body, struct arena *a,
                        struct case_part *out, struct fault *f)
{
	struct json *root;
	bool ok;

	if (!parse_object(body, &root, f))
		return false;
	ok = (json_is_array(json_get(root, "communications")) ||
	      fault(f, FAULT_INPUT, "aws-answer",
	            "there is no list of communications")) &&
	     read_part(root, a, out, f);
	json_free(root);
	return ok;
}

/* ---- errors ------------------------------------------------------------- */

struct aws_error {
	struct slice type, said;
	char kept[64 + SAID_MOST + 8];
};

/* "com.amazonaws.support#Name:http://..." is "Name". */
static struct slice bare_name(struct slice type)
{
	size_t hash = slice_find(type, '#');

	if (hash < type.len)
		type = slice_cut(type, hash + 1, type.len);
	return slice_cut(type, 0, slice_find(type, ':'));
}

static struct slice keep(struct aws_error *e, size_t *used, struct slice s,
                         size_t most)
{
	char *at = e->kept + *used;
	size_t len = slice_cut(s, 0, most).len;

	/* Never half a character. */
	while (len < s.len && len && ((unsigned char)s.at[len] & 0xc0) == 0x80)
		len--;
	if (len)
		memcpy(at, s.at, len);
	*used += len;
	return (struct slice){ at, len };
}

/* The member, if it is a text. */
static void take_text(const struct json *j, const char *name, struct slice *out)
{
	if (json_is_text(json_get(j, name)))
		json_text(json_get(j, name), out);
}

static void read_error(const struct http_reply *r, struct aws_error *e)
{
	struct slice type = http_header(r, "x-amzn-errortype"), said = { 0 };
	struct json *root = NULL;
	struct fault f;
	size_t used = 0;

	if (json_parse(&root, r->body, &f)) {
		take_text(root, "code", &type);
		take_text(root, "__type", &type);
		take_text(root, "Message", &said);
		take_text(root, "message", &said);
	}
	e->type = keep(e, &used, bare_name(type), 64);
	e->said = keep(e, &used, said, SAID_MOST);
	json_free(root);
}

static const struct {
	const char *type;
	enum case_refusal refusal;
} refusals[] = {
	{ "ThrottlingException", REFUSAL_AGAIN },
	{ "Throttling", REFUSAL_AGAIN },
	{ "ThrottledException", REFUSAL_AGAIN },
	{ "RequestThrottled", REFUSAL_AGAIN },
	{ "RequestThrottledException", REFUSAL_AGAIN },
	{ "RequestLimitExceeded", REFUSAL_AGAIN },
	{ "TooManyRequestsException", REFUSAL_AGAIN },
	{ "InternalServerError", REFUSAL_FAILED },
	{ "InternalServerException", REFUSAL_FAILED },
	{ "InternalFailure", REFUSAL_FAILED },
	{ "ServiceUnavailable", REFUSAL_FAILED },
	{ "ServiceUnavailableException", REFUSAL_FAILED },
	{ "CaseIdNotFound", REFUSAL_UNKNOWN },
	{ "DryRunOperationException", REFUSAL_PROBE },
	{ "SubscriptionRequiredException", REFUSAL_DENIED },
	{ "AccessDenied", REFUSAL_DENIED },
	{ "AccessDeniedException", REFUSAL_DENIED },
	{ "UnauthorizedOperation", REFUSAL_DENIED },
	{ "NotAuthorized", REFUSAL_DENIED },
	{ "OptInRequired", REFUSAL_DENIED },
	{ "UnrecognizedClientException", REFUSAL_DENIED },
	{ "InvalidClientTokenId", REFUSAL_DENIED },
	{ "MissingAuthenticationToken", REFUSAL_DENIED },
	{ "MissingAuthenticationTokenException", REFUSAL_DENIED },
	{ "IncompleteSignature", REFUSAL_DENIED },
	{ "IncompleteSignatureException", REFUSAL_DENIED },
	{ "SignatureDoesNotMatch", REFUSAL_DENIED },
	{ "InvalidSignatureException", REFUSAL_DENIED },
	{ "ExpiredToken", REFUSAL_DENIED },
	{ "ExpiredTokenException", REFUSAL_DENIED },
	{ "RequestTimeTooSkewed", REFUSAL_CLOCK },
	{ "RequestExpired", REFUSAL_CLOCK },
	{ "RequestInTheFuture", REFUSAL_CLOCK },
	{ NULL, REFUSAL_WRONG },
};

/* A signature that is too old or too new is refused like a wrong one. */
static bool speaks_of_time(struct slice said)
{
	return slice_starts(said, SLICE("Signature expired")) ||
	       slice_starts(said, SLICE("Signature not yet current"));
}

static enum case_refusal refusal_of(const struct aws_error *e, int status)
{
	size_t i;

	if (slice_eq(e->type, SLICE("InvalidSignatureException")) &&
	    speaks_of_time(e->said))
		return REFUSAL_CLOCK;
	for (i = 0; refusals[i].type; i++)
		if (slice_eq(e->type, slice_of(refusals[i].type)))
			return refusals[i].refusal;
	if (status == 429 || status == 503)
		return REFUSAL_AGAIN;
	if (status == 401 || status == 403)
		return REFUSAL_DENIED;
	return status >= 500 ? REFUSAL_FAILED : REFUSAL_WRONG;
}

/* What to do about it, for those that a person can do something about. */
static const char *advice(struct slice type)
{
	static const struct {
		const char *start, *say;
	} table[] = {
		{ "SubscriptionRequired", "the account's support plan has no "
		                          "API: it takes AWS Business "
		                          "Support or higher" },
		{ "ExpiredToken",
		  "the session's key has ended: get a new one" },
		{ "UnrecognizedClient", "AWS does not know this access key" },
		{ "InvalidClientTokenId", "AWS does not know this access key" },
		{ "SignatureDoesNotMatch",
		  "the secret does not belong to this access key" },
		{ "InvalidSignature", "the secret does not belong to this "
		                      "access key, or the region "
		                      "is wrong" },
		{ "AccessDenied", "this identity may not: it needs "
		                  "support:DescribeCases and "
		                  "support:DescribeCommunications" },
		{ NULL, NULL },
	};
	size_t i = 0;

	while (table[i].start && !slice_starts(type, slice_of(table[i].start)))
		i++;
	return table[i].say;
}

static enum fault_kind kind_of(enum case_refusal r)
{
	switch (r) {
	case REFUSAL_AGAIN:
	case REFUSAL_FAILED:
		return FAULT_LATER;
	case REFUSAL_UNKNOWN:
		return FAULT_GONE;
	case REFUSAL_DENIED:
	case REFUSAL_CLOCK:
		return FAULT_DENIED;
	default:
		return FAULT_INPUT;
	}
}

static enum case_refusal aws_refusal(const struct http_reply *r,
                                     struct fault *f)
{
	static const char *const codes[] = {
		[REFUSAL_AGAIN] = "aws-throttled",
		[REFUSAL_FAILED] = "aws-failed",
		[REFUSAL_CLOCK] = "aws-clock",
		[REFUSAL_UNKNOWN] = "aws-case-unknown",
		[REFUSAL_PROBE] = "aws-probe",
		[REFUSAL_DENIED] = "aws-denied",
		[REFUSAL_WRONG] = "aws-refused",
	};
	struct aws_error e;
	enum case_refusal refusal;
	const char *say;

	read_error(r, &e);
	refusal = refusal_of(&e, r->status);
	say = refusal == REFUSAL_CLOCK ? "this machine's clock is wrong"
	                               : advice(e.type);
	if (!e.type.len)
		fault(f, kind_of(refusal), codes[refusal],
		      "the service answered %d", r->status);
	else if (say)
		fault(f, kind_of(refusal), codes[refusal], "%s (%.*s)", say,
		      SLICE_ARG(e.type));
	else
		fault(f, kind_of(refusal), codes[refusal],
		      "AWS says '%.*s' (%.*s)", SLICE_ARG(e.said),
		      SLICE_ARG(e.type));
	return refusal;
}

static bool aws_closed(struct slice status)
{
	return slice_eq(status, SLICE("resolved"));
}

/* "case-123456789012-muen-2026-..." */
static struct slice aws_owner(struct slice source_id)
{
	struct slice head = SLICE("case-"), rest;
	size_t i = 0;

	if (!slice_starts(source_id, head))
		return (struct slice){ 0 };
	rest = slice_cut(source_id, head.len, source_id.len);
	while (i < rest.len && rest.at[i] >= '0' && rest.at[i] <= '9')
		i++;
	if (i != ACCOUNT || i == rest.len || rest.at[i] != '-')
		return (struct slice){ 0 };
	return slice_cut(rest, 0, i);
}

const struct case_kind aws_support_kind = {
	.name = "aws-support",
	.about = "cases of an AWS account, by the AWS Support API",
	.service = "support",
	.ids_most = IDS_MOST,
	.list = aws_list,
	.listed = aws_listed,
	.replies = aws_replies,
	.replied = aws_replied,
	.refusal = aws_refusal,
	.closed = aws_closed,
	.owner = aws_owner,
};
