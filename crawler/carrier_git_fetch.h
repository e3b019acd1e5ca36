#ifndef CRAWLER_CARRIER_GIT_FETCH_H
#define CRAWLER_CARRIER_GIT_FETCH_H

#include <git2.h>

#include "crawler/source.h"

/*
 * A clone of a repository that lives elsewhere, bare, kept beside the store and
 * brought up to date: its branches are those of the remote, no more. It may be
 * deleted at any time. Over https and http by carrier_git_http.h, under the
 * settings allow-private, ca-file, user, password and token; file: and paths
 * of this machine by libgit2. ssh is refused: libgit2 looks up keys and known
 * hosts as it likes, and reaches what it likes.
 */

/* Opens the clone of the setting `url`, making it when there is none; *out is
 * the caller's. Nothing is fetched. */
MUST_USE
bool carrier_git_fetch_open(git_repository **out, const struct source_start *s,
                            struct fault *f);

/* Brings it up to date. FAULT_LATER, DENIED, INPUT as the remote answers. */
MUST_USE
bool carrier_git_fetch(git_repository *repo, const struct conf_section *conf,
                       const struct source_secrets *secrets, struct fault *f);

#endif
