/*
 * Numbers by their forms. A form is written down as it is read: '#' is a
 * digit, 'N' 2 to 9, 'P' 3 to 9, '-' a hyphen or dot, '=' these or a space,
 * '~' one of these or nothing; everything else is itself. Check digits: ISO/IEC
 * 7812-1 (Luhn), GB 11643 (China), the Korean resident number, ISO 13616
 * (IBAN, mod 97).
 */

#include "base/text/mask_shape.h"

#include <string.h>

enum { NUMBER_MOST = 44 };

static bool separates(int c, bool space)
{
	return c == '-' || c == '.' || (space && c == ' ');
}

/* Where the form that begins at `at` ends; 0: it is not there. */
static size_t form_end(const struct mask_view *v, size_t at, const char *form)
{
	for (; *form; form++) {
		int c = mask_at(v, at);
		bool digit = mask_digit(c);

		if (*form == '~') {
			at += separates(c, true);
			continue;
		}
		if (*form == '#'   ? !digit
		    : *form == 'N' ? !digit || c < '2'
		    : *form == 'P' ? !digit || c < '3'
		    : *form == '-' ? !separates(c, false)
		    : *form == '=' ? !separates(c, true)
		                   : c != *form)
			return 0;
		at++;
	}
	return at;
}

static bool ends_here(const struct mask_view *v, size_t at)
{
	int c = mask_at(v, at);

	if (c == '-' || c == '.' || c == '/' || c == '_' || c == ':')
		return !mask_alnum(mask_at(v, at + 1));
	return !mask_alnum(c);
}

static bool begins_here(const struct mask_view *v, size_t at)
{
	int c = mask_before(v, at);

	return !mask_alnum(c) && c != '-' && c != '.' && c != '/' && c != '_' &&
	       c != '\\' && c != '#' && c != '$' && c != '%';
}

/* The digits from `at` on; groups parted by one hyphen or space. */
struct run {
	char digits[NUMBER_MOST + 1];
	size_t count, end, groups;
	size_t group[NUMBER_MOST]; /* digits in each */
	bool dashes, spaces;
};

static void run_read(const struct mask_view *v, size_t at, struct run *r)
{
	size_t start = at;

	memset(r, 0, sizeof(*r));
	while (at - start < NUMBER_MOST) {
		int c = mask_at(v, at);

		if (mask_digit(c)) {
			r->digits[r->count++] = (char)c;
			r->group[r->groups]++;
			r->end = ++at;
		} else if ((c == '-' || c == ' ') &&
		           mask_digit(mask_at(v, at + 1)) &&
		           r->group[r->groups]) {
			r->dashes = r->dashes || c == '-';
			r->spaces = r->spaces || c == ' ';
			r->groups++;
			at++;
		} else {
			break;
		}
	}
	r->groups++;
}

static bool luhn(const char *digits, size_t count)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		unsigned d = (unsigned)(digits[count - 1 - i] - '0');

		if (i % 2)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

static unsigned number_of(const char *digits, size_t count)
{
	unsigned n = 0;

	while (count--)
		n = n * 10 + (unsigned)(*digits++ - '0');
	return n;
}

/* Lengths by issuer. */
static bool card_length(const char *d, size_t count)
{
	unsigned two = number_of(d, 2), four = number_of(d, 4);

	if (d[0] == '4')
		return count == 13 || count == 16 || count == 19;
	if (two == 34 || two == 37)
		return count == 15;
	if (two == 36 || two == 38 || two == 30)
		return count == 14;
	if (two == 62)
		return count >= 16 && count <= 19;
	return count == 16 &&
	       ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) ||
	        four == 6011 || two == 64 || two == 65 || two == 35);
}

static bool is_card(const struct run *r)
{
	size_t i;

	if (r->count < 13 || r->count > 19 || (r->dashes && r->spaces))
		return false;
	for (i = 0; r->groups > 1 && i + 1 < r->groups; i++)
		if (r->group[i] != 4 && !(i == 1 && r->group[i] == 6))
			return false;
	return card_length(r->digits, r->count) && luhn(r->digits, r->count);
}

static bool is_day(const char *month)
{
	unsigned m = number_of(month, 2), d = number_of(month + 2, 2);

	return m >= 1 && m <= 12 && d >= 1 && d <= 31;
}

