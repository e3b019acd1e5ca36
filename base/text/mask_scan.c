/*
 * Addresses: of mail, in URLs, of machines; and the words that tell what the
 * number behind them is.
 */

#include "base/text/mask_shape.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"

enum { LOCAL_MOST = 64, DOMAIN_MOST = 255, LOGIN_MOST = 256 };

static bool in_local(int c)
{
	return mask_alnum(c) || (c > 0 && c < 128 && strchr(".'+-_", c));
}

/* The code point before `at`, whose first byte goes to *from. */
static uint32_t point_before(const struct mask_view *v, size_t at, size_t *from)
{
	size_t i = at;

	while (i > v->floor && at - i < 4)
		if ((v->text.at[--i] & 0xC0) != 0x80)
			break;
	*from = i;
	return i < at ? utf8_next(slice_cut(v->text, 0, at), &i) : 0;
}

static bool speaks(enum unicode_class c, bool east)
{
	return c == UNICODE_LETTER || c == UNICODE_DIGIT || c == UNICODE_MARK ||
	       (east && (c == UNICODE_HAN || c == UNICODE_HANGUL));
}

/* Chinese and Korean stand before an address without a space: they belong to
 * it only where its last letter is one of theirs. */
static size_t local_start(const struct mask_view *v, size_t at)
{
	size_t start = at, from;
	uint32_t point = point_before(v, at, &from);
	bool east = point >= 0x80 && speaks(unicode_class(point), true) &&
	            !speaks(unicode_class(point), false);

	while (start > v->floor && at - start < LOCAL_MOST) {
		point = point_before(v, start, &from);
		if (point < 0x80 ? !in_local((int)point)
		                 : !speaks(unicode_class(point), east))
			break;
		start = from;
	}
	while (start < at && !mask_alnum(mask_at(v, start)) &&
	       mask_at(v, start) < 0x80 && mask_at(v, start) != '_' &&
	       mask_at(v, start) != '+')
		start++;
	return start;
}

struct domain {
	size_t end;        /* of the last good label */
	size_t last, dots; /* where that label begins */
};

static struct domain read_domain(const struct mask_view *v, size_t at)
{
	struct domain d = { .end = at, .last = at };
	size_t start = at, label = at;
	bool east = false;

	while (at - start < DOMAIN_MOST && at < v->text.len) {
		int c = mask_at(v, at);
		size_t next = at;
		enum unicode_class class;

		if (c == '.' && at > label) {
			label = ++at;
			east = false;
			continue;
		}
		if (c < 0x80) {
			if (!mask_alnum(c) && c != '-')
				break;
			next++;
		} else {
			class = unicode_class(utf8_next(v->text, &next));
			east = east || (at == label && !speaks(class, false));
			if (!speaks(class, east))
				break;
		}
		if (d.last != label) {
			d.last = label;
			d.dots++;
		}
		d.end = at = next;
	}
	while (d.end > d.last && mask_at(v, d.end - 1) == '-')
		d.end--;
	return d;
}

