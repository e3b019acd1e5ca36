/* RFC 9112, read leniently. */

#include "crawler/warc_http.h"

#include <string.h>
#include <strings.h>

#include "base/gzip.h"
#include "base/limits.h"

enum { HTTP_FIELDS_MOST = 10000, HTTP_CHUNK_DIGITS = 8 };

/* The line at the start of *s without its end; *s goes on behind it. */
static struct slice line_cut(struct slice *s)
{
	size_t end = slice_find(*s, '\n');
	struct slice line = slice_cut(*s, 0, end);

	*s = slice_cut(*s, end + 1, s->len);
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool first_line(struct slice line, struct warc_http *out)
{
	size_t blank = slice_find(line, ' ');
	struct slice code = slice_cut(line, blank + 1, blank + 4);
	int64_t status;

	if (slice_starts(line, SLICE("HTTP/"))) {
		if (!slice_number(code, &status) || status < 100 ||
		    status > 999)
			return false;
		out->status = (int)status;
		return true;
	}
	out->method = slice_cut(line, 0, blank);
	return out->method.len && blank < line.len;
}

static struct slice lowered(struct arena *a, struct slice s)
{
	char *to = arena_new(a, s.len + 1);
	size_t i;

	for (i = 0; i < s.len; i++)
		to[i] = s.at[i] >= 'A' && s.at[i] <= 'Z'
		                ? (char)(s.at[i] | 0x20)
		                : s.at[i];
	return (struct slice){ to, s.len };
}

static void unfold(struct arena *a, struct http_header *h, struct slice line)
{
	size_t len = h->value.len;
	char *to = arena_new(a, len + line.len + 2);

	if (len)
		memcpy(to, h->value.at, len);
	to[len] = ' ';
	if (line.len)
		memcpy(to + len + 1, line.at, line.len);
	h->value = slice_trim((struct slice){ to, len + 1 + line.len });
}

static void field_add(struct arena *a, struct warc_http *h, struct slice line)
{
	size_t colon = slice_find(line, ':');
	struct slice name = slice_trim(slice_cut(line, 0, colon));

	if (name.len && colon < line.len)
		h->headers[h->count++] = (struct http_header){
			lowered(a, name),
			slice_trim(slice_cut(line, colon + 1, line.len))
		};
}

bool warc_http_read(struct slice block, struct arena *a, struct warc_http *out)
{
	size_t room = 0, lines = 0, i;

	*out = (struct warc_http){ 0 };
	if (!first_line(line_cut(&block), out))
		return false;
	for (i = 0; i < block.len && room < HTTP_FIELDS_MOST; i++)
		room += block.at[i] == '\n';
	out->headers = arena_array(a, room + 1, sizeof(*out->headers));
	while (block.len && lines++ < HTTP_FIELDS_MOST) {
		struct slice line = line_cut(&block);

		if (!line.len)
			break;
		if ((line.at[0] == ' ' || line.at[0] == '\t') && out->count)
			unfold(a, &out->headers[out->count - 1],
			       slice_trim(line));
		else if (out->count <= room)
			field_add(a, out, line);
	}
	out->rest = block;
	return true;
}

struct slice warc_http_header(const struct warc_http *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->count; i++)
		if (slice_eq(h->headers[i].name, slice_of(name)))
			return h->headers[i].value;
	return (struct slice){ 0 };
}

static bool same_word(struct slice s, const char *word)
{
	return s.len == strlen(word) && !strncasecmp(s.at, word, s.len);
}

static bool chunk_size(struct slice line, size_t *out)
{
	size_t i, n = 0;

	line = slice_trim(slice_cut(line, 0, slice_find(line, ';')));
	for (i = 0; i < line.len; i++) {
		char c = (char)(line.at[i] | 0x20);

		if (c >= '0' && c <= '9')
			n = n * 16 + (size_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			n = n * 16 + (size_t)(c - 'a') + 10;
		else
			return false;
	}
	*out = n;
	return line.len > 0 && line.len <= HTTP_CHUNK_DIGITS;
}

/* False: it is not in chunks. A body that ends early is what came of it. */
static bool chunks_join(struct slice s, struct buf *out)
{
	size_t size;

	while (s.len) {
		struct slice line = line_cut(&s);

		if (!chunk_size(line, &size))
			return out->len > 0 && !line.len;
		if (!size)
			return true;
		buf_add(out, slice_cut(s, 0, size));
		s = slice_cut(s, size, s.len);
		if (s.len)
			line_cut(&s);
	}
	return out->len > 0;
}

static bool body_unpack(struct slice how, struct slice packed, struct buf *to,
                        struct slice *out, struct fault *f)
{
	*out = packed;
	if (!how.len || same_word(how, "identity") || !packed.len)
		return true;
	if (same_word(how, "gzip") || same_word(how, "x-gzip")) {
		if (!gzip_is(packed))
			return true;
		if (!gzip_unpack(packed, LIMIT_FETCH_RATIO, to, f))
			return false;
	} else if (same_word(how, "deflate")) {
		if (!gzip_unpack_deflate(packed, LIMIT_FETCH_RATIO, to, f))
			return false;
	} else {
		return fault(f, FAULT_INPUT, "warc-packing",
		             "its body is packed as '%.*s', which is not read",
		             SLICE_ARG(slice_cut(how, 0, 40)));
	}
	*out = buf_slice(to);
	return true;
}

bool warc_http_body(const struct warc_http *h, struct buf *one, struct buf *two,
                    struct slice *out, struct fault *f)
{
	struct slice body = h->rest;

	buf_reset(one);
	buf_reset(two);
	if (same_word(warc_http_header(h, "transfer-encoding"), "chunked") &&
	    chunks_join(body, one)) {
		if (buf_full(one))
			return fault(f, FAULT_LIMIT, "limit-body",
			             "its body is too large");
		body = buf_slice(one);
	}
	return body_unpack(warc_http_header(h, "content-encoding"), body, two,
	                   out, f);
}
