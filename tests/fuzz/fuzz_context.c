/*
 * Any bytes as a passage's title and body (parted by a NUL): the block for a
 * prompt keeps its budget, and the passage its fence; the first byte chooses
 * the budget.
 */

#include "must.h"

#include <string.h>

#include "app/search_form.h"
#include "base/clock.h"

/* The run of backquotes that is all of a line; 0 when it is not. */
static size_t fence_of(struct slice line)
{
	size_t n = 0;

	while (n < line.len && line.at[n] == '`')
		n++;
	return n == line.len || !strncmp(line.at + n, "text", line.len - n) ? n
	                                                                    : 0;
}

/* Read as CommonMark reads it: opened, closed by its own fence, and then
 * nothing more. */
static void check(struct slice s)
{
	size_t open = 0, closed = 0, at;

	for (at = 0; at < s.len;) {
		size_t len = slice_find(slice_cut(s, at, s.len), '\n');
		struct slice line = slice_cut(s, at, at + len);
		size_t fence = fence_of(line);

		must(!closed || !line.len);
		if (!open && fence >= 3)
			open = fence;
		else if (open && fence >= open && line.len == fence)
			closed = 1;
		at += len + 1;
	}
	must(!open || closed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data + 1, size ? size - 1 : 0 };
	struct search_view v = { .width = 80 };
	struct buf out = BUF_INIT(64 << 20);
	struct retrieved h = { .created = CLOCK_NONE, .modified = CLOCK_NONE };
	struct retrieve_answer answer = { .hits = &h, .count = 1 };
	size_t part;

	if (!size)
		return 0;
	v.budget = 200 + 10 * data[0];
	part = slice_find(text, '\0');
	h.title = h.author = h.link = slice_cut(text, 0, part);
	h.body = slice_cut(text, part + 1, text.len);
	search_context(&v, &answer, &out);
	must(context_tokens(buf_slice(&out)) <= v.budget);
	check(buf_slice(&out));
	buf_release(&out);
	return 0;
}
