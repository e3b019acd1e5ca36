/* Civil dates by Howard Hinnant's days_from_civil algorithm (2013). */

#include "base/clock.h"

#include <time.h>

static int64_t clock_ask(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
	return clock_ask(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
	return clock_ask(CLOCK_MONOTONIC);
}

int64_t clock_nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t days_of(int64_t y, int64_t m, int64_t d)
{
	int64_t era, year, day;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	year = y - era * 400;
	day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

/* By hand: an import writes millions of dates. */
static void clock_digits(char *to, int count, int64_t n)
{
	while (count--) {
		to[count] = (char)('0' + n % 10);
		n /= 10;
	}
}

void clock_write(char out[CLOCK_TEXT], int64_t time)
{
	int64_t day, ms, z, era, doe, yoe, doy, mp, y;

	out[0] = '\0';
	if (time == CLOCK_NONE)
		return;
	day = time / 86400000;
	ms = time % 86400000;
	if (ms < 0) {
		ms += 86400000;
		day--;
	}
	z = day + 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	y = yoe + era * 400 + (mp >= 10);
	if (y < 1 || y > 9999)
		return;
	clock_digits(out, 4, y);
	clock_digits(out + 5, 2, mp < 10 ? mp + 3 : mp - 9);
	clock_digits(out + 8, 2, doy - (153 * mp + 2) / 5 + 1);
	clock_digits(out + 11, 2, ms / 3600000);
	clock_digits(out + 14, 2, ms / 60000 % 60);
	clock_digits(out + 17, 2, ms / 1000 % 60);
	clock_digits(out + 20, 3, ms % 1000);
	out[4] = out[7] = '-';
	out[10] = ' ';
	out[13] = out[16] = ':';
	out[19] = '.';
	out[23] = '\0';
}

/* Exactly `digits` digits at *at, within low..high. */
static bool clock_field(struct slice s, size_t *at, size_t digits, int64_t low,
                        int64_t high, int64_t *out)
{
	size_t end = *at + digits;
	int64_t n = 0;

	if (end > s.len)
		return false;
	for (; *at < end; ++*at) {
		if (s.at[*at] < '0' || s.at[*at] > '9')
			return false;
		n = n * 10 + (s.at[*at] - '0');
	}
	*out = n;
	return n >= low && n <= high;
}

static bool clock_mark(struct slice s, size_t *at, char mark)
{
	if (*at >= s.len || s.at[*at] != mark)
		return false;
	++*at;
	return true;
}

/* Up to three digits count, the rest is dropped. */
static bool clock_fraction(struct slice s, size_t *at, int64_t *ms)
{
	int64_t unit = 100;
	size_t from = *at;

	for (; *at < s.len && s.at[*at] >= '0' && s.at[*at] <= '9'; ++*at) {
		*ms += unit * (s.at[*at] - '0');
		unit /= 10;
	}
	return *at > from;
}

static bool clock_zone(struct slice s, size_t *at, int64_t *ms)
{
	int64_t sign, h = 0, m = 0;

	if (*at == s.len || clock_mark(s, at, 'Z'))
		return true;
	sign = s.at[*at] == '-' ? 1 : -1;
	if (!clock_mark(s, at, '+') && !clock_mark(s, at, '-'))
		return false;
	if (!clock_field(s, at, 2, 0, 23, &h))
		return false;
	clock_mark(s, at, ':');
	if (!clock_field(s, at, 2, 0, 59, &m))
		return false;
	*ms += sign * (h * 60 + m) * 60000;
	return true;
}

bool clock_read(struct slice s, int64_t *out)
{
	static const signed char days[] = { 31, 29, 31, 30, 31, 30,
		                            31, 31, 30, 31, 30, 31 };
	int64_t y, mo, d, h = 0, mi = 0, sec = 0, ms = 0;
	bool leap;
	size_t at = 0;

	if (!clock_field(s, &at, 4, 1, 9999, &y) || !clock_mark(s, &at, '-') ||
	    !clock_field(s, &at, 2, 1, 12, &mo) || !clock_mark(s, &at, '-') ||
	    !clock_field(s, &at, 2, 1, days[mo - 1], &d))
		return false;
	leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
	if (mo == 2 && d == 29 && !leap)
		return false;
	if (clock_mark(s, &at, 'T') || clock_mark(s, &at, ' ')) {
		if (!clock_field(s, &at, 2, 0, 23, &h) ||
		    !clock_mark(s, &at, ':') ||
		    !clock_field(s, &at, 2, 0, 59, &mi))
			return false;
		if (clock_mark(s, &at, ':') &&
		    !clock_field(s, &at, 2, 0, 60, &sec))
			return false;
		if (clock_mark(s, &at, '.') && !clock_fraction(s, &at, &ms))
			return false;
		if (!clock_zone(s, &at, &ms))
			return false;
	}
	if (at != s.len)
		return false;
	*out = ((days_of(y, mo, d) * 24 + h) * 60 + mi) * 60000 + sec * 1000 +
	       ms;
	return true;
}
