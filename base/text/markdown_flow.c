/*
 * Everything wanted is remembered and written when content comes: newlines,
 * boxes, a space, marks. What Markdown would misread is escaped by the rules
 * of CommonMark 0.30 at that place: line starts (sections 4 and 5), flanking
 * runs of * and _ (6.2), brackets, tags, entities. TeX between dollars or
 * behind \( and \[ goes through as it is.
 */

#include "base/text/markdown_flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { CLASS_PLAIN, CLASS_SPACE, CLASS_DROP, CLASS_LATIN, CLASS_MARK };

static const unsigned char classes[256] = {
	[0x00 ... 0x08] = CLASS_DROP, ['\t'] = CLASS_SPACE,
	['\n'] = CLASS_SPACE,         [0x0B] = CLASS_DROP,
	['\f'] = CLASS_SPACE,         ['\r'] = CLASS_SPACE,
	[0x0E ... 0x1F] = CLASS_DROP, [' '] = CLASS_SPACE,
	['$'] = CLASS_MARK,           ['&'] = CLASS_MARK,
	['*'] = CLASS_MARK,           ['<'] = CLASS_MARK,
	['['] = CLASS_MARK,           ['\\'] = CLASS_MARK,
	[']'] = CLASS_MARK,           ['_'] = CLASS_MARK,
	['`'] = CLASS_MARK,           ['|'] = CLASS_MARK,
	['~'] = CLASS_MARK,           [0x7F] = CLASS_DROP,
	[0xC2] = CLASS_LATIN,
};

static const struct {
	const char *open, *close;
} marks[] = {
	[FLOW_NOTHING] = { "", "" },        [FLOW_STRONG] = { "**", "**" },
	[FLOW_EM] = { "*", "*" },           [FLOW_DELETED] = { "~~", "~~" },
	[FLOW_QUOTED] = { "\"", "\"" },     [FLOW_KBD] = { "<kbd>", "</kbd>" },
	[FLOW_SUP] = { "<sup>", "</sup>" }, [FLOW_SUB] = { "<sub>", "</sub>" },
	[FLOW_LINK] = { "[", "](" },
};

void flow_init(struct flow *w, struct buf *out)
{
	*w = (struct flow){
		.out = out,
		.start = out->len,
		.hrefs = BUF_INIT(out->ceiling),
	};
}

void flow_release(struct flow *w)
{
	free(w->marks);
	buf_release(&w->hrefs);
}

/* The last byte of ours, or 0. */
static char flow_last(const struct flow *w)
{
	return w->out->len > w->start ? w->out->at[w->out->len - 1] : 0;
}

/* Writes the closing of a mark; it stays on the stack. */
static void flow_mark_end(struct flow *w, struct flow_mark *m)
{
	buf_text(w->out, marks[m->kind].close);
	if (m->kind == FLOW_LINK) {
		buf_add(w->out,
		        slice_cut(buf_slice(&w->hrefs), m->href, m->to));
		buf_byte(w->out, ')');
	}
	m->open = false;
	w->closed_at = w->out->len;
	w->closed = m->kind;
}

static void flow_marks_end(struct flow *w)
{
	size_t i;

	for (i = w->mark_count; i-- > 0;)
		if (w->marks[i].open)
			flow_mark_end(w, &w->marks[i]);
}

static void flow_trim(struct flow *w)
{
	while (flow_last(w) == ' ')
		buf_cut(w->out, w->out->len - 1);
}

void flow_gap(struct flow *w, int lines)
{
	if (w->mode == FLOW_LINE)
		w->space |= w->content;
	if (w->mode == FLOW_CELL && w->content && !w->breaks)
		w->breaks = 1;
	if (w->mode != FLOW_BLOCKS)
		return;
	flow_marks_end(w);
	w->space = w->content = false;
	w->breaks = 0;
	if (w->box_count && w->boxes[w->box_count - 1].fresh)
		return;
	if (w->gap < lines)
		w->gap = lines;
}

