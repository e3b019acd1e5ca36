/*
 * A set of files moves down the history, from the tip to the roots. At each
 * commit, those that a parent has likewise go on to that parent; of the others
 * this is the commit that made them what they are. They go on all the same,
 * until the commit in which they appeared. Commits are taken latest first, so
 * that sets which meet go on as one; where clocks were wrong a commit is
 * merely looked at twice.
 *
 * A *track* is a file under one of the names it has had; sets are bits, one
 * for each track. What is in memory is one set for each branch that is open at
 * the time, and 28 bytes for each commit of the line.
 */

#include "crawler/carrier_git_history.h"

#include <stdlib.h>

#include "base/cancel.h"
#include "base/map.h"
#include "base/memory.h"

enum {
	RENAMES = 200,    /* files that appear or go in one commit: more of
	                       them are not compared for renames */
	TRACKS = 4 << 20, /* names followed in all */
	WIDTH = 1 << 16,  /* branches open at once */
	MILLISECONDS = 1000,
};

struct track {
	struct slice path;
	uint32_t file;
	uint32_t same; /* the next one of that path, + 1 */
};

/* A set on its way to a commit. */
struct stop {
	git_oid id;
	int64_t time;
	uint64_t *bits;
	size_t words;
};

struct ranked {
	git_oid id;
	int64_t rank;
};

struct walk {
	git_repository *repo;
	struct arena *arena;
	struct carrier_git_file *files;
	size_t count;
	bool *ranked, *dated; /* of each file: rank, last commit are known */
	struct track *tracks;
	size_t track_count, track_cap;
	struct map paths; /* path -> track + 1 */
	struct stop *stops;
	size_t stop_count, stop_cap;
	struct ranked *line; /* sorted by id */
	size_t line_count, line_cap;
};

bool carrier_git_fault(int error, const char *doing, struct fault *f)
{
	const git_error *e = git_error_last();

	return fault(f, error == GIT_ENOTFOUND ? FAULT_GONE : FAULT_INPUT,
	             "git", "cannot %s: %s", doing,
	             e && e->message ? e->message : "no reason was given");
}

static uint32_t track_of(struct walk *w, struct slice path, uint32_t file)
{
	bool added;
	struct map_entry *e = map_put(&w->paths, path, &added);
	uint32_t i = (uint32_t)e->word;

	for (; i; i = w->tracks[i - 1].same)
		if (w->tracks[i - 1].file == file)
			return i - 1;
	w->tracks = memory_room(w->tracks, w->track_count, &w->track_cap,
	                        sizeof(*w->tracks));
	w->tracks[w->track_count] = (struct track){
		.path = e->key,
		.file = file,
		.same = (uint32_t)e->word,
	};
	e->word = w->track_count + 1;
	return (uint32_t)w->track_count++;
}

static bool has(const struct stop *s, uint32_t track)
{
	return track / 64 < s->words && s->bits[track / 64] >> (track % 64) & 1;
}

static void put(struct stop *s, uint32_t track)
{
	size_t words = track / 64 + 1, i;

	if (words > s->words) {
		words += words / 8;
		s->bits = memory_resize(s->bits, words, sizeof(*s->bits));
		for (i = s->words; i < words; i++)
			s->bits[i] = 0;
		s->words = words;
	}
	s->bits[track / 64] |= UINT64_C(1) << (track % 64);
}

static void drop(struct stop *s, uint32_t track)
{
	s->bits[track / 64] &= ~(UINT64_C(1) << (track % 64));
}

static bool is_empty(const struct stop *s)
{
	size_t i = 0;

	while (i < s->words && !s->bits[i])
		i++;
	return i == s->words;
}

/* The set that goes to `c`. NULL: too many are open. */
static struct stop *stop_at(struct walk *w, const git_commit *c)
{
	const git_oid *id = git_commit_id(c);
	size_t i;

	for (i = 0; i < w->stop_count; i++)
		if (git_oid_equal(&w->stops[i].id, id))
			return &w->stops[i];
	if (w->stop_count >= WIDTH)
		return NULL;
	w->stops = memory_room(w->stops, w->stop_count, &w->stop_cap,
	                       sizeof(*w->stops));
	w->stops[w->stop_count] =
	        (struct stop){ .id = *id, .time = git_commit_time(c) };
	return &w->stops[w->stop_count++];
}

