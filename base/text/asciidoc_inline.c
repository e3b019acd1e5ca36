/*
 * One pass, with what is open on a stack of spans. A mark between words
 * (constrained: *a*) or anywhere (**a**) opens where an end for it is found.
 * Macros are found at their colon.
 */

#include <string.h>

#include "base/limits.h"
#include "base/text/asciidoc_parts.h"
#include "base/text/lines.h"
#include "base/text/span.h"

enum inline_kind {
	INLINE_STRONG,
	INLINE_EM,
	INLINE_MARKED,
	INLINE_SUP,
	INLINE_SUB,
	INLINE_LINK,
	INLINE_NOTE,
	INLINE_QUOTED,
	INLINE_CODE, /* 8 to 15: code and passes, by mark and width */
	INLINE_PASS = INLINE_CODE + 3,
};

struct inliner {
	struct asciidoc *p;
	struct flow *flow;
	struct slice s;
	size_t from, at; /* text from `from` on is not written yet */
	struct spans spans;
	size_t no_target;  /* no [ up to there */
	size_t no_bracket; /* no ] up to there */
};

enum { BRACKET_MOST = 2048 };

static size_t limit_of(const struct inliner *n)
{
	return span_limit(&n->spans, n->s.len);
}

static char byte_at(const struct inliner *n, size_t at)
{
	return at < limit_of(n) ? n->s.at[at] : 0;
}

static struct slice rest_at(const struct inliner *n, size_t at)
{
	return slice_cut(n->s, at, limit_of(n));
}

static void flush(struct inliner *n, size_t to)
{
	struct slice s = slice_cut(n->s, n->from, to);

	if (s.len)
		flow_text(n->flow, s, to < n->s.len);
	n->from = to;
}

/* Goes on behind what was just written. */
static void skip_to(struct inliner *n, size_t to)
{
	n->at = n->from = to;
}

/*
 * Where the `width` marks that close those at `at` stand, or 0. Constrained:
 * blanks may not stand inside of them, nor letters outside.
 */
static size_t find_close(struct inliner *n, unsigned kind, size_t at, char mark,
                         size_t width, bool constrained)
{
	size_t from = at + width, limit = limit_of(n), i = from + 1;
	struct slice s = slice_cut(n->s, 0, limit);

	if (!span_may_open(&n->spans, kind, from, limit))
		return 0;
	if (from >= limit ||
	    (constrained && (line_blank(slice_cut(s, from, from + 1)) ||
	                     (at && (line_word(s.at[at - 1]) ||
	                             strchr(";:}", s.at[at - 1]))))))
		return 0;
	for (; i + width <= limit; i++) {
		i += slice_find(slice_cut(s, i, limit), mark);
		if (i + width > limit)
			break;
		if (line_run(slice_cut(s, i, i + width), mark) < width)
			continue;
		if (!constrained)
			return i;
		if (!line_blank(slice_cut(s, i - 1, i)) &&
		    !(i + 1 < limit && line_word(s.at[i + 1])) &&
		    s.at[i - 1] != '\\')
			return i;
	}
	span_none(&n->spans, kind, from, limit);
	return 0;
}

static void open_span(struct inliner *n, unsigned kind,
                      enum flow_mark_kind mark, size_t behind, size_t close,
                      size_t width)
{
	paper_mark(&n->p->paper, mark);
	span_open(&n->spans, kind, close, width);
	skip_to(n, behind);
}

/* * _ # ^ ~ */
static bool open_mark(struct inliner *n, size_t at)
{
	static const struct {
		char byte;
		enum inline_kind kind;
		enum flow_mark_kind mark;
		bool unconstrained; /* at its single form already */
	} table[] = {
		{ '*', INLINE_STRONG, FLOW_STRONG, false },
		{ '_', INLINE_EM, FLOW_EM, false },
		{ '#', INLINE_MARKED, FLOW_NOTHING, false },
		{ '^', INLINE_SUP, FLOW_SUP, true },
		{ '~', INLINE_SUB, FLOW_SUB, true },
	};
	size_t i = 0, close = 0, width;
	char c = n->s.at[at];

	while (table[i].byte != c)
		i++;
	if (table[i].unconstrained) {
		close = find_close(n, table[i].kind, at, c, 1, false);
		for (size_t j = at + 1; j < close; j++)
			if (strchr(" \n", n->s.at[j]))
				return false;
		width = 1;
	} else {
		width = byte_at(n, at + 1) == c ? 2 : 1;
		close = find_close(n, table[i].kind, at, c, width, width == 1);
	}
	if (!close || close == at + width)
		return false;
	flush(n, at);
	open_span(n, table[i].kind, table[i].mark, at + width, close, width);
	return true;
}

