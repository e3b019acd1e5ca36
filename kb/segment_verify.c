/* Reads a segment from end to end and believes nothing: first that every page
 * has its hash, then that what decodes without a fault also agrees. */

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/codec.h"
#include "kb/dictionary.h"
#include "kb/filter_verify.h"
#include "kb/forward.h"
#include "kb/list_maxima.h"
#include "kb/list_parts.h"
#include "kb/postings.h"
#include "kb/segment_file.h"

static bool verify_strings(const struct segment *s, struct fault *f)
{
	uint32_t i;

	for (i = 1; i < s->string_count; i++)
		if (slice_cmp(segment_string(s, i - 1), segment_string(s, i)) >=
		    0)
			return segment_damaged(s, "order of strings", f);
	return true;
}

static bool verify_lists(const struct segment *s, const struct entry *e,
                         struct fault *f)
{
	uint32_t i;

	for (i = 0; i < e->tag_count; i++)
		if (segment_tag(s, e->first_tag + i) >= s->string_count)
			return segment_damaged(s, "tags", f);
	for (i = 0; i < e->service_count; i++)
		if (segment_service(s, e->first_service + i) >= s->string_count)
			return segment_damaged(s, "services", f);
	return true;
}

static bool verify_passages(const struct segment *s, struct fault *f)
{
	uint64_t sums[FIELD_COUNT] = { 0 };
	uint32_t lengths[FIELD_COUNT], doc;
	struct entry e, before = { 0 };
	int i;

	for (doc = 0; doc < s->count; doc++, before = e) {
		if (!segment_entry(s, doc, &e, f) ||
		    !segment_lengths(s, doc, lengths, f) ||
		    !verify_lists(s, &e, f))
			return false;
		if (doc && (e.post < before.post ||
		            (e.post == before.post && e.part <= before.part)))
			return segment_damaged(s, "order of passages", f);
		for (i = 0; i < FIELD_COUNT; i++)
			sums[i] += lengths[i];
	}
	if (memcmp(sums, s->sums, sizeof(sums)) != 0)
		return segment_damaged(s, "sum of lengths", f);
	return true;
}

/* The heads of a middle list say where its blocks begin, */
static bool verify_start(const struct posting_cursor *c, uint32_t nth,
                         struct fault *f)
{
	if (c->class_ != LIST_MIDDLE || nth % BLOCK || nth == c->df)
		return true;
	return load32(c->list + 8 * (size_t)(nth / BLOCK) + 4) ==
	               (uint64_t)(c->at - c->list) ||
	       segment_damaged(c->segment, "head of a list", f);
}

/* and with which passage they end. */
static bool verify_heads(const struct posting_cursor *c, uint32_t doc,
                         uint32_t nth, struct fault *f)
{
	if (c->class_ != LIST_MIDDLE || ((nth + 1) % BLOCK && nth + 1 < c->df))
		return true;
	return load32(c->list + 8 * (size_t)(nth / BLOCK)) == doc ||
	       segment_damaged(c->segment, "head of a list", f);
}

/* The ranks of a dense list count the postings before. */
static bool verify_ranks(const struct posting_cursor *c, struct fault *f)
{
	struct dense_parts p = dense_parts(c->df, c->segment->count);
	const unsigned char *ranks = c->list + p.ranks;
	uint64_t sum = 0, i;
	int j;

	for (i = 0; i < 2 * p.steps; i++) {
		if (load32(ranks + 4 * i) != sum)
			return segment_damaged(c->segment, "ranks", f);
		for (j = 0; j < 4; j++)
			sum += (unsigned)__builtin_popcountll(
			        load64(c->bits + 32 * i + 8 * j));
	}
	return sum == c->df || segment_damaged(c->segment, "ranks", f);
}

/* Where each group's escapes begin. `at` is where the reading of postings
 * `nth` and on found them. */
static bool verify_escapes(const struct posting_cursor *c,
                           const unsigned char *first, uint32_t nth,
                           struct fault *f)
{
	uint64_t groups = ((uint64_t)c->df + BLOCK - 1) / BLOCK;
	const unsigned char *offsets = first - 4 * (groups + 1);

	if (nth % BLOCK && nth < c->df)
		return true;
	return load32(offsets + 4 * ((nth + BLOCK - 1) / BLOCK)) ==
	               (uint64_t)(c->escapes - first) ||
	       segment_damaged(c->segment, "escapes", f);
}

static bool verify_list(const struct term_walk *w, struct maxima *m,
                        struct fault *f)
{
	struct posting_cursor c;
	const unsigned char *escapes;
	struct posting p;
	uint32_t nth;
	int64_t last = -1;
	bool more;

