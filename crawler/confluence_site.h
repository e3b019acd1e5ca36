#ifndef CRAWLER_CONFLUENCE_SITE_H
#define CRAWLER_CONFLUENCE_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/slice.h"
#include "crawler/source.h"

/*
 * What we know of one Confluence: where it is, of which kind, which spaces we
 * read, how far we have got. Kept in the source's mark, so that a run that was
 * killed goes on without asking again.
 *
 * Cloud has two interfaces: v1 (rest/api), which alone takes queries and shows
 * restrictions, and v2 (api/v2) for texts. Server and Data Center have v1.
 */
enum confluence_kind {
	CONFLUENCE_UNKNOWN,
	CONFLUENCE_CLOUD,
	CONFLUENCE_SERVER
};

/* Spaces named in one query. */
enum { CONFLUENCE_SPACES = 40 };

struct confluence_space {
	struct slice id, key;
};

struct confluence_site {
	struct arena arena; /* what the slices point into */
	struct slice base;  /* "https://wiki.example.com/wiki": no final '/' */
	enum confluence_kind kind;
	struct slice wanted; /* the settings that choose, as in the mark */
	int64_t since;       /* the latest edit that was seen; 0: none */
	int64_t talked;      /* the latest comment; 0: none */
	int64_t listed;      /* when all was last listed; 0: never */
	struct confluence_space *spaces; /* those that we read */
	size_t space_count, space_cap, space_bytes;
};

void confluence_site_release(struct confluence_site *s);

/* "https://Wiki.example.com/confluence/display/OPS" as
 * "wiki.example.com/confluence"; Cloud's own "/wiki" is left out. */
MUST_USE
bool confluence_site_space(struct slice url, struct buf *out, struct fault *f);

/* From the setting `url`; the kind by its address where `kind` is unknown:
 * *.atlassian.net and paths that end in /wiki are Cloud. */
void confluence_site_open(struct confluence_site *s, struct slice url,
                          enum confluence_kind kind);

/* Cloud's interfaces are all below "/wiki". */
void confluence_site_be(struct confluence_site *s, enum confluence_kind kind);

/* Adds a space to those that are read; what is no key is not. False: they are
 * too many. */
bool confluence_site_add(struct confluence_site *s, struct slice id,
                         struct slice key);
void confluence_site_forget(struct confluence_site *s);
bool confluence_site_has(const struct confluence_site *s, struct slice key);

/* Appends "(space in ("A","B"))" of the spaces from `first` on: as many as one
 * query takes. */
void confluence_site_query(const struct confluence_site *s, size_t first,
                           struct buf *out);

/* Lines "name value". Lines that are not understood are ignored. */
void confluence_site_write_mark(const struct confluence_site *s,
                                struct buf *out);
void confluence_site_read_mark(struct confluence_site *s, struct slice mark);

/* A member as text; empty when it is none. */
struct slice confluence_member(const struct json *j, const char *name);

/* "a.b.c" */
const struct json *confluence_path(const struct json *j, const char *path);

#endif
