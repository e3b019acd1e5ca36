/*
 * zlib unpacks straight into the buffer, a piece at a time, so that a ceiling
 * or a ratio is noticed before the next piece is made. What follows the last
 * member and is no member itself (padding, mostly) is left alone, as gzip and
 * browsers do.
 */

#include "base/gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"

enum {
	GZIP_PIECE = 64 << 10,
	GZIP_UNSUSPECTED = 1 << 20, /* unpacked, before a ratio counts */
	GZIP_WINDOW = 15 + 16,      /* the largest, and a gzip head */
	GZIP_ZLIB = 15,             /* a zlib head */
	GZIP_BARE = -15,            /* none */
	GZIP_LEVEL = 6,
	GZIP_MEMORY = 8, /* zlib's own choice */
};

bool gzip_is(struct slice bytes)
{
	return slice_starts(bytes, SLICE("\x1f\x8b\x08"));
}

static bool gzip_damaged(struct fault *f, const char *why)
{
	return fault(f, FAULT_INPUT, "gzip-damaged",
	             "a gzip body is cut or damaged: %s", why);
}

static bool gzip_too_much(struct fault *f, size_t packed)
{
	return fault(f, FAULT_LIMIT, "limit-body",
	             "a gzip body of %zu bytes unpacks to too much", packed);
}

/* Unpacks into what room there is; with none left, finds out whether any is
 * needed. Returns zlib's word. */
static int gzip_piece(z_stream *z, struct buf *out, bool *full)
{
	size_t room = out->ceiling - out->len;
	size_t want = room < GZIP_PIECE ? room : GZIP_PIECE;
	char spare;
	char *to = want ? buf_extend(out, want) : &spare;
	int code;

	z->next_out = (Bytef *)to;
	z->avail_out = want ? (uInt)want : 1;
	code = inflate(z, Z_NO_FLUSH);
	*full = !want && !z->avail_out;
	if (want)
		buf_cut(out, out->len - z->avail_out);
	return code;
}

/* One member, and whether another one follows. */
static bool gzip_member(z_stream *z, struct slice bytes, unsigned ratio,
                        size_t start, struct buf *out, struct fault *f)
{
	for (;;) {
		bool full;
		int code = gzip_piece(z, out, &full);
		size_t made = out->len - start, used = bytes.len - z->avail_in;

		if (full || (made > GZIP_UNSUSPECTED && made / ratio > used))
			return gzip_too_much(f, bytes.len);
		if (code == Z_STREAM_END)
			return true;
		if (code == Z_MEM_ERROR)
			memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
		if (code == Z_BUF_ERROR ||
		    (code == Z_OK && !z->avail_in && z->avail_out))
			return gzip_damaged(f, "it ends too early");
		if (code != Z_OK)
			return gzip_damaged(f, z->msg ? z->msg : "no gzip");
	}
}

bool gzip_unpack(struct slice bytes, unsigned ratio, struct buf *out,
                 struct fault *f)
{
	z_stream z = { 0 };
	size_t start = out->len;
	bool done;

	if (bytes.len > UINT_MAX)
		return gzip_too_much(f, bytes.len);
	if (!gzip_is(bytes))
		return gzip_damaged(f, "it does not begin as one");
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	z.next_in = (z_const Bytef *)(uintptr_t)bytes.at;
	z.avail_in = (uInt)bytes.len;
	do {
		done = gzip_member(&z, bytes, ratio ? ratio : 1, start, out, f);
	} while (done &&
	         gzip_is((struct slice){ (const char *)z.next_in,
	                                 z.avail_in }) &&
	         inflateReset(&z) == Z_OK);
	inflateEnd(&z);
	if (!done)
		buf_cut(out, start);
	return done;
}

static bool unpack_as(int window, struct slice bytes, unsigned ratio,
                      struct buf *out, struct fault *f)
{
	z_stream z = { 0 };
	bool done;

	if (bytes.len > UINT_MAX)
		return gzip_too_much(f, bytes.len);
	if (inflateInit2(&z, window) != Z_OK)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	z.next_in = (z_const Bytef *)(uintptr_t)bytes.at;
	z.avail_in = (uInt)bytes.len;
	done = gzip_member(&z, bytes, ratio ? ratio : 1, out->len, out, f);
	inflateEnd(&z);
	return done;
}

bool gzip_unpack_deflate(struct slice bytes, unsigned ratio, struct buf *out,
                         struct fault *f)
{
	size_t start = out->len;

	if (unpack_as(GZIP_ZLIB, bytes, ratio, out, f))
		return true;
	buf_cut(out, start);
	if (f->kind == FAULT_INPUT &&
	    unpack_as(GZIP_BARE, bytes, ratio, out, f))
		return true;
	buf_cut(out, start);
	return false;
}

void gzip_pack(const struct slice *parts, size_t count, struct buf *out)
{
	z_stream z = { 0 };
	unsigned char piece[16 << 10];
	size_t i;

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
	                 Z_DEFAULT_STRATEGY) != Z_OK)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	for (i = 0; i <= count; i++) {
		z.next_in = i < count ? (z_const Bytef *)(uintptr_t)parts[i].at
		                      : NULL;
		z.avail_in = i < count ? (uInt)parts[i].len : 0;
		do {
			z.next_out = piece;
			z.avail_out = sizeof(piece);
			deflate(&z, i < count ? Z_NO_FLUSH : Z_FINISH);
			buf_add(out,
			        (struct slice){ (const char *)piece,
			                        sizeof(piece) - z.avail_out });
		} while (!z.avail_out);
	}
	deflateEnd(&z);
}

void gzip_stream_start(struct gzip_stream *z)
{
	z_stream *s = z->state;

	if (s) {
		inflateReset(s);
		return;
	}
	z->state = s = memory_new(1, sizeof(*s));
	if (inflateInit2(s, GZIP_WINDOW) != Z_OK)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
}

enum gzip_word gzip_stream_read(struct gzip_stream *z, struct slice *in,
                                char *to, size_t room, size_t *made)
{
	z_stream *s = z->state;
	uInt len = in->len < UINT_MAX ? (uInt)in->len : UINT_MAX;
	uInt most = room < UINT_MAX ? (uInt)room : UINT_MAX;
	int code;

	s->next_in = (z_const Bytef *)(uintptr_t)in->at;
	s->avail_in = len;
	s->next_out = (Bytef *)to;
	s->avail_out = most;
	code = inflate(s, Z_NO_FLUSH);
	*made = most - s->avail_out;
	*in = slice_cut(*in, len - s->avail_in, in->len);
	if (code == Z_MEM_ERROR)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	if (code == Z_STREAM_END)
		return GZIP_ENDED;
	return code == Z_OK || code == Z_BUF_ERROR ? GZIP_MORE : GZIP_DAMAGED;
}

void gzip_stream_release(struct gzip_stream *z)
{
	if (z->state)
		inflateEnd(z->state);
	free(z->state);
	z->state = NULL;
}
