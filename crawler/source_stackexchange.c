/*
 * A Stack Exchange site, by its API or by its pages: what can be set, and the
 * way chosen. stack_walk_api.c and stack_walk_pages.c walk.
 */

#include "base/buf.h"
#include "base/hash.h"
#include "base/text/markdown.h"
#include "crawler/source.h"
#include "crawler/stack_post.h"
#include "crawler/stack_walk.h"
#include "schema/identity.h"

extern const struct source_kind source_stackexchange;

enum {
	PAGE_MOST = 100, /* the API's ceiling */
	PAGES = 500,     /* most list pages by html, unless set */
	DAY = 24 * 3600 * 1000,
};

static const char *const order_names[ORDERS] = { "active", "creation",
	                                         "votes" };

static const struct conf_key keys[] = {
	{ "site", "serverfault.com", "host of the site" },
	{ "way", "api", "api, or html for a mirror or an instance of yours" },
	{ "api", "https://api.stackexchange.com/2.3", "address of the API" },
	{ "url", "", "html: address of the mirror; default https://SITE" },
	{ "order", "active", "active, creation or votes" },
	{ "pages", "",
	  "most list pages; default 500 by html, no ceiling by the API" },
	{ "page-size", "100", "api: questions of one call, 1 to 100" },
	{ "min-score", "", "only questions of at least that many votes" },
	{ "tags", "", "only questions with one of these tags" },
	{ "recheck", "30", "days between full listings, which find deletions" },
	{ 0 },
};

/* The next word of *text; empty at its end. */
struct slice stack_word(struct slice *text)
{
	struct slice word;
	size_t n;

	*text = slice_trim(*text);
	n = slice_find(*text, ' ');
	word = slice_cut(*text, 0, n);
	*text = slice_cut(*text, n, text->len);
	return word;
}

bool stack_wants(const struct stack_source *s, int64_t votes,
                 const struct slice *tags, size_t tag_count)
{
	size_t i, j;

	if (votes < s->min_score)
		return false;
	for (i = 0; i < tag_count; i++)
		for (j = 0; j < s->tag_count; j++)
			if (slice_eq(tags[i], s->tags[j]))
				return true;
	return !s->tag_count;
}

/* A setting that is a number, `fallback` when it is not set. */
static bool get_number(const struct conf_section *c, const char *name,
                       int64_t least, int64_t fallback, int64_t *out,
                       struct fault *f)
{
	struct slice s = conf_get(c, name, "");

	*out = fallback;
	if (!s.len || (slice_number(s, out) && *out >= least))
		return true;
	return fault(f, FAULT_USAGE, "stack-setting", "'%s' is no such number",
	             name);
}

static bool get_order(const struct conf_section *c, enum stack_order *out,
                      struct fault *f)
{
	struct slice s = conf_get(c, "order", "active");
	size_t i;

	for (i = 0; i < ORDERS; i++) {
		if (slice_eq(s, slice_of(order_names[i]))) {
			*out = (enum stack_order)i;
			return true;
		}
	}
	return fault(f, FAULT_USAGE, "stack-setting",
	             "'order' is active, creation or votes");
}

static bool get_tags(const struct conf_section *c, struct stack_source *s,
                     struct fault *f)
{
	struct slice text = arena_copy(&s->arena, conf_get(c, "tags", ""));
	char *at = (char *)text.at;
	size_t i;

	for (i = 0; i < text.len; i++)
		if (at[i] == ',' || at[i] == ';' || at[i] == '\t')
			at[i] = ' ';
	for (;;) {
		struct slice word = stack_word(&text);

		if (!word.len)
			return true;
		if (s->tag_count == STACK_TAGS_MOST)
			return fault(f, FAULT_USAGE, "stack-setting",
			             "'tags' takes at most %d",
			             STACK_TAGS_MOST);
		s->tags[s->tag_count++] = word;
	}
}

static bool stack_space(const struct conf_section *c, struct buf *out,
                        struct fault *f)
{
	return identity_space(conf_get(c, "site", "serverfault.com"), out, f);
}

static bool get_host(const struct conf_section *c, struct stack_source *s,
                     struct fault *f)
{
	struct buf host = BUF_INIT(256);
	bool ok = stack_space(c, &host, f);

	if (ok &&
	    (buf_full(&host) || slice_find(buf_slice(&host), '/') < host.len))
		ok = fault(f, FAULT_USAGE, "stack-setting",
		           "'site' is no host");
	if (ok)
		s->host = arena_copy(&s->arena, buf_slice(&host));
	buf_release(&host);
	return ok;
}

