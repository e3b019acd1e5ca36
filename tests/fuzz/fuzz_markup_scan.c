/* Any body before it is parsed: what is changed in it, and that it is enough:
 * a second look finds nothing to change or to refuse. */

#include <assert.h>
#include <stdint.h>

#include "base/text/markup_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(enum markup_language language, struct slice body,
                  struct arena *a)
{
	struct slice once = body, twice;
	size_t i;

	if (!markup_scan(language, &once, a)) {
		assert(once.at == body.at);
		return;
	}
	assert(once.len == body.len);
	for (i = 0; i < body.len; i++)
		assert(once.at[i] == body.at[i] ||
		       (body.at[i] == '<' && once.at[i] == ' ') ||
		       (body.at[i] == '@' && once.at[i] == '_'));
	twice = once;
	assert(markup_scan(language, &twice, a) && twice.at == once.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = ARENA_INIT;

	if (size)
		check(*data == 'x' ? MARKUP_XML : MARKUP_HTML,
		      (struct slice){ (const char *)data + 1, size - 1 }, &a);
	arena_release(&a);
	return 0;
}
