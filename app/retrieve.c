/*
 * Search, rank again, then ask the store for what will be shown. That is all
 * when every row is there, which is nearly always. When one is gone, or where
 * the second stage needs texts, everything found is read first and only what
 * is there is ranked; twice as much is searched for when too little is left.
 */

#include "app/retrieve.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/say.h"
#include "kb/analyzer.h"
#include "kb/passage.h"
#include "kb/rank.h"
#include "schema/posts.h"
#include "schema/twins.h"

/* Of an analyzer that sees many passages: 16 MB of words. */
enum { REMEMBER_BITS = 23 };

struct retriever {
	struct store *store;
	struct reader *own; /* what the next two are, unless they are lent */
	const struct reader *reader;
	struct index *open;
	const struct index *index;
	struct analyzer *analyzer;
	struct buf line;     /* the analyzer's */
	bool lasts;          /* for many queries */
	uint64_t generation; /* that `behind` is of */
	struct searcher *searcher;
	struct ranker *ranker;
	int64_t behind;
	struct map natives; /* PostID -> native id, for ids_only */
	struct arena kept;  /* what it leads to */
};

/* A post with its passages, as the store has it now. */
struct loaded {
	struct post_row row;
	struct passage *passages;
	size_t count;
	bool there;
};

/* One query under way. */
struct retrieval {
	struct retriever *r;
	const struct retrieve_query *q;
	struct arena *a;
	bool ids;         /* no text is read */
	struct map posts; /* PostID and answer -> struct loaded */
	struct search_result found;
	struct rank_item *items;
	struct passage **passages; /* of a hit, or NULL: not read, or gone */
	struct loaded **loaded;
	struct slice *natives; /* with `ids`, of a hit */
	size_t count;          /* of items; their numbers are those of hits */
	struct retrieve_answer *out;
};

static struct slice post_key(const int64_t *id)
{
	return (struct slice){ (const char *)id, sizeof(*id) };
}

/* Says what to do about a damaged index; returns false. */
static bool retriever_damaged(struct fault *f)
{
	if (f->kind == FAULT_INPUT && !strcmp(f->code, "index-damaged"))
		fault_in(f, "run 'opslore index --rebuild'");
	return false;
}

/* The analyzer of the index's line. */
static bool retriever_analyzer(struct retriever *r, struct slice line,
                               struct fault *f)
{
	if (r->analyzer && slice_eq(buf_slice(&r->line), line))
		return true;
	analyzer_free(r->analyzer);
	r->analyzer = NULL;
	buf_reset(&r->line);
	buf_add(&r->line, line);
	if (!analyzer_new(&r->analyzer, line, f))
		return false;
	if (r->lasts)
		analyzer_remember(r->analyzer, REMEMBER_BITS);
	return true;
}

/* The index must be of this store. */
static bool retriever_use(struct retriever *r, const struct index *x,
                          struct fault *f)
{
	const struct index_facts *facts = index_facts(x);
	int64_t changed, counted;

	if (!slice_eq(facts->store_uuid, store_uuid(r->store)))
		return fault(f, FAULT_GONE, "index-foreign",
		             "the index belongs to another store, or to this "
		             "one before a backup was restored: run 'opslore "
		             "index'");
	if (r->generation != facts->generation) {
		if (!store_counters(r->store, &changed, &counted, f))
			return false;
		r->behind = changed - facts->changed;
		r->generation = facts->generation;
	}
	r->index = x;
	return retriever_analyzer(r, facts->analyzer, f);
}

static bool retriever_index(struct retriever *r, const char *folder,
                            struct fault *f)
{
	if (!index_open(&r->open, folder, f)) {
		if (f->kind == FAULT_GONE)
			fault(f, FAULT_GONE, "index-missing",
			      "there is no index: run 'opslore index'");
		return retriever_damaged(f);
	}
	return retriever_use(r, r->open, f);
}

static struct retriever *retriever_new(void)
{
	struct retriever *r = memory_new(1, sizeof(*r));

	r->searcher = searcher_new();
	r->ranker = ranker_new();
	r->line = BUF_INIT(LIMIT_CONFIG);
	return r;
}

bool retriever_open(struct retriever **out, struct app *app, struct fault *f)
{
	struct retriever *r = retriever_new();

	if (app_store(app, STORE_READ, &r->store, f) &&
	    app_reader(app, &r->own, f)) {
		r->reader = r->own;
		if (retriever_index(r, app->index, f)) {
			*out = r;
			return true;
		}
	}
	retriever_close(r);
	return false;
}

