/*
 * Which address is next: a queue of a few hundred read in order behind a
 * cursor, and what was held back, in memory. What is in hand is known here
 * alone, so a run that died asks for it again.
 */

#include <stdlib.h>

#include "base/memory.h"
#include "schema/frontier_state.h"

static size_t set_at(const struct frontier_set *s, int64_t id)
{
	size_t at = (uint64_t)id * 0x9e3779b97f4a7c15u % s->size;

	while (s->slots[at] && s->slots[at] != id)
		at = (at + 1) % s->size;
	return at;
}

bool frontier_set_has(const struct frontier_set *s, int64_t id)
{
	return s->size && s->slots[set_at(s, id)] == id;
}

static void set_grow(struct frontier_set *s)
{
	struct frontier_set more = { .size = s->size ? s->size * 2 : 256 };
	size_t i;

	more.slots = memory_new(more.size, sizeof(*more.slots));
	for (i = 0; i < s->size; i++)
		if (s->slots[i])
			more.slots[set_at(&more, s->slots[i])] = s->slots[i];
	more.used = s->used;
	free(s->slots);
	*s = more;
}

void frontier_set_add(struct frontier_set *s, int64_t id)
{
	size_t at;

	if (s->used * 2 >= s->size)
		set_grow(s);
	at = set_at(s, id);
	s->used += !s->slots[at];
	s->slots[at] = id;
}

/* Those behind it in the same run of slots move up. */
void frontier_set_remove(struct frontier_set *s, int64_t id)
{
	size_t at;
	int64_t next;

	if (!frontier_set_has(s, id))
		return;
	at = set_at(s, id);
	s->slots[at] = 0;
	s->used--;
	for (at = (at + 1) % s->size; s->slots[at]; at = (at + 1) % s->size) {
		next = s->slots[at];
		s->slots[at] = 0;
		s->slots[set_at(s, next)] = next;
	}
}

void frontier_ahead(struct frontier *fr, int64_t due)
{
	int64_t first = due - 1;

	fr->drained = false;
	if (due > fr->cursor.due)
		return;
	/* What waits in the queue is read again, in its place. */
	if (fr->at < fr->queued && fr->queue[fr->at].due * 1000 - 1 < first)
		first = fr->queue[fr->at].due * 1000 - 1;
	fr->at = fr->queued = 0;
	fr->cursor = (struct frontier_place){ first, INT64_MAX, INT64_MAX };
}

static bool queue_ask(struct frontier *fr, struct query *q, struct fault *f)
{
	return rows_ask(fr->rows, q, f,
	                "SELECT " FRONTIER_COLUMNS "FROM Frontier "
	                "WHERE SourceID = ?1 AND Due <= ?2 AND Done < ?3 AND "
	                "(Due, Done, EntryID) > (?4, ?5, ?6) "
	                "ORDER BY Due, Done, EntryID LIMIT ?7",
	                "iiiiiii", fr->source,
	                fr->everything ? FRONTIER_NEVER - 1 : fr->horizon,
	                fr->run, fr->cursor.due, fr->cursor.done, fr->cursor.id,
	                (int64_t)FRONTIER_QUEUE);
}

/* What is in hand is passed over here and now: it may be done before its place
 * in the queue comes. */
static bool queue_fill(struct frontier *fr, struct fault *f)
{
	struct frontier_entry *e;
	size_t read = 0;
	struct query q;
	bool ok = true;

	fr->at = fr->queued = 0;
	arena_reset(&fr->texts);
	if (!queue_ask(fr, &q, f))
		return false;
	while (ok && query_next(&q)) {
		e = &fr->queue[fr->queued];
		ok = frontier_row(&q, &fr->texts, e, &fr->cursor, f);
		read += ok;
		fr->queued += ok && !frontier_set_has(&fr->hand, e->id);
	}
	/* A damaged row is said once; those behind it come all the same. */
	fr->drained = ok && read < FRONTIER_QUEUE;
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}

static void held_down(struct frontier *fr, size_t at)
{
	struct frontier_wait *h = fr->held, swap;
	size_t child;

	for (; (child = 2 * at + 1) < fr->held_count; at = child) {
		if (child + 1 < fr->held_count &&
		    h[child + 1].until < h[child].until)
			child++;
		if (h[at].until <= h[child].until)
			break;
		swap = h[at];
		h[at] = h[child];
		h[child] = swap;
	}
}

static void held_push(struct frontier *fr, int64_t until, int64_t id)
{
	struct frontier_wait *h = fr->held;
	size_t at = fr->held_count++;

	for (; at && h[(at - 1) / 2].until > until; at = (at - 1) / 2)
		h[at] = h[(at - 1) / 2];
	h[at] = (struct frontier_wait){ until, id };
}

static int64_t held_pop(struct frontier *fr)
{
	int64_t id = fr->held[0].id;

	fr->held[0] = fr->held[--fr->held_count];
	held_down(fr, 0);
	return id;
}

/* The row of what was held; *found false: it is gone or not due any more. */
static bool held_read_again(struct frontier *fr, int64_t id, struct arena *a,
                            struct frontier_entry *out, bool *found,
                            struct fault *f)
{
	struct frontier_place place;

	if (!frontier_load(fr, id, a, out, &place, f))
		return false;
	*found = place.id && frontier_belongs(fr, place.due, place.done);
	return true;
}

static bool take_held(struct frontier *fr, int64_t now, struct arena *a,
                      struct frontier_entry *out, bool *found, struct fault *f)
{
	int64_t id;

	*found = false;
	fr->now = now;
	while (!*found && fr->held_count && fr->held[0].until <= now) {
		id = held_pop(fr);
		if (!held_read_again(fr, id, a, out, found, f))
			return false;
		if (!*found)
			frontier_set_remove(&fr->hand, id);
	}
	return true;
}

static void take_copy(const struct frontier_entry *e, struct arena *a,
                      struct frontier_entry *out)
{
	*out = *e;
	out->url = arena_copy(a, e->url);
	out->body = arena_copy(a, e->body);
	out->body_type = arena_copy(a, e->body_type);
	out->note = arena_copy(a, e->note);
	out->native = arena_copy(a, e->native);
	out->etag = arena_copy(a, e->etag);
	out->modified = arena_copy(a, e->modified);
}

bool frontier_take(struct frontier *fr, int64_t now, struct arena *a,
                   struct frontier_entry *out, bool *found, struct fault *f)
{
	const struct frontier_entry *e;

	if (!take_held(fr, now, a, out, found, f))
		return false;
	while (!*found) {
		if (fr->at == fr->queued && (fr->drained || !fr->running))
			return true;
		if (fr->at == fr->queued && !queue_fill(fr, f))
			return false;
		if (fr->at == fr->queued)
			continue;
		e = &fr->queue[fr->at++];
		frontier_set_add(&fr->hand, e->id);
		take_copy(e, a, out);
		*found = true;
	}
	return true;
}

int64_t frontier_held(const struct frontier *fr)
{
	return fr->held_count ? fr->held[0].until : INT64_MAX;
}

bool frontier_back(struct frontier *fr, const struct frontier_entry *e,
                   int64_t until, bool tried, struct fault *f)
{
	if (fr->held_count == FRONTIER_HELD)
		return frontier_done(fr, e, fr->now, FRONTIER_FAILED, f);
	held_push(fr, until, e->id);
	return !tried ||
	       (frontier_write(fr, f) &&
	        frontier_wrote(fr,
	                       rows_run(fr->rows, f,
	                                "UPDATE Frontier SET Tries = Tries + "
	                                "1 WHERE EntryID = ?1",
	                                "i", e->id),
	                       f));
}
