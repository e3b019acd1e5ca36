/*
 * Flights and the lists they stand in; an ask as a row of the frontier. A
 * plain page has an empty note there, since there may be ten million of them;
 * else the note begins with the flags as a letter and the type wanted.
 */

#include <stdlib.h>

#include "base/memory.h"
#include "crawler/crawl_state.h"

void flights_add(struct flights *l, struct flight *it)
{
	it->next = NULL;
	if (l->last)
		l->last->next = it;
	else
		l->first = it;
	l->last = it;
	l->count++;
}

void flights_first(struct flights *l, struct flight *it)
{
	it->next = l->first;
	l->first = it;
	if (!l->last)
		l->last = it;
	l->count++;
}

void flights_remove(struct flights *l, struct flight *it)
{
	struct flight *before = NULL, *at = l->first;

	while (at && at != it) {
		before = at;
		at = at->next;
	}
	if (!at)
		return;
	if (before)
		before->next = it->next;
	else
		l->first = it->next;
	if (l->last == it)
		l->last = before;
	it->next = NULL;
	l->count--;
}

struct flight *flights_take(struct flights *l)
{
	struct flight *it = l->first;

	if (it)
		flights_remove(l, it);
	return it;
}

static struct slice keep(struct arena *a, struct slice s)
{
	return s.len ? arena_copy(a, s) : (struct slice){ 0 };
}

bool flight_new(struct flight **out, enum flight_kind kind, const struct ask *a,
                struct fault *f)
{
	struct flight *it = memory_new(1, sizeof(*it));

	it->kind = kind;
	it->proxy = SIZE_MAX;
	it->moved = true;
	it->url = URL_INIT;
	it->ask = *a;
	it->ask.url = keep(&it->arena, a->url);
	it->ask.body = keep(&it->arena, a->body);
	it->ask.body_type = keep(&it->arena, a->body_type);
	it->ask.accept = keep(&it->arena, a->accept);
	it->ask.note = keep(&it->arena, a->note);
	*out = it;
	if (url_parse(&it->url, it->ask.url, NULL, f))
		return true;
	*out = NULL;
	flight_free(it);
	return false;
}

bool flight_robots(struct flight **out, struct gate_origin *o, struct fault *f)
{
	const struct ask ask = { .url = o->address,
		                 .accept = SLICE("text/plain") };

	if (!flight_new(out, FLIGHT_ROBOTS, &ask, f))
		return false;
	(*out)->origin = o;
	(*out)->cleared = true;
	o->asked = true;
	return true;
}

void flight_free(struct flight *it)
{
	if (!it)
		return;
	url_release(&it->url);
	arena_release(&it->arena);
	free(it);
}

enum { FLAGS_BASE = 'a' };

void crawl_entry_of_ask(const struct ask *a, struct arena *arena,
                        struct frontier_entry *e)
{
	size_t len = 1 + a->accept.len + 1 + a->note.len;
	char *note;

	*e = (struct frontier_entry){
		.kind = a->flags & (ASK_PAGE | ASK_LISTING) ? FRONTIER_PAGE
		                                            : FRONTIER_CALL,
		.url = a->url,
		.body = a->body,
		.body_type = a->body_type,
		.tag = a->tag,
		.depth = a->depth,
		.due = a->due,
	};
	if ((a->flags & ~(unsigned)ASK_AGAIN) == ASK_PAGE && !a->accept.len &&
	    !a->note.len)
		return;
	note = arena_new(arena, len);
	note[0] = (char)(FLAGS_BASE + (a->flags & ~(unsigned)ASK_AGAIN));
	if (a->accept.len)
		memcpy(note + 1, a->accept.at, a->accept.len);
	note[1 + a->accept.len] = '\n';
	if (a->note.len)
		memcpy(note + 2 + a->accept.len, a->note.at, a->note.len);
	e->note = (struct slice){ note, len };
}

void crawl_ask_of_entry(const struct frontier_entry *e, struct ask *a)
{
	size_t line = slice_find(e->note, '\n');

	*a = (struct ask){
		.url = e->url,
		.body = e->body,
		.body_type = e->body_type,
		.tag = e->tag,
		.depth = e->depth,
		.due = e->due,
		.flags = ASK_PAGE,
	};
	if (!e->note.len)
		return;
	a->flags = (unsigned)(e->note.at[0] - FLAGS_BASE);
	a->accept = slice_cut(e->note, 1, line);
	a->note = slice_cut(e->note, line + 1, e->note.len);
}
