/*
 * Pages are divided by form feeds. The first and the last line of a page are
 * compared with those of the others, digits aside: what more than half of
 * them have, and at least three, is furniture.
 */

#include "base/map.h"
#include "crawler/pdf.h"

enum {
	MARGIN = 64,     /* bytes of a head or foot that are compared */
	FURNITURE = 3,   /* pages that have it */
	PAGES = 1 << 16, /* that are looked at for it */
	BULLET_LONG = 3, /* bytes of a bullet in UTF-8 */
};

struct margins {
	struct map heads, feet; /* -> pages */
	size_t pages;
};

static struct slice next_page(struct slice *rest)
{
	struct slice page = slice_cut(*rest, 0, slice_find(*rest, '\f'));

	*rest = slice_cut(*rest, page.len + 1, rest->len);
	return page;
}

static struct slice next_line(struct slice *rest)
{
	struct slice line = slice_cut(*rest, 0, slice_find(*rest, '\n'));

	*rest = slice_cut(*rest, line.len + 1, rest->len);
	return slice_trim(line);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A line without its digits and blanks, in `out`. */
static struct slice outline(struct slice line, char out[MARGIN])
{
	size_t i, n = 0;

	for (i = 0; i < line.len && n < MARGIN; i++)
		if (!is_digit(line.at[i]) && line.at[i] != ' ')
			out[n++] = line.at[i];
	return (struct slice){ out, n };
}

/* The first and last lines that are not empty. */
static void find_margins(struct slice page, struct slice *head,
                         struct slice *foot)
{
	*head = *foot = (struct slice){ 0 };
	while (page.len) {
		struct slice line = next_line(&page);

		if (!line.len)
			continue;
		if (!head->len)
			*head = line;
		*foot = line;
	}
}

static void count(struct map *m, struct slice line)
{
	char text[MARGIN];

	if (line.len)
		map_put(m, outline(line, text), NULL)->number++;
}

static void count_margins(struct slice raw, struct margins *m)
{
	while (raw.len && m->pages < PAGES) {
		struct slice page = next_page(&raw), head, foot;

		find_margins(page, &head, &foot);
		count(&m->heads, head);
		count(&m->feet, foot);
		m->pages += head.len > 0;
	}
}

static bool is_furniture(const struct margins *m, const struct map *which,
                         struct slice line)
{
	char text[MARGIN];
	const struct map_entry *e = map_get(which, outline(line, text));

	return e && e->number >= FURNITURE && 2 * (size_t)e->number > m->pages;
}

/* The longest line, in bytes: the margin at which lines were broken. */
static size_t width_of(struct slice page)
{
	size_t most = 0;

	while (page.len) {
		size_t len = next_line(&page).len;

		if (len > most)
			most = len;
	}
	return most;
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_item(struct slice line)
{
	size_t i = 0;

	if (slice_starts(line, SLICE("\xe2\x80\xa2")) ||
	    slice_starts(line, SLICE("- ")) || slice_starts(line, SLICE("* ")))
		return true;
	while (i < line.len && is_digit(line.at[i]))
		i++;
	return i > 0 && i <= BULLET_LONG && i + 1 < line.len &&
	       (line.at[i] == '.' || line.at[i] == ')') &&
	       line.at[i + 1] == ' ';
}

/* What goes between the text so far and the next line of its paragraph. */
static void put_joint(struct slice before, struct slice line, size_t width,
                      struct buf *out)
{
	size_t n = before.len;

	if (n > 1 && before.at[n - 1] == '-' && is_lower(before.at[n - 2]) &&
	    is_lower(line.at[0]))
		buf_cut(out, out->len - 1);
	else if (is_item(line) || 4 * before.len < 3 * width)
		buf_byte(out, '\n');
	else
		buf_byte(out, ' ');
}

/* Whether a paragraph goes on behind the end of its page. */
static bool goes_on(const struct buf *out, struct slice line)
{
	char last = out->len ? out->at[out->len - 1] : '.';

	return is_lower(line.at[0]) &&
	       (is_lower(last) || last == ',' || last == '-');
}

static void put_page(struct slice page, const struct margins *m,
                     struct buf *out)
{
	struct slice head, foot, before = { 0 };
	size_t width = width_of(page);
	bool gap = false, first = true;

	find_margins(page, &head, &foot);
	while (page.len) {
		struct slice line = next_line(&page);

		if (!line.len) {
			gap = true;
			continue;
		}
		if ((line.at == head.at && is_furniture(m, &m->heads, line)) ||
		    (line.at == foot.at && is_furniture(m, &m->feet, line)))
			continue;
		if (first && out->len && goes_on(out, line))
			put_joint((struct slice){ out->at, out->len }, line, 0,
			          out);
		else if (first || gap)
			buf_text(out, out->len ? "\n\n" : "");
		else
			put_joint(before, line, width, out);
		buf_add(out, line);
		before = line;
		gap = first = false;
	}
}

void pdf_text(struct slice raw, struct buf *out)
{
	struct margins m = { 0 };

	count_margins(raw, &m);
	while (raw.len)
		put_page(next_page(&raw), &m, out);
	map_release(&m.heads);
	map_release(&m.feet);
}
