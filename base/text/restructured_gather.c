/*
 * What is said once and used anywhere: targets of links (".. _name: address"),
 * anonymous ones ("__ address") and substitutions (".. |name| replace:: x").
 */

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text/lines.h"
#include "base/text/restructured_blocks.h"
#include "base/text/restructured_parts.h"
#include "base/utf8.h"

enum { NAME_MOST = 255 };

/* As names are compared: in lower case, white space as one, no quotes. */
static struct slice fold_name(struct slice s, char out[NAME_MOST])
{
	size_t i, len = 0;

	s = slice_trim(s);
	if (s.len > 1 && s.at[0] == '`' && s.at[s.len - 1] == '`')
		s = slice_cut(s, 1, s.len - 1);
	if (s.len > NAME_MOST)
		return (struct slice){ 0 };
	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '\\')
			continue;
		if (c == ' ' || c == '\n' || c == '\t') {
			if (!len || out[len - 1] == ' ')
				continue;
			c = ' ';
		}
		out[len++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return (struct slice){ out, len };
}

static void put(struct restructured *p, struct map *map, struct slice name,
                struct slice value)
{
	char folded[NAME_MOST];
	struct map_entry *entry;
	struct slice *kept;
	bool added;

	name = fold_name(name, folded);
	if (!name.len)
		return;
	entry = map_put(map, name, &added);
	if (!added)
		return;
	kept = arena_new(p->a, sizeof(*kept));
	*kept = value;
	entry->pointer = kept;
}

/* An address over several lines, without the blanks between them. */
static struct slice address_of(struct restructured *p, struct slice first,
                               size_t *at, size_t column)
{
	struct buf all = BUF_INIT(LIMIT_LINK);
	struct slice made;

	buf_add(&all, slice_trim(first));
	while (*at < p->text.len) {
		struct slice line = lines_peek(p->text, *at);

		if (line_blank(line) || line_indent(line) <= column)
			break;
		buf_add(&all, slice_trim(lines_next(p->text, at)));
	}
	made = arena_copy(p->a, buf_slice(&all));
	buf_release(&all);
	return made;
}

static void add_anonymous(struct restructured *p, struct slice address)
{
	p->anonymous = memory_room(p->anonymous, p->anonymous_count,
	                           &p->anonymous_cap, sizeof(*p->anonymous));
	p->anonymous[p->anonymous_count++] = address;
}

/* "#name" as docutils makes it. */
static struct slice fragment(struct restructured *p, struct slice name)
{
	char *id = arena_new(p->a, name.len + 2);
	size_t i, len = 1;

	id[0] = '#';
	name = slice_trim(name);
	for (i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (!line_word(c) || c == '_')
			c = '-';
		if (name.at[i] != '`')
			id[len++] = c;
	}
	return (struct slice){ id, len };
}

enum { TITLE_MOST = 300 }; /* said again and again */

/* The title of the section that begins at `at`, if one does. */
static void gather_title(struct restructured *p, struct slice name, size_t at)
{
	struct slice line = { 0 }, next, kept;
	char *text;
	size_t i, len = 0, blanks = 0;

	while (at < p->text.len && blanks++ < 3) {
		line = line_trim_end(lines_next(p->text, &at));
		if (line.len && !restructured_adornment(line))
			break;
	}
	next = lines_peek(p->text, at);
	if (!line.len || line.at[0] == '.' || !restructured_adornment(next) ||
	    restructured_width(next) < restructured_width(line))
		return;
	kept = utf8_head(slice_trim(line), TITLE_MOST);
	text = arena_new(p->a, kept.len + 1);
	for (i = 0; i < kept.len; i++)
		if (kept.at[i] != '`')
			text[len++] = kept.at[i];
	put(p, &p->titles, name, (struct slice){ text, len });
}

