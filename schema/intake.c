/*
 * The door for records. Each is checked, dated and judged; what writes nothing
 * takes no lock; what writes does so whole within one transaction, which ends
 * when it has lasted 80 ms. docs/store.md tells why a run that was killed and
 * started again ends in the very rows of a run that was not.
 */

#include "schema/intake.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/unicode.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"
#include "schema/reader.h"
#include "schema/twins_keep.h"
#include "schema/visit.h"

static void intake_free(struct intake *in)
{
	buf_release(&in->space);
	buf_release(&in->access);
	buf_release(&in->bytes);
	arena_release(&in->arena);
	arena_release(&in->inner);
	pack_free(in->pack);
	free(in);
}

bool intake_open(struct intake **out, struct store *s,
                 const struct intake_options *o, struct fault *f)
{
	struct intake *in = memory_new(1, sizeof(*in));
	struct slice label = o->access.len ? o->access : SLICE("public");

	in->rows = store_rows(s);
	batch_init(&in->batch, in->rows);
	in->space = BUF_INIT(LIMIT_LINK);
	in->access = BUF_INIT(LIMIT_LABEL);
	in->bytes = BUF_INIT(3u * LIMIT_BODY);
	in->pack = pack_new();
	in->dated_licence = slice_eq(o->channel, SLICE("dump")) ||
	                    slice_eq(o->channel, SLICE("api"));
	buf_add(&in->space, o->space);
	buf_add(&in->access, label);
	if (!o->space.len || buf_full(&in->space)) {
		fault(f, FAULT_USAGE, "intake-space",
		      "an import needs the name of a space");
		goto out;
	}
	if (!reader_label(label, f) || !visit_open(in, o, f))
		goto out;
	*out = in;
	return true;
out:
	batch_rollback(&in->batch);
	intake_free(in);
	return false;
}

void intake_close(struct intake *in)
{
	struct fault ignored;

	if (!in)
		return;
	/* What is held is half of something. */
	if (batch_open(&in->batch) && (in->hold || !intake_keep(in, &ignored) ||
	                               !batch_commit(&in->batch, &ignored)))
		batch_rollback(&in->batch);
	if (in->guest.leave)
		in->guest.leave(in->guest.self);
	intake_free(in);
}

bool intake_has(struct intake *in, enum record_kind kind, struct slice id,
                struct slice original, uint32_t extractor, bool *has,
                struct fault *f)
{
	static const char *const sql[HELD_TABLES] = {
		"SELECT OriginalHash = ?3 AND Extractor = ?4 FROM Posts "
		"WHERE Space = ?1 AND NativeID = ?2",
		"SELECT OriginalHash = ?3 AND Extractor = ?4 FROM Answers "
		"WHERE Space = ?1 AND NativeID = ?2",
		"SELECT OriginalHash = ?3 AND Extractor = ?4 FROM Extras "
		"WHERE Space = ?1 AND NativeID = ?2",
	};
	int64_t same;

	if (!rows_number(in->rows, &same, 0, f, sql[held_table(kind)], "ttii",
	                 intake_space(in), id, (int64_t)hash64(original),
	                 (int64_t)extractor))
		return false;
	*has = same != 0;
	return true;
}

static bool check_text(const char *what, struct slice s, size_t most,
                       bool lines, struct fault *f)
{
	if (s.len > most)
		return fault(f, FAULT_LIMIT, "limit-text",
		             "the %s has %zu bytes, more than %zu", what, s.len,
		             most);
	if (!unicode_is_clean(s))
		return fault(f, FAULT_INPUT, "record-text",
		             "the %s is not clean UTF-8 (NFC, no control "
		             "characters)",
		             what);
	if (!lines &&
	    (slice_find(s, '\n') < s.len || slice_find(s, '\t') < s.len))
		return fault(f, FAULT_INPUT, "record-line",
		             "the %s has a line break or tab", what);
	return true;
}

static bool check_tags(const struct record *r, struct fault *f)
{
	size_t i;

	if (r->tag_count > LIMIT_TAGS)
		return fault(f, FAULT_LIMIT, "limit-tags",
		             "%zu tags, more than %d", r->tag_count,
		             LIMIT_TAGS);
	for (i = 0; i < r->tag_count; i++) {
		struct slice tag = r->tags[i];

		if (!tag.len || slice_find(tag, '|') < tag.len)
			return fault(f, FAULT_INPUT, "record-tag",
			             "a tag is empty or has a bar");
		if (!check_text("tag", tag, LIMIT_NAME, false, f))
			return false;
	}
	return true;
}

