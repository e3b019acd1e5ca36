/*
 * A window of bytes slides over the file. Outside of rows memchr() looks for
 * the next '<'; inside of one the state (which quote is open, how far it was
 * searched) survives the end of a chunk, so that no byte is searched twice
 * however large the row is. A whole row is then cut into attributes in place.
 *
 * What follows a broken row: a '<' inside of quotes means that one is missing.
 * The scan goes on at the next line, or at the next "<row" where that comes
 * first.
 */

#include "crawler/dump_row.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "crawler/entity.h"

enum {
	WINDOW_KEPT = 1 << 20,   /* memory kept when a large row is done */
	WINDOW_CHUNK = 16 << 20, /* the largest chunk we are fed */
	ROOT_NAME = 32,
};

enum dump_mode {
	MODE_OUTSIDE, /* looking for '<' */
	MODE_ROW,     /* looking for a row's end */
	MODE_SKIP,    /* throwing away up to the next line or row */
	MODE_END,
};

struct dump_scan {
	char *file;
	struct buf window;
	size_t at;   /* what is before it is done with */
	size_t seen; /* within a token: searched up to here */
	char quote;  /* within a row: the open quote, or 0 */
	enum dump_mode mode;
	bool closed;   /* dump_close() was called */
	bool marked;   /* past the byte order mark */
	bool complete; /* the last tag outside of rows was a closing one */
	bool complained;
	int64_t line; /* of window byte `counted` */
	size_t counted;
	int64_t rows, elements, bytes;
	char root[ROOT_NAME];
};

struct dump_scan *dump_scan_new(const char *file)
{
	struct dump_scan *d = memory_new(1, sizeof(*d));

	d->file = memory_copy(file, strlen(file));
	d->window = BUF_INIT((size_t)LIMIT_ROW + WINDOW_CHUNK);
	d->line = 1;
	return d;
}

void dump_scan_free(struct dump_scan *d)
{
	if (!d)
		return;
	buf_release(&d->window);
	free(d->file);
	free(d);
}

/* The line of window byte `to`, which never goes back. */
static int64_t dump_line(struct dump_scan *d, size_t to)
{
	const char *p = d->window.at + d->counted;
	const char *end = d->window.at + to;

	if (to <= d->counted)
		return d->line;
	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		d->line++;
		if (++p == end)
			break;
	}
	d->counted = to;
	return d->line;
}

void dump_feed(struct dump_scan *d, struct slice bytes)
{
	struct buf *w = &d->window;

	assert(!d->closed && bytes.len <= WINDOW_CHUNK);
	if (d->at) {
		dump_line(d, d->at);
		memmove(w->at, w->at + d->at, w->len - d->at);
		buf_cut(w, w->len - d->at);
		d->seen -= d->at;
		d->counted -= d->at;
		d->at = 0;
	}
	if (!w->len && w->cap > WINDOW_KEPT)
		buf_release(w);
	buf_add(w, bytes);
	assert(!buf_full(w));
	d->bytes += (int64_t)bytes.len;
}

void dump_close(struct dump_scan *d)
{
	d->closed = true;
}

/* Everything before `to` is done with. */
static void dump_pass(struct dump_scan *d, size_t to)
{
	d->at = d->seen = to;
	d->mode = MODE_OUTSIDE;
	d->quote = 0;
}

