/* warc_write.h, warc_read.h, warc_index.h, carrier_warc.h: what is written is
 * read back; what others write is understood; damage costs what is damaged. */

#include "crawler/carrier_warc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "crawler/warc_write.h"
#include "crawler/yield.h"

static char folder[64];

static int folder_setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test-warc-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_clear(void **state)
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	(void)state;
	while (d && (entry = readdir(d)))
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
	return rmdir(folder);
}

/* An archive of given bytes, its index and a carrier on its first run. */
struct scene {
	struct warc_index index;
	struct carrier carrier;
	struct http_reply reply;
	char path[96];
};

static void scene_open(struct scene *s, struct slice bytes)
{
	const char *paths[] = { s->path };
	struct carrier_warc_options o = { &s->index, 0, true };
	struct fault f;
	FILE *file;

	snprintf(s->path, sizeof(s->path), "%s/it.warc.gz", folder);
	file = fopen(s->path, "wb");
	assert_non_null(file);
	fwrite(bytes.at, 1, bytes.len, file);
	fclose(file);
	if (!warc_index_make(&s->index, paths, 1, NULL, NULL, &f))
		fail_msg("%s", f.text);
	carrier_warc_open(&s->carrier, &o);
}

static void scene_close(struct scene *s)
{
	s->carrier.free(s->carrier.self);
	warc_index_release(&s->index);
}

static const struct http_reply *asked(struct scene *s, const char *url,
                                      const char *body, const char *validator)
{
	const struct http_header headers[] = { { SLICE("If-None-Match"),
		                                 slice_of(validator) } };
	const struct http_request r = { .url = slice_of(url),
		                        .body = slice_of(body),
		                        .headers = headers,
		                        .header_count = validator != NULL };

	s->reply = (struct http_reply){ 0 };
	s->carrier.answer(s->carrier.self, &r, &s->reply);
	return &s->reply;
}

static void expect_body(struct scene *s, const char *url, const char *body)
{
	const struct http_reply *r = asked(s, url, NULL, NULL);

	if (r->trouble)
		fail_msg("%s: %s", url, r->fault.text);
	assert_int_equal(r->status, 200);
	assert_int_equal(r->body.len, strlen(body));
	assert_memory_equal(r->body.at, body, r->body.len);
}

static void expect_none(struct scene *s, const char *url)
{
	assert_int_equal(asked(s, url, NULL, NULL)->trouble, HTTP_NOT_HELD);
}

/* Appends a record with these further headers, and lines that end in `end`. */
static void record(struct buf *out, const char *type, const char *headers,
                   const char *block)
{
	buf_addf(out,
	         "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Date: "
	         "2020-01-02T03:04:05Z\r\n%sContent-Length: %zu\r\n\r\n%s"
	         "\r\n\r\n",
	         type, headers, strlen(block), block);
}

static void page(struct buf *out, const char *url, const char *text)
{
	char headers[256], block[512];

	snprintf(headers, sizeof(headers), "WARC-Target-URI: %s\r\n", url);
	snprintf(block, sizeof(block),
	         "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n%s", text);
	record(out, "response", headers, block);
}

static void exchange(struct warc_writer *w, const char *url, const char *body,
                     int status, const char *text, int64_t time)
{
	const struct http_header came[] = {
		{ SLICE("content-type"), SLICE("text/html") },
		{ SLICE("content-encoding"), SLICE("gzip") },
		{ SLICE("content-length"), SLICE("7") },
		{ SLICE("set-cookie"), SLICE("a=b") },
	};
	const struct http_reply r = { .status = status,
		                      .headers = came,
		                      .header_count = 4,
		                      .body = slice_of(text) };
	const struct warc_exchange x = {
		.url = slice_of(url),
		.method = body ? SLICE("POST") : SLICE("GET"),
		.body = slice_of(body),
		.reply = &r,
		.time = time,
		.before = 1577934245000,
	};
	struct fault f;

	if (!warc_write(w, &x, &f))
		fail_msg("%s", f.text);
}

