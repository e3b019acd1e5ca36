/* A merge of sorted runs, three times over: passages by (post, part), which
 * gives every input a table of new numbers; terms in byte order; and for each
 * term its lists by new number. Columns follow the order of passages, which is
 * kept as the input that each came from: inputs are read front to back. */

#include "kb/merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/limits.h"
#include "base/memory.h"
#include "kb/dictionary.h"
#include "kb/forward_merge.h"
#include "kb/heap.h"
#include "kb/postings.h"

enum { MERGE_WARM = 16 << 20 }; /* bytes of inputs read between coolings */

struct source {
	const struct segment *segment;
	uint32_t *map;     /* new numbers, of live passages */
	uint32_t *strings; /* new numbers plus 1; 0: not used */
	uint32_t doc;      /* the passage in hand */
	int64_t post, part;
	struct term_walk walk;
	struct posting_cursor list;
	struct posting posting;
	uint32_t next; /* the new number of the posting in hand */
};

struct merge {
	struct source *sources;
	size_t source_count;
	uint32_t *order; /* by new number: its source */
	uint32_t count;
	struct heap heap;
	struct source **same; /* sources that have the term in hand */
	struct slice *strings;
	uint32_t string_count;
	uint64_t warm; /* bytes of lists since the last cooling */
	struct segment_writer writer;
	bool forward; /* there will be a forward file */
	struct forward_merge tokens;
	const _Atomic bool *stop;
};

static bool passage_less(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	if (x->post != y->post)
		return x->post < y->post;
	return x->part < y->part;
}

static bool term_less(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return slice_cmp(x->walk.term, y->walk.term) < 0;
}

static bool posting_less(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return x->next < y->next;
}

/* What was read of the inputs need not stay in memory. */
static void merge_cool(struct merge *m)
{
	size_t i;

	for (i = 0; i < m->source_count; i++)
		segment_cool(m->sources[i].segment);
	m->warm = 0;
}

/* Moves to the first live passage at or after `doc`. */
static bool source_seek(struct source *s, uint32_t doc, bool *more,
                        struct fault *f)
{
	uint64_t post, part;

	while (doc < s->segment->count && !segment_live(s->segment, doc))
		doc++;
	s->doc = doc;
	*more = doc < s->segment->count;
	if (!*more)
		return true;
	if (!column_read(s->segment, SECTION_POST, doc, &post, f) ||
	    !column_read(s->segment, SECTION_PART, doc, &part, f))
		return false;
	s->post = (int64_t)post;
	s->part = (int64_t)part;
	return true;
}

static bool order_passages(struct merge *m, struct fault *f)
{
	struct source before = { .segment = NULL };
	bool more;
	size_t i;

	m->heap.less = passage_less;
	for (i = 0; i < m->source_count; i++) {
		if (!source_seek(&m->sources[i], 0, &more, f))
			return false;
		if (more)
			heap_add(&m->heap, &m->sources[i]);
	}
	for (m->count = 0; m->heap.count; m->count++) {
		struct source *s = m->heap.at[0];

		if (before.segment && !passage_less(&before, s))
			return segment_damaged(s->segment, "order", f);
		before.segment = s->segment;
		before.post = s->post;
		before.part = s->part;
		m->order[m->count] = (uint32_t)(s - m->sources);
		s->map[s->doc] = m->count;
		if (!source_seek(s, s->doc + 1, &more, f))
			return false;
		if (more)
			heap_sink(&m->heap);
		else
			heap_drop(&m->heap);
	}
	return true;
}

/* The next live posting of a source's list, under its new number. */
static bool source_posting(struct source *s, bool *more, struct fault *f)
{
	if (!posting_next(&s->list, &s->posting, more, f))
		return false;
	if (*more)
		s->next = s->map[s->posting.doc];
	return true;
}

/* The lowest new number that another source than the first has in hand. */
static uint32_t next_of_others(const struct heap *h)
{
	uint32_t next = UINT32_MAX;
	size_t i;

	for (i = 1; i < 3 && i < h->count; i++) {
		const struct source *s = h->at[i];

		if (s->next < next)
			next = s->next;
	}
	return next;
}

/* Writes what the source has before `limit`. Runs of a rebuild follow one
 * another, so that this mostly is all that it has. */
static bool merge_run(struct merge *m, struct source *s, uint32_t limit,
                      bool *more, struct fault *f)
{
	struct tuple t;

	do {
		memcpy(t.tf, s->posting.tf, sizeof(t.tf));
		segment_write_posting(&m->writer, s->next, &t);
		if (!source_posting(s, more, f))
			return false;
	} while (*more && s->next < limit);
	return true;
}

