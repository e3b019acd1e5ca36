#ifndef CRAWLER_MEDIAWIKI_SITE_H
#define CRAWLER_MEDIAWIKI_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/slice.h"
#include "base/text/markup.h"

/*
 * What we know of one MediaWiki: where its API is, how its addresses look,
 * which namespaces we read, and how far we have got. It is learned from the
 * wiki at the start of each run, and kept in the source's mark, so that a run
 * that was killed goes on without asking again.
 */

enum { MEDIAWIKI_NAMESPACES = 256 };

struct mediawiki_site {
	struct arena arena; /* what the slices point into */
	struct slice api;   /* https://wiki.example.com/api.php; or empty */
	struct slice server, article_path, script;
	struct slice user_space, language, licence;
	struct slice wanted; /* the setting `namespaces`, as in the mark */
	struct slice since;  /* changes up to this moment are known: ISO */
	struct slice listed; /* when all was last listed: ISO */
	int32_t namespaces[MEDIAWIKI_NAMESPACES];
	uint32_t namespace_count;
};

void mediawiki_site_release(struct mediawiki_site *s);

/* "https://wiki.example.com/ops/index.php/Start" as "wiki.example.com/ops":
 * without api.php, index.php, a final "wiki" or "w" and what stands behind. */
MUST_USE
bool mediawiki_site_space(struct slice url, struct buf *out, struct fault *f);

/* Whether the path of `url` ends in "api.php". */
bool mediawiki_site_is_api(struct slice url);

/* The address of the API from the head of one of the wiki's pages (its link
 * to the RSD description), without a query; empty when it names none. */
struct slice mediawiki_site_api(const struct markup *page, struct arena *a);

/* From the reply to meta=siteinfo. `wanted` chooses namespaces by number or
 * name ("0 Help 12", "all"); empty: those for content. FAULT_USAGE: it names
 * one that is not there. */
MUST_USE
bool mediawiki_site_read(struct mediawiki_site *s, const struct json *query,
                         struct slice wanted, struct fault *f);

/* Adds a namespace to those that are read; what is no number of one, and those
 * over MEDIAWIKI_NAMESPACES, are not. */
void mediawiki_site_add(struct mediawiki_site *s, int64_t ns);

bool mediawiki_site_has(const struct mediawiki_site *s, int64_t ns);

/* "https://wiki.example.com/wiki/Disk_full" of "Disk full": appends. */
void mediawiki_site_link(const struct mediawiki_site *s, struct slice title,
                         struct buf *out);

/* Lines "name value". Lines that are not understood are ignored. */
void mediawiki_site_write_mark(const struct mediawiki_site *s, struct buf *out);
void mediawiki_site_read_mark(struct mediawiki_site *s, struct slice mark);

/* A member of `j` as text; empty when it is none. */
struct slice mediawiki_member(const struct json *j, const char *name);

/* true, or in the first form of the API a member that is just there. */
bool mediawiki_flag(const struct json *j, const char *name);

#endif
