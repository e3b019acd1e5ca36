/*
 * A state machine over characters. ASCII takes a table, all else asks what
 * Unicode says; both end as one of a dozen kinds.
 */

#include "crawler/extract/wording.h"

#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"

/* clang-format off */
#define O WORDING_OTHER
#define S WORDING_SPACE
#define L WORDING_SMALL
#define U WORDING_CAPITAL
#define D WORDING_DIGIT
#define C WORDING_CLOSER
#define T WORDING_STOP
const unsigned char wording_ascii[128] = {
	O, O, O, O, O, O, O, O,
	O, S, S, S, S, S, O, O,
	O, O, O, O, O, O, O, O,
	O, O, O, O, S, S, S, S,
	S, T, C, O, O, O, O, C, /* blank ! " # $ % & ' */
	O, C, O, O, WORDING_COMMA, O, T, O,
	D, D, D, D, D, D, D, D,
	D, D, WORDING_COLON, O, O, O, O, T,
	O, U, U, U, U, U, U, U, /* @ A */
	U, U, U, U, U, U, U, U,
	U, U, U, U, U, U, U, U,
	U, U, U, O, O, C, O, L, /* X Y Z [ \ ] ^ _ */
	O, L, L, L, L, L, L, L, /* ` a */
	L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L,
	L, L, L, O, O, O, O, O, /* x y z { | } ~ */
};
#undef O
#undef S
#undef L
#undef U
#undef D
#undef C
#undef T
/* clang-format on */

static enum wording_kind of_letter(uint32_t point)
{
	switch (unicode_class(point)) {
	case UNICODE_LETTER:
		return unicode_upper(point) ? WORDING_CAPITAL : WORDING_SMALL;
	case UNICODE_HANGUL:
		return WORDING_SMALL;
	case UNICODE_DIGIT:
		return WORDING_DIGIT;
	case UNICODE_MARK:
		return WORDING_MARK;
	case UNICODE_HAN:
		return WORDING_IDEOGRAPH;
	case UNICODE_OTHER:
		break;
	}
	return WORDING_OTHER;
}

static enum wording_kind of_point(uint32_t point)
{
	switch (point) {
	case 0x85:
	case 0xA0:
	case 0x1680:
	case 0x2028:
	case 0x2029:
	case 0x202F:
	case 0x205F:
	case 0x3000:
		return WORDING_SPACE;
	case 0x2026: /* ellipsis */
		return WORDING_STOP;
	case 0x201D: /* quotes and brackets that close */
	case 0x2019:
	case 0x300D:
	case 0x300F:
	case 0xFF09:
		return WORDING_CLOSER;
	case 0x3002: /* full stop, exclamation and question mark */
	case 0xFF01:
	case 0xFF1F:
		return WORDING_ENDING;
	case 0x3001:
	case 0xFF0C:
		return WORDING_COMMA;
	case 0xFF1A:
		return WORDING_COLON;
	default:
		break;
	}
	if (point >= 0x2000 && point <= 0x200A)
		return WORDING_SPACE;
	return point == UTF8_BAD ? WORDING_OTHER : of_letter(point);
}

enum wording_kind wording_wide(struct slice s, size_t *at, uint32_t *point)
{
	*point = utf8_next(s, at);
	return of_point(*point);
}

/* Letters of scripts without capitals are no small letters either; the
 * alphabets that have both lie below U+0590. */
static bool is_small(enum wording_kind kind, uint32_t point)
{
	return kind == WORDING_SMALL && point != '_' && point < 0x590;
}

static void count_word(struct wording *w, enum wording_kind kind, bool linked)
{
	bool begins = false;

	if (kind == WORDING_IDEOGRAPH) {
		begins = w->ideographs++ % 2 == 0;
		w->inside = false;
	} else if (wording_inside(kind)) {
		begins = !w->inside && kind != WORDING_MARK;
		w->inside |= begins;
		w->ideographs = 0;
	} else {
		w->inside = false;
		w->ideographs = 0;
	}
	w->words += begins;
	w->linked += begins && linked;
}

static void count(struct wording *w, enum wording_kind kind, uint32_t point)
{
	bool space = kind == WORDING_SPACE;

	w->sentences += kind == WORDING_ENDING || (w->stopped && space);
	if (kind == WORDING_STOP)
		w->stopped = true;
	else if (kind != WORDING_CLOSER)
		w->stopped = false;
	w->commas += kind == WORDING_COMMA;
	w->digits += kind == WORDING_DIGIT;
	w->capitals += kind == WORDING_CAPITAL;
	if (space)
		return;
	w->closed = kind == WORDING_STOP || kind == WORDING_ENDING ||
	            kind == WORDING_COLON ||
	            (kind == WORDING_CLOSER && point != '\'' && point != ']');
	if (!w->points)
		w->small_start = is_small(kind, point);
}

/* How many small ASCII letters follow: behind one, they change no count but
 * that of characters. */
static size_t small_run(struct slice piece, size_t at)
{
	size_t from = at;

	while (at < piece.len && (unsigned char)piece.at[at] < 0x80 &&
	       wording_ascii[(unsigned char)piece.at[at]] == WORDING_SMALL)
		at++;
	return at - from;
}

size_t wording_add(struct wording *w, struct slice piece, bool linked,
                   bool keep, char *to)
{
	size_t at = 0, from, out = 0, run;

	while (at < piece.len) {
		uint32_t point;
		enum wording_kind kind;

		from = at;
		kind = wording_next(piece, &at, &point);
		count_word(w, kind, linked);
		count(w, kind, point);
		if (kind == WORDING_SPACE && !keep) {
			w->gap = w->points > 0;
			continue;
		}
		if (w->gap) {
			to[out++] = ' ';
			w->points++;
			w->gap = false;
		}
		run = kind == WORDING_SMALL ? small_run(piece, at) : 0;
		at += run;
		memcpy(to + out, piece.at + from, at - from);
		out += at - from;
		w->points += (uint32_t)run + 1;
	}
	return out;
}

void wording_end(struct wording *w)
{
	w->sentences += w->stopped;
	w->stopped = false;
}
