/*
 * Batches of posts go round: filled by the caller, converted by a thread of
 * the pool, handed on in the order in which they were filled, filled again.
 * Each batch has its own arenas; each running thread borrows one parser (and
 * so one worker process) from a shelf.
 */

#include "crawler/dump_body.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/text/markdown.h"
#include "base/text/markup.h"
#include "base/text/unicode.h"

enum {
	BATCH_POSTS = 64,
	BATCH_BYTES = 512 << 10, /* of memory; one post may have more */
	SHELF_MOST = 64,
	TEXT_KEPT = 1 << 20, /* memory kept when a large text is done */
};

struct batch {
	struct batch *next; /* in the list of free ones */
	struct arena arena; /* the posts */
	struct dump_post posts[BATCH_POSTS];
	size_t count;
	bool dead; /* no worker could be started */
	struct fault why;
};

/* What a thread needs to convert: one of as many as there are threads. */
struct desk {
	struct markup_parser *parser;
	struct arena trees;
	struct buf markdown, clean;
};

struct dump_bodies {
	struct pool *pool;
	struct slice base;
	dump_take_fn *take;
	void *self;
	struct batch *filling, *idle;
	pthread_mutex_t lock;
	struct desk *shelf[SHELF_MOST]; /* not in use */
	size_t shelved;
};

static struct desk *desk_take(struct dump_bodies *b)
{
	struct desk *desk = NULL;

	pthread_mutex_lock(&b->lock);
	if (b->shelved)
		desk = b->shelf[--b->shelved];
	pthread_mutex_unlock(&b->lock);
	if (desk)
		return desk;
	desk = memory_new(1, sizeof(*desk));
	desk->parser = markup_parser_new();
	desk->markdown = BUF_INIT(LIMIT_TEXT);
	desk->clean = BUF_INIT(LIMIT_TEXT);
	return desk;
}

static void desk_free(struct desk *desk)
{
	markup_parser_free(desk->parser);
	arena_release(&desk->trees);
	buf_release(&desk->markdown);
	buf_release(&desk->clean);
	free(desk);
}

static void desk_put(struct dump_bodies *b, struct desk *desk)
{
	bool kept = false;

	if (desk->markdown.cap > TEXT_KEPT)
		buf_release(&desk->markdown);
	if (desk->clean.cap > TEXT_KEPT)
		buf_release(&desk->clean);
	arena_reset(&desk->trees);
	pthread_mutex_lock(&b->lock);
	if (b->shelved < SHELF_MOST) {
		b->shelf[b->shelved++] = desk;
		kept = true;
	}
	pthread_mutex_unlock(&b->lock);
	if (!kept)
		desk_free(desk);
}

/* The tree as clean Markdown in the batch's arena. */
static void write_post(struct dump_bodies *b, struct desk *desk,
                       struct batch *it, struct dump_post *p,
                       const struct markup *tree)
{
	buf_reset(&desk->markdown);
	buf_reset(&desk->clean);
	markdown_write(tree, b->base, &desk->markdown);
	unicode_clean(buf_slice(&desk->markdown), &desk->clean);
	if (buf_full(&desk->markdown) || buf_full(&desk->clean)) {
		p->failed = true;
		fault(&p->why, FAULT_LIMIT, "limit-text",
		      "its Markdown is larger than 16 MB");
		return;
	}
	p->record.content = arena_copy(&it->arena, buf_slice(&desk->clean));
	if (tree->truncated)
		p->record.flags |= RECORD_TRUNCATED;
}

