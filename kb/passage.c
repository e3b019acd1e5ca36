/*
 * Questions, and folded cases, are split along their rows: the question is one
 * passage, each answer another. Everything else is split along its own
 * headings: the text is cut into lines, fenced code is followed so that a
 * comment in a script is no heading, and a section that is too long is cut at
 * the last blank line before PASSAGE_BYTES, outside a fence if there is one.
 * The heading carries the path of headings above it. Documents have mostly been
 * cut by whoever made them, and their text need not be Markdown: a short one
 * stays whole.
 */

#include "kb/passage.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum {
	HEADING_LEVELS = 6,
	HEADING_MAX = 200,    /* bytes of one heading in a path */
	SECTION_SHORT = 200,  /* a rest of fewer bytes joins the piece before */
	SECTIONS_MAX = 10000, /* then headings no longer cut, length alone */
};

const char *passage_kind_name(enum passage_kind kind)
{
	static const char *const names[PASSAGE_KINDS] = {
		[PASSAGE_QUESTION] = "question",
		[PASSAGE_ACCEPTED] = "accepted",
		[PASSAGE_ANSWER] = "answer",
		[PASSAGE_SECTION] = "section",
	};

	return names[kind];
}

static struct slice passage_tags(const struct post_row *p, struct arena *a)
{
	size_t i, len = 0;
	char *at;

	for (i = 0; i < p->tag_count; i++)
		len += p->tags[i].len + 1;
	if (!len)
		return (struct slice){ 0 };
	at = arena_new(a, len);
	for (len = 0, i = 0; i < p->tag_count; i++) {
		if (i)
			at[len++] = ' ';
		if (p->tags[i].len)
			memcpy(at + len, p->tags[i].at, p->tags[i].len);
		len += p->tags[i].len;
	}
	return (struct slice){ at, len };
}

static int passage_by_part(const void *a, const void *b)
{
	const struct passage *x = a, *y = b;

	return (x->part > y->part) - (x->part < y->part);
}

/* Of a text that was never edited, the day it was written. */
static int64_t passage_date(int64_t modified, int64_t created)
{
	return modified == CLOCK_NONE ? created : modified;
}

static struct passage passage_of_answer(const struct passage *question,
                                        const struct answer_row *row)
{
	struct passage p = *question;

	p.part = row->id;
	p.kind = row->accepted ? PASSAGE_ACCEPTED : PASSAGE_ANSWER;
	p.body = row->content;
	p.to = (uint32_t)row->content.len;
	p.score = row->score;
	p.modified = passage_date(row->modified, row->created);
	p.changed = row->changed;
	return p;
}

static struct passage *passage_question(const struct post_row *row,
                                        const struct passage *head,
                                        struct arena *a, size_t *count)
{
	struct passage *all =
	        arena_array(a, row->answer_count + 1, sizeof(*all));
	size_t i, n = 0;

	if (row->content.len || row->title.len) {
		all[n] = *head;
		all[n].kind = PASSAGE_QUESTION;
		all[n].body = row->content;
		all[n++].to = (uint32_t)row->content.len;
	}
	for (i = 0; i < row->answer_count; i++)
		if (row->answers[i].content.len || row->title.len)
			all[n++] = passage_of_answer(head, &row->answers[i]);
	qsort(all, n, sizeof(*all), passage_by_part);
	*count = n;
	return all;
}

/* One page on its way into sections. */
struct page {
	struct slice text;
	const struct passage *head;
	struct arena *arena;
	struct slice path[HEADING_LEVELS]; /* the headings above, by level */
	struct map slugs;                  /* given so far -> next number */
	struct slice heading, slug;        /* of the section at hand */
	size_t level;                      /* of its heading */
	size_t pieces;                     /* it has given so far */
	struct passage *all;
	size_t count, cap;
};

struct fence {
	char mark; /* '`', '~', or 0: outside */
	size_t len;
};

/* Follows one line; true when it opens, closes or stands in a fence. */
static bool fence_line(struct fence *fence, struct slice line)
{
	struct slice s = slice_trim(line);
	size_t run = 0;
	char mark = s.len ? s.at[0] : ' ';

	while (run < s.len && s.at[run] == mark)
		run++;
	if (fence->mark) {
		if (mark == fence->mark && run >= fence->len && run == s.len)
			fence->mark = 0;
		return true;
	}
	if ((mark != '`' && mark != '~') || run < 3 ||
	    (mark == '`' &&
	     slice_find(slice_cut(s, run, s.len), '`') < s.len - run))
		return false;
	*fence = (struct fence){ mark, run };
	return true;
}

