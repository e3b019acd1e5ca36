/*
 * One record of columns among whatever else there is. Which byte parts the
 * columns, and which column is which, is told by their shape: an id looks like
 * the case's own, a class is one of the list. Commas of one width are
 * punctuation where those of the other part the columns.
 */

#include "kb/cases/reply.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "kb/cases/same_name.h"

enum { COLUMNS = 9, RECORDS = 400, FIELD_MOST = 16 << 10 };

struct record {
	struct slice columns[COLUMNS];
	size_t count; /* COLUMNS: more than there may be */
	bool quoted;
};

/* What parts the columns; the last one takes commas of either width. */
static const char *const marks[][3] = {
	{ ",", NULL },  { "，", NULL }, { ",", "，", NULL },
	{ "\t", NULL }, { "|", NULL },
};
enum { MARKS = sizeof(marks) / sizeof(*marks) };

static size_t mark_here(struct slice s, size_t at, const char *const *mark)
{
	for (; *mark; mark++)
		if (slice_starts(slice_cut(s, at, s.len), slice_of(*mark)))
			return strlen(*mark);
	return 0;
}

/* A quoted column behind its first quote; RFC 4180, and curly ones. */
static struct slice quoted_read(struct slice s, size_t *at, struct slice close,
                                struct buf *word)
{
	buf_reset(word);
	while (*at < s.len && word->len < FIELD_MOST) {
		struct slice rest = slice_cut(s, *at, s.len);

		if (slice_starts(rest, close)) {
			*at += close.len;
			rest = slice_cut(s, *at, s.len);
			if (close.len > 1 || !slice_starts(rest, close))
				break;
		}
		buf_byte(word, s.at[(*at)++]);
	}
	return buf_slice(word);
}

static struct slice bare_read(struct slice s, size_t *at,
                              const char *const *mark)
{
	size_t from = *at;

	while (*at < s.len && s.at[*at] != '\n' && !mark_here(s, *at, mark))
		++*at;
	return slice_trim(slice_cut(s, from, *at));
}

static struct slice column_read(struct slice s, size_t *at,
                                const char *const *mark, struct buf *word,
                                struct arena *a, bool *quoted)
{
	while (*at < s.len && s.at[*at] == ' ')
		++*at;
	*quoted = true;
	if (*at < s.len && s.at[*at] == '"') {
		++*at;
		return arena_copy(a, quoted_read(s, at, SLICE("\""), word));
	}
	if (slice_starts(slice_cut(s, *at, s.len), SLICE("“"))) {
		*at += sizeof("“") - 1;
		return arena_copy(a, quoted_read(s, at, SLICE("”"), word));
	}
	*quoted = false;
	return bare_read(s, at, mark);
}

/* The record at *at, moving behind it. */
static void record_read(struct slice s, size_t *at, const char *const *mark,
                        struct buf *word, struct arena *a, struct record *out)
{
	size_t n;

	*out = (struct record){ 0 };
	if (**mark == '|' && mark_here(s, *at, mark))
		++*at;
	do {
		bool quoted;
		struct slice c = column_read(s, at, mark, word, a, &quoted);

		out->quoted |= quoted;
		while (*at < s.len && s.at[*at] != '\n' &&
		       !mark_here(s, *at, mark))
			++*at; /* what stands behind a closing quote */
		n = *at < s.len ? mark_here(s, *at, mark) : 0;
		*at += n;
		if (**mark == '|' && !n && !c.len)
			break; /* behind the last bar */
		if (out->count < COLUMNS)
			out->columns[out->count++] = c;
	} while (n);
	if (*at < s.len)
		++*at;
}

/* Words without blanks, with three digits or more. */
static bool looks_id(struct slice s)
{
	size_t i, digits = 0;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
		            "xyz0123456789._#/:-[]",
		            c))
			return false;
		digits += c >= '0' && c <= '9';
	}
	return digits >= 3 && s.len <= 80;
}

/* "because", "due to": a sentence that gives a reason. */
static bool looks_cause(struct slice s)
{
	static const char *const heads[] = {
		"because",   "Because", "due to", "Due to", "caused by",
		"Caused by", "由于",    "因为",   "原因",   "根因",
		"因",        "원인",    "原因は",
	};
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (slice_starts(s, slice_of(heads[i])))
			return true;
	return false;
}

