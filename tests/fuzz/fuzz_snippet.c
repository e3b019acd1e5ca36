/*
 * Any bytes as a passage: a snippet of any width is UTF-8 when the passage is,
 * no wider than asked, and its marks ascend, lie within it and cut no
 * character. The first byte is the width.
 */

#include "must.h"

#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/snippet.h"

static size_t width(struct slice s)
{
	size_t at = 0, sum = 0;

	while (at < s.len) {
		int w = unicode_width(utf8_next(s, &at));

		sum += (size_t)(w > 0 ? w : 0);
	}
	return sum;
}

static void check(const struct snippet *s, bool valid)
{
	size_t i, last = 0;

	must(!valid || utf8_valid(s->text) == s->text.len);
	for (i = 0; i < s->mark_count; i++) {
		struct slice part =
		        slice_cut(s->text, s->marks[i].from, s->marks[i].to);

		must(s->marks[i].from < s->marks[i].to);
		must(i == 0 || s->marks[i].from > last);
		must(s->marks[i].to <= s->text.len);
		must(!valid || utf8_valid(part) == part.len);
		last = s->marks[i].to;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slice words[] = {
		{ "disk", 4 }, { "反", 3 }, { "反向", 6 }, { "error.log", 9 }
	};
	static const double weights[] = { 1, 2, 3, 4 };
	static const struct snippet_terms terms = { words, weights, 4 };
	static struct analyzer *analyzer;
	struct arena a = ARENA_INIT;
	struct slice text = { (const char *)data + 1, size ? size - 1 : 0 };
	bool valid = utf8_valid(text) == text.len;
	struct snippet s;
	struct fault f;

	if (!size)
		return 0;
	must(analyzer ||
	     analyzer_new(&analyzer, slice_of(analyzer_default), &f));
	snippet_make(text, &terms, analyzer, data[0], &a, &s);
	check(&s, valid);
	must(!valid || width(s.text) <= data[0]);
	snippet_whole(text, &terms, analyzer, &a, &s);
	check(&s, valid);
	arena_release(&a);
	return 0;
}
