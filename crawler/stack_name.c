#include "crawler/stack_name.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

struct slice stack_id(int64_t n, struct arena *a)
{
	struct buf digits = BUF_INIT(24);
	struct slice s;

	buf_number(&digits, n);
	s = arena_copy(a, buf_slice(&digits));
	buf_release(&digits);
	return s;
}

struct slice stack_link(struct slice host, const char *part, struct slice id,
                        struct arena *a)
{
	const struct slice parts[] = { SLICE("https://"), host,
		                       SLICE("/"),        slice_of(part),
		                       SLICE("/"),        id };
	size_t count = sizeof(parts) / sizeof(*parts), len = 0, i;
	char *to;

	for (i = 0; i < count; i++)
		len += parts[i].len;
	to = arena_new(a, len);
	for (i = 0, len = 0; i < count; len += parts[i++].len)
		if (parts[i].len)
			memcpy(to + len, parts[i].at, parts[i].len);
	return (struct slice){ to, len };
}

struct slice stack_licence(struct slice s, struct arena *a)
{
	char *copy;
	size_t i;

	s = slice_trim(s);
	if (!s.len || s.len > 64)
		return (struct slice){ 0 };
	copy = arena_new(a, s.len);
	for (i = 0; i < s.len; i++)
		copy[i] = s.at[i] == ' ' ? '-' : s.at[i];
	return (struct slice){ copy, s.len };
}

int64_t stack_revision(int64_t edited)
{
	return edited == CLOCK_NONE ? 0 : edited - edited % 1000;
}