void flow_gap_set(struct flow *w, int lines)
{
	flow_gap(w, lines);
	if (w->mode == FLOW_BLOCKS && w->gap > lines)
		w->gap = lines;
}

void flow_box_open(struct flow *w, const char *first, const char *rest)
{
	struct flow_box *box;

	if (w->box_hidden || w->box_count == FLOW_BOXES) {
		w->box_hidden++;
		return;
	}
	box = &w->boxes[w->box_count++];
	box->fresh = true;
	snprintf(box->first, sizeof(box->first), "%s", first);
	snprintf(box->rest, sizeof(box->rest), "%s", rest);
}

void flow_box_close(struct flow *w)
{
	if (w->box_hidden) {
		w->box_hidden--;
		return;
	}
	assert(w->box_count);
	w->box_count--;
	if (w->low > w->box_count)
		w->low = w->box_count;
}

void flow_line(struct flow *w)
{
	size_t i;

	if (w->out->len > w->start) {
		if (w->list_end)
			w->gap = 2;
		buf_byte(w->out, '\n');
		if (w->gap > 1) {
			for (i = 0; i < w->low; i++)
				buf_text(w->out, w->boxes[i].rest);
			flow_trim(w);
			buf_byte(w->out, '\n');
		}
	}
	for (i = 0; i < w->box_count; i++) {
		struct flow_box *box = &w->boxes[i];

		buf_text(w->out, box->fresh ? box->first : box->rest);
		box->fresh = false;
	}
	w->low = w->box_count;
	w->gap = 0;
	w->list_end = 0;
	w->line_start = true;
	w->bracket = false;
}

/* The <br>s that were asked for; two of them end the paragraph. */
static void flow_breaks(struct flow *w)
{
	int breaks = w->breaks;

	w->breaks = 0;
	if (w->mode == FLOW_CELL) {
		buf_text(w->out, "<br>");
	} else if (breaks == 1) {
		buf_byte(w->out, '\\');
		w->gap = 1;
		flow_line(w);
	} else {
		flow_gap(w, 2);
		flow_line(w);
	}
}

static void flow_mark_start(struct flow *w, struct flow_mark *m)
{
	size_t width = strlen(marks[m->kind].close);

	m->open = true;
	if (m->kind == w->closed && m->kind < FLOW_QUOTED &&
	    m->kind != FLOW_NOTHING && w->closed_at == w->out->len) {
		buf_cut(w->out, w->out->len - width);
		return;
	}
	/* "!" before a link would make it an image. */
	if (m->kind == FLOW_LINK && flow_last(w) == '!') {
		buf_cut(w->out, w->out->len - 1);
		buf_text(w->out, "\\!");
	}
	buf_text(w->out, marks[m->kind].open);
	w->line_start = false;
}

/* Writes what is wanted before inline content. */
static void flow_start(struct flow *w)
{
	size_t i;

	if (w->mode == FLOW_BLOCKS && (w->gap || !w->content)) {
		flow_line(w);
	} else if (w->mode == FLOW_LINE && !w->content) {
		flow_line(w);
		buf_add(w->out, slice_cut(SLICE("###### "), 6 - w->level, 7));
		w->line_start = false;
	} else if (w->mode == FLOW_CELL && !w->content) {
		buf_byte(w->out, ' ');
	} else if (w->breaks) {
		flow_breaks(w);
	} else if (w->space && w->content) {
		buf_byte(w->out, ' ');
	}
	w->content = true;
	w->space = false;
	for (i = 0; i < w->mark_count; i++)
		if (!w->marks[i].open && w->marks[i].kind != FLOW_NOTHING)
			flow_mark_start(w, &w->marks[i]);
}

void flow_mark_open(struct flow *w, enum flow_mark_kind kind, struct slice href)
{
	struct flow_mark *m;

	if (w->open[kind])
		kind = FLOW_NOTHING;
	w->marks = memory_room(w->marks, w->mark_count, &w->mark_cap,
	                       sizeof(*w->marks));
	m = &w->marks[w->mark_count++];
	*m = (struct flow_mark){ .kind = kind, .href = w->hrefs.len };
	buf_add(&w->hrefs, href);
	m->to = w->hrefs.len;
	w->open[kind]++;
}

