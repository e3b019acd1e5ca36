/* Any bytes as gzip: under the ceiling, and out as it was if they are none. */

#include "must.h"

#include "base/gzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct buf out = BUF_INIT(4 << 20);
	struct fault f;

	buf_text(&out, "kept");
	if (!gzip_unpack(s, 100, &out, &f))
		must(out.len == 4);
	else
		must(gzip_is(s));
	must(out.len <= 4 << 20 && !buf_full(&out));
	must(out.len <= (1 << 20) + (64 << 10) + 101 * (size + 1));
	buf_release(&out);
	return 0;
}
