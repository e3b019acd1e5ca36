/* Public ids: what is read is written again as an id that reads the same. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "schema/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct slice s = { (const char *)at, len };
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT(1 << 24), space = BUF_INIT(1 << 20);
	struct identity x, y;
	struct fault f;

	if (identity_read(s, &a, &x, &f)) {
		identity_write(&b, &x);
		if (!identity_read(buf_slice(&b), &a, &y, &f) ||
		    !slice_eq(x.space, y.space) ||
		    !slice_eq(x.native, y.native) ||
		    !slice_eq(x.answer, y.answer) || !slice_eq(x.slug, y.slug))
			abort();
	}
	if (identity_space(s, &space, &f)) {
		buf_reset(&b);
		if (!identity_space(buf_slice(&space), &b, &f) ||
		    !slice_eq(buf_slice(&space), buf_slice(&b)))
			abort();
	}
	buf_release(&space);
	buf_release(&b);
	arena_release(&a);
	return 0;
}
