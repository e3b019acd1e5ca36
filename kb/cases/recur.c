/*
 * Leaders, not links: each case is compared with founders alone. Two are the
 * same when they have label and a service in common, and what their problems
 * and titles (words) and their causes (cause) have in common is enough:
 *
 *	words >= .25, words + cause >= .6    a telling code in common
 *	words >= .3,  words + cause >= .7    none
 *	words >= .3,  words + cause >= 1     codes, but others; another class
 *
 * In common: Jaccard's coefficient. Without a cause on either side, half of
 * words stands for it. If code, class and the very set of services are the
 * same, less is asked for: in one language words >= .1 and both >= .45; in
 * two, whose words cannot meet, a word of the cause ("NAT", "kms:Decrypt"), if
 * the code tells much or the services are several, or a whole message for a
 * code. The figures are measured on tests/data/recur and examples/cases.
 *
 * Founders are found by the prefix filter (Chaudhuri, Ganti, Kaushik 2006;
 * Bayardo, Ma, Srikant 2007): two sets that have a share of t in common have
 * one of their rarest words in common, namely of the first n - ceil(t n) + 1,
 * so that only those are listed and looked up; which words are rare changes
 * what is looked at, never what is found.
 */

#include "kb/cases/recur.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text/unicode.h"
#include "kb/analyzer.h"

enum {
	RECUR_WORDS = 256, /* different ones of a case that count */
	RECUR_PARTS = 32,  /* services, codes */
	RECUR_CODE = 4,    /* bytes a code must have to tell anything */
	RECUR_NAME = 4096,
};

/* Of words, and of words and cause together. */
static const double WORDS_WITH_CODE = .25, WORDS_WITHOUT = .30;
static const double SAME_WITH_CODE = .60, SAME_WITHOUT = .70, SAME_APART = 1;
/* Where code, class and services are the same. */
static const double WORDS_CLOSE = .10, SAME_CLOSE = .45;

/* Codes, as code_key() makes them, that say how something failed, not what. */
static const char *const common_codes[] = {
	"accessdenied",
	"unauthorizedoperation",
	"unauthorized",
	"forbidden",
	"permissiondenied",
	"notauthorized",
	"throttling",
	"toomanyrequests",
	"requestlimitexceeded",
	"limitexceeded",
	"resourcelimitexceeded",
	"servicequotaexceeded",
	"validation",
	"invalidparameter",
	"invalidparametervalue",
	"badrequest",
	"internal",
	"internalserver",
	"internalfailure",
	"serviceunavailable",
	"timeout",
	"timedout",
	"etimedout",
	"econnreset",
	"econnrefused",
	"connectionrefused",
	"resourcenotfound",
	"notfound",
	"client",
	"unknown",
};

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

/* Ascending, each once. */
struct numbers {
	uint32_t *at;
	size_t count;
};

struct recur_code {
	uint64_t hash;
	bool tells;   /* much: it is none of the common ones */
	bool message; /* of several words */
};

struct recur_item {
	struct slice native;
	int64_t created;
	uint64_t class;    /* 0: none */
	uint64_t language; /* 0: not known */
	uint64_t services[RECUR_PARTS], service_set;
	struct recur_code codes[RECUR_PARTS];
	size_t service_count, code_count;
	struct numbers words, cause;
	size_t founder;
};

/* Founders by key: chains in one array. */
struct recur_slot {
	uint64_t key; /* 0: empty */
	uint32_t head;
};
struct recur_link {
	uint32_t founder, next; /* + 1; 0: none */
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
	uint32_t *seen; /* founder -> the case that looked at it last, + 1 */
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
	free(r->seen);
	free(r->taken_at);
	free(r);
}

static uint64_t folded_hash(struct slice s)
{
	struct buf b = BUF_INIT(RECUR_NAME);
	uint64_t hash;

	unicode_fold(slice_trim(s), &b);
	hash = hash64(buf_slice(&b));
	buf_release(&b);
	return hash ? hash : 1;
}