static bool check_record(const struct record *r, struct fault *f)
{
	const struct {
		const char *name;
		struct slice text;
		size_t most;
		bool lines;
	} texts[] = {
		{ "id", r->id, LIMIT_ID, false },
		{ "parent", r->parent, LIMIT_ID, false },
		{ "link", r->link, LIMIT_LINK, false },
		{ "title", r->title, LIMIT_LINK, true },
		{ "text", r->content, LIMIT_TEXT, true },
		{ "type", r->original_type, LIMIT_NAME, false },
		{ "language", r->language, LIMIT_NAME, false },
		{ "class", r->class, LIMIT_NAME, false },
		{ "services", r->services, LIMIT_NAME, true },
		{ "accepted answer", r->accepted, LIMIT_ID, false },
		{ "author's id", r->author_id, LIMIT_ID, false },
		{ "author", r->author, LIMIT_NAME, false },
		{ "licence", r->licence, LIMIT_NAME, false },
		{ "kind", r->extra_kind, LIMIT_NAME, false },
	};
	size_t i;

	if (!r->id.len || (r->kind == RECORD_ANSWER && !r->parent.len))
		return fault(f, FAULT_INPUT, "record-id",
		             "a record without its id or its question's");
	if (r->original.len > LIMIT_BODY)
		return fault(f, FAULT_LIMIT, "limit-body",
		             "a body of %zu bytes, more than %d",
		             r->original.len, LIMIT_BODY);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!check_text(texts[i].name, texts[i].text, texts[i].most,
		                texts[i].lines, f))
			return false;
	if (r->flags & RECORD_HEAD && r->kind == RECORD_ANSWER)
		return fault(f, FAULT_USAGE, "record-head",
		             "an answer has no heading of its own");
	return (!r->access.len || reader_label(r->access, f)) &&
	       check_tags(r, f);
}

static void intake_seen(struct intake *in, const struct record *r)
{
	struct intake_report *x = &in->report;

	switch (r->kind) {
	case RECORD_QUESTION:
		x->questions++;
		break;
	case RECORD_ANSWER:
		x->answers++;
		break;
	case RECORD_EXTRA:
		x->extras++;
		break;
	default:
		x->others++;
		break;
	}
	intake_saw(in, r->created);
	intake_saw(in, r->modified);
	intake_saw(in, r->closed);
}

void intake_date_seen(struct intake *in, int64_t time)
{
	intake_saw(in, time);
}

/* Its near-duplicates, while the text is at hand, and what its addresses were
 * before. */
static bool intake_beside(struct intake *in, const struct record *r,
                          struct fault *f)
{
	bool left;

	return r->kind == RECORD_QUESTION ||
	       held_table(r->kind) != HELD_POSTS ||
	       (alias_own(in, r, f) &&
	        twins_work(in->rows, TWINS_AT_ONCE, &left, f));
}

/* A damaged row in the way rejects this record alone: nothing was written. */
static bool intake_judge(struct intake *in, const struct record *r,
                         enum outcome *what, struct fault *f)
{
	bool ok;

	if (!intake_write(in, f))
		return false;
	in->touched = false;
	ok = decide_record(in, r, in->visit, what, f) &&
	     intake_beside(in, r, f);
	if (!ok && !in->touched && f->kind == FAULT_INPUT)
		return false;
	return intake_wrote(in, ok, f);
}

bool intake_record(struct intake *in, const struct record *r, struct fault *f)
{
	enum outcome what;
	bool idle = false;

	if (!check_record(r, f))
		return false;
	intake_seen(in, r);
	arena_reset(&in->arena);
	arena_reset(&in->inner);
	if (!batch_open(&in->batch) && !decide_idle(in, r, &idle, &what, f))
		return false;
	if (!idle && !intake_judge(in, r, &what, f))
		return false;
	intake_count(in, what);
	return true;
}

bool intake_reread(struct intake *in, const struct record *r, uint64_t original,
                   struct fault *f)
{
	enum outcome what = OUTCOME_SAME;
	struct record whole = *r;
	bool ok;

	whole.parent = r->id; /* an answer's is as it is */
	if (!check_record(&whole, f))
		return false;
	arena_reset(&in->arena);
	if (!intake_write(in, f))
		return false;
	in->touched = false;
	ok = decide_reread(in, r, original, &what, f) &&
	     intake_beside(in, r, f);
	if (!ok && !in->touched && f->kind == FAULT_INPUT)
		return false;
	if (!intake_wrote(in, ok, f))
		return false;
	intake_count(in, what);
	return true;
}

bool intake_link(struct intake *in, struct slice from, struct slice to,
                 enum intake_link_kind kind, int64_t time, struct fault *f)
{
	struct slice word =
	        kind == LINK_DUPLICATE ? SLICE("duplicate") : SLICE("related");
	struct slice space = intake_space(in);
	char text[CLOCK_TEXT];
	bool forgotten, ok;
	int64_t found;