void flow_mark_close(struct flow *w)
{
	struct flow_mark *m;

	assert(w->mark_count);
	m = &w->marks[w->mark_count - 1];
	if (m->open)
		flow_mark_end(w, m);
	w->open[m->kind]--;
	buf_cut(&w->hrefs, m->href);
	w->mark_count--;
}

void flow_space(struct flow *w)
{
	w->space = true;
}

void flow_break(struct flow *w)
{
	if (w->mode == FLOW_LINE)
		w->space = true;
	else if (w->content && !(w->mode == FLOW_CELL && w->breaks))
		w->breaks++;
}

static bool text_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool text_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool text_space(char c)
{
	return classes[(unsigned char)c] == CLASS_SPACE || !c;
}

static bool text_punctuation(char c)
{
	return c > ' ' && c < 0x7F && !text_digit(c) && !text_letter(c);
}

/* How many times the byte at `at` stands there in a row. */
static size_t text_run(struct slice s, size_t at)
{
	size_t n = 1;

	while (at + n < s.len && s.at[at + n] == s.at[at])
		n++;
	return n;
}

/* What CommonMark takes a sequence of UTF-8 for: white space ' ', punctuation
 * '.', a letter 'x'; ASCII is itself. The blocks are those in use: Latin-1,
 * general punctuation, CJK, full width. */
static char text_class(const unsigned char *p, size_t len)
{
	if (!len || p[0] < 0x80)
		return len ? (char)p[0] : 0;
	if (len >= 2 && p[0] == 0xC2)
		return p[1] == 0xA0 ? ' ' : p[1] < 0xC0 ? '.' : 'x';
	if (len >= 3 && ((p[0] == 0xE2 && (p[1] == 0x80 || p[1] == 0x81)) ||
	                 (p[0] == 0xE3 && p[1] == 0x80) ||
	                 (p[0] == 0xEF && p[1] >= 0xBC && p[2] < 0x90)))
		return '.';
	return 'x';
}

char flow_before(struct slice s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.at;
	size_t from = at;

	while (from && at - from < 4 && (p[--from] & 0xC0) == 0x80)
		;
	return at ? text_class(p + from, at - from) : 0;
}

char flow_after(struct slice s, size_t at)
{
	return at < s.len ? text_class((const unsigned char *)s.at + at,
	                               s.len - at)
	                  : 0;
}

/* What stands before s.at[at] in the line, 0 for nothing. */
static char text_before(const struct flow *w, struct slice s, size_t at)
{
	if (at)
		return flow_before(s, at);
	if (w->space || w->breaks || w->gap || !w->content)
		return 0;
	return flow_before(slice_cut(buf_slice(w->out), w->start, w->out->len),
	                   w->out->len - w->start);
}

static char text_after(struct slice s, size_t at, bool more)
{
	return at < s.len ? flow_after(s, at) : more ? 'x' : 0;
}

/* Whether the run of * or _ at `at` has to be escaped. */
static bool text_emphasis(const struct flow *w, struct slice s, size_t at,
                          size_t run, bool more)
{
	char before = text_before(w, s, at);
	char after = text_after(s, at + run, more);
	bool left = !text_space(after) &&
	            (!text_punctuation(after) || text_space(before) ||
	             text_punctuation(before));
	bool right = !text_space(before) &&
	             (!text_punctuation(before) || text_space(after) ||
	              text_punctuation(after));
	struct slice rest = slice_cut(s, at + run, s.len);

	if (s.at[at] == '*' && (w->open[FLOW_STRONG] || w->open[FLOW_EM]))
		return left || right;
	if (s.at[at] == '_' && right && !text_punctuation(before))
		return false;
	return left && (more || slice_find(rest, s.at[at]) < rest.len);
}

