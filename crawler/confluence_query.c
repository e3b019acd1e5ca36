/*
 * Cloud lists by queries (CQL), whose pages are found by cursors; Server by
 * kind, status and space, from its database, and queries are for changes alone.
 * "limit" is what the services give without texts, less in doubt.
 */

#include "crawler/confluence_query.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/confluence_call.h"

bool confluence_word(struct slice *rest, struct slice *word)
{
	size_t from = 0, to;

	while (from < rest->len &&
	       (rest->at[from] == ' ' || rest->at[from] == ','))
		from++;
	for (to = from;
	     to < rest->len && rest->at[to] != ' ' && rest->at[to] != ',';)
		to++;
	*word = slice_cut(*rest, from, to);
	*rest = slice_cut(*rest, to, rest->len);
	return word->len > 0;
}

bool confluence_has_word(struct slice words, struct slice wanted)
{
	struct slice word;

	while (confluence_word(&words, &word))
		if (slice_eq(word, wanted))
			return true;
	return false;
}

static bool is_cloud(const struct confluence_site *s)
{
	return s->kind == CONFLUENCE_CLOUD;
}

void confluence_query_spaces(const struct confluence_site *s,
                             const struct confluence_choice *x, struct buf *url)
{
	struct slice rest = x->spaces, word;
	struct buf all = BUF_INIT(LIMIT_LINK);

	buf_add(url, s->base);
	buf_text(url, is_cloud(s) ? "/api/v2/spaces?limit=250"
	                          : "/rest/api/space?limit=100");
	while (confluence_word(&rest, &word)) {
		if (!is_cloud(s))
			confluence_call_value(url, "spaceKey", word);
		buf_addf(&all, "%s%.*s", all.len ? "," : "", SLICE_ARG(word));
	}
	if (is_cloud(s) && all.len)
		confluence_call_value(url, "keys", buf_slice(&all));
	buf_release(&all);
}

/* What a list is told of each page. */
static void add_expand(const struct confluence_choice *x, bool bare,
                       struct buf *url)
{
	buf_text(url, "&limit=100&expand=version,history,space,"
	              "metadata.labels,ancestors");
	if (x->restrictions)
		buf_text(url, ",restrictions.read.restrictions.user,"
		              "restrictions.read.restrictions.group");
	if (x->restrictions && !bare)
		buf_text(url, ",ancestors.restrictions.read.restrictions.user,"
		              "ancestors.restrictions.read.restrictions.group");
}

/* The spaces of one pass; all of them in one where none were chosen. */
static void add_spaces(const struct confluence_site *s,
                       const struct confluence_choice *x, size_t pass,
                       struct buf *cql)
{
	buf_text(cql, " and ");
	if (x->spaces.len)
		confluence_site_query(s, pass * CONFLUENCE_SPACES, cql);
	else
		buf_text(cql, "space.type != \"personal\"");
}

static void add_kinds(const struct confluence_choice *x, struct buf *cql)
{
	struct slice rest = x->kinds, word;
	const char *between = "";

	buf_text(cql, "type in (");
	while (confluence_word(&rest, &word)) {
		buf_addf(cql, "%s\"%.*s\"", between, SLICE_ARG(word));
		between = ",";
	}
	buf_byte(cql, ')');
}

static void add_search(const struct confluence_site *s, struct slice cql,
                       struct buf *url)
{
	buf_add(url, s->base);
	buf_text(url, "/rest/api/content/search");
	confluence_call_value(url, "cql", cql);
}

/* What was chosen may not be there: then its list is one of nothing. */
static size_t space_passes(const struct confluence_site *s,
                           const struct confluence_choice *x)
{
	return x->spaces.len && s->space_count ? s->space_count : 1;
}

size_t confluence_query_changes_passes(const struct confluence_site *s,
                                       const struct confluence_choice *x)
{
	return (space_passes(s, x) + CONFLUENCE_SPACES - 1) / CONFLUENCE_SPACES;
}

size_t confluence_query_kinds(const struct confluence_choice *x)
{
	struct slice rest = x->kinds, word;
	size_t n = 0;

	while (confluence_word(&rest, &word))
		n++;
	return n;
}

static struct slice kind_at(const struct confluence_choice *x, size_t which)
{
	struct slice rest = x->kinds, word = { 0 };

	do
		confluence_word(&rest, &word);
	while (which--);
	return word;
}

size_t confluence_query_list_passes(const struct confluence_site *s,
                                    const struct confluence_choice *x)
{
	size_t spaces = space_passes(s, x);
	size_t one = is_cloud(s) ? confluence_query_changes_passes(s, x)
	                         : confluence_query_kinds(x) * spaces;

	return x->archived ? 2 * one : one;
}

static void cloud_list(const struct confluence_site *s,
                       const struct confluence_choice *x, size_t pass,
                       struct buf *url)
{
	size_t passes = confluence_query_changes_passes(s, x);
	struct buf cql = BUF_INIT(LIMIT_LINK);

