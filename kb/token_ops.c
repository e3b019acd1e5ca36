/*
 * The `ops` tokenizer: a scanner by hand over bytes. Most of any text are
 * words of letters, which leave by a short path; a run that holds anything
 * else (digits, dots, slashes, capitals inside) is a "chunk", which is given a
 * shape and comes out whole, as a verbatim token, with its parts beside it.
 *
 *	plain word	letters; 's is dropped		deployment
 *	camel case	whole, and its humps		OOMKilled: oom killed
 *	name		letters and digits, . - _	kube-proxy node.js my_var
 *	version		without its v and suffix too	v1.25.4-rc1: 1.25.4 1.25
 *	path, URL	its components, their words	/etc/nginx/nginx.conf
 *	option		its name, its words		--dry-run: dry-run dry run
 *	address		IP, CIDR, MAC, mail, host:port	10.0.0.0/8: 10.0.0.0
 *
 * What joins words without making a name (and/or, key:value) is taken apart.
 * Han, Kana and Hangul leave in runs of their own script, for the `cjk` filter.
 */

#include "kb/analyzer.h"

#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/token_name.h"
#include "kb/token_shape.h"

enum {
	SCHEME_MAX = 32,        /* of a URL */
	CHUNK_MAX = 1024,       /* over this, a chunk is only taken apart */
	CJK_RUN_MAX = 48 << 10, /* bytes; a longer run is cut in two */
};

enum kind { OTHER, LETTER, DIGIT, UNDER, JOIN, HIGH };

static const unsigned char ops_kinds[256] = {
	['0' ... '9'] = DIGIT,  ['A' ... 'Z'] = LETTER, ['a' ... 'z'] = LETTER,
	['_'] = UNDER,          ['.'] = JOIN,           ['-'] = JOIN,
	['/'] = JOIN,           [':'] = JOIN,           ['@'] = JOIN,
	['\\'] = JOIN,          ['+'] = JOIN,           ['~'] = JOIN,
	[0x80 ... 0xff] = HIGH,
};

struct ops {
	struct slice text;
	token_fn *next;
	void *to;
	uint32_t position;
};

static enum kind ops_kind(const struct ops *o, size_t at)
{
	return at < o->text.len
	               ? (enum kind)ops_kinds[(unsigned char)o->text.at[at]]
	               : OTHER;
}

static char ops_at(const struct ops *o, size_t at)
{
	return at < o->text.len ? o->text.at[at] : '\0';
}

static bool ops_is_word(const struct ops *o, size_t at)
{
	enum kind kind = ops_kind(o, at);

	return kind == LETTER || kind == DIGIT || kind == HIGH;
}

static bool ops_give(struct ops *o, struct slice s, size_t from, size_t to,
                     unsigned flags)
{
	struct token t = { .text = s, .flags = flags };

	t.from = (uint32_t)from;
	t.to = (uint32_t)to;
	if (flags & TOKEN_BESIDE && o->position)
		t.position = o->position - 1;
	else
		t.position = o->position++;
	return o->next(o->to, &t);
}

static bool ops_emit(struct ops *o, size_t from, size_t to, unsigned flags)
{
	struct slice s = slice_cut(o->text, from, to);

	return ops_give(o, utf8_head(s, TOKEN_MAX), from, to, flags);
}

/* Whether a hump begins at `at`: fooBar, HTTPServer, utf8, 8bit; not the s of
 * getURLs. */
static bool ops_hump(const char *s, size_t from, size_t at, size_t to)
{
	bool upper = s[at] >= 'A' && s[at] <= 'Z';
	bool before = s[at - 1] >= 'A' && s[at - 1] <= 'Z';

	if (at == from)
		return false;
	if (shape_digit(s[at]) != shape_digit(s[at - 1]))
		return true;
	if (!upper)
		return false;
	return !before ||
	       (at + 1 < to && s[at + 1] >= 'a' && s[at + 1] <= 'z' &&
	        !(at + 2 == to && s[at + 1] == 's'));
}

/* The humps of one word: letters from two (three next to a digit), digits
 * from three on. */
