#include "schema/originals.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/pack.h"
#include "schema/held.h"

void originals_release(struct originals_walk *w)
{
	buf_release(&w->space);
	buf_release(&w->id);
}

/* A crawl's visits are called "crawl NAME TIME". */
static bool find_source(struct rows *r, struct arena *a, struct original *o,
                        struct fault *f)
{
	const struct slice begin = SLICE("crawl ");
	size_t end = o->visit.len;
	struct query q;

	while (end && o->visit.at[end - 1] != ' ')
		end--;
	if (!slice_starts(o->visit, begin) || end <= begin.len)
		return true;
	o->name = slice_cut(o->visit, begin.len, end - 1);
	if (!rows_ask(r, &q, f, "SELECT Kind FROM CrawlSources WHERE Name = ?1",
	              "t", o->name))
		return false;
	if (query_next(&q))
		o->source = arena_copy(a, query_text(&q, 0));
	return query_end(&q, f);
}

static bool find_next(struct rows *r, const struct originals_walk *w,
                      struct arena *a, struct original *out, struct fault *f)
{
	static const char *const sql[HELD_TABLES] = {
		"SELECT t.PostID, Space, NativeID, PostLink, OriginalHash, "
		"Extractor, o.Type, v.Channel, v.Source, v.VisitID "
		"FROM Posts t JOIN Originals o ON o.OriginalID = 4 * t.PostID "
		"JOIN (SELECT VisitID, Channel, Source FROM Visits) v "
		"USING (VisitID) WHERE (Space, NativeID) > (?1, ?2) "
		"ORDER BY Space, NativeID LIMIT 1",
		"SELECT t.AnswerID, Space, NativeID, AnswerLink, OriginalHash, "
		"Extractor, o.Type, v.Channel, v.Source, v.VisitID "
		"FROM Answers t "
		"JOIN Originals o ON o.OriginalID = 4 * t.AnswerID + 1 "
		"JOIN (SELECT VisitID, Channel, Source FROM Visits) v "
		"USING (VisitID) WHERE (Space, NativeID) > (?1, ?2) "
		"ORDER BY Space, NativeID LIMIT 1",
		"SELECT t.ExtraID, Space, NativeID, ExtraLink, OriginalHash, "
		"Extractor, o.Type, v.Channel, v.Source, v.VisitID "
		"FROM Extras t "
		"JOIN Originals o ON o.OriginalID = 4 * t.ExtraID + 2 "
		"JOIN (SELECT VisitID, Channel, Source FROM Visits) v "
		"USING (VisitID) WHERE (Space, NativeID) > (?1, ?2) "
		"ORDER BY Space, NativeID LIMIT 1",
	};
	static const enum record_kind kinds[HELD_TABLES] = { RECORD_QUESTION,
		                                             RECORD_ANSWER,
		                                             RECORD_EXTRA };
	enum held_table t = (enum held_table)w->table;
	struct query q;

	*out = (struct original){ .kind = kinds[t] };
	if (!rows_ask(r, &q, f, sql[t], "tt", buf_slice(&w->space),
	              buf_slice(&w->id)))
		return false;
	if (query_next(&q)) {
		out->key = held_original(t, query_number(&q, 0));
		out->space = arena_copy(a, query_text(&q, 1));
		out->id = arena_copy(a, query_text(&q, 2));
		out->link = arena_copy(a, query_text(&q, 3));
		out->hash = (uint64_t)query_number(&q, 4);
		out->extractor = (uint32_t)query_number(&q, 5);
		out->type = arena_copy(a, query_text(&q, 6));
		out->channel = arena_copy(a, query_text(&q, 7));
		out->visit = arena_copy(a, query_text(&q, 8));
	}
	return query_end(&q, f);
}

static void walk_to(struct originals_walk *w, struct slice space,
                    struct slice id)
{
	buf_reset(&w->space);
	buf_add(&w->space, space);
	buf_reset(&w->id);
	buf_add(&w->id, id);
}

bool originals_next(struct store *s, struct originals_walk *w, struct arena *a,
                    struct original *out, bool *found, struct fault *f)
{
	struct rows *r = store_rows(s);

	if (!w->space.ceiling) {
		w->space = BUF_INIT(LIMIT_NAME + 1);
		w->id = BUF_INIT(LIMIT_ID + 1);
	}
	for (*found = false; w->table < HELD_TABLES; w->table++) {
		if (!find_next(r, w, a, out, f))
			return false;
		*found = out->id.len > 0;
		if (*found) {
			walk_to(w, out->space, out->id);
			return find_source(r, a, out, f);
		}
		walk_to(w, SLICE(""), SLICE(""));
	}
	return true;
}

bool originals_count(struct store *s, int64_t *out, struct fault *f)
{
	return rows_number(store_rows(s), out, 0, f,
	                   "SELECT count(*) FROM Originals", "");
}

bool original_body(struct store *s, const struct original *o, struct arena *a,
                   struct slice *out, struct fault *f)
{
	struct buf body = BUF_INIT(LIMIT_BODY);
	struct pack *pack = pack_new();
	struct query q;
	bool ok = rows_ask(store_rows(s), &q, f,
	                   "SELECT Body FROM Originals WHERE OriginalID = ?1",
	                   "i", o->key);

	if (ok) {
		ok = !query_next(&q) ||
		     pack_open(pack, query_text(&q, 0), &body, f);
		if (!query_end(&q, ok ? f : &(struct fault){ 0 }))
			ok = false;
	}
	if (ok && hash64(buf_slice(&body)) != o->hash)
		ok = fault(f, FAULT_INPUT, "original-damaged",
		           "the original is missing or damaged");
	if (ok)
		*out = arena_copy(a, buf_slice(&body));
	pack_free(pack);
	buf_release(&body);
	return ok;
}
