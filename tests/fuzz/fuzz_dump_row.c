/*
 * Rows of a dump from hostile bytes: the first byte chooses the size of the
 * chunks, and the steps must be the same as when all comes at once. Each row
 * is then read as a post, whatever it has.
 */

#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "crawler/dump_post.h"
#include "crawler/dump_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_clean(struct slice s)
{
	if (utf8_valid(s) != s.len || memchr(s.at ? s.at : "", '\0', s.len))
		abort();
}

static void read_post(struct hash *h, const struct dump_row *row,
                      struct arena *a)
{
	struct dump_post post;
	struct fault f;
	size_t i;

	if (!dump_post_read(row, SLICE("a.example"), a, &post, &f)) {
		hash_part(h, slice_of(f.code));
		return;
	}
	if (!post.record.id.len || !post.record.original.at)
		abort();
	must_be_clean(post.record.title);
	must_be_clean(post.record.author);
	for (i = 0; i < post.record.tag_count; i++)
		must_be_clean(post.record.tags[i]);
	hash_part(h, post.record.id);
	hash_part(h, post.record.link);
	hash_part(h, post.record.title);
}

static void note(struct hash *h, enum dump_step step,
                 const struct dump_row *row, const struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct slice value;
	size_t i;

	if (step == DUMP_BROKEN) {
		hash_part(h, slice_of(f->code));
		hash_part(h, (struct slice){ (const char *)&f->line,
		                             sizeof(f->line) });
		return;
	}
	read_post(h, row, &a);
	for (i = 0; i < row->count; i++) {
		value = row->attributes[i].name;
		hash_part(h, value);
		value = dump_text(row, "Body", &a);
		if (utf8_valid(value) != value.len)
			abort();
		hash_part(h, value);
	}
	arena_release(&a);
}

static uint64_t scan(struct slice text, size_t chunk)
{
	struct dump_scan *d = dump_scan_new("fuzz.xml");
	enum dump_step step = DUMP_MORE;
	struct dump_row row;
	struct fault f = { 0 };
	struct hash h;
	size_t at = 0;

	hash_init(&h);
	while (step != DUMP_END) {
		if (at < text.len)
			dump_feed(d, slice_cut(text, at, at + chunk));
		else
			dump_close(d);
		at += chunk;
		while ((step = dump_next(d, &row, &f)) == DUMP_ROW ||
		       step == DUMP_BROKEN)
			note(&h, step, &row, &f);
	}
	dump_scan_free(d);
	return hash_end(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data + 1, size ? size - 1 : 0 };

	if (!size)
		return 0;
	if (scan(text, (size_t)data[0] + 1) != scan(text, 1 << 20))
		abort();
	return 0;
}
