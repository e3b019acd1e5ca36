/*
 * Reading posts. Walks go by keyset: each batch is a query of its own that
 * starts behind the last row of the one before, so that no read transaction
 * outlives a batch and the WAL can be checkpointed beside it.
 */

#include "schema/posts.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "schema/held.h"
#include "schema/rows.h"

enum {
	POSTS_BATCH = 64,
	POSTS_MANY = 10000,
	POSTS_SPARSE = 4, /* rows passed by for each that is asked for */
};

/* What is read of a post. */
enum posts_parts {
	POSTS_CONTENT = 1 << 0, /* texts */
	POSTS_ORIGIN = 1 << 1,  /* authors, visits, what it is a duplicate of */
};

/* Whose a row is and how it came. */
struct posts_origin {
	struct slice author, link, channel, terms;
};

/* Where a channel has pages of users, and we know only the number. */
static struct slice author_page(struct arena *a, struct slice space,
                                struct slice channel, struct slice id)
{
	struct buf b = BUF_INIT(4096);
	struct slice out;
	int64_t n;

	if (!slice_number(id, &n) || n <= 0 ||
	    (!slice_eq(channel, SLICE("dump")) &&
	     !slice_eq(channel, SLICE("api"))))
		return (struct slice){ "", 0 };
	buf_text(&b, "https://");
	buf_add(&b, space);
	buf_text(&b, "/users/");
	buf_add(&b, id);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

static bool author_known(struct rows *r, const struct held *h, struct arena *a,
                         struct posts_origin *out, struct fault *f)
{
	struct slice id = { 0 };
	struct query q;

	if (!rows_ask(r, &q, f,
	              "SELECT NativeID, Name, Link FROM Authors "
	              "WHERE AuthorID = ?1",
	              "i", h->author))
		return false;
	if (query_next(&q)) {
		id = arena_copy(a, query_text(&q, 0));
		out->author = arena_copy(a, query_text(&q, 1));
		out->link = arena_copy(a, query_text(&q, 2));
	}
	if (!query_end(&q, f))
		return false;
	if (!out->author.len) {
		struct buf b = BUF_INIT(4096);

		buf_text(&b, "user ");
		buf_add(&b, id);
		out->author = arena_copy(a, buf_slice(&b));
		buf_release(&b);
	}
	if (!out->link.len)
		out->link = author_page(a, h->space, out->channel, id);
	return true;
}

static bool visit_of(struct rows *r, int64_t id, struct arena *a,
                     struct posts_origin *out, struct fault *f)
{
	struct query q;

	if (!rows_ask(r, &q, f,
	              "SELECT Channel, Terms FROM Visits WHERE VisitID = ?1",
	              "i", id))
		return false;
	if (query_next(&q)) {
		out->channel = arena_copy(a, query_text(&q, 0));
		out->terms = arena_copy(a, query_text(&q, 1));
	}
	return query_end(&q, f);
}

static bool origin_of(struct rows *r, const struct held *h, unsigned parts,
                      struct arena *a, struct posts_origin *out,
                      struct fault *f)
{
	static const struct slice none = { "", 0 };

	*out = (struct posts_origin){ h->r.author, none, none, none };
	if (!(parts & POSTS_ORIGIN))
		return true;
	if (!visit_of(r, h->visit, a, out, f))
		return false;
	if (h->author)
		return author_known(r, h, a, out, f);
	if (!out->author.len &&
	    (h->r.kind == RECORD_QUESTION || h->r.kind == RECORD_ANSWER))
		out->author = SLICE("deleted user");
	return true;
}

static bool duplicate_of(struct rows *r, const struct held *h, struct arena *a,
                         struct slice *out, struct fault *f)
{
	struct query q;

