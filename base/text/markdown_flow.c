/*
 * Everything wanted is remembered and written when content comes: newlines,
 * boxes, a space, marks. What has to be escaped markdown_escape.c knows; TeX
 * between dollars or behind \( and \[ goes through as it is.
 */

#include "base/text/markdown_flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/markdown_escape.h"

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

/* What stands before s.at[at] in the line, 0 for nothing. */
static char text_before(const struct flow *w, struct slice s, size_t at)
{
	if (at)
		return escape_before(s, at);
	if (w->space || w->breaks || w->gap || !w->content)
		return 0;
	return escape_before(
	        slice_cut(buf_slice(w->out), w->start, w->out->len),
	        w->out->len - w->start);
}

static char text_after(struct slice s, size_t at, bool more)
{
	return at < s.len ? escape_after(s, at) : more ? 'x' : 0;
}

/* Whether the run of * or _ at `at` has to be escaped. */
static bool text_emphasis(const struct flow *w, struct slice s, size_t at,
                          size_t run, bool more)
{
	char before = text_before(w, s, at);
	char after = text_after(s, at + run, more);
	bool opens = escape_opens(before, after);
	bool closes = escape_closes(before, after);
	struct slice rest = slice_cut(s, at + run, s.len);

	if (s.at[at] == '*' && (w->open[FLOW_STRONG] || w->open[FLOW_EM]))
		return opens || closes;
	if (s.at[at] == '_' && closes && !escape_punctuation(before))
		return false;
	return opens && (more || slice_find(rest, s.at[at]) < rest.len);
}

/* Code or TeX: as it is but for white space, controls, and | in cells. */
static void text_verbatim(struct flow *w, struct slice s)
{
	bool space = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char class = escape_class(s.at[i]);

		if (class == ESCAPE_SPACE) {
			space = true;
			continue;
		}
		if (class == ESCAPE_DROP)
			continue;
		if (class == ESCAPE_LATIN && i + 1 < s.len &&
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
		return escape_letter(after) || after == '/' || after == '!' ||
		       after == '?';
	case '&':
		return escape_entity(s, at);
	case '|':
		return w->mode == FLOW_CELL;
	case '\\':
		return escape_punctuation(after) || (more && at + 1 == s.len);
	default:
		return false;
	}
}

/* One marked byte, or a run of them; returns how many were taken. */
static size_t text_put_mark(struct flow *w, struct slice s, size_t at,
                            bool more)
{
	char c = s.at[at];
	size_t tex = c == '$' || c == '\\' ? escape_tex(s, at) : 0;
	size_t run;

	if (tex) {
		text_verbatim(w, slice_cut(s, at, at + tex));
		w->line_start = false;
		return tex;
	}
	if (c == '*' || c == '_' || c == '~') {
		run = escape_run(s, at);
		text_put_run(w, c, run,
		             c == '~' ? escape_strikes(s, at, run)
		                      : text_emphasis(w, s, at, run, more));
		return run;
	}
	/* An escaped dollar opens no TeX. */
	if (c == '\\' && at + 1 < s.len && s.at[at + 1] == '$') {
		buf_text(w->out, "\\\\$");
		return 2;
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
		escape = escape_block(slice_cut(s, at, s.len));
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

/* Whether the white space at `at` is one between two words. */
static bool text_gap(struct slice s, size_t at)
{
	unsigned char next =
	        at + 1 < s.len ? escape_class_at(s, at + 1) : ESCAPE_DROP;

	return next == ESCAPE_PLAIN || next == ESCAPE_MARK;
}

/* Writes words from `at` on, up to their end, wider white space or a dropped
 * byte; returns where that is. */
static size_t text_words(struct flow *w, struct slice s, size_t at, bool more)
{
	size_t from;

	flow_start(w);
	from = at = text_lead(w, s, at);
	for (; at < s.len; at++) {
		unsigned char class = escape_class_at(s, at);

		if (class == ESCAPE_PLAIN)
			continue;
		if (class == ESCAPE_SPACE && text_gap(s, at)) {
			if (s.at[at] == ' ')
				continue;
			buf_add(w->out, slice_cut(s, from, at));
			buf_byte(w->out, ' ');
			from = at + 1;
			continue;
		}
		if (class != ESCAPE_MARK)
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
		switch (escape_class(s.at[at])) {
		case ESCAPE_SPACE:
			w->space = true;
			at++;
			break;
		case ESCAPE_DROP:
			at++;
			break;
		case ESCAPE_LATIN:
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

void flow_raw(struct flow *w, struct slice s)
{
	flow_start(w);
	text_verbatim(w, s);
	w->line_start = false;
}

/* Whether text_verbatim() would leave nothing of it. */
static bool only_controls(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char class = escape_class(s.at[i]);
		bool latin = class == ESCAPE_LATIN && i + 1 < s.len &&
		             (unsigned char)s.at[i + 1] < 0xA0;

		if (class != ESCAPE_DROP && class != ESCAPE_SPACE && !latin)
			return false;
		i += latin;
	}
	return true;
}

void flow_code(struct flow *w, struct slice s)
{
	size_t quotes = escape_quotes(s) + 1;
	size_t head = 0;
	bool pad;

	while (head < s.len && escape_space(s.at[head]))
		head++;
	w->space |= head > 0;
	s = slice_trim(slice_cut(s, head, s.len));
	if (only_controls(s))
		return;
	flow_start(w);
	/* Two spans without a space between would be one. */
	if (flow_last(w) == '`')
		buf_byte(w->out, ' ');
	text_put_run(w, '`', quotes, false);
	pad = s.at[0] == '`' || s.at[s.len - 1] == '`';
	if (pad)
		buf_byte(w->out, ' ');
	text_verbatim(w, s);
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
		unsigned char class = escape_class(s.at[i]);
		bool latin = class == ESCAPE_LATIN && i + 1 < s.len &&
		             (unsigned char)s.at[i + 1] < 0xA0;

		if (class != ESCAPE_DROP && s.at[i] != '\r' &&
		    s.at[i] != '\f' && !latin)
			continue;
		buf_add(w->out, slice_cut(s, from, i));
		i += latin;
		from = i + 1;
	}
	buf_add(w->out, slice_cut(s, from, s.len));
}

void flow_fence(struct flow *w, struct slice language, struct slice s)
{
	size_t quotes = escape_quotes(s) + 1, at = 0;

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
	w->list_end = 0;
	buf_text(w->out, " |");
	w->content = w->space = false;
	w->breaks = 0;
	w->mode = FLOW_BLOCKS;
}
