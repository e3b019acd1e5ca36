#ifndef TESTS_FAULT_RECORD_H
#define TESTS_FAULT_RECORD_H

#include <stddef.h>
#include <stdint.h>

/*
 * The log of what a program did to the files of one folder, complete enough
 * to build every state that a power cut could have left: replay.py reads it.
 * A record is, all numbers little-endian:
 *
 *	u8  what      one of enum record_what
 *	u8  0
 *	u16 length of the path
 *	u32 length of the data
 *	u64 handle    names one open() of one process; 0: none
 *	u64 offset    of a write; length of a cut; flags of an open
 *	the path (absolute), then the data
 *
 * Only calls that worked are written, in the order in which they did; a write
 * that was cut short is written as short as it was.
 */
enum record_what {
	RECORD_OPEN = 'o',   /* path, handle, flags: enum record_open */
	RECORD_WRITE = 'w',  /* handle, offset, data */
	RECORD_CUT = 't',    /* handle, offset: ftruncate() */
	RECORD_SYNC = 's',   /* handle: fsync() or fdatasync() */
	RECORD_RENAME = 'r', /* path; the data is the new path */
	RECORD_LINK = 'l',   /* path; the data is the new path */
	RECORD_UNLINK = 'u', /* path */
	RECORD_MAKE = 'm',   /* path: mkdir() */
	RECORD_DROP = 'd',   /* path: rmdir() */
	RECORD_SHARE = 'p',  /* handle: mapped for shared writing, unseen */
	RECORD_MARK = 'k',   /* data: what was claimed to be safe by now */
};

enum record_open {
	RECORD_CREATED = 1 << 0,
	RECORD_TRUNCATED = 1 << 1,
	RECORD_FOLDER = 1 << 2,
};

/* Starts appending to the file at `path`; called once. */
void record_setup(const char *path);

/* Appends one record; nothing when record_setup() was not called. The caller
 * holds the lock under which the call itself was made. */
void record(enum record_what what, const char *path, uint64_t handle,
            uint64_t offset, const void *data, size_t len);

#endif
