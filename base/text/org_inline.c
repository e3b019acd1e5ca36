/*
 * Inline markup of Org: a mark opens behind a blank or an opening bracket and
 * closes before a blank or punctuation. Text without blanks between words
 * (Chinese, Japanese) may touch those marks that mean nothing else in it.
 */

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/document_field.h"
#include "base/text/lines.h"
#include "base/text/org_parts.h"
#include "base/text/span.h"

enum inline_kind {
	INLINE_BOLD,
	INLINE_ITALIC,
	INLINE_UNDERLINE,
	INLINE_STRIKE,
	INLINE_VERBATIM,
	INLINE_CODE,
	INLINE_LINK,
	INLINE_SCRIPT,
	INLINE_NOTE,
};

struct inliner {
	struct paper *paper;
	struct flow *flow;
	struct slice s;
	size_t from, at;
	size_t no_link; /* no ]] up to there */
	struct spans spans;
};

static size_t limit_of(const struct inliner *n)
{
	return span_limit(&n->spans, n->s.len);
}

static struct slice rest_at(const struct inliner *n, size_t at, size_t most)
{
	size_t limit = limit_of(n);

	return slice_cut(n->s, at, limit - at > most ? at + most : limit);
}

static void flush(struct inliner *n, size_t to)
{
	struct slice s = slice_cut(n->s, n->from, to);

	if (s.len)
		flow_text(n->flow, s, to < n->s.len);
	n->from = to;
}

static void skip_to(struct inliner *n, size_t to)
{
	n->at = n->from = to;
}

static bool touches(char mark, char c)
{
	return (unsigned char)c >= 0x80 && strchr("*=~", mark);
}

static bool may_open(const struct inliner *n, size_t at)
{
	char c = at ? n->s.at[at - 1] : ' ';

	return c <= ' ' ? (unsigned char)c < 0x80 || touches(n->s.at[at], c)
	                : strchr("-({'\"*/_+", c) != NULL;
}

static bool may_close(const struct inliner *n, size_t at, char mark)
{
	char c = at < limit_of(n) ? n->s.at[at] : ' ';

	return c <= ' ' ? (unsigned char)c < 0x80 || touches(mark, c)
	                : strchr("-.,;:!?'\")}[*/_+\\", c) != NULL;
}

/* Where the mark at `at` closes, or 0. */
static size_t find_close(struct inliner *n, unsigned kind, size_t at)
{
	size_t limit = limit_of(n), from = at + 1, i;
	struct slice s = slice_cut(n->s, 0, limit);
	char mark = n->s.at[at];

	if (!may_open(n, at) || from >= limit ||
	    line_blank(slice_cut(s, from, from + 1)) ||
	    !span_may_open(&n->spans, kind, from, limit))
		return 0;
	for (i = from + 1; i < limit; i++) {
		i += slice_find(slice_cut(s, i, limit), mark);
		if (i >= limit)
			break;
		if (!line_blank(slice_cut(s, i - 1, i)) &&
		    may_close(n, i + 1, mark))
			return i;
	}
	span_none(&n->spans, kind, from, limit);
	return 0;
}

static bool open_mark(struct inliner *n, size_t at)
{
	static const struct {
		char byte;
		enum inline_kind kind;
		enum flow_mark_kind mark;
	} table[] = {
		{ '*', INLINE_BOLD, FLOW_STRONG },
		{ '/', INLINE_ITALIC, FLOW_EM },
		{ '_', INLINE_UNDERLINE, FLOW_NOTHING },
		{ '+', INLINE_STRIKE, FLOW_DELETED },
		{ '=', INLINE_VERBATIM, FLOW_NOTHING },
		{ '~', INLINE_CODE, FLOW_NOTHING },
	};
	size_t i = 0, close;

	while (table[i].byte != n->s.at[at])
		i++;
	close = find_close(n, table[i].kind, at);
	if (!close)
		return false;
	flush(n, at);
	if (i > 3) {
		flow_code(n->flow, slice_cut(n->s, at + 1, close));
		skip_to(n, close + 1);
		return true;
	}
	paper_mark(n->paper, table[i].mark);
	span_open(&n->spans, table[i].kind, close, 1);
	skip_to(n, at + 1);
	return true;
}

