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
#include "kb/token_chunk.h"
#include "kb/token_scan.h"
#include "kb/token_shape.h"

enum {
	SCHEME_MAX = 32,        /* of a URL */
	CHUNK_MAX = 1024,       /* over this, a chunk is only taken apart */
	CJK_RUN_MAX = 48 << 10, /* bytes; a longer run is cut in two */
};

/* Whether the byte may stand in a URL; brackets and quotes end it. */
static bool ops_in_url(char c)
{
	return c > ' ' && c < 0x7f && !strchr("<>\"'()[]{}|\\^`,;", c);
}

static size_t ops_url_end(const struct scan *scan, size_t at)
{
	while (at < scan->text.len && ops_in_url(scan->text.at[at]))
		at++;
	while (strchr(".:!?*_-", scan->text.at[at - 1]))
		at--;
	return at;
}

/* Whether `at`, a byte over 0x7f, goes on with a word; *end is behind it. */
static bool ops_high_word(const struct scan *scan, size_t at, size_t *end)
{
	uint32_t point;
	enum unicode_class class;

	*end = at;
	point = utf8_next(scan->text, end);
	if (point == UTF8_BAD)
		return false;
	if (point == 0xad || point == 0x200c || point == 0x200d)
		return true; /* soft hyphen and joiners; folding drops them */
	class = unicode_class(point);
	return class == UNICODE_LETTER || class == UNICODE_DIGIT ||
	       class == UNICODE_MARK;
}

/* End of the chunk that begins at `at`; *url says that it is one. */
static size_t ops_chunk_end(const struct scan *scan, size_t at, bool *url)
{
	size_t begin = at, end;
	enum kind kind;

	while ((kind = scan_kind(scan, at)) != OTHER) {
		if (kind == HIGH) {
			if (!ops_high_word(scan, at, &end))
				break;
			at = end;
			continue;
		}
		if (scan->text.at[at] == ':' && scan_at(scan, at + 1) == '/' &&
		    scan_at(scan, at + 2) == '/' &&
		    scan_is_word(scan, at + 3) && at - begin <= SCHEME_MAX &&
		    scan_is_plain(scan, begin, at)) {
			*url = true;
			return ops_url_end(scan, at);
		}
		at++;
	}
	return at;
}

/* c++, g++, c#: the end of such a name that begins at `from`, or `from`. */
static size_t ops_plus_end(const struct scan *scan, size_t from)
{
	size_t at = from;
	enum kind kind;

	while (scan_kind(scan, at) == LETTER)
		at++;
	if (at == from)
		return from;
	if (scan_at(scan, at) == '+' && scan_at(scan, at + 1) == '+')
		at += 2;
	else if (scan_at(scan, at) == '#' && at == from + 1)
		at++;
	else
		return from;
	kind = scan_kind(scan, at);
	return kind == LETTER || kind == UNDER || kind == HIGH ? from : at;
}

