/* A list of segments that only grows while a generation is made; what was
 * merged away is marked, what died entirely is left out at publishing. All
 * files are new ones: nothing that the base names is written to. */

#include "kb/index_writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "kb/merge.h"
#include "kb/overlay.h"

static struct member *member_new(struct index_writer *w)
{
	w->members =
	        memory_room(w->members, w->count, &w->cap, sizeof(*w->members));
	w->members[w->count] = (struct member){ 0 };
	return &w->members[w->count++];
}

void index_writer_start(struct index_writer *w, const char *folder,
                        const struct index *base,
                        const struct index_weights *weights,
                        struct index_report *report)
{
	size_t i;

	*w = (struct index_writer){ .folder = folder,
		                    .weights = weights,
		                    .report = report };
	for (i = 0; base && i < base->opened; i++) {
		const struct manifest_segment *s = &base->manifest.segments[i];

		/* A view of its own, so that the base stays as it is. */
		*member_new(w) = (struct member){
			.number = s->number,
			.segment = segment_share(base->segments[i]),
			.unsynced = s->fresh,
			.dead_generation = s->dead_generation,
			.dead_hash = s->dead_hash,
			.score_generation = s->score_generation,
			.score_hash = s->score_hash,
		};
		dead_share(w->members[i].segment, base->segments[i]);
		scores_share(w->members[i].segment, base->segments[i]);
	}
}

void member_release(struct member *m)
{
	segment_close(m->segment);
	free(m->dead);
	free(m->scores);
	m->segment = NULL;
	m->dead = m->scores = NULL;
}

void index_writer_release(struct index_writer *w)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		member_release(&w->members[i]);
	for (i = 0; i < w->builder_count; i++)
		builder_free(w->builders[i]);
	free(w->members);
	free(w->builders);
	*w = (struct index_writer){ 0 };
}

void index_writer_drop(struct index_writer *w, size_t i)
{
	w->members[i].dropped = true;
	member_release(&w->members[i]);
}

void index_writer_adopt(struct index_writer *w, struct member *m)
{
	*member_new(w) = *m;
	*m = (struct member){ 0 };
}

/* Gives the member tombstones of its own to write on. */
static void member_own_dead(struct member *m)
{
	struct overlay *over = &m->segment->over;
	size_t bytes = 8 * (((size_t)m->segment->count + 63) / 64);

	if (m->dead)
		return;
	m->dead = memory_new(bytes + 1, 1);
	if (over->dead)
		memcpy(m->dead, over->dead, bytes);
	over->dead = m->dead;
}

bool member_kill(struct member *m, uint32_t doc, struct fault *f)
{
	struct overlay *over = &m->segment->over;
	uint32_t lengths[FIELD_COUNT];
	int i;

	if (!segment_lengths(m->segment, doc, lengths, f))
		return false;
	member_own_dead(m);
	m->dead[doc / 8] |= (unsigned char)(1U << doc % 8);
	m->dead_moved = true;
	over->dead_count++;
	for (i = 0; i < FIELD_COUNT; i++)
		over->dead_sums[i] += lengths[i];
	return true;
}

static bool is_of_post(const struct segment *s, uint32_t doc, int64_t post,
                       bool *is, struct fault *f)
{
	uint64_t n;

	*is = false;
	if (doc >= s->count)
		return true;
	if (!column_read(s, SECTION_POST, doc, &n, f))
		return false;
	*is = (int64_t)n == post;
	return true;
}

static bool kill_in(struct index_writer *w, struct member *m, int64_t post,
                    struct fault *f)
{
	const struct segment *s = m->segment;
	uint32_t doc;
	bool is;

	if (!segment_find(s, post, INT64_MIN, &doc, f))
		return false;
	for (;; doc++) {
		if (!is_of_post(s, doc, post, &is, f))
			return false;
		if (!is)
			return true;
		if (!segment_live(s, doc))
			continue;
		if (!member_kill(m, doc, f))
			return false;
		w->report->removed++;
	}
}