/* Level of an ATX heading (# Text #) and its text; 0: none. */
static size_t heading_of(struct slice line, struct slice *text)
{
	size_t level = 0, indent = 0, end;
	struct slice s;

	while (indent < line.len && indent < 4 && line.at[indent] == ' ')
		indent++;
	if (indent == 4)
		return 0;
	s = slice_trim(line);
	while (level < s.len && s.at[level] == '#')
		level++;
	if (!level || level > HEADING_LEVELS || level == s.len ||
	    (s.at[level] != ' ' && s.at[level] != '\t'))
		return 0;
	s = slice_trim(slice_cut(s, level, s.len));
	for (end = s.len; end && s.at[end - 1] == '#';)
		end--;
	if (!end || s.at[end - 1] == ' ' || s.at[end - 1] == '\t')
		s.len = end;
	*text = utf8_head(slice_trim(s), HEADING_MAX);
	return text->len ? level : 0;
}

/* As GitHub makes them: letters, digits, - and _ stay, in lower case; blanks
 * become hyphens; the rest goes. */
static void slug_of(struct slice heading, struct buf *out)
{
	char bytes[4];
	size_t at = 0;

	while (at < heading.len) {
		uint32_t point = utf8_next(heading, &at);

		if (point == ' ' || point == '-')
			buf_byte(out, '-');
		else if (point == '_')
			buf_byte(out, '_');
		else if (unicode_class(point) != UNICODE_OTHER)
			buf_add(out, (struct slice){ bytes,
			                             utf8_put(bytes, point) });
	}
}

/* A slug that no section of the page has yet: intro, intro-1, intro-2. */
static struct slice page_slug(struct page *page, struct slice heading)
{
	struct buf plain = BUF_INIT(4 * HEADING_MAX);
	struct buf lower = BUF_INIT(16 * HEADING_MAX);
	struct slice base, slug;
	bool fresh;

	slug_of(heading, &plain);
	unicode_fold(buf_slice(&plain), &lower);
	if (!lower.len)
		buf_text(&lower, "section");
	base = slug = arena_copy(page->arena, buf_slice(&lower));
	map_put(&page->slugs, base, &fresh);
	while (!fresh) {
		int64_t number = ++map_put(&page->slugs, base, NULL)->number;

		buf_reset(&lower);
		buf_add(&lower, base);
		buf_byte(&lower, '-');
		buf_number(&lower, number);
		slug = arena_copy(page->arena, buf_slice(&lower));
		map_put(&page->slugs, slug, &fresh);
	}
	buf_release(&plain);
	buf_release(&lower);
	return slug;
}

/* "Install > Debian > Packages" */
static struct slice page_path(struct page *page)
{
	struct buf path = BUF_INIT(HEADING_LEVELS * (HEADING_MAX + 4));
	struct slice out;
	size_t i;

	for (i = 0; i < HEADING_LEVELS; i++) {
		if (!page->path[i].len)
			continue;
		if (path.len)
			buf_text(&path, " > ");
		buf_add(&path, page->path[i]);
	}
	out = arena_copy(page->arena, buf_slice(&path));
	buf_release(&path);
	return out;
}

static void page_heading(struct page *page, size_t level, struct slice text)
{
	size_t i;

	page->path[level - 1] = text;
	for (i = level; i < HEADING_LEVELS; i++)
		page->path[i] = (struct slice){ 0 };
	page->heading = page_path(page);
	page->slug = page_slug(page, text);
	page->level = level;
	page->pieces = 0;
}

/* The slug of the section's piece at hand: install, install~2, install~3. */
static struct slice page_piece(struct page *page)
{
	struct buf slug = BUF_INIT(20 * HEADING_MAX);
	struct slice out;

	if (++page->pieces == 1)
		return page->slug;
	buf_add(&slug, page->slug);
	buf_byte(&slug, '~');
	buf_number(&slug, (int64_t)page->pieces);
	out = arena_copy(page->arena, buf_slice(&slug));
	buf_release(&slug);
	return out;
}

static struct passage *page_room(struct page *page)
{
	size_t cap = page->cap ? page->cap * 2 : 8;
	struct passage *all;

	if (page->count < page->cap)
		return &page->all[page->count];
	all = arena_array(page->arena, cap, sizeof(*all));
	if (page->count)
		memcpy(all, page->all, page->count * sizeof(*all));
	page->all = all;
	page->cap = cap;
	return &page->all[page->count];
}

