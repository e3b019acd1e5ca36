/* A list of the generations published, the oldest first. One thread publishes.
 * Beside it at most three others are at work: one syncs the newest generation
 * there is, passing over those that came and went meanwhile; one merges
 * segments of middling size, and one large ones, so that these do not wait for
 * each other. Few passages are merged on the spot. Segments never change, so
 * that a merge needs no lock: what dies in its inputs meanwhile dies in what
 * came of them when it is published. Generations go once they are neither
 * needed after a power cut nor likely to be open by a reader's name. */

#include "kb/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "kb/errand.h"
#include "kb/manifest.h"
#include "kb/update.h"

enum {
	KEPT_MILLISECONDS = 1000,  /* a generation, after the next one */
	KEPT_ALWAYS = 2,           /* generations */
	SPOT_PASSAGES = 128,       /* merged on the spot: a millisecond; */
	SPOT_DOUBLES = 6,          /* twice that for so many segments: when
	                              threads are late, rather this than more */
	LARGE_PASSAGES = 32 << 10, /* merged by the thread for large ones */
	MERGES = 2,
};

struct kept {
	struct index *index;
	int64_t since;
};

struct follower {
	struct index_options options;
	struct update update; /* its base is the last of those kept */
	struct kept *kept;
	size_t kept_count, kept_cap;
	uint64_t synced; /* generation */
	struct sync_errand sync;
	struct merge_errand merges[MERGES];
	bool choose; /* a merge may be due */
	bool sweep;  /* there are generations that are not among those kept */
	bool begun;
	int bell[2]; /* a pipe */
};

static const struct index *kept_find(const struct follower *w,
                                     uint64_t generation)
{
	size_t i;

	for (i = 0; i < w->kept_count; i++)
		if (w->kept[i].index->manifest.facts.generation == generation)
			return w->kept[i].index;
	return NULL;
}

static void kept_add(struct follower *w, struct index *x, int64_t now)
{
	w->kept = memory_room(w->kept, w->kept_count, &w->kept_cap,
	                      sizeof(*w->kept));
	w->kept[w->kept_count++] = (struct kept){ x, now };
	w->update.base = x;
}

static void kept_clear(struct follower *w)
{
	while (w->kept_count)
		index_close(w->kept[--w->kept_count].index);
	w->update.base = NULL;
}

/* Segments that are synced by now need not be checked whole any more. */
static void note_synced(struct follower *w)
{
	const struct index *synced = kept_find(w, w->synced);
	struct manifest *m = w->update.base ? &w->update.base->manifest : NULL;
	size_t i, j;

	for (i = 0; m && synced && i < m->count; i++)
		for (j = 0; m->segments[i].fresh && j < synced->opened; j++)
			if (synced->manifest.segments[j].number ==
			    m->segments[i].number)
				m->segments[i].fresh = false;
}

/* Removes a segment that no generation ever named. */
static void segment_remove(const struct follower *w, uint64_t number,
                           uint64_t generation)
{
	char *path = segment_path(w->update.folder, number);
	char *beside = scores_path(w->update.folder, number, generation);

	/* If not here, then by the sweep of the next who starts. */
	unlink(path);
	unlink(beside);
	free(path);
	free(beside);
}

static bool mark_synced(struct follower *w, uint64_t generation,
                        struct fault *f)
{
	if (!manifest_mark(w->update.folder, w->synced, generation, f))
		return false;
	w->synced = generation;
	note_synced(w);
	return true;
}

/* What was published becomes the base of the next. */
static bool took(struct follower *w, int64_t now, struct fault *f)
{
	struct update *u = &w->update;
	struct index *x;
	size_t i;

	if (!index_load(&x, u->folder, u->writer.generation, u->base, f))
		return false;
	for (i = 0; i < u->writer.count; i++) {
		const struct member *m = &u->writer.members[i];

		if (m->added && m->dropped)
			segment_remove(w, m->number, m->score_generation);
	}
	u->top_generation = u->writer.generation;
	u->top_segment = u->writer.next_segment - 1;
	index_writer_release(&u->writer);
	arena_reset(&u->arena);
	u->published = false;
	kept_add(w, x, now);
	note_synced(w);
	w->choose = true;
	return true;
}