bool index_writer_kill(struct index_writer *w, int64_t post, struct fault *f)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		if (!w->members[i].added &&
		    !kill_in(w, &w->members[i], post, f))
			return false;
	return true;
}

void member_score(struct member *m, uint32_t doc, int64_t score)
{
	struct segment *s = m->segment;
	uint32_t i;

	if (!m->scores) {
		m->scores = memory_new((size_t)s->count + 1, 8);
		for (i = 0; i < s->count; i++)
			store64(m->scores + 8 * (size_t)i,
			        (uint64_t)segment_score(s, i));
		s->over.scores = m->scores;
		s->over.score_width = 8;
	}
	store64(m->scores + 8 * (size_t)doc, (uint64_t)score);
	m->scores_moved = true;
}

/* Whether the passage shows the votes of this row. */
static bool row_passage(const struct segment *s, uint32_t doc, int64_t answer,
                        bool *is, struct fault *f)
{
	uint64_t part, kind;

	if (!column_read(s, SECTION_PART, doc, &part, f) ||
	    !column_read(s, SECTION_KIND, doc, &kind, f))
		return false;
	if (kind == PASSAGE_ANSWER || kind == PASSAGE_ACCEPTED)
		*is = answer && (int64_t)part == answer;
	else
		*is = !answer;
	return true;
}

static bool score_in(struct index_writer *w, struct member *m, int64_t post,
                     int64_t answer, int64_t score, struct fault *f)
{
	const struct segment *s = m->segment;
	uint32_t doc;
	bool is;

	if (!segment_find(s, post, answer ? answer : INT64_MIN, &doc, f))
		return false;
	for (;; doc++) {
		if (!is_of_post(s, doc, post, &is, f))
			return false;
		if (!is)
			return true;
		if (!row_passage(s, doc, answer, &is, f))
			return false;
		if (is && segment_live(s, doc) &&
		    segment_score(s, doc) != score) {
			member_score(m, doc, score);
			w->report->rescored++;
		}
		if (answer)
			return true;
	}
}

bool index_writer_score(struct index_writer *w, int64_t post, int64_t answer,
                        int64_t score, struct fault *f)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		if (!score_in(w, &w->members[i], post, answer, score, f))
			return false;
	return true;
}

bool member_open(struct member *out, const char *folder, uint64_t number,
                 uint64_t generation, const struct written *written,
                 const int64_t *scores, uint32_t count, struct fault *f)
{
	char *path = segment_path(folder, number);
	char *beside = scores_path(folder, number, generation);
	struct segment *s = NULL;
	uint64_t hash;
	bool ok = scores_write(beside, written->hash, scores, count,
	                       !written->unsynced, &hash, f) &&
	          segment_open(&s, path, f) && scores_open(s, beside, hash, f);

	if (ok)
		*out = (struct member){
			.number = number,
			.segment = s,
			.added = true,
			.unsynced = written->unsynced,
			.score_generation = generation,
			.score_hash = hash,
		};
	else
		segment_close(s);
	free(path);
	free(beside);
	return ok;
}

/* Makes a new segment a member. */
static bool writer_take(struct index_writer *w, uint64_t number,
                        const struct written *written, const int64_t *scores,
                        uint32_t count, struct fault *f)
{
	struct member m;

	if (!member_open(&m, w->folder, number, w->generation, written, scores,
	                 count, f))
		return false;
	*member_new(w) = m;
	return true;
}

static bool builder_flush(struct index_writer *w, struct builder *b,
                          struct fault *f)
{
	uint64_t number = w->next_segment++;
	char *path = segment_path(w->folder, number);
	struct written written = { .unsynced = w->later };
	bool ok;

	ok = builder_write(b, path, w->weights, &written, f) &&
	     writer_take(w, number, &written, builder_scores(b),
	                 builder_count(b), f);
	builder_reset(b);
	free(path);
	return ok;
}