static enum dump_step dump_break(struct dump_scan *d, struct fault *f,
                                 enum fault_kind kind, const char *code,
                                 const char *why)
{
	d->rows++;
	fault(f, kind, code, "%s", why);
	fault_at(f, d->file, dump_line(d, d->at));
	return DUMP_BROKEN;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether "<row" and the end of a name stand at `p`. */
static bool starts_row(const char *p, size_t len)
{
	return len >= 5 && !memcmp(p, "<row", 4) &&
	       (is_space(p[4]) || p[4] == '/' || p[4] == '>');
}

/* Leaves the broken row at d->at. */
static void dump_resync(struct dump_scan *d)
{
	dump_pass(d, d->at + 1);
	d->mode = MODE_SKIP;
}

/*
 * Searches on for the '>' that ends the row at d->at. True with *end behind
 * it; false when the window ends first, or, with *broken, when a quote is
 * missing.
 */
static bool dump_row_end(struct dump_scan *d, size_t *end, bool *broken)
{
	const char *base = d->window.at;
	size_t len = d->window.len, i = d->seen;

	*broken = false;
	while (i < len) {
		const char *stop;
		size_t to;

		if (!d->quote) {
			char c = base[i++];

			if (c == '"' || c == '\'')
				d->quote = c;
			if (c == '<')
				*broken = true;
			if (c == '>')
				*end = i;
			if (c == '<' || c == '>') {
				d->seen = i;
				return c == '>';
			}
			continue;
		}
		stop = memchr(base + i, d->quote, len - i);
		to = stop ? (size_t)(stop - base) : len;
		if (memchr(base + i, '<', to - i)) {
			*broken = true;
			return false;
		}
		i = stop ? to + 1 : len;
		if (stop)
			d->quote = 0;
	}
	d->seen = i;
	return false;
}

static size_t skip_space(struct slice s, size_t i)
{
	while (i < s.len && is_space(s.at[i]))
		i++;
	return i;
}

static size_t skip_name(struct slice s, size_t i)
{
	while (i < s.len && !is_space(s.at[i]) && s.at[i] != '=' &&
	       s.at[i] != '"' && s.at[i] != '\'' && s.at[i] != '/')
		i++;
	return i;
}

/* Cuts what stands between "<row" and "/>" or ">"; the reason, or NULL. */
static const char *cut_attributes(struct slice s, struct dump_row *row)
{
	size_t i = 0, from;

	row->count = 0;
	for (;;) {
		struct dump_attribute *it = &row->attributes[row->count];
		size_t before = i;

		i = skip_space(s, i);
		if (i == s.len)
			return NULL;
		if (i == before)
			return "no space between attributes";
		if (row->count == DUMP_ATTRIBUTES)
			return "the row has more than 64 attributes";
		from = i;
		i = skip_name(s, i);
		it->name = slice_cut(s, from, i);
		i = skip_space(s, i);
		if (i == from || i == s.len || s.at[i] != '=')
			return "an attribute has no value";
		i = skip_space(s, i + 1);
		if (i == s.len || (s.at[i] != '"' && s.at[i] != '\''))
			return "an attribute's value has no quotes";
		from = i + 1;
		i = from + slice_find(slice_cut(s, from, s.len), s.at[i]);
		if (i >= s.len)
			return "a quote is missing";
		it->raw = slice_cut(s, from, i++);
		row->count++;
	}
}

/* The row at d->at ends before `end`: cut it, check its bytes. */
static enum dump_step dump_take(struct dump_scan *d, size_t end,
                                struct dump_row *row, struct fault *f)
{
	struct slice whole = { d->window.at + d->at, end - d->at };
	struct slice inner = slice_cut(whole, 4, whole.len - 1);
	const char *why = NULL, *code = "dump-row-broken";
	enum dump_step step;

	if (inner.len && inner.at[inner.len - 1] == '/')
		inner.len--;
	if (memchr(whole.at, '\0', whole.len)) {
		code = "dump-row-nul";
		why = "the row has a NUL byte";
	} else if (utf8_valid(whole) != whole.len) {
		code = "dump-row-utf8";
		why = "the row is not valid UTF-8";
	} else {
		why = cut_attributes(inner, row);
	}
	if (why) {
		step = dump_break(d, f, FAULT_INPUT, code, why);
	} else {
		row->line = dump_line(d, d->at);
		d->rows++;
		step = DUMP_ROW;
	}
	dump_pass(d, end);
	return step;
}

/* In a row. DUMP_MORE: its end is not in the window yet. */
static enum dump_step dump_row_step(struct dump_scan *d, struct dump_row *row,
                                    struct fault *f)
{
	enum dump_step step;
	bool broken;
	size_t end;

	if (dump_row_end(d, &end, &broken)) {
		if (end - d->at <= LIMIT_ROW)
			return dump_take(d, end, row, f);
	} else if (!broken && d->window.len - d->at <= LIMIT_ROW) {
		if (!d->closed)
			return DUMP_MORE;
		step = dump_break(d, f, FAULT_INPUT, "dump-row-cut",
		                  "the file ends inside of the row");
		d->complained = true;
		dump_resync(d);
		return step;
	}
	step = broken ? dump_break(d, f, FAULT_INPUT, "dump-row-broken",
	                           "the row has a '<' where none may be: a "
	                           "quote is missing, or not escaped text")
	              : dump_break(d, f, FAULT_LIMIT, "limit-row",
	                           "the row is larger than 64 MB");
	dump_resync(d);
	return step;
}

/* Notes an element that is no row; the first one is the root. */
static void dump_element(struct dump_scan *d, struct slice rest)
{
	size_t n = 1;

	d->complete = rest.at[1] == '/';
	if (rest.at[1] == '/' || rest.at[1] == '?' || rest.at[1] == '!')
		return;
	if (d->elements++)
		return;
	while (n < rest.len && n < ROOT_NAME && rest.at[n] != '>' &&
	       rest.at[n] != '/' && !is_space(rest.at[n]))
		n++;
	memcpy(d->root, rest.at + 1, n - 1);
	d->root[n - 1] = '\0';
	while (n < rest.len && n < ROOT_NAME && is_space(rest.at[n]))
		n++;
	d->complete = n < rest.len && rest.at[n] == '/';
}

/*
 * Steps over the comment at d->at, so that a row in it does not count. False:
 * its end is not here yet. One longer than a row may be is left to itself.
 */
static bool dump_comment(struct dump_scan *d)
{
	const char *base = d->window.at;
	size_t i = d->seen < d->at + 4 ? d->at + 4 : d->seen;
	const char *p;

	while (i < d->window.len &&
	       (p = memchr(base + i, '>', d->window.len - i))) {
		i = (size_t)(p - base) + 1;
		if (i >= d->at + 7 && p[-1] == '-' && p[-2] == '-') {
			dump_pass(d, i);
			return true;
		}
	}
	d->seen = d->window.len;
	if (d->seen - d->at <= LIMIT_ROW && !d->closed)
		return false;
	dump_pass(d, d->seen);
	return true;
}

/* Whether enough stands at '<' to say what it is: the longest root's name. */
static bool dump_decided(const struct dump_scan *d, size_t at)
{
	return d->closed || d->window.len - at > ROOT_NAME;
}

/* Outside of rows. True: go on in the mode set; false: more bytes. */
static bool dump_outside(struct dump_scan *d)
{
	const char *base = d->window.at;
	size_t left = d->window.len - d->at;
	const char *p = left ? memchr(base + d->at, '<', left) : NULL;
	struct slice rest;

	if (!p) {
		dump_pass(d, d->window.len);
		return false;
	}
	if (p != base + d->at)
		dump_pass(d, (size_t)(p - base));
	rest = (struct slice){ p, d->window.len - d->at };
	if (starts_row(p, rest.len)) {
		d->mode = MODE_ROW;
		d->seen = d->at + 4;
		return true;
	}
	if (!dump_decided(d, d->at))
		return false;
	if (slice_starts(rest, SLICE("<!--")))
		return dump_comment(d);
	if (rest.len > 1)
		dump_element(d, rest);
	dump_pass(d, d->at + 1);
	return true;
}

/* On to the next line or row; false: more bytes. */
static bool dump_skip(struct dump_scan *d)
{
	const char *base = d->window.at, *end = base + d->window.len;
	const char *p = base + d->at;
	const char *line = memchr(p, '\n', (size_t)(end - p));
	const char *stop = line ? line : end;
	bool row = false, unsure = false;

	while (!row && !unsure && p < stop) {
		const char *mark = memchr(p, '<', (size_t)(stop - p));

		p = mark ? mark : stop;
		if (!mark)
			break;
		row = starts_row(p, (size_t)(end - p));
		unsure = !row && end - p < 5 && !d->closed;
		if (!row && !unsure)
			p++;
	}
	dump_pass(d, (size_t)(p - base));
	if (!unsure && (row || line))
		return true;
	d->mode = MODE_SKIP;
	return false;
}

/* A dump's file may have no rows: then its root must be one that we know. */
static bool known_root(const char *name)
{
	static const char *const roots[] = {
		"posts",  "users", "comments", "postlinks", "posthistory",
		"badges", "tags",  "votes",    NULL
	};
	size_t i;

	for (i = 0; roots[i]; i++)
		if (!strcmp(name, roots[i]))
			return true;
	return false;
}

/* Everything was read: was it a dump's file, and whole? */
static enum dump_step dump_last(struct dump_scan *d, struct fault *f)
{
	d->mode = MODE_END;
	d->at = d->window.len;
	if (!d->bytes) {
		fault(f, FAULT_INPUT, "dump-empty", "the file is empty");
		fault_at(f, d->file, 0);
		return DUMP_BROKEN;
	}
	if (!d->rows && (d->elements != 1 || !known_root(d->root))) {
		fault(f, FAULT_INPUT, "dump-foreign",
		      "no <row> in it: not a file of a data dump");
		fault_at(f, d->file, 0);
		return DUMP_BROKEN;
	}
	if (d->elements && !d->complete && !d->complained) {
		fault(f, FAULT_INPUT, "dump-cut",
		      "the file ends without its closing tag: rows are "
		      "missing");
		fault_at(f, d->file, dump_line(d, d->at));
		return DUMP_BROKEN;
	}
	return DUMP_END;
}

/* Steps over the byte order mark; false: too few bytes to tell. */
static bool dump_mark(struct dump_scan *d)
{
	struct slice head = buf_slice(&d->window);

	if (head.len < 3 && !d->closed)
		return false;
	d->marked = true;
	if (slice_starts(head, SLICE("\xEF\xBB\xBF")))
		dump_pass(d, 3);
	return true;
}

enum dump_step dump_next(struct dump_scan *d, struct dump_row *row,
                         struct fault *f)
{
	bool go = d->marked || dump_mark(d);

	while (go && d->mode != MODE_END) {
		if (d->mode == MODE_ROW) {
			enum dump_step step = dump_row_step(d, row, f);

			if (step != DUMP_MORE)
				return step;
			go = false;
		} else if (d->mode == MODE_SKIP) {
			go = dump_skip(d);
		} else {
			go = dump_outside(d);
		}
		if (!go && d->closed)
			return dump_last(d, f);
	}
	return d->mode == MODE_END ? DUMP_END : DUMP_MORE;
}

struct slice dump_raw(const struct dump_row *row, const char *name)
{
	size_t len = strlen(name), i;

	for (i = 0; i < row->count; i++)
		if (row->attributes[i].name.len == len &&
		    !memcmp(row->attributes[i].name.at, name, len))
			return row->attributes[i].raw;
	return (struct slice){ 0 };
}

struct slice dump_text(const struct dump_row *row, const char *name,
                       struct arena *a)
{
	return entity_decode(dump_raw(row, name), a);
}
