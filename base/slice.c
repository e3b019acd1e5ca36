/* The few slice functions that are too long to stand in the header. */

#include "base/slice.h"

static bool slice_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s)
{
	while (s.len && slice_blank(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && slice_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

bool slice_number(struct slice s, int64_t *out)
{
	bool minus = s.len && s.at[0] == '-';
	int64_t n = 0;
	size_t i;

	if (s.len == (size_t)minus)
		return false;
	for (i = minus; i < s.len; i++) {
		int digit = s.at[i] - '0';

		if (digit < 0 || digit > 9 ||
		    __builtin_mul_overflow(n, (int64_t)10, &n) ||
		    __builtin_sub_overflow(n, (int64_t)digit, &n))
			return false;
	}
	if (!minus && n == INT64_MIN)
		return false;
	*out = minus ? n : -n;
	return true;
}
