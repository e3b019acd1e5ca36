#ifndef BASE_TEXT_MARKUP_WORKER_H
#define BASE_TEXT_MARKUP_WORKER_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * The side of markup.h that parses: the only file that knows libxml2. It runs
 * in a child process (markup_worker_serve), except under a fuzzer, which calls
 * markup_worker_parse() itself.
 *
 * Over the socket to the worker: u32 length (little endian), u8 enum
 * markup_language, then that many bytes of a body. Back: u32 length, then a
 * tree as markup_wire.c writes it. The first byte the worker sends is its enum
 * markup_guard flags.
 */

enum { MARKUP_REQUEST_HEAD = 5 };

enum markup_guard {
	MARKUP_GUARD_LIMITS = 1 << 0,   /* memory, CPU, files, processes */
	MARKUP_GUARD_LANDLOCK = 1 << 1, /* no path can be opened */
	MARKUP_GUARD_SECCOMP = 1 << 2,  /* a dozen system calls are left */
};

struct markup_worker;

struct markup_worker *markup_worker_new(void);
void markup_worker_free(struct markup_worker *w);

/* Appends the tree of `text` (UTF-8 without NUL) as one reply, without its
 * length. False: the reply grew over MARKUP_REPLY_MOST. */
bool markup_worker_parse(struct markup_worker *w, enum markup_language language,
                         struct slice text, struct buf *out);

/* The child's whole life: answers bodies from `fd` until it is closed. */
_Noreturn void markup_worker_serve(int fd);

#endif
