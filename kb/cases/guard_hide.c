/*
 * Characters that nobody sees, and marks that only a model or a browser reads.
 */

#include "kb/cases/guard_hide.h"

#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/guard.h"
#include "kb/cases/guard_fold.h"

enum { MARKS_MOST = 3, TOKEN_MOST = 64, TAG_MOST = 512 };

static bool is_joiner(uint32_t c)
{
	return c == 0x200C || c == 0x200D;
}

/* Scripts that are written with joiners: Arabic to Malayalam, Mongolian. */
static bool takes_joiner(uint32_t c)
{
	return (c >= 0x600 && c < 0xE00) || (c >= 0x1800 && c < 0x18B0);
}

/* What browsers and phones put into texts that nobody meant to hide. */
static bool is_ordinary(uint32_t c, size_t at)
{
	return c == 0xFE0F || c == 0xFE0E || c == 0xAD || c == 0x200D ||
	       c == 0x200E || c == 0x200F || (c == 0xFEFF && !at);
}

/* ESC [ ... letter, or ESC ] ... BEL: how long, from behind the ESC. */
static size_t escape_length(struct slice rest)
{
	size_t i = 1;

	if (!rest.len)
		return 0;
	if (rest.at[0] == '[') {
		while (i < rest.len && i < 32 && rest.at[i] >= ' ' &&
		       rest.at[i] < '@')
			i++;
		return i < rest.len ? i + 1 : i;
	}
	if (rest.at[0] != ']')
		return 0;
	while (i < rest.len && i < 256 && rest.at[i] != 7 && rest.at[i] != 27 &&
	       rest.at[i] != '\n')
		i++;
	return i < rest.len && rest.at[i] == 7 ? i + 1 : i;
}

unsigned guard_reveal(struct slice text, struct buf *out)
{
	unsigned signs = 0;
	uint32_t last = 0;
	size_t at = 0, marks = 0, zero = 0;

	while (at < text.len) {
		size_t from = at;
		uint32_t c = utf8_next(text, &at);

		if (c == 27) {
			at += escape_length(slice_cut(text, at, text.len));
			continue;
		}
		if (c == UTF8_BAD || (c < ' ' && c != '\n' && c != '\t') ||
		    (c >= 0x7F && c < 0xA0))
			continue;
		if (is_joiner(c) && takes_joiner(last)) {
			buf_add(out, slice_cut(text, from, at));
			continue;
		}
		if (guard_unseen(c)) {
			/* One stray zero-width space is a paste. */
			zero += c == 0x200B || c == 0xFEFF;
			if (!is_ordinary(c, from) &&
			    ((c != 0x200B && c != 0xFEFF) || zero > 8))
				signs |= GUARD_INVISIBLE;
			continue;
		}
		marks = c >= 0x300 && unicode_class(c) == UNICODE_MARK
		                ? marks + 1
		                : 0;
		if (marks > MARKS_MOST) {
			signs |= GUARD_INVISIBLE;
			continue;
		}
		if (c == 0x2028 || c == 0x2029 || c == 0x85)
			buf_byte(out, '\n');
		else
			buf_add(out, slice_cut(text, from, at));
		last = c;
	}
	return signs;
}

/* A sign as ASCII has it: the full-width ones are as good to a model. */
static int sign_at(struct slice s, size_t at, size_t *next)
{
	uint32_t c;

	*next = at + 1;
	if (at >= s.len)
		return -1;
	if (!(s.at[at] & 0x80))
		return s.at[at];
	*next = at;
	c = utf8_next(s, next);
	if (c >= 0xFF01 && c <= 0xFF5E)
		return (int)(c - 0xFF01 + '!');
	if (c == 0x2039 || c == 0x3008 || c == 0x27E8)
		return '<';
	if (c == 0x203A || c == 0x3009 || c == 0x27E9)
		return '>';
	return c == 0x2581 ? '_' : 1;
}

