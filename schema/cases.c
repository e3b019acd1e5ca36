/*
 * Putting cases. Each carries two hashes: of what a digest is made of, and of
 * all there is to it, by which one that did not change is left alone.
 */

#include "schema/cases.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "schema/held.h"
#include "schema/rows.h"
#include "schema/texts.h"

const char *case_side_name(enum case_side side)
{
	static const char *const names[] = { "", "customer", "provider" };

	return names[side];
}

/* The columns that are texts, in their order in the table. */
enum { CASE_TEXTS = 13 };

static void case_texts(const struct support_case *c,
                       struct slice out[CASE_TEXTS])
{
	const struct slice all[CASE_TEXTS] = {
		c->space,        c->native,   c->source_id, c->subject,
		c->submitted_by, c->status,   c->severity,  c->service,
		c->category,     c->language, c->link,      c->access,
		c->channel,
	};
	size_t i;

	for (i = 0; i < CASE_TEXTS; i++)
		out[i] = all[i];
}

static bool text_fits(struct slice s, const char *what, size_t most,
                      struct fault *f)
{
	if (s.len > most)
		return fault(f, FAULT_LIMIT, "limit-case",
		             "the case's %s is longer than %zu bytes", what,
		             most);
	if (!unicode_is_clean(s))
		return fault(f, FAULT_INPUT, "case-text",
		             "the case's %s is not clean text", what);
	return true;
}

static bool reply_fits(const struct case_reply *r, struct fault *f)
{
	size_t i;

	if (r->attachment_count > LIMIT_CASE_ATTACHMENTS)
		return fault(f, FAULT_LIMIT, "limit-case",
		             "a reply with more than %d attachments",
		             LIMIT_CASE_ATTACHMENTS);
	for (i = 0; i < r->attachment_count; i++)
		if (!text_fits(r->attachments[i], "attachment's name",
		               LIMIT_NAME, f))
			return false;
	return text_fits(r->by, "author", LIMIT_NAME, f) &&
	       text_fits(r->body, "reply", LIMIT_TEXT, f);
}

static bool case_fits(const struct support_case *c, struct fault *f)
{
	struct slice texts[CASE_TEXTS];
	size_t i;

	if (!c->space.len || !c->native.len || c->native.len > LIMIT_ID)
		return fault(f, FAULT_INPUT, "case-id",
		             "a case without an id, or with one that is longer "
		             "than %d bytes",
		             LIMIT_ID);
	if (c->reply_count > LIMIT_CASE_REPLIES)
		return fault(f, FAULT_LIMIT, "limit-case",
		             "a case with more than %d replies",
		             LIMIT_CASE_REPLIES);
	case_texts(c, texts);
	for (i = 0; i < CASE_TEXTS; i++)
		if (!text_fits(texts[i], "data", LIMIT_LINK, f))
			return false;
	for (i = 0; i < c->reply_count; i++)
		if (!reply_fits(&c->replies[i], f))
			return false;
	return reader_label(c->access, f);
}

static void hash_number(struct hash *h, int64_t n)
{
	hash_part(h, (struct slice){ (const char *)&n, sizeof(n) });
}

/* What a model is shown. */
static uint64_t content_hash(const struct support_case *c)
{
	struct hash h;
	size_t i;

	hash_init(&h);
	hash_part(&h, c->subject);
	hash_part(&h, c->service);
	hash_part(&h, c->category);
	hash_part(&h, c->severity);
	for (i = 0; i < c->reply_count; i++) {
		hash_number(&h, c->replies[i].side);
		hash_part(&h, c->replies[i].body);
	}
	return hash_end(&h);
}

