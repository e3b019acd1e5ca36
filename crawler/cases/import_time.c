/* What is not ISO is brought into it and read by clock.h, which knows months
 * and leap years. */

#include "crawler/cases/import_time.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const struct {
	const char *name, *example;
} forms[] = {
	[TIME_ISO] = { "iso", "2026-01-31T08:00:00Z" },
	[TIME_EPOCH] = { "epoch", "1769846400" },
	[TIME_MILLISECONDS] = { "epoch-ms", "1769846400000" },
	[TIME_DAY_FIRST] = { "day-first", "31.01.2026 08:00" },
	[TIME_MONTH_FIRST] = { "month-first", "1/31/2026 8:00 AM" },
};

enum {
	FORMS = sizeof(forms) / sizeof(*forms),
	TIME_DIGITS = 9, /* of a number within a date */
};

/* From the year 1 to 9999, as clock.h has them, in milliseconds. */
#define TIME_FIRST INT64_C(-62135596800000)
#define TIME_LAST INT64_C(253402300799999)

bool import_time_form(struct slice name, enum import_time_form *out)
{
	int i;

	for (i = 0; i < FORMS; i++)
		if (slice_eq(name, slice_of(forms[i].name))) {
			*out = (enum import_time_form)i;
			return true;
		}
	return false;
}

const char *import_time_example(enum import_time_form form)
{
	return forms[form].example;
}

/* Digits at *at, up to TIME_DIGITS. */
static bool number(struct slice s, size_t *at, int *out)
{
	size_t from = *at;

	*out = 0;
	for (; *at < s.len && s.at[*at] >= '0' && s.at[*at] <= '9' &&
	       *at - from < TIME_DIGITS;
	     ++*at)
		*out = *out * 10 + (s.at[*at] - '0');
	return *at > from;
}

static bool mark(struct slice s, size_t *at, const char *marks)
{
	if (*at >= s.len || !s.at[*at] || !strchr(marks, s.at[*at]))
		return false;
	++*at;
	return true;
}

/* " PM" at the end, in any case; *hour is then of 24. */
static bool half_day(struct slice s, size_t *at, int *hour)
{
	struct slice rest = slice_trim(slice_cut(s, *at, s.len));
	bool pm;

	if (rest.len != 2 || !strchr("aApP", rest.at[0]) ||
	    !strchr("mM", rest.at[1]) || *hour < 1 || *hour > 12)
		return false;
	pm = rest.at[0] == 'p' || rest.at[0] == 'P';
	*hour = *hour % 12 + (pm ? 12 : 0);
	*at = s.len;
	return true;
}

/* " 8:14", ":09", " PM" behind a date; nothing at all is midnight. */
static bool clock_part(struct slice s, size_t *at, int t[3])
{
	t[0] = t[1] = t[2] = 0;
	if (*at == s.len)
		return true;
	mark(s, at, ",");
	while (mark(s, at, " T"))
		;
	if (!number(s, at, &t[0]) || !mark(s, at, ":") || !number(s, at, &t[1]))
		return false;
	if (mark(s, at, ":") && !number(s, at, &t[2]))
		return false;
	if (*at < s.len && !half_day(s, at, &t[0]))
		return false;
	return *at == s.len;
}

/* Three numbers and a clock; `order` says which is year, month and day. */
static bool dated(struct slice s, const int order[3], int64_t zone,
                  int64_t *out)
{
	int d[3], t[3];
	char text[80];
	size_t at = 0;
	int i;

	for (i = 0; i < 3; i++)
		if (!number(s, &at, &d[i]) || (i < 2 && !mark(s, &at, "/.-")))
			return false;
	if (!clock_part(s, &at, t) || d[order[0]] < 1000)
		return false;
	/* A number that is too large is none that clock_read() takes. */
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d",
	         d[order[0]], d[order[1]], d[order[2]], t[0], t[1], t[2]);
	if (!clock_read(slice_of(text), out))
		return false;
	*out -= zone;
	return true;
}

/* Whether an ISO time says its zone, behind the 'T' or blank of its clock. */
static bool says_zone(struct slice s)
{
	struct slice clock = slice_cut(s, 10, s.len);

	return slice_find(clock, 'Z') < clock.len ||
	       slice_find(clock, '+') < clock.len ||
	       slice_find(clock, '-') < clock.len;
}

static bool iso(struct slice s, int64_t zone, int64_t *out)
{
	static const int year_first[3] = { 0, 1, 2 };

	if (clock_read(s, out)) {
		*out -= says_zone(s) ? 0 : zone;
		return true;
	}
	return dated(s, year_first, zone, out);
}

static bool since_epoch(struct slice s, int64_t unit, int64_t *out)
{
	size_t dot = slice_find(s, '.'), i;
	int64_t part = unit / 10, n;

	if (!slice_number(slice_cut(s, 0, dot), &n) || n > TIME_LAST / unit ||
	    n < TIME_FIRST / unit)
		return false;
	n *= unit;
	for (i = dot + 1; i < s.len; i++, part /= 10) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		n += part * (s.at[i] - '0');
	}
	*out = n;
	return dot + 1 != s.len;
}

bool import_time(struct slice s, enum import_time_form form, int64_t zone,
                 int64_t *out)
{
	static const int day_first[3] = { 2, 1, 0 };
	static const int month_first[3] = { 2, 0, 1 };

	s = slice_trim(s);
	switch (form) {
	case TIME_ISO:
		return iso(s, zone, out);
	case TIME_EPOCH:
		return since_epoch(s, 1000, out);
	case TIME_MILLISECONDS:
		return since_epoch(s, 1, out);
	case TIME_DAY_FIRST:
		return dated(s, day_first, zone, out);
	case TIME_MONTH_FIRST:
		return dated(s, month_first, zone, out);
	}
	return false;
}

bool import_time_zone(struct slice s, int64_t *out)
{
	size_t at = 1;
	int hours, minutes = 0;

	if (slice_eq(s, SLICE("Z"))) {
		*out = 0;
		return true;
	}
	if (s.len < 2 || !strchr("+-", s.at[0]) || !number(s, &at, &hours) ||
	    hours > 14 ||
	    (mark(s, &at, ":") &&
	     (!number(s, &at, &minutes) || minutes > 59)) ||
	    at != s.len)
		return false;
	*out = (hours * 60 + minutes) * INT64_C(60000);
	if (s.at[0] == '-')
		*out = -*out;
	return true;
}
