/*
 * Leaders, not links: each case is compared with founders alone, by
 * recur_same().
 *
 * Founders are found by the prefix filter (Chaudhuri, Ganti, Kaushik 2006;
 * Bayardo, Ma, Srikant 2007; Wang, Li, Feng 2012): two sets that have a share of
 * t in common have k of their rarest words in common, namely of the first
 * n - ceil(t n) + k, so that only those are listed and looked up, and only who
 * is met k times is compared; which words are rare changes what is looked at,
 * never what is found. Of two figures whose sum must reach s one reaches a or
 * the other s - a: hence the shares of the lists below.
 */

#include "kb/cases/recur.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/memory.h"
#include "kb/analyzer.h"
#include "kb/cases/recur_item.h"

enum {
	RECUR_WORDS = 256, /* different ones of a case that count */
	RECUR_MET = 4,     /* words in common before two are compared */
};

/* Shares by which founders are listed: whoever is the same by one of the rules
 * of recur_item.c has that much of words, or LIST_CAUSE of its cause. */
static const double LIST_CAUSE = .30;
static const double LIST_WORDS = .40; /* .70 - LIST_CAUSE, or more */
static const double LIST_WITH_CODE = .30;
static const double LIST_CLOSE = .15;

/* What stands in cases whatever they are about. */
static const char common_words[] =
        "error errors fail fails failed failure failing issue issues problem "
        "problems cannot unable customer case support help please need want "
        "get gets got getting receive received return returns returned occur "
        "occurs happen happens when after why how what does do can could "
        "would should use uses used using try tried trying work works "
        "working show shows see seeing amazon aws cloud service services "
        "since new some any reported reports asked user users "
        "问题 错误 失败 无法 不能 如何 怎么 怎样 为什么 什么 出现 报错 客户 "
        "用户 "
        "使用 请问 时候 进行 导致 服务 亚马逊 "
        "문제 오류 실패 방법 어떻게 고객 사용 서비스 발생";

/* Founders by key: chains in one array. */
struct recur_slot {
	uint64_t key; /* 0: empty */
	uint32_t head;
};
struct recur_link {
	uint32_t founder, next; /* + 1; 0: none */
};

/* How often a founder was met in the list at hand. */
struct recur_met {
	uint64_t round;
	size_t times;
};

struct recur {
	struct arena arena;
	struct analyzer *analyzer;
	struct map words;  /* token's hash -> how many cases have it */
	struct map common; /* token's hash */
	struct map taken;  /* of the text at hand */
	struct recur_item **items;
	size_t count, room;
	size_t *taken_at; /* numbers in the order of taking */
	uint32_t *rank;   /* word's number -> its place from the rarest on */
	struct recur_slot *slots;
	size_t slot_count, slot_used;
	struct recur_link *links;
	size_t link_count, link_room;
	struct recur_met *met; /* by founder */
	uint64_t round;
	struct map languages; /* that cases have */
};

static struct slice key_of(const uint64_t *n)
{
	return (struct slice){ (const char *)n, sizeof(*n) };
}

static bool common_token(void *self, const struct token *t)
{
	struct recur *r = self;

	map_put_hashed(&r->common, key_of(&t->hash), t->hash, NULL);
	return true;
}

bool recur_new(struct recur **out, struct fault *f)
{
	struct recur *r = memory_new(1, sizeof(*r));

	if (!analyzer_new(&r->analyzer, slice_of(analyzer_default), f)) {
		recur_free(r);
		return false;
	}
	analyzer_run(r->analyzer, slice_of(common_words), common_token, r);
	*out = r;
	return true;
}

void recur_free(struct recur *r)
{
	if (!r)
		return;
	analyzer_free(r->analyzer);
	map_release(&r->words);
	map_release(&r->common);
	map_release(&r->taken);
	arena_release(&r->arena);
	free(r->items);
	free(r->rank);
	free(r->slots);
	free(r->links);
	free(r->met);
	map_release(&r->languages);
	free(r->taken_at);
	free(r);
}

static bool service_token(void *self, const struct token *t)
{
	struct recur *r = self;

	map_put_hashed(&r->taken, key_of(&t->hash), t->hash, NULL)->number = 1;
	return true;
}

static bool word_token(void *self, const struct token *t)
{
	struct recur *r = self;

	if (r->taken.count < 2 * RECUR_WORDS &&
	    !map_get(&r->common, key_of(&t->hash)))
		map_put_hashed(&r->taken, key_of(&t->hash), t->hash, NULL);
	return true;
}

/* The numbers of the words taken; names of services are none. */
static void words_end(struct recur *r, struct numbers *out)
{
	size_t i;

	out->at = arena_array(&r->arena, r->taken.count, sizeof(*out->at));
	out->count = 0;
	for (i = 0; i < r->taken.count && out->count < RECUR_WORDS; i++) {
		const struct map_entry *e = &r->taken.entries[i];
		struct map_entry *word;

		if (e->number)
			continue;
		word = map_put_hashed(&r->words, e->key, e->hash, NULL);
		word->number++;
		out->at[out->count++] = (uint32_t)(word - r->words.entries);
	}
}