uint64_t case_row_hash(const struct support_case *c)
{
	const uint64_t content = content_hash(c);
	struct slice texts[CASE_TEXTS];
	struct hash h;
	size_t i, j;

	case_texts(c, texts);
	hash_init(&h);
	hash_number(&h, (int64_t)content);
	for (i = 0; i < CASE_TEXTS; i++)
		hash_part(&h, texts[i]);
	hash_number(&h, c->created);
	hash_number(&h, c->resolved);
	for (i = 0; i < c->reply_count; i++) {
		const struct case_reply *r = &c->replies[i];

		hash_part(&h, r->by);
		hash_number(&h, r->time);
		for (j = 0; j < r->attachment_count; j++)
			hash_part(&h, r->attachments[j]);
	}
	return hash_end(&h);
}

/* What the store holds under this id. */
struct case_there {
	int64_t id; /* 0: nothing */
	uint64_t hash;
	int64_t replies, newest;
	bool forgotten;
};

static bool case_look(struct rows *r, const struct support_case *c,
                      struct case_there *t, struct fault *f)
{
	struct query q;
	int64_t n;

	*t = (struct case_there){ .newest = CLOCK_NONE };
	if (!rows_number(r, &n, 0, f,
	                 "SELECT 1 FROM Forgotten WHERE Space = ?1 AND "
	                 "NativeID = ?2",
	                 "tt", c->space, c->native))
		return false;
	t->forgotten = n != 0;
	if (!rows_ask(r, &q, f,
	              "SELECT CaseID, RowHash, ReplyCount, (SELECT "
	              "max(ReplyTime) FROM CaseReplies r WHERE r.CaseID = "
	              "c.CaseID) FROM Cases c WHERE Space = ?1 AND "
	              "NativeID = ?2",
	              "tt", c->space, c->native))
		return false;
	if (query_next(&q)) {
		t->id = query_number(&q, 0);
		t->hash = (uint64_t)query_number(&q, 1);
		t->replies = query_number(&q, 2);
		clock_read(query_text(&q, 3), &t->newest);
	}
	return query_end(&q, f);
}

static bool case_is_older(const struct support_case *c,
                          const struct case_there *t)
{
	size_t i;

	if ((int64_t)c->reply_count >= t->replies)
		return false;
	for (i = 0; i < c->reply_count; i++)
		if (c->replies[i].time != CLOCK_NONE &&
		    (t->newest == CLOCK_NONE || c->replies[i].time > t->newest))
			return false;
	return true;
}

static bool case_insert(struct rows *r, const struct support_case *c,
                        struct fault *f)
{
	return rows_run(r, f,
	                "INSERT INTO Cases (Space, NativeID, SourceID, "
	                "Subject, SubmittedBy, Status, Severity, Service, "
	                "Category, Language, Link, CreatedTime, ResolvedTime, "
	                "Access, Channel, ContentHash, RowHash, ReplyCount, "
	                "FetchTime) VALUES (?1, ?2, '', '', '', '', '', '', "
	                "'', '', '', '', '', '', '', 0, 0, 0, '')",
	                "tt", c->space, c->native);
}

static bool case_update(struct rows *r, int64_t id,
                        const struct support_case *c, int64_t now,
                        struct arena *a, struct fault *f)
{
	uint64_t content = content_hash(c);

	return rows_run(r, f,
	                "UPDATE Cases SET SourceID = ?2, Subject = ?3, "
	                "SubmittedBy = ?4, Status = ?5, Severity = ?6, "
	                "Service = ?7, Category = ?8, Language = ?9, "
	                "Link = ?10, CreatedTime = ?11, ResolvedTime = ?12, "
	                "Access = ?13, Channel = ?14, ContentHash = ?15, "
	                "RowHash = ?16, ReplyCount = ?17, FetchTime = ?18 "
	                "WHERE CaseID = ?1",
	                "ittttttttttttt"
	                "iiit",
	                id, c->source_id, c->subject, c->submitted_by,
	                c->status, c->severity, c->service, c->category,
	                c->language, c->link, held_time(a, c->created),
	                held_time(a, c->resolved), c->access, c->channel,
	                (int64_t)content, (int64_t)case_row_hash(c),
	                (int64_t)c->reply_count, held_time(a, now));
}

static bool replies_write(struct rows *r, int64_t id,
                          const struct support_case *c, struct arena *a,
                          struct fault *f)
{
	size_t i;