static void what_is_written_is_read(void **state)
{
	struct warc_write_options o = { .folder = folder,
		                        .name = SLICE("ops wiki"),
		                        .about = SLICE("robots: obey\r\n"),
		                        .most = 1 << 20,
		                        .now = 1577934245678 };
	const int64_t time = INT64_C(1577934245678901);
	const char *paths[] = { folder };
	char *large = memset(malloc(4000), 'x', 3999);
	struct warc_writer *w;
	struct scene s;
	struct fault f;

	(void)state;
	large[3999] = '\0';
	warc_write_open(&w, &o);
	exchange(w, "http://a.example/", NULL, 200, "one", time);
	exchange(w, "http://a.example/large", NULL, 200, large, time);
	exchange(w, "http://a.example/same", NULL, 200, large, time + 1000);
	exchange(w, "http://a.example/api", "a=1", 200, "first", time);
	exchange(w, "http://a.example/api", "a=2", 200, "second", time);
	exchange(w, "http://a.example/", NULL, 304, "", time + 5000000);
	exchange(w, "http://a.example/gone", NULL, 404, "no", time);
	assert_true(warc_write_sync(w, &f));
	warc_write_close(w);

	assert_true(warc_index_make(&s.index, paths, 1, NULL, NULL, &f));
	assert_int_equal(s.index.file_count, 1);
	assert_non_null(strstr(s.index.files[0].path,
	                       "/ops_wiki-20200102030405678-00001.warc.gz"));
	assert_int_equal(s.index.records, 1 + 2 * 7);
	carrier_warc_open(&s.carrier,
	                  &(struct carrier_warc_options){ &s.index, 0, true });
	expect_body(&s, "http://a.example/large", large);
	expect_body(&s, "http://a.example/same", large);
	assert_int_equal(asked(&s, "http://a.example/api", "a=2", NULL)->status,
	                 200);
	assert_memory_equal(s.reply.body.at, "second", 6);
	assert_int_equal(s.reply.time, time / 1000);
	assert_memory_equal(
	        asked(&s, "http://a.example/api", "a=1", NULL)->body.at,
	        "first", 5);
	expect_none(&s, "http://a.example/api");
	assert_int_equal(asked(&s, "http://a.example/gone", NULL, NULL)->status,
	                 404);
	/* Not changed: with a validator 304, without one what there was. */
	assert_int_equal(asked(&s, "http://a.example/", NULL, "x")->status,
	                 304);
	expect_body(&s, "http://a.example/", "one");
	assert_int_equal(s.reply.header_count, 3);
	assert_string_equal(http_header(&s.reply, "set-cookie").at ? "set" : "",
	                    "");
	scene_close(&s);
	free(large);
}

static void a_full_file_is_followed_by_another(void **state)
{
	struct warc_write_options o = { .folder = folder,
		                        .name = SLICE("it"),
		                        .most = 1,
		                        .now = 1577934245678 };
	struct warc_index x;
	struct warc_writer *w;
	const char *paths[] = { folder };
	struct fault f;

	(void)state;
	warc_write_open(&w, &o);
	exchange(w, "http://a.example/1", NULL, 200, "one", 1577934245678000);
	exchange(w, "http://a.example/2", NULL, 200, "two", 1577934245678000);
	warc_write_close(w);
	/* One of the same moment takes the names that are left. */
	warc_write_open(&w, &o);
	exchange(w, "http://a.example/3", NULL, 200, "three", 1577934245678000);
	warc_write_close(w);
	assert_true(warc_index_make(&x, paths, 1, NULL, NULL, &f));
	assert_int_equal(x.file_count, 3);
	assert_int_equal(x.entry_count, 3);
	assert_int_equal(x.run_count, 1);
	warc_index_release(&x);
}

