/* Looking at parts of the tree as a whole: classes, lists, tables. */

#include "base/text/markdown_look.h"

enum markdown_tag look_tag(const struct markup_node *n)
{
	return n->kind == MARKUP_TEXT ? TAG_INLINE : markdown_tag(n->name);
}

bool look_blank(struct slice s)
{
	return !slice_trim(s).len;
}

static bool language_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '#' ||
	       c == '.' || c == '_';
}

/* The language a class names: lang-x, language-x, "hljs x". */
static struct slice language_of(struct slice class)
{
	bool hljs = false;

	while (class.len) {
		size_t end = slice_find(class, ' ');
		struct slice word = slice_cut(class, 0, end), name = { 0 };
		size_t i = 0;

		class = slice_cut(class, end + 1, class.len);
		if (slice_starts(word, SLICE("lang-")))
			name = slice_cut(word, 5, word.len);
		else if (slice_starts(word, SLICE("language-")))
			name = slice_cut(word, 9, word.len);
		else if (hljs)
			name = word;
		if (slice_eq(word, SLICE("hljs")))
			hljs = true;
		while (i < name.len && i < 32 && language_byte(name.at[i]))
			i++;
		if (!i || i < name.len || slice_eq(name, SLICE("none")) ||
		    slice_eq(name, SLICE("default")) ||
		    slice_eq(name, SLICE("plaintext")))
			continue;
		return name;
	}
	return (struct slice){ 0 };
}

struct slice look_language(const struct markup *m, uint32_t n)
{
	struct slice name =
	        language_of(markup_attribute(m, &m->nodes[n], "class"));
	uint32_t i;

	for (i = m->nodes[n].first; !name.len && i != MARKUP_NONE;
	     i = m->nodes[i].next)
		if (slice_eq(m->nodes[i].name, SLICE("code")))
			name = language_of(
			        markup_attribute(m, &m->nodes[i], "class"));
	return name;
}

int64_t look_number(struct slice s, int64_t otherwise)
{
	int64_t n;

	return slice_number(slice_trim(s), &n) && n >= 0 && n <= 99999999
	               ? n
	               : otherwise;
}

bool look_tight(const struct markup *m, const struct markup_node *n)
{
	uint32_t item, i;

	for (item = n->first; item != MARKUP_NONE; item = m->nodes[item].next)
		for (i = m->nodes[item].first; i != MARKUP_NONE;
		     i = m->nodes[i].next)
			if (slice_eq(m->nodes[i].name, SLICE("p")))
				return false;
	return true;
}

bool look_more(const struct markup *m, const struct markup_node *n)
{
	if (n->next != MARKUP_NONE)
		return true;
	switch (look_tag(&m->nodes[n->parent])) {
	case TAG_BLOCK:
	case TAG_LI:
	case TAG_DD:
	case TAG_BLOCKQUOTE:
	case TAG_CELL:
		return false;
	default:
		return true;
	}
}

/* What a cell may hold so that it fits into one line. */
static bool cell_holds(enum markdown_tag tag)
{
	if (tag_is_heading(tag))
		return false;
	switch (tag) {
	case TAG_PRE:
	case TAG_UL:
	case TAG_OL:
	case TAG_BLOCKQUOTE:
	case TAG_TABLE:
	case TAG_DD:
	case TAG_HR:
		return false;
	default:
		return true;
	}
}

unsigned look_span(const struct markup *m, const struct markup_node *n)
{
	int64_t span = look_number(markup_attribute(m, n, "colspan"), 1);

	return span < 1              ? 1
	       : span > LOOK_COLUMNS ? LOOK_COLUMNS
	                             : (unsigned)span;
}

static char cell_align(const struct markup *m, const struct markup_node *n)
{
	struct slice s = markup_attribute(m, n, "style");
	size_t at;

	if (!s.len)
		s = markup_attribute(m, n, "align");
	for (at = 0; at < s.len; at++) {
		struct slice rest = slice_cut(s, at, s.len);

		if (slice_starts(rest, SLICE("text-align:")))
			s = slice_trim(slice_cut(rest, 11, rest.len));
	}
	if (slice_starts(s, SLICE("right")))
		return 'r';
	if (slice_starts(s, SLICE("center")))
		return 'c';
	return slice_starts(s, SLICE("left")) ? 'l' : 0;
}

unsigned look_columns(const struct markup *m, uint32_t table,
                      char align[LOOK_COLUMNS])
{
	uint32_t end = markup_end(m, table), i;
	unsigned columns = 0, most = 0, rows = 0;

	for (i = table + 1; i < end; i++) {
		const struct markup_node *n = &m->nodes[i];
		enum markdown_tag tag = look_tag(n);
		enum markdown_tag up = look_tag(&m->nodes[n->parent]);
		bool frame = up == TAG_TABLE || up == TAG_ROWS || up == TAG_ROW;

		if (n->kind == MARKUP_TEXT) {
			if (frame && !look_blank(n->text))
				return 0;
			continue;
		}
		if (!cell_holds(tag) || (tag == TAG_CELL) != (up == TAG_ROW))
			return 0;
		if (tag == TAG_ROW) {
			columns = 0;
			rows++;
		}
		if (tag == TAG_CELL) {
			if (rows == 1 && columns < LOOK_COLUMNS)
				align[columns] = cell_align(m, n);
			columns += look_span(m, n);
			most = columns > most ? columns : most;
		}
		if (most > LOOK_COLUMNS)
			return 0;
	}
	return most;
}
