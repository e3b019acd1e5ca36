/*
 * List pages lead to questions, a question's page to its further answers. The
 * first list page is read in every run; the others, once known, are pages like
 * all and come when they are due. The time of a question's last activity
 * stands in the list: since the last run, it makes known pages due. Before, it
 * says nothing, and questions come in the order of the list.
 */

#include "base/buf.h"
#include "base/clock.h"
#include "base/net/url.h"
#include "crawler/stack_list.h"
#include "crawler/stack_name.h"
#include "crawler/stack_page.h"
#include "crawler/stack_pick.h"
#include "crawler/stack_walk.h"

enum pages_tag { TAG_LISTED = 11, TAG_QUESTION };

enum {
	LIST_SIZE = 50,
	HINT_OVERLAP = 3600 * 1000, /* milliseconds: caches, clocks */
};

static void ask_page(struct slice url, enum pages_tag tag, int64_t number,
                     int64_t due, unsigned flags, struct yield *y)
{
	struct ask ask = { .url = url, .tag = tag, .flags = flags | ASK_PAGE };
	struct buf note = BUF_INIT(24);

	buf_number(&note, number);
	ask.note = buf_slice(&note);
	ask.due = due;
	ask.depth = tag == TAG_QUESTION ? (int32_t)number : 0;
	yield_ask(y, &ask);
	buf_release(&note);
}

static void ask_list(const struct stack_source *s, int64_t number,
                     struct yield *y)
{
	static const char *const tabs[ORDERS] = { "Active", "Newest", "Votes" };
	struct buf url = BUF_INIT(URL_MOST);

	buf_add(&url, s->web);
	buf_text(&url, "/questions");
	if (s->tag_count == 1) {
		buf_text(&url, "/tagged/");
		url_escape(s->tags[0], &url);
	}
	buf_addf(&url, "?tab=%s&page=%lld&pagesize=%d", tabs[s->order],
	         (long long)number, LIST_SIZE);
	ask_page(buf_slice(&url), TAG_LISTED, number, 0, ASK_AGAIN, y);
	buf_release(&url);
}

void stack_pages_mark(struct stack_source *s, struct slice mark)
{
	if (!slice_eq(stack_word(&mark), SLICE("pages")) ||
	    !slice_number(stack_word(&mark), &s->since))
		s->since = 0;
}

static void say_mark(const struct stack_source *s, struct yield *y)
{
	struct buf b = BUF_INIT(32);

	buf_addf(&b, "pages %lld", (long long)s->time);
	yield_mark(y, buf_slice(&b));
	buf_release(&b);
}

void stack_pages_seed(struct stack_source *s, struct yield *y)
{
	ask_list(s, 1, y);
}

/* A link of the page `r` that leads to a question of the site. */
static bool find_question(const struct stack_source *s, const struct reply *r,
                          struct slice link, bool bare, struct url *out)
{
	struct url base = URL_INIT;
	struct fault why;
	struct slice url;
	size_t end;
	bool ok = url_parse(&base, r->url, NULL, &why) &&
	          url_parse(out, link, &base, &why);

	url_release(&base);
	if (!ok)
		return false;
	url = url_bare(out);
	/* Tabs and anchors of lists make no other page. */
	if (bare) {
		end = slice_find(url, '?');
		buf_cut(&out->text, end);
		out->query = out->query_end = out->fragment = 0;
		url = buf_slice(&out->text);
	}
	return slice_starts(url, s->web) &&
	       slice_starts(slice_cut(url, s->web.len, url.len),
	                    SLICE("/questions/"));
}

static bool wants_summary(const struct stack_source *s,
                          const struct stack_summary *it)
{
	/* What the list does not say, the page will. */
	int64_t votes = it->votes == INT64_MIN ? INT64_MAX : it->votes;

	return it->tag_count ? stack_wants(s, votes, it->tags, it->tag_count)
	                     : votes >= s->min_score;
}

/* When it became due, for a page that may be known. */
static int64_t hint(const struct stack_source *s,
                    const struct stack_summary *it)
{
	bool news = s->since && it->time != CLOCK_NONE &&
	            it->time > s->since - HINT_OVERLAP;

	return news ? it->time : 0;
}

static bool read_list(struct stack_source *s, const struct reply *r,
                      int64_t number, struct yield *y, struct fault *f)
{
	struct stack_list list;
	struct url url = URL_INIT;
	bool below = false;
	size_t i;

	if (!stack_list_read(r->page, r->arena, &list, f))
		return false;
	for (i = 0; i < list.count; i++) {
		const struct stack_summary *it = &list.items[i];

		below |= it->votes != INT64_MIN && it->votes < s->min_score;
		if (wants_summary(s, it) &&
		    find_question(s, r, it->link, true, &url))
			ask_page(buf_slice(&url.text), TAG_QUESTION, 1,
			         hint(s, it), ASK_ERRORS, y);
	}
	url_release(&url);
	if (number == 1)
		say_mark(s, y);
	if (list.next.len && number < s->pages &&
	    !(below && s->order == ORDER_VOTES))
		ask_list(s, number + 1, y);
	return true;
}

static void ask_answers(const struct stack_source *s, const struct reply *r,
                        const struct stack_page *page, int64_t part,
                        struct yield *y)
{
	struct url url = URL_INIT;

	if (find_question(s, r, page->next, false, &url))
		ask_page(url_bare(&url), TAG_QUESTION, part, 0, 0, y);
	url_release(&url);
}

static bool read_question(struct stack_source *s, const struct reply *r,
                          int64_t part, struct yield *y, struct fault *f)
{
	const struct record *question;
	struct stack_page page;
	/* The question stands on every page of its answers, and on the first
	 * one with what is new about it. */
	size_t first = part > 1;

	if (!stack_page_read(r->page, part, s->host, r->arena, &page, f))
		return false;
	question = &page.posts[0].record;
	if (page.found < page.wanted)
		yield_event(y, "stack-incomplete", question->id,
		            "%u of %u things found in layout %s", page.found,
		            page.wanted, page.layout);
	if (!stack_wants(s, question->score, question->tags,
	                 question->tag_count))
		return true;
	if (page.next.len)
		ask_answers(s, r, &page, part + 1, y);
	return stack_posts_yield(page.posts + first, page.count - first,
	                         s->host, r->parser, y, f);
}

/* A question goes by the number in its address, not by its title there nor by
 * the mirror it is on: so it is us who say that it is missed. */
static bool read_refusal(const struct reply *r, struct yield *y,
                         struct fault *f)
{
	int64_t id;

	if (r->status != 404 && r->status != 410)
		return fault(f,
		             r->status == 401 || r->status == 403 ? FAULT_DENIED
		                                                  : FAULT_INPUT,
		             "http-status", "the server says %d", r->status);
	if (pick_id(r->url, "/questions/", &id))
		yield_missing(y, stack_id(id, r->arena));
	return true;
}

bool stack_pages_reply(struct stack_source *s, const struct reply *r,
                       struct yield *y, struct fault *f)
{
	int64_t number = 1;

	slice_number(r->ask->note, &number);
	if (r->status >= 400)
		return read_refusal(r, y, f);
	if (!r->page)
		return fault(f, FAULT_INPUT, "stack-layout",
		             "it is no HTML page");
	if (r->ask->tag == TAG_LISTED)
		return read_list(s, r, number, y, f);
	return read_question(s, r, number, y, f);
}
