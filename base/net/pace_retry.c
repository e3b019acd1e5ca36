/*
 * Retry-After: delay-seconds, or one of the three forms of an HTTP date (RFC
 * 9110, 5.6.7):
 *
 *	Sun, 06 Nov 1994 08:49:37 GMT	IMF-fixdate
 *	Sunday, 06-Nov-94 08:49:37 GMT	RFC 850
 *	Sun Nov  6 08:49:37 1994	asctime()
 *
 * The day's name and the zone are not looked at: they say what the rest says.
 */

#include "base/clock.h"
#include "base/net/pace.h"

#include <stdio.h>

enum { WORDS = 7, DATE_MOST = 64 };

static const int64_t most = INT64_C(86400) * 1000000;

/* Runs of letters, digits and ':'; how many there are, or 0: too many. */
static size_t words_of(struct slice s, struct slice words[WORDS])
{
	size_t at = 0, n = 0;

	while (at < s.len) {
		size_t end = at;

		while (end < s.len && s.at[end] != ' ' && s.at[end] != ',' &&
		       s.at[end] != '-')
			end++;
		if (end > at) {
			if (n == WORDS)
				return 0;
			words[n++] = slice_cut(s, at, end);
		}
		at = end + 1;
	}
	return n;
}

static int month_of(struct slice name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int i;

	for (i = 0; i < 12; i++)
		if (slice_eq(name, (struct slice){ months + i * 3, 3 }))
			return i + 1;
	return 0;
}

/* Of two digits: the year nearest to ours, at most 50 years ahead. */
static int64_t year_of(struct slice s, int64_t now)
{
	char today[CLOCK_TEXT];
	int64_t year, this_year;

	if (!slice_number(s, &year) || year < 0)
		return -1;
	if (s.len != 2)
		return s.len == 4 ? year : -1;
	clock_write(today, now);
	if (!slice_number(slice_cut(slice_of(today), 0, 4), &this_year))
		return -1;
	year += this_year - this_year % 100;
	if (year <= this_year - 50)
		return year + 100;
	return year > this_year + 50 ? year - 100 : year;
}

static bool date_read(struct slice s, int64_t now, int64_t *out)
{
	struct slice w[WORDS];
	size_t n = s.len <= DATE_MOST ? words_of(s, w) : 0;
	/* Where day, month, year and time stand. */
	static const unsigned char usual[4] = { 1, 2, 3, 4 };
	static const unsigned char asctime_form[4] = { 2, 1, 4, 3 };
	const unsigned char *at = usual;
	char text[64];
	int64_t day, year;
	int month;

	if (n == 5)
		at = asctime_form;
	else if (n != 6)
		return false;
	month = month_of(w[at[1]]);
	year = year_of(w[at[2]], now);
	if (!month || year < 0 || !slice_number(w[at[0]], &day) || day < 1 ||
	    day > 31 || w[at[3]].len != 8)
		return false;
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%.*sZ", (int)year, month,
	         (int)day, SLICE_ARG(w[at[3]]));
	return clock_read(slice_of(text), out);
}

int64_t pace_retry_after(struct slice value, int64_t now)
{
	int64_t n, date;
	size_t i = 0;

	value = slice_trim(value);
	while (i < value.len && value.at[i] >= '0' && value.at[i] <= '9')
		i++;
	if (i && i == value.len) {
		/* So many digits are a long time, whatever they say. */
		if (!slice_number(value, &n) || n > most / 1000000)
			return most;
		return n * 1000000;
	}
	if (!date_read(value, now, &date) || date <= now)
		return 0;
	return date - now < most / 1000 ? (date - now) * 1000 : most;
}
