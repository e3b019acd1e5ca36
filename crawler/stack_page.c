/*
 * The question stands before its answers in every layout, so ranges of the
 * flat tree do what combinators of selectors would: the question's things lie
 * between the heading and the first answer.
 */

#include "crawler/stack_page.h"

#include "base/clock.h"
#include "crawler/stack_page_parts.h"
#include "crawler/stack_pick.h"

enum {
	ANSWERS_MOST = 500,
	ENOUGH_PERCENT = 75,
};

static const struct page_layout layouts[] = {
	/* since 2020 */
	{ "stacks", "#question", "div.answer", ".js-post-body",
	  ".js-vote-count,[itemprop=upvoteCount]", ".post-signature",
	  ".user-details", ".relativetime,.relativetime-clean", ".js-comment",
	  ".comment-copy", ".js-accepted-answer-indicator" },
	/* 2018 to 2020 */
	{ "grid", "#question", "div.answer", ".post-text",
	  ".js-vote-count,[itemprop=upvoteCount]", ".post-signature",
	  ".user-details", ".relativetime,.relativetime-clean", ".comment",
	  ".comment-copy", ".js-accepted-answer-indicator" },
	/* 2009 to 2018 */
	{ "table", "#question", "div.answer", ".post-text",
	  ".vote-count-post,.vote-count,[itemprop=upvoteCount]",
	  ".post-signature", ".user-details",
	  ".relativetime,.relativetime-clean", ".comment", ".comment-copy",
	  ".vote-accepted-on" },
	/* what search engines are told, whatever it looks like */
	{ "schema.org", "[itemtype*=schema.org/Question]",
	  "[itemtype*=schema.org/Answer]", "[itemprop=text]",
	  "[itemprop=upvoteCount]", "[itemprop=author]",
	  "[itemprop=name],a[href*=/users/]", "time,.relativetime",
	  "[itemtype*=schema.org/Comment]", "[itemprop=text]",
	  ".accepted-answer,.js-accepted-answer" },
};

/* An answer's id: of its container, else of links to it. */
static int64_t answer_id(const struct page_reader *r, uint32_t n, uint32_t end)
{
	const struct markup *m = r->m;
	int64_t id = 0;

	if (slice_number(pick_value(m, n, "data-answerid"), &id) ||
	    pick_id(pick_value(m, n, "id"), "answer-", &id) ||
	    slice_number(pick_value(m, pick(m, n, end, "[data-post-id]"),
	                            "data-post-id"),
	                 &id) ||
	    pick_id(pick_value(m, pick(m, n, end, "a[href^=/a/]"), "href"),
	            "/a/", &id) ||
	    pick_id(pick_value(m, pick(m, n, end, "a[href*=/posts/]"), "href"),
	            "/posts/", &id))
		return id;
	return 0;
}

static bool is_accepted(const struct page_reader *r, uint32_t n)
{
	uint32_t mark;

	if (pick_matches(r->m, n, ".accepted-answer,.js-accepted-answer"))
		return true;
	mark = pick_in(r->m, n, r->layout->mark);
	return mark != MARKUP_NONE &&
	       !pick_matches(r->m, mark, ".d-none,.dno,.hidden,[hidden]");
}

static bool read_answer(struct page_reader *r, uint32_t n, uint32_t end,
                        struct stack_post *p)
{
	int64_t id = answer_id(r, n, end);

	*p = (struct stack_post){ .record.kind = RECORD_ANSWER };
	p->record.id = page_id(id, r->a);
	page_expect(r, id > 0, "the id of an answer");
	if (!page_read_post(r, n, end, p) || id <= 0)
		return false;
	page_expect(r, p->record.created != CLOCK_NONE,
	            "the date of an answer");
	page_expect(r, p->name.len, "the author of an answer");
	p->record.parent = r->out->posts[0].record.id;
	stack_post_settle(p, r->host, r->a);
	return true;
}