/* Whether the folder's newest generation is still the base. */
static bool overtaken(const struct update *u, bool *out, struct fault *f)
{
	uint64_t *generations;
	size_t n;

	if (!manifest_list(u->folder, &generations, &n, f))
		return false;
	*out = !u->base || !n ||
	       generations[0] != u->base->manifest.facts.generation;
	free(generations);
	return true;
}

static bool reload(struct follower *w, struct fault *f)
{
	struct update *u = &w->update;

	kept_clear(w);
	w->synced = 0;
	if (!update_base(u, f)) {
		index_close(u->base);
		u->base = NULL;
		return false;
	}
	arena_reset(&u->arena);
	if (!u->base)
		return true;
	w->choose = w->sweep = true;
	kept_add(w, u->base, INT64_MIN);
	return mark_synced(w, u->base->manifest.facts.generation, f);
}

/* Takes the lock; others may have written since it was given back. */
static bool hold(struct follower *w, struct fault *f)
{
	struct update *u = &w->update;
	bool other;

	if (u->lock >= 0)
		return true;
	if (!folder_make(u->folder, f) || !update_lock(u, f) ||
	    !overtaken(u, &other, f))
		return false;
	return !other || reload(w, f);
}

static bool is_busy(const struct follower *w, uint64_t number)
{
	size_t i;

	for (i = 0; i < MERGES; i++)
		if (merge_has(&w->merges[i], number))
			return true;
	return false;
}

/* Starts a generation that says the same in other segments. */
static void restart(struct follower *w, struct index_report *report)
{
	struct update *u = &w->update;
	struct index_writer *x = &u->writer;
	size_t i;

	u->changed = u->base->manifest.facts.changed;
	u->counted = u->base->manifest.facts.counted;
	u->report = report;
	update_writer(u, u->base);
	for (i = 0; i < x->count; i++)
		x->members[i].busy = is_busy(w, x->members[i].number);
}

static bool merge_start(struct follower *w, struct merge_errand *j,
                        const struct tier_choice *c, struct fault *f)
{
	struct update *u = &w->update;
	size_t i;

	*j = (struct merge_errand){ .folder = u->folder,
		                    .number = ++u->top_segment,
		                    .generation = u->top_generation };
	j->inputs = memory_new(c->count, sizeof(struct segment *));
	j->numbers = memory_new(c->count, sizeof(*j->numbers));
	for (i = 0; i < c->count; i++) {
		struct member *m = &u->writer.members[c->at[i]];

		j->numbers[i] = m->number;
		j->inputs[i] = m->segment;
		m->segment = NULL;
	}
	j->count = c->count;
	if (merge_send(j, w->bell[1], f))
		return true;
	merge_release(j);
	return false;
}

static uint64_t spot_passages(const struct follower *w)
{
	size_t doubles = w->update.base->opened / SPOT_DOUBLES;

	return (uint64_t)SPOT_PASSAGES << (doubles < 16 ? doubles : 16);
}

/* Merges on the spot, or starts a merge if nothing of its size is under way;
 * at most one a call, so that what is committed does not wait. */
static bool merge_next(struct follower *w, int64_t now,
                       struct follow_tended *out, struct fault *f)
{
	struct update *u = &w->update;
	struct merge_errand *j;
	struct tier_choice c;
	bool ok = true;

	restart(w, &out->report);
	index_writer_choose(&u->writer, false, &c);
	j = &w->merges[c.passages > LARGE_PASSAGES];
	if (!c.count) {
		w->choose = false;
	} else if (c.passages <= spot_passages(w)) {
		ok = index_writer_join(&u->writer, c.at, c.count, f) &&
		     update_publish(u, f) && took(w, now, f);
		out->merged = ok;
	} else if (!j->errand.out) {
		ok = merge_start(w, j, &c, f);
	} else {
		w->choose = false;
	}
	free(c.at);
	index_writer_release(&u->writer);
	return ok;
}

