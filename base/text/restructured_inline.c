/*
 * Inline markup of docutils: marks open where a blank or an opening bracket
 * stands before them and close where the same stands behind; nothing nests.
 * For text without blanks between words (Chinese, Japanese) any byte beyond
 * ASCII counts as a place, too.
 */

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text/lines.h"
#include "base/text/restructured_parts.h"
#include "base/text/span.h"

enum inline_kind {
	INLINE_LITERAL,
	INLINE_STRONG,
	INLINE_EM,
	INLINE_ROLE,
	INLINE_SUBSTITUTION,
	INLINE_NOTE,
};

struct inliner {
	struct restructured *p;
	struct flow *flow;
	struct slice s;
	size_t from, at;
	struct spans spans; /* only what was not found: nothing nests */
};

/* Text without the backslashes of its escapes. */
static void put_text(struct inliner *n, struct slice s, bool more)
{
	struct buf plain = BUF_INIT(n->p->lines.ceiling);
	size_t i;

	if (slice_find(s, '\\') == s.len) {
		flow_text(n->flow, s, more);
		return;
	}
	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '\\' && i + 1 < s.len) {
			i++;
			if (s.at[i] == ' ' || s.at[i] == '\n')
				continue;
		}
		buf_byte(&plain, s.at[i]);
	}
	flow_text(n->flow, buf_slice(&plain), more);
	buf_release(&plain);
}

static void flush(struct inliner *n, size_t to)
{
	struct slice s = slice_cut(n->s, n->from, to);

	if (s.len)
		put_text(n, s, to < n->s.len);
	n->from = to;
}

static void skip_to(struct inliner *n, size_t to)
{
	n->at = n->from = to;
}

static bool may_start(const struct inliner *n, size_t at)
{
	char before = at ? n->s.at[at - 1] : ' ';

	return (unsigned char)before >= 0x80 || before <= ' ' ||
	       strchr("'\"([{<-/:", before);
}

static bool may_end(const struct inliner *n, size_t at)
{
	char after = at < n->s.len ? n->s.at[at] : ' ';

	return (unsigned char)after >= 0x80 || after <= ' ' ||
	       strchr("'\")]}>-/\\:.,;!?", after);
}

/* Where `mark` closes what opens at `at`, or 0. */
static size_t find_close(struct inliner *n, unsigned kind, size_t at,
                         struct slice mark)
{
	size_t from = at + mark.len, i = from;

	if (!may_start(n, at) || from >= n->s.len ||
	    line_blank(slice_cut(n->s, from, from + 1)) ||
	    !span_may_open(&n->spans, kind, from, n->s.len))
		return 0;
	for (i++; i < n->s.len; i++) {
		i += line_find(slice_cut(n->s, i, n->s.len), mark);
		if (i >= n->s.len)
			break;
		/* The end of a longer run closes. */
		while (kind == INLINE_LITERAL && i + mark.len < n->s.len &&
		       n->s.at[i + mark.len] == '`')
			i++;
		if (!line_blank(slice_cut(n->s, i - 1, i)) &&
		    (kind == INLINE_LITERAL || n->s.at[i - 1] != '\\') &&
		    (kind == INLINE_ROLE || kind == INLINE_SUBSTITUTION ||
		     may_end(n, i + mark.len)))
			return i;
	}
	span_none(&n->spans, kind, from, n->s.len);
	return 0;
}

static bool put_literal(struct inliner *n, size_t at)
{
	size_t close = find_close(n, INLINE_LITERAL, at, SLICE("``"));

	if (!close)
		return false;
	flush(n, at);
	flow_code(n->flow, slice_cut(n->s, at + 2, close));
	skip_to(n, close + 2);
	return true;
}

