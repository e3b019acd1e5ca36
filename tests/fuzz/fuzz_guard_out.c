/* A case and an answer of any bytes, parted by the first empty line: what is
 * stored is one line of valid text without markup, not longer than asked for;
 * what it holds itself is held. */

#include <string.h>

#include "base/utf8.h"
#include "kb/cases/guard.h"
#include "must.h"

static size_t parting(struct slice text)
{
	size_t i;

	for (i = 0; i + 1 < text.len; i++)
		if (text.at[i] == '\n' && text.at[i + 1] == '\n')
			return i;
	return text.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size }, out, held;
	size_t at = parting(text), most = size ? data[0] * 8u + 1 : 1, i;
	struct arena a = ARENA_INIT;
	struct guard_case *g;
	unsigned losses;
	struct fault f;

	if (utf8_valid(text) != size)
		return 0;
	must(guard_case_new(&g, &f));
	held = slice_cut(text, 0, at);
	must(guard_case_add(g, held, &f));
	must(!held.len || guard_holds(g, held));
	text = slice_cut(text, at, size);
	must(guard_out(g, text, most, &a, &out, &losses, &f));
	must(utf8_valid(out) == out.len && out.len <= most);
	must(!(losses & GUARD_WHOLE) || !out.len);
	must(out.len || !slice_trim(text).len || losses);
	for (i = 0; i < out.len; i++) {
		must((unsigned char)out.at[i] >= ' ' && out.at[i] != 0x7F);
		must(i + 1 == out.len || out.at[i] != '<' ||
		     ((out.at[i + 1] < 'a' || out.at[i + 1] > 'z') &&
		      out.at[i + 1] != '/' && out.at[i + 1] != '!'));
	}
	guard_case_free(g);
	arena_release(&a);
	return 0;
}
