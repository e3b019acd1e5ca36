/* What the forms of an answer share: text goes through say_clean() piece by
 * piece, cut between characters, so that its length does not matter. */

#include "app/search_form.h"

#include <string.h>

#include "base/say.h"
#include "base/utf8.h"

void form_clean(struct buf *out, struct slice s, const char *blanks)
{
	char clean[256];
	size_t i;

	while (s.len) {
		struct slice head = utf8_head(s, sizeof(clean) - 1);
		size_t len;

		if (!head.len)
			head = slice_cut(s, 0, 1);
		len = say_clean(clean, sizeof(clean), head);
		for (i = 0; i < len; i++)
			buf_byte(out, clean[i] && strchr(blanks, clean[i])
			                      ? ' '
			                      : clean[i]);
		s = slice_cut(s, head.len, s.len);
	}
}