bool retriever_open_on(struct retriever **out, struct app *app,
                       const struct reader *reader, struct fault *f)
{
	struct retriever *r = retriever_new();

	r->reader = reader;
	r->lasts = true;
	if (app_store(app, STORE_READ, &r->store, f)) {
		*out = r;
		return true;
	}
	retriever_close(r);
	return false;
}

bool retriever_turn(struct retriever *r, const struct index *x, struct fault *f)
{
	return retriever_use(r, x, f);
}

struct store *retriever_store(struct retriever *r)
{
	return r->store;
}

void retriever_close(struct retriever *r)
{
	if (!r)
		return;
	searcher_free(r->searcher);
	ranker_free(r->ranker);
	analyzer_free(r->analyzer);
	buf_release(&r->line);
	index_close(r->open);
	reader_free(r->own);
	store_close(r->store);
	map_release(&r->natives);
	arena_release(&r->kept);
	free(r);
}

bool retriever_note(const struct retriever *r, struct buf *out)
{
	const struct index_facts *facts = index_facts(r->index);
	size_t start = out->len;

	if (r->behind > 0 && !r->reader->all)
		buf_text(out, "the index is behind the store");
	else if (r->behind > 0)
		buf_addf(out, "the index is behind the store by %lld change%s",
		         (long long)r->behind, r->behind == 1 ? "" : "s");
	else if (r->behind < 0)
		buf_text(out, "the index is ahead of the store (a restored "
		              "backup?)");
	else if (facts->analyzer_version != ANALYZER_VERSION ||
	         facts->passage_version != PASSAGE_VERSION)
		buf_text(out, "the index was made by another version of "
		              "opslore");
	if (out->len == start)
		return false;
	buf_text(out, ": run 'opslore index'");
	return true;
}

/* The native id of a hit's post, remembered for the life of the retriever;
 * there = false: gone or relabelled. */
static bool native_of(struct retriever *r, const struct hit *h, struct arena *a,
                      struct slice *out, bool *there, struct fault *f)
{
	struct slice *kept, native, access;
	int64_t post = h->entry.post;
	struct map_entry *e = map_get(&r->natives, post_key(&post));

	*there = true;
	if (e) {
		*out = *(struct slice *)e->pointer;
		return true;
	}
	*there = post_name(r->store, r->reader, post, a, &native, &access, f);
	if (!*there)
		return f->kind == FAULT_GONE;
	*there = slice_eq(access, segment_label(h->segment));
	if (!*there)
		return true;
	kept = arena_new(&r->kept, sizeof(*kept));
	*kept = arena_copy(&r->kept, native);
	map_put(&r->natives, post_key(&post), NULL)->pointer = kept;
	*out = *kept;
	return true;
}

/* The answer that a hit is, or 0. */
static int64_t hit_answer(const struct hit *h)
{
	return h->entry.kind == PASSAGE_ANSWER ||
	                       h->entry.kind == PASSAGE_ACCEPTED
	               ? h->entry.part
	               : 0;
}

/* Between the steps that may take long. */
static bool retrieval_goes_on(const struct retrieval *t, struct fault *f)
{
	return !t->q->until || clock_monotonic() < t->q->until ||
	       fault(f, FAULT_LATER, "retrieve-late",
	             "the time for an answer is over: ask for less");
}

/* What is to be shown of a hit's post, read once per query; there = false:
 * gone. */
static bool retrieval_load(struct retrieval *t, const struct hit *h,
                           struct loaded **out, struct fault *f)
{
	bool added, whole = t->q->answers;
	int64_t key[2] = { h->entry.post, whole ? 0 : hit_answer(h) };
	struct map_entry *e = map_put(
	        &t->posts, (struct slice){ (const char *)key, sizeof(key) },
	        &added);
	struct loaded *l;

	if (!added) {
		*out = e->pointer;
		return true;
	}
	if (!retrieval_goes_on(t, f))
		return false;
	if (arena_total(t->a) > LIMIT_ANSWER) {
		fault(f, FAULT_LIMIT, "limit-answer",
		      "the posts found are larger than %d bytes: ask for fewer",
		      LIMIT_ANSWER);
		return false;
	}
	l = arena_new(t->a, sizeof(*l));
	e->pointer = l;
	*out = l;
	if (!(whole ? post_load(t->r->store, t->r->reader, key[0], t->a,
	                        &l->row, f)
	            : post_load_part(t->r->store, t->r->reader, key[0], key[1],
	                             t->a, &l->row, f)))
		return f->kind == FAULT_GONE;
	l->passages = passage_split(&l->row, t->a, &l->count);
	l->there = true;
	return true;
}