/* Whether "&...;" at `at` would be read as an entity. */
static bool text_entity(struct slice s, size_t at)
{
	size_t i = at + 1, from;

	if (i < s.len && s.at[i] == '#')
		i++;
	from = i;
	while (i < s.len && i - from < 32 &&
	       (text_letter(s.at[i]) || text_digit(s.at[i])))
		i++;
	return i > from && i < s.len && s.at[i] == ';';
}

/* Whether the dollar at `at` can end TeX: not "$HOME/$USER", "$5 or $6". */
static bool tex_ends(struct slice s, size_t at)
{
	char after = at + 1 < s.len ? s.at[at + 1] : 0;

	return !text_space(s.at[at - 1]) && !text_letter(after) &&
	       !text_digit(after) && (!after || !strchr("{(_", after));
}

size_t flow_tex(struct slice s, size_t at)
{
	struct slice rest = slice_cut(s, at, s.len);
	bool dollar = rest.at[0] == '$';
	size_t head = slice_starts(rest, SLICE("$$")) || !dollar ? 2 : 1;
	struct slice tail = slice_cut(rest, 0, head);
	size_t i;

	if (!dollar && slice_eq(tail, SLICE("\\(")))
		tail = SLICE("\\)");
	else if (!dollar && slice_eq(tail, SLICE("\\[")))
		tail = SLICE("\\]");
	else if (!dollar)
		return 0;
	if (rest.len <= head || (head == 1 && text_space(rest.at[1])))
		return 0;
	for (i = head; i < rest.len && rest.at[i] != '`'; i++) {
		if (slice_starts(slice_cut(rest, i, rest.len), tail))
			return head == 2 || tex_ends(rest, i) ? i + head : 0;
		if (rest.at[i] == '\\')
			i++;
	}
	return 0;
}

/* Code or TeX: as it is but for white space, controls, and | in cells. */
static void text_verbatim(struct flow *w, struct slice s)
{
	bool space = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char class = classes[(unsigned char)s.at[i]];

		if (class == CLASS_SPACE) {
			space = true;
			continue;
		}
		if (class == CLASS_DROP)
			continue;
		if (class == CLASS_LATIN && i + 1 < s.len &&
		    (unsigned char)s.at[i + 1] < 0xA0) {
			i++;
			continue;
		}
		if (space)
			buf_byte(w->out, ' ');
		if (s.at[i] == '|' && w->mode == FLOW_CELL)
			buf_byte(w->out, '\\');
		buf_byte(w->out, s.at[i]);
		space = false;
	}
}

/* At the start of a line: where a backslash has to go, or SIZE_MAX. */
static size_t text_block(struct slice s)
{
	char c = s.at[0];
	size_t run = text_run(s, 0);
	char after = flow_after(s, run);
	size_t i;

	if (c == '>')
		return 0;
	if (c == '#')
		return run <= 6 && text_space(after) ? 0 : SIZE_MAX;
	if (c == '-' || c == '+' || c == '*' || c == '=' || c == '_')
		return text_space(after) ? 0 : SIZE_MAX;
	if (c == '~')
		return run > 2 ? 0 : SIZE_MAX;
	for (i = 0; i < s.len && i < 9 && text_digit(s.at[i]); i++)
		;
	if (i && i < s.len && (s.at[i] == '.' || s.at[i] == ')') &&
	    text_space(flow_after(s, i + 1)))
		return i;
	return SIZE_MAX;
}

/* Writes a run of one byte, each escaped or none. */
static void text_put_run(struct flow *w, char c, size_t run, bool escape)
{
	while (run--) {
		if (escape)
			buf_byte(w->out, '\\');
		buf_byte(w->out, c);
	}
}

/* Whether the one byte at `at` needs a backslash before it. */
static bool text_escape(const struct flow *w, struct slice s, size_t at,
                        bool more)
{
	char after = text_after(s, at + 1, more);

	switch (s.at[at]) {
	case '`':
		return true;
	case '[':
		return w->open[FLOW_LINK];
	case ']':
		return w->open[FLOW_LINK] || after == '(' ||
		       (after == ':' && w->bracket);
	case '<':
		return text_letter(after) || after == '/' || after == '!' ||
		       after == '?';
	case '&':
		return text_entity(s, at);
	case '|':
		return w->mode == FLOW_CELL;
	case '\\':
		return text_punctuation(after) || (more && at + 1 == s.len);
	default:
		return false;
	}
}

