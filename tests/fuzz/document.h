#ifndef TESTS_FUZZ_DOCUMENT_H
#define TESTS_FUZZ_DOCUMENT_H

#include "base/limits.h"
#include "base/text/document.h"
#include "base/utf8.h"
#include "must.h"

static bool fuzz_page(void *self, struct slice name, struct buf *out)
{
	(void)self;
	buf_add(out, name);
	return name.len % 2;
}

/* Valid text stays valid, and grows by no more than a factor. */
static inline int fuzz_document(enum document_format format,
                                const uint8_t *data, size_t size)
{
	static const struct document_links links = {
		.base = { "https://e.example/a", 19 },
		.page = fuzz_page,
	};
	struct slice s = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT(LIMIT_TEXT);
	struct document d;

	buf_text(&out, "before");
	document_read(format, s, &links, &a, &d, &out);
	must(slice_starts(buf_slice(&out), SLICE("before")));
	must(buf_full(&out) || out.len <= 300 * size + (2 << 20));
	must(utf8_valid(s) < size || buf_full(&out) ||
	     utf8_valid(buf_slice(&out)) == out.len);
	must(utf8_valid(s) < size || utf8_valid(d.title) == d.title.len);
	must(d.tag_count <= LIMIT_TAGS && d.alias_count <= LIMIT_TAGS);
	arena_release(&a);
	buf_release(&out);
	return 0;
}

#endif
