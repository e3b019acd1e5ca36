/* Bytes as a manifest: as they are, and with the hash that they should have at
 * their end, so that the parser is reached. What parses is written back as the
 * same bytes. */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "kb/codec.h"
#include "kb/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(struct slice bytes)
{
	struct buf out = BUF_INIT(64 << 20);
	struct arena a = ARENA_INIT;
	struct manifest m;
	struct fault f;

	if (manifest_parse(&m, bytes, &a, &f)) {
		manifest_write(&m, &out);
		assert(slice_eq(bytes, buf_slice(&out)));
	}
	buf_release(&out);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size + 1);

	parse((struct slice){ (const char *)data, size });
	if (copy && size >= 8) {
		memcpy(copy, data, size);
		store64(copy + size - 8,
		        hash64((struct slice){ (char *)copy, size - 8 }));
		parse((struct slice){ (char *)copy, size });
	}
	free(copy);
	return 0;
}