/* The name behind an opening sign: letters, in lower case. */
static size_t read_tag(struct slice s, size_t at, char name[TOKEN_MOST + 1])
{
	size_t len = 0, next;
	int c;

	for (; len < TOKEN_MOST; at = next) {
		c = sign_at(s, at, &next);
		if (c >= 'A' && c <= 'Z')
			c += 32;
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '-')
			break;
		name[len++] = (char)(c == '-' ? '_' : c);
	}
	name[len] = 0;
	return at;
}

static const char *const tags[] = {
	"system",
	"user",
	"assistant",
	"human",
	"ai",
	"instruction",
	"instructions",
	"prompt",
	"case",
	"ticket",
	"digest",
	"context",
	"tool",
	"tools",
	"tool_call",
	"tool_response",
	"tool_result",
	"function_call",
	"function",
	"functions",
	"thinking",
	"think",
	"thought",
	"reasoning",
	"admin",
	"developer",
	"important",
	"s",
	"bos",
	"eos",
	"start_of_turn",
	"end_of_turn",
	"im_start",
	"im_end",
	"sys",
	"system_prompt",
	"example",
	"examples",
	"answer",
	"response",
	"output",
	"result",
	"untrusted",
	"trusted",
	"rules",
	"rule",
	"override",
	"policy",
	"message",
	"messages",
	"conversation",
	"turn",
	"end",
	"endoftext",
	"system_message",
	"model",
	"final",
	"commands",
	"document",
	"documents",
	"inst",
	"query",
	"question",
	"case_text",
	"customer",
	"agent",
	"communication",
	"secret",
	"config",
	"script",
	"iframe",
	"img",
	"object",
	"embed",
	"svg",
	"link",
	"meta",
	"base",
	"form",
	"style",
	"video",
	"audio",
	"data",
	"input",
	"replies",
};

/* Names that plain markup has as well: in brackets, they say little. */
static bool is_tag(const char *name, bool square)
{
	static const char *const squares[] = {
		"inst",         "system",      "sys",           "assistant",
		"instructions", "instruction", "prompt",        "human",
		"ai",           "end_of_case", "system_prompt", "developer",
		"override",     "admin",
	};
	size_t i, count = square ? sizeof(squares) / sizeof(*squares)
	                         : sizeof(tags) / sizeof(*tags);

	for (i = 0; i < count; i++)
		if (!strcmp(name, square ? squares[i] : tags[i]))
			return true;
	return false;
}

/* <b onclick=...> and <b style=...>: its end, or 0. */
static size_t active_end(struct slice s, size_t at)
{
	struct slice tag = slice_cut(s, at, at + TAG_MOST);
	size_t i, end = slice_find(tag, '>');

	if (end >= tag.len || memchr(tag.at, '\n', end))
		return 0;
	tag = slice_cut(tag, 0, end);
	for (i = 1; i + 3 < tag.len; i++) {
		struct slice rest = slice_cut(tag, i, tag.len);
		size_t equal = slice_find(rest, '=');

		if ((tag.at[i - 1] == ' ' || tag.at[i - 1] == '/') &&
		    ((slice_starts(rest, SLICE("on")) && equal < 24 &&
		      !memchr(rest.at, ' ', equal)) ||
		     slice_starts(rest, SLICE("style=")) ||
		     slice_starts(rest, SLICE("hidden"))))
			return at + end + 1;
	}
	return 0;
}

