/*
 * The rows of the frontier. A row's id is a hash of what tells an address from
 * all others, so that one look by id answers whether it is known, and a row
 * whose bytes changed by accident no longer fits its id. Should two addresses
 * share a hash, the second takes the next free id.
 */

#include "base/hash.h"
#include "base/limits.h"
#include "schema/frontier_state.h"

static uint64_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

int64_t frontier_hash(int64_t source, enum frontier_kind kind, struct slice url,
                      struct slice body)
{
	uint64_t x = hash64(url);

	x = mix(x + (uint64_t)source * 0x9e3779b97f4a7c15u + (uint64_t)kind);
	if (body.len)
		x = mix(x + hash64(body));
	return (int64_t)(x & INT64_MAX);
}

/* Room is left behind the highest hash, and 0 stays free. */
static int64_t probe(int64_t hash, int64_t n)
{
	return (int64_t)(((uint64_t)hash + (uint64_t)n) & INT64_MAX);
}

bool frontier_hash_fits(int64_t id, int64_t hash)
{
	return id > 0 &&
	       (((uint64_t)id - (uint64_t)hash) & INT64_MAX) < FRONTIER_PROBES;
}

static bool row_sane(const struct frontier_entry *e, int64_t source)
{
	return frontier_hash_fits(e->id, frontier_hash(source, e->kind, e->url,
	                                               e->body)) &&
	       e->url.len && e->tries >= 0 && e->interval >= 0 &&
	       e->interval < FRONTIER_LATEST;
}

bool frontier_row(struct query *q, struct arena *a, struct frontier_entry *out,
                  struct frontier_place *place, struct fault *f)
{
	*out = (struct frontier_entry){
		.id = query_number(q, 0),
		.kind = query_number(q, 2) ? FRONTIER_CALL : FRONTIER_PAGE,
		.url = arena_copy(a, query_text(q, 3)),
		.body = arena_copy(a, query_text(q, 4)),
		.body_type = arena_copy(a, query_text(q, 5)),
		.note = arena_copy(a, query_text(q, 6)),
		.tag = (uint32_t)query_number(q, 7),
		.depth = (int32_t)query_number(q, 8),
		.due = query_number(q, 9) / 1000,
		.tries = (int32_t)query_number(q, 10),
		.native = arena_copy(a, query_text(q, 11)),
		.etag = arena_copy(a, query_text(q, 12)),
		.modified = arena_copy(a, query_text(q, 13)),
		.digest = (uint64_t)query_number(q, 14),
		.visited = query_number(q, 15),
		.changed = query_number(q, 16),
		.interval = query_number(q, 17),
	};
	*place = (struct frontier_place){ query_number(q, 9),
		                          query_number(q, 18), out->id };
	return (query_number(q, 2) <= FRONTIER_CALL &&
	        row_sane(out, query_number(q, 1))) ||
	       frontier_damaged("EntryID", out->id, f);
}

bool frontier_load(struct frontier *fr, int64_t id, struct arena *a,
                   struct frontier_entry *out, struct frontier_place *place,
                   struct fault *f)
{
	struct query q;
	bool ok = true;

	*place = (struct frontier_place){ 0 };
	if (!rows_ask(fr->rows, &q, f,
	              "SELECT " FRONTIER_COLUMNS
	              "FROM Frontier WHERE EntryID = ?1",
	              "i", id))
		return false;
	if (query_next(&q))
		ok = frontier_row(&q, a, out, place, f);
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}

/* What the row under an id says about an address that is asked for. */
struct known {
	bool there, same;
	int64_t id, due, done, visited;
};

static bool known_look(struct frontier *fr, const struct frontier_entry *e,
                       int64_t id, struct known *out, struct fault *f)
{
	struct query q;

	*out = (struct known){ .id = id };
	if (!rows_ask(fr->rows, &q, f,
	              "SELECT SourceID, Kind, Url, Body, Due, Done, Visited "
	              "FROM Frontier WHERE EntryID = ?1",
	              "i", id))
		return false;
	if (query_next(&q)) {
		out->there = true;
		out->same = query_number(&q, 0) == fr->source &&
		            query_number(&q, 1) == (int64_t)e->kind &&
		            slice_eq(query_text(&q, 2), e->url) &&
		            slice_eq(query_text(&q, 3), e->body);
		out->due = query_number(&q, 4);
		out->done = query_number(&q, 5);
		out->visited = query_number(&q, 6);
	}
	return query_end(&q, f);
}

