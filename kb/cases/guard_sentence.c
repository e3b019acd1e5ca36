#include "kb/cases/guard_sentence.h"

#include <string.h>

#include "base/utf8.h"

enum { SENTENCE_MOST = 4096 };

static bool is_latin(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* A stop of the East between Latin letters is the dot of a domain. */
static bool joins(struct slice s, size_t from, size_t to)
{
	return from && to < s.len && is_latin(s.at[from - 1]) &&
	       is_latin(s.at[to]);
}

/* How long the end of a sentence at `at` is, or 0. */
static size_t sentence_stop(struct slice s, size_t at)
{
	static const char *const stops[] = { "。", "！", "？", "｡",
		                             "؟",  "۔",  "।",  "…" };
	struct slice rest = slice_cut(s, at, s.len);
	size_t i;

	if (!(rest.at[0] & 0x80)) {
		if (!memchr(".!?", rest.at[0], 3))
			return 0;
		i = 1;
		while (i < rest.len && memchr("\"')]*_`.!?", rest.at[i], 10))
			i++;
		return i == rest.len || rest.at[i] == ' ' || rest.at[i] == '\t'
		               ? i
		               : 0;
	}
	for (i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		if (slice_starts(rest, slice_of(stops[i])))
			return joins(s, at, at + strlen(stops[i]))
			               ? 0
			               : strlen(stops[i]);
	return 0;
}

struct slice guard_sentence(struct slice line, size_t *at, bool *ends)
{
	size_t from = *at, i = from, stop;

	*ends = false;
	while (i < line.len && i - from < SENTENCE_MOST) {
		stop = sentence_stop(line, i);
		if (stop) {
			*ends = true;
			i += stop;
			break;
		}
		utf8_next(line, &i);
	}
	while (i < line.len && (line.at[i] == ' ' || line.at[i] == '\t'))
		i++;
	*at = i;
	return slice_cut(line, from, i);
}