static struct passage *loaded_passage(const struct loaded *l,
                                      const struct hit *h)
{
	size_t i;

	if (!l->there || !slice_eq(l->row.access, segment_label(h->segment)))
		return NULL;
	for (i = 0; i < l->count; i++)
		if (l->passages[i].part == h->entry.part)
			return &l->passages[i];
	return NULL;
}

/* Reads the row of hit n, unless it was read before; *there false: gone. */
static bool retrieval_read(struct retrieval *t, size_t n, bool *there,
                           struct fault *f)
{
	const struct hit *h = &t->found.hits[n];
	struct passage *p;

	if (t->ids) {
		if (!native_of(t->r, h, t->a, &t->natives[n], there, f))
			return false;
		t->out->gone += !*there;
		return true;
	}
	if (!t->loaded[n]) {
		if (!retrieval_load(t, h, &t->loaded[n], f))
			return false;
		p = t->passages[n] = loaded_passage(t->loaded[n], h);
		t->out->changed += p && p->changed != h->entry.changed;
	}
	*there = t->passages[n] != NULL;
	t->out->gone += !*there;
	return true;
}

/* Whether the first stage is all. */
static bool retrieval_first(const struct retrieve_query *q)
{
	return q->plain || q->stage1;
}

/* Of a cluster of near-duplicates one stays. */
static bool retrieval_twins(struct retrieval *t, struct fault *f)
{
	return !t->q->fold || retrieval_first(t->q) ||
	       twin_fold(t->r->store, t->r->reader, t->a, t->items, &t->count,
	                 f);
}

/* Everything that was found, or with `read` only what is there. */
static bool retrieval_items(struct retrieval *t, bool read, struct fault *f)
{
	bool there = true;
	size_t n;

	t->count = 0;
	for (n = 0; n < t->found.count; n++) {
		struct rank_item *item = &t->items[t->count];

		if (read && !retrieval_read(t, n, &there, f))
			return false;
		if (!there)
			continue;
		*item = (struct rank_item){ .hit = t->found.hits[n],
			                    .number = n };
		if (read && !t->ids) {
			item->title = t->passages[n]->title;
			item->tags = t->passages[n]->tags;
			item->heading = t->passages[n]->heading;
			item->body = t->passages[n]->body;
		}
		t->count++;
	}
	return retrieval_twins(t, f);
}

static struct search_query retrieval_query(const struct retrieval *t,
                                           uint32_t depth)
{
	return (struct search_query){ .text = t->q->text,
		                      .filters = t->q->filters,
		                      .filter_count = t->q->filter_count,
		                      .k = depth,
		                      .plain = t->q->plain,
		                      .by_post = t->q->by_post };
}

/* Twice as deep, as far as it goes. */
static uint32_t deeper(uint32_t depth)
{
	return depth > LIMIT_RESULTS / 2 ? LIMIT_RESULTS : 2 * depth;
}

/* Searches `depth` deep; nothing is read yet. */
static bool retrieval_search(struct retrieval *t, uint32_t depth,
                             struct fault *f)
{
	struct search_query q = retrieval_query(t, depth);

	if (!search(t->r->searcher, t->r->index, t->r->analyzer, t->r->reader,
	            &q, t->a, &t->found, f))
		return false;
	t->out->gone = t->out->changed = 0;
	t->items = arena_array(t->a, t->found.count, sizeof(*t->items));
	t->passages = arena_array(t->a, t->found.count, sizeof(*t->passages));
	t->loaded = arena_array(t->a, t->found.count, sizeof(*t->loaded));
	t->natives = arena_array(t->a, t->found.count, sizeof(*t->natives));
	return true;
}

static bool retrieval_rank(struct retrieval *t, struct fault *f)
{
	struct rank_request q = { .query = t->q->text,
		                  .index = t->r->index,
		                  .reader = t->r->reader,
		                  .analyzer = t->r->analyzer,
		                  .found = &t->found,
		                  .fold = t->q->fold };
	struct buf did = BUF_INIT(256);
	size_t depth = t->count < RANK_DEPTH ? t->count : RANK_DEPTH;
	size_t i, left = depth;
	bool done = true;

	if (retrieval_first(t->q) || !t->count)
		buf_text(&did, "none");
	else
		done = retrieval_goes_on(t, f) &&
		       rank_items(t->r->ranker, &q, t->items, &left, &did, f);
	for (i = depth; i < t->count; i++)
		t->items[left + i - depth] = t->items[i];
	t->count -= depth - left;
	t->out->stage2 = arena_copy(t->a, buf_slice(&did));
	buf_release(&did);
	return done;
}