static void others_are_understood(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct scene s;

	(void)state;
	buf_text(&b, "WARC/0.18\nwarc-type: RESPONSE\nwarc-target-uri:\n"
	             "\thttp://A.example:80/x/../lf\nWARC-DATE: 2020-01-02\n"
	             "content-length: 53\n\n"
	             "HTTP/1.0 200\ncontent-type:\n text/html\n\nlines of LF..."
	             "\n\n");
	record(&b, "response", "WARC-Target-URI: <http://a.example/chunks>\r\n",
	       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	       "5;x=y\r\nHello\r\n7\r\n, world\r\n0\r\n\r\n");
	record(&b, "response",
	       "WARC-Target-URI: http://a.example/dechunked\r\n",
	       "HTTP/2 200\r\nTransfer-Encoding: chunked\r\n"
	       "Content-Encoding: gzip\r\n\r\nnot in chunks");
	record(&b, "resource",
	       "WARC-Target-URI: http://a.example/r\r\n"
	       "Content-Type: text/plain\r\n",
	       "as it is");
	record(&b, "response", "WARC-Target-URI: dns:a.example\r\n", "x");
	record(&b, "response", "WARC-Target-URI: http://a.example/br\r\n",
	       "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x8b\x01");
	record(&b, "metadata", "WARC-Target-URI: http://a.example/m\r\n", "x");
	scene_open(&s, buf_slice(&b));
	expect_body(&s, "http://a.example/lf", "lines of LF...");
	assert_string_equal(http_header(&s.reply, "content-type").at ? "typed"
	                                                             : "",
	                    "typed");
	expect_body(&s, "http://a.example/chunks", "Hello, world");
	expect_body(&s, "http://a.example/dechunked", "not in chunks");
	expect_body(&s, "http://a.example/r", "as it is");
	assert_int_equal(asked(&s, "http://a.example/br", NULL, NULL)->trouble,
	                 HTTP_BROKEN);
	expect_none(&s, "http://a.example/m");
	expect_none(&s, "http://a.example/");
	assert_int_equal(
	        asked(&s, "http://a.example/robots.txt", NULL, NULL)->status,
	        404);
	assert_int_equal(s.index.files[0].damage.places, 0);
	scene_close(&s);
	buf_release(&b);
}

/* What came over the wire: in chunks, and packed. */
static void packed_bodies_are_unpacked(void **state)
{
	struct slice text = SLICE("<p>what was packed");
	struct buf b = BUF_INIT(1 << 16), gz = BUF_INIT(1 << 16);
	struct scene s;

	(void)state;
	gzip_pack(&text, 1, &gz);
	buf_addf(&b,
	         "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: "
	         "http://a.example/1\r\nContent-Length: %zu\r\n\r\n"
	         "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n"
	         "Content-Encoding: GZIP\r\n\r\n5\r\n",
	         gz.len + 71 + 16);
	buf_add(&b, slice_cut(buf_slice(&gz), 0, 5));
	buf_addf(&b, "\r\n%02zx\r\n", gz.len - 5);
	buf_add(&b, slice_cut(buf_slice(&gz), 5, gz.len));
	buf_text(&b, "\r\n0\r\n\r\n\r\n\r\n");
	/* Deflate without its head, as old servers sent it. */
	buf_text(&b, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: "
	             "http://a.example/2\r\nContent-Length: 53\r\n\r\n"
	             "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n");
	buf_add(&b, SLICE("\xcb\x48\xcd\xc9\xc9\x07\x00\r\n\r\n"));
	scene_open(&s, buf_slice(&b));
	expect_body(&s, "http://a.example/1", "<p>what was packed");
	assert_int_equal(s.reply.header_count, 0);
	expect_body(&s, "http://a.example/2", "hello");
	assert_int_equal(s.index.files[0].damage.places, 0);
	scene_close(&s);
	buf_release(&b);
	buf_release(&gz);
}

static void revisits_lead_to_what_they_repeat(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct scene s;

	(void)state;
	record(&b, "revisit",
	       "WARC-Target-URI: http://a.example/digest\r\n"
	       "WARC-Payload-Digest: sha1:ABC\r\nWARC-Profile: "
	       "http://netpreserve.org/warc/1.0/revisit/"
	       "identical-payload-digest\r\n",
	       "HTTP/1.1 200 OK\r\nX-Own: yes\r\n\r\n");
	record(&b, "response",
	       "WARC-Target-URI: http://a.example/\r\n"
	       "WARC-Payload-Digest: sha1:abc\r\n",
	       "HTTP/1.1 200 OK\r\n\r\nold");
	buf_text(&b, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: "
	             "2021-01-01T00:00:00Z\r\nWARC-Target-URI: "
	             "http://a.example/\r\nContent-Length: "
	             "22\r\n\r\nHTTP/1.1 200 OK\r\n\r\nnew\r\n\r\n");
	record(&b, "revisit",
	       "WARC-Target-URI: http://a.example/uri\r\nWARC-Profile: x\r\n"
	       "WARC-Refers-To-Target-URI: http://a.example/\r\n"
	       "WARC-Refers-To-Date: 2020-01-02T03:04:05Z\r\n",
	       "");
	record(&b, "revisit",
	       "WARC-Target-URI: http://a.example/lost\r\nWARC-Profile: x\r\n"
	       "WARC-Payload-Digest: sha1:nowhere\r\n",
	       "");
	scene_open(&s, buf_slice(&b));
	expect_body(&s, "http://a.example/digest", "old");
	assert_int_equal(s.reply.header_count, 1);
	expect_body(&s, "http://a.example/uri", "old");
	expect_body(&s, "http://a.example/", "new");
	expect_none(&s, "http://a.example/lost");
	scene_close(&s);
	buf_release(&b);
}