static int by_hash(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static size_t hashes_sorted(uint64_t *at, size_t count)
{
	size_t i, n = 0;

	if (count)
		qsort(at, count, sizeof(*at), by_hash);
	for (i = 0; i < count; i++)
		if (!n || at[n - 1] != at[i])
			at[n++] = at[i];
	return n;
}

/* Letters and digits in small; a message's numbers are all the same; without
 * what many end in. */
static void code_key(struct slice code, bool message, struct buf *out)
{
	static const struct slice ends[] = { { "exception", 9 },
		                             { "error", 5 } };
	struct buf folded = BUF_INIT(RECUR_NAME);
	size_t i;

	unicode_fold(code, &folded);
	for (i = 0; i < folded.len; i++) {
		char c = folded.at[i];
		bool digit = c >= '0' && c <= '9';

		if (digit || (c >= 'a' && c <= 'z') || (c & 0x80))
			buf_byte(out, digit && message ? '0' : c);
	}
	for (i = 0; i < 2; i++)
		if (slice_ends(buf_slice(out), ends[i]) &&
		    out->len > ends[i].len)
			buf_cut(out, out->len - ends[i].len);
	buf_release(&folded);
}

static bool code_common(struct slice key)
{
	size_t i;

	for (i = 0; i < sizeof(common_codes) / sizeof(*common_codes); i++)
		if (slice_eq(key, slice_of(common_codes[i])))
			return true;
	return false;
}

/* False: a status of HTTP, a number of few digits, too short. */
static bool code_take(struct slice code, struct recur_code *out)
{
	struct buf key = BUF_INIT(RECUR_NAME);
	size_t i, digits = 0, blanks = 0;
	bool ok;

	code = slice_trim(code);
	for (i = 0; i < code.len; i++) {
		digits += code.at[i] >= '0' && code.at[i] <= '9';
		blanks += code.at[i] == ' ';
	}
	out->message = blanks >= 2;
	code_key(code, out->message, &key);
	ok = key.len >= RECUR_CODE &&
	     !(slice_starts(buf_slice(&key), SLICE("http")) && digits <= 3);
	out->tells = !code_common(buf_slice(&key));
	out->hash = hash64(buf_slice(&key));
	buf_release(&key);
	return ok;
}

static int by_code(const void *x, const void *y)
{
	const struct recur_code *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* "zh" of "zh-TW". */
static struct slice language_of(struct slice s)
{
	return slice_cut(s, 0, slice_find(s, '-'));
}

static void item_names(struct recur_item *x, const struct recur_case *c)
{
	size_t i;

	for (i = 0; i < c->service_count && i < RECUR_PARTS; i++)
		x->services[x->service_count++] = folded_hash(c->services[i]);
	/* Those of no service are among themselves. */
	if (!x->service_count)
		x->services[x->service_count++] = 1;
	for (i = 0; i < c->code_count && x->code_count < RECUR_PARTS; i++)
		x->code_count +=
		        code_take(c->codes[i], &x->codes[x->code_count]);
	if (x->code_count)
		qsort(x->codes, x->code_count, sizeof(*x->codes), by_code);
	x->class = c->class.len ? folded_hash(c->class) : 0;
	x->language =
	        c->language.len ? folded_hash(language_of(c->language)) : 0;
	/* The label is part of every service's name: nothing else meets. */
	for (i = 0; i < x->service_count; i++)
		x->services[i] ^= hash64(c->access);
	x->service_count = hashes_sorted(x->services, x->service_count);
	x->service_set = hash64(
	        (struct slice){ (const char *)x->services,
	                        x->service_count * sizeof(*x->services) });
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
	item_names(x, c);
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

static double alike(const struct numbers *a, const struct numbers *b)
{
	size_t i = 0, j = 0, both = 0;

	while (i < a->count && j < b->count) {
		uint32_t x = a->at[i], y = b->at[j];

		both += x == y;
		i += x <= y;
		j += y <= x;
	}
	return both ? (double)both / (double)(a->count + b->count - both) : 0;
}

static bool hashes_meet(const uint64_t *a, size_t n, const uint64_t *b,
                        size_t m)
{
	size_t i = 0, j = 0;

	while (i < n && j < m) {
		if (a[i] == b[j])
			return true;
		if (a[i] < b[j])
			i++;
		else
			j++;
	}
	return false;
}

/* What codes two cases have in common. */
enum recur_codes {
	CODES_MEET = 1 << 0,
	CODES_TELL = 1 << 1,    /* one of them much */
	CODES_MESSAGE = 1 << 2, /* one is a whole message */
};

static unsigned codes_meet(const struct recur_item *a,
                           const struct recur_item *b)
{
	size_t i = 0, j = 0;
	unsigned out = 0;

	while (i < a->code_count && j < b->code_count) {
		const struct recur_code *x = &a->codes[i], *y = &b->codes[j];

		if (x->hash == y->hash)
			out |= CODES_MEET | (x->tells ? CODES_TELL : 0) |
			       (x->message && y->message ? CODES_MESSAGE : 0);
		i += x->hash <= y->hash;
		j += y->hash <= x->hash;
	}
	return out;
}

static bool differ(uint64_t a, uint64_t b)
{
	return a && b && a != b;
}

/* Whether words and cause, two figures, are enough for what else is known. */
static bool recur_enough(const struct recur_item *a, const struct recur_item *b,
                         unsigned codes, double words, double cause)
{
	bool tells = codes & CODES_TELL;
	bool apart = !codes && ((a->code_count && b->code_count) ||
	                        differ(a->class, b->class));
	double least = tells ? SAME_WITH_CODE : SAME_WITHOUT;

	if (words >= (tells ? WORDS_WITH_CODE : WORDS_WITHOUT) &&
	    words + cause >= (apart ? SAME_APART : least))
		return true;
	if (!codes || a->service_set != b->service_set ||
	    differ(a->class, b->class))
		return false;
	if (!differ(a->language, b->language))
		return tells && words >= WORDS_CLOSE &&
		       words + cause >= SAME_CLOSE;
	return codes & CODES_MESSAGE ||
	       (cause > 0 && a->cause.count && b->cause.count &&
	        (tells || a->service_count > 1));
}

/* How alike two cases are when they are the same problem, else 0. */
static double recur_same(const struct recur_item *a, const struct recur_item *b)
{
	double words, cause;

	if (!hashes_meet(a->services, a->service_count, b->services,
	                 b->service_count))
		return 0;
	words = alike(&a->words, &b->words);
	cause = a->cause.count && b->cause.count ? alike(&a->cause, &b->cause)
	                                         : words / 2;
	if (!recur_enough(a, b, codes_meet(a, b), words, cause))
		return 0;
	return words + cause + 1;
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

/* How many of its rarest words must be looked at. */
static size_t prefix(const struct recur_item *x, double share)
{
	size_t n = x->words.count;

	return n ? n - (size_t)ceil(share * (double)n - 1e-9) + 1 : 0;
}

/* A case on its way to a founder. */
struct recur_look {
	struct recur *r;
	size_t number, founder;
	double best;
};

/* Each key under which a case is listed, and looked for. */
typedef void key_fn(struct recur_look *l, uint64_t key);

static void keys_of(struct recur_look *l, key_fn *fn, uint64_t of,
                    const struct numbers *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		fn(l, mixed(of, words->at[i]));
}

static void keys_each(struct recur_look *l, key_fn *fn)
{
	const struct recur_item *x = l->r->items[l->number];
	size_t with = prefix(x, WORDS_WITH_CODE);
	size_t without = prefix(x, WORDS_WITHOUT);
	size_t close = prefix(x, WORDS_CLOSE), i, j;

	for (i = 0; i < x->service_count; i++) {
		keys_of(l, fn, x->services[i], &x->words, without);
		for (j = 0; j < x->code_count; j++)
			if (x->codes[j].tells)
				keys_of(l, fn,
				        mixed(x->services[i], x->codes[j].hash),
				        &x->words, with);
	}
	/* Where code and services are the very same. */
	for (j = 0; j < x->code_count; j++) {
		uint64_t of = mixed(x->service_set, ~x->codes[j].hash);

		if (x->codes[j].tells)
			keys_of(l, fn, of, &x->words, close);
		if (x->codes[j].tells || x->service_count > 1)
			keys_of(l, fn, of + 1, &x->cause, x->cause.count);
		if (x->codes[j].message)
			fn(l, of);
	}
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

static void key_look(struct recur_look *l, uint64_t key)
{
	struct recur *r = l->r;
	const struct recur_item *x = r->items[l->number];
	uint32_t at = r->slot_count ? slot_find(r, key)->head : 0;

	for (; at; at = r->links[at - 1].next) {
		size_t founder = r->links[at - 1].founder;
		double how;

		if (r->seen[founder] == l->number + 1)
			continue;
		r->seen[founder] = (uint32_t)l->number + 1;
		how = recur_same(x, r->items[founder]);
		if (how > l->best ||
		    (how > 0 && how == l->best &&
		     item_order(r->items[founder], r->items[l->founder]) < 0)) {
			l->best = how;
			l->founder = founder;
		}
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
		struct recur_look l = { r, order[i].number, order[i].number,
			                0 };

		r->taken_at[i] = l.number;
		if (!cancel_check(f))
			return false;
		keys_each(&l, key_look);
		if (l.best > 0)
			r->items[l.number]->founder = l.founder;
		else
			keys_each(&l, key_list);
	}
	return true;
}

bool recur_run(struct recur *r, struct fault *f)
{
	struct ordered *order = memory_new(r->count + 1, sizeof(*order));
	size_t i;
	bool ok;

	recur_rank(r);
	r->seen = memory_new(r->count + 1, sizeof(*r->seen));
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
