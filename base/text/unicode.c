/*
 * Properties by ICU, asked once a code point: pages of 256 are filled at first
 * use and stay, so that later questions cost one table read.
 *
 * Normalising works on runs. A code point is calm under a form when it stays
 * as it is and nothing before it can change it (Normalizer2 calls that a
 * boundary). Calm text is copied as it stands; what is not calm is handed to
 * ICU together with the one code point before it (which a mark may join) up to
 * the next boundary: UAX 15, section 9. ICU sorts marks by insertion, which is
 * quadratic, so unicode_clean() writes U+034F after 30 marks in a row, as the
 * Stream-Safe Text Process does (UAX 15, section 13); real text has no such
 * rows. unicode_fold() breaks such rows instead.
 */

#include "base/text/unicode.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include "base/memory.h"
#include "base/utf8.h"

enum {
	PAGE = 256,
	PAGES = 0x110000 / PAGE,
	ROW_MOST = 30,   /* marks in a row */
	RUN_ENOUGH = 64, /* units for ICU at a time, when there is a choice */
	RUN_MOST = 1024, /* ... when there is none (folding only) */
};

/* What is known of a code point. */
enum {
	CLASS = 7,
	UPPER = 1 << 3,
	WIDTH = 3 << 4,
	NFC_CALM = 1 << 6,
	NFC_BOUND = 1 << 7,
	FOLD_CALM = 1 << 8,
	FOLD_BOUND = 1 << 9,
	REFUSED = 1 << 10, /* unicode_clean() drops or replaces it */
};

struct page {
	uint16_t of[PAGE];
};

static struct page *_Atomic pages[PAGES];

static const UNormalizer2 *form_get(bool fold)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *form = fold ? unorm2_getNFKCCasefoldInstance(&code)
	                                : unorm2_getNFCInstance(&code);

	/* The data are part of the library: only memory can be missing. */
	if (U_FAILURE(code))
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	return form;
}

static enum unicode_class class_of(UChar32 c)
{
	UErrorCode code = U_ZERO_ERROR;
	UScriptCode script = uscript_getScript(c, &code);
	uint32_t kind = U_GET_GC_MASK(c);

	if (kind & U_GC_M_MASK)
		return UNICODE_MARK;
	if (kind & U_GC_ND_MASK)
		return UNICODE_DIGIT;
	if (!(kind & (U_GC_L_MASK | U_GC_NL_MASK)))
		return UNICODE_OTHER;
	if (script == USCRIPT_HANGUL)
		return UNICODE_HANGUL;
	/* The prolonged sound marks belong to two scripts, hence to none. */
	if (script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
	    script == USCRIPT_KATAKANA || script == USCRIPT_BOPOMOFO ||
	    c == 0x30FC || c == 0xFF70)
		return UNICODE_HAN;
	return UNICODE_LETTER;
}

static unsigned width_of(UChar32 c)
{
	uint32_t kind = U_GET_GC_MASK(c);
	int wide;

	if (c == 0xAD) /* the soft hyphen: terminals show it */
		return 1;
	if (kind & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CC_MASK | U_GC_CF_MASK |
	            U_GC_ZL_MASK | U_GC_ZP_MASK))
		return 0;
	if (c >= 0x1160 && c <= 0x11FF) /* Hangul vowels and finals: joined */
		return 0;
	wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
	return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

/* Line ends other than LF, controls, noncharacters. */
static bool refused(uint32_t c)
{
	if (c == '\n' || c == '\t')
		return false;
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 ||
	       c == 0x2029 || U_IS_UNICODE_NONCHAR(c);
}

static unsigned calm_of(UChar32 c, bool fold)
{
	const UNormalizer2 *form = form_get(fold);
	unsigned calm = fold ? FOLD_CALM : NFC_CALM;
	unsigned bound = fold ? FOLD_BOUND : NFC_BOUND;
	UErrorCode code = U_ZERO_ERROR;
	UChar units[2];
	int32_t len = 0;

	if (U_IS_SURROGATE((uint32_t)c) || !unorm2_hasBoundaryBefore(form, c))
		return 0;
	U16_APPEND_UNSAFE(units, len, c);
	if (unorm2_quickCheck(form, units, len, &code) != UNORM_YES)
		return bound;
	return bound | calm;
}

static unsigned bits_of(UChar32 c)
{
	unsigned bits = class_of(c) | width_of(c) << 4 | calm_of(c, true);

	if (u_hasBinaryProperty(c, UCHAR_UPPERCASE))
		bits |= UPPER;
	bits |= calm_of(c, false);
	if (refused((uint32_t)c))
		bits = (bits & ~(unsigned)NFC_CALM) | REFUSED;
	return bits;
}

static const struct page *page_fill(uint32_t number)
{
	struct page *mine = memory_new(1, sizeof(*mine));
	struct page *theirs = NULL;
	uint32_t i;

	for (i = 0; i < PAGE; i++)
		mine->of[i] = (uint16_t)bits_of((UChar32)(number * PAGE + i));
	if (atomic_compare_exchange_strong(&pages[number], &theirs, mine))
		return mine;
	free(mine);
	return theirs;
}

