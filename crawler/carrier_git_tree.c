/*
 * A commit's tree by a stack of the folders that are open; two commits by
 * libgit2's comparison, in which a file is of interest when it is wanted under
 * its old name, its new one, or both.
 */

#include "crawler/carrier_git_tree.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/cancel.h"
#include "base/memory.h"

enum {
	TREE_LEVELS = 64,
	TREE_PATH = 4096,
	TREE_FILES = 1 << 20,
};

void carrier_git_tree_release(struct carrier_git_tree *t)
{
	free(t->files);
	free(t->moves);
	arena_release(&t->arena);
	*t = (struct carrier_git_tree){ 0 };
}

static bool in_folder(const struct carrier_git_want *want, struct slice path)
{
	return !want->folder.len || (slice_starts(path, want->folder) &&
	                             path.len > want->folder.len &&
	                             path.at[want->folder.len] == '/');
}

/* No folder above it is left out, either. */
static bool is_wanted(const struct carrier_git_want *want, struct slice path)
{
	size_t i;

	if (!local_path_is(path) || !in_folder(want, path) ||
	    !local_pick_file(want->pick, path))
		return false;
	for (i = 0; i < path.len; i++)
		if (path.at[i] == '/' &&
		    !local_pick_folder(want->pick, slice_cut(path, 0, i)))
			return false;
	return true;
}

static bool is_file(uint32_t mode)
{
	return mode == GIT_FILEMODE_BLOB ||
	       mode == GIT_FILEMODE_BLOB_EXECUTABLE ||
	       mode == 0100664; /* of old versions of git */
}

static bool add_file(struct carrier_git_tree *t, struct slice path,
                     const git_oid *blob, struct fault *f)
{
	if (t->count == TREE_FILES)
		return fault(f, FAULT_LIMIT, "limit-files",
		             "the repository has more than %d files",
		             TREE_FILES);
	t->files = memory_room(t->files, t->count, &t->cap, sizeof(*t->files));
	t->files[t->count++] = (struct carrier_git_file){
		.path = arena_copy(&t->arena, path),
		.blob = *blob,
	};
	return true;
}

static void add_move(struct carrier_git_tree *t, struct slice from,
                     struct slice to)
{
	t->moves = memory_room(t->moves, t->move_count, &t->move_cap,
	                       sizeof(*t->moves));
	t->moves[t->move_count++] = (struct carrier_git_move){
		arena_copy(&t->arena, from),
		to.len ? arena_copy(&t->arena, to) : to,
	};
}

struct level {
	git_tree *tree;
	size_t next, path;
};

struct descent {
	struct carrier_git_tree *out;
	git_repository *repo;
	const struct carrier_git_want *want;
	struct level levels[TREE_LEVELS];
	size_t depth;
	struct buf path;
};

static bool enter(struct descent *d, const git_oid *id, struct fault *f)
{
	struct level *l = &d->levels[d->depth];
	int e;

	if (d->depth == TREE_LEVELS)
		return true;
	*l = (struct level){ .path = d->path.len };
	e = git_tree_lookup(&l->tree, d->repo, id);
	if (e)
		return carrier_git_fault(e, "read a folder", f);
	d->depth++;
	return true;
}

/* A folder on the way to the one that is wanted, or below it. */
static bool leads_on(const struct descent *d, struct slice path)
{
	struct slice folder = d->want->folder;

	if (!folder.len || in_folder(d->want, path))
		return local_pick_folder(d->want->pick, path);
	return slice_eq(path, folder) ||
	       (slice_starts(folder, path) && folder.at[path.len] == '/');
}

static bool look(struct descent *d, const git_tree_entry *e, struct fault *f)
{
	struct slice name = slice_of(git_tree_entry_name(e));
	const struct level *l = &d->levels[d->depth - 1];
	struct slice path;

	buf_cut(&d->path, l->path);
	if (l->path + 1 + name.len >= TREE_PATH)
		return true;
	if (l->path)
		buf_byte(&d->path, '/');
	buf_add(&d->path, name);
	path = buf_slice(&d->path);
	if (git_tree_entry_type(e) == GIT_OBJECT_TREE)
		return !leads_on(d, path) || enter(d, git_tree_entry_id(e), f);
	return !is_file(git_tree_entry_filemode_raw(e)) ||
	       !is_wanted(d->want, path) ||
	       add_file(d->out, path, git_tree_entry_id(e), f);
}

static int by_path(const void *a, const void *b)
{
	const struct carrier_git_file *x = a, *y = b;

	return local_path_compare(x->path, y->path);
}

static void sort(struct carrier_git_tree *t)
{
	if (t->count)
		qsort(t->files, t->count, sizeof(*t->files), by_path);
}

bool carrier_git_tree_whole(struct carrier_git_tree *t, git_repository *repo,
                            const git_oid *commit,
                            const struct carrier_git_want *want,
                            struct fault *f)
{
	struct descent *d = memory_new(1, sizeof(*d));
	git_commit *c = NULL;
	int e = git_commit_lookup(&c, repo, commit);
	bool ok = !e || carrier_git_fault(e, "read the commit", f);

	d->out = t;
	d->repo = repo;
	d->want = want;
	d->path = BUF_INIT(TREE_PATH);
	ok = ok && enter(d, git_commit_tree_id(c), f);
	while (ok && d->depth) {
		struct level *l = &d->levels[d->depth - 1];

		if (l->next < git_tree_entrycount(l->tree))
			ok = look(d, git_tree_entry_byindex(l->tree, l->next++),
			          f) &&
			     cancel_check(f);
		else
			git_tree_free(d->levels[--d->depth].tree);
	}
	while (d->depth)
		git_tree_free(d->levels[--d->depth].tree);
	sort(t);
	git_commit_free(c);
	buf_release(&d->path);
	free(d);
	return ok;
}

static bool add_delta(struct carrier_git_tree *t, const git_diff_delta *delta,
                      const struct carrier_git_want *want, bool changed,
                      struct fault *f)
{
	struct slice from = slice_of(delta->old_file.path);
	struct slice to = slice_of(delta->new_file.path);
	bool was = delta->status != GIT_DELTA_ADDED &&
	           is_file(delta->old_file.mode) && is_wanted(want, from);
	bool is = delta->status != GIT_DELTA_DELETED &&
	          is_file(delta->new_file.mode) && is_wanted(want, to);

	if (was && !is)
		add_move(t, from, SLICE(""));
	else if (was && delta->status == GIT_DELTA_RENAMED)
		add_move(t, from, to);
	return !is || !changed || add_file(t, to, &delta->new_file.id, f);
}

bool carrier_git_tree_since(struct carrier_git_tree *t, git_repository *repo,
                            const git_oid *commit, const git_oid *since,
                            const struct carrier_git_want *want, bool changed,
                            struct fault *f)
{
	git_commit *before = NULL, *after = NULL;
	git_diff *diff = NULL;
	int e = git_commit_lookup(&before, repo, since);
	bool ok;
	size_t i;

	if (!e)
		e = git_commit_lookup(&after, repo, commit);
	ok = e ? carrier_git_fault(e, "read a commit", f)
	       : carrier_git_diff(&diff, before, after, f);
	for (i = 0; ok && i < git_diff_num_deltas(diff); i++)
		ok = add_delta(t, git_diff_get_delta(diff, i), want, changed,
		               f);
	if (changed)
		sort(t);
	git_diff_free(diff);
	git_commit_free(before);
	git_commit_free(after);
	return ok;
}
