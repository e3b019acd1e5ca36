#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * A growing run of bytes with a ceiling. Appending never fails loudly: past
 * the ceiling the buffer stops growing and remembers it, so that a writer can
 * append freely and ask buf_full() once at the end. An append that does not
 * fit whole appends nothing.
 */
struct buf {
	char *at;
	size_t len, cap;
	size_t ceiling;
	bool full;
};

#define BUF_INIT(max) ((struct buf){ .ceiling = (max) })

/* Frees the bytes; the buffer is then as BUF_INIT made it. */
void buf_release(struct buf *b);

/* Forgets the bytes and keeps the memory. */
void buf_reset(struct buf *b);

void buf_add(struct buf *b, struct slice s);
void buf_text(struct buf *b, const char *text);
void buf_byte(struct buf *b, char byte);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_number(struct buf *b, int64_t n);

/*
 * `len` bytes at the end for the caller to fill, counted at once; NULL (and
 * full) when they do not fit. Valid until the next append.
 */
char *buf_extend(struct buf *b, size_t len);

/* Drops all bytes from `len` on; more than there are is a bug. */
void buf_cut(struct buf *b, size_t len);

static inline bool buf_full(const struct buf *b)
{
	return b->full;
}

/* Borrowed until the next append. */
static inline struct slice buf_slice(const struct buf *b)
{
	return (struct slice){ b->at, b->len };
}

/* The bytes with a NUL behind them (not counted); borrowed likewise. */
const char *buf_string(struct buf *b);

#endif