	*out = (struct slice){ "", 0 };
	if (!rows_ask(r, &q, f,
	              "SELECT ToID FROM Links WHERE Space = ?1 AND "
	              "FromID = ?2 AND Kind = 'duplicate' "
	              "ORDER BY Time DESC, ToID LIMIT 1",
	              "tt", h->space, h->r.id))
		return false;
	if (query_next(&q))
		*out = arena_copy(a, query_text(&q, 0));
	return query_end(&q, f);
}

static bool answer_fill(struct rows *r, const struct held *h,
                        struct slice accepted, unsigned parts, struct arena *a,
                        struct answer_row *out, struct fault *f)
{
	struct posts_origin from;

	if (!origin_of(r, h, parts, a, &from, f))
		return false;
	*out = (struct answer_row){
		.id = h->id,
		.native = h->r.id,
		.link = h->r.link,
		.content = h->r.content,
		.author = from.author,
		.author_link = from.link,
		.licence = h->r.licence,
		.channel = from.channel,
		.terms = from.terms,
		.created = h->r.created,
		.modified = h->r.modified,
		.score = h->r.score,
		.accepted = slice_eq(h->r.id, accepted),
		.changed = h->changed,
		.counted = h->counted,
	};
	return true;
}

static int answer_order(const void *x, const void *y)
{
	const struct answer_row *a = x, *b = y;

	if (a->accepted != b->accepted)
		return a->accepted ? -1 : 1;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static bool answers_fill(struct rows *r, const struct held *post,
                         unsigned parts, struct arena *a, struct post_row *out,
                         struct fault *f)
{
	struct held *all;
	size_t i;

	if (!held_answers(r, post->id, parts & POSTS_CONTENT, a, &all,
	                  &out->answer_count, f))
		return false;
	out->answers = arena_array(a, out->answer_count, sizeof(*out->answers));
	for (i = 0; i < out->answer_count; i++)
		if (!answer_fill(r, &all[i], post->r.accepted, parts, a,
		                 &out->answers[i], f))
			return false;
	if (out->answer_count)
		qsort(out->answers, out->answer_count, sizeof(*out->answers),
		      answer_order);
	out->answer_total = out->answer_count;
	out->solved = out->answer_count && out->answers[0].accepted;
	return true;
}

/* Counts the answers and brings at most one of them. */
static bool answer_part(struct rows *r, const struct held *post, int64_t id,
                        struct arena *a, struct post_row *out, struct fault *f)
{
	struct held h = { .id = 0 };
	struct query q;

	if (!rows_ask(r, &q, f,
	              "SELECT count(*), coalesce(max(NativeID = ?2), 0) "
	              "FROM Answers WHERE PostID = ?1",
	              "it", post->id, post->r.accepted))
		return false;
	if (query_next(&q)) {
		out->answer_total = (size_t)query_number(&q, 0);
		out->solved = query_number(&q, 1) != 0;
	}
	if (!query_end(&q, f) ||
	    (id && !held_load(r, HELD_ANSWERS, id, true, a, &h, f)))
		return false;
	if (!h.id || h.post != post->id)
		return true;
	out->answers = arena_new(a, sizeof(*out->answers));
	out->answer_count = 1;
	return answer_fill(r, &h, post->r.accepted, POSTS_ORIGIN, a,
	                   out->answers, f);
}

/* All but its answers. */
static bool post_head(struct rows *r, const struct held *h, unsigned parts,
                      struct arena *a, struct post_row *out, struct fault *f)
{
	struct posts_origin from;

	if (!origin_of(r, h, parts, a, &from, f))
		return false;
	*out = (struct post_row){
		.id = h->id,
		.space = h->space,
		.native = h->r.id,
		.kind = slice_of(record_kind_name(h->r.kind)),
		.link = h->r.link,
		.title = h->r.title,
		.content = h->r.content,
		.language = h->r.language,
		.class = h->r.class,
		.services = h->r.services,
		.access = h->access,
		.author = from.author,
		.author_link = from.link,
		.licence = h->r.licence,
		.channel = from.channel,
		.terms = from.terms,
		.tags = h->r.tags,
		.tag_count = h->r.tag_count,
		.created = h->r.created,
		.modified = h->r.modified,
		.closed = h->r.closed,
		.score = h->r.score,
		.views = h->r.views,
		.flags = h->r.flags,
		.changed = h->changed,
		.counted = h->counted,
	};
	out->duplicate_of = (struct slice){ "", 0 };
	return true;
}

/* Whether its answers are passages beside it. */
static bool held_answered(const struct held *h)
{
	return h->r.kind == RECORD_QUESTION || h->r.kind == RECORD_CASE;
}

static bool post_fill(struct rows *r, const struct held *h, unsigned parts,
                      struct arena *a, struct post_row *out, struct fault *f)
{
	if (!post_head(r, h, parts, a, out, f))
		return false;
	if (!(parts & POSTS_ORIGIN) && !held_answered(h))
		return true; /* nothing looks for answers there */
	if ((parts & POSTS_ORIGIN) &&
	    !duplicate_of(r, h, a, &out->duplicate_of, f))
		return false;
	return answers_fill(r, h, parts, a, out, f);
}

static bool post_gone(int64_t id, struct fault *f)
{
	return fault(f, FAULT_GONE, "post-gone", "there is no post %lld",
	             (long long)id);
}

static bool post_read(struct store *s, const struct reader *who, int64_t id,
                      unsigned parts, struct arena *a, struct post_row *out,
                      struct fault *f)
{
	struct rows *r = store_rows(s);
	struct held h;

	if (!held_load(r, HELD_POSTS, id, parts & POSTS_CONTENT, a, &h, f))
		return false;
	if (!h.id || !reader_may(who, h.access))
		return post_gone(id, f);
	return post_fill(r, &h, parts, a, out, f);
}

/* A read transaction, so that a post and its answers are of one moment. */
static bool post_snapshot(struct store *s, const struct reader *who, int64_t id,
                          unsigned parts, struct arena *a, struct post_row *out,
                          struct fault *f)
{
	struct rows *r = store_rows(s);
	bool ok;

	if (!sqlite3_get_autocommit(r->db))
		return post_read(s, who, id, parts, a, out, f);
	if (!rows_run(r, f, "BEGIN", ""))
		return false;
	ok = post_read(s, who, id, parts, a, out, f);
	sqlite3_exec(r->db, "COMMIT", NULL, NULL, NULL);
	return ok;
}

bool post_load(struct store *s, const struct reader *who, int64_t id,
               struct arena *a, struct post_row *out, struct fault *f)
{
	return post_snapshot(s, who, id, POSTS_CONTENT | POSTS_ORIGIN, a, out,
	                     f);
}

static size_t post_bytes(const struct post_row *p)
{
	size_t n = p->content.len, i;

	for (i = 0; i < p->answer_count; i++)
		n += p->answers[i].content.len;
	return n;
}

/* Walks over the rows of ascending ids, which lie close together; those that
 * are not among the rows are passed by. */
static bool posts_walk(struct rows *r, const int64_t *ids, size_t count,
                       size_t limit, struct arena *a, struct posts_batch *out,
                       struct fault *f)
{
	size_t text = 0;
	struct query q;
	struct held h;
	bool ok;

	ok = held_range(r, ids[0], ids[count - 1], &q, f);
	if (!ok)
		return false;
	while (out->taken < count && text < limit && query_next(&q)) {
		int64_t id = held_id(&q);

		while (out->taken < count && ids[out->taken] < id)
			out->taken++;
		if (out->taken == count || ids[out->taken] != id)
			continue;
		ok = held_row(&q, a, &h, f) &&
		     post_fill(r, &h, POSTS_CONTENT, a, &out->posts[out->count],
		               f);
		if (!ok)
			break;
		text += post_bytes(&out->posts[out->count++]);
		out->taken++;
	}
	if (text < limit)
		out->taken = count;
	if (ok)
		return query_end(&q, f);
	return query_end(&q, &(struct fault){ 0 }) && ok;
}

static bool posts_single(struct store *s, const int64_t *ids, size_t count,
                         size_t limit, struct arena *a, struct posts_batch *out,
                         struct fault *f)
{
	size_t text = 0;

	while (out->taken < count && text < limit) {
		struct post_row *p = &out->posts[out->count];

		if (post_read(s, &reader_all, ids[out->taken++], POSTS_CONTENT,
		              a, p, f))
			text += post_bytes(&out->posts[out->count++]);
		else if (f->kind != FAULT_GONE)
			return false;
	}
	return true;
}

bool posts_load(struct store *s, const int64_t *ids, size_t count, size_t limit,
                struct arena *a, struct posts_batch *out, struct fault *f)
{
	struct rows *r = store_rows(s);
	bool alone = sqlite3_get_autocommit(r->db), ok;

	out->count = out->taken = 0;
	if (!count)
		return true;
	if (alone && !rows_run(r, f, "BEGIN", ""))
		return false;
	if ((uint64_t)(ids[count - 1] - ids[0]) < POSTS_SPARSE * count)
		ok = posts_walk(r, ids, count, limit, a, out, f);
	else
		ok = posts_single(s, ids, count, limit, a, out, f);
	if (alone)
		sqlite3_exec(r->db, "COMMIT", NULL, NULL, NULL);
	return ok;
}

bool posts_begin(struct store *s, struct fault *f)
{
	return rows_run(store_rows(s), f, "BEGIN", "");
}

void posts_end(struct store *s)
{
	/* Nothing was written: it cannot fail in a way that matters. */
	sqlite3_exec(store_rows(s)->db, "COMMIT", NULL, NULL, NULL);
}

bool post_load_part(struct store *s, const struct reader *who, int64_t id,
                    int64_t answer, struct arena *a, struct post_row *out,
                    struct fault *f)
{
	struct rows *r = store_rows(s);
	struct held h;

	if (!held_load(r, HELD_POSTS, id, !answer, a, &h, f))
		return false;
	if (!h.id || !reader_may(who, h.access))
		return post_gone(id, f);
	return post_head(r, &h, POSTS_ORIGIN, a, out, f) &&
	       (!held_answered(&h) || answer_part(r, &h, answer, a, out, f));
}

bool post_name(struct store *s, const struct reader *who, int64_t id,
               struct arena *a, struct slice *native, struct slice *access,
               struct fault *f)
{
	struct query q;
	bool found;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT NativeID, Access FROM Posts WHERE PostID = ?1",
	              "i", id))
		return false;
	found = query_next(&q) && reader_may(who, query_text(&q, 1));
	if (found) {
		*native = arena_copy(a, query_text(&q, 0));
		*access = arena_copy(a, query_text(&q, 1));
	}
	return query_end(&q, f) && (found || post_gone(id, f));
}