/* "_name: address" behind the dots. */
static void gather_target(struct restructured *p, struct slice s, size_t *at,
                          size_t column)
{
	size_t colon = 0;
	struct slice name, address;

	if (slice_starts(s, SLICE("__:"))) {
		add_anonymous(
		        p, address_of(p, slice_cut(s, 3, s.len), at, column));
		return;
	}
	if (s.len > 1 && s.at[1] == '`') {
		colon = 2 + line_find(slice_cut(s, 2, s.len), SLICE("`:")) + 1;
	} else {
		for (colon = 1; colon < s.len; colon++)
			if (s.at[colon] == ':' && s.at[colon - 1] != '\\' &&
			    (colon + 1 == s.len || s.at[colon + 1] == ' '))
				break;
	}
	if (colon >= s.len)
		return;
	name = slice_cut(s, 1, colon);
	address = address_of(p, slice_cut(s, colon + 1, s.len), at, column);
	put(p, &p->targets, name, address.len ? address : fragment(p, name));
	if (!address.len)
		gather_title(p, name, *at);
}

/* "|name| replace:: text" behind the dots. */
static void gather_substitution(struct restructured *p, struct slice s,
                                size_t *at, size_t column)
{
	size_t end = 1 + slice_find(slice_cut(s, 1, s.len), '|'), mark;
	struct slice name = slice_cut(s, 1, end), rest, value;
	struct buf all = BUF_INIT(LIMIT_LINK);

	rest = slice_trim(slice_cut(s, end + 1, s.len));
	mark = line_find(rest, SLICE("::"));
	value = slice_trim(slice_cut(rest, mark + 2, rest.len));
	rest = slice_cut(rest, 0, mark);
	if (slice_eq(rest, SLICE("image")))
		value = name;
	buf_add(&all, value);
	while (*at < p->text.len) {
		struct slice line = lines_peek(p->text, *at);

		if (line_blank(line) || line_indent(line) <= column)
			break;
		line = slice_trim(lines_next(p->text, at));
		if (slice_starts(line, SLICE(":")))
			continue;
		buf_byte(&all, ' ');
		buf_add(&all, line);
	}
	if (slice_eq(rest, SLICE("replace")) || slice_eq(rest, SLICE("image")))
		put(p, &p->substitutions, name,
		    arena_copy(p->a, buf_slice(&all)));
	buf_release(&all);
}

void restructured_gather(struct restructured *p)
{
	size_t at = 0;

	while (at < p->text.len) {
		struct slice line = lines_next(p->text, &at), s;
		size_t column = line_indent(line);

		s = line_trim_end(line_from(line, column));
		if (slice_starts(s, SLICE("__ "))) {
			add_anonymous(p,
			              arena_copy(p->a, slice_trim(slice_cut(
			                                       s, 3, s.len))));
			continue;
		}
		if (!slice_starts(s, SLICE(".. ")))
			continue;
		s = slice_trim(slice_cut(s, 3, s.len));
		if (slice_starts(s, SLICE("_")))
			gather_target(p, s, &at, column);
		else if (slice_starts(s, SLICE("|")))
			gather_substitution(p, s, &at, column);
	}
}

struct slice restructured_target(const struct restructured *p,
                                 struct slice name)
{
	char folded[NAME_MOST];
	unsigned hops;

	/* A target may name another: "name_". */
	for (hops = 0; hops < 4; hops++) {
		const struct map_entry *entry =
		        map_get(&p->targets, fold_name(name, folded));
		const struct slice *to = entry ? entry->pointer : NULL;

		if (!to)
			break;
		if (!to->len || to->at[to->len - 1] != '_' ||
		    slice_find(*to, '/') < to->len)
			return *to;
		name = slice_cut(*to, 0, to->len - 1);
	}
	return (struct slice){ 0 };
}

const struct slice *restructured_substitution(const struct restructured *p,
                                              struct slice name)
{
	char folded[NAME_MOST];
	const struct map_entry *entry =
	        map_get(&p->substitutions, fold_name(name, folded));

	return entry ? entry->pointer : NULL;
}

const struct slice *restructured_title(const struct restructured *p,
                                       struct slice name)
{
	char folded[NAME_MOST];
	const struct map_entry *entry =
	        map_get(&p->titles, fold_name(name, folded));

	return entry ? entry->pointer : NULL;
}
