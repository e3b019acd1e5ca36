/* Looking at parts of the tree as a whole: classes, lists, tables. */

#include "base/text/markdown_look.h"

enum {
	LOOK_NEAR = 8,        /* children looked at */
	LOOK_TABS = 800,      /* nodes from a panel back to its tab */
	LOOK_TAB = 12,        /* nodes of a tab */
	LOOK_TABS_TEXT = 300, /* bytes of words on all tabs together */
};

enum markdown_tag look_tag(const struct markup_node *n)
{
	return n->kind == MARKUP_TEXT ? TAG_INLINE : markdown_tag(n->name);
}

bool look_blank(struct slice s)
{
	return !slice_trim(s).len;
}

bool look_has(const struct markup *m, const struct markup_node *n,
              const char *name)
{
	return markup_attribute(m, n, name).at != NULL;
}

bool look_indented(const struct markup *m, uint32_t dd)
{
	uint32_t up = m->nodes[dd].parent, i;

	if (up == MARKUP_NONE || !slice_eq(m->nodes[up].name, SLICE("dl")))
		return false;
	for (i = m->nodes[up].first; m->nodes[i].kind == MARKUP_TEXT;
	     i = m->nodes[i].next)
		if (m->nodes[i].next == MARKUP_NONE)
			return false;
	return look_tag(&m->nodes[i]) == TAG_DD;
}

bool look_bare(const struct markup *m, uint32_t rt)
{
	uint32_t up = m->nodes[rt].parent, i;
	int left = LOOK_NEAR;

	if (up == MARKUP_NONE)
		return false;
	for (i = m->nodes[up].first; i != MARKUP_NONE && left--;
	     i = m->nodes[i].next)
		if (slice_eq(m->nodes[i].name, SLICE("rp")))
			return false;
	return true;
}

static bool has_role(const struct markup *m, const struct markup_node *n,
                     const char *role)
{
	return n->attribute_count &&
	       slice_eq(markup_attribute(m, n, "role"), slice_of(role));
}

uint32_t look_tab(const struct markup *m, uint32_t panel)
{
	const struct markup_node *n = &m->nodes[panel];
	struct slice id;
	uint32_t i;

	if (!has_role(m, n, "tabpanel"))
		return MARKUP_NONE;
	id = markup_attribute(m, n, "aria-labelledby");
	for (i = panel; id.len && i-- > 0 && panel - i < LOOK_TABS;)
		if (slice_eq(markup_attribute(m, &m->nodes[i], "id"), id))
			return markup_end(m, i) - i < LOOK_TAB ? i
			                                       : MARKUP_NONE;
	return MARKUP_NONE;
}

bool look_tabs(const struct markup *m, uint32_t n)
{
	uint32_t end = markup_end(m, n), i;
	bool named = false;
	size_t text = 0;

	if (!has_role(m, &m->nodes[n], "tablist") || end - n > LOOK_TABS / 2)
		return false;
	for (i = n + 1; i < end; i++) {
		const struct markup_node *e = &m->nodes[i];

		text += slice_trim(e->text).len;
		named |= has_role(m, e, "tab") && look_has(m, e, "id");
		/* Some put the panels in between. */
		if (has_role(m, e, "tabpanel") || text > LOOK_TABS_TEXT)
			return false;
	}
	return named;
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
	return !tag_is_heading(tag) && tag != TAG_TABLE && tag != TAG_HR;
}

/* Blocks that a short cell may hold. */
static bool cell_blocks(enum markdown_tag tag)
{
	return tag == TAG_PRE || tag == TAG_LI || tag == TAG_BLOCKQUOTE ||
	       tag == TAG_DD;
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

unsigned look_rows(const struct markup *m, const struct markup_node *n)
{
	int64_t span = look_number(markup_attribute(m, n, "rowspan"), 1);

	return span < 1 ? 1 : span > 10000 ? 10000 : (unsigned)span;
}

/* The table as it is walked through. */
struct shape {
	unsigned columns, most, rows;
	unsigned left[LOOK_COLUMNS]; /* rows that a cell above still takes */
	size_t text, blocks;         /* of the cell at hand */
};

/* Past the columns that cells above take. */
static void skip_taken(struct shape *t)
{
	while (t->columns < LOOK_COLUMNS && t->left[t->columns]) {
		t->left[t->columns]--;
		t->columns++;
	}
}

static void shape_row(struct shape *t)
{
	skip_taken(t);
	t->most = t->columns > t->most ? t->columns : t->most;
	t->columns = 0;
	t->rows++;
}

static void shape_cell(struct shape *t, const struct markup *m,
                       const struct markup_node *n, char *align)
{
	unsigned span = look_span(m, n), rows = look_rows(m, n), i;

	skip_taken(t);
	if (t->rows == 1 && t->columns < LOOK_COLUMNS)
		align[t->columns] = cell_align(m, n);
	for (i = t->columns; i < t->columns + span && i < LOOK_COLUMNS; i++)
		t->left[i] = rows - 1;
	t->columns += span;
	t->most = t->columns > t->most ? t->columns : t->most;
	t->text = t->blocks = 0;
}

/* Blocks in a cell become one line, if it is not a long one. */
static bool shape_fits(struct shape *t, enum markdown_tag tag,
                       const struct markup_node *n)
{
	t->blocks += cell_blocks(tag);
	t->text += n->kind == MARKUP_TEXT ? slice_trim(n->text).len : 0;
	return !t->blocks || (t->text <= LOOK_CELL && t->blocks <= LOOK_BLOCKS);
}

/* Only in a real table do cells hold lists: others are there for the place. */
static bool looks_real(const struct markup *m, uint32_t table)
{
	uint32_t end = markup_end(m, table), i;
	unsigned rows = 0;

	for (i = table + 1; i < end && i < table + 64; i++) {
		struct slice name = m->nodes[i].name;

		if (slice_eq(name, SLICE("th")) ||
		    slice_eq(name, SLICE("thead")))
			return true;
		rows += slice_eq(name, SLICE("tr"));
	}
	return rows > 2;
}

unsigned look_columns(const struct markup *m, uint32_t table,
                      char align[LOOK_COLUMNS])
{
	uint32_t end = markup_end(m, table), i;
	struct shape t = { .columns = 0 };
	bool real = looks_real(m, table);
	struct slice role = markup_attribute(m, &m->nodes[table], "role");

	if (slice_eq(role, SLICE("presentation")) ||
	    slice_eq(role, SLICE("none")))
		return 0;
	for (i = table + 1; i < end; i++) {
		const struct markup_node *n = &m->nodes[i];
		enum markdown_tag tag = look_tag(n);
		enum markdown_tag up = look_tag(&m->nodes[n->parent]);
		bool frame = up == TAG_TABLE || up == TAG_ROWS || up == TAG_ROW;

		if (n->kind == MARKUP_TEXT && frame) {
			if (!look_blank(n->text))
				return 0;
			continue;
		}
		if (!cell_holds(tag) || (tag == TAG_CELL) != (up == TAG_ROW) ||
		    (cell_blocks(tag) && !real))
			return 0;
		if (tag == TAG_ROW)
			shape_row(&t);
		if (tag == TAG_CELL)
			shape_cell(&t, m, n, align);
		if (!shape_fits(&t, tag, n) || t.most > LOOK_COLUMNS)
			return 0;
	}
	return t.most;
}
