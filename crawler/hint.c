/* Dates are brought into the form that clock_read() knows. */

#include "crawler/hint.h"

#include <stdio.h>

#include "base/clock.h"
#include "crawler/head.h"

enum { HINT_WORDS = 6, HINT_DATE_MOST = 64 };

/* Words between blanks, commas and hyphens. */
static size_t words_of(struct slice s, struct slice words[HINT_WORDS])
{
	size_t count = 0, at = 0, end;

	for (; at < s.len && count < HINT_WORDS; at = end + 1) {
		for (end = at; end < s.len && s.at[end] != ' ' &&
		               s.at[end] != ',' && s.at[end] != '\t';)
			end++;
		if (end > at)
			words[count++] = slice_cut(s, at, end);
	}
	return count;
}

static int month_of(struct slice name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int i;

	for (i = 0; i < 12; i++)
		if (head_same(slice_cut(name, 0, 3),
		              (struct slice){ months + i * 3, 3 }))
			return i + 1;
	return 0;
}

/* As clock_read() has it; what is not known means UTC (RFC 5322, 4.3). */
static const char *zone_of(struct slice s, char out[8])
{
	static const struct {
		const char *name, *zone;
	} zones[] = {
		{ "EST", "-05:00" }, { "EDT", "-04:00" }, { "CST", "-06:00" },
		{ "CDT", "-05:00" }, { "MST", "-07:00" }, { "MDT", "-06:00" },
		{ "PST", "-08:00" }, { "PDT", "-07:00" },
	};
	int64_t number;
	size_t i;

	if (s.len == 5 && (s.at[0] == '+' || s.at[0] == '-') &&
	    slice_number(slice_cut(s, 1, 5), &number)) {
		snprintf(out, 8, "%.3s:%.2s", s.at, s.at + 3);
		return out;
	}
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (head_same(s, slice_of(zones[i].name)))
			return zones[i].zone;
	return "Z";
}

/* Day, month, year, time, zone; the day's name before them says nothing. */
static bool mail_time(struct slice s, int64_t *out)
{
	struct slice w[HINT_WORDS], *at = w;
	size_t count = words_of(s, w);
	int64_t day, year;
	char text[64], zone[8];
	int month;

	if (count && (w[0].at[0] < '0' || w[0].at[0] > '9')) {
		at++;
		count--;
	}
	if (count < 3 || (count > 3 && at[3].len > 8) ||
	    !slice_number(at[0], &day) || day < 1 || day > 31 ||
	    !(month = month_of(at[1])) || !slice_number(at[2], &year) ||
	    year < 0 || year > 9999)
		return false;
	if (at[2].len == 2)
		year += year < 50 ? 2000 : 1900;
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%.*s%s%s", (int)year,
	         month, (int)day, count > 3 ? (int)at[3].len : 8,
	         count > 3 ? at[3].at : "00:00:00",
	         count > 3 && at[3].len == 5 ? ":00" : "",
	         count > 4 ? zone_of(at[4], zone) : "Z");
	return clock_read(slice_of(text), out);
}

bool hint_time(struct slice s, int64_t *out)
{
	char text[16];
	int64_t number;

	s = slice_trim(s);
	if (!s.len || s.len > HINT_DATE_MOST)
		return false;
	if (clock_read(s, out))
		return true;
	if (s.len == 4 && slice_number(s, &number)) {
		snprintf(text, sizeof(text), "%.4s-01-01", s.at);
		return clock_read(slice_of(text), out);
	}
	if (s.len == 7 && s.at[4] == '-') {
		snprintf(text, sizeof(text), "%.7s-01", s.at);
		return clock_read(slice_of(text), out);
	}
	return mail_time(s, out);
}

bool hint_is(const struct markup_node *n, const char *name)
{
	size_t colon = slice_find(n->name, ':');
	size_t from = colon < n->name.len ? colon + 1 : 0;

	return n->kind == MARKUP_ELEMENT &&
	       slice_eq(slice_cut(n->name, from, n->name.len), slice_of(name));
}

bool hint_is_web(struct slice url)
{
	return head_same(slice_cut(url, 0, 7), SLICE("http://")) ||
	       head_same(slice_cut(url, 0, 8), SLICE("https://"));
}

struct slice hint_text(const struct markup *m, uint32_t n)
{
	uint32_t i = m->nodes[n].first;

	for (; i != MARKUP_NONE; i = m->nodes[i].next)
		if (m->nodes[i].kind == MARKUP_TEXT &&
		    slice_trim(m->nodes[i].text).len)
			return slice_trim(m->nodes[i].text);
	return (struct slice){ 0 };
}