/* <|...|>, <system ...>, </case>, [INST], <<SYS>>: where it ends, or 0. */
static size_t token_end(struct slice s, size_t at)
{
	char name[TOKEN_MOST + 1];
	size_t next, i, close;
	int c = sign_at(s, at, &next), open = c;

	c = sign_at(s, next, &i);
	if (open == '<' && c == '|') {
		for (close = i; close - i < TOKEN_MOST * 2; close = next) {
			c = sign_at(s, close, &next);
			if (c < ' ')
				c = c == 1 ? c : -1;
			if (c < 0)
				return 0;
			if (c == '|' && sign_at(s, next, &i) == '>')
				return i;
			if (c == '>')
				return next;
		}
		return 0;
	}
	if (open == '<' && c == '<') {
		next = i;
		c = sign_at(s, next, &i);
	}
	while (c == '/' || c == ' ') {
		next = i;
		c = sign_at(s, next, &i);
		if (next - at > 16)
			return 0;
	}
	close = read_tag(s, next, name);
	if (close == next || !is_tag(name, open == '['))
		return 0;
	for (i = close; i - at < TAG_MOST; i = next) {
		c = sign_at(s, i, &next);
		if (c < 0 || c == '\n' || c == '<')
			return 0;
		if (c == (open == '[' ? ']' : '>'))
			break;
		if (open == '[' && i - close > 2)
			return 0;
	}
	if (i - at >= TAG_MOST)
		return 0;
	return sign_at(s, next, &i) == '>' ? i : next;
}

struct marker {
	struct slice text;
	size_t at;
	size_t no_comment; /* nothing ends one from there on */
	struct buf *out;
	unsigned signs;
};

/* Behind what is sought, or 0. */
static size_t find(struct slice s, size_t from, struct slice what)
{
	while (from + what.len <= s.len) {
		from += slice_find(slice_cut(s, from, s.len), what.at[0]);
		if (slice_starts(slice_cut(s, from, s.len), what))
			return from + what.len;
		from++;
	}
	return 0;
}

static bool unmark_comment(struct marker *m)
{
	struct slice rest = slice_cut(m->text, m->at, m->text.len);
	size_t end;

	if (!slice_starts(rest, SLICE("<!--")))
		return false;
	if (m->at >= m->no_comment)
		end = 0;
	else
		end = find(m->text, m->at + 4, SLICE("-->"));
	if (!end) {
		m->no_comment = m->at;
		m->at += 4;
	} else {
		m->at = end;
	}
	buf_text(m->out, "[comment]");
	m->signs |= GUARD_TURN;
	return true;
}

/* ![words](address), ![words][name]: the words may stay, to be judged. */
static bool unmark_picture(struct marker *m)
{
	struct slice rest = slice_cut(m->text, m->at, m->at + 2048);
	size_t words, end;

	if (!slice_starts(rest, SLICE("![")))
		return false;
	words = slice_find(rest, ']');
	if (words + 1 >= rest.len ||
	    (rest.at[words + 1] != '(' && rest.at[words + 1] != '['))
		return false;
	end = words + 1 +
	      slice_find(slice_cut(rest, words + 1, rest.len),
	                 rest.at[words + 1] == '(' ? ')' : ']');
	if (end >= rest.len || memchr(rest.at, '\n', end))
		return false;
	buf_text(m->out, "[picture] ");
	buf_add(m->out, slice_cut(rest, 2, words));
	m->at += end + 1;
	return true;
}

/* Letters and digits as wide as Chinese ones. */
static bool is_wide(struct slice letter, int c)
{
	return letter.len == 3 &&
	       ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	        (c >= '0' && c <= '9'));
}

unsigned guard_unmark(struct slice text, struct buf *out)
{
	struct marker m = { .text = text, .no_comment = text.len, .out = out };

	while (m.at < text.len) {
		size_t next, end;
		int c = sign_at(text, m.at, &next);

		if (c == '<' && unmark_comment(&m))
			continue;
		if (c == '!' && unmark_picture(&m))
			continue;
		end = c == '<' || c == '[' ? token_end(text, m.at) : 0;
		if (!end && text.at[m.at] == '<')
			end = active_end(text, m.at);
		if (end) {
			buf_text(out, "[marker]");
			m.signs |= GUARD_TURN;
			m.at = end;
			continue;
		}
		if (is_wide(slice_cut(text, m.at, next), c))
			buf_byte(out, (char)c);
		else
			buf_add(out, slice_cut(text, m.at, next));
		m.at = next;
	}
	return m.signs;
}