static bool merge_lists(struct merge *m, size_t n, struct fault *f)
{
	struct heap h = { .at = m->heap.at + m->heap.count,
		          .less = posting_less };
	size_t i;
	bool more;

	for (i = 0; i < n; i++) {
		if (!source_posting(m->same[i], &more, f))
			return false;
		if (more)
			heap_add(&h, m->same[i]);
	}
	while (h.count) {
		if (!merge_run(m, h.at[0], next_of_others(&h), &more, f))
			return false;
		if (more)
			heap_sink(&h);
		else
			heap_drop(&h);
	}
	return true;
}

/* The sources that stand at the smallest term leave the heap for `same`. */
static void take_same(struct merge *m, size_t *n)
{
	*n = 0;
	do {
		m->same[(*n)++] = m->heap.at[0];
		heap_drop(&m->heap);
	} while (m->heap.count && !term_less(m->same[0], m->heap.at[0]));
}

static bool merge_term(struct merge *m, struct fault *f)
{
	uint64_t df = 0;
	size_t n, i;
	bool more;

	take_same(m, &n);
	for (i = 0; i < n; i++) {
		struct source *s = m->same[i];

		if (!posting_begin(&s->list, &s->walk, true, f))
			return false;
		df += s->list.live_df;
		m->warm += s->walk.postings.len;
	}
	if (df > m->count)
		return segment_damaged(m->same[0]->segment, "postings", f);
	if (df) {
		segment_write_term(&m->writer, m->same[0]->walk.term,
		                   (uint32_t)df);
		if (m->forward)
			forward_merge_term(&m->tokens, m->same[0]->walk.term,
			                   (uint32_t)df);
		if (!merge_lists(m, n, f))
			return false;
	}
	for (i = 0; i < n; i++) {
		if (m->forward)
			forward_merge_map(&m->tokens,
			                  (size_t)(m->same[i] - m->sources),
			                  !df);
		if (!term_walk_next(&m->same[i]->walk, &more, f))
			return false;
		if (more)
			heap_add(&m->heap, m->same[i]);
	}
	if (m->warm > MERGE_WARM)
		merge_cool(m);
	return true;
}

/* Whether nobody wants it to stop. */
static bool merge_goes_on(const struct merge *m, struct fault *f)
{
	if (m->stop && atomic_load_explicit(m->stop, memory_order_relaxed))
		return fault(f, FAULT_CANCELLED, "cancelled",
		             "the merge is of no use any more");
	return cancel_check(f);
}

static bool merge_terms(struct merge *m, struct fault *f)
{
	size_t i;
	bool more;

	m->heap.less = term_less;
	for (i = 0; i < m->source_count; i++) {
		struct source *s = &m->sources[i];

		term_walk_start(&s->walk, s->segment);
		if (!term_walk_next(&s->walk, &more, f))
			return false;
		if (more)
			heap_add(&m->heap, s);
	}
	while (m->heap.count)
		if (!merge_goes_on(m, f) || !merge_term(m, f))
			return false;
	return true;
}

static bool is_string(enum section kind)
{
	return kind >= SECTION_SPACE && kind <= SECTION_CLASS;
}

/* Notes which strings the live passages of a source use. */
static bool mark_strings(struct source *s, struct fault *f)
{
	struct entry e;
	uint32_t doc, i, n;

	for (doc = 0; doc < s->segment->count; doc++) {
		if (!segment_live(s->segment, doc))
			continue;
		if (!segment_entry(s->segment, doc, &e, f))
			return false;
		s->strings[e.space] = s->strings[e.post_kind] = 1;
		s->strings[e.language] = s->strings[e.class] = 1;
		for (i = 0; i < e.tag_count + e.service_count; i++) {
			n = i < e.tag_count
			            ? segment_tag(s->segment, e.first_tag + i)
			            : segment_service(s->segment,
			                              e.first_service + i -
			                                      e.tag_count);
			if (n >= s->segment->string_count)
				return segment_damaged(s->segment, "tags", f);
			s->strings[n] = 1;
		}
	}
	return true;
}

