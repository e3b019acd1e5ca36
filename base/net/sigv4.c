/*
 * The three steps of the General Reference: a canonical request, a text to
 * sign that names its hash, the date and the scope, and the signature of that
 * by a key that is derived for one day, region and service.
 */

#include "base/net/sigv4.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/net/sigv4_canonical.h"

struct target {
	struct slice host; /* with its port, if that is not the scheme's own */
	struct slice path, query;
};

/* Everything on the way to one signature. */
struct signing {
	const struct sigv4_request *request;
	const struct sigv4_key *key;
	struct arena *arena;
	struct target target;
	char date[17]; /* 20150830T123600Z */
	char body[65]; /* its hash */
	struct http_header *headers;
	size_t count;
	struct buf names; /* of the headers that are signed */
	struct buf canonical;
	struct buf scope, text;
	char signature[65];
};

static bool bad_url(struct fault *f, const char *why)
{
	return fault(f, FAULT_USAGE, "sigv4-url",
	             "cannot sign a request to an address that %s", why);
}

/* "host:0443" and "host:" of https are "host". */
static bool host_read(struct slice authority, unsigned usual, struct arena *a,
                      struct slice *out, struct fault *f)
{
	size_t colon = authority.len;
	struct buf host = BUF_INIT(LIMIT_LINK);
	int64_t port = usual;

	while (colon && authority.at[colon - 1] >= '0' &&
	       authority.at[colon - 1] <= '9')
		colon--;
	if (colon && authority.at[colon - 1] == ':') {
		struct slice digits =
		        slice_cut(authority, colon, authority.len);

		if (digits.len &&
		    (!slice_number(digits, &port) || port < 1 || port > 65535))
			return bad_url(f, "has an impossible port");
		authority.len = colon - 1;
	}
	if (!authority.len)
		return bad_url(f, "has no host");
	buf_add(&host, authority);
	if (port != usual)
		buf_addf(&host, ":%d", (int)port);
	*out = arena_copy(a, buf_slice(&host));
	buf_release(&host);
	return true;
}

/* libcurl sends what we give it, so nothing is normalised here. */
static bool target_read(struct slice url, struct arena *a, struct target *t,
                        struct fault *f)
{
	struct http_header head = { .name = slice_cut(url, 0, 8) };
	bool tls = canonical_is(&head, "https://");
	struct slice rest, authority;
	size_t end, i;

	head.name = slice_cut(url, 0, 7);
	if (!tls && !canonical_is(&head, "http://"))
		return bad_url(f, "is not http or https");
	if (url.len > LIMIT_LINK)
		return bad_url(f, "is too long");
	for (i = 0; i < url.len; i++)
		if ((unsigned char)url.at[i] <= ' ' || url.at[i] == 0x7F)
			return bad_url(f, "has blanks or control characters");
	rest = slice_cut(url, tls ? 8 : 7, slice_find(url, '#'));
	end = slice_find(rest, '?');
	t->query = slice_cut(rest, end + 1, rest.len);
	rest = slice_cut(rest, 0, end);
	end = slice_find(rest, '/');
	t->path = slice_cut(rest, end, rest.len);
	authority = slice_cut(rest, 0, end);
	if (slice_find(authority, '@') < authority.len)
		return bad_url(f, "carries a login");
	return host_read(authority, tls ? 443 : 80, a, &t->host, f);
}

static bool date_write(int64_t time, char out[17], struct fault *f)
{
	/* YYYY-MM-DD HH:MM:SS.SSS */
	static const unsigned char from[] = { 0, 1,  2,  3,  5,  6,  8,  9,
		                              0, 11, 12, 14, 15, 17, 18, 0 };
	char text[CLOCK_TEXT];
	size_t i;

	clock_write(text, time);
	if (!*text)
		return fault(f, FAULT_USAGE, "sigv4-time",
		             "cannot sign a request for that date");
	for (i = 0; i < sizeof(from); i++)
		out[i] = text[from[i]];
	out[8] = 'T';
	out[15] = 'Z';
	out[16] = '\0';
	return true;
}

static void header_put(struct signing *s, const char *name, struct slice value)
{
	s->headers[s->count++] = (struct http_header){ slice_of(name), value };
}

static const struct http_header *header_given(const struct sigv4_request *r,
                                              const char *name)
{
	size_t i;

	for (i = 0; i < r->header_count; i++)
		if (canonical_is(&r->headers[i], name))
			return &r->headers[i];
	return NULL;
}

/* What we make ourselves is taken out of what the caller gave. */
static bool is_ours(const struct signing *s, const struct http_header *h)
{
	return canonical_is(h, "authorization") || canonical_is(h, "date") ||
	       canonical_is(h, "host") || canonical_is(h, "x-amz-date") ||
	       (s->key->token.len && canonical_is(h, "x-amz-security-token"));
}