static void refusals_are_no_answer(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct scene s;

	(void)state;
	page(&b, "http://a.example/1", "there");
	record(&b, "response", "WARC-Target-URI: http://a.example/1\r\n",
	       "HTTP/1.1 503 Busy\r\n\r\nlater");
	record(&b, "response", "WARC-Target-URI: http://a.example/2\r\n",
	       "HTTP/1.1 429 Slowly\r\n\r\nlater");
	scene_open(&s, buf_slice(&b));
	expect_body(&s, "http://a.example/1", "there");
	expect_none(&s, "http://a.example/2");
	scene_close(&s);
	buf_release(&b);
}

/* Three pages, of which the middle one is spoilt. */
static void damage_costs_what_is_damaged(void **state)
{
	struct buf plain[3] = { BUF_INIT(1 << 16), BUF_INIT(1 << 16),
		                BUF_INIT(1 << 16) };
	struct buf b = BUF_INIT(1 << 20);
	size_t i, second, third;
	struct scene s;

	(void)state;
	page(&plain[0], "http://a.example/1", "first");
	page(&plain[1], "http://a.example/2", "second");
	page(&plain[2], "http://a.example/3", "third");
	for (i = 0; i < 3; i++) {
		struct slice part = buf_slice(&plain[i]);

		second = i == 1 ? b.len : second;
		third = i == 2 ? b.len : third;
		gzip_pack(&part, 1, &b);
	}
	b.at[second + 40] ^= 0x55;
	scene_open(&s, buf_slice(&b));
	expect_body(&s, "http://a.example/1", "first");
	expect_none(&s, "http://a.example/2");
	expect_body(&s, "http://a.example/3", "third");
	assert_int_equal(s.index.files[0].damage.first, second);
	scene_close(&s);
	/* Cut within the last member. */
	scene_open(&s, (struct slice){ b.at, b.len - 20 });
	expect_body(&s, "http://a.example/1", "first");
	expect_none(&s, "http://a.example/3");
	scene_close(&s);
	for (i = 0; i < 3; i++)
		buf_release(&plain[i]);
	buf_release(&b);
}

/* What is whole is read, wherever the file ends. */
static void a_file_may_end_anywhere(void **state)
{
	struct buf bytes[2] = { BUF_INIT(1 << 16), BUF_INIT(1 << 16) };
	size_t first[2], cut, i;
	struct slice one;

	(void)state;
	page(&bytes[0], "http://a.example/1", "first");
	first[0] = bytes[0].len;
	one = buf_slice(&bytes[0]);
	gzip_pack(&one, 1, &bytes[1]);
	first[1] = bytes[1].len;
	gzip_pack(&one, 1, &bytes[1]);
	page(&bytes[0], "http://a.example/2", "second");
	for (i = 0; i < 2; i++) {
		for (cut = first[i]; cut < bytes[i].len; cut++) {
			struct slice part =
			        slice_cut(buf_slice(&bytes[i]), 0, cut);
			struct scene s;

			scene_open(&s, part);
			expect_body(&s, "http://a.example/1", "first");
			assert_true(s.index.entry_count <= 2);
			scene_close(&s);
		}
		buf_release(&bytes[i]);
	}
}

/* Some write 304 as a response. */
static void not_modified_is_no_page(void **state)
{
	struct buf b = BUF_INIT(1 << 16);
	struct scene s;

	(void)state;
	record(&b, "response", "WARC-Target-URI: http://a.example/1\r\n",
	       "HTTP/1.1 304 Not Modified\r\n\r\n");
	scene_open(&s, buf_slice(&b));
	expect_none(&s, "http://a.example/1");
	assert_int_equal(asked(&s, "http://a.example/1", NULL, "x")->status,
	                 304);
	scene_close(&s);
	buf_release(&b);
}

