/*
 * What stands on top of a document: its title, who wrote it, which revision it
 * is, attributes.
 */

#include <string.h>

#include "base/limits.h"
#include "base/text/asciidoc_parts.h"
#include "base/text/lines.h"
#include "base/utf8.h"

unsigned asciidoc_underlined(struct slice line, struct slice next)
{
	static const char marks[] = "=-~^+";
	size_t width = utf8_count(line_trim_end(line));
	const char *mark;

	next = line_trim_end(next);
	mark = next.len > 1 ? strchr(marks, next.at[0]) : NULL;
	if (!mark || !*mark || line_run(next, *mark) != next.len ||
	    line_blank(line) || line.at[0] == ' ' || line.at[0] == '.' ||
	    line.at[0] == '[' || width + 1 < next.len || next.len + 1 < width ||
	    !(line_word(line.at[0]) || line.at[0] == '`' || line.at[0] == '{'))
		return 0;
	return (unsigned)(mark - marks) + 1;
}

/* "First Last <mail>; Second", behind the title. */
static void header_authors(struct asciidoc *p, struct slice line)
{
	struct buf all = BUF_INIT(1024);
	size_t at = 0;

	while (at < line.len) {
		struct slice rest = slice_cut(line, at, line.len), name;

		rest = slice_cut(rest, 0, slice_find(rest, ';'));
		name = slice_trim(slice_cut(rest, 0, slice_find(rest, '<')));
		if (all.len && name.len)
			buf_text(&all, ", ");
		buf_add(&all, name);
		at += rest.len + 1;
	}
	for (at = 0; at < all.len; at++)
		if (all.at[at] == '_')
			all.at[at] = ' ';
	asciidoc_attribute(p, SLICE("author"), buf_slice(&all));
	buf_release(&all);
}

/* "v1.2, 2024-01-31: why". */
static void header_revision(struct asciidoc *p, struct slice line)
{
	size_t comma = slice_find(line, ','), colon;
	struct slice number = slice_cut(line, 0, comma), date;

	date = slice_trim(slice_cut(line, comma + 1, line.len));
	colon = line_find(date, SLICE(": "));
	date = slice_cut(date, 0, colon);
	if (comma == line.len && slice_find(line, '-') < line.len) {
		date = number;
		number.len = 0;
	}
	if (number.len && number.at[0] == 'v')
		number = slice_cut(number, 1, number.len);
	if (number.len)
		asciidoc_attribute(p, SLICE("revnumber"), number);
	if (date.len)
		asciidoc_attribute(p, SLICE("revdate"), slice_trim(date));
}

/* Whether a line could name authors: not markup, not long. */
static bool is_author(struct slice line)
{
	return line.len && line.len < 200 &&
	       ((line_word(line.at[0]) &&
	         !(line.at[0] >= '0' && line.at[0] <= '9')) ||
	        line.at[0] == '{') &&
	       slice_find(line, '.') >= slice_find(line, '<') &&
	       line_find(line, SLICE("::")) == line.len;
}

static void header_title(struct asciidoc *p, struct slice line)
{
	struct slice kept = arena_copy(p->a, line);
	struct buf text = BUF_INIT(LIMIT_LINK);
	struct paper_aside aside;

	paper_aside(&p->paper, &aside);
	asciidoc_inline(p, kept);
	paper_aside_end(&p->paper, &aside, &text);
	p->d->title = arena_copy(p->a, buf_slice(&text));
	buf_release(&text);
}

void asciidoc_header(struct asciidoc *p)
{
	size_t back = p->at;
	unsigned lines = 0;
	bool title = false;

	while (p->at < p->text.len) {
		struct slice line = lines_next(p->text, &p->at);
		bool under = !title &&
		             asciidoc_underlined(
		                     line, lines_peek(p->text, p->at)) == 1;

		if (line_blank(line) || asciidoc_entry(p, line) ||
		    (slice_starts(line, SLICE("//")) &&
		     !slice_starts(line, SLICE("///")))) {
			if (line_blank(line) && title)
				return;
		} else if (!title &&
		           (slice_starts(line, SLICE("= ")) ||
		            slice_starts(line, SLICE("# ")) || under)) {
			title = true;
			if (under)
				lines_next(p->text, &p->at);
			else
				line = slice_cut(line, 2, line.len);
			line = asciidoc_expand(p, slice_trim(line));
			asciidoc_attribute(p, SLICE("doctitle"), line);
			if (!p->d->title.len)
				header_title(p, line);
		} else if (title && !lines && is_author(line)) {
			lines++;
			header_authors(p, line);
		} else if (title && lines == 1 &&
		           (line.at[0] == 'v' ||
		            (line.at[0] >= '0' && line.at[0] <= '9'))) {
			lines++;
			header_revision(p, line);
		} else {
			p->at = back;
			return;
		}
		back = p->at;
	}
}

/* The id in "[[id,text]]" or "[#id.role]" on a line of its own; or empty. */
static struct slice line_id(struct slice line)
{
	struct slice s = line_trim_end(line);
	size_t end = 0;

	if (slice_starts(s, SLICE("[[")) && slice_ends(s, SLICE("]]")))
		s = slice_cut(s, 2, s.len - 2);
	else if (slice_starts(s, SLICE("[#")) && slice_ends(s, SLICE("]")))
		s = slice_cut(s, 2, s.len - 1);
	else
		return (struct slice){ 0 };
	while (end < s.len && !memchr(",.%", s.at[end], 3))
		end++;
	return slice_cut(s, 0, end);
}

enum { TITLE_MOST = 300 }; /* said again and again */

static void keep_title(struct asciidoc *p, struct slice id, struct slice title)
{
	struct slice *kept = arena_new(p->a, sizeof(*kept));
	char *at = arena_new(p->a, title.len + 1);
	size_t i, len = 0;
	bool added;
	struct map_entry *entry = map_put(&p->titles, id, &added);

	title = utf8_head(title, TITLE_MOST);
	for (i = 0; i < title.len; i++)
		if (title.at[i] != '`')
			at[len++] = title.at[i];
	*kept = (struct slice){ at, len };
	if (added)
		entry->pointer = kept;
}

void asciidoc_gather(struct asciidoc *p)
{
	struct slice id = { 0 };
	size_t at = 0;

	while (at < p->text.len) {
		struct slice line = line_trim_end(lines_next(p->text, &at));
		struct slice found = line_id(line);
		size_t level = line_run(line, '=');

		if (found.len) {
			id = found;
		} else if (id.len && level && level < 7 && level < line.len &&
		           line.at[level] == ' ') {
			keep_title(
			        p, id,
			        slice_trim(slice_cut(line, level, line.len)));
			id.len = 0;
		} else if (id.len && line.len > 1 && line.at[0] == '.' &&
		           line.at[1] != '.' && line.at[1] != ' ') {
			keep_title(p, id, slice_cut(line, 1, line.len));
			id.len = 0;
		} else if (!line.len || line.at[0] != '[') {
			id.len = 0;
		}
	}
}