	if (!posting_begin(&c, w, false, f))
		return false;
	escapes = c.escapes;
	if (c.class_ == LIST_DENSE && !verify_ranks(&c, f))
		return false;
	for (nth = 0;; nth++) {
		if (c.class_ == LIST_DENSE &&
		    !verify_escapes(&c, escapes, nth, f))
			return false;
		if (!verify_start(&c, nth, f) || !posting_any(&c, &p, &more, f))
			return false;
		if (!more)
			break;
		if (p.doc <= last || !verify_heads(&c, p.doc, nth, f))
			return p.doc > last ||
			       segment_damaged(w->segment, "order", f);
		last = p.doc;
	}
	if (c.class_ == LIST_DENSE ? c.escapes != c.end : c.at != c.end)
		return segment_damaged(w->segment, "end of a list", f);
	return c.class_ != LIST_DENSE ||
	       maxima_agree(m, c.list, c.df, w->segment->count, c.end) ||
	       segment_damaged(w->segment, "maxima", f);
}

static bool verify_terms(const struct segment *s, struct maxima *m,
                         struct fault *f)
{
	char text[TOKEN_MAX];
	struct slice before = { text, 0 };
	uint64_t postings = 0, terms = 0;
	struct term_walk w;
	bool more;

	for (term_walk_start(&w, s);; terms++) {
		const unsigned char *entry;

		if (!term_walk_next(&w, &more, f))
			return false;
		if (!more)
			break;
		if (slice_cmp(before, w.term) >= 0)
			return segment_damaged(s, "order of terms", f);
		entry = s->at + s->parts[SECTION_DIRECTORY].offset +
		        terms / TERMS_BLOCK * DIRECTORY_ENTRY;
		if (terms % TERMS_BLOCK == 0 &&
		    load64(entry) != term_key(w.term))
			return segment_damaged(s, "key of a term", f);
		if (!verify_list(&w, m, f))
			return false;
		memcpy(text, w.term.at, w.term.len);
		before.len = w.term.len;
		postings += w.df;
	}
	if (postings != s->postings || terms != s->terms)
		return segment_damaged(s, "number of postings", f);
	return true;
}

static bool verify_postings(const struct segment *s, struct fault *f)
{
	struct maxima *m = memory_new(1, sizeof(*m));
	bool done;

	maxima_init(m, &s->norms, s->at + s->parts[SECTION_CLASSES].offset,
	            s->codes);
	done = verify_terms(s, m, f);
	maxima_release(m);
	free(m);
	return done;
}

/* Makes the classes once more: twice over all passages. */
static bool norms_again(const struct segment *s, struct norm_maker *m,
                        struct fault *f)
{
	const unsigned char *classes = s->at + s->parts[SECTION_CLASSES].offset;
	uint32_t lengths[FIELD_COUNT], doc;
	int round;

	for (round = 0; round < 2; round++) {
		for (doc = 0; doc < s->count; doc++) {
			enum passage_kind kind = (enum passage_kind)column_get(
			        s, SECTION_KIND, doc);

			if (!segment_lengths(s, doc, lengths, f))
				return false;
			if (!round)
				norm_count(m, kind, lengths);
			else if (norm_class_of(m, kind, lengths) !=
			         classes[doc])
				return segment_damaged(s, "classes", f);
		}
		if (!round)
			norm_divide(m);
	}
	return true;
}

static bool verify_norms(const struct segment *s, struct fault *f)
{
	struct norm_maker *m = memory_new(1, sizeof(*m));
	struct buf bytes = BUF_INIT(NORM_BYTES);
	const struct part *p = &s->parts[SECTION_NORMS];
	bool done;

	norm_start(m, &s->norms.weights[WEIGHTING_OWN]);
	done = norms_again(s, m, f);
	norms_write(&m->norms, &bytes);
	if (done && !slice_eq(buf_slice(&bytes),
	                      (struct slice){ (const char *)s->at + p->offset,
	                                      (size_t)p->bytes }))
		done = segment_damaged(s, "norms", f);
	buf_release(&bytes);
	free(m);
	return done;
}

bool segment_verify(const struct segment *s, segment_finding_fn *say,
                    void *self)
{
	struct fault f;

	if (segment_touch(s, 0, s->checks, &f) && verify_strings(s, &f) &&
	    verify_passages(s, &f) && filters_verify(s, &f) &&
	    verify_norms(s, &f) && verify_postings(s, &f) &&
	    forward_verify(s, &f))
		return true;
	say(self, &f);
	return false;
}