/* The row of an address, or the id it would get. */
static bool known_find(struct frontier *fr, const struct frontier_entry *e,
                       int64_t hash, struct known *out, struct fault *f)
{
	int64_t i, id;

	for (i = 0; i < FRONTIER_PROBES; i++) {
		id = probe(hash, i);
		if (!id)
			continue;
		if (!known_look(fr, e, id, out, f))
			return false;
		if (!out->there || out->same)
			return true;
	}
	return frontier_damaged("EntryID", hash, f);
}

/* Another hash than the id's: FNV-1a. */
static uint64_t seen_check(struct slice url)
{
	uint64_t x = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < url.len; i++)
		x = (x ^ (unsigned char)url.at[i]) * 0x100000001b3u;
	return x;
}

static struct frontier_seen *seen_slot(struct frontier *fr, int64_t hash)
{
	return &fr->seen[(uint64_t)hash % FRONTIER_SEEN];
}

static bool seen_has(struct frontier *fr, const struct frontier_entry *e,
                     int64_t hash)
{
	struct frontier_seen *s = seen_slot(fr, hash);

	return s->id == hash && s->check == seen_check(e->url);
}

static void seen_put(struct frontier *fr, const struct frontier_entry *e,
                     int64_t hash)
{
	if (e->kind == FRONTIER_PAGE)
		*seen_slot(fr, hash) =
		        (struct frontier_seen){ hash, seen_check(e->url) };
}

/* Its own time if that is not behind the horizon, else the next turn. */
static int64_t entry_place(struct frontier *fr, int64_t due)
{
	fr->dirty = true;
	if (due > 0 && due < fr->horizon / 1000)
		return due * 1000 + (int64_t)(fr->turn++ % 1000);
	return ++fr->horizon;
}

static bool entry_insert(struct frontier *fr, const struct frontier_entry *e,
                         int64_t id, struct fault *f)
{
	int64_t due = entry_place(fr, e->due);

	if (!rows_run(fr->rows, f,
	              "INSERT INTO Frontier VALUES (?1, ?2, ?3, 0, ?4, ?5, "
	              "nullif(?6, x''), nullif(?7, ''), nullif(?8, x''), ?9, "
	              "?10, 0, NULL, NULL, NULL, 0, 0, 0, 0)",
	              "iiiitbtbii", id, fr->source, due, (int64_t)e->kind,
	              e->url, e->body, e->body_type, e->note, (int64_t)e->tag,
	              (int64_t)e->depth))
		return false;
	if (e->kind == FRONTIER_CALL)
		fr->calls++;
	else
		fr->pages++;
	fr->due++;
	frontier_ahead(fr, due);
	return true;
}

/* Asked for again, it is asked for with this tag and note. */
static bool entry_hasten(struct frontier *fr, const struct known *k,
                         const struct frontier_entry *e, bool again,
                         int64_t due, struct fault *f)
{
	if (!frontier_belongs(fr, k->due, k->done))
		fr->due += frontier_belongs(fr, due, 0);
	frontier_ahead(fr, due);
	if (!again)
		return rows_run(fr->rows, f,
		                "UPDATE Frontier SET Due = ?2 "
		                "WHERE EntryID = ?1",
		                "ii", k->id, due);
	return rows_run(fr->rows, f,
	                "UPDATE Frontier SET Due = ?2, Done = 0, Tag = ?3, "
	                "Note = nullif(?4, x'') WHERE EntryID = ?1",
	                "iiib", k->id, due, (int64_t)e->tag, e->note);
}

/* A known page: when it is to come now, or 0 for as it was. */
static int64_t entry_sooner(struct frontier *fr, const struct frontier_entry *e,
                            const struct known *k, bool again)
{
	bool due = frontier_belongs(fr, k->due, k->done);

	if (e->kind != FRONTIER_PAGE || k->due == FRONTIER_NEVER)
		return 0;
	if (again && !due)
		return entry_place(fr, e->due);
	if (e->due > k->visited && e->due < k->due / 1000 && k->done < fr->run)
		return e->due * 1000 + (int64_t)(fr->turn++ % 1000);
	return 0;
}

