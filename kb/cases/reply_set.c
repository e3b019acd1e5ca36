/* A text that should have been a list is one item a line, or what semicolons
 * part; a list's marks are not part of its items. */

#include "kb/cases/reply.h"

#include "base/limits.h"

/* Behind "- ", "* ", "1. ", "2) ", "3、" at the start of an item. */
static struct slice item_text(struct slice s)
{
	size_t at = 0;

	s = slice_trim(s);
	if (slice_starts(s, SLICE("- ")) || slice_starts(s, SLICE("* ")))
		return slice_trim(slice_cut(s, 2, s.len));
	if (slice_starts(s, SLICE("• ")))
		return slice_trim(slice_cut(s, sizeof("• ") - 1, s.len));
	while (at < s.len && at < 3 && s.at[at] >= '0' && s.at[at] <= '9')
		at++;
	if (!at || at == s.len)
		return s;
	if (slice_starts(slice_cut(s, at, s.len), SLICE("、")))
		return slice_trim(slice_cut(s, at + 3, s.len));
	if ((s.at[at] == '.' || s.at[at] == ')') && at + 1 < s.len &&
	    s.at[at + 1] == ' ')
		return slice_trim(slice_cut(s, at + 1, s.len));
	return s;
}

/* Where the item that starts at `at` ends; *next: where the next starts. */
static size_t item_end(struct slice s, size_t at, size_t *next)
{
	for (; at < s.len; at++) {
		struct slice rest = slice_cut(s, at, s.len);

		if (s.at[at] == '\n' || s.at[at] == ';') {
			*next = at + 1;
			return at;
		}
		if (slice_starts(rest, SLICE("；"))) {
			*next = at + sizeof("；") - 1;
			return at;
		}
	}
	*next = at;
	return at;
}

static struct reply_list list_of(struct slice s, struct arena *a)
{
	struct slice *items = arena_array(a, LIMIT_DIGEST_LIST, sizeof(*items));
	struct reply_list out = { items, 0 };
	size_t at = 0;

	while (at < s.len && out.count < LIMIT_DIGEST_LIST) {
		size_t next, end = item_end(s, at, &next);
		struct slice one = item_text(slice_cut(s, at, end));

		if (one.len)
			items[out.count++] = one;
		at = next;
	}
	return out;
}

void reply_set(struct case_answer *r, enum reply_field field,
               struct slice value, struct arena *a)
{
	struct slice *const texts[REPLY_FIELDS] = {
		[REPLY_ID] = &r->id,
		[REPLY_PROBLEM] = &r->problem,
		[REPLY_CAUSE] = &r->cause,
		[REPLY_CLASS] = &r->class,
	};
	struct reply_list *const lists[REPLY_FIELDS] = {
		[REPLY_STEPS] = &r->steps,
		[REPLY_SERVICES] = &r->services,
		[REPLY_CODES] = &r->codes,
		[REPLY_TITLES] = &r->titles,
	};

	value = slice_trim(value);
	if (!value.len || r->has & 1u << field)
		return;
	if (texts[field])
		*texts[field] = value;
	else
		*lists[field] = list_of(value, a);
	r->has |= 1u << field;
}

bool reply_enough(const struct case_answer *r)
{
	const unsigned main = 1u << REPLY_ID | 1u << REPLY_PROBLEM |
	                      1u << REPLY_CAUSE | 1u << REPLY_CLASS;
	unsigned found = r->has & main;

	return found & (found - 1);
}
