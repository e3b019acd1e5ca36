/* The parser's reply from a worker that was taken over: a sound tree or a
 * fault, and no more memory than its length allows for. */

#include <assert.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/text/markup_wire.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f = { 0 };

	if (markup_wire_refused((struct slice){ (const char *)data, size }, &f))
		assert(size == 1 && f.kind == FAULT_INPUT);
	if (markup_wire_read((struct slice){ (const char *)data, size }, &a, &m,
	                     &f)) {
		markdown_write(&m, SLICE("http://example.com/"), &out);
		assert(utf8_valid(buf_slice(&out)) == out.len);
	} else {
		assert(f.kind == FAULT_INPUT);
	}
	assert(arena_total(&a) <= 64 * size + 64);
	arena_release(&a);
	buf_release(&out);
	return 0;
}
