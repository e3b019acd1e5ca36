/* Any text: what may be shown is valid, no longer than words in brackets make
 * it, the same every time; what has no sign was not changed but for what
 * nobody sees. */

#include "base/utf8.h"
#include "kb/cases/guard.h"
#include "must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slice classes[] = { { "consulting", 10 },
		                                { "service fault", 13 },
		                                { "咨询", 6 } };
	const struct guard_names names = { classes, 3 };
	struct slice text = { (const char *)data, size };
	struct guard_input one, two;
	struct arena a = ARENA_INIT;
	struct fault f;

	if (utf8_valid(text) != size)
		return 0;
	must(guard_in(text, &names, &a, &one, &f));
	must(utf8_valid(one.text) == one.text.len);
	must(one.text.len <= size * 8 + 1024);
	must(!one.removed || one.signs);
	must(guard_in(text, &names, &a, &two, &f));
	must(slice_eq(one.text, two.text) && one.signs == two.signs &&
	     one.removed == two.removed);
	must(guard_in(text, NULL, &a, &two, &f));
	arena_release(&a);
	return 0;
}
