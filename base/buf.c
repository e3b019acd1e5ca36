/* Growing by half, never past the ceiling. */

#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Room for `more` bytes and a NUL, or full. */
static bool buf_grow(struct buf *b, size_t more)
{
	size_t need, cap;

	if (b->full || more > b->ceiling || b->len > b->ceiling - more) {
		b->full = true;
		return false;
	}
	need = b->len + more + 1;
	if (need <= b->cap)
		return true;
	cap = b->cap + b->cap / 2;
	if (cap < need)
		cap = need;
	if (cap < 64)
		cap = 64;
	b->at = memory_resize(b->at, cap, 1);
	b->cap = cap;
	return true;
}

void buf_release(struct buf *b)
{
	free(b->at);
	*b = BUF_INIT(b->ceiling);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

char *buf_extend(struct buf *b, size_t len)
{
	char *at;

	if (!buf_grow(b, len))
		return NULL;
	at = b->at + b->len;
	b->len += len;
	return at;
}

void buf_add(struct buf *b, struct slice s)
{
	char *to = buf_extend(b, s.len);

	if (to && s.len)
		memcpy(to, s.at, s.len);
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, slice_of(text));
}

void buf_byte(struct buf *b, char byte)
{
	if (buf_grow(b, 1))
		b->at[b->len++] = byte;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0 || !buf_grow(b, (size_t)n))
		return;
	va_start(args, fmt);
	vsnprintf(b->at + b->len, (size_t)n + 1, fmt, args);
	va_end(args);
	b->len += (size_t)n;
}

void buf_number(struct buf *b, int64_t n)
{
	char digits[21];
	size_t i = sizeof(digits);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		digits[--i] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (n < 0)
		digits[--i] = '-';
	buf_add(b, (struct slice){ digits + i, sizeof(digits) - i });
}

void buf_cut(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->len = len;
}

const char *buf_string(struct buf *b)
{
	if (!b->at) {
		b->at = memory_resize(NULL, 64, 1);
		b->cap = 64;
	}
	b->at[b->len] = '\0';
	return b->at;
}