static struct member *member_find(struct index_writer *x, uint64_t number,
                                  size_t *at)
{
	for (*at = 0; *at < x->count; ++*at)
		if (x->members[*at].number == number)
			return &x->members[*at];
	return NULL;
}

/* Puts what was merged in the place of its inputs. */
static bool merge_publish(struct follower *w, struct merge_errand *j,
                          int64_t now, struct follow_tended *out,
                          struct fault *f)
{
	struct update *u = &w->update;
	size_t i, at;

	restart(w, &out->report);
	for (i = 0; i < j->count; i++) {
		struct member *m = member_find(&u->writer, j->numbers[i], &at);

		if (!merge_carry(j, i, m ? m->segment : NULL, f))
			return false;
		if (m)
			index_writer_drop(&u->writer, at);
	}
	index_writer_adopt(&u->writer, &j->merged);
	u->report->merges++;
	out->merged = update_publish(u, f) && took(w, now, f);
	return out->merged;
}

/* Damage that a merge has met is mended by making everything anew. */
static bool merge_failed(struct follower *w, const struct fault *why,
                         struct fault *f)
{
	if (why->kind == FAULT_INPUT && !strcmp(why->code, "index-damaged")) {
		w->update.unusable = "index damaged";
		return true;
	}
	*f = *why;
	return false;
}

/* Takes a merge back that is done, or no longer wanted. */
static bool merge_take(struct follower *w, struct merge_errand *j, bool wanted,
                       int64_t now, struct follow_tended *out, struct fault *f)
{
	bool ok = true;

	errand_take(&j->errand);
	if (wanted && j->errand.ok)
		ok = merge_publish(w, j, now, out, f);
	else if (wanted)
		ok = merge_failed(w, &j->errand.fault, f);
	index_writer_release(&w->update.writer);
	merge_release(j);
	w->choose = true;
	return ok;
}

static bool merges_take(struct follower *w, int64_t now,
                        struct follow_tended *out, struct fault *f)
{
	size_t i;

	for (i = 0; i < MERGES; i++)
		if (errand_back(&w->merges[i].errand) &&
		    !merge_take(w, &w->merges[i], true, now, out, f))
			return false;
	return true;
}

static void merges_stop(struct follower *w)
{
	struct fault ignored;
	size_t i;

	for (i = 0; i < MERGES; i++)
		atomic_store(&w->merges[i].stop, true);
	for (i = 0; i < MERGES; i++) {
		struct merge_errand *j = &w->merges[i];

		if (j->errand.out && merge_take(w, j, false, 0, NULL, &ignored))
			segment_remove(w, j->number, j->generation);
	}
}

static bool sync_take(struct follower *w, struct fault *f)
{
	if (!w->sync.errand.out)
		return true;
	errand_take(&w->sync.errand);
	if (!w->sync.errand.ok) {
		*f = w->sync.errand.fault;
		return false;
	}
	return mark_synced(w, w->sync.index->manifest.facts.generation, f);
}

static bool sync_due(const struct follower *w)
{
	const struct index *base = w->update.base;

	return base && base->manifest.facts.generation > w->synced;
}

static bool sync_start(struct follower *w, struct fault *f)
{
	if (w->sync.errand.out || !sync_due(w))
		return true;
	w->sync.folder = w->update.folder;
	w->sync.index = w->update.base;
	w->sync.synced = kept_find(w, w->synced);
	return sync_send(&w->sync, w->bell[1], f);
}

/* Whether the oldest generation may go. */
static bool retirable(const struct follower *w, int64_t now)
{
	const struct kept *k = w->kept;

	return w->kept_count > KEPT_ALWAYS &&
	       k[0].index->manifest.facts.generation < w->synced &&
	       (k[1].since == INT64_MIN ||
	        now - k[1].since >= KEPT_MILLISECONDS);
}

/* What others left goes as soon as it can be told from what is under way. */
static bool sweep(struct follower *w, struct fault *f)
{
	struct manifest *keep;
	uint64_t top;
	size_t i;
	bool ok;

	for (i = 0; i < MERGES; i++)
		if (w->merges[i].errand.out)
			return true;
	keep = memory_new(w->kept_count, sizeof(*keep));
	for (i = 0; i < w->kept_count; i++)
		keep[i] = w->kept[i].index->manifest;
	ok = manifest_sweep(w->update.folder, keep, w->kept_count, &top, f);
	free(keep);
	w->sweep = false;
	return ok;
}

