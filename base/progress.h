#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * How far a long job is: a bar on a terminal (redrawn at most ten times a
 * second), otherwise a line every few seconds, on standard error; as JSON
 * lines when asked. Quiet when told so. Never called from two threads at once.
 *
 *	import devops.stackexchange.com  [=====>     ] 45 %  3,120 rows  12.1 MB/s
 */
enum progress_style { PROGRESS_AUTO, PROGRESS_JSON, PROGRESS_QUIET };

struct progress {
	const char *job, *unit;
	enum progress_style style;
	bool terminal, drawn;
	bool bytes;             /* set it when `done` counts bytes */
	int64_t started, shown; /* monotonic milliseconds */
	char note[96];          /* shown behind the counts; empty: nothing */
};

/* `job` and `unit` ("rows") are borrowed until progress_end(). */
void progress_start(struct progress *p, enum progress_style style,
                    const char *job, const char *unit);

/* `done` of `total` (0: unknown) bytes or steps, and `count` units so far. */
void progress_move(struct progress *p, int64_t done, int64_t total,
                   int64_t count);

/* Clears the bar. */
void progress_end(struct progress *p);

/*
 * The line as it would be shown `elapsed` milliseconds after the start, at
 * most `width` columns (0: a line without a bar; JSON with its newline).
 */
void progress_line(const struct progress *p, int64_t done, int64_t total,
                   int64_t count, int64_t elapsed, int width, struct buf *out);

#endif