static struct stop take_latest(struct walk *w)
{
	size_t i, at = 0;
	struct stop s;

	for (i = 1; i < w->stop_count; i++)
		if (w->stops[i].time > w->stops[at].time)
			at = i;
	s = w->stops[at];
	w->stops[at] = w->stops[--w->stop_count];
	return s;
}

static int by_id(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return git_oid_cmp(&x->id, &y->id);
}

/* The commits of the line with their ranks, the oldest of which is the floor
 * or a root. */
static bool rank_line(struct walk *w, const git_oid *tip,
                      const struct carrier_git_floor *floor, struct fault *f)
{
	git_commit *c = NULL, *parent = NULL;
	int64_t rank = INT64_MIN;
	size_t i;
	int e = git_commit_lookup(&c, w->repo, tip);

	if (e)
		return carrier_git_fault(e, "read the commit", f);
	while (c) {
		w->line = memory_room(w->line, w->line_count, &w->line_cap,
		                      sizeof(*w->line));
		w->line[w->line_count++] = (struct ranked){
			*git_commit_id(c),
			(int64_t)git_commit_time(c) * MILLISECONDS,
		};
		parent = NULL;
		if (floor->set &&
		    git_oid_equal(git_commit_id(c), &floor->commit))
			w->line[w->line_count - 1].rank = floor->rank;
		else if (git_commit_parentcount(c) &&
		         git_commit_parent(&parent, c, 0))
			parent = NULL;
		git_commit_free(c);
		c = parent;
	}
	for (i = w->line_count; i-- > 0; rank = w->line[i].rank)
		if (w->line[i].rank <= rank)
			w->line[i].rank = rank + 1;
	qsort(w->line, w->line_count, sizeof(*w->line), by_id);
	return true;
}

/* The rank of a commit; false: it is not on the line. */
static bool rank_of(const struct walk *w, const git_oid *id, int64_t *out)
{
	const struct ranked key = { *id, 0 };
	const struct ranked *it =
	        bsearch(&key, w->line, w->line_count, sizeof(*w->line), by_id);

	if (it)
		*out = it->rank;
	return it != NULL;
}

/* Where a track goes on when its file was made by the commit at hand. */
struct origin {
	uint32_t track, from;
	git_commit *parent;
};

/* What one commit is to the tracks that come to it. */
struct visit {
	struct walk *walk;
	git_commit *commit;
	struct stop here; /* what no parent so far has likewise */
	bool on_line;
	int64_t rank;
	struct origin *origins;
	size_t origin_count, origin_cap;
};

static void date_file(struct visit *v, uint32_t track)
{
	struct walk *w = v->walk;
	uint32_t i = w->tracks[track].file;
	const git_signature *author = git_commit_author(v->commit);

	if (w->dated[i])
		return;
	w->dated[i] = true;
	w->files[i].modified =
	        (int64_t)git_commit_time(v->commit) * MILLISECONDS;
	w->files[i].author = arena_copy(w->arena, slice_of(author->name));
}

static void rank_file(struct visit *v, uint32_t track)
{
	uint32_t i = v->walk->tracks[track].file;

	if (!v->on_line || v->walk->ranked[i])
		return;
	v->walk->ranked[i] = true;
	v->walk->files[i].rank = v->rank;
}

static void begin_file(struct visit *v, uint32_t track)
{
	struct walk *w = v->walk;

	w->files[w->tracks[track].file].created =
	        (int64_t)git_commit_time(v->commit) * MILLISECONDS;
}

static bool wants_renames(const git_diff *diff)
{
	size_t added = 0, gone = 0, i, n = git_diff_num_deltas(diff);

	for (i = 0; i < n; i++) {
		git_delta_t status = git_diff_get_delta(diff, i)->status;

		added += status == GIT_DELTA_ADDED;
		gone += status == GIT_DELTA_DELETED;
	}
	return added && gone && added <= RENAMES && gone <= RENAMES;
}