/* A code span; `+inner+` is literal. */
static bool put_code(struct inliner *n, size_t at)
{
	size_t width = byte_at(n, at + 1) == '`' ? 2 : 1, close;
	struct slice code;

	close = find_close(n, INLINE_CODE + (unsigned)width, at, '`', width,
	                   width == 1);
	if (!close || close == at + width)
		return false;
	flush(n, at);
	code = slice_cut(n->s, at + width, close);
	if (code.len > 2 && code.at[0] == '+' && code.at[code.len - 1] == '+')
		code = slice_cut(code, 1, code.len - 1);
	if (width == 1 && at && at + 1 < n->s.len && close + 1 < n->s.len &&
	    strchr("\"'", n->s.at[at - 1]) &&
	    n->s.at[close + 1] == n->s.at[at - 1]) {
		flow_text(n->flow, code, true);
	} else {
		flow_code(n->flow, code);
	}
	skip_to(n, close + width);
	return true;
}

/* +a+, ++a++, +++a+++: text as it is. */
static bool put_pass(struct inliner *n, size_t at)
{
	size_t width, close;

	width = line_run(slice_cut(rest_at(n, at), 0, 4), '+');

	if (width > 3)
		return false;
	close = find_close(n, INLINE_PASS + (unsigned)width, at, '+', width,
	                   width == 1);
	if (!close || close == at + width)
		return false;
	flush(n, at);
	flow_text(n->flow, slice_cut(n->s, at + width, close), true);
	skip_to(n, close + width);
	return true;
}

/* A hard break: " +" at the end of a line. */
static bool put_break(struct inliner *n, size_t at)
{
	if (!at || n->s.at[at - 1] != ' ' ||
	    (at + 1 < n->s.len && n->s.at[at + 1] != '\n'))
		return false;
	flush(n, at);
	flow_break(n->flow);
	skip_to(n, at + 1);
	return true;
}

/* Where the bracket that opens at `at` closes, or 0. */
static size_t bracket_end(struct inliner *n, size_t at)
{
	struct slice s = slice_cut(n->s, 0, limit_of(n));
	size_t i, depth = 0;
	bool any = false;

	if (at < n->no_bracket)
		return 0;
	s = slice_cut(s, 0, at + BRACKET_MOST);
	for (i = at + 1; i < s.len; i++) {
		if (s.at[i] == '\\' && i + 1 < s.len && s.at[i + 1] == ']')
			i++;
		else if (s.at[i] == '[')
			depth++;
		else if (s.at[i] == ']' && !depth--)
			return i;
		any |= s.at[i] == ']';
	}
	if (!any)
		n->no_bracket = s.len;
	return 0;
}

/* Opens a link whose text stands between `from` and `end`, a bracket. */
static void open_link(struct inliner *n, struct slice href, size_t from,
                      size_t end, struct slice otherwise)
{
	struct slice text = slice_cut(n->s, from, end);
	size_t close = end, comma = slice_find(text, ',');
	struct slice behind = slice_cut(text, comma, text.len);

	if (text.len > 1 && text.at[0] == '"') {
		from++;
		close = from + slice_find(slice_cut(text, 1, text.len), '"');
	} else if (slice_find(behind, '=') < behind.len) {
		close = from + comma;
	} else if (comma == text.len && slice_find(text, '=') < text.len &&
	           slice_find(text, ' ') == text.len) {
		close = from;
	}
	if (close > from && n->s.at[close - 1] == '^')
		close--;
	paper_link_open(&n->p->paper, href);
	if (close <= from || (n->spans.inside & 1u << INLINE_LINK)) {
		flow_text(n->flow,
		          close > from ? slice_cut(n->s, from, close)
		                       : otherwise,
		          true);
		flow_mark_close(n->flow);
		skip_to(n, end + 1);
		return;
	}
	span_open(&n->spans, INLINE_LINK, close, end + 1 - close);
	skip_to(n, from);
}

/* What a reference to an id says: the title of what it stands at, else
 * "other.adoc#id" without its marks. */
