/*
 * Choosing a snippet: the passage's plain text is analyzed once; over the
 * places where terms of the query stand slides a window as wide as allowed,
 * and the one wins whose distinct terms weigh most (then, that has most
 * places; then, the first). What is left of the width goes to the words
 * before it, from the start of a sentence or line, and to those behind.
 */

#include "kb/snippet.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text/markdown.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

/* More places than these do not make a snippet better. */
enum { SNIPPET_PLACES = 4096 };

/* A line of so many bytes may be part of a paragraph. */
enum { SNIPPET_WRAPPED = 50 };

/* The end of a line of code, of a heading, of an item, in one line. */
#define SNIPPET_LINE " ⏎"

/* A place where a term stands. */
struct place {
	uint32_t from, to;
	uint32_t term;
};

struct places {
	struct place *at;
	size_t count, room;
	struct map numbers; /* term -> its number */
	uint64_t hashes;    /* a bit for the lowest six of each term's hash */
};

static bool places_token(void *self, const struct token *t)
{
	struct places *p = self;
	const struct map_entry *e;

	if (!(p->hashes >> (t->hash & 63) & 1))
		return true;
	e = map_get(&p->numbers, t->text);
	if (!e || t->to <= t->from)
		return true;
	p->at = memory_room(p->at, p->count, &p->room, sizeof(*p->at));
	p->at[p->count++] = (struct place){ .from = t->from,
		                            .to = t->to,
		                            .term = (uint32_t)e->number };
	return p->count < SNIPPET_PLACES;
}

static int place_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static void places_find(struct places *p, struct slice text,
                        const struct snippet_terms *terms,
                        struct analyzer *analyzer)
{
	struct map_entry *e;
	size_t i;

	*p = (struct places){ .numbers = MAP_INIT };
	for (i = 0; i < terms->count; i++) {
		e = map_put(&p->numbers, terms->text[i], NULL);
		e->number = (int64_t)i;
		p->hashes |= UINT64_C(1) << (e->hash & 63);
	}
	analyzer_run(analyzer, text, places_token, p);
	if (p->count)
		qsort(p->at, p->count, sizeof(*p->at), place_order);
}

static void places_release(struct places *p)
{
	free(p->at);
	map_release(&p->numbers);
}

/* Whether a reader has to be told that the line `at` ended before `next`: not
 * after a sentence, and not where a paragraph was only wrapped. */
