/*
 * One pass over the text of a paragraph. Code spans, escapes and autolinks are
 * stepped over; what stands in brackets waits on a stack until it is known
 * where it leads.
 */

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text/commonmark_parts.h"
#include "base/text/lines.h"
#include "base/text/markdown_link.h"

enum { BRACKETS = 32, CODE_RUNS = 16, TAG_MOST = 4096 };

struct bracket {
	size_t at;   /* in out: of what it wrote */
	size_t from; /* in the text: behind it */
	bool image;
	bool html; /* <a>: closed by </a> */
	struct slice href;
};

struct inline_clean {
	struct slice s;
	bool row;
	struct slice lead;
	const struct commonmark_links *defined;
	const struct document_links *links;
	struct buf *out;
	struct buf href;
	struct bracket brackets[BRACKETS];
	size_t count;
	bool none[CODE_RUNS]; /* no run of so many quotes follows */
	size_t no_tag;        /* no > from here on */
	size_t no_target;     /* no ) up to there */
};

static struct slice rest_of(const struct inline_clean *c, size_t at)
{
	return slice_cut(c->s, at, c->s.len);
}

/* Length of the code span at `at`, or of its quotes. */
static size_t code_span(struct inline_clean *c, size_t at)
{
	size_t run = line_run(rest_of(c, at), '`'), i = at + run;

	if (run >= CODE_RUNS || c->none[run])
		return run;
	while (i < c->s.len) {
		size_t other;

		i += slice_find(rest_of(c, i), '`');
		other = line_run(rest_of(c, i), '`');
		if (other == run)
			return i + run - at;
		i += other;
	}
	c->none[run] = true;
	return run;
}

/* Takes out the bracket that was written for a link that is none. */
static void drop_bracket(struct inline_clean *c, const struct bracket *b)
{
	size_t text = c->out->len - b->at;

	if (buf_full(c->out) || !text)
		return;
	memmove(c->out->at + b->at, c->out->at + b->at + 1, text - 1);
	buf_cut(c->out, c->out->len - 1);
}

/* "](" with `href`, or nothing to link to: then the bracket goes too. */
static void put_link(struct inline_clean *c, const struct bracket *b,
                     struct slice href)
{
	size_t text = c->out->len - b->at;

	buf_reset(&c->href);
	if (href.len > 1 && href.at[0] == '<' && href.at[href.len - 1] == '>')
		href = slice_cut(href, 1, href.len - 1);
	if (slice_starts(href, SLICE("{{<")) ||
	    slice_starts(href, SLICE("{{%"))) {
		/* Hugo's {{< ref "page.md" >}}. */
		size_t from = slice_find(href, '"') + 1;
		struct slice in = slice_cut(href, from, href.len);

		href = slice_cut(in, 0, slice_find(in, '"'));
	}
	if (!markdown_link(c->links->base, href, &c->href)) {
		drop_bracket(c, b);
		return;
	}
	if (text == 1)
		buf_text(c->out, "image");
	buf_text(c->out, "](");
	buf_add(c->out, buf_slice(&c->href));
	buf_byte(c->out, ')');
}

/* The target in "(target "title")" at `at`; its length, or 0. */
static size_t inline_target(struct inline_clean *c, size_t at,
                            struct slice *href)
{
	struct slice s = slice_cut(c->s, at, at + TAG_MOST);
	size_t i = 1, open = 1, from;

	if (at < c->no_target)
		return 0;
	if (slice_find(s, ')') == s.len) {
		c->no_target = at + s.len;
		return 0;
	}
	while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\n'))
		i++;
	from = i;
	if (slice_starts(slice_cut(s, i, s.len), SLICE("{{")))
		i += line_find(slice_cut(s, i, s.len), SLICE("}}"));
	else if (i < s.len && s.at[i] == '<')
		i += slice_find(slice_cut(s, i, s.len), '>');
	for (; i < s.len && s.at[i] != ' ' && s.at[i] != '\n'; i++) {
		if (s.at[i] == '(')
			open++;
		if (s.at[i] == ')' && !--open)
			break;
		i += s.at[i] == '\\';
	}
	*href = slice_cut(s, from, i);
	while (i < s.len && s.at[i] != ')') {
		if (s.at[i] == '"' || s.at[i] == '\'') {
			size_t end =
			        slice_find(slice_cut(s, i + 1, s.len), s.at[i]);

			i += end + 2;
		} else if (s.at[i] == ' ' || s.at[i] == '\n') {
			i++;
		} else {
			return 0;
		}
	}
	return i < s.len ? i + 1 : 0;
}