static struct slice reference_text(struct asciidoc *p, struct slice id)
{
	size_t i, from = slice_starts(id, SLICE("#"));
	const struct map_entry *title =
	        map_get(&p->titles, slice_cut(id, from, id.len));
	struct slice text = id;
	char *at;

	if (title)
		return *(const struct slice *)title->pointer;
	at = arena_new(p->a, id.len + 1);
	while (from < text.len && strchr("#_", text.at[from]))
		from++;
	for (i = from; i < text.len; i++)
		at[i - from] = text.at[i] == '_' ? ' ' : text.at[i];
	return (struct slice){ at, text.len - from };
}

/* Where an id or file leads: "id", "#id", "file.adoc#id". */
static struct slice reference(struct asciidoc *p, struct slice id)
{
	struct buf href = BUF_INIT(LIMIT_LINK);
	struct slice made;

	if (slice_find(id, '#') == id.len && slice_find(id, '.') == id.len &&
	    slice_find(id, '/') == id.len)
		buf_byte(&href, '#');
	buf_add(&href, id);
	made = arena_copy(p->a, buf_slice(&href));
	buf_release(&href);
	return made;
}

/* <<id,text>>, and <https://...>. */
static bool open_angle(struct inliner *n, size_t at)
{
	struct slice rest = slice_cut(rest_at(n, at), 0, 1024), id, text;
	size_t end = line_find(rest, SLICE(">>")), comma;

	if (slice_starts(rest, SLICE("<http"))) {
		end = slice_find(rest, '>');
		if (end == rest.len || slice_find(rest, ' ') < end)
			return false;
		flush(n, at);
		paper_address(&n->p->paper, slice_cut(rest, 1, end));
		skip_to(n, at + end + 1);
		return true;
	}
	if (!slice_starts(rest, SLICE("<<")) || end == rest.len || end < 3)
		return false;
	comma = slice_find(slice_cut(rest, 0, end), ',');
	id = slice_trim(slice_cut(rest, 2, comma));
	text = slice_trim(slice_cut(rest, comma + 1, end));
	if (!id.len)
		return false;
	flush(n, at);
	paper_link_open(&n->p->paper, reference(n->p, id));
	flow_text(n->flow, text.len ? text : reference_text(n->p, id), true);
	flow_mark_close(n->flow);
	skip_to(n, at + end + 2);
	return true;
}

/* Keys joined by plus, each in its mark. */
static void put_keys(struct inliner *n, struct slice keys)
{
	size_t at = 0, end;

	while (at < keys.len) {
		struct slice rest = slice_cut(keys, at, keys.len);

		end = slice_find(slice_cut(rest, 1, rest.len), '+') + 1;
		if (at)
			flow_raw(n->flow, SLICE("+"));
		paper_mark(&n->p->paper, FLOW_KBD);
		flow_text(n->flow, slice_trim(slice_cut(rest, 0, end)), false);
		flow_mark_close(n->flow);
		at += end + 1;
	}
}

static void put_strong(struct inliner *n, struct slice first,
                       struct slice second)
{
	paper_mark(&n->p->paper, FLOW_STRONG);
	flow_text(n->flow, first, true);
	if (second.len) {
		flow_text(n->flow, SLICE(" > "), true);
		flow_text(n->flow, second, false);
	}
	flow_mark_close(n->flow);
}

/* Macros that are written whole: true when it was one. */
static bool put_macro(struct inliner *n, struct slice name, struct slice target,
                      struct slice text)
{
	struct slice alt = slice_cut(text, 0, slice_find(text, ','));

	if (slice_eq(name, SLICE("kbd"))) {
		put_keys(n, text);
	} else if (slice_eq(name, SLICE("btn"))) {
		put_strong(n, text, (struct slice){ 0 });
	} else if (slice_eq(name, SLICE("menu"))) {
		put_strong(n, target, text);
	} else if (slice_eq(name, SLICE("image"))) {
		if (slice_find(alt, '=') < alt.len)
			alt.len = 0;
		paper_image(&n->p->paper, target, alt);
	} else if (slice_eq(name, SLICE("pass"))) {
		flow_text(n->flow, text, true);
	} else if (slice_eq(name, SLICE("stem")) ||
	           slice_eq(name, SLICE("latexmath")) ||
	           slice_eq(name, SLICE("asciimath"))) {
		flow_raw(n->flow, SLICE("$"));
		flow_raw(n->flow, text);
		flow_raw(n->flow, SLICE("$"));
	} else {
		return slice_eq(name, SLICE("icon")) ||
		       slice_eq(name, SLICE("anchor")) ||
		       slice_eq(name, SLICE("indexterm"));
	}
	return true;
}