static bool line_breaks(struct slice at, char next)
{
	static const struct slice ends[] = {
		{ ".", 1 },  { "?", 1 },  { "!", 1 },  { ":", 1 },  { ";", 1 },
		{ "。", 3 }, { "？", 3 }, { "！", 3 }, { "：", 3 }, { "；", 3 },
	};
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (slice_ends(at, ends[i]))
			return false;
	return at.len < SNIPPET_WRAPPED ||
	       !((unsigned char)next >= 0x80 || (next >= '0' && next <= '9') ||
	         (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
}

static size_t text_lines(struct slice text)
{
	size_t i, lines = 0;

	for (i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	return lines;
}

static bool byte_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* One blank for each run of white space; a newline where it had one, with the
 * sign for it before. */
static struct slice text_flat(struct slice text, struct arena *a)
{
	static const char sign[] = SNIPPET_LINE;
	size_t i, from, len = 0, line = 0;
	bool newline;
	char *to = arena_new(
	        a, text.len + text_lines(text) * (sizeof(sign) - 1) + 1);

	for (i = 0; i < text.len;) {
		newline = false;
		for (from = i; i < text.len && byte_white(text.at[i]); i++)
			newline |= text.at[i] == '\n';
		if (i == text.len)
			break;
		if (newline && len > line &&
		    line_breaks((struct slice){ to + line, len - line },
		                text.at[i])) {
			memcpy(to + len, sign, sizeof(sign) - 1);
			len += sizeof(sign) - 1;
		}
		if (i > from && len)
			to[len++] = newline ? '\n' : ' ';
		if (newline)
			line = len;
		for (from = i; i < text.len && !byte_white(text.at[i]);)
			i++;
		memcpy(to + len, text.at + from, i - from);
		len += i - from;
	}
	return (struct slice){ to, len };
}

/* The column at which each byte starts, and one more for the end. NULL: each
 * byte takes one. */
struct columns {
	const uint32_t *at;
};

static inline uint32_t column_of(struct columns c, size_t byte)
{
	return c.at ? c.at[byte] : (uint32_t)byte;
}

static inline bool byte_takes_one(char c)
{
	return (c >= ' ' && c <= '~') || c == '\n';
}

static struct columns text_columns(struct slice text, struct arena *a)
{
	uint32_t *column, now = 0;
	size_t at = 0;

	while (at < text.len && byte_takes_one(text.at[at]))
		at++;
	if (at == text.len)
		return (struct columns){ NULL };
	column = arena_array(a, text.len + 1, sizeof(*column));
	for (at = 0; at < text.len;) {
		size_t from = at;
		uint32_t point;
		int width;

		if (byte_takes_one(text.at[at])) {
			column[at++] = now++;
			continue;
		}
		point = utf8_next(text, &at);
		width = point == UTF8_BAD ? 1 : unicode_width(point);
		for (; from < at; from++)
			column[from] = now;
		now += (uint32_t)(width > 0 ? width : 0);
	}
	column[text.len] = now;
	return (struct columns){ column };
}

/* What the places from `first` on are worth within `columns`; *last is the
 * place behind the window. */
static double window_worth(const struct places *p, size_t first,
                           struct columns column, size_t columns,
                           const struct snippet_terms *terms, size_t *last)
{
	uint64_t seen = 0;
	double worth = 0;
	size_t i;

	for (i = first; i < p->count; i++) {
		const struct place *at = &p->at[i];
		uint64_t bit = UINT64_C(1) << (at->term % 64);

		if (column_of(column, at->to) -
		            column_of(column, p->at[first].from) >
		    columns)
			break;
		worth += terms->weight[at->term] * (seen & bit ? 0.01 : 1);
		seen |= bit;
	}
	*last = i;
	return worth;
}

/* The best window: its first place and the one behind; false without any. */
static bool window_choose(const struct places *p, struct columns column,
                          size_t columns, const struct snippet_terms *terms,
                          size_t *first, size_t *last)
{
	double best = -1;
	size_t i;

	*first = *last = 0;
	for (i = 0; i < p->count; i++) {
		size_t end;
		double worth = window_worth(p, i, column, columns, terms, &end);

		if (end > i && worth > best) {
			best = worth;
			*first = i;
			*last = end;
		}
	}
	return best >= 0;
}

static bool byte_continues(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Whether a sentence or line starts at `at`. */
static bool text_starts(struct slice text, size_t at)
{
	static const char full_stop[] = "\xE3\x80\x82"; /* U+3002 */

	if (at == 0 || text.at[at - 1] == '\n')
		return true;
	if (slice_ends(slice_cut(text, 0, at), SLICE(full_stop)))
		return true;
	return at > 1 && text.at[at - 1] == ' ' &&
	       memchr(".?!", text.at[at - 2], 3);
}

/* Where to begin so that `from` is shown with at most `lead` before it: at a
 * sentence, else at a word, else at a character. */
static size_t text_begin(struct slice text, struct columns column, size_t from,
                         size_t lead)
{
	size_t at, sentence = SIZE_MAX, word = SIZE_MAX, point = from;

	for (at = from + 1; at-- > 0;) {
		if (column_of(column, from) - column_of(column, at) > lead)
			break;
		if (byte_continues(text.at[at]))
			continue;
		point = at;
		if (at == 0 || text.at[at - 1] == ' ' ||
		    text.at[at - 1] == '\n')
			word = at;
		if (text_starts(text, at))
			sentence = at;
	}
	if (sentence != SIZE_MAX)
		return sentence;
	return word != SIZE_MAX ? word : point;
}

/* Where to end: before a word that would not fit, if one is near. */
static size_t text_end(struct slice text, struct columns column, size_t begin,
                       size_t columns)
{
	size_t at = begin, back;

	while (at < text.len &&
	       column_of(column, at + 1) - column_of(column, begin) <= columns)
		at++;
	while (at > begin && at < text.len && byte_continues(text.at[at]))
		at--;
	if (at == text.len)
		return at;
	for (back = at; back > begin &&
	                column_of(column, at) - column_of(column, back) < 20;
	     back--)
		if (text.at[back] == ' ' || text.at[back] == '\n')
			return back;
	return at;
}

/* Marks of the places within the bytes [begin, end), joined where they
 * overlap or touch. */
static void snippet_mark(struct snippet *s, const struct places *p,
                         size_t begin, size_t end, struct arena *a)
{
	struct snippet_mark *marks = arena_array(a, p->count, sizeof(*marks));
	size_t i, n = 0;

	for (i = 0; i < p->count; i++) {
		size_t from = p->at[i].from, to = p->at[i].to;

		if (from < begin || to > end)
			continue;
		from -= begin;
		to -= begin;
		if (n && from <= marks[n - 1].to) {
			if (to > marks[n - 1].to)
				marks[n - 1].to = to;
			continue;
		}
		marks[n++] = (struct snippet_mark){ from, to };
	}
	s->marks = marks;
	s->mark_count = n;
}

static void snippet_cut(struct snippet *s, struct slice text,
                        const struct places *p, size_t begin, size_t end,
                        struct arena *a)
{
	struct slice part = slice_cut(text, begin, end);
	char *at;
	size_t i;

	if (end < text.len && slice_ends(part, SLICE(SNIPPET_LINE)))
		part.len -= sizeof(SNIPPET_LINE) - 1;
	part = arena_copy(a, part);
	at = (char *)(uintptr_t)part.at;
	for (i = 0; i < part.len; i++)
		if (at[i] == '\n')
			at[i] = ' ';
	s->text = part;
	s->head = s->head || begin > 0;
	s->tail = s->tail || end < text.len;
	snippet_mark(s, p, begin, end, a);
}

/* Chooses where the snippet begins and ends. */
static void snippet_place(struct slice text, const struct places *p,
                          const struct snippet_terms *terms, size_t columns,
                          struct arena *a, size_t *begin, size_t *end)
{
	struct columns column = text_columns(text, a);
	size_t first, last, from = 0, lead = 0, behind;

	if (window_choose(p, column, columns, terms, &first, &last)) {
		size_t span;

		from = p->at[first].from;
		span = column_of(column, p->at[last - 1].to) -
		       column_of(column, from);
		span = span < columns ? columns - span : 0;
		lead = span < columns / 3 ? span : columns / 3;
		behind = column_of(column, text.len) - column_of(column, from);
		if (behind < columns && lead < columns - behind)
			lead = columns - behind;
	}
	*begin = text.len ? text_begin(text, column, from, lead) : 0;
	*end = text_end(text, column, *begin, columns);
}

void snippet_make(struct slice markdown, const struct snippet_terms *terms,
                  struct analyzer *analyzer, size_t columns, struct arena *a,
                  struct snippet *out)
{
	struct buf plain = BUF_INIT(2 * SNIPPET_BYTES);
	struct slice head = utf8_head(markdown, SNIPPET_BYTES);
	struct places p;
	struct slice text;
	size_t begin, end;

	*out = (struct snippet){ .tail = head.len < markdown.len };
	markdown_text(head, &plain);
	text = text_flat(buf_slice(&plain), a);
	buf_release(&plain);
	places_find(&p, text, terms, analyzer);
	snippet_place(text, &p, terms, columns, a, &begin, &end);
	snippet_cut(out, text, &p, begin, end, a);
	places_release(&p);
}

void snippet_whole(struct slice text, const struct snippet_terms *terms,
                   struct analyzer *analyzer, struct arena *a,
                   struct snippet *out)
{
	struct slice flat = text_flat(text, a);
	struct places p;

	*out = (struct snippet){ 0 };
	places_find(&p, flat, terms, analyzer);
	snippet_cut(out, flat, &p, 0, flat.len, a);
	places_release(&p);
}