bool post_find(struct store *s, const struct reader *who, struct slice space,
               struct slice native, int64_t *id, struct fault *f)
{
	struct query q;
	bool found;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT PostID, Access FROM Posts "
	              "WHERE Space = ?1 AND NativeID = ?2",
	              "tt", space, native))
		return false;
	found = query_next(&q) && reader_may(who, query_text(&q, 1));
	if (found)
		*id = query_number(&q, 0);
	if (!query_end(&q, f))
		return false;
	return found ||
	       fault(f, FAULT_GONE, "post-gone", "there is no post '%.*s/%.*s'",
	             SLICE_ARG(space), SLICE_ARG(native));
}

/* Where a walk stands, and the ids of its next batch. */
struct walk {
	const struct post_filter *filter;
	struct buf space, order; /* of the last post seen */
	int64_t ids[POSTS_BATCH];
	size_t count;
	bool ended;
};

static bool walk_wants(const struct walk *w, const struct reader *who,
                       struct query *q)
{
	struct slice kind = w->filter->kind;

	return reader_may(who, query_text(q, 4)) &&
	       (kind.len == 0 || slice_eq(query_text(q, 3), kind));
}

static bool walk_batch(struct rows *r, struct walk *w, const struct reader *who,
                       struct fault *f)
{
	struct buf space = BUF_INIT(LIMIT_LINK);
	struct buf order = BUF_INIT(LIMIT_LINK);
	size_t rows = 0;
	struct query q;
	bool ok;