static void read_answers(struct page_reader *r)
{
	struct stack_page *out = r->out;
	uint32_t n = r->first, end;

	while (out->count <= ANSWERS_MOST && n < r->m->node_count &&
	       (n = pick(r->m, n, (uint32_t)r->m->node_count,
	                 r->layout->answer)) != MARKUP_NONE) {
		struct stack_post *p = &out->posts[out->count];

		end = markup_end(r->m, n);
		if (read_answer(r, n, end, p)) {
			out->count++;
			if (!out->accepted && is_accepted(r, n)) {
				out->accepted = true;
				out->posts[0].record.accepted = p->record.id;
			}
		}
		n = end;
	}
}

static bool read_question(struct page_reader *r, uint32_t n)
{
	struct stack_post *p = &r->out->posts[0];
	struct record *it = &p->record;
	int64_t id = page_question_id(r, n);
	uint32_t end = markup_end(r->m, n), body;
	bool marked;

	if (end > r->first)
		end = r->first;
	*p = (struct stack_post){ .record.kind = RECORD_QUESTION };
	it->id = page_id(id, r->a);
	page_expect(r, id > 0, "the question's id");
	if (!page_read_post(r, n, end, p) || id <= 0)
		return false;
	body = pick(r->m, n, end, r->layout->body);
	it->title = page_title(r, &marked);
	page_expect(r, it->title.len, "the title");
	page_expect(r, p->name.len, "the author of the question");
	page_read_tags(r, markup_end(r->m, body), end, it);
	page_expect(r, it->tag_count, "tags");
	page_read_heading(r, n, body, marked, p);
	stack_post_settle(p, r->host, r->a);
	return it->title.len > 0;
}

static void read_layout(struct page_reader *r, int64_t part)
{
	const struct markup *m = r->m;
	uint32_t all = (uint32_t)m->node_count;
	uint32_t n = pick(m, 0, all, r->layout->question);
	struct stack_page *out = r->out;
	int64_t here, i;
	bool counted;

	page_expect(r, n != MARKUP_NONE, "a question");
	if (n == MARKUP_NONE)
		return;
	r->first = pick(m, n, all, r->layout->answer);
	if (r->first == MARKUP_NONE)
		r->first = all;
	out->posts = arena_array(r->a, ANSWERS_MOST + 2, sizeof(*out->posts));
	if (!read_question(r, n))
		return;
	out->count = 1;
	counted = page_answer_count(r, &out->answers);
	read_answers(r);
	/* A question without answers may not count them. */
	if (!counted)
		out->answers = (int64_t)out->count - 1;
	page_expect(r, counted || out->count == 1,
	            "how many answers there are");
	here = out->answers - (part - 1) * STACK_PAGE_ANSWERS;
	if (here > STACK_PAGE_ANSWERS)
		here = STACK_PAGE_ANSWERS;
	for (i = (int64_t)out->count - 1; i < here; i++)
		page_expect(r, false, "an answer");
	out->posts[0].answer_count = out->answers;
	n = pick(m, r->first, all, "a[rel=next]");
	out->next = pick_value(m, n, "href");
}

/* Better: posts were found, and less is missing. */
static bool is_better(const struct stack_page *a, const struct stack_page *b)
{
	if (!a->count != !b->count)
		return a->count;
	return a->found * (b->wanted + 1) > b->found * (a->wanted + 1);
}

bool stack_page_read(const struct markup *m, int64_t part, struct slice host,
                     struct arena *a, struct stack_page *out, struct fault *f)
{
	const char *missing = "a question";
	size_t i;

	*out = (struct stack_page){ 0 };
	for (i = 0; i < sizeof(layouts) / sizeof(*layouts); i++) {
		struct stack_page page = { .layout = layouts[i].name };
		struct page_reader r = {
			m, &layouts[i], host, a, &page, NULL, 0
		};

		read_layout(&r, part);
		if (!i || is_better(&page, out)) {
			*out = page;
			missing = r.missing ? r.missing : "nothing";
		}
		if (out->count && out->found == out->wanted)
			return true;
	}
	if (out->count &&
	    out->found * 100 >= out->wanted * (unsigned)ENOUGH_PERCENT)
		return true;
	return fault(f, FAULT_INPUT, "stack-layout",
	             "no question page in a layout we know (%u of %u things "
	             "found; missing: %s)",
	             out->found, out->wanted, missing);
}
