/*
 * The question stands before its answers in every layout, so ranges of the
 * flat tree do what combinators of selectors would: the question's things lie
 * between its container and the first answer, and behind its body; a post's
 * signatures and comments lie behind its body too. What an author writes into a
 * body can therefore not be taken for the site's words about it.
 */

#include "crawler/stack_page.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/stack_name.h"
#include "crawler/stack_pick.h"

enum {
	COMMENTS_MOST = 1000, /* of one post, and of other lists on a page */
	ANSWERS_MOST = 500,
	LISTED_MOST = 500,
	ENOUGH_PERCENT = 75,
};

struct layout {
	const char *name;
	const char *question, *answer; /* containers */
	const char *body, *votes;
	const char *signature; /* boxes with who and when */
	const char *person;    /* in them: who */
	const char *time;      /* in them: when, its title */
	const char *comment, *comment_text;
	const char *mark; /* in an answer: accepted, unless hidden */
};

static const struct layout layouts[] = {
	/* since 2020 */
	{ "stacks", "#question", "div.answer", ".js-post-body",
	  ".js-vote-count", ".post-signature", ".user-details",
	  ".relativetime,.relativetime-clean", ".js-comment", ".comment-copy",
	  ".js-accepted-answer-indicator" },
	/* 2018 to 2020 */
	{ "grid", "#question", "div.answer", ".post-text", ".js-vote-count",
	  ".post-signature", ".user-details",
	  ".relativetime,.relativetime-clean", ".comment", ".comment-copy",
	  ".js-accepted-answer-indicator" },
	/* 2009 to 2018 */
	{ "table", "#question", "div.answer", ".post-text",
	  ".vote-count-post,.vote-count", ".post-signature", ".user-details",
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

struct reader {
	const struct markup *m;
	const struct layout *layout;
	struct slice host;
	struct arena *a;
	struct stack_page *out;
	const char *missing; /* the first thing that was not found */
	uint32_t first;      /* the first answer, or the end of the page */
};

static void expect(struct reader *r, bool found, const char *what)
{
	r->out->wanted++;
	r->out->found += found;
	if (!found && !r->missing)
		r->missing = what;
}

static uint32_t end_of(const struct markup *m, uint32_t n)
{
	return n == MARKUP_NONE ? 0 : markup_end(m, n);
}

static struct slice id_text(int64_t id, struct arena *a)
{
	return id > 0 ? stack_id(id, a) : (struct slice){ 0 };
}

/* Votes as an attribute has them, else as people see them. */
static bool read_votes(const struct reader *r, uint32_t from, uint32_t end,
                       int64_t *out)
{
	uint32_t n = pick(r->m, from, end, r->layout->votes);
	struct slice s = pick_value(r->m, n, "data-value");

	if (!s.len)
		s = pick_value(r->m, n, "content");
	if (!s.len)
		s = pick_text(r->m, n, r->a);
	return pick_number(s, out);
}

/* Who a box names: an id where it links to a page of users, else a name. */
static void read_person(const struct reader *r, uint32_t from, uint32_t end,
                        struct slice *id, struct slice *name)
{
	const struct markup *m = r->m;
	uint32_t n = pick(m, from, end, "a[href*=/users/]"), i;
	uint32_t details = pick(m, from, end, r->layout->person);
	int64_t number = 0;

	*id = *name = (struct slice){ 0 };
	/* The first link is around the picture. */
	if (details != MARKUP_NONE) {
		i = pick(m, details, end, "a[href*=/users/]");
		n = i == MARKUP_NONE ? n : i;
	}
	if (n != MARKUP_NONE) {
		pick_id(pick_value(m, n, "href"), "/users/", &number);
		*id = id_text(number, r->a);
		*name = pick_text(m, n, r->a);
		return;
	}
	for (i = details; i < end; i++) {
		if (m->nodes[i].kind == MARKUP_TEXT &&
		    slice_trim(m->nodes[i].text).len) {
			*name = pick_text(m, i, r->a);
			return;
		}
	}
}

/* What belongs to all names the one who wrote most of it last: "3 revs, 2 users
 * 75%", and on the next line a name. */
static struct slice wiki_name(const struct reader *r, uint32_t from,
                              uint32_t end)
{
	struct slice s;

	while (end-- > from) {
		if (r->m->nodes[end].kind != MARKUP_TEXT)
			continue;
		s = pick_text(r->m, end, r->a);
		if (s.len)
			return s.at[0] >= '0' && s.at[0] <= '9'
			               ? (struct slice){ 0 }
			               : s;
	}
	return (struct slice){ 0 };
}

/* When, in a box of a signature. */
static int64_t read_when(const struct reader *r, uint32_t from, uint32_t end)
{
	uint32_t n = pick(r->m, from, end, r->layout->time);
	int64_t time = pick_time(pick_value(r->m, n, "title"));

	if (time == CLOCK_NONE)
		time = pick_time(pick_value(r->m, n, "datetime"));
	return time;
}

/*
 * The boxes behind a body: one of an edit links to the post's revisions where
 * it says when; the other, or the one marked so, is the author's.
 */
static void read_signatures(const struct reader *r, uint32_t from, uint32_t end,
                            struct stack_post *p)
{
	const struct markup *m = r->m;
	struct record *it = &p->record;
	uint32_t n = from, stop, action;
	struct slice id, name;

	while ((n = pick(m, n, end, r->layout->signature)) != MARKUP_NONE) {
		bool edit;

		stop = markup_end(m, n);
		action = pick_in(m, n, ".user-action-time");
		edit = pick_in(m, action, "a[href*=/revisions]") !=
		               MARKUP_NONE &&
		       !pick_matches(m, n, ".owner");
		read_person(r, n, stop, &id, &name);
		if (!id.len &&
		    pick(m, n, stop, ".community-wiki") != MARKUP_NONE)
			name = wiki_name(r, n, stop);
		if (edit) {
			if (it->modified == CLOCK_NONE)
				it->modified = read_when(r, n, stop);
		} else {
			if (it->created == CLOCK_NONE)
				it->created = read_when(r, n, stop);
			it->author_id = id;
			p->name = name;
		}
		n = stop;
	}
}

static bool read_comment(const struct reader *r, uint32_t n,
                         struct slice parent, struct stack_comment *out)
{
	const struct markup *m = r->m;
	uint32_t text = pick_in(m, n, r->layout->comment_text);
	uint32_t end = markup_end(m, n), user, date;
	struct slice s = pick_value(m, n, "data-comment-id");
	struct intake_comment *c = &out->comment;
	struct markup *tree;
	int64_t id = 0;

	*out = (struct stack_comment){ .comment.parent = parent };
	if (!slice_number(s, &id) &&
	    !pick_id(pick_value(m, n, "id"), "comment-", &id))
		return false;
	if (text == MARKUP_NONE)
		return false;
	c->id = id_text(id, r->a);
	tree = arena_new(r->a, sizeof(*tree));
	*tree = pick_part(m, text, r->a);
	out->tree = tree;
	s = pick_value(m, n, "data-comment-score");
	if (!s.len)
		s = pick_text(m, pick(m, n, text, ".comment-score"), r->a);
	pick_number(s, &c->score);
	user = pick(m, text, end, ".comment-user");
	out->name = pick_text(m, user, r->a);
	id = 0;
	pick_id(pick_value(m, user, "href"), "/users/", &id);
	c->author_id = id_text(id, r->a);
	if (!id)
		c->author = out->name;
	date = pick(m, text, end,
	            ".relativetime-clean[title],.relativetime[title]");
	s = pick_value(m, date, "title");
	c->created = pick_time(s);
	s = slice_cut(s, slice_find(s, ','), s.len);
	s = slice_cut(s, slice_find(s, ':') + 1, s.len);
	c->licence = stack_licence(s, r->a);
	return id || out->name.len || c->created != CLOCK_NONE;
}

static void read_comments(const struct reader *r, uint32_t from, uint32_t end,
                          struct stack_post *p)
{
	const char *pattern = r->layout->comment;
	struct stack_comment *made;
	size_t most = 0, count = 0;
	uint32_t n;

	for (n = from; most < COMMENTS_MOST; n = markup_end(r->m, n), most++)
		if ((n = pick(r->m, n, end, pattern)) == MARKUP_NONE)
			break;
	made = arena_array(r->a, most, sizeof(*made));
	for (n = from; most--; n = markup_end(r->m, n)) {
		n = pick(r->m, n, end, pattern);
		count += read_comment(r, n, p->record.id, &made[count]);
	}
	p->comments = made;
	p->comment_count = count;
}

static void keep_body(const struct reader *r, uint32_t body,
                      struct stack_post *p)
{
	struct markup *tree = arena_new(r->a, sizeof(*tree));
	struct buf html = BUF_INIT(LIMIT_BODY);

	*tree = pick_part(r->m, body, r->a);
	pick_html(tree, &html);
	p->record.original = arena_copy(r->a, slice_trim(buf_slice(&html)));
	p->tree = tree;
	buf_release(&html);
}

/* What questions and answers have in common, between `from` and `end`. */
static bool read_post(struct reader *r, uint32_t from, uint32_t end,
                      struct stack_post *p)
{
	uint32_t body = pick(r->m, from, end, r->layout->body), n;
	struct record *it = &p->record;
	uint32_t behind = end_of(r->m, body);
	bool votes;

	it->created = it->modified = it->closed = CLOCK_NONE;
	expect(r, body != MARKUP_NONE, "the body of a post");
	if (body == MARKUP_NONE)
		return false;
	keep_body(r, body, p);
	votes = read_votes(r, from, body, &it->score) ||
	        read_votes(r, behind, end, &it->score);
	expect(r, votes, "votes");
	read_signatures(r, behind, end, p);
	n = pick(r->m, behind, end, "time[itemprop=dateCreated]");
	if (it->created == CLOCK_NONE)
		it->created = pick_time(pick_value(r->m, n, "datetime"));
	n = pick(r->m, from, end, "[data-se-share-sheet-license-name]");
	it->licence = stack_licence(
	        pick_value(r->m, n, "data-se-share-sheet-license-name"), r->a);
	read_comments(r, behind, end, p);
	return true;
}

/* An answer's id: of its container, else of links to it. */
static int64_t answer_id(const struct reader *r, uint32_t n, uint32_t end)
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

static bool is_accepted(const struct reader *r, uint32_t n)
{
	uint32_t mark;

	if (pick_matches(r->m, n, ".accepted-answer,.js-accepted-answer"))
		return true;
	mark = pick_in(r->m, n, r->layout->mark);
	return mark != MARKUP_NONE &&
	       !pick_matches(r->m, mark, ".d-none,.dno,.hidden,[hidden]");
}

static bool read_answer(struct reader *r, uint32_t n, uint32_t end,
                        struct stack_post *p)
{
	int64_t id = answer_id(r, n, end);

	*p = (struct stack_post){ .record.kind = RECORD_ANSWER };
	p->record.id = id_text(id, r->a);
	expect(r, id > 0, "the id of an answer");
	if (!read_post(r, n, end, p) || id <= 0)
		return false;
	expect(r, p->record.created != CLOCK_NONE, "the date of an answer");
	expect(r, p->name.len, "the author of an answer");
	p->record.parent = r->out->posts[0].record.id;
	stack_post_settle(p, r->host, r->a);
	return true;
}

static void read_answers(struct reader *r)
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

/* The question's number: of its container, else of the page's own address. */
static int64_t question_id(const struct reader *r, uint32_t n)
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
static struct slice read_title(const struct reader *r, bool *marked)
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
static bool read_views(const struct reader *r, uint32_t from, uint32_t end,
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
		n = pick(m, n, end_of(m, info), "p.label-key");
		if (n == MARKUP_NONE)
			break;
		if (!pick_value(m, n, "title").at &&
		    pick_in(m, n, "b") != MARKUP_NONE &&
		    pick_in(m, n, "a") == MARKUP_NONE)
			return pick_number(pick_text(m, n, r->a), out);
	}
	return false;
}

static bool read_answer_count(const struct reader *r, int64_t *out)
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

static void read_tags(const struct reader *r, uint32_t from, uint32_t end,
                      struct record *it)
{
	struct slice *tags = arena_array(r->a, LIMIT_TAGS, sizeof(*tags));
	uint32_t n = from;

	it->tags = tags;
	while (it->tag_count < LIMIT_TAGS &&
	       (n = pick(r->m, n, end, "a.post-tag,a[rel=tag]")) !=
	               MARKUP_NONE) {
		tags[it->tag_count] = pick_text(r->m, n, r->a);
		it->tag_count += tags[it->tag_count].len > 0;
		n = markup_end(r->m, n);
	}
}

/* Ids of the questions that a notice says it repeats. */
static void read_originals(const struct reader *r, uint32_t from, uint32_t end,
                           struct stack_post *p)
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
			made[p->original_count++] = id_text(id, r->a);
		n++;
	}
}

