/*
 * Any bytes as the text of a page: its passages lie within it, in order, and
 * none is much over PASSAGE_BYTES.
 */

#include "must.h"

#include "kb/passage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct post_row row = { .id = 1,
		                .kind = SLICE("page"),
		                .content = { (const char *)data, size } };
	struct arena a = ARENA_INIT;
	size_t count, i, before = 0;
	struct passage *p = passage_split(&row, &a, &count);

	for (i = 0; i < count; i++) {
		must(p[i].part == (int64_t)i && p[i].from >= before);
		must(p[i].to >= p[i].from && p[i].to <= size);
		must(p[i].to - p[i].from < PASSAGE_BYTES + 400);
		must(slice_eq(slice_cut(row.content, p[i].from, p[i].to),
		              p[i].body));
		before = p[i].to;
	}
	arena_release(&a);
	return 0;
}