static bool put_mark(struct inliner *n, size_t at)
{
	bool strong = at + 1 < n->s.len && n->s.at[at + 1] == '*';
	struct slice mark = strong ? SLICE("**") : SLICE("*");
	size_t close =
	        find_close(n, strong ? INLINE_STRONG : INLINE_EM, at, mark);

	if (!close)
		return false;
	flush(n, at);
	paper_mark(&n->p->paper, strong ? FLOW_STRONG : FLOW_EM);
	put_text(n, slice_cut(n->s, at + mark.len, close), false);
	flow_mark_close(n->flow);
	skip_to(n, close + mark.len);
	return true;
}

/* "text <target>" in its parts; without a target both are the same. */
static void split_target(struct slice in, struct slice *text,
                         struct slice *target)
{
	size_t open = in.len;

	*text = *target = slice_trim(in);
	if (!in.len || in.at[in.len - 1] != '>')
		return;
	while (open && in.at[open - 1] != '<')
		open--;
	if (!open)
		return;
	*target = slice_cut(in, open, in.len - 1);
	*text = slice_trim(slice_cut(in, 0, open - 1));
	if (!text->len)
		*text = *target;
}

static void put_link(struct inliner *n, struct slice href, struct slice text)
{
	paper_link_open(&n->p->paper, href);
	put_text(n, text, true);
	flow_mark_close(n->flow);
}

/* `text <https://...>`_, `name`_, `text`__ */
static void put_reference(struct inliner *n, struct slice in, bool anonymous)
{
	struct restructured *p = n->p;
	struct slice text, target, href = { 0 };

	split_target(in, &text, &target);
	if (in.len && in.at[in.len - 1] == '>') {
		href = target;
		if (target.len && target.at[target.len - 1] == '_' &&
		    restructured_target(p, slice_cut(target, 0, target.len - 1))
		            .at)
			href = restructured_target(
			        p, slice_cut(target, 0, target.len - 1));
	} else if (anonymous) {
		if (p->anonymous_next < p->anonymous_count)
			href = p->anonymous[p->anonymous_next++];
	} else {
		href = restructured_target(p, text);
	}
	put_link(n, href, text);
}

enum role_kind {
	ROLE_TEXT, /* what nobody knows */
	ROLE_CODE,
	ROLE_PAGE,
	ROLE_REFERENCE,
	ROLE_EM,
	ROLE_STRONG,
	ROLE_KBD,
	ROLE_SUP,
	ROLE_SUB,
	ROLE_MATH,
};

static enum role_kind role_kind(struct slice role)
{
	static const struct {
		enum role_kind kind;
		const char *names; /* with a blank around each */
	} roles[] = {
		{ ROLE_CODE,
		  " code file samp command program option envvar func meth "
		  "class mod attr data const exc obj type member macro regexp "
		  "makevar mailheader mimetype keyword token literal c "
		  "variable " },
		{ ROLE_PAGE, " doc " },
		{ ROLE_REFERENCE, " ref term numref any download issue pr " },
		{ ROLE_EM, " emphasis dfn title title-reference " },
		{ ROLE_STRONG, " strong guilabel menuselection " },
		{ ROLE_KBD, " kbd " },
		{ ROLE_SUP, " sup superscript " },
		{ ROLE_SUB, " sub subscript " },
		{ ROLE_MATH, " math " },
	};
	char name[34];
	size_t i;

	if (!role.len)
		return ROLE_CODE; /* by the book a title; people mean code */
	if (role.len > 30)
		return ROLE_TEXT;
	snprintf(name, sizeof(name), " %.*s ", SLICE_ARG(role));
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strstr(roles[i].names, name))
			return roles[i].kind;
	return ROLE_TEXT;
}

static void put_marked(struct inliner *n, enum flow_mark_kind mark,
                       struct slice text)
{
	paper_mark(&n->p->paper, mark);
	put_text(n, text, false);
	flow_mark_close(n->flow);
}

