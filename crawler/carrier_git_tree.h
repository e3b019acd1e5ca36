#ifndef CRAWLER_CARRIER_GIT_TREE_H
#define CRAWLER_CARRIER_GIT_TREE_H

#include "crawler/carrier_git_history.h"
#include "crawler/local_path.h"

/*
 * What a listing of one commit says: the files that are wanted, in the order
 * of local_path_compare(), and which of another commit's are gone or go by
 * another name.
 */
struct carrier_git_move {
	struct slice from, to; /* `to` empty: it is gone */
};

struct carrier_git_tree {
	struct carrier_git_file *files;
	size_t count, cap;
	struct carrier_git_move *moves;
	size_t move_count, move_cap;
	struct arena arena;
};

void carrier_git_tree_release(struct carrier_git_tree *t);

/* Which files: in this folder (empty: any), and picked. */
struct carrier_git_want {
	const struct local_pick *pick;
	struct slice folder;
};

/* Adds all files of the commit. Links, submodules and what is nested deeper
 * than 64 folders are passed over. FAULT_LIMIT: there are too many. */
MUST_USE
bool carrier_git_tree_whole(struct carrier_git_tree *t, git_repository *repo,
                            const git_oid *commit,
                            const struct carrier_git_want *want,
                            struct fault *f);

/* Adds what differs from `since`: moves always, files with `changed`. */
MUST_USE
bool carrier_git_tree_since(struct carrier_git_tree *t, git_repository *repo,
                            const git_oid *commit, const git_oid *since,
                            const struct carrier_git_want *want, bool changed,
                            struct fault *f);

#endif
