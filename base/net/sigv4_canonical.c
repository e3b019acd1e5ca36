/* Headers and parameters are cut out, sorted and written again. */

#include "base/net/sigv4_canonical.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/net/url_percent.h"

struct piece {
	struct slice name, value;
	size_t order; /* of arrival */
};

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void segment_drop(struct buf *out, size_t start)
{
	size_t len = out->len;

	while (len > start && out->at[len - 1] != '/')
		len--;
	buf_cut(out, len > start ? len - 1 : start);
}

void canonical_path(struct slice path, bool single, struct buf *out)
{
	size_t start = out->len, at = 0;

	if (single) {
		buf_add(out, path.len ? path : SLICE("/"));
		return;
	}
	while (at <= path.len) {
		struct slice rest = slice_cut(path, at, path.len);
		struct slice segment =
		        slice_cut(rest, 0, slice_find(rest, '/'));

		at += segment.len + 1;
		if (!segment.len || slice_eq(segment, SLICE(".")))
			continue;
		if (slice_eq(segment, SLICE(".."))) {
			segment_drop(out, start);
			continue;
		}
		buf_byte(out, '/');
		url_percent_bytes(segment, out);
	}
	if (out->len == start || slice_ends(path, SLICE("/")))
		buf_byte(out, '/');
}

static struct slice encoded_anew(struct slice s, struct arena *a)
{
	struct buf open = BUF_INIT(LIMIT_CANONICAL);
	struct buf out = BUF_INIT(LIMIT_CANONICAL);
	struct slice kept;

	url_percent_open(s, &open);
	url_percent_bytes(buf_slice(&open), &out);
	kept = arena_copy(a, buf_slice(&out));
	buf_release(&open);
	buf_release(&out);
	return kept;
}

static int parameter_order(const void *one, const void *other)
{
	const struct piece *p = one, *q = other;
	int order = slice_cmp(p->name, q->name);

	return order ? order : slice_cmp(p->value, q->value);
}

static bool is_signature(struct slice name)
{
	static const char signature[] = "x-amz-signature";
	struct http_header h = { .name = name };

	return canonical_is(&h, signature);
}

void canonical_query(struct slice query, struct arena *a, struct buf *out)
{
	size_t most = 1, count = 0, at, i;
	struct piece *pieces;

	for (i = 0; i < query.len; i++)
		most += query.at[i] == '&';
	pieces = arena_array(a, most, sizeof(*pieces));
	for (at = 0; at < query.len;) {
		struct slice rest = slice_cut(query, at, query.len);
		struct slice pair = slice_cut(rest, 0, slice_find(rest, '&'));
		size_t sign = slice_find(pair, '=');
		struct piece *p = &pieces[count];

		at += pair.len + 1;
		if (!pair.len)
			continue;
		p->name = encoded_anew(slice_cut(pair, 0, sign), a);
		p->value = encoded_anew(slice_cut(pair, sign + 1, pair.len), a);
		count += !is_signature(p->name);
	}
	qsort(pieces, count, sizeof(*pieces), parameter_order);
	for (i = 0; i < count; i++) {
		if (i)
			buf_byte(out, '&');
		buf_add(out, pieces[i].name);
		buf_byte(out, '=');
		buf_add(out, pieces[i].value);
	}
}

bool canonical_is(const struct http_header *h, const char *name)
{
	struct slice s = slice_of(name);
	size_t i;

	if (h->name.len != s.len)
		return false;
	for (i = 0; i < s.len; i++)
		if (small(h->name.at[i]) != s.at[i])
			return false;
	return true;
}

/* Those that AWS's signers leave out, whatever their value. */
static bool is_signed(const struct http_header *h)
{
	static const char *const never[] = {
		"authorization",
		"cache-control",
		"connection",
		"expect",
		"from",
		"keep-alive",
		"max-forwards",
		"pragma",
		"referer",
		"te",
		"trailer",
		"transfer-encoding",
		"upgrade",
		"user-agent",
		"x-amzn-trace-id",
	};
	struct http_header head = { .name = slice_cut(h->name, 0, 6) };
	size_t i;

	for (i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (canonical_is(h, never[i]))
			return false;
	if (canonical_is(&head, "proxy-"))
		return false;
	head.name.len = head.name.len > 4 ? 4 : head.name.len;
	return !canonical_is(&head, "sec-");
}

static struct slice small_letters(struct slice name, struct arena *a)
{
	char *to = arena_new(a, name.len + 1);
	size_t i;

	for (i = 0; i < name.len; i++)
		to[i] = small(name.at[i]);
	return (struct slice){ to, name.len };
}

static int header_order(const void *one, const void *other)
{
	const struct piece *p = one, *q = other;
	int order = slice_cmp(p->name, q->name);

	return order ? order : (p->order > q->order) - (p->order < q->order);
}

static void value_add(struct slice value, struct buf *out)
{
	size_t from = 0, to = value.len;

	while (from < to && is_blank(value.at[from]))
		from++;
	while (to > from && is_blank(value.at[to - 1]))
		to--;
	for (; from < to; from++) {
		if (!is_blank(value.at[from]))
			buf_byte(out, value.at[from]);
		else if (!is_blank(value.at[from - 1]))
			buf_byte(out, ' ');
	}
}

void canonical_headers(const struct http_header *headers, size_t count,
                       struct arena *a, struct buf *out, struct buf *names)
{
	struct piece *pieces = arena_array(a, count, sizeof(*pieces));
	size_t kept = 0, i;

	for (i = 0; i < count; i++)
		if (is_signed(&headers[i]))
			pieces[kept++] = (struct piece){
				small_letters(headers[i].name, a),
				headers[i].value,
				i,
			};
	qsort(pieces, kept, sizeof(*pieces), header_order);
	for (i = 0; i < kept; i++) {
		bool again = i && slice_eq(pieces[i].name, pieces[i - 1].name);

		if (!again) {
			buf_text(out, i ? "\n" : "");
			buf_add(out, pieces[i].name);
			buf_text(names, i ? ";" : "");
			buf_add(names, pieces[i].name);
		}
		buf_byte(out, again ? ',' : ':');
		value_add(pieces[i].value, out);
	}
	buf_byte(out, '\n');
}