/* Ranks what was found and reads what comes first. *all false: something of it
 * is gone, so that it counts for nothing, or too little is left of it. */
static bool retrieval_shown(struct retrieval *t, uint32_t depth, bool *all,
                            struct fault *f)
{
	bool there;
	size_t i;

	if (!retrieval_items(t, false, f))
		return false;
	*all = t->count >= t->q->k || t->count == t->found.count ||
	       t->found.count < depth;
	if (!*all)
		return true;
	if (!retrieval_rank(t, f))
		return false;
	for (i = 0; *all && i < t->count && i < t->q->k; i++) {
		if (!retrieval_read(t, t->items[i].number, &there, f))
			return false;
		*all = there;
	}
	return true;
}

/* The same with all rows read first, until there is enough, or no more. */
static bool retrieval_careful(struct retrieval *t, uint32_t depth,
                              struct fault *f)
{
	for (;;) {
		t->out->gone = 0;
		if (!retrieval_items(t, true, f))
			return false;
		if (t->count >= t->q->k || t->found.count < depth ||
		    depth == LIMIT_RESULTS)
			return retrieval_rank(t, f);
		depth = deeper(depth);
		if (!retrieval_search(t, depth, f))
			return false;
	}
}

/* Everything up to showing it. */
static bool retrieval_run(struct retrieval *t, struct fault *f)
{
	uint32_t depth = t->q->k;
	bool all = false, texts;

	if (!retrieval_first(t->q) && depth < RANK_DEPTH)
		depth = RANK_DEPTH;
	if (!retrieval_search(t, depth, f))
		return false;
	texts = !retrieval_first(t->q) &&
	        rank_wants_texts(t->found.hits, t->found.count < RANK_DEPTH
	                                                ? t->found.count
	                                                : RANK_DEPTH);
	t->ids = t->q->ids_only && !texts;
	if (!texts && !retrieval_shown(t, depth, &all, f))
		return false;
	return all || retrieval_careful(t, depth, f);
}

static const struct answer_row *loaded_answer(const struct loaded *l,
                                              const struct passage *p)
{
	size_t i;

	if (p->kind != PASSAGE_ACCEPTED && p->kind != PASSAGE_ANSWER)
		return NULL;
	for (i = 0; i < l->row.answer_count; i++)
		if (l->row.answers[i].id == p->part)
			return &l->row.answers[i];
	return NULL;
}

static void retrieved_text(struct retrieval *t, struct retrieved *o)
{
	struct snippet_terms terms = { .text = t->found.terms,
		                       .weight = t->found.idf,
		                       .count = t->found.term_count };

	if (!t->q->columns)
		return;
	snippet_make(o->body, &terms, t->r->analyzer, t->q->columns, t->a,
	             &o->snippet);
	snippet_whole(o->title, &terms, t->r->analyzer, t->a, &o->marked_title);
}

static void retrieval_add(struct retrieval *t, const struct rank_item *item,
                          const struct passage *p, bool beside)
{
	const struct loaded *l = t->loaded[item->number];
	struct retrieved *o = &t->out->hits[t->out->count++];

	o->hit = item->hit;
	o->similar = beside ? 0 : item->similar;
	o->beside = beside;
	retrieved_fill(o, &l->row, loaded_answer(l, p), p, t->a);
	retrieved_text(t, o);
}

/* Whether filters look at the passage and not only at its post. */
static bool retrieval_narrow(const struct retrieve_query *q)
{
	static const char *const keys[] = { "accepted", "score", "date" };
	size_t i, j;

	for (i = 0; i < q->filter_count; i++)
		for (j = 0; j < sizeof(keys) / sizeof(*keys); j++)
			if (slice_eq(q->filters[i].key, slice_of(keys[j])))
				return true;
	return false;
}

/* The best answer to the question that `item` is; NULL: it is none, nobody
 * answered, or nobody well. */