/* Interpreted text in a role, whose domain does not count. */
static void put_role(struct inliner *n, struct slice role, struct slice in)
{
	static const enum flow_mark_kind marks[] = {
		[ROLE_EM] = FLOW_EM,   [ROLE_STRONG] = FLOW_STRONG,
		[ROLE_KBD] = FLOW_KBD, [ROLE_SUP] = FLOW_SUP,
		[ROLE_SUB] = FLOW_SUB,
	};
	size_t colon = role.len;
	struct slice text, target;
	const struct slice *title;
	enum role_kind kind;

	while (colon && role.at[colon - 1] != ':')
		colon--;
	kind = role_kind(slice_cut(role, colon, role.len));
	split_target(in, &text, &target);
	switch (kind) {
	case ROLE_CODE:
		if (text.len && (text.at[0] == '~' || text.at[0] == '!'))
			text = slice_cut(text, 1, text.len);
		flow_code(n->flow, role.len ? text : in);
		break;
	case ROLE_PAGE:
		paper_page_open(&n->p->paper, target);
		put_text(n, text, true);
		flow_mark_close(n->flow);
		break;
	case ROLE_REFERENCE:
		title = restructured_title(n->p, target);
		put_link(n, restructured_target(n->p, target),
		         title && text.at == target.at ? *title : text);
		break;
	case ROLE_MATH:
		flow_raw(n->flow, SLICE("$"));
		flow_raw(n->flow, in);
		flow_raw(n->flow, SLICE("$"));
		break;
	case ROLE_TEXT:
		put_text(n, text, true);
		break;
	default:
		put_marked(n, marks[kind], in);
	}
}

/* The name of a role that ends at `at` (":role:"), or empty; *start is where
 * its first colon stands. */
static struct slice role_before(const struct inliner *n, size_t at,
                                size_t *start)
{
	size_t i = at;

	*start = at;
	if (at < 2 || n->s.at[at - 1] != ':')
		return (struct slice){ 0 };
	for (i = at - 1; i > n->from && at - i < 40; i--)
		if (!line_word(n->s.at[i - 1]) &&
		    !strchr(":-+.", n->s.at[i - 1]))
			break;
	while (i < at && n->s.at[i] != ':')
		i++;
	if (i + 1 >= at || !may_start(n, i))
		return (struct slice){ 0 };
	*start = i;
	return slice_cut(n->s, i + 1, at - 1);
}

/* `interpreted`, a reference when _ stands behind it. */
static bool put_interpreted(struct inliner *n, size_t at)
{
	size_t start, close, behind, end;
	struct slice role = role_before(n, at, &start), in;

	close = find_close(n, INLINE_ROLE, at, SLICE("`"));
	if (!close)
		return false;
	flush(n, start);
	behind = close + 1;
	in = slice_cut(n->s, at + 1, close);
	if (slice_starts(slice_cut(n->s, behind, n->s.len), SLICE("__"))) {
		put_reference(n, in, true);
		behind += 2;
	} else if (behind < n->s.len && n->s.at[behind] == '_') {
		put_reference(n, in, false);
		behind++;
	} else if (!role.len && behind < n->s.len && n->s.at[behind] == ':') {
		end = behind + 1 +
		      slice_find(slice_cut(n->s, behind + 1, behind + 40), ':');
		if (end < n->s.len && end < behind + 40 &&
		    n->s.at[end] == ':' && end > behind + 1 &&
		    line_word(n->s.at[behind + 1])) {
			role = slice_cut(n->s, behind + 1, end);
			behind = end + 1;
		}
		put_role(n, role, in);
	} else {
		put_role(n, role, in);
	}
	skip_to(n, behind);
	return true;
}

/* |name|, |name|_ */
static bool put_substitution(struct inliner *n, size_t at)
{
	size_t close = find_close(n, INLINE_SUBSTITUTION, at, SLICE("|"));
	struct slice name;
	const struct slice *value;

	if (!close || close - at > 200)
		return false;
	name = slice_cut(n->s, at + 1, close);
	value = restructured_substitution(n->p, name);
	flush(n, at);
	put_text(n, value ? *value : name, true);
	close++;
	while (close < n->s.len && n->s.at[close] == '_')
		close++;
	skip_to(n, close);
	return true;
}