static bool is_image(struct slice s)
{
	return slice_ends(s, SLICE(".png")) || slice_ends(s, SLICE(".jpg")) ||
	       slice_ends(s, SLICE(".jpeg")) || slice_ends(s, SLICE(".gif")) ||
	       slice_ends(s, SLICE(".svg"));
}

/* Where a target leads; empty: nowhere on the web. */
static struct slice address_of(struct slice target)
{
	static const char *const schemes[] = { "http:",   "https:", "ftp:",
		                               "mailto:", "news:",  "irc:" };
	size_t i, colon = slice_find(target, ':');

	if (slice_starts(target, SLICE("file:"))) {
		target = slice_cut(target, 5, target.len);
		target = slice_cut(target, 0, line_find(target, SLICE("::")));
		if (target.len && strchr("/~", target.at[0]))
			target.len = 0;
		return target;
	}
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (line_starts(target, slice_of(schemes[i])))
			return target;
	if (target.len && strchr("#.", target.at[0]))
		return slice_cut(target, 0, line_find(target, SLICE("::")));
	if (colon == target.len && slice_find(target, '/') < target.len)
		return target;
	target.len = 0;
	return target;
}

/* What is neither an address, nor in another scheme or this document, is the
 * name of a page. */
static void open_target(struct inliner *n, struct slice target,
                        struct slice href)
{
	if (href.len)
		paper_link_open(n->paper, href);
	else if (slice_find(target, ':') < target.len ||
	         slice_starts(target, SLICE("*")))
		paper_mark(n->paper, FLOW_NOTHING);
	else
		paper_page_open(n->paper, target);
}

/* [[target]], [[target][text]] */
static bool open_link(struct inliner *n, size_t at)
{
	struct slice rest = rest_at(n, at, LIMIT_LINK), target, text, href;
	size_t end, middle;

	if (at < n->no_link || !slice_starts(rest, SLICE("[[")))
		return false;
	end = line_find(rest, SLICE("]]"));
	if (end == rest.len)
		n->no_link = at + rest.len;
	if (end == rest.len || end < 3)
		return false;
	middle = line_find(slice_cut(rest, 0, end), SLICE("]["));
	target = slice_cut(rest, 2, middle);
	text = slice_cut(rest, middle + 2, end);
	href = address_of(target);
	flush(n, at);
	if (middle < end && text.len) {
		open_target(n, target, href);
		span_open(&n->spans, INLINE_LINK, at + end, 2);
		skip_to(n, at + middle + 2);
		return true;
	}
	if (is_image(target) && href.len) {
		size_t name = href.len;

		while (name && href.at[name - 1] != '/')
			name--;
		paper_image(n->paper, href, slice_cut(href, name, href.len));
	} else if (href.len && slice_find(href, ':') < href.len) {
		paper_address(n->paper, href);
	} else {
		open_target(n, target, href);
		if (target.len && target.at[0] == '*')
			target = slice_cut(target, 1, target.len);
		flow_text(n->flow, target, true);
		flow_mark_close(n->flow);
	}
	skip_to(n, at + end + 2);
	return true;
}