/* Notices above, in or below the question: closing ones lead to the help about
 * closed questions or duplicates; locked and protected ones do not. */
static void read_closing(const struct reader *r, uint32_t from, bool marked,
                         struct stack_post *p)
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
static void read_heading(struct reader *r, uint32_t n, uint32_t body,
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
	expect(r, p->record.created != CLOCK_NONE, "the date of the question");
	expect(r, read_views(r, from, end, &p->record.views),
	       "how often it was viewed");
	read_closing(r, from, marked, p);
}

static bool read_question(struct reader *r, uint32_t n)
{
	struct stack_post *p = &r->out->posts[0];
	struct record *it = &p->record;
	int64_t id = question_id(r, n);
	uint32_t end = end_of(r->m, n), body;
	bool marked;

	if (end > r->first)
		end = r->first;
	*p = (struct stack_post){ .record.kind = RECORD_QUESTION };
	it->id = id_text(id, r->a);
	expect(r, id > 0, "the question's id");
	if (!read_post(r, n, end, p) || id <= 0)
		return false;
	body = pick(r->m, n, end, r->layout->body);
	it->title = read_title(r, &marked);
	expect(r, it->title.len, "the title");
	expect(r, p->name.len, "the author of the question");
	read_tags(r, markup_end(r->m, body), end, it);
	expect(r, it->tag_count, "tags");
	read_heading(r, n, body, marked, p);
	stack_post_settle(p, r->host, r->a);
	return it->title.len > 0;
}

