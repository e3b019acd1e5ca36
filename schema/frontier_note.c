/*
 * What is small: texts under a name, robots.txt of an origin, and the list of
 * sources for those who only look.
 */

#include "base/hash.h"
#include "base/limits.h"
#include "schema/frontier_state.h"

uint64_t frontier_note_hash(struct slice name, struct slice value)
{
	struct hash h;

	hash_init(&h);
	hash_part(&h, name);
	hash_part(&h, value);
	return hash_end(&h);
}

static bool note_write(struct frontier *fr, const char *name,
                       struct slice value, struct fault *f)
{
	if (!value.len)
		return rows_run(fr->rows, f,
		                "DELETE FROM CrawlNotes WHERE SourceID = ?1 "
		                "AND Name = ?2",
		                "it", fr->source, slice_of(name));
	return rows_run(fr->rows, f,
	                "INSERT OR REPLACE INTO CrawlNotes "
	                "VALUES (?1, ?2, ?3, ?4)",
	                "itbi", fr->source, slice_of(name), value,
	                (int64_t)frontier_note_hash(slice_of(name), value));
}

bool frontier_put(struct frontier *fr, const char *name, struct slice value,
                  struct fault *f)
{
	if (value.len > LIMIT_MARK)
		return fault(f, FAULT_LIMIT, "limit-mark",
		             "the note '%s' has %zu bytes, more than %d", name,
		             value.len, LIMIT_MARK);
	return frontier_write(fr, f) &&
	       frontier_wrote(fr, note_write(fr, name, value, f), f);
}

/* Empty when there is none; FAULT_INPUT when it is damaged. */
static bool note_read(struct rows *r, int64_t source, const char *name,
                      struct arena *a, struct slice *value, struct fault *f)
{
	bool good = true;
	struct query q;

	*value = (struct slice){ 0 };
	if (!rows_ask(r, &q, f,
	              "SELECT Value, Hash FROM CrawlNotes "
	              "WHERE SourceID = ?1 AND Name = ?2",
	              "it", source, slice_of(name)))
		return false;
	if (query_next(&q)) {
		*value = arena_copy(a, query_text(&q, 0));
		good = frontier_note_hash(slice_of(name), *value) ==
		       (uint64_t)query_number(&q, 1);
	}
	if (!query_end(&q, f))
		return false;
	return good || frontier_damaged("CrawlNotes of SourceID", source, f);
}

bool frontier_get(struct frontier *fr, const char *name, struct arena *a,
                  struct slice *value, struct fault *f)
{
	return note_read(fr->rows, fr->source, name, a, value, f);
}

bool frontier_put_robots(struct frontier *fr, struct slice origin,
                         const struct frontier_robots *r, struct fault *f)
{
	buf_reset(&fr->bytes);
	if (r->body.len)
		pack_add(fr->pack, r->body, &fr->bytes);
	return frontier_write(fr, f) &&
	       frontier_wrote(fr,
	                      rows_run(fr->rows, f,
	                               "INSERT OR REPLACE INTO CrawlRobots "
	                               "VALUES (?1, ?2, ?3, ?4)",
	                               "tiib", origin, r->fetched,
	                               (int64_t)r->status,
	                               buf_slice(&fr->bytes)),
	                      f);
}

bool frontier_get_robots(struct frontier *fr, struct slice origin,
                         struct arena *a, struct frontier_robots *out,
                         struct fault *f)
{
	bool good = true;
	struct query q;

	*out = (struct frontier_robots){ 0 };
	if (!rows_ask(fr->rows, &q, f,
	              "SELECT Fetched, Status, Body FROM CrawlRobots "
	              "WHERE Origin = ?1",
	              "t", origin))
		return false;
	buf_reset(&fr->bytes);
	if (query_next(&q)) {
		out->fetched = query_number(&q, 0);
		out->status = (int)query_number(&q, 1);
		good = !query_text(&q, 2).len ||
		       pack_open(fr->pack, query_text(&q, 2), &fr->bytes,
		                 &(struct fault){ 0 });
		out->body = arena_copy(a, buf_slice(&fr->bytes));
	}
	/* A damaged one is as good as none: it is fetched anew. */
	if (!good)
		*out = (struct frontier_robots){ 0 };
	return query_end(&q, f);
}

static bool source_notes(struct store *s, int64_t id, struct arena *a,
                         struct frontier_source *x, struct fault *f)
{
	struct rows *r = store_rows(s);

	return note_read(r, id, "pace", a, &x->pace, f) &&
	       note_read(r, id, "proxies", a, &x->proxies, f) &&
	       note_read(r, id, "quota", a, &x->quota, f) &&
	       note_read(r, id, "summary", a, &x->summary, f);
}

bool frontier_sources(struct store *s, struct arena *a,
                      struct frontier_source **out, size_t *count,
                      struct fault *f)
{
	struct frontier_source *x;
	int64_t n, *ids;
	struct query q;
	size_t i;

	*count = 0;
	if (!rows_number(store_rows(s), &n, 0, f,
	                 "SELECT count(*) FROM CrawlSources", ""))
		return false;
	*out = x = arena_array(a, (size_t)n, sizeof(*x));
	ids = arena_array(a, (size_t)n, sizeof(*ids));
	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT SourceID, Name, Kind, Space, Started, Ended, "
	              "Succeeded, Next, Running FROM CrawlSources "
	              "ORDER BY Name LIMIT ?1",
	              "i", n))
		return false;
	for (; query_next(&q); ++*count) {
		i = *count;
		ids[i] = query_number(&q, 0);
		x[i].name = arena_copy(a, query_text(&q, 1));
		x[i].kind = arena_copy(a, query_text(&q, 2));
		x[i].space = arena_copy(a, query_text(&q, 3));
		x[i].started = query_number(&q, 4);
		x[i].ended = query_number(&q, 5);
		x[i].succeeded = query_number(&q, 6);
		x[i].next = query_number(&q, 7);
		x[i].running = query_number(&q, 8) != 0;
	}
	if (!query_end(&q, f))
		return false;
	for (i = 0; i < *count; i++)
		if (!source_notes(s, ids[i], a, &x[i], f))
			return false;
	return true;
}