/* A piece of the section at hand; `empty` allows one without a body. */
static void page_add(struct page *page, size_t from, size_t to, bool empty)
{
	struct slice body = slice_trim(slice_cut(page->text, from, to));
	struct passage *p;

	if (!body.len && !empty)
		return;
	if (body.len)
		from = (size_t)(body.at - page->text.at);
	to = from + body.len;
	if (page->pieces && body.len < SECTION_SHORT) {
		p = &page->all[page->count - 1];
		p->to = (uint32_t)to;
		p->body = slice_cut(page->text, p->from, to);
		return;
	}
	p = page_room(page);
	*p = *page->head;
	p->part = (int64_t)page->count++;
	p->kind = PASSAGE_SECTION;
	p->heading = page->heading;
	p->slug = page_piece(page);
	p->body = body;
	p->from = (uint32_t)from;
	p->to = (uint32_t)to;
}

/* Where lines end: behind the newline. */
static size_t line_end(struct slice text, size_t at)
{
	at += slice_find(slice_cut(text, at, text.len), '\n');
	return at < text.len ? at + 1 : text.len;
}

/* A place to cut at, and the fence that is open there. */
struct cut {
	size_t at;
	struct fence fence;
};

/*
 * Where the text from `from` on, being too long for one passage, is cut: at
 * the last blank line outside a fence, else at one inside, else at a line,
 * else anywhere between two characters. `fence` is open at `from`, and moves.
 */
static size_t page_cut(const struct page *page, size_t from,
                       struct fence *fence)
{
	struct slice text = slice_cut(page->text, 0, from + PASSAGE_BYTES);
	struct cut outside = { 0 }, inside = { 0 }, line = { 0 };
	struct fence state = *fence;
	const struct cut *best;
	size_t at, end;

	for (at = from; at < text.len; at = end) {
		bool fenced;

		if (at > from)
			line = (struct cut){ at, state };
		end = line_end(text, at);
		fenced = fence_line(&state, slice_cut(text, at, end));
		if (end - from > SECTION_SHORT && end < text.len &&
		    !slice_trim(slice_cut(text, at, end)).len)
			*(fenced ? &inside : &outside) =
			        (struct cut){ end, state };
	}
	best = outside.at ? &outside : inside.at ? &inside : &line;
	if (!best->at)
		return from +
		       utf8_head(slice_cut(page->text, from, page->text.len),
		                 PASSAGE_BYTES)
		               .len;
	*fence = best->fence;
	return best->at;
}

/*
 * The section at hand lies from `from` to `to`; `next` is the level of the
 * heading behind it, 0 at the end. A heading over nothing is a passage too,
 * unless headings below carry it on.
 */
static void page_section(struct page *page, size_t from, size_t to, size_t next)
{
	struct fence fence = { 0 };

	while (to - from > PASSAGE_BYTES) {
		size_t cut = page_cut(page, from, &fence);

		page_add(page, from, cut, false);
		from = cut;
	}
	page_add(page, from, to,
	         page->heading.len && !page->pieces && next <= page->level);
}

/* A # in a plain text that is one passage anyway is no heading. */
static bool post_is_whole(const struct post_row *row)
{
	return slice_eq(row->kind, SLICE("document")) &&
	       row->content.len <= DOCUMENT_WHOLE;
}

static void page_read(struct page *page)
{
	struct fence fence = { 0 };
	size_t at = 0, begin = 0, end;

	for (; at < page->text.len; at = end) {
		struct slice line, text;
		size_t level;

		end = line_end(page->text, at);
		line = slice_cut(page->text, at, end);
		if (fence_line(&fence, line) || page->count >= SECTIONS_MAX)
			continue;
		level = heading_of(line, &text);
		if (!level)
			continue;
		page_section(page, begin, at, level);
		page_heading(page, level, text);
		begin = end;
	}
	page_section(page, begin, page->text.len, 0);
}

static struct passage *passage_page(const struct post_row *row,
                                    const struct passage *head, struct arena *a,
                                    size_t *count)
{
	struct page page = { .text = row->content, .head = head, .arena = a };

	if (post_is_whole(row))
		page_section(&page, 0, page.text.len, 0);
	else
		page_read(&page);
	map_release(&page.slugs);
	if (!page.count && row->title.len) {
		page.all = arena_new(a, sizeof(*page.all));
		*page.all = *head;
		page.count = 1;
	}
	*count = page.count;
	return page.all;
}

struct passage *passage_split(const struct post_row *p, struct arena *a,
                              size_t *count)
{
	struct passage head = {
		.post = p->id,
		.kind = PASSAGE_SECTION,
		.title = p->title,
		.tags = passage_tags(p, a),
		.score = p->score,
		.modified = passage_date(p->modified, p->created),
		.changed = p->changed,
	};

	if (slice_eq(p->kind, SLICE("question")) ||
	    slice_eq(p->kind, SLICE("case")))
		return passage_question(p, &head, a, count);
	return passage_page(p, &head, a, count);
}