bool carrier_git_diff(git_diff **out, git_commit *before, git_commit *after,
                      struct fault *f)
{
	git_diff_options options;
	git_diff_find_options find;
	git_tree *old = NULL, *new = NULL;
	int e = before ? git_commit_tree(&old, before) : 0;

	*out = NULL;
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	git_diff_find_options_init(&find, GIT_DIFF_FIND_OPTIONS_VERSION);
	options.flags = GIT_DIFF_SKIP_BINARY_CHECK;
	find.flags = GIT_DIFF_FIND_RENAMES;
	find.rename_limit = RENAMES;
	if (!e)
		e = git_commit_tree(&new, after);
	if (!e)
		e = git_diff_tree_to_tree(out, git_commit_owner(after), old,
		                          new, &options);
	if (!e && wants_renames(*out))
		e = git_diff_find_similar(*out, &find);
	git_tree_free(old);
	git_tree_free(new);
	return !e || carrier_git_fault(e, "compare two commits", f);
}

/* Notes that the file of `delta` is another one in `parent`. */
static void note_change(struct visit *v, const git_diff_delta *delta,
                        git_commit *parent, struct stop *changed)
{
	struct walk *w = v->walk;
	const struct map_entry *e =
	        map_get(&w->paths, slice_of(delta->new_file.path));
	uint32_t i =
	        e && delta->status != GIT_DELTA_DELETED ? (uint32_t)e->word : 0;

	for (; i; i = w->tracks[i - 1].same) {
		struct origin o = { i - 1, i - 1, parent };

		if (!has(&v->here, i - 1))
			continue;
		put(changed, i - 1);
		if (delta->status == GIT_DELTA_ADDED)
			continue;
		if (delta->status == GIT_DELTA_RENAMED)
			o.from = track_of(w, slice_of(delta->old_file.path),
			                  w->tracks[i - 1].file);
		v->origins = memory_room(v->origins, v->origin_count,
		                         &v->origin_cap, sizeof(o));
		v->origins[v->origin_count++] = o;
	}
}

static bool pass_on(struct visit *v, uint32_t track, uint32_t as,
                    git_commit *parent, struct fault *f)
{
	struct stop *to = stop_at(v->walk, parent);

	if (!to || v->walk->track_count > TRACKS)
		return fault(f, FAULT_LIMIT, "limit-history",
		             "the history has too many branches or renames");
	put(to, as);
	drop(&v->here, track);
	return true;
}

typedef bool each_fn(struct visit *v, uint32_t track, void *with,
                     struct fault *f);

/* For all that stand in `here`. */
static bool each(struct visit *v, each_fn *does, void *with, struct fault *f)
{
	size_t i;
	int bit;

	for (i = 0; i < v->here.words; i++)
		for (bit = 0; v->here.bits[i] >> bit; bit++) {
			if (v->here.bits[i] >> bit & 1 &&
			    !does(v, (uint32_t)(i * 64) + (uint32_t)bit, with,
			          f))
				return false;
			if (bit == 63)
				break;
		}
	return true;
}

/* What the commit and a parent have likewise. */
struct comparison {
	git_commit *parent;
	struct stop changed;
	bool first;
};

static bool compare_one(struct visit *v, uint32_t track, void *with,
                        struct fault *f)
{
	struct comparison *x = with;

	if (!has(&x->changed, track))
		return pass_on(v, track, track, x->parent, f);
	if (x->first)
		rank_file(v, track);
	return true;
}

static bool compare_parent(struct visit *v, git_commit *parent, bool first,
                           struct fault *f)
{
	struct comparison x = { .parent = parent, .first = first };
	git_diff *diff = NULL;
	bool ok = carrier_git_diff(&diff, parent, v->commit, f);
	size_t i;

	for (i = 0; ok && i < git_diff_num_deltas(diff); i++)
		note_change(v, git_diff_get_delta(diff, i), parent, &x.changed);
	ok = ok && each(v, compare_one, &x, f);
	git_diff_free(diff);
	free(x.changed.bits);
	return ok;
}