static void read_layout(struct reader *r, int64_t part)
{
	const struct markup *m = r->m;
	uint32_t all = (uint32_t)m->node_count;
	uint32_t n = pick(m, 0, all, r->layout->question);
	struct stack_page *out = r->out;
	int64_t here, i;
	bool counted;

	expect(r, n != MARKUP_NONE, "a question");
	if (n == MARKUP_NONE)
		return;
	r->first = pick(m, n, all, r->layout->answer);
	if (r->first == MARKUP_NONE)
		r->first = all;
	out->posts = arena_array(r->a, ANSWERS_MOST + 2, sizeof(*out->posts));
	if (!read_question(r, n))
		return;
	out->count = 1;
	counted = read_answer_count(r, &out->answers);
	read_answers(r);
	/* A question without answers may not count them. */
	if (!counted)
		out->answers = (int64_t)out->count - 1;
	expect(r, counted || out->count == 1, "how many answers there are");
	here = out->answers - (part - 1) * STACK_PAGE_ANSWERS;
	if (here > STACK_PAGE_ANSWERS)
		here = STACK_PAGE_ANSWERS;
	for (i = (int64_t)out->count - 1; i < here; i++)
		expect(r, false, "an answer");
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
		struct reader r = { m, &layouts[i], host, a, &page, NULL, 0 };

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

/* A question's block in a list: id, link, votes, activity, tags. */
static bool read_summary(const struct reader *r, uint32_t n,
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
	read_tags(r, n, end, &tags);
	out->tags = tags.tags;
	out->tag_count = tags.tag_count;
	s = out->link;
	return out->id > 0 && s.len;
}

bool stack_list_read(const struct markup *m, struct arena *a,
                     struct stack_list *out, struct fault *f)
{
	struct reader r = { .m = m, .a = a };
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