static bool entry_check(const struct frontier_entry *e, struct fault *f)
{
	if (!e->url.len || e->url.len > LIMIT_LINK)
		return fault(f, FAULT_LIMIT, "limit-link",
		             "an address of %zu bytes; 1 to %d are allowed",
		             e->url.len, LIMIT_LINK);
	if (e->body.len > LIMIT_CALL || e->body_type.len > LIMIT_NAME ||
	    e->note.len > LIMIT_NAME)
		return fault(f, FAULT_LIMIT, "limit-call",
		             "a call of %zu bytes, more than %d, or a note of "
		             "%zu, more than %d",
		             e->body.len, LIMIT_CALL, e->note.len, LIMIT_NAME);
	return true;
}

bool frontier_add(struct frontier *fr, const struct frontier_entry *e,
                  bool again, bool *added, struct fault *f)
{
	int64_t hash = frontier_hash(fr->source, e->kind, e->url, e->body), due;
	struct known k;

	*added = false;
	if (!again && !e->due && seen_has(fr, e, hash))
		return true;
	if (!entry_check(e, f) || !known_find(fr, e, hash, &k, f))
		return false;
	if (!k.there) {
		if (!frontier_write(fr, f) ||
		    !frontier_wrote(fr, entry_insert(fr, e, k.id, f), f))
			return false;
		*added = true;
	} else {
		due = entry_sooner(fr, e, &k, again);
		if (due &&
		    (!frontier_write(fr, f) ||
		     !frontier_wrote(fr, entry_hasten(fr, &k, e, again, due, f),
		                     f)))
			return false;
	}
	seen_put(fr, e, hash);
	return true;
}

/* Until the next visit, now that this one found what it found. */
static int64_t done_interval(const struct frontier *fr,
                             const struct frontier_entry *e,
                             enum frontier_outcome outcome)
{
	int64_t n = e->interval ? e->interval : fr->first;

	if (e->visited && outcome == FRONTIER_CHANGED)
		n /= 2;
	else if (e->visited && outcome == FRONTIER_SAME)
		n += n / 2;
	if (n < fr->least)
		n = fr->least;
	return n > fr->most ? fr->most : n;
}

/* What was forgotten while it was in hand stays so (FRONTIER_NEVER). */
#define DONE_DUE "max(?2, (Due = 9223372036854775807) * Due)"

static bool done_read(struct frontier *fr, const struct frontier_entry *e,
                      int64_t now, bool changed, int64_t interval,
                      struct fault *f)
{
	static const char whole[] =
	        "UPDATE Frontier SET Due = " DONE_DUE ", Done = ?3, "
	        "Tries = 0, "
	        "NativeID = nullif(?4, ''), ETag = nullif(?5, ''), "
	        "Modified = nullif(?6, ''), Digest = ?7, Visited = ?8, "
	        "Changed = ?8, Interval = ?9 WHERE EntryID = ?1";
	static const char same[] =
	        "UPDATE Frontier SET Due = " DONE_DUE ", Done = ?3, "
	        "Tries = 0, "
	        "NativeID = coalesce(nullif(?4, ''), NativeID), "
	        "ETag = coalesce(nullif(?5, ''), ETag), "
	        "Modified = coalesce(nullif(?6, ''), Modified), "
	        "Digest = iif(?7, ?7, Digest), Visited = ?8, Interval = ?9 "
	        "WHERE EntryID = ?1";

	fr->visited += !e->visited;
	return rows_run(fr->rows, f, changed ? whole : same, "iiitttiii", e->id,
	                (now + interval) * 1000 + (int64_t)(fr->turn++ % 1000),
	                fr->run, e->native, e->etag, e->modified,
	                (int64_t)e->digest, now, interval);
}

