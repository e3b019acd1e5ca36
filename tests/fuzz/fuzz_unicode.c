/* Any bytes as text: clean text is clean for ever, folded text is text, and
 * neither grows beyond reason. */

#include "must.h"

#include "base/text/unicode.h"
#include "base/utf8.h"

static void expect_clean(struct slice s)
{
	size_t at = 0;

	must(unicode_is_clean(s));
	while (at < s.len) {
		uint32_t c = utf8_next(s, &at);

		must(c != UTF8_BAD && (c & 0xFFFE) != 0xFFFE);
		must(c == '\n' || c == '\t' || c >= 0x20);
		must(c < 0x7F || c >= 0xA0);
		must(unicode_width(c) >= 0 && unicode_width(c) <= 2);
		must(unicode_class(c) <= UNICODE_HANGUL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	/* The widest mapping: U+FDFA folds to 18 characters, 33 bytes. */
	struct buf once = BUF_INIT(12 * size), twice = BUF_INIT(12 * size);

	unicode_clean(s, &once);
	must(!buf_full(&once));
	expect_clean(buf_slice(&once));
	must(unicode_is_clean(s) == slice_eq(s, buf_slice(&once)));
	unicode_clean(buf_slice(&once), &twice);
	must(slice_eq(buf_slice(&once), buf_slice(&twice)));
	buf_reset(&twice);
	unicode_fold(s, &twice);
	must(!buf_full(&twice));
	must(utf8_valid(buf_slice(&twice)) == twice.len);
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