static void what_is_no_record_is_passed_over(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct scene s;
	size_t i;

	(void)state;
	buf_text(&b, "noise\nmore noise\n");
	page(&b, "http://a.example/1", "first");
	buf_text(&b, "WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\n");
	page(&b, "http://a.example/2", "second");
	buf_text(&b, "WARC/1.0\r\nContent-Length: -5\r\n\r\n");
	buf_text(&b, "WARC/1.0\r\nX: ");
	for (i = 0; i < LIMIT_WARC_HEADERS; i++)
		buf_byte(&b, 'x');
	buf_text(&b, "\r\n\r\n");
	page(&b, "http://a.example/3", "third");
	buf_text(&b, "WARC/1.0\r\nContent-Length: 99999999999999999\r\n\r\n");
	scene_open(&s, buf_slice(&b));
	expect_body(&s, "http://a.example/1", "first");
	expect_body(&s, "http://a.example/2", "second");
	expect_body(&s, "http://a.example/3", "third");
	assert_int_equal(s.index.files[0].damage.first, 0);
	assert_true(s.index.files[0].damage.places >= 4);
	scene_close(&s);
	buf_release(&b);
}

static void every_way_of_packing_reads_the_same(void **state)
{
	struct buf plain = BUF_INIT(1 << 20), packed = BUF_INIT(1 << 20);
	struct slice all;
	struct scene s;
	size_t i, step;

	(void)state;
	page(&plain, "http://a.example/1", "first");
	page(&plain, "http://a.example/2", "second");
	all = buf_slice(&plain);
	/* As one member, and cut into members anywhere. */
	for (step = 7; step <= all.len; step += 61) {
		buf_reset(&packed);
		for (i = 0; i < all.len; i += step) {
			struct slice part = slice_cut(all, i, i + step);

			gzip_pack(&part, 1, &packed);
		}
		scene_open(&s, buf_slice(&packed));
		expect_body(&s, "http://a.example/1", "first");
		expect_body(&s, "http://a.example/2", "second");
		assert_int_equal(s.index.records, 2);
		assert_int_equal(s.index.files[0].damage.places, 0);
		scene_close(&s);
	}
	buf_release(&plain);
	buf_release(&packed);
}

static void a_bomb_is_a_failed_page(void **state)
{
	struct buf body = BUF_INIT(64 << 20), inner = BUF_INIT(1 << 20);
	struct buf b = BUF_INIT(2 << 20);
	struct slice part;
	struct scene s;

	(void)state;
	memset(buf_extend(&body, 40 << 20), 0, 40 << 20);
	part = buf_slice(&body);
	gzip_pack(&part, 1, &inner);
	buf_addf(&b,
	         "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: "
	         "http://a.example/bomb\r\nContent-Length: %zu\r\n\r\n"
	         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
	         inner.len + 43);
	buf_add(&b, buf_slice(&inner));
	buf_text(&b, "\r\n\r\n");
	page(&b, "http://a.example/1", "first");
	scene_open(&s, buf_slice(&b));
	assert_int_equal(
	        asked(&s, "http://a.example/bomb", NULL, NULL)->trouble,
	        HTTP_LIMIT);
	expect_body(&s, "http://a.example/1", "first");
	scene_close(&s);
	buf_release(&body);
	buf_release(&inner);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define EACH(test)                                                             \
	cmocka_unit_test_setup_teardown(test, folder_setup, folder_clear)
		EACH(what_is_written_is_read),
		EACH(a_full_file_is_followed_by_another),
		EACH(others_are_understood),
		EACH(packed_bodies_are_unpacked),
		EACH(revisits_lead_to_what_they_repeat),
		EACH(refusals_are_no_answer),
		EACH(damage_costs_what_is_damaged),
		EACH(a_file_may_end_anywhere),
		EACH(not_modified_is_no_page),
		EACH(what_is_no_record_is_passed_over),
		EACH(every_way_of_packing_reads_the_same),
		EACH(a_bomb_is_a_failed_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
