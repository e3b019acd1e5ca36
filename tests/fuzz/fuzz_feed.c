/* Any bytes as a JSON feed, and as a date: what is read as a date is one. */

#include "must.h"

#include "base/clock.h"
#include "crawler/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct hints h;
	struct fault f;
	int64_t time = 7;
	size_t i;

	if (feed_read_json(&h, text, &a, &f)) {
		must(h.count <= HINTS_MOST);
		for (i = 0; i < h.count; i++)
			must(h.list[i].url.len > 0);
	} else {
		must(f.kind != FAULT_NONE);
	}
	if (hint_time(text, &time))
		must(time >= INT64_C(-62135683200000) &&
		     time < INT64_C(253402387200000));
	else
		must(time == 7);
	arena_release(&a);
	return 0;
}