	w->count = 0;
	ok = rows_ask(r, &q, f,
	              "SELECT PostID, Space, NativeOrder, Kind, Access "
	              "FROM Posts WHERE (Space, NativeOrder) > (?1, ?2) "
	              "ORDER BY Space, NativeOrder LIMIT ?3",
	              "tti", buf_slice(&w->space), buf_slice(&w->order),
	              (int64_t)POSTS_BATCH);
	if (!ok)
		return false;
	while (query_next(&q)) {
		if (w->filter->space.len &&
		    !slice_eq(query_text(&q, 1), w->filter->space))
			break;
		rows++;
		buf_reset(&space);
		buf_add(&space, query_text(&q, 1));
		buf_reset(&order);
		buf_add(&order, query_text(&q, 2));
		if (walk_wants(w, who, &q))
			w->ids[w->count++] = query_number(&q, 0);
	}
	ok = query_end(&q, f);
	w->ended = rows < POSTS_BATCH;
	buf_release(&w->space);
	buf_release(&w->order);
	w->space = space;
	w->order = order;
	return ok;
}

static bool walk_show(struct store *s, const struct walk *w,
                      const struct reader *who, struct arena *a, post_fn *fn,
                      void *self, struct fault *f)
{
	struct post_row post;
	struct fault why;
	unsigned parts = POSTS_ORIGIN;
	size_t i;
	bool ok = true;

	if (!w->filter->no_content)
		parts |= POSTS_CONTENT;
	for (i = 0; ok && i < w->count; i++) {
		if (post_snapshot(s, who, w->ids[i], parts, a, &post, &why)) {
			ok = fn(self, &post, f);
		} else if (why.kind != FAULT_GONE) {
			*f = why;
			ok = false;
		}
		arena_reset(a);
	}
	return ok;
}

