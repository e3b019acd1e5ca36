/* Reading cases: by keyset, in short batches, as posts are read. */

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "schema/cases.h"
#include "schema/held.h"
#include "schema/rows.h"
#include "schema/texts.h"

enum { CASES_BATCH = 64 };

static enum case_side side_read(struct slice name)
{
	if (slice_eq(name, SLICE("customer")))
		return SIDE_CUSTOMER;
	return slice_eq(name, SLICE("provider")) ? SIDE_PROVIDER : SIDE_UNKNOWN;
}

static int64_t time_read(struct slice text)
{
	int64_t time = CLOCK_NONE;

	clock_read(text, &time);
	return time;
}

static void case_row(struct query *q, struct arena *a, struct support_case *c)
{
	struct slice *const texts[] = {
		&c->space,        &c->native,   &c->source_id, &c->subject,
		&c->submitted_by, &c->status,   &c->severity,  &c->service,
		&c->category,     &c->language, &c->link,      &c->access,
		&c->channel,
	};
	const int count = sizeof(texts) / sizeof(*texts);
	int i;

	*c = (struct support_case){ .id = query_number(q, 0) };
	for (i = 0; i < count; i++)
		*texts[i] = arena_copy(a, query_text(q, 1 + i));
	c->created = time_read(query_text(q, 1 + count));
	c->resolved = time_read(query_text(q, 2 + count));
	c->hash = (uint64_t)query_number(q, 3 + count);
	c->reply_count = (size_t)query_number(q, 4 + count);
	c->fetched = time_read(query_text(q, 5 + count));
}

#define CASE_COLUMNS                                                           \
	"CaseID, Space, NativeID, SourceID, Subject, SubmittedBy, Status, "    \
	"Severity, Service, Category, Language, Link, Access, Channel, "       \
	"CreatedTime, ResolvedTime, ContentHash, ReplyCount, FetchTime "

static bool replies_load(struct rows *r, struct support_case *c,
                         struct arena *a, struct fault *f)
{
	size_t room = c->reply_count, n = 0;
	struct case_reply *all = arena_array(a, room, sizeof(*all));
	bool ok = true;
	struct query q;

	if (!rows_ask(r, &q, f,
	              "SELECT SubmittedBy, Side, ReplyTime, Body, Attachments "
	              "FROM CaseReplies WHERE CaseID = ?1 ORDER BY Position",
	              "i", c->id))
		return false;
	while (ok && n < room && query_next(&q)) {
		struct case_reply *x = &all[n++];

		x->by = arena_copy(a, query_text(&q, 0));
		x->side = side_read(query_text(&q, 1));
		x->time = time_read(query_text(&q, 2));
		x->body = arena_copy(a, query_text(&q, 3));
		ok = texts_split(a, query_text(&q, 4), &x->attachments,
		                 &x->attachment_count, f);
	}
	c->replies = all;
	c->reply_count = n;
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}

static bool case_gone(struct fault *f)
{
	return fault(f, FAULT_GONE, "case-gone", "there is no such case");
}

bool case_load(struct store *s, const struct reader *r, int64_t id,
               struct arena *a, struct support_case *out, struct fault *f)
{
	struct query q;

	*out = (struct support_case){ 0 };
	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT " CASE_COLUMNS "FROM Cases WHERE CaseID = ?1",
	              "i", id))
		return false;
	if (query_next(&q))
		case_row(&q, a, out);
	if (!query_end(&q, f))
		return false;
	if (!out->id || !reader_may(r, out->access))
		return case_gone(f);
	return replies_load(store_rows(s), out, a, f);
}

bool case_find(struct store *s, const struct reader *r, struct slice space,
               struct slice native, int64_t *id, struct fault *f)
{
	struct query q;
	bool found = false;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT CaseID, Access FROM Cases WHERE Space = ?1 AND "
	              "NativeID = ?2",
	              "tt", space, native))
		return false;
	if (query_next(&q) && reader_may(r, query_text(&q, 1))) {
		*id = query_number(&q, 0);
		found = true;
	}
	return query_end(&q, f) && (found || case_gone(f));
}

/* Where a walk is: behind this row. */
struct cases_place {
	struct buf space, time, native;
};

