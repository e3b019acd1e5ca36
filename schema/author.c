/*
 * Authors are rows of their own, referred to by number, so that a name that
 * arrives after a million posts rewrites none of them. Names are staged and
 * settled at the end of the visit, when all references are known.
 */

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"
#include "schema/visit.h"

enum { AUTHOR_BATCH = 64 };

uint64_t author_hash(struct slice space, struct slice id, struct slice name,
                     struct slice link)
{
	struct hash h;

	hash_init(&h);
	hash_part(&h, space);
	hash_part(&h, id);
	hash_part(&h, name);
	hash_part(&h, link);
	return hash_end(&h);
}

struct author_row {
	int64_t id, visit;
	struct slice native, name, link;
};

static bool author_apply(struct intake *in, const struct author_row *x,
                         struct fault *f)
{
	bool newer = true;

	if (x->id && x->visit && !(in->dated && x->visit == in->visit) &&
	    !visit_newer(in, in->visit, in->kept_as_of, x->visit, &newer, f))
		return false;
	if (x->id && newer &&
	    !rows_run(in->rows, f,
	              "UPDATE Authors SET Name = ?2, Link = ?3, VisitID = ?4, "
	              "RowHash = ?5 WHERE AuthorID = ?1",
	              "ittii", x->id, x->name, x->link, in->visit,
	              (int64_t)author_hash(intake_space(in), x->native, x->name,
	                                   x->link)))
		return false;
	return rows_run(in->rows, f,
	                "DELETE FROM StagedAuthors WHERE VisitID = ?1 AND "
	                "NativeID = ?2",
	                "it", in->visit, x->native);
}

/* A crawl does not end for weeks: the name that waited is given at once. */
static bool author_greet(struct intake *in, struct slice id, int64_t author,
                         struct fault *f)
{
	struct author_row x = { .id = author };
	struct arena a = ARENA_INIT;
	struct query q;
	bool found, ok;

	if (!rows_ask(in->rows, &q, f,
	              "SELECT Name, Link FROM StagedAuthors "
	              "WHERE VisitID = ?1 AND NativeID = ?2",
	              "it", in->visit, id))
		return false;
	found = query_next(&q);
	x.native = arena_copy(&a, id);
	if (found) {
		x.name = arena_copy(&a, query_text(&q, 0));
		x.link = arena_copy(&a, query_text(&q, 1));
	}
	ok = query_end(&q, f) && (!found || author_apply(in, &x, f));
	arena_release(&a);
	return ok;
}

bool author_refer(struct intake *in, struct slice id, int64_t *author,
                  struct fault *f)
{
	struct slice space = intake_space(in);

	*author = 0;
	if (!id.len)
		return true;
	if (!rows_number(in->rows, author, 0, f,
	                 "SELECT AuthorID FROM Authors WHERE Space = ?1 AND "
	                 "NativeID = ?2",
	                 "tt", space, id))
		return false;
	if (*author)
		return true;
	if (!rows_run(in->rows, f,
	              "INSERT INTO Authors (Space, NativeID, Name, Link, "
	              "RowHash) VALUES (?1, ?2, '', '', ?3)",
	              "tti", space, id,
	              (int64_t)author_hash(space, id, SLICE(""), SLICE(""))))
		return false;
	*author = sqlite3_last_insert_rowid(in->rows->db);
	return !in->dated || author_greet(in, id, *author, f);
}

/* Whether the store has this very name from this very visit. */
static bool author_same(struct intake *in, struct slice id, struct slice name,
                        struct slice link, bool *same, struct fault *f)
{
	int64_t found;

	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT 1 FROM Authors WHERE Space = ?1 AND "
	                 "NativeID = ?2 AND Name = ?3 AND Link = ?4 AND "
	                 "VisitID = ?5",
	                 "tttti", intake_space(in), id, name, link, in->visit))
		return false;
	*same = found != 0;
	return true;
}

static bool author_wanted(struct intake *in, struct slice id, bool *wanted,
                          struct fault *f)
{
	int64_t found;

