#ifndef CRAWLER_CARRIER_GIT_HISTORY_H
#define CRAWLER_CARRIER_GIT_HISTORY_H

#include <git2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Who wrote which file when, and in which order the states of files came to a
 * branch: one walk over a history for all files at once.
 *
 * Merges are followed as `git log -- FILE` follows them: to the parent in
 * which the file is the same. A file that was renamed is followed to its old
 * name. Commits that are missing, as in a shallow clone, end the history
 * there.
 *
 * The *rank* of a commit on the branch's own line (first parents) is its time,
 * or a little more, so that it is greater than that of any commit before it;
 * the rank of a file's state is that of the commit in which it came to the
 * line. So a newer state has a greater rank, whatever the clocks of those who
 * made the commits said, and a rank never changes while the line goes on.
 */
struct carrier_git_file {
	struct slice path; /* in the repository */
	git_oid blob;
	int64_t rank;              /* milliseconds UTC, or later */
	int64_t created, modified; /* of the first and last commit, likewise */
	struct slice author;       /* of the last commit; made in the arena */
};

/* Where ranks begin when a branch was rewritten: `commit`, which has the rank
 * `rank`, as all that was before it. */
struct carrier_git_floor {
	bool set;
	git_oid commit;
	int64_t rank;
};

/* Fills in all but path and blob of `files` as they are in `commit`. */
MUST_USE
bool carrier_git_history(git_repository *repo, const git_oid *commit,
                         const struct carrier_git_floor *floor,
                         struct carrier_git_file *files, size_t count,
                         struct arena *a, struct fault *f);

/* Whether `before` lies on the line of `commit`. */
bool carrier_git_on_line(git_repository *repo, const git_oid *commit,
                         const git_oid *before);

/* What differs between two commits (`before` NULL: nothing was there), with
 * files that were renamed found where they are few. git_diff_free() it. */
MUST_USE
bool carrier_git_diff(git_diff **out, git_commit *before, git_commit *after,
                      struct fault *f);

/* FAULT_INPUT (GONE, if it is not there) with libgit2's words; false. */
bool carrier_git_fault(int error, const char *doing, struct fault *f);

#endif