/* Macros with text that is read on: true when it was one. */
static bool open_macro(struct inliner *n, struct slice name,
                       struct slice target, size_t from, size_t end)
{
	if (slice_eq(name, SLICE("link"))) {
		open_link(n, target, from, end, target);
	} else if (slice_eq(name, SLICE("xref"))) {
		open_link(n, reference(n->p, target), from, end,
		          reference_text(n->p, target));
	} else if (slice_eq(name, SLICE("mailto"))) {
		struct buf href = BUF_INIT(LIMIT_LINK);

		buf_text(&href, "mailto:");
		buf_add(&href, target);
		open_link(n, buf_slice(&href), from, end, target);
		buf_release(&href);
	} else if (slice_eq(name, SLICE("footnote")) &&
	           !(n->spans.inside & 1u << INLINE_NOTE) && end > from) {
		flow_space(n->flow);
		flow_text(n->flow, SLICE("("), true);
		open_span(n, INLINE_NOTE, FLOW_NOTHING, from, end, 1);
	} else {
		return false;
	}
	return true;
}

/* Where the address at `from` ends: at a blank, bracket, or punctuation that
 * belongs to the sentence. */
static size_t address_end(const struct inliner *n, size_t from)
{
	struct slice s = slice_cut(n->s, 0, limit_of(n));
	size_t i = from;

	while (i < s.len && (unsigned char)s.at[i] > ' ' &&
	       !strchr("[]<>\"`", s.at[i]) && (unsigned char)s.at[i] < 0x80)
		i++;
	if (i < s.len && s.at[i] == '[')
		return i;
	while (i > from && strchr(".,;:!?)'*_+", s.at[i - 1]))
		i--;
	return i;
}

/* http://... with or without [text]; `at` is its colon. */
static bool open_address(struct inliner *n, size_t start, size_t at)
{
	size_t end = address_end(n, at + 3), close = 0;
	struct slice href = slice_cut(n->s, start, end);

	if (end <= at + 3)
		return false;
	if (byte_at(n, end) == '[')
		close = bracket_end(n, end);
	flush(n, start);
	if (close) {
		open_link(n, href, end + 1, close, href);
	} else {
		paper_address(&n->p->paper, href);
		skip_to(n, end);
	}
	return true;
}

/* Where the bracket behind a macro's target opens, or 0. */
static size_t macro_target(struct inliner *n, size_t at, bool blanks)
{
	size_t end = at + 1;

	if (at < n->no_target && !blanks)
		return 0;
	while (byte_at(n, end) && byte_at(n, end) != '[' &&
	       end - at < (blanks ? 64 : BRACKET_MOST) &&
	       byte_at(n, end) != '\n' && (byte_at(n, end) != ' ' || blanks))
		end++;
	if (byte_at(n, end) == '[')
		return end;
	if (!blanks)
		n->no_target = end;
	return 0;
}

/* At a colon: the macro whose name stands before it. */
static bool open_colon(struct inliner *n, size_t at)
{
	size_t start = at, end, close;
	struct slice name, target, text;

	while (start > n->from && at - start < 12 &&
	       n->s.at[start - 1] >= 'a' && n->s.at[start - 1] <= 'z')
		start--;
	name = slice_cut(n->s, start, at);
	if (!name.len || (start && n->s.at[start - 1] == '\\'))
		return false;
	if (slice_starts(rest_at(n, at), SLICE("://")))
		return (slice_starts(name, SLICE("http")) ||
		        slice_eq(name, SLICE("ftp")) ||
		        slice_eq(name, SLICE("irc"))) &&
		       open_address(n, start, at);
	end = macro_target(n, at, slice_eq(name, SLICE("menu")));
	close = end ? bracket_end(n, end) : 0;
	if (!close)
		return false;
	target = slice_cut(n->s, at + 1, end);
	text = slice_cut(n->s, end + 1, close);
	if (!target.len &&
	    (slice_eq(name, SLICE("link")) || slice_eq(name, SLICE("image"))))
		return false;
	flush(n, start);
	if (open_macro(n, name, target, end + 1, close))
		return true;
	if (!put_macro(n, name, target, text))
		return false;
	skip_to(n, close + 1);
	return true;
}

