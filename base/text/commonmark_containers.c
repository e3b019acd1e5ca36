/*
 * What generators and wikis have invented to set blocks apart: "!!! note" with
 * an indented body (MkDocs), ":::note" up to ":::" (Docusaurus, VuePress,
 * MyST), "{{< hint >}}" (Hugo), ">>>" (GitLab) and "> [!NOTE]" (GitHub,
 * Obsidian). All become quotes with a label. Within fences nothing is read.
 */

#include <string.h>

#include "base/text/commonmark_parts.h"
#include "base/text/lines.h"
#include "base/text/paper.h"

enum { CONTAINER_DEPTH = 16, CONTAINER_TITLE = 200 };

enum container_kind { CONTAINER_INDENT, CONTAINER_MARK, CONTAINER_SHORTCODE };

struct container {
	enum container_kind kind;
	size_t column; /* INDENT: of its mark */
	size_t run;    /* MARK: how long its mark is, */
	char mark;     /* and its byte */
	bool quote;    /* it shows */
};

struct containers {
	struct buf *out;
	struct container stack[CONTAINER_DEPTH];
	size_t count;
	struct commonmark_fence fence;
	bool comment;     /* in one that goes on */
	bool pre;         /* in <pre> */
	const char *code; /* what ends the script or style that we are in */
	bool blank;       /* the last line written was */
	struct buf label; /* waits for its first line */
	size_t quotes;    /* of "> [!NOTE]" before it */
};

static size_t container_depth(const struct containers *c)
{
	size_t i, depth = 0;

	for (i = 0; i < c->count; i++)
		depth += c->stack[i].quote;
	return depth;
}

static void put_prefix(struct containers *c)
{
	size_t depth = container_depth(c);

	while (depth--)
		buf_text(c->out, "> ");
}

static void put_line(struct containers *c, struct slice line)
{
	put_prefix(c);
	if (line_blank(line) && c->out->len &&
	    c->out->at[c->out->len - 1] == ' ')
		buf_cut(c->out, c->out->len - 1);
	buf_add(c->out, line);
	buf_byte(c->out, '\n');
	c->blank = line_blank(line);
}

static void put_blank(struct containers *c)
{
	if (!c->blank)
		put_line(c, (struct slice){ 0 });
}

/* Whether a line is the start of a plain paragraph. */
static bool line_plain(struct slice line)
{
	line = slice_trim(line);
	return line.len && !strchr("#>|<-*+`~:!", line.at[0]) &&
	       !(line.at[0] >= '0' && line.at[0] <= '9');
}

/* Writes a label that waits, before `line` or in front of it; true when the
 * line went with it. */
static bool put_label(struct containers *c, struct slice line)
{
	size_t lead = 0, i;
	bool with = c->label.len && c->label.at[c->label.len - 3] == ':';

	if (!c->label.len)
		return false;
	for (i = 0; i < c->quotes && lead < line.len; i++) {
		while (lead < line.len && line.at[lead] == ' ')
			lead++;
		lead += lead < line.len && line.at[lead] == '>';
	}
	if (line_blank(line) && !c->quotes)
		return true;
	put_prefix(c);
	for (i = 0; i < c->quotes; i++)
		buf_text(c->out, "> ");
	with = with && line_plain(slice_cut(line, lead, line.len));
	buf_add(c->out, buf_slice(&c->label));
	if (with) {
		buf_byte(c->out, ' ');
		buf_add(c->out, slice_trim(slice_cut(line, lead, line.len)));
	}
	buf_byte(c->out, '\n');
	if (!with) {
		put_prefix(c);
		for (i = 0; i < c->quotes; i++)
			buf_byte(c->out, '>');
		buf_byte(c->out, '\n');
	}
	buf_reset(&c->label);
	c->quotes = 0;
	c->blank = !with;
	return with;
}

static void set_label(struct containers *c, struct slice kind,
                      struct slice title)
{
	struct slice label = paper_admonition_label(kind);

	title = slice_trim(title);
	if (title.len > 1 && (title.at[0] == '"' || title.at[0] == '\''))
		title = slice_cut(
		        title, 1,
		        title.len - (title.at[title.len - 1] == title.at[0]));
	if (title.len > CONTAINER_TITLE)
		title.len = 0;
	buf_reset(&c->label);
	if (!label.len && !title.len)
		return;
	buf_text(&c->label, "**");
	buf_add(&c->label, label);
	if (label.len && title.len && !line_same(label, title))
		buf_text(&c->label, ": ");
	if (!line_same(label, title))
		buf_add(&c->label, title);
	buf_text(&c->label,
	         !title.len || line_same(label, title) ? ":**" : "**");
}

