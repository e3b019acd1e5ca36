#include <string.h>

#include "base/text/asciidoc_parts.h"
#include "base/text/lines.h"

/* "term:: text"; the mark must be followed by a blank or the end. */
static bool item_term(struct slice s, struct asciidoc_item *out)
{
	size_t i, run, kinds;

	for (i = 1; i + 1 < s.len; i++) {
		char c = s.at[i];

		if ((c != ':' && c != ';') || s.at[i + 1] != c)
			continue;
		run = line_run(slice_cut(s, i, s.len), c);
		kinds = c == ':' ? 4 : 2;
		if (run > kinds || (i + run < s.len && s.at[i + run] != ' ')) {
			i += run - 1;
			continue;
		}
		out->kind = ASCIIDOC_TERMS;
		out->mark = c;
		out->run = run;
		out->term = slice_trim(slice_cut(s, 0, i));
		out->text = slice_trim(slice_cut(s, i + run, s.len));
		return out->term.len > 0;
	}
	return false;
}

/* "1.", "a.", "i)", "<1>", "<.>": how long the mark is, or 0. */
static size_t item_number(struct slice s, struct asciidoc_item *out)
{
	size_t i = 0;

	while (i < s.len && i < 9 && s.at[i] >= '0' && s.at[i] <= '9')
		i++;
	if (i && i < s.len && s.at[i] == '.') {
		slice_number(slice_cut(s, 0, i), &out->number);
		out->mark = '1';
		return i + 1;
	}
	if (s.len > 2 && !i && s.at[1] == '.' && line_word(s.at[0]) &&
	    (unsigned char)s.at[0] < 0x80 && s.at[0] != '_') {
		out->mark = 'a';
		return 2;
	}
	if (s.len > 3 && s.at[0] == '<') {
		i = slice_find(slice_cut(s, 0, 5), '>');
		if (i < 2 || i >= s.len || i == 5 ||
		    !(s.at[1] == '.' ||
		      slice_number(slice_cut(s, 1, i), &out->number)))
			return 0;
		out->mark = '<';
		return i + 1;
	}
	return 0;
}

/* "[ ] text" of a checklist. */
static void item_check(struct asciidoc_item *out)
{
	struct slice s = out->text;

	if (s.len < 4 || s.at[0] != '[' || s.at[2] != ']' || s.at[3] != ' ' ||
	    !strchr(" x*", s.at[1]))
		return;
	out->check = s.at[1] == ' ' ? 1 : 2;
	out->text = slice_trim(slice_cut(s, 4, s.len));
}

bool asciidoc_item(struct slice line, struct asciidoc_item *out)
{
	struct slice s = slice_trim(line);
	size_t run;

	*out = (struct asciidoc_item){ 0 };
	if (s.len < 2)
		return false;
	run = strchr("*-.", s.at[0]) ? line_run(s, s.at[0]) : 0;
	if (s.at[0] == '-' && run > 1)
		run = 0;
	if (run && run < s.len && s.at[run] == ' ') {
		out->kind =
		        s.at[0] == '.' ? ASCIIDOC_NUMBERS : ASCIIDOC_BULLETS;
		out->mark = s.at[0];
		out->run = run;
	} else {
		run = item_number(s, out);
		if (!run || run >= s.len || s.at[run] != ' ')
			return !slice_starts(s, SLICE("//")) &&
			       item_term(s, out);
		out->kind = ASCIIDOC_NUMBERS;
		out->run = 1;
	}
	out->text = slice_trim(slice_cut(s, run, s.len));
	if (out->kind == ASCIIDOC_BULLETS)
		item_check(out);
	return out->text.len > 0;
}