bool posts_each(struct store *s, const struct reader *who,
                const struct post_filter *filter, struct arena *a, post_fn *fn,
                void *self, struct fault *f)
{
	static const struct post_filter any = { 0 };
	struct walk w = { .filter = filter ? filter : &any,
		          .space = BUF_INIT(LIMIT_LINK),
		          .order = BUF_INIT(LIMIT_LINK) };
	bool ok = true;

	buf_add(&w.space, w.filter->space);
	while (ok && !w.ended)
		ok = walk_batch(store_rows(s), &w, who, f) &&
		     walk_show(s, &w, who, a, fn, self, f);
	buf_release(&w.space);
	buf_release(&w.order);
	return ok;
}

bool posts_changed(struct store *s, int64_t after, int64_t upto,
                   int64_t id_after, int64_t *ids, size_t room, size_t *count,
                   struct fault *f)
{
	/* Of a large part: the table in its own order, without sorting. */
	static const char many[] =
	        "SELECT PostID FROM Posts p WHERE PostID > ?3 AND "
	        "(Changed > ?1 AND Changed <= ?2 OR EXISTS (SELECT 1 "
	        "FROM Answers a WHERE a.PostID = p.PostID AND "
	        "+a.Changed > ?1 AND +a.Changed <= ?2)) "
	        "UNION SELECT PostID FROM Gone WHERE PostID > ?3 AND "
	        "+Changed > ?1 AND +Changed <= ?2 ORDER BY 1 LIMIT ?4";
	static const char few[] =
	        "SELECT PostID FROM Posts WHERE Changed > ?1 AND "
	        "Changed <= ?2 AND +PostID > ?3 "
	        "UNION SELECT PostID FROM Answers WHERE Changed > ?1 AND "
	        "Changed <= ?2 AND +PostID > ?3 "
	        "UNION SELECT PostID FROM Gone WHERE Changed > ?1 AND "
	        "Changed <= ?2 AND +PostID > ?3 ORDER BY 1 LIMIT ?4";
	struct query q;