/* [fn:1], [fn:name:text], [fn::text], [cite:@key], [2024-01-31 Wed] */
static bool put_bracket(struct inliner *n, size_t at)
{
	struct slice rest = rest_at(n, at, 1024);
	size_t end, colon;

	if (rest.len < 3 || !(slice_starts(rest, SLICE("[fn:")) ||
	                      (rest.at[1] >= '0' && rest.at[1] <= '9')))
		return false;
	end = slice_find(rest, ']');
	if (end == rest.len)
		return false;
	if (slice_starts(rest, SLICE("[fn:"))) {
		colon = 4 + slice_find(slice_cut(rest, 4, end), ':');
		flush(n, at);
		if (colon < end) {
			flow_space(n->flow);
			flow_text(n->flow, SLICE("("), true);
			paper_mark(n->paper, FLOW_NOTHING);
			span_open(&n->spans, INLINE_NOTE, at + end, 1);
			colon += rest.at[colon + 1] == ' ';
			skip_to(n, at + colon + 1);
			return true;
		}
		flow_text(n->flow, SLICE("["), true);
		flow_text(n->flow, slice_cut(rest, 4, end + 1), true);
	} else if (rest.len > 11 && rest.at[5] == '-' &&
	           org_date(slice_cut(rest, 0, end + 1)) != CLOCK_NONE) {
		flush(n, at);
		flow_text(n->flow, slice_cut(rest, 1, end), true);
	} else {
		return false;
	}
	skip_to(n, at + end + 1);
	return true;
}

/* <2024-01-31 Wed>, <https://...>, <<target>>, <<<radio>>> */
static bool put_angle(struct inliner *n, size_t at)
{
	struct slice rest = rest_at(n, at, 1024), in;
	size_t open = line_run(slice_cut(rest, 0, 4), '<'),
	       end = slice_find(rest, '>');

	if (end == rest.len || open > 3)
		return false;
	in = slice_cut(rest, open, end);
	if (open == 1 && line_starts(in, SLICE("http"))) {
		flush(n, at);
		paper_address(n->paper, in);
	} else if (open == 1 && in.len > 9 && in.at[4] == '-' &&
	           org_date(slice_cut(rest, 0, end + 1)) != CLOCK_NONE) {
		flush(n, at);
		flow_text(n->flow, in, true);
	} else if (open > 1 &&
	           line_run(slice_cut(rest, end, rest.len), '>') >= open) {
		flush(n, at);
		if (open == 3)
			flow_text(n->flow, in, true);
	} else {
		return false;
	}
	skip_to(n, at + end + open);
	return true;
}

/* An address as it is, found at its colon. */
static bool put_address(struct inliner *n, size_t at)
{
	size_t start = at, end = at + 3, limit = limit_of(n);

	if (!slice_starts(rest_at(n, at, 3), SLICE("://")))
		return false;
	while (start > n->from && at - start < 8 && n->s.at[start - 1] >= 'a' &&
	       n->s.at[start - 1] <= 'z')
		start--;
	if (!slice_starts(slice_cut(n->s, start, at), SLICE("http")) &&
	    !slice_eq(slice_cut(n->s, start, at), SLICE("ftp")))
		return false;
	while (end < limit && (unsigned char)n->s.at[end] > ' ' &&
	       (unsigned char)n->s.at[end] < 0x80 &&
	       !strchr("<>[]\"`|\\", n->s.at[end]))
		end++;
	while (end > at + 3 && strchr(".,;:!?)'*/=~", n->s.at[end - 1]) &&
	       !(n->s.at[end - 1] == '/' && end == limit))
		end--;
	if (end == at + 3)
		return false;
	flush(n, start);
	paper_address(n->paper, slice_cut(n->s, start, end));
	skip_to(n, end);
	return true;
}

/* a_{b}, a^{b} */
static bool open_script(struct inliner *n, size_t at)
{
	struct slice rest = rest_at(n, at, 200);
	size_t end = slice_find(rest, '}');

	if (rest.len < 4 || rest.at[1] != '{' || end == rest.len || !at ||
	    n->s.at[at - 1] <= ' ' || (n->spans.inside & 1u << INLINE_SCRIPT))
		return false;
	flush(n, at);
	paper_mark(n->paper, rest.at[0] == '_' ? FLOW_SUB : FLOW_SUP);
	span_open(&n->spans, INLINE_SCRIPT, at + end, 1);
	skip_to(n, at + 2);
	return true;
}

/* "\\" at the end of a line. */
static bool put_backslash(struct inliner *n, size_t at)
{
	struct slice rest = rest_at(n, at, 2);
	size_t behind = at + 2;

	while (behind < n->s.len && n->s.at[behind] == ' ')
		behind++;
	if (!slice_starts(rest, SLICE("\\\\")) ||
	    (behind < n->s.len && n->s.at[behind] != '\n'))
		return false;
	flush(n, at);
	flow_break(n->flow);
	skip_to(n, at + 2);
	return true;
}