static const struct passage *retrieval_beside(const struct retrieval *t,
                                              const struct rank_item *item)
{
	const struct loaded *l = t->loaded[item->number];
	size_t i;

	if (!t->q->answers || retrieval_first(t->q) ||
	    t->passages[item->number]->kind != PASSAGE_QUESTION ||
	    !l->row.answer_count || l->row.answers[0].score < 0 ||
	    retrieval_narrow(t->q))
		return NULL;
	for (i = 0; i < l->count; i++)
		if (l->passages[i].part == l->row.answers[0].id)
			return &l->passages[i];
	return NULL;
}

/* Nothing but ids. */
static void retrieval_name(struct retrieval *t)
{
	size_t i, count = t->count < t->q->k ? t->count : t->q->k;

	t->out->hits = arena_array(t->a, count, sizeof(*t->out->hits));
	for (i = 0; i < count; i++) {
		struct retrieved *o = &t->out->hits[t->out->count++];

		o->hit = t->items[i].hit;
		o->similar = t->items[i].similar;
		o->native = t->natives[t->items[i].number];
	}
}

static void retrieval_show(struct retrieval *t)
{
	size_t i, j, count = t->count < t->q->k ? t->count : t->q->k;
	bool *shown = arena_array(t->a, count, sizeof(*shown));

	t->out->hits = arena_array(t->a, 2 * count, sizeof(*t->out->hits));
	for (i = 0; i < count; i++) {
		const struct rank_item *item = &t->items[i];
		const struct passage *p;

		if (shown[i])
			continue;
		shown[i] = true;
		retrieval_add(t, item, t->passages[item->number], false);
		p = retrieval_beside(t, item);
		for (j = 0; p && j < count; j++)
			if (t->passages[t->items[j].number] == p)
				break;
		if (p && (j == count || !shown[j]))
			retrieval_add(t, j < count ? &t->items[j] : item, p,
			              j == count);
		if (p && j < count)
			shown[j] = true;
	}
}

/* Where else the texts shown are found. */
static bool retrieval_places(struct retrieval *t, struct fault *f)
{
	bool any = false;
	size_t i;

	if (!t->q->fold || retrieval_first(t->q))
		return true;
	if (!twins_any(t->r->store, &any, f))
		return false;
	for (i = 0; any && i < t->out->count; i++) {
		struct retrieved *o = &t->out->hits[i];

		if (!twin_places(t->r->store, t->r->reader, t->a,
		                 o->hit.entry.post, &o->also, &o->also_count,
		                 f))
			return false;
	}
	return true;
}

/* How many passages there are in all. */
static bool retrieval_count(struct retrieval *t, struct fault *f)
{
	struct search_query q = retrieval_query(t, t->q->k);

	t->out->counted = t->q->counts != NULL;
	return !t->q->counts ||
	       facet_count(t->r->index, t->r->reader, &q, &t->found,
	                   t->q->counts, t->a, &t->out->counts, f);
}

bool retrieve(struct retriever *r, const struct retrieve_query *q,
              struct arena *a, struct retrieve_answer *out, struct fault *f)
{
	struct retrieval t = {
		.r = r, .q = q, .a = a, .posts = MAP_INIT, .out = out
	};
	bool done;

	*out = (struct retrieve_answer){ 0 };
	if (!posts_begin(r->store, f))
		return false;
	done = retrieval_run(&t, f);
	posts_end(r->store);
	if (done && t.ids)
		retrieval_name(&t);
	else if (done)
		retrieval_show(&t);
	done = done && (t.ids || retrieval_places(&t, f)) &&
	       retrieval_count(&t, f);
	out->terms = t.found.terms;
	out->term_count = t.found.term_count;
	out->terms_dropped = t.found.terms_dropped;
	map_release(&t.posts);
	return done || retriever_damaged(f);
}

bool retrieve_filters(const char *const *list, size_t count, struct arena *a,
                      struct search_filter **out, struct fault *f)
{
	struct search_filter *made = arena_array(a, count, sizeof(*made));
	size_t i;

	for (i = 0; i < count; i++) {
		struct slice text = slice_of(list[i]);
		size_t at = slice_find(text, '=');

		if (at == text.len)
			return fault(f, FAULT_USAGE, "filter",
			             "a filter is KEY=VALUE, not '%s'",
			             list[i]);
		made[i].key = slice_cut(text, 0, at);
		made[i].value = slice_cut(text, at + 1, text.len);
		if (!search_filter_check(&made[i], f))
			return false;
	}
	*out = made;
	return true;
}