static void words_start(struct recur *r, const struct recur_case *c)
{
	size_t i;

	map_reset(&r->taken);
	for (i = 0; i < c->service_count && i < RECUR_PARTS; i++)
		analyzer_run(r->analyzer, c->services[i], service_token, r);
}

void recur_add(struct recur *r, const struct recur_case *c)
{
	struct recur_item *x = arena_new(&r->arena, sizeof(*x));
	size_t i;

	x->created = c->created;
	x->native = arena_copy(&r->arena, c->native);
	x->founder = r->count;
	recur_item_names(x, c);
	if (x->language)
		map_put_hashed(&r->languages, key_of(&x->language), x->language,
		               NULL);
	words_start(r, c);
	analyzer_run(r->analyzer, c->problem, word_token, r);
	for (i = 0; i < c->title_count; i++)
		analyzer_run(r->analyzer, c->titles[i], word_token, r);
	words_end(r, &x->words);
	words_start(r, c);
	analyzer_run(r->analyzer, c->cause, word_token, r);
	words_end(r, &x->cause);
	r->items = memory_room(r->items, r->count, &r->room, sizeof(*r->items));
	r->items[r->count++] = x;
}

/* Rarest words first: their places become their numbers. */
struct ranked {
	int64_t cases;
	uint64_t hash;
	uint32_t word;
};

static int by_rarity(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	if (a->cases != b->cases)
		return a->cases > b->cases ? 1 : -1;
	return (a->hash > b->hash) - (a->hash < b->hash);
}

static int by_number(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void numbers_rank(const struct recur *r, struct numbers *n)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		n->at[i] = r->rank[n->at[i]];
	if (n->count)
		qsort(n->at, n->count, sizeof(*n->at), by_number);
}

static void recur_rank(struct recur *r)
{
	struct ranked *all = memory_new(r->words.count + 1, sizeof(*all));
	size_t i;

	r->rank = memory_new(r->words.count + 1, sizeof(*r->rank));
	for (i = 0; i < r->words.count; i++)
		all[i] = (struct ranked){ r->words.entries[i].number,
			                  r->words.entries[i].hash,
			                  (uint32_t)i };
	qsort(all, r->words.count, sizeof(*all), by_rarity);
	for (i = 0; i < r->words.count; i++)
		r->rank[all[i].word] = (uint32_t)i;
	free(all);
	for (i = 0; i < r->count; i++) {
		numbers_rank(r, &r->items[i]->words);
		numbers_rank(r, &r->items[i]->cause);
	}
}

