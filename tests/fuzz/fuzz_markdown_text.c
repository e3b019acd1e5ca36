/* Plain text of anything that calls itself Markdown: never longer, and the
 * bytes are those that were there. */

#include <assert.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct buf out = BUF_INIT(LIMIT_TEXT);

	buf_text(&out, "before");
	markdown_text(s, &out);
	assert(out.len >= 6 && slice_starts(buf_slice(&out), SLICE("before")));
	assert(out.len - 6 <= size);
	assert(utf8_valid(s) < size || utf8_valid(buf_slice(&out)) == out.len);
	buf_release(&out);
	return 0;
}
