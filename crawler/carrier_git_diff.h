#ifndef CRAWLER_CARRIER_GIT_DIFF_H
#define CRAWLER_CARRIER_GIT_DIFF_H

#include <git2.h>

#include "base/fault.h"

/* What all that is behind libgit2's door needs: two commits compared, and
 * libgit2's words for what went wrong. */

/* What differs between two commits (`before` NULL: nothing was there), with
 * files that were renamed found where they are few. git_diff_free() it. */
MUST_USE
bool carrier_git_diff(git_diff **out, git_commit *before, git_commit *after,
                      struct fault *f);

/* FAULT_INPUT (GONE, if it is not there) with libgit2's words; false. */
bool carrier_git_fault(int error, const char *doing, struct fault *f);

#endif
