/* One walk: <loc> and <lastmod> belong to the <url> or <sitemap> they are
 * children of, whatever else stands between. */

#include "crawler/sitemap.h"

#include "base/clock.h"

/* One entry's address and date. False: it has no address. */
static bool read_entry(const struct markup *m, uint32_t n, struct hint *out)
{
	uint32_t i;

	*out = (struct hint){ .time = CLOCK_NONE };
	for (i = m->nodes[n].first; i != MARKUP_NONE; i = m->nodes[i].next) {
		if (hint_is(&m->nodes[i], "loc") && !out->url.len)
			out->url = hint_text(m, i);
		else if (hint_is(&m->nodes[i], "lastmod"))
			hint_time(hint_text(m, i), &out->time);
	}
	return out->url.len > 0;
}

bool sitemap_read(struct sitemap *s, const struct markup *m, struct arena *a,
                  struct fault *f)
{
	const struct markup_node *root = m->nodes;
	const char *entry;
	size_t room = 0;
	uint32_t i;

	*s = (struct sitemap){ 0 };
	s->index = m->node_count && hint_is(root, "sitemapindex");
	if (!s->index && !(m->node_count && hint_is(root, "urlset")))
		return fault(f, FAULT_INPUT, "sitemap",
		             "neither <urlset> nor <sitemapindex>");
	entry = s->index ? "sitemap" : "url";
	for (i = root->first; i != MARKUP_NONE; i = m->nodes[i].next)
		room += hint_is(&m->nodes[i], entry);
	s->hints.more = room > HINTS_MOST;
	s->hints.list = arena_array(a, room < HINTS_MOST ? room : HINTS_MOST,
	                            sizeof(struct hint));
	for (i = root->first; i != MARKUP_NONE && s->hints.count < HINTS_MOST;
	     i = m->nodes[i].next)
		if (hint_is(&m->nodes[i], entry))
			s->hints.count += read_entry(
			        m, i, &s->hints.list[s->hints.count]);
	return true;
}

void sitemap_lines(struct sitemap *s, struct slice text, struct arena *a)
{
	size_t room = 1, i, end;

	for (i = 0; i < text.len && room < HINTS_MOST; i++)
		room += text.at[i] == '\n';
	*s = (struct sitemap){ 0 };
	s->hints.list = arena_array(a, room, sizeof(struct hint));
	for (; text.len; text = slice_cut(text, end + 1, text.len)) {
		struct slice line;

		end = slice_find(text, '\n');
		line = slice_trim(slice_cut(text, 0, end));
		if (!hint_is_web(line))
			continue;
		if (s->hints.count == HINTS_MOST) {
			s->hints.more = true;
			return;
		}
		s->hints.list[s->hints.count++] =
		        (struct hint){ line, CLOCK_NONE };
	}
}
