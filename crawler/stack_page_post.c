/*
 * A post of a question page. Its signatures and comments lie behind its body:
 * what an author writes into a body cannot be taken for the site's words.
 */

#include "crawler/stack_page_parts.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/stack_name.h"
#include "crawler/stack_pick.h"

enum { COMMENTS_MOST = 1000 }; /* of one post */

void page_expect(struct page_reader *r, bool found, const char *what)
{
	r->out->wanted++;
	r->out->found += found;
	if (!found && !r->missing)
		r->missing = what;
}

struct slice page_id(int64_t id, struct arena *a)
{
	return id > 0 ? stack_id(id, a) : (struct slice){ 0 };
}

/* Votes as an attribute has them, else as people see them. */
static bool read_votes(const struct page_reader *r, uint32_t from, uint32_t end,
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
static void read_person(const struct page_reader *r, uint32_t from,
                        uint32_t end, struct slice *id, struct slice *name)
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
		*id = page_id(number, r->a);
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
static struct slice wiki_name(const struct page_reader *r, uint32_t from,
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
static int64_t read_when(const struct page_reader *r, uint32_t from,
                         uint32_t end)
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
static void read_signatures(const struct page_reader *r, uint32_t from,
                            uint32_t end, struct stack_post *p)
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
			/* Authors of comments may follow. */
			if (p->name.len && !pick_matches(m, n, ".owner")) {
				n = stop;
				continue;
			}
			it->author_id = id;
			p->name = name;
		}
		n = stop;
	}
}

static bool read_comment(const struct page_reader *r, uint32_t n,
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
	c->id = page_id(id, r->a);
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
	c->author_id = page_id(id, r->a);
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

static void read_comments(const struct page_reader *r, uint32_t from,
                          uint32_t end, struct stack_post *p)
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

static void keep_body(const struct page_reader *r, uint32_t body,
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
bool page_read_post(struct page_reader *r, uint32_t from, uint32_t end,
                    struct stack_post *p)
{
	uint32_t body = pick(r->m, from, end, r->layout->body), n;
	struct record *it = &p->record;
	uint32_t behind = body == MARKUP_NONE ? 0 : markup_end(r->m, body);
	bool votes;

	it->created = it->modified = it->closed = CLOCK_NONE;
	page_expect(r, body != MARKUP_NONE, "the body of a post");
	if (body == MARKUP_NONE)
		return false;
	keep_body(r, body, p);
	votes = read_votes(r, from, body, &it->score) ||
	        read_votes(r, behind, end, &it->score);
	page_expect(r, votes, "votes");
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

void page_read_tags(const struct page_reader *r, uint32_t from, uint32_t end,
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