/* [1]_, [#name]_, [CIT2002]_ */
static bool put_note(struct inliner *n, size_t at)
{
	struct slice rest = slice_cut(n->s, at, at + 80);
	size_t end = slice_find(rest, ']');

	if (end + 1 >= rest.len || rest.at[end + 1] != '_' || end < 2 ||
	    slice_find(rest, ' ') < end)
		return false;
	flush(n, at);
	flow_text(n->flow, slice_cut(rest, 0, end + 1), true);
	skip_to(n, at + end + 2);
	return true;
}

/* name_ and name__, found at their underscore. */
static bool put_word(struct inliner *n, size_t at)
{
	size_t start = at, behind = at + 1;
	struct slice name, href;

	while (start > n->from && at - start < 200 &&
	       (line_word(n->s.at[start - 1]) ||
	        (strchr("-.+", n->s.at[start - 1]) && start > n->from + 1 &&
	         line_word(n->s.at[start - 2]))))
		start--;
	name = slice_cut(n->s, start, at);
	if (behind < n->s.len && n->s.at[behind] == '_')
		behind++;
	if (!name.len || !may_end(n, behind) || !may_start(n, start))
		return false;
	href = restructured_target(n->p, name);
	if (behind == at + 2 && !href.at &&
	    n->p->anonymous_next < n->p->anonymous_count)
		href = n->p->anonymous[n->p->anonymous_next++];
	if (!href.at)
		return false;
	flush(n, start);
	put_link(n, href, name);
	skip_to(n, behind);
	return true;
}

/* An address as it is, found at its colon. */
static bool put_address(struct inliner *n, size_t at)
{
	size_t start = at, end = at + 3;

	if (!slice_starts(slice_cut(n->s, at, n->s.len), SLICE("://")))
		return false;
	while (start > n->from && at - start < 8 && n->s.at[start - 1] >= 'a' &&
	       n->s.at[start - 1] <= 'z')
		start--;
	if (!slice_starts(slice_cut(n->s, start, at), SLICE("http")) &&
	    !slice_eq(slice_cut(n->s, start, at), SLICE("ftp")))
		return false;
	while (end < n->s.len && (unsigned char)n->s.at[end] > ' ' &&
	       (unsigned char)n->s.at[end] < 0x80 &&
	       !strchr("<>\"`|\\", n->s.at[end]))
		end++;
	while (end > at + 3 && strchr(".,;:!?)'*]", n->s.at[end - 1]))
		end--;
	if (end == at + 3)
		return false;
	flush(n, start);
	paper_address(&n->p->paper, slice_cut(n->s, start, end));
	skip_to(n, end);
	return true;
}

static bool special(struct inliner *n, size_t at)
{
	struct slice rest = slice_cut(n->s, at, at + 2);

	switch (n->s.at[at]) {
	case '\\':
		n->at += n->at + 1 < n->s.len ? 2 : 1;
		return true;
	case '*':
		return put_mark(n, at);
	case '`':
		if (slice_eq(rest, SLICE("``")))
			return put_literal(n, at);
		/* _`target` in the text: its text alone. */
		if (at && n->s.at[at - 1] == '_' && may_start(n, at - 1)) {
			flush(n, at - 1);
			skip_to(n, at);
		}
		return put_interpreted(n, at);
	case '|':
		return put_substitution(n, at);
	case '[':
		return put_note(n, at);
	case '_':
		return put_word(n, at);
	case ':':
		return put_address(n, at);
	default:
		return false;
	}
}

void restructured_inline(struct restructured *p, struct slice s)
{
	static const bool marks[256] = {
		['\\'] = true, ['*'] = true, ['`'] = true, ['|'] = true,
		['['] = true,  ['_'] = true, [':'] = true,
	};
	struct inliner n = { .p = p, .flow = &p->paper.flow, .s = s };

	while (n.at < s.len && !buf_full(p->paper.flow.out))
		if (!marks[(unsigned char)s.at[n.at]] || !special(&n, n.at))
			n.at++;
	flush(&n, s.len);
}