static unsigned bits(uint32_t point)
{
	const struct page *p;

	if (point > 0x10FFFF)
		return 0;
	p = atomic_load_explicit(&pages[point / PAGE], memory_order_acquire);
	if (!p)
		p = page_fill(point / PAGE);
	return p->of[point % PAGE];
}

static const uint16_t *ascii_bits(void)
{
	bits(0);
	return atomic_load_explicit(&pages[0], memory_order_acquire)->of;
}

enum unicode_class unicode_class(uint32_t point)
{
	return (enum unicode_class)(bits(point) & CLASS);
}

bool unicode_upper(uint32_t point)
{
	return (bits(point) & UPPER) != 0;
}

int unicode_width(uint32_t point)
{
	return (int)((bits(point) & WIDTH) >> 4);
}

/* UTF-16 on its way into and out of ICU. */
struct units {
	UChar *at;
	size_t len, cap;
	UChar local[2 * RUN_ENOUGH];
};

static void units_init(struct units *u)
{
	u->at = u->local;
	u->len = 0;
	u->cap = sizeof(u->local) / sizeof(*u->local);
}

static void units_release(struct units *u)
{
	if (u->at != u->local)
		free(u->at);
}

static void units_room(struct units *u, size_t cap)
{
	UChar *old = u->at;

	if (cap <= u->cap)
		return;
	if (cap < 2 * u->cap)
		cap = 2 * u->cap;
	u->at = memory_resize(old == u->local ? NULL : old, cap,
	                      sizeof(*u->at));
	if (old == u->local)
		memcpy(u->at, u->local, u->len * sizeof(*u->at));
	u->cap = cap;
}

static void units_add(struct units *u, uint32_t point)
{
	units_room(u, u->len + 2);
	U16_APPEND_UNSAFE(u->at, u->len, (UChar32)point);
}

/* The point at at[*i]; ICU's halves of pairs come in pairs. */
static uint32_t units_next(const UChar *at, size_t *i)
{
	uint32_t c = at[(*i)++];

	if (c < 0xD800 || c > 0xDBFF)
		return c;
	return 0x10000 + ((c - 0xD800) << 10) + (at[(*i)++] - 0xDC00u);
}

/* Appends `u` in the form to `out`. */
static void units_write(const struct units *u, bool fold, struct buf *out)
{
	const UNormalizer2 *form = form_get(fold);
	struct units result;
	size_t i = 0;
	int32_t len;

	units_init(&result);
	for (;;) {
		UErrorCode code = U_ZERO_ERROR;

		len = unorm2_normalize(form, u->at, (int32_t)u->len, result.at,
		                       (int32_t)result.cap, &code);
		if (U_SUCCESS(code))
			break;
		if (code != U_BUFFER_OVERFLOW_ERROR)
			memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
		units_room(&result, (size_t)len);
	}
	while (i < (size_t)len) {
		char bytes[4];
		size_t n = utf8_put(bytes, units_next(result.at, &i));

		buf_add(out, (struct slice){ bytes, n });
	}
	units_release(&result);
}

/* How many marks `c` has at its end once taken apart; *all: nothing else. */
static int marks_of(uint32_t c, bool *all)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar apart[32];
	int32_t len = unorm2_getDecomposition(form_get(false), (UChar32)c,
	                                      apart, 32, &code);
	int marks = 0;
	size_t i = 0;

	if (len < 0 || U_FAILURE(code)) {
		*all = u_getCombiningClass((UChar32)c) != 0;
		return *all;
	}
	for (*all = true; i < (size_t)len; marks++)
		if (!u_getCombiningClass((UChar32)units_next(apart, &i))) {
			*all = false;
			marks = -1;
		}
	return marks;
}

/* Adds `c`, after U+034F where the row of marks would grow too long. */
static void units_add_safely(struct units *u, uint32_t c, int *row)
{
	bool all = false;
	int marks = c < 0xC0 ? 0 : marks_of(c, &all);

	if (all && *row + marks > ROW_MOST) {
		units_add(u, 0x034F);
		*row = 0;
	}
	*row = all ? *row + marks : marks;
	units_add(u, c);
}

/* The point that stands for `c` in clean text, or 0 for nothing. `next` is
 * behind it. */
static uint32_t clean_point(uint32_t c, struct slice s, size_t next)
{
	if (c == UTF8_BAD)
		return UTF8_REPLACEMENT;
	if (!(bits(c) & REFUSED))
		return c;
	if (U_IS_UNICODE_NONCHAR(c))
		return UTF8_REPLACEMENT;
	if (c == '\r') /* CR LF is one line end */
		return next < s.len && s.at[next] == '\n' ? 0 : '\n';
	if (c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029)
		return '\n';
	return 0;
}

