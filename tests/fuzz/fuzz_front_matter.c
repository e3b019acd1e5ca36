/* Front matter of any bytes: it is never longer than the text, what comes of
 * it is never longer than it, and a text that it was cut from has no more. */

#include "must.h"

#include "base/limits.h"
#include "base/text/front_matter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct document d;
	size_t len;

	document_init(&d);
	len = front_matter_read(text, &a, &d);
	must(len <= size);
	must(len || (!d.title.len && !d.tag_count && !d.author.len));
	must(d.title.len <= size && d.description.len <= size);
	must(d.tag_count <= LIMIT_TAGS && d.alias_count <= LIMIT_TAGS);
	arena_release(&a);
	return 0;
}