/* An address without the slashes at its end. */
static struct slice get_base(const struct conf_section *c, const char *name,
                             const char *fallback, struct arena *a)
{
	struct slice s = conf_get(c, name, fallback);

	while (s.len && s.at[s.len - 1] == '/')
		s.len--;
	return arena_copy(a, s);
}

static bool get_way(const struct conf_section *c, struct stack_source *s,
                    struct fault *f)
{
	struct slice way = conf_get(c, "way", "api");
	struct buf own = BUF_INIT(300);

	s->pages_way = slice_eq(way, SLICE("html"));
	if (!s->pages_way && !slice_eq(way, SLICE("api")))
		return fault(f, FAULT_USAGE, "stack-setting",
		             "'way' is api or html");
	buf_addf(&own, "https://%.*s", SLICE_ARG(s->host));
	s->web = get_base(c, "url", buf_string(&own), &s->arena);
	if (!s->web.len)
		s->web = arena_copy(&s->arena, buf_slice(&own));
	buf_release(&own);
	return true;
}

static uint64_t hash_wish(const struct stack_source *s)
{
	struct hash h;
	size_t i;

	hash_init(&h);
	hash_part(&h, s->host);
	hash_part(&h, slice_of(order_names[s->order]));
	hash_part(&h, (struct slice){ (const char *)&s->min_score,
	                              sizeof(s->min_score) });
	for (i = 0; i < s->tag_count; i++)
		hash_part(&h, s->tags[i]);
	return hash_end(&h);
}

static bool stack_open(void *self, const struct source_start *start,
                       struct fault *f)
{
	const struct conf_section *c = start->conf;
	struct stack_source *s = self;
	int64_t days;

	s->time = start->time;
	s->everything = start->everything;
	s->api = get_base(c, "api", "https://api.stackexchange.com/2.3",
	                  &s->arena);
	if (!get_host(c, s, f) || !get_way(c, s, f) ||
	    !get_order(c, &s->order, f) || !get_tags(c, s, f) ||
	    !get_number(c, "pages", 1, s->pages_way ? PAGES : 0, &s->pages,
	                f) ||
	    !get_number(c, "page-size", 1, PAGE_MOST, &s->page_size, f) ||
	    !get_number(c, "min-score", INT64_MIN, INT64_MIN, &s->min_score,
	                f) ||
	    !get_number(c, "recheck", 0, 30, &days, f)) {
		arena_release(&s->arena);
		return false;
	}
	if (s->page_size > PAGE_MOST) {
		arena_release(&s->arena);
		return fault(f, FAULT_USAGE, "stack-setting",
		             "'page-size' is at most %d", PAGE_MOST);
	}
	s->recheck = days < 100000 ? days * DAY : 0;
	s->wish = hash_wish(s);
	if (s->pages_way)
		stack_pages_mark(s, start->mark);
	else
		stack_api_mark(s, start->mark);
	return true;
}

static void stack_seed(void *self, struct yield *y)
{
	struct stack_source *s = self;

	if (s->pages_way)
		stack_pages_seed(s, y);
	else
		stack_api_seed(s, y);
}

/* Question and list pages of the site: what its robots.txt says about them is
 * the loop's business. */
static bool stack_within(void *self, struct slice url, int32_t depth,
                         struct buf *why)
{
	static const char *const parts[] = { "/questions", "/q/", "/a/" };
	const struct stack_source *s = self;
	struct slice rest;
	size_t i;

	(void)depth;
	if (!s->pages_way) {
		buf_text(why, "the API is asked, no page");
		return slice_starts(url, s->api);
	}
	if (!slice_starts(url, s->web)) {
		buf_text(why, "not an address of the site");
		return false;
	}
	rest = slice_cut(url, s->web.len, url.len);
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (slice_starts(rest, slice_of(parts[i]))) {
			buf_addf(why, "%s of the site", parts[i]);
			return true;
		}
	}
	buf_text(why, "no page of questions");
	return false;
}

static bool stack_read(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	struct stack_source *s = self;

	return s->pages_way ? stack_pages_reply(s, r, y, f)
	                    : stack_api_reply(s, r, y, f);
}

static void stack_close(void *self)
{
	struct stack_source *s = self;

	arena_release(&s->arena);
}

const struct source_kind source_stackexchange = {
	.name = "stackexchange",
	.summary = "a Stack Exchange site by its API, or a mirror by its pages",
	.channel = "api",
	.keys = keys,
	.refused = "Stack Exchange lets crawlers in by its API (way = api) or "
	           "its data dump (opslore import)",
	.secret_parameter = "key",
	.state_size = sizeof(struct stack_source),
	.space = stack_space,
	.open = stack_open,
	.seed = stack_seed,
	.within = stack_within,
	.read = stack_read,
	.extractor = MARKDOWN_VERSION,
	.again = stack_post_again,
	.close = stack_close,
};
