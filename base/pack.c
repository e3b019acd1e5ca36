/*
 * One zstd frame (RFC 8878) a body, level -1, with content size and checksum.
 * The contexts are kept: making one costs more than packing a short post.
 * Level 1 takes nearly twice the time and makes a store of crawled pages 3 %
 * smaller, level 3 saves 0.6 % more: originals are read rarely, and written
 * with every page.
 */

#include "base/pack.h"

#include <stdlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "base/memory.h"

enum {
	PACK_LEVEL = -1,
	PACK_ROOM = 256 << 10, /* kept for the next body */
};

struct pack {
	ZSTD_CCtx *packer;
	ZSTD_DCtx *opener;
	char room[PACK_ROOM];
};

struct pack *pack_new(void)
{
	struct pack *p = memory_new(1, sizeof(*p));

	p->packer = ZSTD_createCCtx();
	p->opener = ZSTD_createDCtx();
	if (!p->packer || !p->opener)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	ZSTD_CCtx_setParameter(p->packer, ZSTD_c_contentSizeFlag, 1);
	ZSTD_CCtx_setParameter(p->packer, ZSTD_c_checksumFlag, 1);
	ZSTD_CCtx_setParameter(p->packer, ZSTD_c_compressionLevel, PACK_LEVEL);
	return p;
}

void pack_free(struct pack *p)
{
	if (!p)
		return;
	ZSTD_freeCCtx(p->packer);
	ZSTD_freeDCtx(p->opener);
	free(p);
}

void pack_add(struct pack *p, struct slice s, struct buf *out)
{
	size_t most = ZSTD_compressBound(s.len), len;
	/* Apart, because the bound may pass a ceiling that the result keeps. */
	char *big = most > PACK_ROOM ? memory_resize(NULL, most, 1) : NULL;
	char *to = big ? big : p->room;

	len = ZSTD_compress2(p->packer, to, most, s.at ? s.at : "", s.len);
	if (ZSTD_isError(len)) /* only for want of memory */
		memory_new(SIZE_MAX, SIZE_MAX);
	buf_add(out, (struct slice){ to, len });
	free(big);
}

static bool pack_damaged(struct fault *f, const char *why)
{
	return fault(f, FAULT_INPUT, "pack-damaged",
	             "a compressed body is damaged: %s", why);
}

bool pack_open(struct pack *p, struct slice packed, struct buf *out,
               struct fault *f)
{
	unsigned long long size;
	size_t from = out->len, len;
	char *to;

	size = ZSTD_getFrameContentSize(packed.at ? packed.at : "", packed.len);
	if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
		return pack_damaged(f, "it does not begin as one");
	if (size > LIMIT_BODY)
		return fault(f, FAULT_LIMIT, "limit-body",
		             "a compressed body of %llu bytes is larger than "
		             "the %d allowed",
		             size, (int)LIMIT_BODY);
	if (ZSTD_findFrameCompressedSize(packed.at, packed.len) != packed.len)
		return pack_damaged(f, "it does not end where it should");
	to = buf_extend(out, (size_t)size);
	if (!to)
		return fault(f, FAULT_LIMIT, "limit-body",
		             "a body of %llu bytes does not fit", size);
	len = ZSTD_decompressDCtx(p->opener, to, (size_t)size, packed.at,
	                          packed.len);
	if (ZSTD_isError(len) || len != size) {
		buf_cut(out, from);
		return pack_damaged(f, ZSTD_isError(len)
		                               ? ZSTD_getErrorName(len)
		                               : "length");
	}
	return true;
}