/* [[anchor]], and the role before [.role]#text#. */
static bool skip_bracket(struct inliner *n, size_t at)
{
	struct slice rest = slice_cut(rest_at(n, at), 0, 200);
	size_t end;

	if (slice_starts(rest, SLICE("[["))) {
		end = line_find(rest, SLICE("]]"));
		if (end == rest.len || slice_find(rest, ' ') < end)
			return false;
		end += 2;
	} else {
		end = slice_find(rest, ']') + 1;
		if (end >= rest.len || !strchr("#*_`", rest.at[end]) ||
		    rest.len < 2 ||
		    !(strchr(".#", rest.at[1]) || line_word(rest.at[1])) ||
		    slice_find(rest, ' ') < end)
			return false;
	}
	flush(n, at);
	skip_to(n, at + end);
	return true;
}

/* Terms of an index: ((shown)), (((not shown))). */
static bool put_index(struct inliner *n, size_t at)
{
	struct slice rest = slice_cut(rest_at(n, at), 0, 200);
	bool hidden = slice_starts(rest, SLICE("((("));
	size_t end = line_find(rest, hidden ? SLICE(")))") : SLICE("))"));

	if (!slice_starts(rest, SLICE("((")) || end == rest.len)
		return false;
	flush(n, at);
	if (!hidden)
		flow_text(n->flow, slice_cut(rest, 2, end), true);
	skip_to(n, at + end + (hidden ? 3 : 2));
	return true;
}

static bool put_brace(struct inliner *n, size_t at)
{
	struct slice rest = slice_cut(rest_at(n, at), 0, 32), value;
	size_t end = slice_find(rest, '}');

	if (end == rest.len)
		return false;
	value = asciidoc_intrinsic(slice_cut(rest, 1, end));
	if (!value.at)
		return false;
	flush(n, at);
	flow_text(n->flow, value, true);
	skip_to(n, at + end + 1);
	return true;
}

/* A backslash before what would be markup. */
static bool skip_escape(struct inliner *n, size_t at)
{
	char next = byte_at(n, at + 1);
	size_t width = 1;

	if (!next || !strchr("*_`#^~{<[+(hlmkx", next))
		return false;
	if (line_word(next) &&
	    slice_find(slice_cut(rest_at(n, at), 0, 12), ':') >= 10)
		return false;
	flush(n, at);
	while (byte_at(n, at + 1 + width) == next && width < 3)
		width++;
	n->from = at + 1;
	n->at = at + 1 + width;
	return true;
}

static bool special(struct inliner *n, size_t at)
{
	switch (n->s.at[at]) {
	case '\\':
		return skip_escape(n, at);
	case '*':
	case '_':
	case '#':
	case '^':
	case '~':
		return open_mark(n, at);
	case '`':
		return put_code(n, at);
	case '+':
		return put_break(n, at) || put_pass(n, at);
	case '<':
		return open_angle(n, at);
	case ':':
		return open_colon(n, at);
	case '[':
		return skip_bracket(n, at);
	case '(':
		return put_index(n, at);
	case '{':
		return put_brace(n, at);
	default:
		return false;
	}
}

static void close_span(struct inliner *n)
{
	unsigned kind = n->spans.open[n->spans.count - 1].kind;

	flush(n, n->at);
	if (kind == INLINE_NOTE)
		flow_raw(n->flow, SLICE(")"));
	flow_mark_close(n->flow);
	skip_to(n, n->at + span_close(&n->spans));
}

void asciidoc_inline(struct asciidoc *p, struct slice s)
{
	static const bool marks[256] = {
		['\\'] = true, ['*'] = true, ['_'] = true, ['#'] = true,
		['^'] = true,  ['~'] = true, ['`'] = true, ['+'] = true,
		['<'] = true,  [':'] = true, ['['] = true, ['('] = true,
		['{'] = true,
	};
	struct inliner n = { .p = p, .flow = &p->paper.flow, .s = s };

	while (n.at < s.len && !buf_full(p->paper.flow.out)) {
		if (span_closes(&n.spans, n.at))
			close_span(&n);
		else if (!marks[(unsigned char)s.at[n.at]] ||
		         n.spans.count >= SPAN_DEPTH || !special(&n, n.at))
			n.at++;
	}
	while (n.spans.count) {
		n.at = n.spans.open[n.spans.count - 1].close;
		if (n.at > s.len)
			n.at = s.len;
		close_span(&n);
	}
	flush(&n, s.len);
}