/* Behind an image: "{width=300}" of Pandoc, MkDocs and Kramdown. */
static size_t attributes(const struct inline_clean *c, size_t at)
{
	struct slice s = slice_cut(c->s, at, at + 200), in;
	size_t end = slice_find(s, '}');

	if (!s.len || s.at[0] != '{' || end == s.len)
		return 0;
	in = slice_trim(slice_cut(s, 1, end));
	return in.len && (memchr(":.#", in.at[0], 3) ||
	                  slice_starts(in, SLICE("data-")) ||
	                  slice_find(in, '=') < in.len)
	               ? end + 1
	               : 0;
}

/* A closing bracket; returns how much of the text is taken. */
static size_t close_bracket(struct inline_clean *c, size_t at)
{
	struct bracket *b = c->count ? &c->brackets[c->count - 1] : NULL;
	struct slice text, href = { 0 }, next = rest_of(c, at + 1);
	size_t taken = 0, end;

	if (!b || b->html) {
		buf_byte(c->out, ']');
		return 1;
	}
	text = slice_cut(c->s, b->from, at);
	if (next.len && next.at[0] == '(') {
		taken = inline_target(c, at + 1, &href);
	} else if (next.len && next.at[0] == '[') {
		end = slice_find(slice_cut(next, 0, 300), ']');
		if (end < next.len && end < 300) {
			struct slice label = slice_cut(next, 1, end);

			href = commonmark_defined(c->defined,
			                          label.len ? label : text);
			taken = href.at ? end + 1 : 0;
		}
	}
	if (!taken && text.len && text.at[0] != '^') {
		href = commonmark_defined(c->defined, text);
	}
	c->count--;
	if (!taken && !href.at) {
		buf_byte(c->out, ']');
		return 1;
	}
	taken++;
	if (b->image && c->count) {
		/* Within a link an image is its words. */
		drop_bracket(c, b);
		return taken + attributes(c, at + taken);
	}
	put_link(c, b, href);
	return taken + attributes(c, at + taken);
}

static void open_bracket(struct inline_clean *c, size_t from, bool image)
{
	if (c->count == BRACKETS) {
		memmove(c->brackets, c->brackets + 1,
		        (BRACKETS - 1) * sizeof(*c->brackets));
		c->count--;
	}
	c->brackets[c->count++] = (struct bracket){
		.at = c->out->len,
		.from = from,
		.image = image,
	};
	buf_byte(c->out, '[');
}

/* [[Page|text]] at `at`; its length, or 0. */
static size_t wiki_link(struct inline_clean *c, size_t at)
{
	struct slice in = slice_cut(c->s, at + 2, at + 2 + LIMIT_LINK), text;
	size_t end = line_find(slice_cut(in, 0, 500), SLICE("]]")), bar, mark;
	struct bracket here = { .at = c->out->len };
	struct buf to = BUF_INIT(LIMIT_LINK);
	bool found;

	if (end >= 500 || end == in.len || !end ||
	    slice_find(slice_cut(in, 0, end), '\n') < end)
		return 0;
	in = slice_cut(in, 0, end);
	bar = slice_find(in, '|');
	text = slice_cut(in, bar + (bar < in.len), in.len);
	if (bar == in.len)
		text = in;
	else
		in = slice_cut(in, 0, bar);
	/* In a row the bar is escaped. */
	if (bar < end && in.len && in.at[in.len - 1] == '\\')
		in.len--;
	if (c->links->text_first && bar < end) {
		struct slice other = in;

		in = text;
		text = other;
	}
	mark = slice_find(in, '#');
	found = c->links->page &&
	        c->links->page(c->links->self,
	                       slice_trim(slice_cut(in, 0, mark)), &to);
	if (found && mark < in.len && !buf_full(&to))
		buf_add(&to, slice_cut(in, mark, in.len));
	buf_byte(c->out, '[');
	buf_add(c->out, slice_trim(text));
	put_link(c, &here, found ? buf_slice(&to) : (struct slice){ 0 });
	buf_release(&to);
	return end + 4;
}

