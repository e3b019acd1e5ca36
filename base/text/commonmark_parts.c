#include "base/text/commonmark_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text/lines.h"

enum { DEFINITIONS_MOST = 1 << 16 };

/* Length of an item's mark with its blank, or 0. */
static size_t item_mark(struct slice s)
{
	size_t i = 0;

	if (s.len && strchr("-*+", s.at[0]) && s.at[0])
		i = 1;
	else
		while (i < s.len && i < 9 && s.at[i] >= '0' && s.at[i] <= '9')
			i++;
	if (i && s.at[0] >= '0' && s.at[0] <= '9') {
		if (i >= s.len || (s.at[i] != '.' && s.at[i] != ')'))
			return 0;
		i++;
	}
	return i && i < s.len && (s.at[i] == ' ' || s.at[i] == '\t') ? i + 1
	                                                             : 0;
}

size_t commonmark_lead(struct slice line)
{
	size_t at = 0, mark;

	while (at < line.len) {
		mark = item_mark(slice_cut(line, at, line.len));
		if (line.at[at] == ' ' || line.at[at] == '\t' ||
		    line.at[at] == '>')
			at++;
		else if (mark)
			at += mark;
		else
			break;
	}
	return at;
}

static size_t count_quotes(struct slice lead)
{
	size_t i, n = 0;

	for (i = 0; i < lead.len; i++)
		n += lead.at[i] == '>';
	return n;
}

bool commonmark_fence_opens(struct slice line, struct commonmark_fence *out)
{
	size_t lead = commonmark_lead(line), i = 0;
	struct slice s = slice_cut(line, lead, line.len);
	char mark = s.len ? s.at[0] : 0;

	if (mark != '`' && mark != '~')
		return false;
	*out = (struct commonmark_fence){
		.lead = lead,
		.run = line_run(s, mark),
		.quotes = count_quotes(slice_cut(line, 0, lead)),
		.mark = mark,
	};
	s = slice_trim(slice_cut(s, out->run, s.len));
	if (out->run < 3 || (mark == '`' && slice_find(s, '`') < s.len)) {
		out->mark = 0;
		return false;
	}
	while (s.len && strchr("{.", s.at[0]) && s.at[0])
		s = slice_cut(s, 1, s.len);
	while (i < s.len &&
	       (line_word(s.at[i]) || (s.at[i] && strchr("+#-./", s.at[i]))))
		i++;
	out->info = slice_cut(s, 0, i);
	return true;
}

int commonmark_fence_closes(const struct commonmark_fence *f, struct slice line)
{
	size_t at = 0, quotes = 0;

	while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t' ||
	                         (line.at[at] == '>' && quotes < f->quotes)))
		quotes += line.at[at++] == '>';
	if (quotes < f->quotes)
		return 2;
	line = slice_trim(slice_cut(line, at, line.len));
	return line.len >= f->run && line_run(line, f->mark) == line.len;
}

/* A label as it is compared: in lower case, blanks as one. */
static struct slice fold_label(struct slice s, char out[256])
{
	size_t i, len = 0;

	s = slice_trim(s);
	if (s.len > 255)
		return (struct slice){ 0 };
	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == ' ' || c == '\n' || c == '\t') {
			if (len && out[len - 1] == ' ')
				continue;
			c = ' ';
		}
		out[len++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return (struct slice){ out, len };
}

bool commonmark_definition(struct commonmark_links *l, struct slice line,
                           bool add)
{
	size_t indent = line_indent(line), end;
	struct slice s = slice_trim(line), label, to;
	struct map_entry *entry;
	char folded[256];
	bool added;

	if (indent > 3 || s.len < 4 || s.at[0] != '[' || s.at[1] == '^')
		return false;
	end = line_find(s, SLICE("]:"));
	label = fold_label(slice_cut(s, 1, end), folded);
	to = slice_trim(slice_cut(s, end + 2, s.len));
	if (end == s.len || !label.len || !to.len ||
	    slice_find(label, ']') < label.len)
		return false;
	end = 0;
	while (end < to.len && to.at[end] != ' ' && to.at[end] != '\t')
		end++;
	if (end < to.len &&
	    !strchr("\"'( ", slice_trim(slice_cut(to, end, to.len)).at[0]))
		return false;
	to = slice_cut(to, 0, end);
	if (to.len > 1 && to.at[0] == '<' && to.at[to.len - 1] == '>')
		to = slice_cut(to, 1, to.len - 1);
	if (!add || l->count >= DEFINITIONS_MOST)
		return true;
	entry = map_put(&l->names, label, &added);
	if (!added)
		return true;
	l->addresses = memory_room(l->addresses, l->count, &l->cap,
	                           sizeof(*l->addresses));
	entry->number = (int64_t)l->count;
	l->addresses[l->count++] = to;
	return true;
}

struct slice commonmark_defined(const struct commonmark_links *l,
                                struct slice label)
{
	char folded[256];
	struct slice key = fold_label(label, folded);
	const struct map_entry *entry =
	        key.len ? map_get(&l->names, key) : NULL;

	return entry ? l->addresses[entry->number] : (struct slice){ 0 };
}

void commonmark_links_release(struct commonmark_links *l)
{
	map_release(&l->names);
	free(l->addresses);
}
