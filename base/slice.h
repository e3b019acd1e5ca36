#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A slice is a borrowed run of bytes. It owns nothing, is not NUL terminated,
 * and lives exactly as long as whoever handed it out says it does.
 */
struct slice {
	const char *at;
	size_t len;
};

#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })

static inline struct slice slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

/* The bytes from `from` up to `to`, both clamped to the slice. */
static inline struct slice slice_cut(struct slice s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	return (struct slice){ s.at ? s.at + from : s.at, to - from };
}

static inline bool slice_starts(struct slice s, struct slice head)
{
	return s.len >= head.len &&
	       (head.len == 0 || !memcmp(s.at, head.at, head.len));
}

static inline bool slice_ends(struct slice s, struct slice tail)
{
	return s.len >= tail.len &&
	       (tail.len == 0 ||
	        !memcmp(s.at + s.len - tail.len, tail.at, tail.len));
}

static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.at, b.at, a.len));
}

/* Byte order; a proper prefix comes first. Negative, 0 or positive. */
static inline int slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.at, b.at, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* Where `byte` first stands, or s.len. */
static inline size_t slice_find(struct slice s, char byte)
{
	const char *at = s.len ? memchr(s.at, byte, s.len) : NULL;

	return at ? (size_t)(at - s.at) : s.len;
}

/* Without ASCII white space at either end. */
struct slice slice_trim(struct slice s);

/* A decimal int64 and nothing else; false leaves *out alone. */
bool slice_number(struct slice s, int64_t *out);

/* For printf's "%.*s": SLICE_ARG(s). Cuts at INT_MAX bytes. */
#define SLICE_ARG(s)                                                           \
	((s).len > 0x7fffffff ? 0x7fffffff : (int)(s).len),                    \
	        ((s).at ? (s).at : "")

#endif
