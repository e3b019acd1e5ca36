#ifndef CRAWLER_CARRIER_GIT_H
#define CRAWLER_CARRIER_GIT_H

#include "crawler/carrier.h"
#include "crawler/source.h"

/*
 * The carrier of the source `gitwiki`: a git repository by libgit2, of which
 * objects and branches are read; nothing is checked out, no hook, filter or
 * configuration of a user has a say. It answers
 *
 *	file:///?tip=1&since=COMMIT
 *		one line: commit and time of the branch's tip, branch, remote
 *		(its address without credentials); with `since`, known (it is
 *		still there) and line (the branch went on from it)
 *	file:///?list=1&commit=COMMIT&since=COMMIT&whole=0&at=N
 *		&floor=COMMIT&floor-rank=N
 *		lines from the N-th on: gone=PATH and moved=PATH&path=PATH since
 *		`since`; path, blob, rank, created, modified, author of the
 *		files that changed since then, or of all when `whole` is 1;
 *		last more=N, or end=1
 *	file:///PATH?blob=ID
 *		a file
 *
 * Lines are those of local_fields.h, what goes wrong is answered as
 * local_answer.h says. carrier_git_history.h tells what a rank is.
 */

/* As source_kind.carrier. FAULT_USAGE: there is no repository. */
MUST_USE
bool carrier_git(const struct source_start *s, struct carrier *out,
                 struct fault *f);

#endif