static bool done_unread(struct frontier *fr, const struct frontier_entry *e,
                        int64_t due, int64_t interval, bool failed,
                        struct fault *f)
{
	return rows_run(fr->rows, f,
	                "UPDATE Frontier SET Due = " DONE_DUE ", Done = ?3, "
	                "Tries = iif(?4, Tries + 1, 0), Interval = ?5, "
	                "NativeID = coalesce(nullif(?6, ''), NativeID), "
	                "ETag = coalesce(nullif(?7, ''), ETag), "
	                "Modified = coalesce(nullif(?8, ''), Modified) "
	                "WHERE EntryID = ?1",
	                "iiiiittt", e->id,
	                due * 1000 + (int64_t)(fr->turn++ % 1000), fr->run,
	                (int64_t)failed, interval, e->native, e->etag,
	                e->modified);
}

/* What held something is asked for again soon, to be sure that it is gone;
 * what holds nothing, less and less often. */
static bool done_missed(struct frontier *fr, const struct frontier_entry *e,
                        int64_t now, struct fault *f)
{
	int64_t n = e->interval;

	/* If it comes back, it is to be read whole, whatever its ETag. */
	if (!rows_run(fr->rows, f,
	              "UPDATE Frontier SET Digest = 0 WHERE EntryID = ?1", "i",
	              e->id))
		return false;
	if (e->native.len)
		return done_unread(fr, e, now + fr->apart, n, false, f);
	n = n * 2 > fr->most ? fr->most : n * 2;
	if (n < fr->apart)
		n = fr->apart;
	return done_unread(fr, e, now + n, n, false, f);
}

/* Another name of a page that moved answers for nothing any more: when it is
 * gone one day, the page is not. */
static bool done_skipped(struct frontier *fr, const struct frontier_entry *e,
                         int64_t now, struct fault *f)
{
	if (!e->native.len &&
	    !rows_run(fr->rows, f,
	              "UPDATE Frontier SET NativeID = NULL WHERE EntryID = ?1",
	              "i", e->id))
		return false;
	return done_unread(fr, e, now + fr->most, e->interval, false, f);
}

static bool done_page(struct frontier *fr, const struct frontier_entry *e,
                      int64_t now, enum frontier_outcome outcome,
                      struct fault *f)
{
	switch (outcome) {
	case FRONTIER_CHANGED:
	case FRONTIER_SAME:
		return done_read(fr, e, now, outcome == FRONTIER_CHANGED,
		                 done_interval(fr, e, outcome), f);
	case FRONTIER_MISSED:
		return done_missed(fr, e, now, f);
	case FRONTIER_SKIPPED:
		return done_skipped(fr, e, now, f);
	case FRONTIER_FAILED:
		break;
	}
	return done_unread(fr, e, now, e->interval, true, f);
}

static bool done_call(struct frontier *fr, const struct frontier_entry *e,
                      int64_t now, enum frontier_outcome outcome,
                      struct fault *f)
{
	if (outcome == FRONTIER_FAILED)
		return done_unread(fr, e, now, e->interval, true, f);
	fr->calls--;
	return rows_run(fr->rows, f, "DELETE FROM Frontier WHERE EntryID = ?1",
	                "i", e->id);
}

bool frontier_done(struct frontier *fr, const struct frontier_entry *e,
                   int64_t now, enum frontier_outcome outcome, struct fault *f)
{
	bool ok;

	if (!frontier_write(fr, f))
		return false;
	fr->dirty = true;
	fr->due--;
	frontier_set_remove(&fr->hand, e->id);
	ok = (e->kind == FRONTIER_CALL ? done_call : done_page)(fr, e, now,
	                                                        outcome, f);
	return frontier_wrote(fr, ok, f);
}

bool frontier_find(struct frontier *fr, struct slice url, struct arena *a,
                   struct frontier_entry *out, bool *found, struct fault *f)
{
	struct frontier_entry e = { .url = url };
	struct frontier_place place;
	struct known k = { 0 };

	*found = false;
	for (; !k.there && e.kind <= FRONTIER_CALL; e.kind++)
		if (!known_find(fr, &e,
		                frontier_hash(fr->source, e.kind, url, e.body),
		                &k, f))
			return false;
	if (!k.there)
		return true;
	if (!frontier_load(fr, k.id, a, out, &place, f))
		return false;
	*found = place.id != 0;
	return true;
}