/* The value of a tag's attribute, or at NULL. */
static struct slice tag_attribute(struct slice tag, const char *name)
{
	struct slice what = slice_of(name), value;
	size_t i;

	for (i = 0; i + what.len < tag.len; i++) {
		if (tag.at[i] != ' ' && tag.at[i] != '\n')
			continue;
		value = slice_cut(tag, i + 1, tag.len);
		if (!line_starts(value, what) || value.at[what.len] != '=')
			continue;
		value = slice_cut(value, what.len + 1, value.len);
		if (value.len && (value.at[0] == '"' || value.at[0] == '\''))
			return slice_cut(
			        value, 1,
			        1 + slice_find(slice_cut(value, 1, value.len),
			                       value.at[0]));
		for (i = 0; i < value.len && !strchr(" \n>", value.at[i]);)
			i++;
		return slice_cut(value, 0, i);
	}
	return (struct slice){ 0 };
}

static const struct {
	const char *name;
	const char *open, *close; /* NULL: as it is */
} tags[] = {
	{ "b", "**", "**" },      { "strong", "**", "**" },
	{ "i", "*", "*" },        { "em", "*", "*" },
	{ "code", "`", "`" },     { "tt", "`", "`" },
	{ "del", "~~", "~~" },    { "s", "~~", "~~" },
	{ "kbd", NULL, NULL },    { "sup", NULL, NULL },
	{ "sub", NULL, NULL },    { "summary", "**", "**\n\n" },
	{ "details", "", "" },    { "p", "", "\n\n" },
	{ "div", "", "" },        { "span", "", "" },
	{ "center", "", "" },     { "font", "", "" },
	{ "u", "", "" },          { "small", "", "" },
	{ "big", "", "" },        { "mark", "", "" },
	{ "ins", "", "" },        { "picture", "", "" },
	{ "source", "", "" },     { "figure", "", "" },
	{ "figcaption", "", "" }, { "section", "", "" },
	{ "article", "", "" },    { "nav", "", "" },
	{ "blockquote", "", "" }, { "abbr", "", "" },
	{ "ul", "", "" },         { "ol", "", "" },
	{ "li", "- ", "" },       { "dl", "", "" },
	{ "dt", "", "" },         { "dd", ": ", "" },
	{ "table", "", "" },      { "thead", "", "" },
	{ "tbody", "", "" },      { "colgroup", "", "" },
	{ "col", "", "" },        { "caption", "", "" },
	{ "tr", "", "" },         { "td", "", " " },
	{ "th", "", " " },        { "h1", "# ", "" },
	{ "h2", "## ", "" },      { "h3", "### ", "" },
	{ "h4", "#### ", "" },    { "h5", "##### ", "" },
	{ "h6", "###### ", "" },  { "hr", "***", "" },
	{ "video", "", "" },      { "iframe", "", "" },
	{ "audio", "", "" },      { "button", "", "" },
	{ "input", "", "" },      { "form", "", "" },
	{ "svg", "", "" },        { "noscript", "", "" },
	{ "main", "", "" },       { "header", "", "" },
	{ "footer", "", "" },     { "aside", "", "" },
	{ "tfoot", "", "" },      { "wbr", "", "" },
	{ "cite", "*", "*" },     { "dfn", "*", "*" },
	{ "var", "*", "*" },      { "samp", "`", "`" },
	{ "strike", "~~", "~~" },
};

static void tag_break(struct inline_clean *c, size_t behind)
{
	struct slice line = lines_peek(c->s, behind);

	if (c->row) {
		buf_text(c->out, "<br>");
	} else {
		buf_byte(c->out, '\\');
		if (!line_blank(line)) {
			buf_byte(c->out, '\n');
			buf_add(c->out, c->lead);
		}
	}
}

static void tag_image(struct inline_clean *c, struct slice tag)
{
	struct bracket here = { .at = c->out->len };
	struct slice alt = tag_attribute(tag, "alt");

	buf_byte(c->out, '[');
	buf_add(c->out, slice_trim(alt));
	put_link(c, &here, tag_attribute(tag, "src"));
}