static uint64_t mixed(uint64_t a, uint64_t b)
{
	a = (a ^ b * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;
	a ^= a >> 32;
	return a ? a : 1;
}

static struct recur_slot *slot_find(const struct recur *r, uint64_t key)
{
	size_t at = (size_t)key & (r->slot_count - 1);

	while (r->slots[at].key && r->slots[at].key != key)
		at = (at + 1) & (r->slot_count - 1);
	return &r->slots[at];
}

static void slots_grow(struct recur *r)
{
	struct recur_slot *old = r->slots;
	size_t count = r->slot_count, i;

	r->slot_count = count ? 2 * count : 1 << 12;
	r->slots = memory_new(r->slot_count, sizeof(*r->slots));
	for (i = 0; i < count; i++)
		if (old[i].key)
			*slot_find(r, old[i].key) = old[i];
	free(old);
}

/* How many of n words two sets must share, to have a share of t. */
static size_t overlap(size_t n, double share)
{
	return (size_t)ceil(share * (double)n - 1e-9);
}

/* A case on its way to a founder. */
struct recur_look {
	struct recur *r;
	size_t number, founder;
	double best;
	bool list; /* it is listed; else founders are looked for */
	/* Of the list at hand. */
	uint64_t round;
	double share;
	bool cause;
};

/* Whether `a` comes before `b`: the earlier, then by native id. */
static int item_order(const struct recur_item *a, const struct recur_item *b)
{
	bool known = a->created != CLOCK_NONE;

	if (known != (b->created != CLOCK_NONE))
		return known ? -1 : 1;
	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	return slice_cmp(a->native, b->native);
}

static void key_list(struct recur_look *l, uint64_t key)
{
	struct recur *r = l->r;
	struct recur_slot *slot;

	if (2 * r->slot_used >= r->slot_count)
		slots_grow(r);
	slot = slot_find(r, key);
	r->slot_used += !slot->key;
	slot->key = key;
	r->links = memory_room(r->links, r->link_count, &r->link_room,
	                       sizeof(*r->links));
	r->links[r->link_count] =
	        (struct recur_link){ (uint32_t)l->number, slot->head };
	slot->head = (uint32_t)++r->link_count;
}

static void founder_look(struct recur_look *l, size_t founder)
{
	struct recur *r = l->r;
	double how = recur_same(r->items[l->number], r->items[founder]);

	if (how > l->best ||
	    (how > 0 && how == l->best &&
	     item_order(r->items[founder], r->items[l->founder]) < 0)) {
		l->best = how;
		l->founder = founder;
	}
}

static const struct numbers *look_set(const struct recur_look *l, size_t item)
{
	const struct recur_item *x = l->r->items[item];

	return l->cause ? &x->cause : &x->words;
}

/* How often a founder is met in this list before it is worth a look. */
static size_t look_need(const struct recur_look *l, size_t own, size_t founder)
{
	size_t other = overlap(look_set(l, founder)->count, l->share);

	own = other > own ? other : own;
	return own < RECUR_MET ? (own ? own : 1) : RECUR_MET;
}

static void key_look(struct recur_look *l, uint64_t key, size_t own)
{
	struct recur *r = l->r;
	uint32_t at = r->slot_count ? slot_find(r, key)->head : 0;

	for (; at; at = r->links[at - 1].next) {
		size_t founder = r->links[at - 1].founder;
		struct recur_met *met = &r->met[founder];

		if (met->round != l->round)
			*met = (struct recur_met){ .round = l->round };
		if (++met->times == look_need(l, own, founder))
			founder_look(l, founder);
	}
}

/* Lists a case by its rarest words, or looks who is listed so. */
static void look_words(struct recur_look *l, uint64_t of, bool cause,
                       double share)
{
	const struct numbers *set;
	size_t i, own, count;

	l->cause = cause;
	l->share = share;
	l->round = ++l->r->round;
	set = look_set(l, l->number);
	own = overlap(set->count, share);
	count = set->count - own + RECUR_MET;
	for (i = 0; i < set->count && i < count; i++) {
		uint64_t key = mixed(of, set->at[i]);

		if (l->list)
			key_list(l, key);
		else
			key_look(l, key, own);
	}
}

/* Those of another language have the very code, services and a word of the
 * cause, or the message, in common. Each is listed by its own language. */
static void look_abroad(struct recur_look *l, uint64_t of,
                        const struct recur_code *code)
{
	const struct recur_item *x = l->r->items[l->number];
	const struct map *languages = &l->r->languages;
	size_t i;

	for (i = 0; i < languages->count; i++) {
		uint64_t language = languages->entries[i].hash;
		uint64_t there = mixed(of, language);

		if (l->list != (language == x->language))
			continue;
		if (code->tells || x->service_count > 1)
			look_words(l, there, true, 0);
		if (!code->message)
			continue;
		l->round = ++l->r->round;
		l->share = 0;
		if (l->list)
			key_list(l, ~there);
		else
			key_look(l, ~there, 1);
	}
}

/* Every way in which a founder may be the same, by recur_enough(). */
static void look_all(struct recur_look *l)
{
	const struct recur_item *x = l->r->items[l->number];
	size_t i, j;

	for (i = 0; i < x->service_count; i++) {
		uint64_t of = x->services[i];

		look_words(l, of, false, LIST_WORDS);
		look_words(l, ~of, true, LIST_CAUSE);
		for (j = 0; j < x->code_count; j++)
			if (x->codes[j].tells)
				look_words(l, mixed(of, x->codes[j].hash),
				           false, LIST_WITH_CODE);
	}
	for (j = 0; j < x->code_count; j++) {
		uint64_t of = mixed(x->service_set, ~x->codes[j].hash);

		if (x->codes[j].tells)
			look_words(l, of, false, LIST_CLOSE);
		look_abroad(l, of, &x->codes[j]);
	}
}

/* For qsort(): the items themselves, with their numbers. */
struct ordered {
	const struct recur_item *item;
	size_t number;
};

static int by_date(const void *x, const void *y)
{
	const struct ordered *a = x, *b = y;

	return item_order(a->item, b->item);
}

static bool recur_each(struct recur *r, const struct ordered *order,
                       struct fault *f)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		struct recur_look l = { .r = r,
			                .number = order[i].number,
			                .founder = order[i].number };

		r->taken_at[i] = l.number;
		if (!cancel_check(f))
			return false;
		look_all(&l);
		if (l.best > 0) {
			r->items[l.number]->founder = l.founder;
			continue;
		}
		l.list = true;
		look_all(&l);
	}
	return true;
}

bool recur_run(struct recur *r, struct fault *f)
{
	struct ordered *order = memory_new(r->count + 1, sizeof(*order));
	size_t i;
	bool ok;

	recur_rank(r);
	r->met = memory_new(r->count + 1, sizeof(*r->met));
	r->taken_at = memory_new(r->count + 1, sizeof(*r->taken_at));
	for (i = 0; i < r->count; i++)
		order[i] = (struct ordered){ r->items[i], i };
	qsort(order, r->count, sizeof(*order), by_date);
	ok = recur_each(r, order, f);
	free(order);
	return ok;
}

size_t recur_founder(const struct recur *r, size_t i)
{
	return r->items[i]->founder;
}

size_t recur_taken(const struct recur *r, size_t i)
{
	return r->taken_at[i];
}
