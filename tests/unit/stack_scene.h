#ifndef TESTS_STACK_SCENE_H
#define TESTS_STACK_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "crawler/source.h"
#include "crawler/yield.h"

/*
 * A source of the kind "stackexchange" with nothing around it: replies come
 * from files, and what it says is written down line by line.
 */

#define SCENE_NOW 1700000000000 /* 2023-11-14 */

struct scene {
	const struct source_kind *kind;
	struct conf *conf;
	void *self;
	bool open;
	struct yield yield;
	struct markup_parser *parser;
	struct arena arena; /* of replies, and of what is kept from them */
	struct buf body, log;
	struct ask asked; /* the last ask it said */
	struct slice mark;
	int status; /* of the next replies */
	struct fault fault;
};

static inline void scene_keep_ask(struct scene *s, const struct ask *a)
{
	s->asked = *a;
	s->asked.url = arena_copy(&s->arena, a->url);
	s->asked.note = arena_copy(&s->arena, a->note);
}

static inline void scene_log_record(struct buf *b, const struct record *r)
{
	size_t i;

	buf_addf(b, "%s %.*s", record_kind_name(r->kind), SLICE_ARG(r->id));
	if (r->parent.len)
		buf_addf(b, " of %.*s", SLICE_ARG(r->parent));
	buf_addf(b, " [%.*s] votes %lld", SLICE_ARG(r->title),
	         (long long)r->score);
	if (r->kind == RECORD_QUESTION)
		buf_addf(b, " views %lld", (long long)r->views);
	if (r->accepted.len)
		buf_addf(b, " accepted %.*s", SLICE_ARG(r->accepted));
	buf_addf(b, " at %lld", (long long)(r->revision / 1000));
	if (r->closed != CLOCK_NONE)
		buf_addf(b, " closed %lld", (long long)(r->closed / 1000));
	buf_addf(b, " by %.*s%.*s%.*s", SLICE_ARG(r->author_id),
	         r->author.len ? 1 : 0, "~", SLICE_ARG(r->author));
	for (i = 0; i < r->tag_count; i++)
		buf_addf(b, " #%.*s", SLICE_ARG(r->tags[i]));
	buf_addf(b, " %.*s\n", SLICE_ARG(r->licence));
}

static inline void scene_log(struct scene *s, const struct said *it)
{
	struct buf *b = &s->log;

	switch (it->kind) {
	case SAID_ASK:
		buf_addf(b, "ask %.*s\n", SLICE_ARG(it->ask->url));
		scene_keep_ask(s, it->ask);
		break;
	case SAID_RECORD:
		scene_log_record(b, it->record);
		break;
	case SAID_AUTHOR:
		buf_addf(b, "author %.*s [%.*s] %.*s\n", SLICE_ARG(it->id),
		         SLICE_ARG(it->to), SLICE_ARG(it->text));
		break;
	case SAID_LINK:
		buf_addf(b, "link %.*s to %.*s%s\n", SLICE_ARG(it->id),
		         SLICE_ARG(it->to), it->flag ? " duplicate" : "");
		break;
	case SAID_COMMENT:
		buf_addf(b, "comment %.*s of %.*s votes %lld [%.*s]\n",
		         SLICE_ARG(it->comment->id),
		         SLICE_ARG(it->comment->parent),
		         (long long)it->comment->score,
		         SLICE_ARG(it->comment->content));
		break;
	case SAID_NAMED:
		buf_addf(b, "named %.*s at %lld\n", SLICE_ARG(it->id),
		         (long long)(it->number / 1000));
		break;
	case SAID_LISTING:
		buf_text(b, "listing\n");
		break;
	case SAID_LISTED:
		buf_text(b, "listed\n");
		break;
	case SAID_MISSING:
		buf_addf(b, "missing %.*s\n", SLICE_ARG(it->id));
		break;
	case SAID_MARK:
		s->mark = arena_copy(&s->arena, it->text);
		buf_text(b, "mark\n");
		break;
	case SAID_REST:
		buf_addf(b, "rest %lld%s\n", (long long)it->number,
		         it->flag ? " refused" : "");
		break;
	case SAID_QUOTA:
		buf_addf(b, "quota %lld of %lld until %lld\n",
		         (long long)it->number, (long long)it->most,
		         (long long)it->until);
		break;
	case SAID_EVENT:
		buf_addf(b, "event %s %.*s\n", it->code, SLICE_ARG(it->id));
		break;
	default:
		buf_addf(b, "said %d\n", (int)it->kind);
		break;
	}
}