	if (!rows_run(r, f, "DELETE FROM CaseReplies WHERE CaseID = ?1", "i",
	              id))
		return false;
	for (i = 0; i < c->reply_count; i++) {
		const struct case_reply *x = &c->replies[i];

		if (!rows_run(
		            r, f,
		            "INSERT INTO CaseReplies (CaseID, Position, "
		            "SubmittedBy, Side, ReplyTime, Body, "
		            "Attachments) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
		            "?7)",
		            "iittttt", id, (int64_t)i, x->by,
		            slice_of(case_side_name(x->side)),
		            held_time(a, x->time), x->body,
		            texts_join(a, x->attachments, x->attachment_count)))
			return false;
	}
	return true;
}

static bool case_write(struct rows *r, const struct support_case *c,
                       const struct case_there *t, int64_t now, struct fault *f)
{
	struct arena a = ARENA_INIT;
	int64_t id = t->id;
	bool ok = id || (case_insert(r, c, f) &&
	                 rows_number(r, &id, 0, f,
	                             "SELECT CaseID FROM Cases WHERE Space = "
	                             "?1 AND NativeID = ?2",
	                             "tt", c->space, c->native));

	ok = ok && case_update(r, id, c, now, &a, f) &&
	     replies_write(r, id, c, &a, f);
	arena_release(&a);
	return ok;
}

static bool put_inside(struct rows *r, const struct support_case *c,
                       int64_t now, enum case_outcome *what, struct fault *f)
{
	struct case_there t;

	if (!case_look(r, c, &t, f))
		return false;
	if (t.forgotten)
		*what = CASE_FORGOTTEN;
	else if (t.id && t.hash == case_row_hash(c))
		*what = CASE_SAME;
	else if (t.id && case_is_older(c, &t))
		*what = CASE_OLDER;
	else
		*what = t.id ? CASE_CHANGED : CASE_NEW;
	return (*what != CASE_NEW && *what != CASE_CHANGED) ||
	       case_write(r, c, &t, now, f);
}

bool cases_put(struct store *s, const struct support_case *c, int64_t now,
               enum case_outcome *what, struct fault *f)
{
	struct rows *r = store_rows(s);
	bool held = r->inside;

	if (!case_fits(c, f))
		return false;
	if (!held && !rows_begin(r, f))
		return false;
	if (put_inside(r, c, now, what, f) && (held || rows_commit(r, f)))
		return true;
	if (!held)
		rows_rollback(r);
	return false;
}

bool cases_hold(struct store *s, struct fault *f)
{
	struct rows *r = store_rows(s);

	return r->inside || rows_begin(r, f);
}

bool cases_let_go(struct store *s, struct fault *f)
{
	struct rows *r = store_rows(s);

	return !r->inside || rows_commit(r, f);
}

void cases_undo(struct store *s)
{
	struct rows *r = store_rows(s);

	if (r->inside)
		rows_rollback(r);
}

bool case_note_put(struct store *s, struct slice space, const char *name,
                   struct slice value, struct fault *f)
{
	struct rows *r = store_rows(s);

	if (!value.len)
		return rows_run(r, f,
		                "DELETE FROM CaseNotes WHERE Space = ?1 AND "
		                "Name = ?2",
		                "tt", space, slice_of(name));
	return rows_run(r, f,
	                "INSERT INTO CaseNotes (Space, Name, Value) VALUES "
	                "(?1, ?2, ?3) ON CONFLICT DO UPDATE SET Value = ?3",
	                "ttt", space, slice_of(name), value);
}

bool case_note_get(struct store *s, struct slice space, const char *name,
                   struct arena *a, struct slice *value, struct fault *f)
{
	struct query q;

	*value = (struct slice){ "", 0 };
	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT Value FROM CaseNotes WHERE Space = ?1 AND "
	              "Name = ?2",
	              "tt", space, slice_of(name)))
		return false;
	if (query_next(&q))
		*value = arena_copy(a, query_text(&q, 0));
	return query_end(&q, f);
}
