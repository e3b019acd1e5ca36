#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * gzip (RFC 1952) by zlib: for bodies that are gzip files, or that a server
 * packed without saying so; and for files of many members, of which each can
 * be read alone.
 */

/* Whether it begins as a gzip file does. */
bool gzip_is(struct slice bytes);

/*
 * Appends all members unpacked. FAULT_INPUT "gzip-damaged": cut or damaged;
 * FAULT_LIMIT "limit-body": more than `out` takes, or over `ratio` times its
 * packed size past the first MiB. Memory stays within what `out` holds.
 */
MUST_USE
bool gzip_unpack(struct slice bytes, unsigned ratio, struct buf *out,
                 struct fault *f);

/* The same for a body that is "deflate" in HTTP's sense: with zlib's head (RFC
 * 1950), or bare (RFC 1951), as some servers understood it. */
MUST_USE
bool gzip_unpack_deflate(struct slice bytes, unsigned ratio, struct buf *out,
                         struct fault *f);

/* Appends the parts, one behind the other, as one member; `out` may come to be
 * full. */
void gzip_pack(const struct slice *parts, size_t count, struct buf *out);

/*
 * A member that is read bit by bit, in constant memory.
 *
 *	gzip_stream_start(&z);
 *	while ((word = gzip_stream_read(&z, &in, to, room, &made)) == GZIP_MORE)
 *		use `made` bytes; where `in` is empty, bring more
 */
struct gzip_stream {
	void *state; /* zeroed: not started */
};

enum gzip_word {
	GZIP_MORE,    /* `in` is used up, or `to` is full */
	GZIP_ENDED,   /* the member is whole; what follows it is left in `in` */
	GZIP_DAMAGED, /* not gzip, or damaged */
};

/* The next bytes begin a member. */
void gzip_stream_start(struct gzip_stream *z);
enum gzip_word gzip_stream_read(struct gzip_stream *z, struct slice *in,
                                char *to, size_t room, size_t *made);
void gzip_stream_release(struct gzip_stream *z);

#endif