/* Names of files and units that look like top-level domains. */
static bool is_suffix(struct slice label)
{
	static const char *const files[] = {
		"png", "jpg",  "jpeg", "gif",    "svg",    "webp",  "service",
		"js",  "json", "css",  "socket", "target", "timer",
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (slice_eq(label, slice_of(files[i])))
			return true;
	return false;
}

bool mask_email(const struct mask_view *v, size_t at, struct mask_found *out)
{
	size_t start = local_start(v, at), sign = 1, i;
	struct domain d;
	struct slice top;

	if (mask_at(v, at) == '%') /* %40 */
		sign = 3;
	d = read_domain(v, at + sign);
	top = slice_cut(v->text, d.last, d.end);
	if (start == at || !d.dots || top.len < 2 || is_suffix(top))
		return false;
	for (i = 0; i < top.len; i++)
		if (mask_digit(top.at[i]))
			return false;
	if (slice_eq(slice_cut(v->text, start, at), SLICE("git")))
		return false;
	*out = (struct mask_found){ MASK_EMAIL, start, d.end };
	return true;
}

bool mask_login(const struct mask_view *v, size_t at, struct mask_found *out)
{
	size_t start = at + 3, i, last = 0, colon = 0;

	for (i = start; i - start < LOGIN_MOST; i++) {
		int c = mask_at(v, i);

		if (c <= ' ' || c >= 0x7F || strchr("/?\"'<>`", c))
			break;
		if (c == '@')
			last = i;
		else if (c == ':' && !colon)
			colon = i;
	}
	if (!last || (!colon && last - start < 16) || last == start ||
	    (colon && (colon > last || colon + 1 == last)))
		return false;
	*out = (struct mask_found){ MASK_SECRET, start, last };
	return true;
}

static bool parses(int family, struct slice s)
{
	unsigned char address[16];
	char text[48];

	if (s.len >= sizeof(text))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = 0;
	return inet_pton(family, text, address) == 1;
}

bool mask_address(const struct mask_view *v, size_t at, struct mask_found *out)
{
	size_t end = at, dots = 0, colons = 0, dashes = 0, i;
	struct slice s;
	bool is;

	if (mask_alnum(mask_before(v, at)) || mask_before(v, at) == '.' ||
	    mask_before(v, at) == ':')
		return false;
	while (end - at < 46 &&
	       (mask_hex(mask_at(v, end)) ||
	        (mask_at(v, end) > 0 && strchr(".:-", mask_at(v, end)))))
		end++;
	while (end > at + 2 && strchr(".:-", mask_at(v, end - 1)) &&
	       mask_at(v, end - 2) != ':')
		end--;
	for (i = at; i < end; i++) {
		dots += mask_at(v, i) == '.';
		colons += mask_at(v, i) == ':';
		dashes += mask_at(v, i) == '-';
	}
	if (mask_alnum(mask_at(v, end)))
		return false;
	s = slice_cut(v->text, at, end);
	if (dots == 3 && colons == 1) /* a port */
		s = slice_cut(s, 0, slice_find(s, ':'));
	is = (dots && parses(AF_INET, s)) ||
	     (colons > 1 && parses(AF_INET6, s)) ||
	     (s.len == 17 && (colons == 5 || dashes == 5) && !dots &&
	      s.at[2] == s.at[5] && s.at[2] == s.at[14] && !mask_hex(s.at[2]));
	*out = (struct mask_found){ MASK_ADDRESS, at, at + s.len };
	return is;
}

static const struct {
	const char *word;
	bool phone;
} hints[] = {
	{ "tel", true },
	{ "telephone", true },
	{ "telefon", true },
	{ "téléphone", true },
	{ "phone", true },
	{ "fax", true },
	{ "mobile", true },
	{ "mobil", true },
	{ "cell", true },
	{ "handy", true },
	{ "whatsapp", true },
	{ "hotline", true },
	{ "account", false },
	{ "accountid", false },
	{ "account_id", false },
	{ "account-id", false },
	{ "aws_account_id", false },
	{ "ownerid", false },
	{ "owner-id", false },
	{ "owner", false },
	{ "电话", true },
	{ "手机", true },
	{ "手机号", true },
	{ "座机", true },
	{ "热线", true },
	{ "電話", true },
	{ "手機", true },
	{ "携帯", true },
	{ "전화", true },
	{ "휴대폰", true },
	{ "핸드폰", true },
	{ "연락처", true },
	{ "账号", false },
	{ "账户", false },
	{ "帐号", false },
	{ "帐户", false },
	{ "帳號", false },
	{ "帳戶", false },
	{ "계정", false },
	{ "アカウント", false },
};

void mask_hint(struct mask_view *v, size_t at)
{
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(*hints); i++) {
		struct slice word = slice_of(hints[i].word);

		if (mask_small(mask_at(v, at)) != (unsigned char)word.at[0] ||
		    !mask_stands(v, at, word) ||
		    (mask_letter(word.at[0]) &&
		     mask_letter(mask_at(v, at + word.len))))
			continue;
		if (hints[i].phone)
			v->phone = at + word.len;
		else
			v->account = at + word.len;
	}
}