/* Whether the run of ~ at `at` could strike out what follows. */
static bool text_strike(struct slice s, size_t at, size_t run)
{
	struct slice rest = slice_cut(s, at + run, at + run + 500);
	size_t i;

	if (run > 1)
		return true;
	for (i = 1; i < rest.len; i++)
		if (rest.at[i] == '~' && !text_space(rest.at[i - 1]))
			return true;
	return false;
}

/* One marked byte, or a run of them; returns how many were taken. */
static size_t text_put_mark(struct flow *w, struct slice s, size_t at,
                            bool more)
{
	char c = s.at[at];
	size_t tex = c == '$' || c == '\\' ? flow_tex(s, at) : 0;
	size_t run;

	if (tex) {
		text_verbatim(w, slice_cut(s, at, at + tex));
		w->line_start = false;
		return tex;
	}
	if (c == '*' || c == '_' || c == '~') {
		run = text_run(s, at);
		text_put_run(w, c, run,
		             c == '~' ? text_strike(s, at, run)
		                      : text_emphasis(w, s, at, run, more));
		return run;
	}
	if (c == '[' && w->line_start)
		w->bracket = true;
	if (text_escape(w, s, at, more))
		buf_byte(w->out, '\\');
	buf_byte(w->out, c);
	return 1;
}

/* Escapes what would start a block at `at`; returns where to go on. */
static size_t text_lead(struct flow *w, struct slice s, size_t at)
{
	size_t escape = SIZE_MAX;

	if (w->line_start && w->mode == FLOW_BLOCKS)
		escape = text_block(slice_cut(s, at, s.len));
	else if (!at && s.at[0] == '(' && flow_last(w) == ']')
		escape = 0;
	if (escape == SIZE_MAX)
		return at;
	buf_add(w->out, slice_cut(s, at, at + escape));
	buf_byte(w->out, '\\');
	buf_byte(w->out, s.at[at + escape]);
	w->line_start = false;
	return at + escape + 1;
}

/* How the byte at `at` is to be taken: one that starts a character beyond
 * U+00A0 is plain. */
static unsigned char text_kind(struct slice s, size_t at)
{
	unsigned char class = classes[(unsigned char)s.at[at]];

	if (class == CLASS_LATIN && at + 1 < s.len &&
	    (unsigned char)s.at[at + 1] > 0xA0)
		return CLASS_PLAIN;
	return class;
}

/* Whether the white space at `at` is one between two words. */
static bool text_gap(struct slice s, size_t at)
{
	unsigned char next = at + 1 < s.len ? text_kind(s, at + 1) : CLASS_DROP;

	return next == CLASS_PLAIN || next == CLASS_MARK;
}

/* Writes words from `at` on, up to their end, wider white space or a dropped
 * byte; returns where that is. */
static size_t text_words(struct flow *w, struct slice s, size_t at, bool more)
{
	size_t from;

	flow_start(w);
	from = at = text_lead(w, s, at);
	for (; at < s.len; at++) {
		unsigned char class = text_kind(s, at);

		if (class == CLASS_PLAIN)
			continue;
		if (class == CLASS_SPACE && text_gap(s, at)) {
			if (s.at[at] == ' ')
				continue;
			buf_add(w->out, slice_cut(s, from, at));
			buf_byte(w->out, ' ');
			from = at + 1;
			continue;
		}
		if (class != CLASS_MARK)
			break;
		buf_add(w->out, slice_cut(s, from, at));
		w->line_start &= from == at;
		at += text_put_mark(w, s, at, more) - 1;
		w->line_start = false;
		from = at + 1;
	}
	buf_add(w->out, slice_cut(s, from, at));
	w->line_start = false;
	return at;
}