static void open_container(struct containers *c, struct container it)
{
	if (c->count == CONTAINER_DEPTH)
		return;
	put_label(c, SLICE("-"));
	put_blank(c);
	c->stack[c->count++] = it;
	c->blank = true;
}

static void close_containers(struct containers *c, size_t count)
{
	if (count >= c->count)
		return;
	put_label(c, SLICE("-"));
	if (c->fence.mark) {
		put_line(c, SLICE("```"));
		c->fence.mark = 0;
	}
	c->count = count;
	c->blank = false;
	put_blank(c);
}

/* The first word of `s`: letters and dashes. */
static struct slice first_word(struct slice s)
{
	size_t i = 0;

	while (i < s.len && (line_word(s.at[i]) || s.at[i] == '-'))
		i++;
	return slice_cut(s, 0, i);
}

/* "!!! note "Title"", "??? note", "???+ note". */
static bool open_indent(struct containers *c, struct slice line)
{
	size_t column = line_indent(line);
	struct slice s = slice_trim(line), kind;

	if (!slice_starts(s, SLICE("!!!")) && !slice_starts(s, SLICE("???")) &&
	    !slice_starts(s, SLICE("===")))
		return false;
	s = slice_cut(s, 3, s.len);
	if (s.len && s.at[0] == '+')
		s = slice_cut(s, 1, s.len);
	if (!s.len || s.at[0] != ' ')
		return false;
	s = slice_trim(s);
	kind = first_word(s);
	/* === "Tab": its title above, its body as it is. */
	if (line.at[line.len - s.len - 2 + 0] == '=' || !kind.len) {
		if (!s.len || s.at[0] != '"')
			return false;
	}
	open_container(c, (struct container){ .kind = CONTAINER_INDENT,
	                                      .column = column,
	                                      .quote = kind.len > 0 });
	set_label(c, kind, slice_cut(s, kind.len, s.len));
	return true;
}

/* ":::note Title", ":::{note} Title", "```{note}"; ":::" alone closes. */
static bool open_mark(struct containers *c, struct slice line)
{
	struct slice s = slice_trim(line), kind;
	size_t run, end;
	char mark;

	if (s.len < 3 || (s.at[0] != ':' && s.at[0] != '`'))
		return false;
	mark = s.at[0];
	run = line_run(s, mark);
	if (run < 3)
		return false;
	s = slice_trim(slice_cut(s, run, s.len));
	if (s.len && s.at[0] == '{') {
		end = slice_find(s, '}');
		kind = first_word(slice_cut(s, 1, end));
		s = slice_cut(s, end + 1, s.len);
	} else if (mark == '`' || !s.len) {
		return false;
	} else {
		kind = first_word(s);
		s = slice_cut(s, kind.len, s.len);
		if (s.len > 1 && s.at[0] == '[' && s.at[s.len - 1] == ']')
			s = slice_cut(s, 1, s.len - 1);
	}
	if (!kind.len || (mark == '`' && !paper_admonition_label(kind).len))
		return false;
	open_container(c, (struct container){
	                          .kind = CONTAINER_MARK,
	                          .mark = mark,
	                          .run = run,
	                          .quote = paper_admonition_label(kind).len > 0,
	                  });
	set_label(c, kind, s);
	return true;
}

static bool close_mark(struct containers *c, struct slice line)
{
	struct slice s = slice_trim(line);
	size_t i = c->count, run;

	if (s.len < 3 || (s.at[0] != ':' && s.at[0] != '`'))
		return false;
	run = line_run(s, s.at[0]);
	if (run != s.len)
		return false;
	while (i-- > 0)
		if (c->stack[i].kind == CONTAINER_MARK &&
		    c->stack[i].mark == s.at[0] && c->stack[i].run <= run) {
			close_containers(c, i);
			return true;
		}
	return false;
}

