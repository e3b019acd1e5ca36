/* Folding by ICU, and of what it gives only what a name is made of. */

#include "kb/cases/same_name.h"

#include "base/text/unicode.h"
#include "base/utf8.h"

enum { KEY_MOST = 8 * SAME_NAME_MOST }; /* folding may lengthen */

void same_name_key(struct slice name, struct buf *out)
{
	struct buf folded = BUF_INIT(KEY_MOST);
	struct slice s;
	size_t at = 0;

	if (name.len > SAME_NAME_MOST)
		return;
	unicode_fold(name, &folded);
	s = buf_slice(&folded);
	while (at < s.len) {
		size_t from = at;
		uint32_t point = utf8_next(s, &at);

		if (point != UTF8_BAD && unicode_class(point) != UNICODE_OTHER)
			buf_add(out, slice_cut(s, from, at));
	}
	buf_release(&folded);
}

size_t same_name_find(struct slice name, const struct slice *names,
                      size_t count)
{
	struct buf wanted = BUF_INIT(KEY_MOST), key = BUF_INIT(KEY_MOST);
	size_t i;

	same_name_key(name, &wanted);
	for (i = 0; i < count && wanted.len; i++) {
		buf_reset(&key);
		same_name_key(names[i], &key);
		if (slice_eq(buf_slice(&key), buf_slice(&wanted)))
			break;
	}
	if (!wanted.len)
		i = count;
	buf_release(&wanted);
	buf_release(&key);
	return i;
}

bool same_name(struct slice a, struct slice b)
{
	return !same_name_find(a, &b, 1);
}