bool index_writer_flush(struct index_writer *w, struct fault *f)
{
	size_t i;

	for (i = 0; i < w->builder_count; i++)
		if (builder_count(w->builders[i]) &&
		    !builder_flush(w, w->builders[i], f))
			return false;
	return true;
}

static struct builder *writer_builder_new(const struct index_writer *w,
                                          struct slice label)
{
	char *beside = segment_path(w->folder, 0);
	struct builder *b = builder_new(label, w->forward ? beside : NULL);

	free(beside);
	return b;
}

static bool writer_builder(struct index_writer *w, struct slice label,
                           struct builder **out, struct fault *f)
{
	size_t i;

	for (i = 0; i < w->builder_count; i++) {
		*out = w->builders[i];
		if (slice_eq(builder_label(*out), label))
			return true;
	}
	if (w->builder_count == LIMIT_LABELS)
		return fault(f, FAULT_LIMIT, "limit-labels",
		             "over %d access labels in one store",
		             LIMIT_LABELS);
	w->builders = memory_room(w->builders, w->builder_count,
	                          &w->builder_cap, sizeof(struct builder *));
	*out = w->builders[w->builder_count++] = writer_builder_new(w, label);
	return true;
}

bool index_writer_add(struct index_writer *w, const struct tally *tally,
                      struct fault *f)
{
	uint64_t used = 0;
	struct builder *b;
	size_t i;

	for (i = 0; i < tally->passage_count; i++)
		if (!writer_builder(w, tally->passages[i].post->access, &b, f))
			return false;
	for (i = 0; i < w->builder_count; i++)
		builder_add(w->builders[i], tally);
	w->report->added += (int64_t)tally->passage_count;
	for (i = 0; i < w->builder_count; i++)
		used += builder_memory(w->builders[i]);
	return used < w->budget || index_writer_flush(w, f);
}

bool index_writer_join(struct index_writer *w, const size_t *which, size_t n,
                       struct fault *f)
{
	const struct segment **inputs = memory_new(n, sizeof(*inputs));
	uint64_t number = w->next_segment++;
	char *path = segment_path(w->folder, number);
	struct merged merged = { .written.unsynced = w->later };
	size_t i;
	bool ok;

	for (i = 0; i < n; i++)
		inputs[i] = w->members[which[i]].segment;
	ok = segment_merge(inputs, n, path, &merged, f) &&
	     writer_take(w, number, &merged.written, merged.scores,
	                 merged.count, f);
	for (i = 0; ok && i < n; i++)
		index_writer_drop(w, which[i]);
	w->report->merges += ok;
	free(merged.scores);
	free(inputs);
	free(path);
	return ok;
}

void index_writer_choose(const struct index_writer *w, bool all,
                         struct tier_choice *out)
{
	struct tier *tiers = memory_new(w->count + 1, sizeof(*tiers));
	size_t i;

	for (i = 0; i < w->count; i++) {
		const struct member *m = &w->members[i];

		if (m->dropped)
			continue;
		tiers[i] = (struct tier){
			.label = m->segment->label,
			.number = m->number,
			.live = segment_live_count(m->segment),
			.dead = m->segment->over.dead_count,
			.busy = m->busy,
		};
	}
	tiers_choose(tiers, w->count, all, out);
	free(tiers);
}

bool index_writer_merge(struct index_writer *w, bool all, struct fault *f)
{
	struct tier_choice choice;
	bool ok = true, more = true;

	while (ok && more) {
		index_writer_choose(w, all, &choice);
		more = choice.count > 0;
		ok = !more || index_writer_join(w, choice.at, choice.count, f);
		free(choice.at);
	}
	return ok;
}

