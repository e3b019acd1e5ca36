/* What stands beside the heading is looked for in a window of nodes: further
 * off are the names of other pages. */

#include "crawler/page_said.h"

#include "base/clock.h"
#include "crawler/page_byline.h"

enum { SAID_BEFORE = 100, SAID_BEHIND = 400 };

/* Names that tools write when nobody is named. */
static bool nobody(struct slice s)
{
	static const char *const names[] = {
		"undefined", "null",    "admin",  "administrator", "webmaster",
		"anonymous", "unknown", "author", "editor",        "guest"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (head_same(s, slice_of(names[i])))
			return true;
	return false;
}

static void take(struct slice *to, struct slice s)
{
	if (!to->len && s.len && !nobody(s))
		*to = s;
}

static void take_time(int64_t *to, int64_t time)
{
	if (*to == CLOCK_NONE)
		*to = time;
}

static void read_byline(struct byline *by, const struct head *h,
                        const struct markup *m, struct arena *a)
{
	uint32_t from = h->h1 > SAID_BEFORE ? h->h1 - SAID_BEFORE : 0;
	uint32_t end = h->h1 + SAID_BEHIND;

	*by = (struct byline){ .time = CLOCK_NONE };
	if (h->h1 == MARKUP_NONE)
		return;
	if (end > m->node_count)
		end = (uint32_t)m->node_count;
	byline_read(by, m, from, end, end, end, true, a);
}

void page_said(struct head *h, const struct linked_data *d,
               const struct page_post *posts, size_t post_count,
               const struct markup *m, struct arena *a)
{
	struct slice author = { 0 };
	int64_t created = d->created;
	struct byline by;

	take(&author, d->organization ? (struct slice){ 0 } : d->author);
	take(&author, h->author);
	take_time(&created, h->created);
	if (!post_count)
		read_byline(&by, h, m, a);
	else
		by = (struct byline){ .author = posts[0].author,
			              .time = posts[0].time };
	take(&author, by.author);
	/* The only date may be that of the last change. */
	if (by.time != h->modified)
		take_time(&created, by.time);
	take(&author, d->author);
	h->author = author;
	h->created = created;
	if (d->modified != CLOCK_NONE)
		h->modified = d->modified;
	take(&h->site, d->site);
	take(&h->language, d->language);
}
