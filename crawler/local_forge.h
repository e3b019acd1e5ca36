#ifndef CRAWLER_LOCAL_FORGE_H
#define CRAWLER_LOCAL_FORGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * The places where people read what is in a repository, by the repository's
 * address: those of GitHub, GitLab, Gitea and its kin, Bitbucket. Nothing is
 * asked; a host is known by its name.
 */

/* Whether the repository is that of a wiki: "ops.wiki.git". */
bool local_forge_is_wiki(struct slice remote);

/* Appends a pattern for local_link_write(); nothing for a place that is not
 * known. `remote`: "https://host/path", "host:path" or "host/path". */
void local_forge_link(struct slice remote, struct slice branch,
                      struct buf *out);

/* Appends "host/path", without scheme, user, port and ".git": what a clone's
 * space is called. Nothing for what is no address of a host. */
void local_forge_space(struct slice remote, struct buf *out);

#endif
