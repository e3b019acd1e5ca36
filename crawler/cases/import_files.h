#ifndef CRAWLER_CASES_IMPORT_FILES_H
#define CRAWLER_CASES_IMPORT_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/troubles.h"

/*
 * The files of an import: those of its folders that may hold cases, in the
 * order of their paths, and files that are named. Nothing outside of a folder
 * (or of the folder of a named file) is ever opened: see local_folder.h.
 */
enum import_kind {
	IMPORT_CSV,   /* .csv .tsv */
	IMPORT_JSON,  /* .json */
	IMPORT_LINES, /* .jsonl .ndjson */
};

struct import_file {
	struct local_folder *folder;
	const char *root;  /* its name, as it was given */
	struct slice path; /* below it */
	enum import_kind kind;
	bool named; /* by the person, not found in a folder */
};

struct import_files {
	struct import_file *list;
	size_t count, cap;
	struct local_folder **folders;
	size_t folder_count, folder_cap;
	struct arena arena;
};

/*
 * Lists them. What cannot be read or leads outside is a trouble; FAULT_USAGE
 * when there is nothing at a path, or nothing that may hold cases. `x` is
 * zeroed; import_files_release() it in either case.
 */
MUST_USE
bool import_files_find(struct import_files *x, char *const *paths,
                       size_t path_count, struct troubles *broken,
                       struct fault *f);
void import_files_release(struct import_files *x);

/* Appends "ROOT/PATH" of a path in the folder of `file`. */
void import_files_name(const struct import_file *file, struct slice path,
                       struct buf *out);

/* A descriptor of a file in the folder of `file`. FAULT_GONE: none is there;
 * anything else is a fault about its name. */
MUST_USE
bool import_files_open(const struct import_file *file, struct slice path,
                       int *fd, struct fault *f);

#endif
