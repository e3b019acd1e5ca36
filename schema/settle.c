/*
 * From a record to a row: what differs is found column by column, and moves
 * the counters by the rules of intake.h. Everything one record changes happens
 * in one transaction.
 */

#include "base/clock.h"
#include "base/hash.h"
#include "schema/intake_state.h"

static int64_t settle_time(int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	return text[0] ? time : CLOCK_NONE;
}

/* The licence: the row's own, or that of the day of its last edit. */
static void settle_licence(const struct intake *in, struct held *h)
{
	struct record *r = &h->r;
	int64_t edited = r->revision;

	h->licensed = r->licence.len != 0;
	if (h->licensed || !in->dated_licence)
		return;
	if (settle_time(edited) == CLOCK_NONE ||
	    (r->created != CLOCK_NONE && edited < r->created))
		edited = r->created;
	r->licence = licence_by_date(edited);
}

/* The row that `r` would be, next to `old` (zeroed when there is none). */
static bool settle_shape(struct intake *in, const struct held *old,
                         const struct record *r, struct held *h,
                         struct fault *f)
{
	bool keep = !r->original.at && !r->content.len && old->id;

	*h = *old;
	h->space = intake_space(in);
	h->access = intake_label(in, r);
	h->r = *r;
	h->r.created = settle_time(r->created);
	h->r.modified = settle_time(r->modified);
	h->r.closed = settle_time(r->closed);
	if (r->author_id.len)
		h->r.author = (struct slice){ "", 0 };
	if (keep)
		h->r.extractor = old->r.extractor;
	if (!keep) {
		h->original_hash = hash64(r->original);
		h->content_hash = hash64(r->content);
	}
	if (r->kind == RECORD_ANSWER) {
		h->access = h->r.title = (struct slice){ "", 0 };
		h->r.language = h->r.class = h->r.services = h->r.title;
		h->r.accepted = h->r.title;
		h->r.tag_count = 0;
		h->r.views = 0;
		h->r.closed = CLOCK_NONE;
	}
	if (r->kind == RECORD_EXTRA) {
		h->r.language = h->r.class = h->r.services =
		        (struct slice){ "", 0 };
		h->r.accepted = h->r.class;
		h->r.views = 0;
		h->r.closed = CLOCK_NONE;
	}
	settle_licence(in, h);
	return author_refer(in, r->author_id, &h->author, f);
}

static bool settle_original(struct intake *in, enum held_table t, int64_t id,
                            const struct record *r, struct fault *f)
{
	if (!r->original.len)
		return rows_run(in->rows, f,
		                "DELETE FROM Originals WHERE OriginalID = ?1",
		                "i", held_original(t, id));
	buf_reset(&in->bytes);
	pack_add(in->pack, r->original, &in->bytes);
	return rows_run(in->rows, f,
	                "INSERT OR REPLACE INTO Originals VALUES (?1, ?2, ?3)",
	                "itb", held_original(t, id), r->original_type,
	                buf_slice(&in->bytes));
}

bool settle_insert(struct intake *in, enum held_table t, int64_t post,
                   const struct record *r, int64_t visit, enum outcome *what,
                   struct fault *f)
{
	struct held none = { 0 }, h;

	if (!settle_shape(in, &none, r, &h, f))
		return false;
	h.post = post;
	h.visit = visit;
	if (t != HELD_EXTRAS)
		h.changed = batch_changed(&in->batch);
	*what = OUTCOME_ADDED;
	return held_insert(in->rows, t, &h, f) &&
	       settle_original(in, t, h.id, r, f);
}

static bool settle_tags_differ(const struct record *a, const struct record *b)
{
	size_t i;

	if (a->tag_count != b->tag_count)
		return true;
	for (i = 0; i < a->tag_count; i++)
		if (!slice_eq(a->tags[i], b->tags[i]))
			return true;
	return false;
}

/* What of a question is part of its answers' passages too. */
static bool settle_heading(const struct held *a, const struct held *b)
{
	return !slice_eq(a->r.title, b->r.title) ||
	       !slice_eq(a->access, b->access) ||
	       settle_tags_differ(&a->r, &b->r);
}

static bool settle_changed(const struct held *a, const struct held *b)
{
	return settle_heading(a, b) || a->content_hash != b->content_hash ||
	       !slice_eq(a->r.accepted, b->r.accepted) ||
	       !slice_eq(a->r.language, b->r.language) ||
	       !slice_eq(a->r.class, b->r.class) ||
	       !slice_eq(a->r.services, b->r.services) ||
	       a->r.kind != b->r.kind || a->post != b->post;
}

static bool settle_counted(const struct held *a, const struct held *b)
{
	return a->r.score != b->r.score || a->r.views != b->r.views;
}

