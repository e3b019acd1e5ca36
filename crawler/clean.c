#include "crawler/clean.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/unicode.h"

static struct slice one_line(struct slice s, struct arena *a)
{
	char *at;
	size_t i;

	if (slice_find(s, '\n') == s.len && slice_find(s, '\t') == s.len)
		return slice_trim(s);
	at = arena_new(a, s.len + 1);
	for (i = 0; i < s.len; i++)
		at[i] = s.at[i] == '\n' || s.at[i] == '\t' ? ' ' : s.at[i];
	return slice_trim((struct slice){ at, s.len });
}

struct slice clean_text(struct slice s, bool line, struct arena *a)
{
	struct buf out = BUF_INIT(UNICODE_CLEAN_MOST * (size_t)LIMIT_TEXT);

	if (!unicode_is_clean(s)) {
		unicode_clean(s, &out);
		s = arena_copy(a, buf_slice(&out));
		buf_release(&out);
	}
	return line ? one_line(s, a) : s;
}
