/* A staged record: any bytes give a record or a fault; a record read back is
 * written as the same bytes. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "schema/staging.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

static void try(struct slice s)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT(1 << 24);
	struct record r;
	struct fault f;

	if (staging_read(s, &a, &r, &f)) {
		staging_write(&b, &r);
		/* What an older version wrote comes out as the newest. */
		if (s.at[0] == b.at[0] && !slice_eq(buf_slice(&b), s))
			abort();
	}
	buf_release(&b);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct slice s = { (const char *)at, len };
	struct buf b = BUF_INIT(1 << 24);
	uint64_t hash = hash64(s);
	int i;

	try(s);
	/* With a right checksum, so that the fields are reached. */
	buf_add(&b, s);
	for (i = 0; i < 8; i++)
		buf_byte(&b, (char)(unsigned char)(hash >> (8 * i)));
	try(buf_slice(&b));
	buf_release(&b);
	return 0;
}