	/* A visit seen to its end has referred to all it refers to. */
	*wanted = true;
	if (!intake_again(in))
		return true;
	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT 1 FROM Authors WHERE Space = ?1 AND "
	                 "NativeID = ?2",
	                 "tt", intake_space(in), id))
		return false;
	*wanted = found != 0;
	return true;
}

/* In a crawl, of somebody who is there. */
static bool author_now(struct intake *in, struct slice id, struct slice name,
                       struct slice link, bool *done, struct fault *f)
{
	struct author_row x = { .native = id, .name = name, .link = link };
	struct query q;

	*done = false;
	if (!in->dated)
		return true;
	if (!rows_ask(in->rows, &q, f,
	              "SELECT AuthorID, VisitID FROM Authors "
	              "WHERE Space = ?1 AND NativeID = ?2",
	              "tt", intake_space(in), id))
		return false;
	*done = query_next(&q);
	if (*done) {
		x.id = query_number(&q, 0);
		x.visit = query_number(&q, 1);
	}
	return query_end(&q, f) && (!*done || author_apply(in, &x, f));
}

static bool author_put(struct intake *in, struct slice id, struct slice name,
                       struct slice link, struct fault *f)
{
	bool done;

	return author_now(in, id, name, link, &done, f) &&
	       (done || rows_run(in->rows, f,
	                         "INSERT OR REPLACE INTO StagedAuthors "
	                         "VALUES (?1, ?2, ?3, ?4)",
	                         "ittt", in->visit, id, name, link));
}

bool intake_author(struct intake *in, struct slice id, struct slice name,
                   struct slice link, struct fault *f)
{
	bool same, wanted;

	if (!id.len || id.len > LIMIT_ID || name.len > LIMIT_NAME ||
	    link.len > LIMIT_LINK)
		return fault(f, FAULT_INPUT, "author-shape",
		             "an author without id, or with too long a name");
	if (utf8_valid(id) != id.len || utf8_valid(name) != name.len ||
	    utf8_valid(link) != link.len)
		return fault(f, FAULT_INPUT, "author-utf8",
		             "an author's name is not UTF-8");
	in->report.authors++;
	if (!author_same(in, id, name, link, &same, f) ||
	    !author_wanted(in, id, &wanted, f))
		return false;
	if (same || !wanted)
		return true;
	return intake_write(in, f) &&
	       intake_wrote(in, author_put(in, id, name, link, f), f);
}

static bool author_batch(struct intake *in, struct author_row *out,
                         size_t *count, struct fault *f)
{
	struct arena *a = &in->arena;
	struct query q;

	*count = 0;
	arena_reset(a);
	if (!rows_ask(in->rows, &q, f,
	              "SELECT s.NativeID, s.Name, s.Link, a.AuthorID, "
	              "a.VisitID FROM StagedAuthors s LEFT JOIN Authors a "
	              "ON a.Space = ?2 AND a.NativeID = s.NativeID "
	              "WHERE s.VisitID = ?1 ORDER BY s.NativeID LIMIT ?3",
	              "iti", in->visit, intake_space(in),
	              (int64_t)AUTHOR_BATCH))
		return false;
	while (query_next(&q))
		out[(*count)++] =
		        (struct author_row){ query_number(&q, 3),
			                     query_number(&q, 4),
			                     arena_copy(a, query_text(&q, 0)),
			                     arena_copy(a, query_text(&q, 1)),
			                     arena_copy(a, query_text(&q, 2)) };
	return query_end(&q, f);
}

bool author_settle(struct intake *in, struct fault *f)
{
	struct author_row batch[AUTHOR_BATCH];
	size_t i, count;

	do {
		if (!author_batch(in, batch, &count, f))
			return false;
		for (i = 0; i < count; i++)
			if (!batch_begin(&in->batch, f) ||
			    !author_apply(in, &batch[i], f) ||
			    !batch_pause(&in->batch, f))
				return false;
	} while (count);
	return batch_commit(&in->batch, f);
}