/* {{{macro(text)}}}: its text. @@html:<b>@@: nothing. */
static bool put_macro(struct inliner *n, size_t at)
{
	struct slice rest = rest_at(n, at, 500), in;
	bool snippet = n->s.at[at] == '@';
	struct slice tail = snippet ? SLICE("@@") : SLICE("}}}");
	size_t end, open;

	if (!slice_starts(rest, snippet ? SLICE("@@") : SLICE("{{{")))
		return false;
	end = tail.len + line_find(slice_cut(rest, tail.len, rest.len), tail);
	if (end + tail.len > rest.len)
		return false;
	flush(n, at);
	in = slice_cut(rest, 3, end);
	open = slice_find(in, '(');
	if (!snippet && open < in.len)
		flow_text(n->flow, slice_cut(in, open + 1, in.len - 1), true);
	skip_to(n, at + end + tail.len);
	return true;
}

/* src_sh{code}, found at its brace: code. */
static bool put_source(struct inliner *n, size_t at)
{
	size_t start = at, end;
	struct slice rest = rest_at(n, at, 1024);

	if (at && n->s.at[at - 1] == ']')
		while (start > n->from && at - start < 100 &&
		       n->s.at[start] != '[')
			start--;
	while (start > n->from && at - start < 120 &&
	       (line_word(n->s.at[start - 1]) || n->s.at[start - 1] == '-'))
		start--;
	end = slice_find(rest, '}');
	if (!slice_starts(slice_cut(n->s, start, at), SLICE("src_")) ||
	    end == rest.len)
		return false;
	flush(n, start);
	flow_code(n->flow, slice_cut(rest, 1, end));
	skip_to(n, at + end + 1);
	return true;
}

static bool special(struct inliner *n, size_t at)
{
	switch (n->s.at[at]) {
	case '_':
		return open_script(n, at) || open_mark(n, at);
	case '*':
	case '/':
	case '+':
	case '=':
	case '~':
		return open_mark(n, at);
	case '^':
		return open_script(n, at);
	case '[':
		return open_link(n, at) || put_bracket(n, at);
	case '<':
		return put_angle(n, at);
	case ':':
		return put_address(n, at);
	case '\\':
		return put_backslash(n, at);
	case '@':
		return put_macro(n, at);
	case '{':
		return put_macro(n, at) || put_source(n, at);
	default:
		return false;
	}
}

static void close_span(struct inliner *n)
{
	flush(n, n->at);
	if (n->spans.open[n->spans.count - 1].kind == INLINE_NOTE)
		flow_raw(n->flow, SLICE(")"));
	flow_mark_close(n->flow);
	skip_to(n, n->at + span_close(&n->spans));
}

void org_inline(struct paper *paper, struct slice s)
{
	static const bool marks[256] = {
		['*'] = true, ['/'] = true, ['_'] = true,  ['+'] = true,
		['='] = true, ['~'] = true, ['^'] = true,  ['['] = true,
		['<'] = true, [':'] = true, ['\\'] = true, ['@'] = true,
		['{'] = true,
	};
	struct inliner n = { .paper = paper, .flow = &paper->flow, .s = s };

	while (n.at < s.len && !buf_full(paper->flow.out)) {
		if (span_closes(&n.spans, n.at))
			close_span(&n);
		else if (!marks[(unsigned char)s.at[n.at]] ||
		         n.spans.count + 2 >= SPAN_DEPTH || !special(&n, n.at))
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

int64_t org_date(struct slice s)
{
	s = slice_trim(s);
	if (s.len > 2 && strchr("<[", s.at[0]))
		s = slice_cut(s, 1, s.len - 1);
	if (s.len < 10 || s.at[4] != '-' || s.at[7] != '-')
		return CLOCK_NONE;
	return document_date(slice_cut(s, 0, 10));
}