	*count = 0;
	if (after < 0)
		after = 0;
	if (!rows_ask(store_rows(s), &q, f,
	              upto - after > POSTS_MANY ? many : few, "iiii", after,
	              upto, id_after, (int64_t)room))
		return false;
	while (query_next(&q))
		ids[(*count)++] = query_number(&q, 0);
	return query_end(&q, f);
}

static bool counted_batch(struct rows *r, int64_t *after, int64_t upto,
                          struct count_row *out, size_t *count, struct fault *f)
{
	struct query q;

	*count = 0;
	if (!rows_ask(r, &q, f,
	              "SELECT Counted, PostID, 0, VoteCount, ViewCount "
	              "FROM Posts WHERE Counted > 0 AND Counted > ?1 AND "
	              "Counted <= ?2 "
	              "UNION ALL SELECT Counted, PostID, AnswerID, VoteCount, "
	              "0 FROM Answers WHERE Counted > 0 AND Counted > ?1 AND "
	              "Counted <= ?2 ORDER BY 1 LIMIT ?3",
	              "iii", *after, upto, (int64_t)POSTS_BATCH))
		return false;
	while (query_next(&q)) {
		*after = query_number(&q, 0);
		out[(*count)++] = (struct count_row){ query_number(&q, 1),
			                              query_number(&q, 2),
			                              query_number(&q, 3),
			                              query_number(&q, 4) };
	}
	return query_end(&q, f);
}

bool posts_counted(struct store *s, int64_t after, int64_t upto, count_fn *fn,
                   void *self, struct fault *f)
{
	struct count_row batch[POSTS_BATCH];
	size_t i, count = POSTS_BATCH;

	while (count == POSTS_BATCH) {
		if (!counted_batch(store_rows(s), &after, upto, batch, &count,
		                   f))
			return false;
		for (i = 0; i < count; i++)
			if (!fn(self, &batch[i], f))
				return false;
	}
	return true;
}

static int64_t count_time(struct query *q, int column)
{
	int64_t time = CLOCK_NONE;

	if (!clock_read(query_text(q, column), &time))
		return CLOCK_NONE;
	return time;
}

static struct store_count count_read(struct query *q, struct arena *a)
{
	return (struct store_count){
		.space = arena_copy(a, query_text(q, 0)),
		.kind = arena_copy(a, query_text(q, 1)),
		.access = arena_copy(a, query_text(q, 2)),
		.channel = arena_copy(a, query_text(q, 3)),
		.posts = query_number(q, 4),
		.answers = query_number(q, 5),
		.accepted = query_number(q, 6),
		.oldest = count_time(q, 7),
		.newest = count_time(q, 8),
		.as_of = count_time(q, 9),
	};
}

bool posts_count(struct store *s, const struct reader *who, struct arena *a,
                 struct store_count **out, size_t *count, struct fault *f)
{
	struct store_count *all = NULL, *more;
	size_t n = 0, cap = 0;
	struct query q;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT p.Space, p.Kind, p.Access, v.Channel, count(*), "
	              "sum((SELECT count(*) FROM Answers a "
	              "WHERE a.PostID = p.PostID)), "
	              "sum(EXISTS (SELECT 1 FROM Answers a "
	              "WHERE a.Space = p.Space AND "
	              "a.NativeID = p.AcceptedAnswer AND "
	              "a.PostID = p.PostID)), "
	              "min(nullif(p.PostTime, '')), max(p.PostTime), "
	              "max(v.AsOf) FROM Posts p JOIN Visits v USING (VisitID) "
	              "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
	              ""))
		return false;
	while (query_next(&q)) {
		if (!reader_may(who, query_text(&q, 2)))
			continue;
		if (n == cap) {
			cap = cap ? cap * 2 : 16;
			more = arena_array(a, cap, sizeof(*more));
			if (n)
				memcpy(more, all, n * sizeof(*more));
			all = more;
		}
		all[n++] = count_read(&q, a);
	}
	*out = all;
	*count = n;
	return query_end(&q, f);
}
