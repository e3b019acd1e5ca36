/* Each yield is copied into the arena and hung behind the last one. */

#include "crawler/yield.h"

#include <stdarg.h>
#include <stdio.h>

void yield_release(struct yield *y)
{
	arena_release(&y->arena);
	*y = YIELD_INIT;
}

void yield_reset(struct yield *y)
{
	arena_reset(&y->arena);
	y->first = y->last = NULL;
	y->count = 0;
}

static struct said *yield_say(struct yield *y, enum said_kind kind)
{
	struct said *s = arena_new(&y->arena, sizeof(*s));

	s->kind = kind;
	if (y->last)
		y->last->next = s;
	else
		y->first = s;
	y->last = s;
	y->count++;
	return s;
}

static struct slice keep(struct yield *y, struct slice s)
{
	return s.at ? arena_copy(&y->arena, s) : s;
}

static const struct ask *keep_ask(struct yield *y, const struct ask *a)
{
	struct ask *copy;

	if (!a)
		return NULL;
	copy = arena_new(&y->arena, sizeof(*copy));
	*copy = *a;
	copy->url = keep(y, a->url);
	copy->body = keep(y, a->body);
	copy->body_type = keep(y, a->body_type);
	copy->accept = keep(y, a->accept);
	copy->note = keep(y, a->note);
	return copy;
}

void yield_ask(struct yield *y, const struct ask *a)
{
	yield_say(y, SAID_ASK)->ask = keep_ask(y, a);
}

static const struct slice *keep_tags(struct yield *y, const struct slice *tags,
                                     size_t count)
{
	struct slice *copy = arena_array(&y->arena, count, sizeof(*copy));
	size_t i;

	for (i = 0; i < count; i++)
		copy[i] = keep(y, tags[i]);
	return copy;
}

void yield_record(struct yield *y, const struct record *r)
{
	struct record *copy = arena_new(&y->arena, sizeof(*copy));
	struct slice *texts[] = {
		&copy->id,       &copy->parent,     &copy->link,
		&copy->title,    &copy->content,    &copy->original,
		&copy->language, &copy->class,      &copy->original_type,
		&copy->services, &copy->accepted,   &copy->author_id,
		&copy->author,   &copy->extra_kind, &copy->licence,
		&copy->access,
	};
	size_t i;

	*copy = *r;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = keep(y, *texts[i]);
	copy->tags = keep_tags(y, r->tags, r->tag_count);
	yield_say(y, SAID_RECORD)->record = copy;
}

void yield_author(struct yield *y, struct slice id, struct slice name,
                  struct slice link)
{
	struct said *s = yield_say(y, SAID_AUTHOR);

	s->id = keep(y, id);
	s->to = keep(y, name);
	s->text = keep(y, link);
}

void yield_link(struct yield *y, struct slice from, struct slice to,
                enum intake_link_kind kind, int64_t time)
{
	struct said *s = yield_say(y, SAID_LINK);

	s->id = keep(y, from);
	s->to = keep(y, to);
	s->flag = kind == LINK_DUPLICATE;
	s->number = time;
}

void yield_comment(struct yield *y, const struct intake_comment *c)
{
	struct intake_comment *copy = arena_new(&y->arena, sizeof(*copy));

	*copy = *c;
	copy->id = keep(y, c->id);
	copy->parent = keep(y, c->parent);
	copy->content = keep(y, c->content);
	copy->author_id = keep(y, c->author_id);
	copy->author = keep(y, c->author);
	copy->licence = keep(y, c->licence);
	yield_say(y, SAID_COMMENT)->comment = copy;
}

void yield_named(struct yield *y, struct slice id, int64_t revision,
                 const struct ask *a)
{
	struct said *s = yield_say(y, SAID_NAMED);

	s->id = keep(y, id);
	s->number = revision;
	s->ask = keep_ask(y, a);
}

void yield_listing(struct yield *y)
{
	yield_say(y, SAID_LISTING);
}

void yield_listed(struct yield *y)
{
	yield_say(y, SAID_LISTED);
}

void yield_missing(struct yield *y, struct slice id)
{
	yield_say(y, SAID_MISSING)->id = keep(y, id);
}

void yield_deleted(struct yield *y, struct slice id)
{
	yield_say(y, SAID_DELETED)->id = keep(y, id);
}

void yield_moved(struct yield *y, struct slice from, struct slice to)
{
	struct said *s = yield_say(y, SAID_MOVED);

	s->id = keep(y, from);
	s->to = keep(y, to);
}

void yield_alias(struct yield *y, struct slice address, struct slice id)
{
	struct said *s = yield_say(y, SAID_ALIAS);

	s->id = keep(y, address);
	s->to = keep(y, id);
}

void yield_mark(struct yield *y, struct slice mark)
{
	yield_say(y, SAID_MARK)->text = keep(y, mark);
}

void yield_rest(struct yield *y, int64_t milliseconds, bool refused)
{
	struct said *s = yield_say(y, SAID_REST);

	s->number = milliseconds;
	s->flag = refused;
}

void yield_quota(struct yield *y, int64_t left, int64_t most, int64_t until)
{
	struct said *s = yield_say(y, SAID_QUOTA);

	s->number = left;
	s->most = most;
	s->until = until;
}

void yield_login(struct yield *y)
{
	yield_say(y, SAID_LOGIN);
}

void yield_event(struct yield *y, const char *code, struct slice about,
                 const char *fmt, ...)
{
	struct said *s = yield_say(y, SAID_EVENT);
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	s->code = code;
	s->id = keep(y, about);
	s->text = keep(y, slice_of(text));
}
