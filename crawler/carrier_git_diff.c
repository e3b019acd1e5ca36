/*
 * libgit2's comparison, with an end. Renames are looked for by what files have
 * in common, which takes the square of their number.
 */

#include "crawler/carrier_git_diff.h"

#include "base/cancel.h"

enum {
	RENAMES = 200, /* files that appear or go: more are not compared */
	CHANGES = 1 << 21,
};

bool carrier_git_fault(int error, const char *doing, struct fault *f)
{
	const git_error *e = git_error_last();

	return fault(f, error == GIT_ENOTFOUND ? FAULT_GONE : FAULT_INPUT,
	             "git", "cannot %s: %s", doing,
	             e && e->message ? e->message : "no reason was given");
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

/* Ends a comparison that grows without end. */
static int count_change(const git_diff *so_far, const git_diff_delta *delta,
                        const char *path, void *payload)
{
	size_t *count = payload;
	struct fault none;

	(void)so_far;
	(void)delta;
	(void)path;
	if (++*count % 1024 == 0 && !cancel_check(&none))
		return GIT_EUSER;
	return *count > CHANGES ? GIT_EUSER : 0;
}

bool carrier_git_diff(git_diff **out, git_commit *before, git_commit *after,
                      struct fault *f)
{
	git_diff_options options;
	git_diff_find_options find;
	git_tree *old = NULL, *new = NULL;
	size_t changes = 0;
	int e = before ? git_commit_tree(&old, before) : 0;

	*out = NULL;
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	git_diff_find_options_init(&find, GIT_DIFF_FIND_OPTIONS_VERSION);
	options.flags = GIT_DIFF_SKIP_BINARY_CHECK;
	options.notify_cb = count_change;
	options.payload = &changes;
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
	if (changes > CHANGES)
		return fault(f, FAULT_LIMIT, "limit-changes",
		             "more than %d files differ between two commits",
		             CHANGES);
	return !e || carrier_git_fault(e, "compare two commits", f);
}