static bool settle_moved(const struct held *a, const struct held *b)
{
	return a->r.created != b->r.created || a->r.closed != b->r.closed ||
	       a->r.modified != b->r.modified || a->author != b->author ||
	       !slice_eq(a->r.author, b->r.author) ||
	       !slice_eq(a->r.link, b->r.link) ||
	       !slice_eq(a->r.licence, b->r.licence) ||
	       a->r.flags != b->r.flags || a->r.revision != b->r.revision ||
	       a->r.extractor != b->r.extractor || a->visit != b->visit ||
	       a->original_hash != b->original_hash;
}

/* A new heading re-indexes the answers as well: one number each. */
static bool settle_answers(struct intake *in, int64_t post, struct fault *f)
{
	struct held *all;
	size_t i, count;

	if (!held_answers(in->rows, post, false, &in->inner, &all, &count, f))
		return false;
	for (i = 0; i < count; i++)
		if (!rows_run(in->rows, f,
		              "UPDATE Answers SET Changed = ?2 "
		              "WHERE AnswerID = ?1",
		              "ii", all[i].id, batch_changed(&in->batch)))
			return false;
	return true;
}

/* An answer that went to another question: the old one lost something. */
static bool settle_parent(struct intake *in, int64_t post, struct fault *f)
{
	return rows_run(in->rows, f,
	                "UPDATE Posts SET Changed = ?2 WHERE PostID = ?1", "ii",
	                post, batch_changed(&in->batch));
}

static enum outcome settle_name(bool changed, bool counted, bool moved)
{
	if (changed)
		return OUTCOME_UPDATED;
	if (counted)
		return OUTCOME_COUNTED;
	return moved ? OUTCOME_MOVED : OUTCOME_SAME;
}

bool settle_update(struct intake *in, enum held_table t, struct held *old,
                   int64_t post, const struct record *r, int64_t visit,
                   enum outcome *what, struct fault *f)
{
	bool changed, counted, moved, given;
	struct held h;

	if (!settle_shape(in, old, r, &h, f))
		return false;
	h.post = post;
	h.visit = visit;
	/* Of the same text, a licence found by its revisions stands. */
	if (!h.licensed && old->r.revision == h.r.revision)
		h.r.licence = old->r.licence;
	given = h.content_hash != old->content_hash ||
	        h.original_hash != old->original_hash;
	changed = settle_changed(old, &h);
	counted = settle_counted(old, &h);
	moved = settle_moved(old, &h) || given;
	*what = settle_name(changed, counted, moved);
	if (*what == OUTCOME_SAME)
		return true;
	if (changed && t != HELD_EXTRAS)
		h.changed = batch_changed(&in->batch);
	if (counted && t != HELD_EXTRAS)
		h.counted = batch_counted(&in->batch);
	if (!held_update(in->rows, t, &h, given, f))
		return false;
	if (given && !settle_original(in, t, h.id, r, f))
		return false;
	if (t == HELD_POSTS && settle_heading(old, &h) &&
	    !settle_answers(in, h.id, f))
		return false;
	return old->post == h.post || settle_parent(in, old->post, f);
}

bool settle_refresh(struct intake *in, enum held_table t, struct held *h,
                    const struct record *r, enum outcome *what, struct fault *f)
{
	uint64_t hash = hash64(r->content);
	bool given = hash != h->content_hash;
	bool titled = t != HELD_ANSWERS && r->title.len &&
	              !slice_eq(r->title, h->r.title);

	h->content_hash = hash;
	h->r.content = r->content;
	h->r.extractor = r->extractor;
	if (titled)
		h->r.title = r->title;
	if ((given || titled) && t != HELD_EXTRAS)
		h->changed = batch_changed(&in->batch);
	*what = given || titled ? OUTCOME_UPDATED : OUTCOME_SAME;
	return held_update(in->rows, t, h, given, f) &&
	       (!titled || t != HELD_POSTS || settle_answers(in, h->id, f));
}

bool settle_relabel(struct intake *in, enum held_table t, struct held *h,
                    const struct record *r, enum outcome *what, struct fault *f)
{
	h->access = intake_label(in, r);
	if (t == HELD_POSTS)
		h->changed = batch_changed(&in->batch);
	*what = OUTCOME_UPDATED;
	return held_update(in->rows, t, h, false, f) &&
	       (t != HELD_POSTS || settle_answers(in, h->id, f));
}

bool settle_head(struct intake *in, enum held_table t, struct held *old,
                 const struct record *r, enum outcome *what, struct fault *f)
{
	struct record head = *r;

	*what = OUTCOME_SAME;
	if (!r->title.len)
		return slice_eq(old->access, intake_label(in, r)) ||
		       settle_relabel(in, t, old, r, what, f);
	head.content = head.original = (struct slice){ 0 };
	head.created = old->r.created;
	head.modified = old->r.modified;
	head.revision = old->r.revision;
	head.flags = old->r.flags;
	if (!head.author_id.len)
		head.author = old->r.author;
	return settle_update(in, t, old, old->post, &head, old->visit, what, f);
}
