#ifndef CRAWLER_LOCAL_FOLDER_H
#define CRAWLER_LOCAL_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/local_path.h"

/*
 * A folder on disk, walked in the order of local_path_compare(), and its files
 * opened. Nothing outside of it is reached (openat2 of Linux 5.6, with
 * RESOLVE_BENEATH): links to folders are not followed, and a link to a file
 * counts as that file if it lies within. Pipes, sockets and devices are passed
 * over and never opened.
 */
struct local_folder;

enum local_folder_state {
	LOCAL_FILE,
	LOCAL_UNREADABLE, /* a folder, or a name that tells nothing: `why` */
	LOCAL_OUTSIDE,    /* a link that leads out of the folder */
};

/* What the walk comes to. Borrowed until the next step. */
struct local_folder_entry {
	enum local_folder_state state;
	struct slice path;
	int64_t size;
	int64_t changed;  /* of its inode (ctime): moves with every write,
	                     rename, touch or restoring of an old copy */
	int64_t modified; /* what the file says (mtime) */
	int why;          /* errno */
};

/* FAULT_USAGE: there is no folder at `path`. */
MUST_USE
bool local_folder_new(struct local_folder **out, const char *path,
                      struct fault *f);
void local_folder_free(struct local_folder *d);

/* The walk begins behind the path `after` (empty: with the first). Where it
 * stands there already, it goes on. FAULT_GONE: the folder is no more. */
MUST_USE
bool local_folder_start(struct local_folder *d, const struct local_pick *pick,
                        struct slice after, struct fault *f);

/* False at the end. */
bool local_folder_next(struct local_folder *d, struct local_folder_entry *out);

/* A descriptor of the file, its size in *size. FAULT_GONE: there is no such
 * file any more; FAULT_DENIED: it may not be read, or is none that may be. */
MUST_USE
bool local_folder_open(struct local_folder *d, struct slice path, int *fd,
                       int64_t *size, struct fault *f);

#endif
