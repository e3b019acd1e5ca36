/* Any bytes as a body in any encoding: UTF-8 comes out, and what was UTF-8
 * comes out as it was. The first line is the Content-Type. */

#include "must.h"

#include <string.h>

#include "base/text/charset.h"
#include "base/utf8.h"

static void check(struct slice body, struct slice header,
                  enum charset_kind kind)
{
	/* The widest: one byte of a user's own is three, three U+FFFD. */
	struct buf out = BUF_INIT(8 * body.len + 16);
	struct charset_found found, same;
	struct fault f;

	charset_find(body, header, kind, &found);
	must(charset_decode(body, header, kind, &out, &same, &f));
	must(found.name == same.name && found.from == same.from);
	must(utf8_valid(buf_slice(&out)) == out.len);
	if (!strcmp(found.name, "UTF-8") && utf8_valid(body) == body.len) {
		must(slice_ends(body, buf_slice(&out)));
		must(out.len == body.len || out.len + 3 == body.len);
		must(!same.replaced);
	}
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	size_t line = slice_find(s, '\n');
	struct slice header = slice_cut(s, 0, line);
	struct slice body = slice_cut(s, line + 1, s.len);

	(void)charset_label(header);
	check(body, header, CHARSET_TEXT);
	check(body, (struct slice){ 0 }, CHARSET_HTML);
	check(body, (struct slice){ 0 }, CHARSET_XML);
	return 0;
}