	if (!check_text("link", from, LIMIT_ID, false, f) ||
	    !check_text("link", to, LIMIT_ID, false, f))
		return false;
	if (!from.len || !to.len)
		return fault(f, FAULT_INPUT, "link-shape",
		             "a link without both its ends");
	in->report.links++;
	intake_saw(in, time);
	clock_write(text, time);
	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT 1 FROM Links WHERE Space = ?1 AND "
	                 "FromID = ?2 AND Kind = ?3 AND ToID = ?4",
	                 "tttt", space, from, word, to))
		return false;
	if (found)
		return true;
	if (!intake_write(in, f))
		return false;
	ok = intake_forgotten(in, from, to, &forgotten, f) &&
	     (forgotten ||
	      rows_run(
	              in->rows, f,
	              "INSERT OR IGNORE INTO Links VALUES (?1, ?2, ?3, ?4, ?5)",
	              "ttttt", space, from, to, word, slice_of(text)));
	return intake_wrote(in, ok, f);
}

/* The near-duplicates still to be looked at; what an interrupt leaves is done
 * by the next run. */
static bool intake_twins_all(struct intake *in, struct fault *f)
{
	int64_t some;
	bool left;

	if (!rows_number(in->rows, &some, 0, f,
	                 "SELECT EXISTS (SELECT 1 FROM TwinQueue)", ""))
		return false;
	for (left = some != 0; left && !cancel_asked();)
		if (!batch_begin(&in->batch, f) ||
		    !twins_work(in->rows, 1, &left, f) ||
		    !batch_pause(&in->batch, f))
			return false;
	return batch_commit(&in->batch, f);
}

static bool intake_settle(struct intake *in, struct fault *f)
{
	return decide_settle(in, f) && author_settle(in, f) &&
	       comment_settle(in, f) && licence_settle(in, f) &&
	       intake_twins_all(in, f) && visit_finish(in, f);
}

/* Keeps the date first: what was staged is judged by it. */
static bool intake_date(struct intake *in, struct fault *f)
{
	if (!batch_open(&in->batch) && in->as_of <= in->kept_as_of)
		return true;
	return batch_begin(&in->batch, f) && intake_keep(in, f) &&
	       batch_commit(&in->batch, f);
}

/* How many answers wait, and the first few by name. */
static bool intake_waiting(struct intake *in, struct fault *f)
{
	char *to = in->report.waiting_ids;
	size_t room = sizeof(in->report.waiting_ids), used = 0;
	struct query q;

	to[0] = '\0';
	if (!rows_number(in->rows, &in->report.waiting, 0, f,
	                 "SELECT count(DISTINCT NativeID) FROM StagedAnswers "
	                 "WHERE Space = ?1",
	                 "t", intake_space(in)) ||
	    !rows_ask(in->rows, &q, f,
	              "SELECT DISTINCT NativeID FROM StagedAnswers "
	              "WHERE Space = ?1 ORDER BY length(NativeID), NativeID "
	              "LIMIT 5",
	              "t", intake_space(in)))
		return false;
	while (query_next(&q)) {
		struct slice id = query_text(&q, 0);

		if (id.len + 3 > room - used)
			break;
		used += (size_t)snprintf(to + used, room - used, "%s%.*s",
		                         used ? ", " : "", SLICE_ARG(id));
	}
	return query_end(&q, f);
}

void intake_hold(struct intake *in)
{
	in->hold = true;
}

bool intake_let_go(struct intake *in, struct fault *f)
{
	in->hold = false;
	if (in->broken)
		return fault(f, FAULT_SYSTEM, "intake-broken",
		             "an earlier write failed");
	return intake_wrote(in, true, f);
}

bool intake_commit(struct intake *in, struct fault *f)
{
	if (in->broken)
		return fault(f, FAULT_SYSTEM, "intake-broken",
		             "an earlier write failed");
	if (batch_open(&in->batch) &&
	    (!intake_keep(in, f) || !batch_commit(&in->batch, f))) {
		batch_rollback(&in->batch);
		in->broken = true;
		return false;
	}
	return true;
}

void intake_before(struct intake *in, intake_sync *sync, void *self)
{
	in->sync = sync;
	in->sync_self = self;
}

void intake_so_far(const struct intake *in, struct intake_report *out)
{
	*out = in->report;
}

bool intake_finish(struct intake *in, struct intake_report *out,
                   struct fault *f)
{
	if (in->broken)
		return fault(f, FAULT_SYSTEM, "intake-broken",
		             "an earlier write failed");
	if (!intake_date(in, f) || !intake_settle(in, f)) {
		batch_rollback(&in->batch);
		in->broken = true;
		return false;
	}
	in->report.as_of = in->kept_as_of;
	if (!intake_waiting(in, f))
		return false;
	*out = in->report;
	return true;
}
