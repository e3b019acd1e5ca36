#include "crawler/mediawiki_list.h"

#include "base/map.h"

/* Numbers of namespaces in every MediaWiki. */
enum { NS_TEMPLATE = 10, NS_MODULE = 828 };

static int64_t number(const struct json *j, const char *name, int64_t otherwise)
{
	json_number(json_get(j, name), &otherwise);
	return otherwise;
}

enum mediawiki_state mediawiki_list_page(const struct mediawiki_site *s,
                                         const struct json *page,
                                         struct mediawiki_page *p)
{
	const struct json *r = json_first(json_get(page, "revisions"));

	*p = (struct mediawiki_page){ .id = number(page, "pageid", 0) };
	if (p->id <= 0 || mediawiki_flag(page, "invalid"))
		return STATE_SILENT;
	if (mediawiki_flag(page, "missing"))
		return STATE_GONE;
	p->revision = number(page, "lastrevid", 0);
	if (p->revision <= 0)
		return STATE_SILENT;
	if (mediawiki_flag(page, "redirect"))
		return STATE_GONE;
	if (!mediawiki_site_has(s, number(page, "ns", -1)))
		return STATE_OTHER;
	p->fresh = mediawiki_flag(page, "new");
	p->language = mediawiki_member(page, "pagelanguage");
	p->link = mediawiki_member(page, "canonicalurl");
	if (!p->link.len)
		p->link = mediawiki_member(page, "fullurl");
	p->time = mediawiki_member(r, "timestamp");
	p->user = number(r, "userid", 0);
	p->user_name = mediawiki_member(r, "user");
	return r ? STATE_THERE : STATE_HALF;
}

/* Whether a change may touch what we read: by where it happened, or where a
 * page was moved to. */
static bool concerns(const struct mediawiki_site *s, const struct json *change)
{
	const struct json *to = json_get(change, "logparams");
	struct slice type = mediawiki_member(change, "logtype");

	if (mediawiki_site_has(s, number(change, "ns", -1)))
		return true;
	return slice_eq(type, SLICE("move")) &&
	       mediawiki_site_has(s, number(to, "target_ns", -1));
}

/* Not so new redirects, and logs of other things than pages. */
static bool concerns_pages(const struct json *change)
{
	static const char *const types[] = { "delete", "move",   "import",
		                             "merge",  "upload", "contentmodel",
		                             NULL };
	struct slice type = mediawiki_member(change, "logtype");

	struct slice kind = mediawiki_member(change, "type");

	if (slice_eq(kind, SLICE("new")) && mediawiki_flag(change, "redirect"))
		return false;
	if (!slice_eq(kind, SLICE("log")))
		return true;
	for (size_t i = 0; types[i]; i++)
		if (slice_eq(type, slice_of(types[i])))
			return true;
	return false;
}

static bool first_time(struct map *seen, char mark, struct slice name)
{
	struct buf key = BUF_INIT(4096);
	bool added;

	buf_byte(&key, mark);
	buf_add(&key, name);
	map_put(seen, buf_slice(&key), &added);
	buf_release(&key);
	return added;
}

void mediawiki_list_changes(const struct mediawiki_site *s,
                            const struct json *changes, struct slice since,
                            struct arena *a, struct mediawiki_changes *out)
{
	struct map seen = MAP_INIT;
	size_t most = 0;

	for (const struct json *c = json_first(changes); c; c = json_next(c))
		most++;
	*out = (struct mediawiki_changes){
		.pages = arena_array(a, most + 1, sizeof *out->pages),
		.templates = arena_array(a, most + 1, sizeof *out->templates),
	};
	for (const struct json *c = json_first(changes); c; c = json_next(c)) {
		int64_t id = number(c, "pageid", 0), ns = number(c, "ns", -1);
		struct slice title = mediawiki_member(c, "title"), digits;

		if (!concerns_pages(c))
			continue;
		if ((ns == NS_TEMPLATE || ns == NS_MODULE) && title.len &&
		    slice_cmp(mediawiki_member(c, "timestamp"), since) >= 0 &&
		    first_time(&seen, 't', title))
			out->templates[out->template_count++] =
			        arena_copy(a, title);
		if (id <= 0 || !concerns(s, c) ||
		    !json_text(json_get(c, "pageid"), &digits) ||
		    !first_time(&seen, 'p', digits))
			continue;
		out->pages[out->page_count++] = id;
	}
	map_release(&seen);
}