static bool ops_humps(struct ops *o, size_t from, size_t to)
{
	const char *s = o->text.at;
	size_t at, begin = from;

	for (at = from + 1; at <= to; at++) {
		bool digits, mixed;

		if (at < to && !ops_hump(s, from, at, to))
			continue;
		digits = shape_digit(s[begin]);
		mixed = (begin > from && shape_digit(s[begin - 1])) ||
		        (at < to && shape_digit(s[at]));
		if (at - begin >= (digits || mixed ? 3u : 2u) &&
		    !ops_emit(o, begin, at, TOKEN_BESIDE))
			return false;
		begin = at;
	}
	return true;
}

struct ops_word {
	bool digit, high, camel;
	size_t letters;
};

/* What a run of letters and digits is made of. "VMs" is no camel. */
static struct ops_word ops_look(const char *s, size_t len)
{
	struct ops_word w = { 0 };
	size_t i, upper = 0, lower = 0;
	bool first = len && s[0] >= 'A' && s[0] <= 'Z';

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 'a' && c <= 'z')
			lower++;
		else if (c >= 'A' && c <= 'Z')
			upper++;
		else if (shape_digit((char)c))
			w.digit = true;
		else
			w.high = true;
	}
	w.letters = upper + lower;
	w.camel = upper > first && lower && !w.high &&
	          !(lower == 1 && s[len - 1] == 's');
	return w;
}

/* A run of letters and digits. */
static bool ops_word(struct ops *o, size_t from, size_t to, unsigned flags)
{
	struct slice s = slice_cut(o->text, from, to);
	struct ops_word w = ops_look(s.at, s.len);

	if (w.high || (!w.camel && !(w.digit && w.letters)))
		return ops_emit(o, from, to, flags);
	if (!w.digit)
		return ops_emit(o, from, to, flags) &&
		       (name_is_one_word(s) || ops_humps(o, from, to));
	return ops_emit(o, from, to, flags | TOKEN_VERBATIM) &&
	       (w.letters < 3 || shape_hex(s) || ops_humps(o, from, to));
}

/* The words of a chunk: what stands between anything but letters and digits.
 * Single letters say nothing there. */
static bool ops_words(struct ops *o, size_t from, size_t to, unsigned flags)
{
	size_t at = from, begin;

	while (at < to) {
		for (begin = at; at < to && ops_is_word(o, at);)
			at++;
		if (at - begin > ((flags & TOKEN_BESIDE) &&
		                  ops_kind(o, begin) == LETTER) &&
		    !ops_word(o, begin, at, flags))
			return false;
		if (at < to)
			at++;
	}
	return true;
}

static bool ops_verbatim(struct ops *o, size_t from, size_t to)
{
	return ops_emit(o, from, to, TOKEN_VERBATIM);
}

/* The whole and its words. */
static bool ops_name(struct ops *o, size_t from, size_t to)
{
	return ops_verbatim(o, from, to) &&
	       ops_words(o, from, to, TOKEN_BESIDE);
}

static bool ops_is_plain(const struct ops *o, size_t from, size_t to)
{
	while (from < to && ops_is_word(o, from))
		from++;
	return from == to;
}

/* Without signs in front, but for one that is `keep`. */
static size_t ops_trim_front(const struct ops *o, size_t from, size_t to,
                             char keep)
{
	while (from < to && ops_kind(o, from) >= UNDER &&
	       ops_kind(o, from) != HIGH && o->text.at[from] != keep)
		from++;
	return from;
}

static size_t ops_trim_back(const struct ops *o, size_t from, size_t to)
{
	while (to > from && ops_kind(o, to - 1) >= UNDER &&
	       ops_kind(o, to - 1) != HIGH)
		to--;
	return to;
}

/* What stands between the slashes and colons of a path: itself, unless it is a
 * mere word, and its words, unless they would be mere numbers. */