/* GB 11643: 17 digits and a check that may be X. */
static bool is_chinese_id(const struct mask_view *v, struct run *r)
{
	static const unsigned weight[] = { 7, 9, 10, 5,  8, 4, 2, 1, 6,
		                           3, 7, 9,  10, 5, 8, 4, 2 };
	unsigned sum = 0, year, i;
	char check;

	if (r->groups != 1 || r->count < 17 || r->count > 18)
		return false;
	check = (char)mask_at(v, r->end);
	if (r->count == 18)
		check = r->digits[17];
	else if (check != 'x' && check != 'X')
		return false;
	for (i = 0; i < 17; i++)
		sum += (unsigned)(r->digits[i] - '0') * weight[i];
	year = number_of(r->digits + 6, 4);
	if (r->digits[0] == '0' || year < 1850 || year > 2099 ||
	    !is_day(r->digits + 10) ||
	    mask_small(check) != "10x98765432"[sum % 11])
		return false;
	r->end += r->count == 17;
	return true;
}

/* Since 2020 the last six digits are drawn, so with a hyphen the date and the
 * century have to do. */
static bool is_korean_id(const struct run *r)
{
	static const unsigned weight[] = { 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5 };
	unsigned sum = 0, i;

	if (r->count != 13 || !is_day(r->digits + 2) || r->digits[6] < '1' ||
	    r->digits[6] > '8')
		return false;
	if (r->groups == 2 && r->dashes && r->group[0] == 6)
		return true;
	for (i = 0; i < 12; i++)
		sum += (unsigned)(r->digits[i] - '0') * weight[i];
	return r->groups == 1 &&
	       (unsigned)(r->digits[12] - '0') == (11 - sum % 11) % 10;
}

static bool is_american_id(const struct run *r)
{
	unsigned area = number_of(r->digits, 3);

	return r->count == 9 && r->groups == 3 && r->dashes && !r->spaces &&
	       r->group[0] == 3 && r->group[1] == 2 && area && area != 666 &&
	       area < 900 && number_of(r->digits + 3, 2) &&
	       number_of(r->digits + 5, 4);
}

/* Forms that are telephone numbers wherever they stand. */
static const char *const phone_forms[] = {
	"(N##)~N##-####",     "N##-N##-####",   "1-N##-N##-####",
	"010=####=####",      "010########",    "01#=####=####",
	"01#-###-####",       "02-####-####",   "02-###-####",
	"0#-####-####",       "0##-####-####",  "0##-###-####",
	"0120-###-###",       "0###-##-####",   "400=###=####",
	"1P#=####=####",      "0##-########",   "0###-########",
	"0###-#######",       "0#=##=##=##=##", "1P#-########",
	"0086~1P#~####~####",
};

/* "+82 10-1234-5678": up to 15 digits (E.164). */
static size_t abroad_end(const struct mask_view *v, size_t at)
{
	size_t start = at++, end = 0, digits = 0;

	if (mask_at(v, at) < '1' || mask_at(v, at) > '9')
		return 0;
	while (at - start < 24) {
		int c = mask_at(v, at);
		int next = mask_at(v, at + 1);

		if (mask_digit(c)) {
			digits++;
			end = ++at;
		} else if ((c == ' ' || c == '-' || c == '.' || c == ')') &&
		           (mask_digit(next) || next == '(' ||
		            (c == ')' && next == ' '))) {
			at++;
		} else if (c == '(' && mask_digit(next)) {
			at++;
		} else {
			break;
		}
	}
	return digits >= 9 && digits <= 15 ? end : 0;
}

static bool is_han_at(const struct mask_view *v, size_t at)
{
	int c = mask_at(v, at);

	return c >= 0xE4 && c <= 0xED;
}

/* Eleven digits are a Chinese mobile number where Chinese stands about them:
 * elsewhere they are sizes and ids. */
static bool chinese_mobile(const struct mask_view *v, size_t at, size_t end)
{
	size_t i;

	if (is_han_at(v, end) || is_han_at(v, end + 1))
		return true;
	for (i = 1; i <= 9 && at >= v->floor + i; i++)
		if (is_han_at(v, at - i))
			return true;
	return false;
}

static size_t phone_end(const struct mask_view *v, size_t at,
                        const struct run *r)
{
	size_t i, end;

	if (mask_at(v, at) == '+')
		return abroad_end(v, at);
	for (i = 0; i < sizeof(phone_forms) / sizeof(*phone_forms); i++) {
		end = form_end(v, at, phone_forms[i]);
		if (end && ends_here(v, end))
			return end;
	}
	end = form_end(v, at, "1P#########");
	if (end && ends_here(v, end) && chinese_mobile(v, at, end))
		return end;
	if (mask_near(v->phone, at, 12) && r->count >= 7 && r->count <= 15)
		return r->end;
	return 0;
}

static bool before_is(const struct mask_view *v, size_t at, struct slice word)
{
	return at >= v->floor + word.len && mask_stands(v, at - word.len, word);
}