static bool retire(struct follower *w, int64_t now, struct fault *f)
{
	while (retirable(w, now)) {
		/* Another writer has removed what there was to remove. */
		if (!hold(w, f))
			return f->kind == FAULT_BUSY;
		if (!retirable(w, now))
			break;
		if (!manifest_remove(w->update.folder,
		                     &w->kept[0].index->manifest,
		                     &w->kept[1].index->manifest, f))
			return false;
		index_close(w->kept[0].index);
		w->kept_count--;
		memmove(w->kept, w->kept + 1, w->kept_count * sizeof(*w->kept));
		if (w->sweep && !sweep(w, f))
			return false;
	}
	return true;
}

static void follow_free(struct follower *w)
{
	kept_clear(w);
	free(w->kept);
	update_release(&w->update);
	close(w->bell[0]);
	close(w->bell[1]);
	free(w);
}

bool follow_start(struct follower **out, const char *folder, struct store *s,
                  const struct index_options *options, struct fault *f)
{
	struct follower *w = memory_new(1, sizeof(*w));
	int i;

	w->options = *options;
	if (pipe(w->bell)) {
		fault_errno(f, folder, "make a pipe for");
		free(w);
		return false;
	}
	for (i = 0; i < 2; i++) {
		fcntl(w->bell[i], F_SETFL, O_NONBLOCK);
		fcntl(w->bell[i], F_SETFD, FD_CLOEXEC);
	}
	if (update_start(&w->update, folder, s, &w->options, f)) {
		w->update.later = true;
		*out = w;
		return true;
	}
	follow_free(w);
	return false;
}

bool follow_publish(struct follower *w, int64_t now, struct index_report *out,
                    bool *moved, struct fault *f)
{
	struct update *u = &w->update;

	*moved = false;
	if (!store_counters(u->store, &u->changed, &u->counted, f))
		return false;
	if (w->begun && !u->unusable && update_seen(u))
		return true;
	*out = (struct index_report){ 0 };
	u->report = out;
	if (!hold(w, f) || !update_make(u, f))
		return false;
	if (u->published && !took(w, now, f))
		return false;
	if (out->rebuilt)
		merges_stop(w);
	u->unusable = NULL;
	w->options.rebuild = false;
	w->begun = true;
	*moved = true;
	return true;
}

bool follow_tend(struct follower *w, int64_t now, struct follow_tended *out,
                 struct fault *f)
{
	char rings[64];
	size_t i;

	*out = (struct follow_tended){ .idle = true };
	while (read(w->bell[0], rings, sizeof(rings)) == sizeof(rings))
		;
	if ((errand_back(&w->sync.errand) && !sync_take(w, f)) ||
	    !merges_take(w, now, out, f) || !sync_start(w, f) ||
	    (w->choose && !merge_next(w, now, out, f)) || !sync_start(w, f) ||
	    !retire(w, now, f))
		return false;
	out->synced = w->synced;
	for (i = 0; i < MERGES; i++)
		out->idle &= !w->merges[i].errand.out;
	out->idle &= !w->choose && !w->sync.errand.out && !sync_due(w);
	if (out->idle)
		update_unlock(&w->update);
	return true;
}

void follow_wait(struct follower *w, int milliseconds)
{
	struct pollfd bell = { .fd = w->bell[0], .events = POLLIN };

	poll(&bell, 1, milliseconds);
}

const struct index *follow_index(const struct follower *w)
{
	return w->update.base;
}

bool follow_end(struct follower *w, struct fault *f)
{
	bool ok;

	if (!w)
		return true;
	merges_stop(w);
	/* The newest generation, and not only the one under way. */
	ok = sync_take(w, f) && sync_start(w, f) && sync_take(w, f);
	errand_take(&w->sync.errand);
	ok = ok && retire(w, INT64_MAX, f);
	follow_free(w);
	return ok;
}