/* Whether the 8 bytes at `at` are printable ASCII, all calm for NFC: none has
 * its top bit, none is below 0x20, none is 0x7F. */
static bool calm_eight(const char *at)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t x;

	memcpy(&x, at, sizeof(x));
	return !((x | (x - 0x20 * ones) | (x + ones)) & 0x80 * ones);
}

/*
 * From `at` on, where the calm text ends. *last: where its last point begins,
 * or `at` when nothing is calm.
 */
static size_t calm_end(struct slice s, size_t at, unsigned calm, size_t *last)
{
	const uint16_t *ascii = ascii_bits();

	*last = at;
	for (;;) {
		size_t from = at;

		while (at < s.len && !(s.at[at] & 0x80) &&
		       (ascii[(unsigned char)s.at[at]] & calm)) {
			at++;
			while (calm == NFC_CALM && s.len - at >= 8 &&
			       calm_eight(s.at + at))
				at += 8;
		}
		if (at > from)
			*last = at - 1;
		if (at == s.len || !(s.at[at] & 0x80))
			return at;
		from = at;
		if (!(bits(utf8_next(s, &at)) & calm))
			return from;
		*last = from;
	}
}

/* Whether a run of `len` units may end before `c`. */
static bool run_ends(uint32_t c, bool fold, size_t len)
{
	unsigned b = bits(c);

	if (b & (fold ? FOLD_CALM : NFC_CALM))
		return true;
	if (len < RUN_ENOUGH)
		return false;
	if (fold)
		return (b & FOLD_BOUND) || c == UTF8_BAD || len >= RUN_MOST;
	/* What is dropped is no end: a mark behind it joins what was before. */
	return ((b & NFC_BOUND) && !(b & REFUSED)) || c == UTF8_BAD;
}

/*
 * Appends the run that begins at `at`, whose first point that is not calm
 * stands at `wild`. Returns where it ends.
 */
static size_t run_write(struct slice s, size_t at, size_t wild, bool fold,
                        struct buf *out)
{
	struct units u;
	int row = 0;

	units_init(&u);
	while (at < s.len) {
		size_t next = at;
		uint32_t c = utf8_next(s, &next);

		if (at > wild && run_ends(c, fold, u.len))
			break;
		c = fold ? (c == UTF8_BAD ? UTF8_REPLACEMENT : c)
		         : clean_point(c, s, next);
		if (c && fold)
			units_add(&u, c);
		else if (c)
			units_add_safely(&u, c, &row);
		at = next;
	}
	units_write(&u, fold, out);
	units_release(&u);
	return at;
}

void unicode_clean(struct slice s, struct buf *out)
{
	size_t at = 0;

	while (at < s.len) {
		size_t last, end = calm_end(s, at, NFC_CALM, &last);

		if (end == s.len || s.at[end] == '\r') {
			buf_add(out, slice_cut(s, at, end));
			/* Nothing joins a line end, so ICU is not needed. */
			if (end < s.len && clean_point('\r', s, end + 1))
				buf_byte(out, '\n');
			at = end + 1;
			continue;
		}
		buf_add(out, slice_cut(s, at, last));
		at = run_write(s, last, end, false, out);
	}
}

bool unicode_is_clean(struct slice s)
{
	struct buf run = BUF_INIT(SIZE_MAX / 2);
	bool clean = true;
	size_t at = 0;

	while (clean && at < s.len) {
		size_t last, end = calm_end(s, at, NFC_CALM, &last);

		if (end == s.len)
			break;
		buf_reset(&run);
		at = run_write(s, last, end, false, &run);
		clean = slice_eq(buf_slice(&run), slice_cut(s, last, at));
	}
	buf_release(&run);
	return clean;
}

static void fold_ascii(struct slice s, struct buf *out)
{
	char *to = buf_extend(out, s.len);
	size_t i;

	for (i = 0; to && i < s.len; i++) {
		char c = s.at[i];

		to[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
}

/* Whether a capital of ASCII stands at `at`, and no mark can follow it. */
static bool fold_alone(struct slice s, size_t at)
{
	return s.at[at] >= 'A' && s.at[at] <= 'Z' &&
	       (at + 1 == s.len || !(s.at[at + 1] & 0x80));
}

void unicode_fold(struct slice s, struct buf *out)
{
	size_t at = 0;

	if (utf8_ascii(s)) {
		fold_ascii(s, out);
		return;
	}
	while (at < s.len) {
		size_t last, end = calm_end(s, at, FOLD_CALM, &last);

		if (end == s.len) {
			buf_add(out, slice_cut(s, at, end));
			return;
		}
		if (fold_alone(s, end)) {
			buf_add(out, slice_cut(s, at, end));
			buf_byte(out, (char)(s.at[end] + 32));
			at = end + 1;
			continue;
		}
		buf_add(out, slice_cut(s, at, last));
		at = run_write(s, last, end, true, out);
	}
}