/* "{{< hint danger >}}" and "{{< /hint >}}" on lines of their own. */
static bool shortcode(struct containers *c, struct slice line)
{
	struct slice s = slice_trim(line), name, kind;
	size_t i;

	if (!(slice_starts(s, SLICE("{{<")) && slice_ends(s, SLICE(">}}"))) &&
	    !(slice_starts(s, SLICE("{{%")) && slice_ends(s, SLICE("%}}"))))
		return false;
	s = slice_trim(slice_cut(s, 3, s.len - 3));
	if (s.len && s.at[0] == '/') {
		for (i = c->count; i-- > 0;)
			if (c->stack[i].kind == CONTAINER_SHORTCODE) {
				close_containers(c, i);
				break;
			}
		return true;
	}
	name = first_word(s);
	if (!slice_eq(name, SLICE("hint")) &&
	    !slice_eq(name, SLICE("notice")) &&
	    !slice_eq(name, SLICE("admonition")) &&
	    !slice_eq(name, SLICE("callout")) &&
	    !slice_eq(name, SLICE("alert")) &&
	    !paper_admonition_label(name).len)
		return true;
	kind = first_word(slice_trim(slice_cut(s, name.len, s.len)));
	if (!paper_admonition_label(kind).len)
		kind = paper_admonition_label(name).len ? name : SLICE("note");
	open_container(c, (struct container){ .kind = CONTAINER_SHORTCODE,
	                                      .quote = true });
	set_label(c, kind, (struct slice){ 0 });
	return true;
}

/* "> [!NOTE] Title". */
static bool alert(struct containers *c, struct slice line)
{
	size_t at = 0, quotes = 0, end;
	struct slice kind;

	for (; at < line.len && strchr("> ", line.at[at]); at++)
		quotes += line.at[at] == '>';
	if (!quotes ||
	    !slice_starts(slice_cut(line, at, line.len), SLICE("[!")))
		return false;
	end = at + slice_find(slice_cut(line, at, line.len), ']');
	kind = slice_cut(line, at + 2, end);
	if (end == line.len || !paper_admonition_label(kind).len)
		return false;
	end++;
	if (end < line.len && (line.at[end] == '-' || line.at[end] == '+'))
		end++;
	put_label(c, SLICE("-"));
	set_label(c, kind, slice_cut(line, end, line.len));
	c->quotes = quotes;
	return true;
}

/* Ends what a line is not indented enough for, and takes its indentation. */
static struct slice leave_indent(struct containers *c, struct slice line)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		if (c->stack[i].kind != CONTAINER_INDENT || line_blank(line))
			continue;
		if (line_indent(line) < c->stack[i].column + 2) {
			close_containers(c, i);
			return line;
		}
		line = line_from(line, c->stack[i].column + 4);
	}
	return line;
}

/* Takes comments out of a line; they may go on. Not those in code spans. */
static struct slice without_comments(struct containers *c, struct slice line,
                                     struct buf *scratch)
{
	size_t at = 0, run, end;
	struct slice rest;

	if (!c->comment && line_find(line, SLICE("<!--")) == line.len)
		return line;
	buf_reset(scratch);
	while (at < line.len) {
		rest = slice_cut(line, at, line.len);
		if (c->comment) {
			end = line_find(rest, SLICE("-->"));
			c->comment = end == rest.len;
			at += c->comment ? end : end + 3;
		} else if (slice_starts(rest, SLICE("<!--"))) {
			c->comment = true;
			at += 4;
		} else {
			run = rest.at[0] == '`' ? line_run(rest, '`') : 0;
			end = run && run < 16
			              ? run + line_find(slice_cut(rest, run,
			                                          rest.len),
			                                slice_cut(rest, 0, run))
			              : 0;
			end = end && end < rest.len ? end + run : run ? run : 1;
			buf_add(scratch, slice_cut(rest, 0, end));
			at += end;
		}
	}
	return line_trim_end(buf_slice(scratch));
}

/* A line of <pre> without its tags; at its ends (`edge`) not when nothing is
 * left. */
