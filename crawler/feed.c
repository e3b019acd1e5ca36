/*
 * The forms differ in names alone: entries are <item> or <entry>, addresses
 * the text of <link>, its href, or a <guid> that is one; dates have eight
 * names. Of several dates the latest counts: it is the change.
 */

#include "crawler/feed.h"

#include "base/clock.h"
#include "base/json.h"
#include "crawler/head.h"

static bool is_entry(const struct markup_node *n)
{
	return hint_is(n, "item") || hint_is(n, "entry");
}

static bool is_date(const struct markup_node *n)
{
	static const char *const names[] = { "pubDate",  "date",
		                             "updated",  "published",
		                             "modified", "issued",
		                             "created",  "lastBuildDate" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (hint_is(n, names[i]))
			return true;
	return false;
}

/* The address that a child of an entry gives, or empty. */
static struct slice address_of(const struct markup *m, uint32_t i)
{
	const struct markup_node *n = &m->nodes[i];
	struct slice rel, href;

	if (hint_is(n, "guid") && hint_is_web(hint_text(m, i)) &&
	    !slice_eq(markup_attribute(m, n, "isPermaLink"), SLICE("false")))
		return hint_text(m, i);
	if (!hint_is(n, "link"))
		return (struct slice){ 0 };
	href = slice_trim(markup_attribute(m, n, "href"));
	rel = markup_attribute(m, n, "rel");
	if (href.len && (!rel.len || head_same(rel, SLICE("alternate"))))
		return href;
	return href.len ? (struct slice){ 0 } : hint_text(m, i);
}

static bool read_entry(const struct markup *m, uint32_t n, struct hint *out)
{
	bool linked = false;
	int64_t time;
	uint32_t i;

	*out = (struct hint){ .time = CLOCK_NONE };
	for (i = m->nodes[n].first; i != MARKUP_NONE; i = m->nodes[i].next) {
		struct slice url = address_of(m, i);
		bool link = hint_is(&m->nodes[i], "link");

		/* A link goes before a guid. */
		if (url.len && (!out->url.len || (link && !linked))) {
			out->url = url;
			linked = link;
		}
		if (is_date(&m->nodes[i]) &&
		    hint_time(hint_text(m, i), &time) && time > out->time)
			out->time = time;
	}
	return out->url.len > 0;
}

bool feed_read(struct hints *out, const struct markup *m, struct arena *a,
               struct fault *f)
{
	size_t room = 0;
	uint32_t i;

	*out = (struct hints){ 0 };
	if (!m->node_count ||
	    !(hint_is(m->nodes, "rss") || hint_is(m->nodes, "RDF") ||
	      hint_is(m->nodes, "feed")))
		return fault(f, FAULT_INPUT, "feed",
		             "neither RSS, RDF nor Atom");
	for (i = 0; i < m->node_count; i++)
		room += is_entry(&m->nodes[i]);
	out->more = room > HINTS_MOST;
	if (out->more)
		room = HINTS_MOST;
	out->list = arena_array(a, room, sizeof(struct hint));
	for (i = 0; i < m->node_count && out->count < room; i++)
		if (is_entry(&m->nodes[i]))
			out->count += read_entry(m, i, &out->list[out->count]);
	return true;
}

static void json_date(const struct json *item, const char *name, int64_t *time)
{
	struct slice text;
	int64_t t;

	if (json_text(json_get(item, name), &text) && hint_time(text, &t) &&
	    t > *time)
		*time = t;
}

bool feed_read_json(struct hints *out, struct slice text, struct arena *a,
                    struct fault *f)
{
	const struct json *items, *i;
	struct json *feed;
	size_t room = 0;

	*out = (struct hints){ 0 };
	if (!json_parse(&feed, text, f))
		return false;
	items = json_is_object(feed) ? json_get(feed, "items") : NULL;
	if (!items || !json_is_array(items)) {
		json_free(feed);
		return fault(f, FAULT_INPUT, "feed", "no list of items");
	}
	for (i = json_first(items); i && room < HINTS_MOST; i = json_next(i))
		room++;
	out->more = i != NULL;
	out->list = arena_array(a, room, sizeof(struct hint));
	for (i = json_first(items); i && out->count < room; i = json_next(i)) {
		struct hint h = { .time = CLOCK_NONE };

		if (!json_is_object(i) ||
		    !json_text(json_get(i, "url"), &h.url))
			continue;
		h.url = arena_copy(a, slice_trim(h.url));
		if (!h.url.len)
			continue;
		json_date(i, "date_published", &h.time);
		json_date(i, "date_modified", &h.time);
		out->list[out->count++] = h;
	}
	json_free(feed);
	return true;
}