void flow_text(struct flow *w, struct slice s, bool more)
{
	size_t at = 0;

	while (at < s.len) {
		switch (classes[(unsigned char)s.at[at]]) {
		case CLASS_SPACE:
			w->space = true;
			at++;
			break;
		case CLASS_DROP:
			at++;
			break;
		case CLASS_LATIN:
			/* U+0080 to U+009F are dropped, U+00A0 is a space. */
			if (at + 1 < s.len &&
			    (unsigned char)s.at[at + 1] <= 0xA0) {
				w->space |= (unsigned char)s.at[at + 1] == 0xA0;
				at += 2;
				break;
			}
			at = text_words(w, s, at, more);
			break;
		default:
			at = text_words(w, s, at, more);
		}
	}
}

/* The longest run of backquotes in `s`. */
static size_t code_quotes(struct slice s)
{
	size_t most = 0, at = 0;

	while ((at += slice_find(slice_cut(s, at, s.len), '`')) < s.len) {
		size_t run = text_run(s, at);

		if (run > most)
			most = run;
		at += run;
	}
	return most;
}

void flow_raw(struct flow *w, struct slice s)
{
	flow_start(w);
	text_verbatim(w, s);
	w->line_start = false;
}

void flow_code(struct flow *w, struct slice s)
{
	size_t quotes = code_quotes(s) + 1;
	size_t head = 0, before;
	bool pad;

	while (head < s.len && text_space(s.at[head]))
		head++;
	w->space |= head > 0;
	s = slice_trim(slice_cut(s, head, s.len));
	if (!s.len)
		return;
	flow_start(w);
	before = w->out->len;
	text_put_run(w, '`', quotes, false);
	pad = s.at[0] == '`' || s.at[s.len - 1] == '`';
	if (pad)
		buf_byte(w->out, ' ');
	head = w->out->len;
	text_verbatim(w, s);
	if (w->out->len == head) { /* nothing but controls */
		buf_cut(w->out, before);
		return;
	}
	if (pad)
		buf_byte(w->out, ' ');
	text_put_run(w, '`', quotes, false);
	w->line_start = false;
}

/* One line of a block of code, control characters left out. */
static void fence_line(struct flow *w, struct slice s)
{
	size_t i, from = 0;

	for (i = 0; i < s.len; i++) {
		unsigned char class = classes[(unsigned char)s.at[i]];
		bool latin = class == CLASS_LATIN && i + 1 < s.len &&
		             (unsigned char)s.at[i + 1] < 0xA0;

		if (class != CLASS_DROP && s.at[i] != '\r' && s.at[i] != '\f' &&
		    !latin)
			continue;
		buf_add(w->out, slice_cut(s, from, i));
		i += latin;
		from = i + 1;
	}
	buf_add(w->out, slice_cut(s, from, s.len));
}

void flow_fence(struct flow *w, struct slice language, struct slice s)
{
	size_t quotes = code_quotes(s) + 1, at = 0;

	if (quotes < 3)
		quotes = 3;
	flow_gap(w, 2);
	flow_line(w);
	text_put_run(w, '`', quotes, false);
	buf_add(w->out, language);
	while (at < s.len) {
		size_t end = at + slice_find(slice_cut(s, at, s.len), '\n');

		flow_line(w);
		if (end == at)
			flow_trim(w);
		fence_line(w, slice_cut(s, at, end));
		at = end + 1;
	}
	flow_line(w);
	text_put_run(w, '`', quotes, false);
	flow_gap(w, 2);
}

void flow_heading_open(struct flow *w, unsigned level)
{
	assert(level >= 1 && level <= 6);
	flow_gap(w, 2);
	w->mode = FLOW_LINE;
	w->level = level;
}

void flow_heading_close(struct flow *w)
{
	w->mode = FLOW_BLOCKS;
	flow_gap(w, 2);
}

void flow_cell_open(struct flow *w)
{
	w->mode = FLOW_CELL;
	w->content = w->space = w->line_start = false;
	w->breaks = 0;
}

void flow_cell_close(struct flow *w)
{
	flow_marks_end(w);
	buf_text(w->out, " |");
	w->content = w->space = false;
	w->breaks = 0;
	w->mode = FLOW_BLOCKS;
}