static bool is_account(const struct mask_view *v, size_t at,
                       const struct run *r)
{
	if (r->count != 12 ||
	    (r->groups != 1 &&
	     !(r->groups == 3 && r->group[0] == 4 && r->group[1] == 4)))
		return false;
	return mask_near(v->account, at, 16) ||
	       mask_stands(v, r->end, SLICE(".dkr.ecr.")) ||
	       before_is(v, at, SLICE("amazonaws.com/")) ||
	       before_is(v, at, SLICE("amazonaws.com.cn/"));
}

static bool found(struct mask_found *out, enum mask_class c, size_t from,
                  size_t to)
{
	*out = (struct mask_found){ c, from, to };
	return true;
}

static bool number_shape(struct mask_view *v, size_t at, unsigned classes,
                         struct run *r, struct mask_found *out)
{
	size_t end;

	if (classes & 1u << MASK_ACCOUNT && is_account(v, at, r) &&
	    !mask_alnum(mask_at(v, r->end)))
		return found(out, MASK_ACCOUNT, at, r->end);
	if (!begins_here(v, at))
		return false;
	if (classes & 1u << MASK_ID &&
	    ends_here(v, r->end + (r->count == 17)) &&
	    (is_chinese_id(v, r) || is_korean_id(r) || is_american_id(r)))
		return found(out, MASK_ID, at, r->end);
	if (classes & 1u << MASK_CARD && ends_here(v, r->end) && is_card(r))
		return found(out, MASK_CARD, at, r->end);
	if (!(classes & 1u << MASK_PHONE))
		return false;
	end = phone_end(v, at, r);
	return end && ends_here(v, end) && found(out, MASK_PHONE, at, end);
}

bool mask_number(struct mask_view *v, size_t at, unsigned classes,
                 struct mask_found *out)
{
	int c = mask_at(v, at);
	struct run r;

	if (mask_alnum(mask_before(v, at)) ||
	    (!mask_digit(c) && !mask_digit(mask_at(v, at + 1))))
		return false;
	run_read(v, at + !mask_digit(c), &r);
	if (mask_digit(c))
		return number_shape(v, at, classes, &r, out);
	if (!(classes & 1u << MASK_PHONE))
		return false;
	r.count = 0; /* "+" and "(": forms alone */
	r.end = phone_end(v, at, &r);
	return r.end && ends_here(v, r.end) &&
	       found(out, MASK_PHONE, at, r.end);
}

/* arn:aws:sqs:us-east-1:123456789012:queue */
static bool arn_account(const struct mask_view *v, size_t at,
                        struct mask_found *out)
{
	size_t fields = 0, i = at;

	for (; fields < 4 && i - at < 80; i++) {
		int c = mask_at(v, i);

		if (c == ':')
			fields++;
		else if (!mask_alnum(c) && c != '-')
			return false;
	}
	if (fields < 4 || form_end(v, i, "############") != i + 12 ||
	    mask_digit(mask_at(v, i + 12)))
		return false;
	return found(out, MASK_ACCOUNT, i, i + 12);
}

static bool is_iban(const char *text, size_t count)
{
	unsigned rest = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		char c = text[(i + 4) % count];

		rest = mask_digit(c) ? rest * 10 + (unsigned)(c - '0')
		                     : rest * 100 + (unsigned)(c - 'A' + 10);
		rest %= 97;
	}
	return rest == 1;
}

static bool iban(const struct mask_view *v, size_t at, struct mask_found *out)
{
	char text[34];
	size_t count = 0, i = at;

	if (!mask_upper(mask_at(v, at + 1)) ||
	    !mask_digit(mask_at(v, at + 2)) || !mask_digit(mask_at(v, at + 3)))
		return false;
	while (count < sizeof(text)) {
		int c = mask_at(v, i);

		if (c == ' ' && count % 4 == 0 && count &&
		    mask_digit(mask_at(v, i + 1)))
			c = mask_at(v, ++i);
		if (!mask_digit(c) && !mask_upper(c))
			break;
		text[count++] = (char)c;
		i++;
	}
	return count >= 15 && !mask_alnum(mask_at(v, i)) &&
	       is_iban(text, count) && found(out, MASK_ACCOUNT, at, i);
}

bool mask_account(const struct mask_view *v, size_t at, struct mask_found *out)
{
	if (mask_alnum(mask_before(v, at)))
		return false;
	if (mask_stands(v, at, SLICE("arn:")))
		return arn_account(v, at, out);
	return mask_upper(mask_at(v, at)) && iban(v, at, out);
}
