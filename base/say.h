#ifndef BASE_SAY_H
#define BASE_SAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * Log lines for people or machines, on standard error. Text from outside
 * loses its control characters, so that nothing in a post can move the
 * cursor of whoever reads the log. Safe to call from several threads.
 */
enum say_level { SAY_ERROR, SAY_WARN, SAY_INFO, SAY_DEBUG };

/* Before the first thread starts. Lines above `most` are not written. */
void say_setup(enum say_level most, bool json);

void say(enum say_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "subject:line: text (code)" */
void say_fault(enum say_level level, const struct fault *f);

/*
 * `s` made safe for a terminal, into `out` (cut at its size): C0, C1, DEL,
 * bidirectional overrides and bytes that are not UTF-8 become '?'; newline
 * and tab stay. A NUL follows; returns the length without it.
 */
size_t say_clean(char *out, size_t size, struct slice s);

/* For progress.h: whether a bar stands on the line, to be wiped first. */
void say_bar(bool drawn);

#endif