static inline void scene_take(struct scene *s)
{
	const struct said *it;

	buf_reset(&s->log);
	for (it = s->yield.first; it; it = it->next)
		scene_log(s, it);
	yield_reset(&s->yield);
}

static inline bool scene_open(struct scene *s, const char *settings,
                              bool everything)
{
	struct source_start start = { .time = SCENE_NOW };
	struct slice mark = s->mark;
	char text[1024];

	if (s->open)
		s->kind->close(s->self);
	s->open = false;
	conf_free(s->conf);
	snprintf(text, sizeof(text), "[source x]\n%s\n", settings);
	assert_true(conf_parse(&s->conf, slice_of(text), "x", &s->fault));
	start.conf = conf_find(s->conf, "source", SLICE("x"));
	start.mark = mark;
	start.everything = everything;
	free(s->self);
	s->self = memory_new(1, s->kind->state_size);
	s->open = s->kind->open(s->self, &start, &s->fault);
	return s->open;
}

/* Opened and seeded. */
static inline void scene_start(struct scene *s, const char *settings)
{
	if (!scene_open(s, settings, false))
		fail_msg("%s", s->fault.text);
	s->kind->seed(s->self, &s->yield);
	scene_take(s);
}

static inline void scene_load(struct scene *s, const char *name)
{
	char path[512], chunk[4096];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), TEST_DATA "/source/stackexchange/%s",
	         name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("no %s", path);
	buf_reset(&s->body);
	while ((n = fread(chunk, 1, sizeof(chunk), file)))
		buf_add(&s->body, (struct slice){ chunk, n });
	fclose(file);
}

static inline bool scene_reply(struct scene *s, struct slice body)
{
	struct reply r = { .ask = &s->asked, .time = SCENE_NOW + 1000 };
	struct markup page;
	bool ok;

	r.status = s->status;
	r.body = body;
	r.url = s->asked.url;
	r.arena = &s->arena;
	r.parser = s->parser;
	if (s->asked.flags & ASK_PAGE) {
		assert_true(markup_parse(s->parser, body, &s->arena, &page,
		                         &s->fault));
		r.page = &page;
	}
	ok = s->kind->read(s->self, &r, &s->yield, &s->fault);
	scene_take(s);
	return ok;
}

/* The last ask is answered by a file. */
static inline bool scene_read(struct scene *s, const char *name)
{
	scene_load(s, name);
	return scene_reply(s, buf_slice(&s->body));
}

static inline void scene_must_read(struct scene *s, const char *name)
{
	if (!scene_read(s, name))
		fail_msg("%s: %s", name, s->fault.text);
}

static inline void scene_said(struct scene *s, const char *want)
{
	assert_string_equal(buf_string(&s->log), want);
}

static inline int scene_setup(void **state)
{
	struct scene *s = memory_new(1, sizeof(*s));

	s->kind = source_find(SLICE("stackexchange"));
	s->parser = markup_parser_new();
	s->body = BUF_INIT(LIMIT_BODY);
	s->log = BUF_INIT(LIMIT_BODY);
	s->status = 200;
	*state = s;
	return s->kind ? 0 : -1;
}

static inline int scene_teardown(void **state)
{
	struct scene *s = *state;

	if (s->open)
		s->kind->close(s->self);
	free(s->self);
	conf_free(s->conf);
	yield_release(&s->yield);
	markup_parser_free(s->parser);
	arena_release(&s->arena);
	buf_release(&s->body);
	buf_release(&s->log);
	free(s);
	return 0;
}

#endif
