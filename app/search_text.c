/*
 * An answer for someone on call: what it is, whether it was accepted, how old
 * it is and where it stands, with the lines that matter. Lines are broken at
 * blanks and between wide characters, to the terminal's width. Everything
 * goes through say_clean(), piece by piece, so that the marks stay in place.
 */

#include "app/search_form.h"

#include "base/clock.h"
#include "base/say.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum { INDENT = 4 };

static void text_clean(struct buf *out, struct slice s)
{
	form_clean(out, s, "\n\t");
}

static size_t text_width(struct slice s)
{
	size_t at = 0, width = 0;

	while (at < s.len) {
		uint32_t point = utf8_next(s, &at);
		int w = point == UTF8_BAD ? 1 : unicode_width(point);

		width += (size_t)(w > 0 ? w : 0);
	}
	return width;
}

/* Where the line that starts at `from` ends; *next: where the next starts. */
static size_t text_line(struct slice s, size_t from, size_t width, size_t *next)
{
	size_t at = from, column = 0, end = SIZE_MAX, resume = 0;

	while (at < s.len) {
		size_t start = at;
		uint32_t point = utf8_next(s, &at);
		int w = point == UTF8_BAD ? 1 : unicode_width(point);
		size_t cells = (size_t)(w > 0 ? w : 0);

		if (point == ' ') {
			end = start;
			resume = at;
		} else if (cells == 2 && start > from && resume != start) {
			end = resume = start;
		}
		if (column + cells > width && start > from) {
			if (end == SIZE_MAX || end == from)
				end = resume = start;
			*next = resume;
			return end;
		}
		column += cells;
		if (cells == 2)
			end = resume = at;
	}
	*next = s.len;
	return s.len;
}

/* The bytes [from, to) of a snippet with its marks in bold. */
static void text_marked(struct buf *out, const struct snippet *s, size_t from,
                        size_t to, bool colour)
{
	size_t i;

	for (i = 0; colour && i < s->mark_count; i++) {
		size_t a = s->marks[i].from, b = s->marks[i].to;

		if (b <= from || a >= to)
			continue;
		if (a < from)
			a = from;
		if (b > to)
			b = to;
		text_clean(out, slice_cut(s->text, from, a));
		buf_text(out, "\033[1m");
		text_clean(out, slice_cut(s->text, a, b));
		buf_text(out, "\033[0m");
		from = b;
	}
	text_clean(out, slice_cut(s->text, from, to));
}

/* A snippet over several lines, with dots where something was left out. */
static void text_block(const struct search_view *v, const struct snippet *s,
                       struct buf *out)
{
	size_t width = v->width > 2 * INDENT + 20 ? v->width - INDENT - 2 : 20;
	size_t at = 0;

	while (at < s->text.len) {
		size_t next, end = text_line(s->text, at, width, &next);

		buf_addf(out, "%*s", INDENT, "");
		if (!at && s->head)
			buf_text(out, "… ");
		text_marked(out, s, at, end, v->colour);
		if (next >= s->text.len && s->tail)
			buf_text(out, " …");
		buf_byte(out, '\n');
		at = next;
	}
}

/* "3 years ago"; nothing for an unknown time or one to come. */
static void text_age(struct buf *out, int64_t time, int64_t now)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {
		{ "year", 31556952 }, { "month", 2629746 }, { "week", 604800 },
		{ "day", 86400 },     { "hour", 3600 },     { "minute", 60 },
	};
	int64_t age;
	size_t i;

	if (time == CLOCK_NONE || time > now)
		return;
	age = (now - time) / 1000;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		int64_t n = age / units[i].seconds;

		if (n) {
			buf_addf(out, " · %lld %s%s ago", (long long)n,
			         units[i].name, n == 1 ? "" : "s");
			return;
		}
	}
	buf_text(out, " · just now");
}

/* What the passage is, in words. */
static void text_kind(struct buf *out, const struct retrieved *h)
{
	if (h->untrusted) {
		text_clean(out, h->kind);
		buf_text(out, h->hit.entry.kind == PASSAGE_ACCEPTED
		                      ? " § resolution, in a model's words"
		                      : ", in a model's words");
		return;
	}
	switch (h->hit.entry.kind) {
	case PASSAGE_QUESTION:
		buf_text(out, "question");
		break;
	case PASSAGE_ACCEPTED:
		buf_text(out, "✓ accepted answer");
		break;
	case PASSAGE_ANSWER:
		buf_text(out, "answer");
		break;
	case PASSAGE_SECTION:
	case PASSAGE_KINDS:
		text_clean(out, h->kind);
		if (h->heading.len)
			buf_text(out, " § ");
		text_clean(out, h->heading);
		break;
	}
}