/* Host comes last, to be signed and then left out. */
static void headers_make(struct signing *s)
{
	const struct sigv4_request *r = s->request;
	const struct http_header *given =
	        header_given(r, "x-amz-content-sha256");
	struct slice body = { s->body, 64 };
	size_t i;

	sha256_hex(r->body, s->body);
	body = arena_copy(s->arena, body);
	s->headers =
	        arena_array(s->arena, r->header_count + 6, sizeof(*s->headers));
	for (i = 0; i < r->header_count; i++)
		if (!is_ours(s, &r->headers[i]))
			s->headers[s->count++] = r->headers[i];
	header_put(s, "x-amz-date", arena_copy(s->arena, slice_of(s->date)));
	if (s->key->token.len)
		header_put(s, "x-amz-security-token",
		           arena_copy(s->arena, s->key->token));
	if (r->hash_header && !given)
		header_put(s, "x-amz-content-sha256", body);
	header_put(s, "host", s->target.host);
}

static void canonical_make(struct signing *s)
{
	const struct sigv4_request *r = s->request;
	const struct http_header *given =
	        header_given(r, "x-amz-content-sha256");
	struct buf *out = &s->canonical;

	buf_add(out, r->method);
	buf_byte(out, '\n');
	canonical_path(s->target.path, r->single, out);
	buf_byte(out, '\n');
	canonical_query(s->target.query, s->arena, out);
	buf_byte(out, '\n');
	canonical_headers(s->headers, s->count, s->arena, out, &s->names);
	buf_byte(out, '\n');
	buf_add(out, buf_slice(&s->names));
	buf_byte(out, '\n');
	/* "UNSIGNED-PAYLOAD" and the like are the caller's to say. */
	if (given)
		buf_add(out, slice_trim(given->value));
	else
		buf_text(out, s->body);
}

static void text_make(struct signing *s)
{
	char hash[65];

	sha256_hex(buf_slice(&s->canonical), hash);
	buf_addf(&s->scope, "%.8s/%.*s/%.*s/aws4_request", s->date,
	         SLICE_ARG(s->request->region), SLICE_ARG(s->request->service));
	buf_addf(&s->text, "AWS4-HMAC-SHA256\n%s\n", s->date);
	buf_add(&s->text, buf_slice(&s->scope));
	buf_addf(&s->text, "\n%s", hash);
}

static void signature_make(struct signing *s)
{
	struct slice part[] = {
		{ s->date, 8 },        s->request->region,  s->request->service,
		SLICE("aws4_request"), buf_slice(&s->text),
	};
	struct slice secret = s->key->secret;
	char *first = memory_new(1, secret.len + 4);
	unsigned char key[HMAC_SHA256];
	size_t i;

	memcpy(first, "AWS4", 4);
	memcpy(first + 4, secret.at, secret.len);
	hmac_sha256((struct slice){ first, secret.len + 4 }, part[0], key);
	for (i = 1; i < sizeof(part) / sizeof(*part); i++)
		hmac_sha256((struct slice){ (char *)key, sizeof(key) }, part[i],
		            key);
	hash_hex(key, sizeof(key), s->signature);
	memory_wipe(first, secret.len + 4);
	memory_wipe(key, sizeof(key));
	free(first);
}

static struct slice authorization(struct signing *s)
{
	struct buf out = BUF_INIT(LIMIT_CANONICAL);
	struct slice kept;

	buf_text(&out, "AWS4-HMAC-SHA256 Credential=");
	buf_add(&out, s->key->id);
	buf_byte(&out, '/');
	buf_add(&out, buf_slice(&s->scope));
	buf_text(&out, ", SignedHeaders=");
	buf_add(&out, buf_slice(&s->names));
	buf_addf(&out, ", Signature=%s", s->signature);
	kept = arena_copy(s->arena, buf_slice(&out));
	buf_release(&out);
	return kept;
}

static bool sign(struct signing *s, struct sigv4_signed *out, struct fault *f)
{
	headers_make(s);
	canonical_make(s);
	text_make(s);
	if (buf_full(&s->canonical) || buf_full(&s->names) ||
	    buf_full(&s->scope) || buf_full(&s->text))
		return fault(f, FAULT_LIMIT, "limit-canonical",
		             "a request is too large to be signed");
	signature_make(s);
	out->authorization = authorization(s);
	out->host = s->target.host;
	out->canonical = arena_copy(s->arena, buf_slice(&s->canonical));
	s->count--; /* host */
	header_put(s, "authorization", out->authorization);
	out->headers = s->headers;
	out->header_count = s->count;
	out->date = arena_copy(s->arena, slice_of(s->date));
	return true;
}

bool sigv4_sign(const struct sigv4_request *r, const struct sigv4_key *key,
                struct arena *a, struct sigv4_signed *out, struct fault *f)
{
	struct signing s = {
		.request = r,
		.key = key,
		.arena = a,
		.names = BUF_INIT(LIMIT_CANONICAL),
		.canonical = BUF_INIT(LIMIT_CANONICAL),
		.scope = BUF_INIT(LIMIT_CANONICAL),
		.text = BUF_INIT(LIMIT_CANONICAL),
	};
	bool ok = false;

	if (!key->id.len || !key->secret.len) {
		fault(f, FAULT_USAGE, "sigv4-key",
		      "cannot sign a request without a key");
		goto out;
	}
	ok = target_read(r->url, a, &s.target, f) &&
	     date_write(r->time, s.date, f) && sign(&s, out, f);
out:
	buf_release(&s.names);
	buf_release(&s.canonical);
	buf_release(&s.scope);
	buf_release(&s.text);
	return ok;
}