static void put_decoded(struct containers *c, struct slice line, bool edge)
{
	static const struct {
		const char *entity;
		char byte;
	} entities[] = { { "&lt;", '<' },
		         { "&gt;", '>' },
		         { "&amp;", '&' },
		         { "&quot;", '"' } };
	size_t at = 0, i, start = c->out->len, text;

	put_prefix(c);
	text = c->out->len;
	while (at < line.len) {
		struct slice rest = slice_cut(line, at, line.len);
		size_t end = slice_find(slice_cut(rest, 0, 200), '>');

		for (i = 0; i < 4; i++)
			if (slice_starts(rest, slice_of(entities[i].entity)))
				break;
		if (i < 4) {
			buf_byte(c->out, entities[i].byte);
			at += strlen(entities[i].entity);
		} else if (rest.at[0] == '<' && end < rest.len && end < 200 &&
		           rest.len > 1 && strchr("/bcs", rest.at[1])) {
			at += end + 1;
		} else {
			buf_byte(c->out, rest.at[0]);
			at++;
		}
	}
	if (edge && c->out->len == text && !buf_full(c->out))
		buf_cut(c->out, start);
	else
		buf_byte(c->out, '\n');
}

/* <pre> up to </pre>, as a fence. */
static bool pre(struct containers *c, struct slice line)
{
	struct slice s = slice_trim(line);
	bool opens = !c->pre;
	size_t end;

	if (opens) {
		if (!line_starts(s, SLICE("<pre>")) &&
		    !line_starts(s, SLICE("<pre ")))
			return false;
		put_label(c, SLICE("-"));
		put_blank(c);
		put_line(c, SLICE("````"));
		c->pre = true;
		line = slice_cut(s, slice_find(s, '>') + 1, s.len);
	}
	end = line_find(line, SLICE("</pre>"));
	c->pre = end == line.len;
	line = slice_cut(line, 0, end);
	put_decoded(c, line, opens || !c->pre);
	c->blank = true;
	if (!c->pre) {
		put_line(c, SLICE("````"));
		put_blank(c);
	}
	return true;
}

/* <script> and <style> go with what is in them. */
static bool script(struct containers *c, struct slice line)
{
	struct slice s = slice_trim(line);
	size_t i;

	if (!c->code && line_starts(s, SLICE("<script")))
		c->code = "</script>";
	else if (!c->code && line_starts(s, SLICE("<style")))
		c->code = "</style>";
	if (!c->code)
		return false;
	for (i = 0; i < s.len && c->code; i++)
		if (s.at[i] == '<' &&
		    line_starts(slice_cut(s, i, s.len), slice_of(c->code)))
			c->code = NULL;
	return true;
}

static bool table_of_contents(struct slice line)
{
	line = slice_trim(line);
	return line_same(line, SLICE("[TOC]")) ||
	       line_same(line, SLICE("[[_TOC_]]")) ||
	       line_same(line, SLICE("[[toc]]"));
}

static bool in_fence(struct containers *c, struct slice line)
{
	int closes;

	if (!c->fence.mark)
		return false;
	closes = commonmark_fence_closes(&c->fence, line);
	if (closes == 2) {
		c->fence.mark = 0;
		return false;
	}
	put_line(c, line);
	if (closes)
		c->fence.mark = 0;
	return true;
}

static void container_line(struct containers *c, struct slice line,
                           struct buf *scratch)
{
	bool comment = c->comment;

	line = leave_indent(c, line);
	if (c->pre ? pre(c, line) : in_fence(c, line) || script(c, line))
		return;
	if (!comment && (close_mark(c, line) || open_mark(c, line)))
		return;
	if (!comment && commonmark_fence_opens(line, &c->fence)) {
		put_label(c, SLICE("-"));
		put_line(c, line);
		return;
	}
	c->fence.mark = 0;
	line = without_comments(c, line, scratch);
	if (line_blank(line) && comment)
		return;
	if (open_indent(c, line) || shortcode(c, line) || alert(c, line) ||
	    pre(c, line) || table_of_contents(line) || put_label(c, line))
		return;
	put_line(c, line);
}

void commonmark_containers(struct slice text, struct buf *out)
{
	struct containers c = {
		.out = out,
		.label = BUF_INIT(4 * CONTAINER_TITLE),
		.blank = true,
	};
	struct buf scratch = BUF_INIT(out->ceiling);
	size_t at = 0;

	while (at < text.len && !buf_full(out))
		container_line(&c, lines_next(text, &at), &scratch);
	close_containers(&c, 0);
	put_label(&c, SLICE("-"));
	if (c.pre)
		put_line(&c, SLICE("````"));
	buf_release(&c.label);
	buf_release(&scratch);
}
