/* Any bytes as a WARC file: as they are, packed as one gzip member (first byte
 * odd), or each record as a member of its own (first byte 2 of 4). What is
 * indexed is asked for: answers stay under the ceilings and make sense. */

#include "must.h"

#include <string.h>
#include <unistd.h>

#include "base/gzip.h"
#include "base/limits.h"
#include "crawler/carrier_warc.h"
#include "crawler/yield.h"

static void pack_records(struct slice s, struct buf *out)
{
	while (s.len) {
		size_t end = 1;

		while (end < s.len &&
		       !slice_starts(slice_cut(s, end, s.len), SLICE("WARC/")))
			end++;
		gzip_pack(&(struct slice){ s.at, end }, 1, out);
		s = slice_cut(s, end, s.len);
	}
}

static void write_input(const char *path, struct slice s)
{
	struct buf packed = BUF_INIT(64 << 20);
	FILE *file = fopen(path, "wb");

	must(file != NULL);
	if (s.len && s.at[0] & 1) {
		s = slice_cut(s, 1, s.len);
		gzip_pack(&s, 1, &packed);
		s = buf_slice(&packed);
	} else if (s.len && s.at[0] & 2) {
		pack_records(slice_cut(s, 1, s.len), &packed);
		s = buf_slice(&packed);
	} else {
		s = slice_cut(s, 1, s.len);
	}
	fwrite(s.at, 1, s.len, file);
	fclose(file);
	buf_release(&packed);
}

static void ask(struct carrier *c, struct slice url, struct slice body,
                bool conditional)
{
	const struct http_header headers[] = { { SLICE("If-None-Match"),
		                                 SLICE("x") } };
	const struct http_request r = { .url = url,
		                        .body = body,
		                        .headers = headers,
		                        .header_count = conditional };
	struct http_reply out = { 0 };
	size_t i;

	c->answer(c->self, &r, &out);
	must(!out.status == (out.trouble != HTTP_FINE));
	must(!out.trouble || out.fault.kind);
	must(out.body.len <= LIMIT_FETCH_BODY + LIMIT_FETCH_HEADERS);
	must(out.status != 429 && out.status < 500);
	must(out.status != 304 || conditional || !out.body.len);
	for (i = 0; i < out.header_count; i++)
		must(out.headers[i].name.len > 0);
}

static void ask_all(const struct warc_index *x, size_t run)
{
	const struct carrier_warc_options o = { x, run, true };
	struct yield y = YIELD_INIT;
	const struct said *s;
	struct carrier c;
	bool more = true;

	carrier_warc_open(&c, &o);
	while (more) {
		yield_reset(&y);
		more = c.offer(c.self, &y);
		for (s = y.first; s; s = s->next) {
			ask(&c, s->ask->url, SLICE(""), false);
			ask(&c, s->ask->url, SLICE(""), true);
		}
	}
	ask(&c, SLICE("http://a.example/robots.txt"), SLICE(""), false);
	ask(&c, SLICE("http://a.example/"), SLICE(""), false);
	ask(&c, SLICE("http://a.example/api"), SLICE("a=b"), false);
	c.free(c.self);
	yield_release(&y);
}

static void check_index(const struct warc_index *x)
{
	size_t i;

	for (i = 1; i < x->entry_count; i++)
		must(x->entries[i - 1].key <= x->entries[i].key);
	for (i = 0; i < x->entry_count; i++) {
		must(x->entries[i].offset >= 0);
		must(x->entries[i].file < x->file_count);
	}
	for (i = 0; i < x->file_count; i++)
		must(x->files[i].run < x->run_count || !x->files[i].records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	const char *paths[] = { path };
	struct warc_index x;
	struct fault f = { 0 };
	size_t i;

	snprintf(path, sizeof(path), "/tmp/fuzz-warc-%d", (int)getpid());
	write_input(path, (struct slice){ (const char *)data, size });
	if (warc_index_make(&x, paths, 1, NULL, NULL, &f)) {
		check_index(&x);
		for (i = 0; i < x.run_count; i++)
			ask_all(&x, i);
	} else {
		must(f.kind == FAULT_INPUT);
	}
	warc_index_release(&x);
	unlink(path);
	return 0;
}