	add_kinds(x, &cql);
	add_spaces(s, x, pass % passes, &cql);
	buf_text(&cql, " order by created asc");
	add_search(s, buf_slice(&cql), url);
	if (pass >= passes)
		confluence_call_value(
		        url, "cqlcontext",
		        SLICE("{\"contentStatuses\":[\"archived\"]}"));
	buf_release(&cql);
}

static void server_list(const struct confluence_site *s,
                        const struct confluence_choice *x, size_t pass,
                        struct buf *url)
{
	size_t spaces = space_passes(s, x);
	size_t kinds = confluence_query_kinds(x);

	buf_add(url, s->base);
	buf_text(url, "/rest/api/content");
	confluence_call_value(url, "type", kind_at(x, pass % kinds));
	pass /= kinds;
	if (x->spaces.len && s->space_count)
		confluence_call_value(url, "spaceKey",
		                      s->spaces[pass % spaces].key);
	confluence_call_value(url, "status",
	                      pass / spaces ? SLICE("archived")
	                                    : SLICE("current"));
}

void confluence_query_list(const struct confluence_site *s,
                           const struct confluence_choice *x, size_t pass,
                           bool bare, struct buf *url)
{
	if (is_cloud(s))
		cloud_list(s, x, pass, url);
	else
		server_list(s, x, pass, url);
	add_expand(x, bare, url);
}

/* By the minute, in the zone of the user that asks. */
static void add_since(int64_t since, struct buf *cql)
{
	char from[CLOCK_TEXT];

	clock_write(from, since);
	buf_addf(cql,
	         " and lastmodified >= \"%.16s\" order by lastmodified desc",
	         from);
}

void confluence_query_changes(const struct confluence_site *s,
                              const struct confluence_choice *x, size_t pass,
                              bool bare, int64_t since, struct buf *url)
{
	struct buf cql = BUF_INIT(LIMIT_LINK);

	add_kinds(x, &cql);
	add_spaces(s, x, pass, &cql);
	add_since(since, &cql);
	add_search(s, buf_slice(&cql), url);
	add_expand(x, bare, url);
	buf_release(&cql);
}

void confluence_query_talk(const struct confluence_site *s,
                           const struct confluence_choice *x, size_t pass,
                           int64_t since, struct buf *url)
{
	struct buf cql = BUF_INIT(LIMIT_LINK);

	buf_text(&cql, "type = comment");
	add_spaces(s, x, pass, &cql);
	add_since(since, &cql);
	add_search(s, buf_slice(&cql), url);
	buf_text(url, "&limit=100&expand=version,container");
	buf_release(&cql);
}

void confluence_query_trash(const struct confluence_site *s,
                            const struct confluence_choice *x, size_t pass,
                            struct buf *url)
{
	struct slice kind = kind_at(x, pass);

	buf_add(url, s->base);
	if (is_cloud(s))
		buf_addf(url, "/api/v2/%.*ss?status=trashed&limit=250",
		         SLICE_ARG(kind));
	else
		buf_addf(url,
		         "/rest/api/content?type=%.*s&status=trashed&limit=200",
		         SLICE_ARG(kind));
}

void confluence_query_some(const struct confluence_site *s,
                           const struct confluence_choice *x, struct slice ids,
                           struct buf *url)
{
	struct buf cql = BUF_INIT(LIMIT_LINK);
	const char *between = "";
	struct slice id;

	buf_text(&cql, "id in (");
	while (confluence_word(&ids, &id)) {
		buf_addf(&cql, "%s%.*s", between, SLICE_ARG(id));
		between = ",";
	}
	buf_byte(&cql, ')');
	add_search(s, buf_slice(&cql), url);
	if (x->archived)
		confluence_call_value(url, "cqlcontext",
		                      SLICE("{\"contentStatuses\":[\"current\","
		                            "\"archived\"]}"));
	add_expand(x, false, url);
	buf_release(&cql);
}

void confluence_query_page(const struct confluence_site *s,
                           const struct confluence_choice *x, struct slice kind,
                           struct slice id, struct buf *url)
{
	buf_add(url, s->base);
	if (is_cloud(s))
		buf_addf(url, "/api/v2/%.*ss/%.*s?body-format=storage",
		         SLICE_ARG(kind), SLICE_ARG(id));
	else
		buf_addf(url,
		         "/rest/api/content/%.*s?%sexpand=body.storage,version",
		         SLICE_ARG(id), x->archived ? "status=any&" : "");
}

void confluence_query_comments(const struct confluence_site *s, int64_t id,
                               struct buf *url)
{
	struct buf cql = BUF_INIT(256);

	buf_addf(&cql, "type = comment and container = %lld", (long long)id);
	add_search(s, buf_slice(&cql), url);
	buf_text(url, "&limit=25&expand=body.storage,history,"
	              "extensions.inlineProperties");
	buf_release(&cql);
}