static bool ops_component(struct ops *o, size_t from, size_t to)
{
	struct slice s;

	from = ops_trim_front(o, from, to, '.');
	s = slice_cut(o->text, from, to);
	if (s.len > 1 && !ops_is_plain(o, from, to) &&
	    !slice_starts(s, SLICE("..")) &&
	    !ops_emit(o, from, to, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return shape_ipv4(s) || shape_version(s) || shape_uuid(s) ||
	       ops_words(o, from, to, TOKEN_BESIDE);
}

/* The whole, and its components. */
static bool ops_path(struct ops *o, size_t from, size_t to)
{
	size_t at = from, begin;

	if (!ops_verbatim(o, from, to))
		return false;
	for (begin = from; at <= to; at++) {
		if (at < to && !strchr("/\\:@?&=#;,", o->text.at[at]))
			continue;
		if (!ops_component(o, begin, at))
			return false;
		begin = at + 1;
	}
	return true;
}

/* 1.25.4 and 1.25 beside v1.25.4-rc1. */
static bool ops_version(struct ops *o, size_t from, size_t to)
{
	size_t begin = from + !shape_digit(o->text.at[from]);
	size_t at, dots = 0, second = to;

	if (!ops_verbatim(o, from, to))
		return false;
	for (at = begin; at < to; at++) {
		if (o->text.at[at] == '.' && ++dots == 2)
			second = at;
		else if (!shape_digit(o->text.at[at]) && o->text.at[at] != '.')
			break;
	}
	if (o->text.at[at - 1] == '.')
		at--;
	if (at - begin < to - from &&
	    !ops_emit(o, begin, at, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return second >= at ||
	       ops_emit(o, begin, second, TOKEN_VERBATIM | TOKEN_BESIDE);
}

/* U.S.A. as usa */
static bool ops_initials(struct ops *o, size_t from, size_t to)
{
	char word[TOKEN_MAX];
	size_t len = 0, at;

	for (at = from; at < to && len < sizeof(word); at += 2)
		word[len++] = o->text.at[at];
	return ops_give(o, (struct slice){ word, len }, from, to, 0);
}

/* Letters, digits, dots, hyphens, underscores. */
static bool ops_dotted(struct ops *o, size_t from, size_t to)
{
	struct slice s = slice_cut(o->text, from, to);

	if (shape_ipv4(s) || shape_uuid(s) || shape_mac(s))
		return ops_verbatim(o, from, to);
	if (shape_version(s))
		return ops_version(o, from, to);
	if (shape_initials(s))
		return ops_initials(o, from, to);
	return ops_name(o, from, to);
}

/* Whether a name of several words stands here, or words that only touch. */
static bool ops_is_path(struct slice s)
{
	size_t i, slashes = 0, other = 0;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '/' || s.at[i] == '\\')
			slashes++;
		else
			other += !shape_letter(s.at[i]);
	}
	return slashes > 1 || other || s.at[0] == '/';
}

/* i/o, tcp/ip, ci/cd; and/or is for the stop words. */
static bool ops_is_pair(struct slice s)
{
	size_t slash = slice_find(s, '/');

	return slash <= 3 && s.len - slash <= 4;
}

static bool ops_is_network(struct slice s)
{
	size_t slash = slice_find(s, '/');
	struct slice host = slice_cut(s, 0, slash);

	return slash < s.len && (shape_ipv4(host) || shape_ipv6(host)) &&
	       shape_digits(slice_cut(s, slash + 1, s.len));
}

static bool ops_slashed(struct ops *o, size_t from, size_t to)
{
	struct slice s = slice_cut(o->text, from, to);

	if (ops_is_network(s))
		return ops_verbatim(o, from, to) &&
		       ops_emit(o, from, from + slice_find(s, '/'),
		                TOKEN_VERBATIM | TOKEN_BESIDE);
	if (ops_is_path(s))
		return ops_path(o, from, to);
	if (ops_is_pair(s))
		return ops_emit(o, from, to, 0) &&
		       ops_words(o, from, to, TOKEN_BESIDE);
	return ops_words(o, from, to, 0);
}

static size_t ops_count(struct slice s, char c)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += s.at[i] == c;
	return n;
}

/* Whether a colon makes one name: host:80, std::vector, arn:aws:s3:::b. */
static bool ops_is_colon_name(struct slice s)
{
	size_t colon = slice_find(s, ':');

	return ops_count(s, ':') > 1 || shape_digit(s.at[colon + 1]);
}

static bool ops_compound(struct ops *o, size_t from, size_t to);

/* Takes a chunk apart at `marks`, each piece with its own position. */
static bool ops_split(struct ops *o, size_t from, size_t to, const char *marks)
{
	size_t at, begin = from;

	for (at = from; at <= to; at++) {
		if (at < to && !strchr(marks, o->text.at[at]))
			continue;
		if (at > begin && !ops_compound(o, begin, at))
			return false;
		begin = at + 1;
	}
	return true;
}

/* user@host.tld; also behind mailto: and before a colon and a path. */
static bool ops_at_sign(struct ops *o, size_t from, size_t to)
{
	struct slice s = slice_cut(o->text, from, to);
	size_t colon = slice_find(s, ':');

	if (shape_mail(s))
		return ops_path(o, from, to);
	if (shape_mail(slice_cut(s, 0, colon)) ||
	    shape_mail(slice_cut(s, colon + 1, s.len)))
		return ops_split(o, from, to, ":");
	return ops_split(o, from, to, "@");
}

/* 2020-12-25T10:00:00Z and, beside it, its day. */
static bool ops_date(struct ops *o, size_t from, size_t to)
{
	return ops_verbatim(o, from, to) &&
	       (to - from == 10 ||
	        ops_emit(o, from, from + 10, TOKEN_VERBATIM | TOKEN_BESIDE));
}

/* A chunk that does not begin with a sign of its own (path, option). */
static bool ops_compound(struct ops *o, size_t from, size_t to)
{
	struct slice s;

	from = ops_trim_front(o, from, to, '\0');
	to = ops_trim_back(o, from, to);
	s = slice_cut(o->text, from, to);
	if (!s.len)
		return true;
	if (slice_find(s, '@') < s.len)
		return ops_at_sign(o, from, to);
	if (shape_date(s))
		return ops_date(o, from, to);
	if (shape_time(s) || shape_mac(s) || shape_ipv6(s))
		return ops_verbatim(o, from, to);
	if (slice_find(s, '/') < s.len || slice_find(s, '\\') < s.len)
		return ops_slashed(o, from, to);
	if (slice_find(s, ':') < s.len)
		return ops_is_colon_name(s) ? ops_path(o, from, to)
		                            : ops_split(o, from, to, ":");
	if ((slice_find(s, '+') < s.len || slice_find(s, '~') < s.len) &&
	    !shape_version(s))
		return ops_split(o, from, to, "+~");
	if (ops_is_plain(o, from, to))
		return ops_word(o, from, to, 0);
	return ops_dotted(o, from, to);
}

/* --name, -name: the whole, the name, its words. */
static bool ops_option(struct ops *o, size_t from, size_t to)
{
	size_t name = from + (ops_at(o, from + 1) == '-' ? 2 : 1);

	if (!ops_verbatim(o, from, to))
		return false;
	if (!ops_is_plain(o, name, to) &&
	    !ops_emit(o, name, to, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return ops_words(o, name, to, TOKEN_BESIDE);
}

/* The whole, its host, and the words of both. */
static bool ops_url(struct ops *o, size_t from, size_t to)
{
	size_t host = from, end;

	while (o->text.at[host] != ':')
		host++;
	host += 3;
	for (end = host; end < to && !strchr("/?#:", o->text.at[end]);)
		end++;
	if (!ops_verbatim(o, from, to))
		return false;
	if (end > host &&
	    !ops_emit(o, host, end, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return ops_words(o, host, to, TOKEN_BESIDE);
}

/* Whether the byte may stand in a URL; brackets and quotes end it. */
static bool ops_in_url(char c)
{
	return c > ' ' && c < 0x7f && !strchr("<>\"'()[]{}|\\^`,;", c);
}

static size_t ops_url_end(const struct ops *o, size_t at)
{
	while (at < o->text.len && ops_in_url(o->text.at[at]))
		at++;
	while (strchr(".:!?*_-", o->text.at[at - 1]))
		at--;
	return at;
}

/* Whether `at`, a byte over 0x7f, goes on with a word; *end is behind it. */
static bool ops_high_word(const struct ops *o, size_t at, size_t *end)
{
	uint32_t point;
	enum unicode_class class;

	*end = at;
	point = utf8_next(o->text, end);
	if (point == UTF8_BAD)
		return false;
	if (point == 0xad || point == 0x200c || point == 0x200d)
		return true; /* soft hyphen and joiners; folding drops them */
	class = unicode_class(point);
	return class == UNICODE_LETTER || class == UNICODE_DIGIT ||
	       class == UNICODE_MARK;
}

/* End of the chunk that begins at `at`; *url says that it is one. */
static size_t ops_chunk_end(const struct ops *o, size_t at, bool *url)
{
	size_t begin = at, end;
	enum kind kind;

	while ((kind = ops_kind(o, at)) != OTHER) {
		if (kind == HIGH) {
			if (!ops_high_word(o, at, &end))
				break;
			at = end;
			continue;
		}
		if (o->text.at[at] == ':' && ops_at(o, at + 1) == '/' &&
		    ops_at(o, at + 2) == '/' && ops_is_word(o, at + 3) &&
		    at - begin <= SCHEME_MAX && ops_is_plain(o, begin, at)) {
			*url = true;
			return ops_url_end(o, at);
		}
		at++;
	}
	return at;
}

/* c++, g++, c#: the end of such a name that begins at `from`, or `from`. */
static size_t ops_plus_end(const struct ops *o, size_t from)
{
	size_t at = from;
	enum kind kind;

	while (ops_kind(o, at) == LETTER)
		at++;
	if (at == from)
		return from;
	if (ops_at(o, at) == '+' && ops_at(o, at + 1) == '+')
		at += 2;
	else if (ops_at(o, at) == '#' && at == from + 1)
		at++;
	else
		return from;
	kind = ops_kind(o, at);
	return kind == LETTER || kind == UNDER || kind == HIGH ? from : at;
}

/* Whether a sign at `at`, after something else, begins a chunk of its own. */
static bool ops_leads(const struct ops *o, size_t at)
{
	char next = ops_at(o, at + 1), third = ops_at(o, at + 2);
	char before = at ? o->text.at[at - 1] : ' ';

	switch (o->text.at[at]) {
	case '/':
		return before != '<' && before != '/' &&
		       (shape_alnum(next) || next == '_' || next == '.');
	case '~':
		return next == '/' && (shape_alnum(third) || third == '.');
	case '.':
		return before != '.' &&
		       (shape_letter(next) || (next == '/' && third > ' ') ||
		        (next == '.' && third == '/'));
	case '-':
		return shape_letter(next) ||
		       (next == '-' && shape_letter(third));
	case '\\':
		return next == '\\' && shape_alnum(third);
	case ':':
		return next == ':' && shape_alnum(third);
	default:
		return false;
	}
}

/* A chunk that begins with a sign. */
static bool ops_signed(struct ops *o, size_t from, size_t to)
{
	struct slice s;

	to = ops_trim_back(o, from, to);
	s = slice_cut(o->text, from, to);
	if (s.len < 2)
		return true;
	if (s.at[0] == '-')
		return ops_option(o, from, to);
	if (s.at[0] == ':')
		return shape_ipv6(s) ? ops_verbatim(o, from, to)
		                     : ops_compound(o, from, to);
	return ops_path(o, from, to);
}

static bool ops_chunk(struct ops *o, size_t from, size_t *end)
{
	size_t to = ops_plus_end(o, from);
	bool url = false;

	if (to > from) {
		*end = to;
		return ops_verbatim(o, from, to);
	}
	*end = to = ops_chunk_end(o, from, &url);
	if (url)
		return ops_url(o, from, to);
	if (to - from > CHUNK_MAX)
		return ops_words(o, from, to, 0);
	if (ops_kind(o, from) == JOIN)
		return ops_signed(o, from, to);
	return ops_compound(o, from, to);
}

/* Length of an apostrophe at `at` with a letter behind it, or 0. */
static size_t ops_apostrophe(const struct ops *o, size_t at)
{
	size_t len = 0;

	if (ops_at(o, at) == '\'')
		len = 1;
	else if (slice_starts(slice_cut(o->text, at, o->text.len),
	                      SLICE("\xe2\x80\x99")))
		len = 3;
	return len && ops_kind(o, at + len) == LETTER ? len : 0;
}

/* don't, with any apostrophe; of host's only the host. */
static bool ops_contracted(struct ops *o, size_t from, size_t mark, size_t len,
                           size_t *end)
{
	char word[TOKEN_MAX];
	size_t to = mark + len, n = mark - from, tail;

	if (!shape_letters(slice_cut(o->text, from, mark))) {
		*end = mark;
		return ops_word(o, from, mark, 0);
	}
	while (ops_kind(o, to) == LETTER)
		to++;
	*end = to;
	tail = to - mark - len;
	if ((tail == 1 && (ops_at(o, to - 1) | 32) == 's') ||
	    n + 1 + tail > sizeof(word))
		return ops_word(o, from, mark, 0);
	memcpy(word, o->text.at + from, n);
	word[n] = '\'';
	memcpy(word + n + 1, o->text.at + mark + len, tail);
	return ops_give(o, (struct slice){ word, n + 1 + tail }, from, to, 0);
}

/* From a letter or digit on. */
static bool ops_ascii(struct ops *o, size_t from, size_t *end)
{
	size_t at = from, len;
	bool mixed = ops_kind(o, from) == DIGIT;
	enum kind kind = LETTER;

	while (kind == LETTER || kind == DIGIT) {
		kind = ops_kind(o, ++at);
		/* Capitals and digits come before 'a'. */
		mixed |= (kind == LETTER || kind == DIGIT) &&
		         o->text.at[at] < 'a';
	}
	len = ops_apostrophe(o, at);
	if (len)
		return ops_contracted(o, from, at, len, end);
	if (kind != OTHER || (ops_at(o, at) == '#' && at == from + 1))
		return ops_chunk(o, from, end);
	*end = at;
	return mixed ? ops_word(o, from, at, 0) : ops_emit(o, from, at, 0);
}

/* Whether a point goes on with a run of `class`. The half-width sound marks,
 * letters of no script, become combining marks by folding. */
static bool ops_in_run(uint32_t point, enum unicode_class class)
{
	enum unicode_class here;

	if (point == 0xff9e || point == 0xff9f)
		return class == UNICODE_HAN;
	here = point == UTF8_BAD ? UNICODE_OTHER : unicode_class(point);
	return here == class || here == UNICODE_MARK;
}

/* A run of one script without blanks between words. */
static bool ops_run(struct ops *o, size_t from, enum unicode_class class,
                    size_t *end)
{
	size_t at = from;

	*end = from;
	while (at < o->text.len && at - from < CJK_RUN_MAX &&
	       ops_in_run(utf8_next(o->text, &at), class))
		*end = at;
	return ops_give(o, slice_cut(o->text, from, *end), from, *end, 0);
}

static bool ops_high(struct ops *o, size_t from, size_t *end)
{
	uint32_t point;
	enum unicode_class class;

	*end = from;
	point = utf8_next(o->text, end);
	if (point == UTF8_BAD)
		return true;
	class = unicode_class(point);
	if (class == UNICODE_HAN || class == UNICODE_HANGUL)
		return ops_run(o, from, class, end);
	if (class == UNICODE_LETTER || class == UNICODE_DIGIT)
		return ops_chunk(o, from, end);
	return true;
}

static bool ops_open(void *self, struct slice argument, struct fault *f)
{
	(void)self;
	if (argument.len)
		return fault(f, FAULT_USAGE, "analyzer-argument",
		             "'ops' takes no argument");
	return true;
}

static bool ops_start(void *self, struct slice text, token_fn *next, void *to)
{
	struct ops o = { .text = text, .next = next, .to = to };
	size_t at = 0;
	bool more = true;

	(void)self;
	while (more && at < text.len) {
		switch (ops_kind(&o, at)) {
		case LETTER:
		case DIGIT:
			more = ops_ascii(&o, at, &at);
			break;
		case HIGH:
			more = ops_high(&o, at, &at);
			break;
		case JOIN:
			if (ops_leads(&o, at))
				more = ops_chunk(&o, at, &at);
			else
				at++;
			break;
		default:
			at++;
		}
	}
	return more;
}

const struct token_step token_ops = {
	.name = "ops",
	.summary = "tokenizer: words, and what engineers paste, in one piece",
	.open = ops_open,
	.start = ops_start,
};