uint64_t index_writer_live(const struct index_writer *w,
                           uint64_t sums[FIELD_COUNT])
{
	uint64_t n = 0;
	size_t i;
	int j;

	if (sums)
		memset(sums, 0, FIELD_COUNT * sizeof(*sums));
	for (i = 0; i < w->count; i++) {
		const struct member *m = &w->members[i];

		if (m->dropped)
			continue;
		n += segment_live_count(m->segment);
		for (j = 0; sums && j < FIELD_COUNT; j++)
			sums[j] +=
			        segment_length_sum(m->segment, (enum field)j);
	}
	return n;
}

/* Writes what has moved over a segment of the base. */
static bool publish_overlay(struct index_writer *w, struct member *m,
                            struct fault *f)
{
	const struct segment *s = m->segment;
	char *dead = dead_path(w->folder, m->number, w->generation);
	char *beside = scores_path(w->folder, m->number, w->generation);
	int64_t *scores = NULL;
	uint32_t i;
	bool ok = true;

	if (m->dead_moved) {
		ok = dead_write(dead, s, &s->over, !w->later, &m->dead_hash, f);
		m->dead_generation = w->generation;
	}
	if (ok && m->scores_moved) {
		scores = memory_new((size_t)s->count + 1, sizeof(*scores));
		for (i = 0; i < s->count; i++)
			scores[i] = segment_score(s, i);
		ok = scores_write(beside, s->hash, scores, s->count, !w->later,
		                  &m->score_hash, f);
		m->score_generation = w->generation;
	}
	free(scores);
	free(dead);
	free(beside);
	return ok;
}

static int segment_order(const void *a, const void *b)
{
	const struct manifest_segment *x = a, *y = b;
	int order = slice_cmp(x->label, y->label);

	return order ? order
	             : (x->number > y->number) - (x->number < y->number);
}

static void list_member(const struct member *m, struct manifest_segment *out)
{
	const struct segment *s = m->segment;

	*out = (struct manifest_segment){
		.number = m->number,
		.bytes = s->len,
		.hash = s->hash,
		.count = s->count,
		.dead = s->over.dead_count,
		.dead_generation = m->dead_generation,
		.dead_hash = m->dead_hash,
		.score_generation = m->score_generation,
		.score_hash = m->score_hash,
		.fresh = m->unsynced,
		.label = s->label,
	};
}

static bool publish_manifest(struct index_writer *w, const struct manifest *m,
                             struct fault *f)
{
	char *path = manifest_path(w->folder, w->generation);
	struct buf bytes = BUF_INIT(LIMIT_MANIFEST);
	struct file_new file;
	bool ok = false;

	manifest_write(m, &bytes);
	if (buf_full(&bytes)) {
		fault(f, FAULT_LIMIT, "limit-manifest",
		      "the index has too many segments");
		goto out;
	}
	/* All that the manifest names must be durable before its own name,
	 * unless it says that it may not be. */
	if ((!w->later && !folder_sync(w->folder, f)) ||
	    !file_start(&file, path, f))
		goto out;
	file_add(&file, buf_slice(&bytes));
	file.unsynced = w->later;
	ok = w->later ? file_place(&file, f) : file_publish(&file, f);
out:
	buf_release(&bytes);
	free(path);
	return ok;
}

bool index_writer_publish(struct index_writer *w, struct manifest *m,
                          struct arena *a, struct fault *f)
{
	size_t i;

	m->segments = arena_array(a, w->count, sizeof(*m->segments));
	m->count = 0;
	m->next_segment = w->next_segment;
	m->facts.generation = w->generation;
	w->report->bytes = 0;
	for (i = 0; i < w->count; i++) {
		struct member *member = &w->members[i];

		if (member->dropped || !segment_live_count(member->segment))
			continue;
		if (!publish_overlay(w, member, f))
			return false;
		list_member(member, &m->segments[m->count++]);
		w->report->bytes += member->segment->len;
	}
	if (m->count)
		qsort(m->segments, m->count, sizeof(*m->segments),
		      segment_order);
	w->report->passages = (int64_t)index_writer_live(w, NULL);
	w->report->segments = (int64_t)m->count;
	return publish_manifest(w, m, f);
}
