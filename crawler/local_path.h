#ifndef CRAWLER_LOCAL_PATH_H
#define CRAWLER_LOCAL_PATH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Paths below a folder or in a repository's tree: "ops/disk.md", any bytes but
 * NUL, parts divided by '/', none of them empty, "." or "..". Pure functions.
 */

/* The order of listings: part by part, each by its bytes, so that what is in a
 * folder stands where the folder does. */
int local_path_compare(struct slice a, struct slice b);

/* Whether it has the form said above, which is that of a listing alone. */
bool local_path_is(struct slice path);

/* The part behind the last '/'. */
struct slice local_path_name(struct slice path);

/* Its ending with the dot, or empty: ".md" of "ops/disk.md". */
struct slice local_path_ending(struct slice path);

/* Appends it as an address has it: parts percent-encoded. */
void local_path_escape(struct slice path, struct buf *out);

/*
 * Appends the native id of the file: the path as clean text (NFC). Bytes that
 * are no UTF-8, controls, and blanks at either end are written %XX.
 */
void local_path_id(struct slice path, struct buf *out);

/* A title made of a file's name: "Disk-is-full.md" is "Disk is full"; a name
 * in capitals and small letters without any blank stays as it is. Appends. */
void local_path_title(struct slice path, struct buf *out);

/* Appends the path of a wiki's page of that name: "Disk-Full.md". */
void local_path_page(struct slice name, struct buf *out);

/* Which of them are wanted. */
struct local_pick;

/*
 * From the settings `extensions` (endings divided by blanks, in any case),
 * `include` and `exclude` (patterns divided by blanks; slices of the conf,
 * which outlives it). In a pattern `*` and `?` stand for any characters but
 * '/', `**` for any at all. One without '/' is matched against every part of
 * a path, one with against the path from its beginning; whatever is below a
 * match matches too. FAULT_USAGE names a setting that is none.
 */
MUST_USE
bool local_pick_new(struct local_pick **out, const struct conf_section *c,
                    struct fault *f);
void local_pick_free(struct local_pick *p);

/* Whether the file of that path is wanted; whether anything in that folder
 * may be. Hidden files, and what version control keeps, never are. */
bool local_pick_file(const struct local_pick *p, struct slice path);
bool local_pick_folder(const struct local_pick *p, struct slice path);

/* The settings, for the tables of the kinds. */
#define LOCAL_PICK_KEYS                                                        \
	{ "extensions", LOCAL_EXTENSIONS, "endings of the files to read" },    \
	        { "include", "", "patterns: if any, only these" },             \
	{                                                                      \
		"exclude", "", "patterns: not these"                           \
	}

#define LOCAL_EXTENSIONS                                                       \
	".md .markdown .mdown .html .htm .txt .adoc .asciidoc .rst .org .pdf"

#endif
