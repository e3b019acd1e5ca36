#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * Files that are there whole or not at all. A new file is written under a
 * temporary name in its own folder, synced, renamed, and the folder synced:
 * after file_publish() returned true it survives a power cut, and before that
 * no reader sees any of it. Temporary names start with ".tmp-".
 */

struct file_new {
	int fd;
	char *path, *temporary;
	uint64_t len;
	bool unsynced; /* set it after the start: file_sync() is the caller's */
	char *buffer;
	size_t used;
	bool bad;
	struct fault why; /* the first write that failed */
};

/* Starts a file that will be called `path`. */
MUST_USE
bool file_start(struct file_new *n, const char *path, struct fault *f);

/* Appends through a buffer. Sticky: ask at file_publish(). */
void file_add(struct file_new *n, struct slice s);

/* Sync, rename, sync the folder. Releases `n` in either case. */
MUST_USE
bool file_publish(struct file_new *n, struct fault *f);

/* Throws away what was written. Also right on a zeroed or published one. */
void file_drop(struct file_new *n);

/* Sync and close under a name of its own, without the folder's sync: for
 * several files that become visible together; then sync_folder() once. */
MUST_USE
bool file_place(struct file_new *n, struct fault *f);

MUST_USE
bool file_sync(const char *path, struct fault *f);
MUST_USE
bool folder_sync(const char *path, struct fault *f);

/* For writers of their own. "dir" of "dir/name", or "."; and the name under
 * which a file is made before it has its own. Both are the caller's to
 * free(). */
char *file_folder(const char *path);
char *file_temporary(const char *path);

/* mkdir -p; an existing folder is fine, a new one survives a power cut. */
MUST_USE
bool folder_make(const char *path, struct fault *f);

/*
 * Removes temporary files that writers left behind when they were killed: of
 * the file `name`, or of all ("") where the caller alone may write. Who holds
 * a number that was a writer's may be another process today; so numbers are
 * not asked. A missing folder is fine.
 */
MUST_USE
bool folder_sweep(const char *path, const char *name, struct fault *f);

/* The whole file, at most `ceiling` bytes; *out is the caller's to free(). */
MUST_USE
bool file_read(const char *path, size_t ceiling, char **out, size_t *len,
               struct fault *f);

/* A read-only mapping of a whole file. An empty file maps to len 0. */
struct file_map {
	const unsigned char *at;
	size_t len;
};

MUST_USE
bool file_map_open(struct file_map *m, const char *path, struct fault *f);
void file_map_close(struct file_map *m);

/* FAULT_SYSTEM (or GONE, DENIED by errno) about `path`, with errno's words. */
bool fault_errno(struct fault *f, const char *path, const char *doing);

#endif