static void place_set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_add(b, s);
}

static bool batch_ids(struct rows *r, struct cases_place *p,
                      int64_t ids[CASES_BATCH], size_t *count, struct fault *f)
{
	struct query q;

	*count = 0;
	if (!rows_ask(r, &q, f,
	              "SELECT CaseID, Space, CreatedTime, NativeID FROM Cases "
	              "WHERE (Space, CreatedTime, NativeID) > (?1, ?2, ?3) "
	              "ORDER BY Space, CreatedTime, NativeID LIMIT ?4",
	              "ttti", buf_slice(&p->space), buf_slice(&p->time),
	              buf_slice(&p->native), (int64_t)CASES_BATCH))
		return false;
	while (query_next(&q)) {
		ids[(*count)++] = query_number(&q, 0);
		if (*count == CASES_BATCH) {
			/* What is bound is these very bytes: not before the
			 * last row. */
			struct slice space = query_text(&q, 1);

			place_set(&p->space, space);
			place_set(&p->time, query_text(&q, 2));
			place_set(&p->native, query_text(&q, 3));
		}
	}
	return query_end(&q, f);
}

static bool case_fits(const struct support_case *c, const struct reader *r,
                      const struct case_filter *x)
{
	if (!reader_may(r, c->access))
		return false;
	if (!x)
		return true;
	if (x->space.len && !slice_eq(x->space, c->space))
		return false;
	if (!x->from && !x->to)
		return true;
	return c->created != CLOCK_NONE && c->created >= x->from &&
	       (!x->to || c->created < x->to);
}

static bool case_visit(struct store *s, const struct reader *r,
                       const struct case_filter *x, int64_t id, struct arena *a,
                       case_fn *fn, void *self, struct fault *f)
{
	struct support_case c = { 0 };
	struct query q;

	arena_reset(a);
	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT " CASE_COLUMNS "FROM Cases WHERE CaseID = ?1 ",
	              "i", id))
		return false;
	if (query_next(&q))
		case_row(&q, a, &c);
	if (!query_end(&q, f))
		return false;
	if (!c.id || !case_fits(&c, r, x))
		return true;
	return ((x && x->no_replies) ||
	        replies_load(store_rows(s), &c, a, f)) &&
	       fn(self, &c, f);
}

bool cases_each(struct store *s, const struct reader *r,
                const struct case_filter *filter, struct arena *a, case_fn *fn,
                void *self, struct fault *f)
{
	struct cases_place p = { BUF_INIT(LIMIT_LINK + 1), BUF_INIT(64),
		                 BUF_INIT(LIMIT_ID + 1) };
	int64_t ids[CASES_BATCH];
	size_t count = CASES_BATCH, i;
	bool ok = true;

	while (ok && count == CASES_BATCH) {
		ok = batch_ids(store_rows(s), &p, ids, &count, f);
		for (i = 0; ok && i < count; i++)
			ok = case_visit(s, r, filter, ids[i], a, fn, self, f);
	}
	buf_release(&p.space);
	buf_release(&p.time);
	buf_release(&p.native);
	return ok;
}

bool cases_services(struct store *s, const struct reader *r, struct slice space,
                    struct arena *a, struct case_service **out, size_t *count,
                    struct fault *f)
{
	struct case_service *all = NULL;
	size_t n = 0, cap = 0;
	struct query q;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT Service, Access, count(*) FROM Cases WHERE "
	              "Service <> '' AND (?1 = '' OR Space = ?1) "
	              "GROUP BY Service, Access ORDER BY Service",
	              "t", space))
		return false;
	while (query_next(&q)) {
		struct slice name = query_text(&q, 0);

		if (!reader_may(r, query_text(&q, 1)))
			continue;
		if (!n || !slice_eq(all[n - 1].name, name)) {
			all = memory_room(all, n, &cap, sizeof(*all));
			all[n++] =
			        (struct case_service){ arena_copy(a, name), 0 };
		}
		all[n - 1].cases += query_number(&q, 2);
	}
	*out = arena_array(a, n, sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = all[i];
	*count = n;
	free(all);
	return query_end(&q, f);
}
