/*
 * Signs requests for those who compare signers. A line of standard input is
 * one request as JSON:
 *
 *	{"method": "POST", "url": "https://support.us-east-1.amazonaws.com/",
 *	 "headers": [["content-type", "application/json"]], "body": "7b7d",
 *	 "service": "support", "region": "us-east-1", "time": 1440938160000,
 *	 "id": "AKIDEXAMPLE", "secret": "...", "token": "",
 *	 "single": false, "hash_header": false}
 *
 * the body in hexadecimal. A line of standard output is what came of it:
 * authorization, host, date, canonical (what was hashed) and the names of the
 * headers that are sent; or "fault".
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/net/sigv4.h"
#include "base/net/url_percent.h"

enum { MOST = 64 << 20 };

static struct slice member(const struct json *line, const char *name)
{
	struct slice s = { 0 };

	json_text(json_get(line, name), &s);
	return s;
}

static struct slice bytes(struct slice hex, struct arena *a)
{
	char *to = arena_new(a, hex.len / 2 + 1);
	size_t i;

	for (i = 0; i < hex.len / 2; i++)
		to[i] = (char)(url_hex(hex.at[2 * i]) << 4 |
		               url_hex(hex.at[2 * i + 1]));
	return (struct slice){ to, hex.len / 2 };
}

static void headers_read(const struct json *line, struct arena *a,
                         struct sigv4_request *r)
{
	const struct json *list = json_get(line, "headers"), *j;
	struct http_header *headers;
	size_t count = 0;

	for (j = json_first(list); j; j = json_next(j))
		count++;
	headers = arena_array(a, count + 1, sizeof(*headers));
	r->headers = headers;
	for (j = json_first(list); j; j = json_next(j)) {
		struct http_header *h = &headers[r->header_count++];

		json_text(json_first(j), &h->name);
		json_text(json_next(json_first(j)), &h->value);
	}
}

static bool sign(const struct json *line, struct arena *a,
                 struct sigv4_signed *out, struct fault *f)
{
	struct sigv4_key key = { member(line, "id"), member(line, "secret"),
		                 member(line, "token") };
	struct sigv4_request r = {
		.method = member(line, "method"),
		.url = member(line, "url"),
		.body = bytes(member(line, "body"), a),
		.service = member(line, "service"),
		.region = member(line, "region"),
	};

	json_number(json_get(line, "time"), &r.time);
	json_bool(json_get(line, "single"), &r.single);
	json_bool(json_get(line, "hash_header"), &r.hash_header);
	headers_read(line, a, &r);
	return sigv4_sign(&r, &key, a, out, f);
}

static void print(const struct sigv4_signed *s, struct buf *out)
{
	struct json_out o;
	size_t i;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair(&o, "authorization", s->authorization);
	json_pair(&o, "host", s->host);
	json_pair(&o, "date", s->date);
	json_pair(&o, "canonical", s->canonical);
	json_key(&o, "headers");
	json_open(&o, '[');
	for (i = 0; i < s->header_count; i++)
		json_put_text(&o, s->headers[i].name);
	json_close(&o, ']');
	json_close(&o, '}');
}

static bool line_done(struct slice text, struct arena *a, struct buf *out)
{
	struct sigv4_signed s;
	struct json *line;
	struct fault f;
	struct json_out o;

	if (!json_parse(&line, text, &f)) {
		fprintf(stderr, "sign_lines: %s\n", f.text);
		return false;
	}
	if (sign(line, a, &s, &f)) {
		print(&s, out);
	} else {
		json_start(&o, out);
		json_open(&o, '{');
		json_pair(&o, "fault", slice_of(f.text));
		json_close(&o, '}');
	}
	json_free(line);
	return true;
}

int main(void)
{
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT(MOST);
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int code = 0;

	while (!code && (len = getline(&line, &size, stdin)) > 0) {
		struct slice text = { line, (size_t)len };

		buf_reset(&out);
		code = !line_done(slice_trim(text), &a, &out);
		puts(buf_string(&out));
		arena_reset(&a);
	}
	free(line);
	buf_release(&out);
	arena_release(&a);
	return code;
}
