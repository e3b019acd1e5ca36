#include "base/text/mask_look.h"

#include "base/text/mask_shape.h"

enum { WORD_MOST = 64 }; /* bytes that are looked at */

struct look look_at(struct slice s)
{
	struct look look = { 0 };
	bool seen[256] = { false };
	size_t i;

	if (s.len > WORD_MOST)
		s.len = WORD_MOST;
	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		look.upper += mask_upper(c);
		look.lower += mask_lower(c);
		look.digit += mask_digit(c);
		look.sign += !mask_alnum(c);
		look.different += !seen[c];
		seen[c] = true;
	}
	return look;
}

bool looks_drawn(struct slice s)
{
	struct look x = look_at(s);

	return s.len >= 12 && x.different >= 8 && x.digit >= 2 &&
	       x.upper + x.lower >= 2 && x.sign * 4 <= s.len;
}

bool looks_mixed(struct slice s)
{
	struct look x = look_at(s);

	return x.digit || (x.sign && x.upper + x.lower + x.digit) ||
	       (x.upper && x.lower && s.len && !mask_upper(s.at[0])) ||
	       (x.upper > 1 && x.lower);
}