static void tag_link(struct inline_clean *c, struct slice tag, bool closes)
{
	struct slice href =
	        closes ? (struct slice){ 0 } : tag_attribute(tag, "href");
	size_t i = c->count;

	if (!closes) {
		if (href.len) {
			open_bracket(c, 0, false);
			c->brackets[c->count - 1].html = true;
			c->brackets[c->count - 1].href = href;
		}
		return;
	}
	while (i && !c->brackets[i - 1].html)
		i--;
	if (!i)
		return;
	c->count = i - 1;
	put_link(c, &c->brackets[i - 1], c->brackets[i - 1].href);
}

/* A tag whose name is known is written as Markdown; others stay. */
static bool put_tag(struct inline_clean *c, struct slice tag, size_t behind)
{
	bool closes = tag.len > 1 && tag.at[1] == '/';
	struct slice name = slice_cut(tag, 1 + closes, tag.len);
	size_t i = 0;

	while (i < name.len && (line_word(name.at[i])))
		i++;
	name = slice_cut(name, 0, i);
	if (line_same(name, SLICE("br"))) {
		tag_break(c, behind);
		return true;
	}
	if (line_same(name, SLICE("img"))) {
		tag_image(c, tag);
		return true;
	}
	if (line_same(name, SLICE("a"))) {
		tag_link(c, tag, closes);
		return true;
	}
	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (!line_same(name, slice_of(tags[i].name)))
			continue;
		if (tags[i].open)
			buf_text(c->out, closes ? tags[i].close : tags[i].open);
		else
			buf_addf(c->out, closes ? "</%s>" : "<%s>",
			         tags[i].name);
		return true;
	}
	return false;
}

/* A tag or an autolink at `at`; its length, or 0. */
static size_t angle(struct inline_clean *c, size_t at)
{
	struct slice s = slice_cut(c->s, at, at + TAG_MOST), in;
	size_t end;

	if (s.len < 3 || at >= c->no_tag)
		return 0;
	end = slice_find(s, '>');
	if (end == s.len) {
		if (at + s.len == c->s.len)
			c->no_tag = at;
		return 0;
	}
	in = slice_cut(s, 0, end + 1);
	if (line_starts(in, SLICE("<http")) ||
	    line_starts(in, SLICE("<mailto:"))) {
		buf_add(c->out, in);
		return in.len;
	}
	return put_tag(c, in, at + in.len) ? in.len : 0;
}

static size_t special(struct inline_clean *c, size_t at)
{
	struct slice rest = rest_of(c, at);
	size_t taken = 0;

	switch (rest.at[0]) {
	case '\\':
		buf_add(c->out, slice_cut(rest, 0, 2));
		return rest.len > 1 ? 2 : 1;
	case '`':
		taken = code_span(c, at);
		buf_add(c->out, slice_cut(rest, 0, taken));
		return taken;
	case '<':
		taken = angle(c, at);
		break;
	case '!':
		if (slice_starts(rest, SLICE("![[")))
			taken = wiki_link(c, at + 1);
		if (taken)
			return taken + 1;
		if (slice_starts(rest, SLICE("!["))) {
			open_bracket(c, at + 2, true);
			return 2;
		}
		break;
	case '[':
		if (slice_starts(rest, SLICE("[[")))
			taken = wiki_link(c, at);
		if (taken)
			return taken;
		open_bracket(c, at + 1, false);
		return 1;
	case ']':
		return close_bracket(c, at);
	default:
		break;
	}
	if (!taken)
		buf_byte(c->out, rest.at[0]);
	return taken ? taken : 1;
}

void commonmark_inline(struct slice s, bool row, struct slice lead,
                       const struct commonmark_links *defined,
                       const struct document_links *links, struct buf *out)
{
	struct inline_clean c = {
		.s = s,
		.row = row,
		.lead = lead,
		.defined = defined,
		.links = links,
		.out = out,
		.href = BUF_INIT(LIMIT_LINK + 16),
		.no_tag = SIZE_MAX,
	};
	size_t at = 0, from = 0;

	while (at < s.len && !buf_full(out)) {
		if (!strchr("\\`<![]", s.at[at]) || !s.at[at]) {
			at++;
			continue;
		}
		buf_add(out, slice_cut(s, from, at));
		at += special(&c, at);
		from = at;
	}
	buf_add(out, slice_cut(s, from, at));
	buf_release(&c.href);
}
