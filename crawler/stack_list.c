/* A list's questions stand in blocks that both generations of lists name. */

#include "crawler/stack_list.h"

#include "base/clock.h"
#include "crawler/stack_page_parts.h"
#include "crawler/stack_pick.h"

enum { LISTED_MOST = 500 };

/* A question's block in a list: id, link, votes, activity, tags. */
static bool read_summary(const struct page_reader *r, uint32_t n,
                         struct stack_summary *out)
{
	const struct markup *m = r->m;
	uint32_t end = markup_end(m, n), votes, time;
	uint32_t link = pick(m, n, end, "a[href*=/questions/]");
	struct record tags = { 0 };
	struct slice s;

	*out = (struct stack_summary){ .votes = INT64_MIN };
	out->link = pick_value(m, link, "href");
	if (!slice_number(pick_value(m, n, "data-post-id"), &out->id) &&
	    !pick_id(pick_value(m, n, "id"), "question-summary-", &out->id) &&
	    !pick_id(out->link, "/questions/", &out->id))
		return false;
	votes = pick(m, n, end,
	             ".s-post-summary--stats-item-number,.vote-count-post");
	if (votes == MARKUP_NONE)
		votes = pick(m, n, end, ".votes,.mini-counts");
	pick_number(pick_text(m, votes, r->a), &out->votes);
	time = pick(m, n, end, ".relativetime[title]");
	out->time = pick_time(pick_value(m, time, "title"));
	page_read_tags(r, n, end, &tags);
	out->tags = tags.tags;
	out->tag_count = tags.tag_count;
	s = out->link;
	return out->id > 0 && s.len;
}

bool stack_list_read(const struct markup *m, struct arena *a,
                     struct stack_list *out, struct fault *f)
{
	struct page_reader r = { .m = m, .a = a };
	uint32_t all = (uint32_t)m->node_count, n = 0;

	*out = (struct stack_list){ 0 };
	out->items = arena_array(a, LISTED_MOST, sizeof(*out->items));
	out->next = pick_value(m, pick(m, 0, all, "a[rel=next]"), "href");
	while (out->count < LISTED_MOST &&
	       (n = pick(m, n, all, ".s-post-summary,.question-summary")) !=
	               MARKUP_NONE) {
		out->count += read_summary(&r, n, &out->items[out->count]);
		n = markup_end(m, n);
	}
	if (out->count || pick(m, 0, all, "#questions,#mainbar") != MARKUP_NONE)
		return true;
	return fault(f, FAULT_INPUT, "stack-layout",
	             "no list of questions in a layout we know");
}