/* Which column is what; REPLY_FIELDS: none of them. */
struct order {
	enum reply_field of[COLUMNS];
	size_t count;
};

/* A line of names sets the order of those below. */
static bool order_header(const struct record *r, struct order *o)
{
	size_t i, known = 0;

	o->count = r->count;
	for (i = 0; i < r->count; i++) {
		o->of[i] = REPLY_FIELDS;
		known += reply_field_read(r->columns[i], &o->of[i]);
	}
	return known >= 2 && known + 1 >= r->count;
}

/* By the shape of the columns. False: they are no answer. */
static bool order_shape(const struct record *r, const struct reply_hints *h,
                        struct order *o)
{
	size_t i, id = COLUMNS, class = COLUMNS;
	enum reply_field next = REPLY_PROBLEM;

	if (r->count != 3 && r->count != 4)
		return false;
	for (i = 0; i < r->count; i++) {
		if (id == COLUMNS && same_name(r->columns[i], h->id))
			id = i;
		if (same_name_find(r->columns[i], h->classes, h->class_count) <
		    h->class_count)
			class = i;
	}
	if (id == COLUMNS && looks_id(r->columns[0]))
		id = 0;
	if (id == COLUMNS && (class == COLUMNS || r->count == 4))
		return false;
	if (class == COLUMNS && r->count == 4)
		class = id == 3 ? 2 : 3;
	o->count = r->count;
	for (i = 0; i < r->count; i++) {
		if (i == id)
			o->of[i] = REPLY_ID;
		else if (i == class)
			o->of[i] = REPLY_CLASS;
		else
			o->of[i] = next++;
	}
	/* One sentence between id and class: which of the two is it? */
	for (i = 0; i < r->count; i++)
		if (next == REPLY_CAUSE && o->of[i] == REPLY_PROBLEM &&
		    looks_cause(r->columns[i]))
			o->of[i] = REPLY_CAUSE;
	return true;
}

/* The better, the more speaks for it; 0: no answer. */
static int record_score(const struct record *r, const struct order *o,
                        const struct reply_hints *h)
{
	int score = 1;
	size_t i;

	for (i = 0; i < r->count; i++) {
		if (o->of[i] == REPLY_ID && same_name(r->columns[i], h->id))
			score += 8;
		if (o->of[i] == REPLY_CLASS &&
		    same_name_find(r->columns[i], h->classes, h->class_count) <
		            h->class_count)
			score += 4;
	}
	return score + (r->count == 4) * 2 + r->quoted;
}

static void record_take(const struct record *r, const struct order *o,
                        struct arena *a, struct case_answer *out)
{
	size_t i;

	*out = (struct case_answer){ .shape = REPLY_CSV };
	for (i = 0; i < r->count && i < o->count; i++)
		if (o->of[i] < REPLY_FIELDS)
			reply_set(out, o->of[i], r->columns[i], a);
}

/* The best record by one kind of mark; its score, 0 for none. */
static int marked_best(struct slice text, const char *const *mark,
                       const struct reply_hints *h, struct arena *a,
                       struct case_answer *out)
{
	struct buf word = BUF_INIT(FIELD_MOST + 8);
	struct order header = { 0 };
	int best = 0, i;
	size_t at = 0;

	for (i = 0; at < text.len && i < RECORDS; i++) {
		struct record r;
		struct order o;
		int score;

		record_read(text, &at, mark, &word, a, &r);
		if (order_header(&r, &o)) {
			header = o;
			continue;
		}
		if (header.count >= 3 && header.count == r.count)
			o = header;
		else if (!order_shape(&r, h, &o))
			continue;
		score = record_score(&r, &o, h);
		if (score <= best)
			continue;
		record_take(&r, &o, a, out);
		best = reply_enough(out) ? score : best;
	}
	buf_release(&word);
	return best;
}

bool reply_csv(struct slice text, const struct reply_hints *h, struct arena *a,
               struct case_answer *out)
{
	int best = 0;
	size_t i;

	for (i = 0; i < MARKS; i++) {
		struct case_answer r;
		int score = marked_best(text, marks[i], h, a, &r);

		if (score > best) {
			best = score;
			*out = r;
		}
	}
	return best > 0;
}