static int string_order(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* All strings in use, in byte order, each once. */
static void collect_strings(struct merge *m)
{
	uint32_t n = 0, i, kept = 0;
	size_t j;

	for (j = 0; j < m->source_count; j++)
		n += m->sources[j].segment->string_count;
	m->strings = memory_new((size_t)n + 1, sizeof(*m->strings));
	n = 0;
	for (j = 0; j < m->source_count; j++)
		for (i = 0; i < m->sources[j].segment->string_count; i++)
			if (m->sources[j].strings[i])
				m->strings[n++] = segment_string(
				        m->sources[j].segment, i);
	qsort(m->strings, n, sizeof(*m->strings), string_order);
	for (i = 0; i < n; i++)
		if (!kept || !slice_eq(m->strings[kept - 1], m->strings[i]))
			m->strings[kept++] = m->strings[i];
	m->string_count = kept;
}

static void number_strings(struct merge *m)
{
	uint32_t i, n;
	size_t j;

	for (j = 0; j < m->source_count; j++) {
		struct source *s = &m->sources[j];

		n = 0;
		for (i = 0; i < s->segment->string_count; i++) {
			struct slice text = segment_string(s->segment, i);

			if (!s->strings[i])
				continue;
			while (!slice_eq(m->strings[n], text))
				n++;
			s->strings[i] = n + 1;
		}
	}
}

static bool merge_strings(struct merge *m, struct fault *f)
{
	size_t i;

	for (i = 0; i < m->source_count; i++)
		if (!mark_strings(&m->sources[i], f))
			return false;
	collect_strings(m);
	number_strings(m);
	return true;
}

/* A walk over the passages in their new order, for one column. */
struct column {
	struct merge *m;
	enum section kind;
	uint32_t passage; /* the next */
	uint64_t sum;     /* of the lists before it */
	struct source *source;
	uint32_t at, left; /* in the list of the passage in hand */
};

static void column_reset(struct column *c)
{
	size_t i;

	c->passage = 0;
	c->sum = 0;
	c->left = 0;
	for (i = 0; i < c->m->source_count; i++)
		c->m->sources[i].doc = 0;
}

/* The source whose turn it is, standing at its passage. */
static struct source *column_passage(struct column *c)
{
	struct source *s = &c->m->sources[c->m->order[c->passage++]];

	while (!segment_live(s->segment, s->doc))
		s->doc++;
	return s;
}

static bool column_number(void *self, uint32_t row, uint64_t *out,
                          struct fault *f)
{
	struct column *c = self;
	struct source *s;

	if (!row)
		column_reset(c);
	s = column_passage(c);
	if (!column_read(s->segment, c->kind, s->doc++, out, f))
		return false;
	if (is_string(c->kind))
		*out = s->strings[*out] - 1;
	return true;
}

static bool column_norm(void *self, uint32_t row, enum passage_kind *kind,
                        uint32_t lengths[FIELD_COUNT], struct fault *f)
{
	struct column *c = self;
	struct source *s;
	uint64_t number;
	uint32_t doc;

	if (!row)
		column_reset(c);
	s = column_passage(c);
	doc = s->doc++;
	if (!column_read(s->segment, SECTION_KIND, doc, &number, f) ||
	    !segment_lengths(s->segment, doc, lengths, f))
		return false;
	*kind = (enum passage_kind)number;
	return number < PASSAGE_KINDS ||
	       segment_damaged(s->segment, "kind of a passage", f);
}

static bool merge_norms(struct merge *m, struct fault *f)
{
	struct column c = { .m = m };

	return segment_write_norms(
	        &m->writer,
	        &m->sources[0].segment->norms.weights[WEIGHTING_OWN],
	        column_norm, &c, f);
}

static bool column_lists(struct column *c, uint32_t *first, uint32_t *count,
                         struct fault *f)
{
	bool tags = c->kind == SECTION_TAGS || c->kind == SECTION_FIRST_TAG;
	struct entry e;

	c->source = column_passage(c);
	if (!segment_entry(c->source->segment, c->source->doc++, &e, f))
		return false;
	*first = tags ? e.first_tag : e.first_service;
	*count = tags ? e.tag_count : e.service_count;
	return true;
}

/* Where each passage's list begins; one row more than passages. */
static bool column_first(void *self, uint32_t row, uint64_t *out,
                         struct fault *f)
{
	struct column *c = self;
	uint32_t first, count = 0;

	if (!row)
		column_reset(c);
	*out = c->sum;
	if (row < c->m->count && !column_lists(c, &first, &count, f))
		return false;
	c->sum += count;
	return true;
}

static bool column_member(void *self, uint32_t row, uint64_t *out,
                          struct fault *f)
{
	struct column *c = self;
	uint32_t number;

	if (!row)
		column_reset(c);
	while (!c->left)
		if (!column_lists(c, &c->at, &c->left, f))
			return false;
	number = c->kind == SECTION_TAGS
	                 ? segment_tag(c->source->segment, c->at)
	                 : segment_service(c->source->segment, c->at);
	c->at++;
	c->left--;
	*out = c->source->strings[number] - 1;
	return true;
}

/* A column of list beginnings, then the total goes to *rows. */
static bool merge_first(struct merge *m, enum section kind, uint32_t *rows,
                        struct fault *f)
{
	struct column c = { .m = m, .kind = kind };

	if (!segment_write_column(&m->writer, kind, m->count + 1, column_first,
	                          &c, f))
		return false;
	*rows = (uint32_t)c.sum;
	return true;
}

static bool merge_columns(struct merge *m, struct fault *f)
{
	uint32_t tags = 0, services = 0;
	struct column c = { .m = m };
	int i;

	for (i = SECTION_POST; i < SECTION_LENGTH + FIELD_COUNT; i++) {
		bool ok;

		if (!merge_goes_on(m, f))
			return false;
		c.kind = (enum section)i;
		if (c.kind == SECTION_FIRST_TAG)
			ok = merge_first(m, c.kind, &tags, f);
		else if (c.kind == SECTION_FIRST_SERVICE)
			ok = merge_first(m, c.kind, &services, f);
		else
			ok = segment_write_column(&m->writer, c.kind, m->count,
			                          column_number, &c, f);
		if (!ok)
			return false;
		merge_cool(m);
	}
	c.kind = SECTION_TAGS;
	if (!segment_write_column(&m->writer, c.kind, tags, column_member, &c,
	                          f))
		return false;
	c.kind = SECTION_SERVICES;
	return segment_write_column(&m->writer, c.kind, services, column_member,
	                            &c, f);
}

static int64_t *merge_scores(struct merge *m)
{
	int64_t *scores = memory_new((size_t)m->count + 1, sizeof(*scores));
	struct column c = { .m = m };

	column_reset(&c);
	while (c.passage < m->count) {
		uint32_t row = c.passage;
		struct source *s = column_passage(&c);

		scores[row] = segment_score(s->segment, s->doc++);
	}
	return scores;
}

static void merge_init(struct merge *m, const struct segment *const *inputs,
                       size_t n, uint64_t *live)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->source_count = n;
	m->sources = memory_new(n, sizeof(*m->sources));
	m->same = memory_new(n, sizeof(struct source *));
	/* Both heaps of merge_term() fit: together they hold each once. */
	m->heap.at = memory_new(2 * n, sizeof(void *));
	*live = 0;
	for (i = 0; i < n; i++) {
		struct source *s = &m->sources[i];

		s->segment = inputs[i];
		s->map = memory_new((size_t)inputs[i]->count + 1,
		                    sizeof(*s->map));
		s->strings = memory_new((size_t)inputs[i]->string_count + 1,
		                        sizeof(*s->strings));
		*live += segment_live_count(inputs[i]);
	}
	m->order = memory_new(*live + 1, sizeof(*m->order));
	m->forward = forward_merge_can(inputs, n);
}

