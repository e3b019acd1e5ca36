/*
 * The heading of a question page, the boxes beside it and the notices: between
 * the heading and the first answer, in every layout.
 */

#include "crawler/stack_page_parts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/stack_pick.h"

/* The question's number: of its container, else of the page's own address. */
int64_t page_question_id(const struct page_reader *r, uint32_t n)
{
	const struct markup *m = r->m;
	uint32_t all = (uint32_t)m->node_count;
	uint32_t canonical = pick(m, 0, all, "link[rel=canonical]");
	uint32_t address = pick(m, 0, all, "meta[property=og:url]");
	uint32_t title = pick(m, 0, all, "a.question-hyperlink");
	int64_t id = 0;

	if (slice_number(pick_value(m, n, "data-questionid"), &id) ||
	    pick_id(pick_value(m, canonical, "href"), "/questions/", &id) ||
	    pick_id(pick_value(m, address, "content"), "/questions/", &id) ||
	    pick_id(pick_value(m, title, "href"), "/questions/", &id))
		return id;
	return 0;
}

static bool ends_closed(struct slice s, size_t *len)
{
	static const char *const ends[] = { " [closed]", " [duplicate]",
		                            " [on hold]", " [migrated]",
		                            " [locked]" };
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (slice_ends(s, slice_of(ends[i]))) {
			*len = s.len - slice_of(ends[i]).len;
			return true;
		}
	}
	return false;
}

/*
 * The title. Behind that of a closed question stands a word in brackets, in the
 * site's language, which the page's head does not have.
 */
struct slice page_title(const struct page_reader *r, bool *marked)
{
	const struct markup *m = r->m;
	uint32_t all = (uint32_t)m->node_count;
	uint32_t header = pick(m, 0, all, "#question-header");
	uint32_t n = pick_in(m, header, "h1"), i;
	struct slice title, plain;
	size_t len;

	if (n == MARKUP_NONE)
		n = pick(m, 0, all, "h1[itemprop=name],a.question-hyperlink");
	if (n == MARKUP_NONE)
		n = pick(m, 0, all, "h1,h2[itemprop=name]");
	i = pick_in(m, n, "a");
	title = pick_text(m, i == MARKUP_NONE ? n : i, r->a);
	i = pick(m, 0, all, "meta[property=og:title],meta[itemprop=name]");
	plain = slice_trim(pick_value(m, i, "content"));
	*marked = ends_closed(title, &len);
	if (plain.len && title.len > plain.len + 3 &&
	    slice_starts(title, plain) && slice_ends(title, SLICE("]")) &&
	    slice_starts(slice_cut(title, plain.len, title.len), SLICE(" ["))) {
		*marked = true;
		return slice_cut(title, 0, plain.len);
	}
	return *marked && !slice_eq(title, plain) ? slice_cut(title, 0, len)
	                                          : title;
}

/* "Viewed 68,733 times", in any language: a title with a number, and no date,
 * between the heading and the question. */
static bool read_views(const struct page_reader *r, uint32_t from, uint32_t end,
                       int64_t *out)
{
	const struct markup *m = r->m;
	uint32_t all = (uint32_t)m->node_count, n = from, info;

	while ((n = pick(m, n, end, "div[title],span[title]")) != MARKUP_NONE) {
		struct slice title = pick_value(m, n++, "title");

		if (pick_time(title) == CLOCK_NONE && pick_number(title, out))
			return true;
	}
	/* The older box beside the question: the row without date or link. */
	info = pick(m, 0, all, "#qinfo");
	for (n = info; n != MARKUP_NONE; n++) {
		n = pick(m, n, markup_end(m, info), "p.label-key");
		if (n == MARKUP_NONE)
			break;
		if (!pick_value(m, n, "title").at &&
		    pick_in(m, n, "b") != MARKUP_NONE &&
		    pick_in(m, n, "a") == MARKUP_NONE)
			return pick_number(pick_text(m, n, r->a), out);
	}
	return false;
}

bool page_answer_count(const struct page_reader *r, int64_t *out)
{
	const struct markup *m = r->m;
	uint32_t all = (uint32_t)m->node_count;
	uint32_t n = pick(m, 0, all, "[itemprop=answerCount]");

	if (pick_number(pick_value(m, n, "content"), out) ||
	    pick_number(pick_text(m, n, r->a), out))
		return true;
	n = pick(m, 0, all, "[data-answercount]");
	if (pick_number(pick_value(m, n, "data-answercount"), out))
		return true;
	n = pick_in(m, pick(m, 0, all, "#answers-header"), "h2");
	return pick_number(pick_text(m, n, r->a), out);
}

/* Ids of the questions that a notice says it repeats. */
static void read_originals(const struct page_reader *r, uint32_t from,
                           uint32_t end, struct stack_post *p)
{
	struct slice *made = arena_array(r->a, LIMIT_TAGS, sizeof(*made));
	int64_t own = 0, id;
	uint32_t n = from;

	slice_number(p->record.id, &own);
	p->originals = made;
	while (p->original_count < LIMIT_TAGS &&
	       (n = pick(r->m, n, end, "a[href*=/questions/]")) !=
	               MARKUP_NONE) {
		if (pick_id(pick_value(r->m, n, "href"), "/questions/", &id) &&
		    id != own)
			made[p->original_count++] = page_id(id, r->a);
		n++;
	}
}

/* Notices above, in or below the question: closing ones lead to the help about
 * closed questions or duplicates; locked and protected ones do not. */
static void read_closing(const struct page_reader *r, uint32_t from,
                         bool marked, struct stack_post *p)
{
	static const char notices[] =
	        "aside.s-notice,.js-post-notice,.question-status,"
	        ".question-originals-of-duplicate";
	static const char times[] = ".relativetime[title],span[title]";
	static const char reasons[] =
	        "a[href*=/help/closed-questions],a[href*=/help/duplicates]";
	const struct markup *m = r->m;
	uint32_t n = from, end;

	for (;; n = end) {
		bool repeats, closing;
		int64_t time;

		n = pick(m, n, r->first, notices);
		if (n == MARKUP_NONE)
			return;
		end = markup_end(m, n);
		repeats = pick_matches(m, n,
		                       ".question-originals-of-duplicate") ||
		          pick(m, n, end,
		               ".question-originals-of-duplicate,"
		               "a[href*=/help/duplicates]") != MARKUP_NONE;
		closing = repeats || pick(m, n, end, reasons) != MARKUP_NONE ||
		          (marked && pick_matches(m, n, ".question-status"));
		if (!closing)
			continue;
		time = pick_time(
		        pick_value(m, pick(m, n, end, times), "title"));
		if (p->record.closed == CLOCK_NONE)
			p->record.closed = time;
		if (repeats && !p->original_count)
			read_originals(r, n, end, p);
	}
}

/* What stands between the heading and the question: when, how often seen. */
void page_read_heading(struct page_reader *r, uint32_t n, uint32_t body,
                       bool marked, struct stack_post *p)
{
	const struct markup *m = r->m;
	uint32_t from = pick(m, 0, body, "#question-header,h1"), end = n, time;

	if (from == MARKUP_NONE)
		from = n;
	/* In some layouts the heading is a part of the question. */
	if (from >= n)
		end = body;
	time = pick(m, from, end, "time[itemprop=dateCreated]");
	if (p->record.created == CLOCK_NONE)
		p->record.created = pick_time(pick_value(m, time, "datetime"));
	page_expect(r, p->record.created != CLOCK_NONE,
	            "the date of the question");
	page_expect(r, read_views(r, from, end, &p->record.views),
	            "how often it was viewed");
	read_closing(r, from, marked, p);
}