/* Whether a sign at `at`, after something else, begins a chunk of its own. */
static bool ops_leads(const struct scan *scan, size_t at)
{
	char next = scan_at(scan, at + 1), third = scan_at(scan, at + 2);
	char before = at ? scan->text.at[at - 1] : ' ';

	switch (scan->text.at[at]) {
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

static bool ops_chunk(struct scan *scan, size_t from, size_t *end)
{
	size_t to = ops_plus_end(scan, from);
	bool url = false;

	if (to > from) {
		*end = to;
		return scan_emit(scan, from, to, TOKEN_VERBATIM);
	}
	*end = to = ops_chunk_end(scan, from, &url);
	if (url)
		return chunk_url(scan, from, to);
	if (to - from > CHUNK_MAX)
		return scan_words(scan, from, to, 0);
	if (scan_kind(scan, from) == JOIN)
		return chunk_signed(scan, from, to);
	return chunk_compound(scan, from, to);
}

/* Length of an apostrophe at `at` with a letter behind it, or 0. */
static size_t ops_apostrophe(const struct scan *scan, size_t at)
{
	size_t len = 0;

	if (scan_at(scan, at) == '\'')
		len = 1;
	else if (slice_starts(slice_cut(scan->text, at, scan->text.len),
	                      SLICE("\xe2\x80\x99")))
		len = 3;
	return len && scan_kind(scan, at + len) == LETTER ? len : 0;
}

/* don't, with any apostrophe; of host's only the host. */
static bool ops_contracted(struct scan *scan, size_t from, size_t mark,
                           size_t len, size_t *end)
{
	char word[TOKEN_MAX];
	size_t to = mark + len, n = mark - from, tail;

	if (!shape_letters(slice_cut(scan->text, from, mark))) {
		*end = mark;
		return scan_word(scan, from, mark, 0);
	}
	while (scan_kind(scan, to) == LETTER)
		to++;
	*end = to;
	tail = to - mark - len;
	if ((tail == 1 && (scan_at(scan, to - 1) | 32) == 's') ||
	    n + 1 + tail > sizeof(word))
		return scan_word(scan, from, mark, 0);
	memcpy(word, scan->text.at + from, n);
	word[n] = '\'';
	memcpy(word + n + 1, scan->text.at + mark + len, tail);
	return scan_give(scan, (struct slice){ word, n + 1 + tail }, from, to,
	                 0);
}

/* From a letter or digit on. */
static bool ops_ascii(struct scan *scan, size_t from, size_t *end)
{
	size_t at = from, len;
	bool mixed = scan_kind(scan, from) == DIGIT;
	enum kind kind = LETTER;

	while (kind == LETTER || kind == DIGIT) {
		kind = scan_kind(scan, ++at);
		/* Capitals and digits come before 'a'. */
		mixed |= (kind == LETTER || kind == DIGIT) &&
		         scan->text.at[at] < 'a';
	}
	len = ops_apostrophe(scan, at);
	if (len)
		return ops_contracted(scan, from, at, len, end);
	if (kind != OTHER || (scan_at(scan, at) == '#' && at == from + 1))
		return ops_chunk(scan, from, end);
	*end = at;
	return mixed ? scan_word(scan, from, at, 0)
	             : scan_emit(scan, from, at, 0);
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
static bool ops_run(struct scan *scan, size_t from, enum unicode_class class,
                    size_t *end)
{
	size_t at = from;

	*end = from;
	while (at < scan->text.len && at - from < CJK_RUN_MAX &&
	       ops_in_run(utf8_next(scan->text, &at), class))
		*end = at;
	return scan_give(scan, slice_cut(scan->text, from, *end), from, *end,
	                 0);
}

static bool ops_high(struct scan *scan, size_t from, size_t *end)
{
	uint32_t point;
	enum unicode_class class;

	*end = from;
	point = utf8_next(scan->text, end);
	if (point == UTF8_BAD)
		return true;
	class = unicode_class(point);
	if (class == UNICODE_HAN || class == UNICODE_HANGUL)
		return ops_run(scan, from, class, end);
	if (class == UNICODE_LETTER || class == UNICODE_DIGIT)
		return ops_chunk(scan, from, end);
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

/*
 * Blanks, brackets, double quotes and the like end whatever they touch, a URL
 * too, and no rule looks past them; but </ is no path, so that < goes with
 * what follows.
 */
typedef unsigned char ops_bytes __attribute__((vector_size(16)));

/* A bit for each of 16 bytes, all of whose bits are set or none. */
static uint64_t ops_bits(ops_bytes is)
{
	uint64_t half[2];

	memcpy(half, &is, sizeof(is));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	half[0] = __builtin_bswap64(half[0]);
	half[1] = __builtin_bswap64(half[1]);
#endif
	/* The highest bits of eight bytes move side by side. */
	half[0] = (half[0] & 0x8080808080808080u) * 0x0002040810204081u >> 56;
	half[1] = (half[1] & 0x8080808080808080u) * 0x0002040810204081u >> 56;
	return half[0] | half[1] << 8;
}

/* Those that differ in one bit are asked together. */
static ops_bytes ops_blanks(ops_bytes b)
{
	ops_bytes brace = b | ' ', round = b & 0xfe;

	return (ops_bytes)((b <= ' ') | (b == 0x7f) | (b == '"') | (b == '`') |
	                   (b == ',') | (b == ';') | (b == '>') | (b == '|') |
	                   (b == '^') | (brace == '{') | (brace == '}') |
	                   (round == '('));
}

static void ops_breaks(const char at[TOKEN_BREAKS], uint64_t *ends,
                       uint64_t *blanks)
{
	ops_bytes b;
	int i;

	*ends = *blanks = 0;
	for (i = 0; i < TOKEN_BREAKS; i += 16) {
		memcpy(&b, at + i, sizeof(b));
		*blanks |= ops_bits(ops_blanks(b)) << i;
		*ends |= ops_bits((ops_bytes)(b == '<')) << i;
	}
	*ends |= *blanks;
}

static bool ops_start(void *self, struct slice text, uint32_t *position,
                      token_fn *next, void *to)
{
	struct scan scan = {
		.text = text, .next = next, .to = to, .position = *position
	};
	size_t at = 0;
	bool more = true;

	(void)self;
	while (more && at < text.len) {
		switch (scan_kind(&scan, at)) {
		case LETTER:
		case DIGIT:
			more = ops_ascii(&scan, at, &at);
			break;
		case HIGH:
			more = ops_high(&scan, at, &at);
			break;
		case JOIN:
			if (ops_leads(&scan, at))
				more = ops_chunk(&scan, at, &at);
			else
				at++;
			break;
		default:
			at++;
		}
	}
	*position = scan.position;
	return more;
}

const struct token_step token_ops = {
	.name = "ops",
	.summary = "tokenizer: words, and what engineers paste, in one piece",
	.open = ops_open,
	.start = ops_start,
	.breaks = ops_breaks,
};