/* Votes mean something only where people vote. */
static void text_votes(struct buf *out, const struct retrieved *h)
{
	if (h->untrusted)
		return;
	if (h->votes || h->hit.entry.kind != PASSAGE_SECTION)
		buf_addf(out, " · %lld vote%s", (long long)h->votes,
		         h->votes == 1 ? "" : "s");
	if (h->hit.entry.kind == PASSAGE_QUESTION)
		buf_addf(out, " · %zu answer%s%s", h->answers,
		         h->answers == 1 ? "" : "s",
		         h->solved ? ", one accepted" : "");
}

/* As many tags as fit on the line. */
static void text_tags(const struct search_view *v, const struct retrieved *h,
                      size_t line, struct buf *out)
{
	size_t i;

	for (i = 0; i < h->tag_count; i++) {
		size_t used =
		        text_width(slice_cut(buf_slice(out), line, out->len));

		if (used + text_width(h->tags[i]) + 4 > v->width)
			return;
		buf_text(out, i ? " #" : " · #");
		text_clean(out, h->tags[i]);
	}
}

static void text_source(const struct search_view *v, const struct retrieved *h,
                        struct buf *out)
{
	size_t line = out->len;

	buf_addf(out, "%*s", INDENT, "");
	text_kind(out, h);
	text_votes(out, h);
	text_age(out, h->created != CLOCK_NONE ? h->created : h->modified,
	         v->now);
	buf_text(out, " · ");
	text_clean(out, h->space);
	if (h->similar)
		buf_addf(out, " · %zu more like it", h->similar);
	text_tags(v, h, line, out);
	buf_byte(out, '\n');
}

/* Where else the same text stands. */
static void text_also(const struct retrieved *h, struct buf *out)
{
	size_t i;

	for (i = 0; i < h->also_count; i++) {
		const struct twin_place *p = &h->also[i];

		buf_addf(out, "%*salso: ", INDENT, "");
		text_clean(out, p->link.len ? p->link : p->id);
		buf_byte(out, '\n');
	}
}

static void text_hit(const struct search_view *v, const struct retrieved *h,
                     size_t rank, struct buf *out)
{
	struct slice title = h->marked_title.text;

	buf_addf(out, "%2zu. ", rank);
	if (!title.len)
		text_clean(out, h->id);
	else
		text_marked(out, &h->marked_title, 0, title.len, v->colour);
	buf_byte(out, '\n');
	text_source(v, h, out);
	text_block(v, &h->snippet, out);
	if (h->link.len) {
		buf_addf(out, "%*s", INDENT, "");
		text_clean(out, h->link);
		buf_byte(out, '\n');
	}
	text_also(h, out);
}

/* "tag: linux 12, disk 3, 40 more" */
static void text_facet(struct buf *out, const struct facet *facet)
{
	size_t i;

	text_clean(out, facet->name);
	buf_text(out, ":");
	for (i = 0; i < facet->count; i++) {
		buf_text(out, i ? ", " : " ");
		text_clean(out, facet->values[i].value);
		buf_addf(out, " %llu",
		         (unsigned long long)facet->values[i].count);
	}
	if (facet->distinct > facet->count)
		buf_addf(out, ", %llu more",
		         (unsigned long long)(facet->distinct - facet->count));
	buf_byte(out, '\n');
}

static void text_counts(struct buf *out, const struct facets *counts)
{
	size_t i;

	buf_addf(out, "%llu passage%s in all\n",
	         (unsigned long long)counts->total,
	         counts->total == 1 ? "" : "s");
	for (i = 0; i < counts->count; i++)
		text_facet(out, &counts->at[i]);
}

void search_text(const struct search_view *v,
                 const struct retrieve_answer *answer, struct buf *out)
{
	size_t i;

	if (v->query_id.len) {
		buf_text(out, "== ");
		text_clean(out, v->query_id);
		buf_text(out, ": ");
		text_clean(out, utf8_head(v->query, v->width));
		buf_byte(out, '\n');
	}
	for (i = 0; i < answer->count; i++) {
		if (i)
			buf_byte(out, '\n');
		text_hit(v, &answer->hits[i], i + 1, out);
	}
	if (!answer->counted)
		return;
	if (answer->count)
		buf_byte(out, '\n');
	text_counts(out, &answer->counts);
}
