#ifndef BASE_TEXT_MARKUP_WORKER_H
#define BASE_TEXT_MARKUP_WORKER_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * The side of markup.h that parses: the only file that knows libxml2. It runs
 * in a child process (markup_worker_serve), except under a fuzzer, which calls
 * markup_worker_parse() itself.
 *
 * Over the socket both ways: u32 length (little endian), then that many
 * bytes; to the worker a body, back a tree as markup_wire.c writes it. The
 * first byte the worker sends is its enum markup_guard flags.
 */

enum markup_guard {
	MARKUP_GUARD_LIMITS = 1 << 0,   /* memory, CPU, files, processes */
	MARKUP_GUARD_LANDLOCK = 1 << 1, /* no path can be opened */
	MARKUP_GUARD_SECCOMP = 1 << 2,  /* a dozen system calls are left */
};

struct markup_worker;

struct markup_worker *markup_worker_new(void);
void markup_worker_free(struct markup_worker *w);

/* Appends the tree of `html` (UTF-8 without NUL) as one reply, without its
 * length. False: the reply grew over MARKUP_REPLY_MOST. */
bool markup_worker_parse(struct markup_worker *w, struct slice html,
                         struct buf *out);

/* The child's whole life: answers bodies from `fd` until it is closed. */
_Noreturn void markup_worker_serve(int fd);

#endif
