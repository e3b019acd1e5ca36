/*
 * The reader goes from '<' to '<' with a stack of names. Texts that count are
 * known by their element and the one around it.
 */

#include "base/net/aws_sts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "base/utf8.h"

enum { STS_DEPTH = 16 };

struct reading {
	struct slice in;
	size_t at;
	struct slice open[STS_DEPTH];
	int depth;
	struct arena *arena;
	struct sts_answer *out;
};

static void pair_add(const char *name, struct slice value, struct buf *out)
{
	buf_byte(out, '&');
	buf_text(out, name);
	buf_byte(out, '=');
	url_escape(value, out);
}

void sts_write(const struct sts_role *role, struct buf *out)
{
	buf_text(out, role->web_token.len ? "Action=AssumeRoleWithWebIdentity"
	                                  : "Action=AssumeRole");
	buf_text(out, "&Version=2011-06-15");
	pair_add("RoleArn", role->arn, out);
	pair_add("RoleSessionName", role->session, out);
	if (role->external_id.len)
		pair_add("ExternalId", role->external_id, out);
	if (role->seconds)
		buf_addf(out, "&DurationSeconds=%lld",
		         (long long)role->seconds);
	if (role->web_token.len)
		pair_add("WebIdentityToken", role->web_token, out);
}

static bool malformed(struct fault *f, const char *what)
{
	return fault(f, FAULT_INPUT, "sts-answer",
	             "the answer is not the XML that was expected: %s", what);
}

/* "#38", "#x26": 0 if it is none. */
static uint32_t character_number(struct slice s)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t n = 0, base = 10;
	size_t i = 1;

	if (s.len > 1 && s.at[1] == 'x') {
		base = 16;
		i = 2;
	}
	for (; i < s.len && n <= 0x10FFFF; i++) {
		char c = s.at[i] >= 'A' && s.at[i] <= 'F' ? s.at[i] | 0x20
		                                          : s.at[i];
		const char *d = c ? memchr(digits, c, base) : NULL;

		if (!d)
			return 0;
		n = n * base + (uint32_t)(d - digits);
	}
	return n <= 0x10FFFF ? n : 0;
}

static uint32_t entity(struct slice name)
{
	static const struct {
		const char *name;
		char means;
	} named[] = {
		{ "amp", '&' },  { "lt", '<' },    { "gt", '>' },
		{ "quot", '"' }, { "apos", '\'' },
	};
	size_t i;

	for (i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (slice_eq(name, slice_of(named[i].name)))
			return (unsigned char)named[i].means;
	return name.len && name.at[0] == '#' ? character_number(name) : 0;
}

/* No text grows by being read. */
static bool text_read(struct slice raw, struct arena *a, struct slice *out,
                      struct fault *f)
{
	char *to = arena_new(a, raw.len + 4);
	size_t len = 0, at = 0;

	while (at < raw.len) {
		struct slice rest = slice_cut(raw, at + 1, raw.len);
		uint32_t c;
		size_t end;

		if (raw.at[at] != '&') {
			to[len++] = raw.at[at++];
			continue;
		}
		end = slice_find(rest, ';');
		c = end < rest.len ? entity(slice_cut(rest, 0, end)) : 0;
		if (!c)
			return malformed(f, "an entity that is unknown");
		len += utf8_put(to + len, c);
		at += end + 2;
	}
	*out = slice_trim((struct slice){ to, len });
	return true;
}

/* The text between this tag and the next, if it is one of ours. */
static bool element_text(struct reading *r, struct slice raw, struct fault *f)
{
	struct sts_answer *o = r->out;
	struct slice date = { 0 };
	struct {
		const char *parent, *name;
		struct slice *to;
	} wanted[] = {
		{ "Credentials", "AccessKeyId", &o->id },
		{ "Credentials", "SecretAccessKey", &o->secret },
		{ "Credentials", "SessionToken", &o->token },
		{ "Credentials", "Expiration", &date },
		{ "Error", "Code", &o->code },
		{ "Error", "Message", &o->message },
	};
	size_t i;

	if (r->depth < 2)
		return true;
	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (slice_eq(r->open[r->depth - 1], slice_of(wanted[i].name)) &&
		    slice_eq(r->open[r->depth - 2], slice_of(wanted[i].parent)))
			break;
	if (i == sizeof(wanted) / sizeof(*wanted))
		return true;
	if (!text_read(raw, r->arena, wanted[i].to, f))
		return false;
	return !date.len || clock_read(date, &o->end) ||
	       malformed(f, "an expiration that is no date");
}

/* Where a tag ends; '>' may stand in quotes. */
static size_t tag_end(struct slice in, size_t at)
{
	char quote = '\0';

	for (; at < in.len; at++) {
		char c = in.at[at];

		if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			break;
	}
	return at;
}

static struct slice tag_name(struct slice tag)
{
	size_t i = 0;

	while (i < tag.len && tag.at[i] != ' ' && tag.at[i] != '\t' &&
	       tag.at[i] != '\r' && tag.at[i] != '\n' && tag.at[i] != '/')
		i++;
	return slice_cut(tag, 0, i);
}

static bool close_read(struct reading *r, struct slice tag, struct fault *f)
{
	struct slice name = tag_name(slice_cut(tag, 1, tag.len));

	if (!r->depth || !slice_eq(r->open[r->depth - 1], name))
		return malformed(f, "tags that do not match");
	r->depth--;
	return true;
}

static bool open_read(struct reading *r, struct slice tag, struct fault *f)
{
	struct slice text = slice_cut(r->in, r->at, r->in.len);
	struct slice name = tag_name(tag);

	if (!name.len)
		return malformed(f, "a tag without a name");
	if (slice_ends(tag, SLICE("/")))
		return true;
	if (r->depth == STS_DEPTH)
		return fault(f, FAULT_LIMIT, "limit-depth",
		             "the answer is nested too deeply");
	r->open[r->depth++] = name;
	return element_text(r, slice_cut(text, 0, slice_find(text, '<')), f);
}

/* From behind '<'. Comments, declarations of types and CDATA never come. */
static bool tag_read(struct reading *r, struct fault *f)
{
	size_t end = tag_end(r->in, r->at);
	struct slice tag = slice_cut(r->in, r->at, end);

	if (end == r->in.len || !tag.len)
		return malformed(f, "it is cut");
	r->at = end + 1;
	switch (tag.at[0]) {
	case '?':
		return true;
	case '!':
		return malformed(f, "a declaration");
	case '/':
		return close_read(r, tag, f);
	default:
		return open_read(r, tag, f);
	}
}

bool sts_read(struct slice xml, struct arena *a, struct sts_answer *out,
              struct fault *f)
{
	struct reading r = { .in = xml, .arena = a, .out = out };
	bool any = false;

	*out = (struct sts_answer){ .end = CLOCK_NONE };
	if (xml.len > LIMIT_IDENTITY)
		return fault(f, FAULT_LIMIT, "limit-identity",
		             "the answer is too long");
	for (;;) {
		struct slice rest = slice_cut(xml, r.at, xml.len);
		size_t next = slice_find(rest, '<');

		if (next == rest.len)
			break;
		r.at += next + 1;
		any = true;
		if (!tag_read(&r, f))
			return false;
	}
	if (!any || r.depth)
		return malformed(f, any ? "it is cut" : "it has no tags");
	return true;
}
