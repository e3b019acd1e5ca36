#ifndef EXPORT_PUBLISH_H
#define EXPORT_PUBLISH_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/slice.h"

/*
 * A folder of files that appears whole or not at all. Files are written into
 * a folder beside it, synced, and the two folders change places in one step;
 * a reader sees the old data set or the new one, never a mixture. An existing
 * folder is replaced only when it is empty or holds a manifest.json of ours.
 */
struct publish {
	char *folder;    /* what it will be called */
	char *temporary; /* where the files are meanwhile */
	int lock;        /* on it, as long as its writer lives; or -1 */
	bool fresh;      /* there may be nothing at `folder` */
};

MUST_USE
bool publish_start(struct publish *p, const char *folder, struct fault *f);

/* The same for a folder that must not be there yet, and that may have folders
 * in it (publish_folder()). FAULT_USAGE: it is there. */
MUST_USE
bool publish_start_new(struct publish *p, const char *folder, struct fault *f);

/* Makes a folder in a fresh one: "a" or, below one that was made, "a/b". */
MUST_USE
bool publish_folder(struct publish *p, const char *name, struct fault *f);

/* Starts a file in it; end it with file_place(). */
MUST_USE
bool publish_file(struct publish *p, const char *name, struct file_new *out,
                  struct fault *f);

/* A whole small file at once. */
MUST_USE
bool publish_text(struct publish *p, const char *name, struct slice text,
                  struct fault *f);

/* Makes everything durable and visible; releases `p` when true. */
MUST_USE
bool publish_commit(struct publish *p, struct fault *f);

/* Removes what was written. Also right on a zeroed or committed one. */
void publish_drop(struct publish *p);

#endif