/* Runs on a thread of the pool. */
static void convert_batch(void *self, void *job)
{
	struct dump_bodies *b = self;
	struct batch *it = job;
	struct desk *desk = desk_take(b);
	struct slice html[BATCH_POSTS];
	struct dump_post *post[BATCH_POSTS];
	struct markup *trees;
	struct fault *faults;
	bool ok[BATCH_POSTS];
	size_t n = 0, i;

	for (i = 0; i < it->count; i++) {
		if (it->posts[i].convert) {
			html[n] = it->posts[i].record.original;
			post[n++] = &it->posts[i];
		}
	}
	trees = arena_array(&desk->trees, BATCH_POSTS, sizeof(*trees));
	faults = arena_array(&desk->trees, BATCH_POSTS, sizeof(*faults));
	it->dead = n && !markup_parse_many(desk->parser, html, n, &desk->trees,
	                                   trees, ok, faults, &it->why);
	for (i = 0; i < n && !it->dead; i++) {
		if (ok[i]) {
			write_post(b, desk, it, post[i], &trees[i]);
		} else {
			post[i]->failed = true;
			post[i]->why = faults[i];
		}
	}
	desk_put(b, desk);
}

struct dump_bodies *dump_bodies_new(unsigned threads, struct slice base,
                                    dump_take_fn *take, void *self)
{
	struct dump_bodies *b = memory_new(1, sizeof(*b));
	struct desk *desk;

	if (threads > SHELF_MOST)
		threads = SHELF_MOST;
	b->base = base;
	b->take = take;
	b->self = self;
	pthread_mutex_init(&b->lock, NULL);
	desk = desk_take(b);
	markup_parser_start(desk->parser);
	desk_put(b, desk);
	b->pool = pool_new(threads, threads + 1, convert_batch, b);
	return b;
}

static void batch_free(struct batch *it)
{
	if (it)
		arena_release(&it->arena);
	free(it);
}

void dump_bodies_free(struct dump_bodies *b)
{
	struct batch *it;

	if (!b)
		return;
	while ((it = pool_take(b->pool)))
		batch_free(it);
	pool_free(b->pool);
	while ((it = b->idle)) {
		b->idle = it->next;
		batch_free(it);
	}
	batch_free(b->filling);
	while (b->shelved)
		desk_free(b->shelf[--b->shelved]);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

static struct batch *batch_filling(struct dump_bodies *b)
{
	if (!b->filling && b->idle) {
		b->filling = b->idle;
		b->idle = b->idle->next;
	}
	if (!b->filling)
		b->filling = memory_new(1, sizeof(*b->filling));
	return b->filling;
}

struct arena *dump_bodies_arena(struct dump_bodies *b)
{
	return &batch_filling(b)->arena;
}

/* Hands the oldest batch on; *none says that there was none. */
static bool hand_on(struct dump_bodies *b, bool *none, struct fault *f)
{
	struct batch *it = pool_take(b->pool);
	bool ok = true;
	size_t i;

	*none = !it;
	if (!it)
		return true;
	if (it->dead) {
		*f = it->why;
		ok = false;
	}
	for (i = 0; ok && i < it->count; i++)
		ok = b->take(b->self, &it->posts[i], f);
	arena_reset(&it->arena);
	it->count = 0;
	it->dead = false;
	it->next = b->idle;
	b->idle = it;
	return ok;
}

static bool send_off(struct dump_bodies *b, struct fault *f)
{
	bool none = false;

	while (!none && !pool_has_room(b->pool))
		if (!hand_on(b, &none, f))
			return false;
	pool_put(b->pool, b->filling);
	b->filling = NULL;
	return true;
}

bool dump_bodies_put(struct dump_bodies *b, const struct dump_post *p,
                     struct fault *f)
{
	struct batch *it = batch_filling(b);

	it->posts[it->count++] = *p;
	if (it->count < BATCH_POSTS && arena_total(&it->arena) < BATCH_BYTES)
		return true;
	return send_off(b, f);
}

bool dump_bodies_skip(struct dump_bodies *b, struct fault *f)
{
	struct batch *it = batch_filling(b);

	if (arena_total(&it->arena) < BATCH_BYTES)
		return true;
	if (it->count)
		return send_off(b, f);
	arena_reset(&it->arena);
	return true;
}

bool dump_bodies_flush(struct dump_bodies *b, struct fault *f)
{
	bool none = false;

	if (b->filling && b->filling->count && !send_off(b, f))
		return false;
	while (!none)
		if (!hand_on(b, &none, f))
			return false;
	return true;
}