static void merge_release(struct merge *m)
{
	size_t i;

	for (i = 0; i < m->source_count; i++) {
		free(m->sources[i].map);
		free(m->sources[i].strings);
	}
	forward_merge_release(&m->tokens);
	free(m->sources);
	free(m->same);
	free(m->heap.at);
	free(m->order);
	free(m->strings);
}

bool segment_merge(const struct segment *const *inputs, size_t n,
                   const char *path, struct merged *out, struct fault *f)
{
	struct merge m;
	uint64_t live;
	bool ok = false;

	assert(n);
	merge_init(&m, inputs, n, &live);
	m.stop = out->stop;
	if (live > LIMIT_PASSAGES) {
		fault(f, FAULT_LIMIT, "limit-passages",
		      "over %d passages of one access label", LIMIT_PASSAGES);
		goto out;
	}
	if (!order_passages(&m, f) || !merge_strings(&m, f) ||
	    !segment_write_start(&m.writer, path, inputs[0]->label, m.count, f))
		goto out;
	if (m.forward)
		forward_merge_init(&m.tokens, &m.writer, inputs, n);
	ok = merge_norms(&m, f) && merge_terms(&m, f) &&
	     (!m.forward || forward_merge_write(&m.tokens, m.order, f)) &&
	     merge_columns(&m, f);
	if (ok) {
		segment_write_strings(&m.writer, m.strings, m.string_count);
		ok = segment_write_end(&m.writer, &out->written, f);
	}
	if (ok) {
		out->count = m.count;
		out->scores = merge_scores(&m);
	} else {
		segment_write_drop(&m.writer);
	}
out:
	merge_release(&m);
	return ok;
}