/* No parent has it likewise. */
static bool made_here(struct visit *v, uint32_t track, void *with,
                      struct fault *f)
{
	(void)with;
	(void)f;
	rank_file(v, track);
	date_file(v, track);
	return true;
}

/* No parent has it at all. */
static bool begun_here(struct visit *v, uint32_t track, void *with,
                       struct fault *f)
{
	(void)with;
	(void)f;
	begin_file(v, track);
	return true;
}

static bool visit_files(struct visit *v, struct fault *f)
{
	size_t i;

	if (!each(v, made_here, NULL, f))
		return false;
	for (i = 0; i < v->origin_count; i++) {
		const struct origin *o = &v->origins[i];

		if (has(&v->here, o->track) &&
		    !pass_on(v, o->track, o->from, o->parent, f))
			return false;
	}
	return each(v, begun_here, NULL, f);
}

static bool visit(struct walk *w, struct stop *here, struct fault *f)
{
	struct visit v = { .walk = w, .here = *here };
	git_commit **parents = NULL;
	unsigned i, n = 0;
	bool ok = true;
	int e = git_commit_lookup(&v.commit, w->repo, &here->id);

	if (e)
		return carrier_git_fault(e, "read a commit", f);
	v.on_line = rank_of(w, &here->id, &v.rank);
	n = git_commit_parentcount(v.commit);
	parents = memory_new(n + 1, sizeof(git_commit *));
	for (i = 0; ok && i < n; i++) {
		/* What a shallow clone has not is not there. */
		if (git_commit_parent(&parents[i], v.commit, i))
			parents[i] = NULL;
		else
			ok = is_empty(&v.here) ||
			     compare_parent(&v, parents[i], i == 0, f);
	}
	ok = ok && visit_files(&v, f);
	for (i = 0; i < n; i++)
		git_commit_free(parents[i]);
	free(parents);
	free(v.origins);
	git_commit_free(v.commit);
	*here = v.here;
	return ok;
}

static bool start(struct walk *w, const git_oid *commit,
                  const struct carrier_git_floor *floor, struct fault *f)
{
	git_commit *tip = NULL;
	struct stop *s;
	size_t i;
	int e = git_commit_lookup(&tip, w->repo, commit);

	if (e)
		return carrier_git_fault(e, "read the commit", f);
	s = stop_at(w, tip);
	for (i = 0; i < w->count; i++) {
		if (floor->set)
			w->files[i].rank = floor->rank;
		put(s, track_of(w, w->files[i].path, (uint32_t)i));
	}
	git_commit_free(tip);
	return rank_line(w, commit, floor, f);
}

bool carrier_git_history(git_repository *repo, const git_oid *commit,
                         const struct carrier_git_floor *floor,
                         struct carrier_git_file *files, size_t count,
                         struct arena *a, struct fault *f)
{
	struct walk w = {
		.repo = repo, .arena = a, .files = files, .count = count
	};
	bool ok;

	if (!count)
		return true;
	w.ranked = memory_new(count, sizeof(*w.ranked));
	w.dated = memory_new(count, sizeof(*w.dated));
	ok = start(&w, commit, floor, f);
	while (ok && w.stop_count) {
		struct stop s = take_latest(&w);

		ok = cancel_check(f) && (is_empty(&s) || visit(&w, &s, f));
		free(s.bits);
	}
	while (w.stop_count)
		free(w.stops[--w.stop_count].bits);
	free(w.stops);
	free(w.tracks);
	free(w.line);
	free(w.ranked);
	free(w.dated);
	map_release(&w.paths);
	return ok;
}

bool carrier_git_on_line(git_repository *repo, const git_oid *commit,
                         const git_oid *before)
{
	git_commit *c = NULL, *parent;
	bool found = false;

	if (git_commit_lookup(&c, repo, commit))
		return false;
	while (c && !found) {
		found = git_oid_equal(git_commit_id(c), before);
		parent = NULL;
		if (!found && git_commit_parentcount(c) &&
		    git_commit_parent(&parent, c, 0))
			parent = NULL;
		git_commit_free(c);
		c = parent;
	}
	return found;
}
