/* XML as a sitemap and as a feed, text as a sitemap of lines: no more hints
 * than there may be, all with an address. */

#include "must.h"

#include "base/clock.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/feed.h"
#include "crawler/sitemap.h"

static void check(const struct hints *h)
{
	size_t i;

	must(h->count <= HINTS_MOST);
	for (i = 0; i < h->count; i++)
		must(h->list[i].url.len > 0);
}

static void check_xml(struct slice text, struct arena *a)
{
	static struct markup_worker *worker;
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct sitemap map;
	struct hints feed;
	struct markup m;
	struct fault f;

	if (!worker)
		worker = markup_worker_new();
	must(markup_worker_parse(worker, MARKUP_XML, text, &reply));
	if (!markup_wire_refused(buf_slice(&reply), &f)) {
		must(markup_wire_read(buf_slice(&reply), a, &m, &f));
		if (sitemap_read(&map, &m, a, &f))
			check(&map.hints);
		if (feed_read(&feed, &m, a, &f))
			check(&feed);
	}
	buf_release(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct sitemap map;

	if (utf8_valid(text) != text.len || slice_find(text, 0) != text.len)
		return 0;
	sitemap_lines(&map, text, &a);
	check(&map.hints);
	check_xml(text, &a);
	arena_release(&a);
	return 0;
}
