/* Values are collected by name first and understood afterwards: what one
 * parameter means (k) may depend on another (format). */

#include "app/serve_param.h"

#include "base/limits.h"
#include "base/utf8.h"

enum { WIDTH = 80, BUDGET_LEAST = 200, BUDGET_MOST = 1000000, FACET_TOP = 10 };

enum param {
	PARAM_Q,
	PARAM_K,
	PARAM_FORMAT,
	PARAM_BUDGET,
	PARAM_PLAIN,
	PARAM_STAGE1,
	PARAM_PASSAGES,
	PARAM_TOTAL,
	PARAM_FACETS,
	PARAM_TOP,
	PARAM_ONCE, /* those above are given once at most */
	PARAM_FILTER = PARAM_ONCE,
};

const struct serve_param serve_params[] = {
	[PARAM_Q] = { "q", SERVE_TEXT, .help = "What is looked for." },
	[PARAM_K] = { "k", SERVE_NUMBER, 1, LIMIT_RESULTS,
	              .help = "How many results: 10, of a context 20." },
	[PARAM_FORMAT] = { "format", SERVE_CHOICE,
	                   .choices = "json context text",
	                   .help = "JSON, a block for a prompt, or text for "
	                           "people." },
	[PARAM_BUDGET] = { "budget", SERVE_NUMBER, BUDGET_LEAST, BUDGET_MOST,
	                   .help = "Tokens that the answer may cost, counted "
	                           "on the high side. A context has 2000, JSON "
	                           "what it takes." },
	[PARAM_PLAIN] = { "plain", SERVE_FLAG,
	                  .help = "Bare BM25, without a second stage." },
	[PARAM_STAGE1] = { "stage1", SERVE_FLAG,
	                   .help = "BM25F with its weights, without a second "
	                           "stage." },
	[PARAM_PASSAGES] = { "passages", SERVE_FLAG,
	                     .help = "Several passages of one post may come." },
	[PARAM_TOTAL] = { "total", SERVE_FLAG,
	                  .help = "Say how many passages there are in all." },
	[PARAM_FACETS] = { "facets", SERVE_TEXT,
	                   .help = "Say how these spread over the values of "
	                           "space, kind, tag, class, service, lang, "
	                           "accepted, year: some of them, parted by "
	                           "commas." },
	[PARAM_TOP] = { "top", SERVE_NUMBER, 1, LIMIT_FACET_VALUES,
	                .help = "How many values of each facet: 10." },
	[PARAM_FILTER] = { "filter", SERVE_FILTER,
	                   .help = "KEY=VALUE with a key of those below; may "
	                           "be repeated; all must hold." },
	{ "space", SERVE_FILTER, .help = "Passages of this space." },
	{ "kind", SERVE_FILTER,
	  .help = "The kind of post: question, page, document or case." },
	{ "tag", SERVE_FILTER, .help = "Posts with this tag." },
	{ "lang", SERVE_FILTER,
	  .help = "This language or a variety of it: zh also finds zh-TW." },
	{ "class", SERVE_FILTER, .help = "Posts of this class." },
	{ "service", SERVE_FILTER, .help = "Posts about this service." },
	{ "accepted", SERVE_FILTER,
	  .help = "yes or no: whether the passage is an accepted answer." },
	{ "score", SERVE_FILTER,
	  .help = "MIN..MAX: votes of the passage's own row." },
	{ "date", SERVE_FILTER,
	  .help = "FROM..TO: the day (UTC) of its last change." },
	{ 0 },
};

/* What was given. */
struct given {
	struct slice once[PARAM_ONCE];
	bool is[PARAM_ONCE];
	struct search_filter filters[LIMIT_FILTERS];
	size_t filter_count;
};

static bool value_bad(enum param p, struct slice value, const char *wants,
                      struct fault *f)
{
	return fault(f, FAULT_USAGE, "parameter-value",
	             "'%s' wants %s, not '%.*s'", serve_params[p].name, wants,
	             SLICE_ARG(utf8_head(value, 64)));
}

static bool given_number(const struct given *g, enum param p, int64_t *out,
                         struct fault *f)
{
	const struct serve_param *param = &serve_params[p];
	int64_t n;

	if (!g->is[p])
		return true;
	if (!slice_number(g->once[p], &n) || n < param->low || n > param->high)
		return fault(f, FAULT_USAGE, "parameter-value",
		             "'%s' wants a number from %lld to %lld, not "
		             "'%.*s'",
		             param->name, (long long)param->low,
		             (long long)param->high,
		             SLICE_ARG(utf8_head(g->once[p], 64)));
	*out = n;
	return true;
}

static bool given_flag(const struct given *g, enum param p, bool *out,
                       struct fault *f)
{
	static const char *const words[] = { "no",   "yes", "false",
		                             "true", "0",   "1" };
	size_t i;

	*out = false;
	if (!g->is[p])
		return true;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (slice_eq(g->once[p], slice_of(words[i]))) {
			*out = i & 1;
			return true;
		}
	return value_bad(p, g->once[p], "yes or no", f);
}

/* trec is a form of files. */
static bool given_form(const struct given *g, const struct search_form **out,
                       struct fault *f)
{
	struct slice name =
	        g->is[PARAM_FORMAT] ? g->once[PARAM_FORMAT] : SLICE("json");

	*out = search_form_find(name);
	if (!*out || (*out)->write == search_trec)
		return value_bad(PARAM_FORMAT, name, "json, context or text",
		                 f);
	return true;
}

/* `key` empty: the value says which. */
static bool given_filter(struct given *g, struct slice key, struct slice value,
                         struct fault *f)
{
	struct search_filter *filter = &g->filters[g->filter_count];
	size_t at = slice_find(value, '=');

	if (g->filter_count == LIMIT_FILTERS)
		return fault(f, FAULT_LIMIT, "limit-filters",
		             "a query has at most %d filters",
		             (int)LIMIT_FILTERS);
	if (!key.len && at == value.len)
		return fault(f, FAULT_USAGE, "filter",
		             "a filter is KEY=VALUE, not '%.*s'",
		             SLICE_ARG(utf8_head(value, 64)));
	*filter = (struct search_filter){ key, value };
	if (!key.len)
		*filter = (struct search_filter){ slice_cut(value, 0, at),
			                          slice_cut(value, at + 1,
			                                    value.len) };
	g->filter_count++;
	return search_filter_check(filter, f);
}

static bool given_pair(struct given *g, const struct serve_pair *pair,
                       struct fault *f)
{
	size_t i;

	for (i = 0; serve_params[i].name; i++)
		if (slice_eq(pair->name, slice_of(serve_params[i].name)))
			break;
	if (!serve_params[i].name)
		return fault(f, FAULT_USAGE, "parameter-unknown",
		             "there is no parameter '%.*s'; /openapi.json "
		             "lists them",
		             SLICE_ARG(utf8_head(pair->name, 64)));
	if (i >= PARAM_ONCE)
		return given_filter(g,
		                    i == PARAM_FILTER ? SLICE("") : pair->name,
		                    pair->value, f);
	if (g->is[i])
		return fault(f, FAULT_USAGE, "parameter-twice",
		             "'%s' is given twice", serve_params[i].name);
	g->is[i] = true;
	g->once[i] = pair->value;
	return true;
}

/* What is counted beside the results. */
static bool given_counts(const struct given *g, struct arena *a,
                         struct serve_search *out, struct fault *f)
{
	int64_t top = FACET_TOP;
	bool total;

	if (!given_flag(g, PARAM_TOTAL, &total, f) ||
	    !given_number(g, PARAM_TOP, &top, f))
		return false;
	if (g->is[PARAM_FACETS] &&
	    !facet_names(g->once[PARAM_FACETS], a, &out->counts.names,
	                 &out->counts.count, f))
		return false;
	if ((total || g->is[PARAM_FACETS]) &&
	    out->form->write == search_context)
		return fault(f, FAULT_USAGE, "search-counts",
		             "'total' and 'facets' are for json and text");
	if (g->is[PARAM_TOP] && !g->is[PARAM_FACETS])
		return fault(f, FAULT_USAGE, "search-counts",
		             "'top' goes with 'facets'");
	out->counts.top = (uint32_t)top;
	if (total || g->is[PARAM_FACETS])
		out->query.counts = &out->counts;
	return true;
}

static bool search_understand(const struct given *g, int64_t now,
                              struct arena *a, struct serve_search *out,
                              struct fault *f)
{
	struct search_filter *filters;
	int64_t k, budget;
	bool passages;

	if (!given_form(g, &out->form, f))
		return false;
	k = out->form->k;
	budget = out->form->budget;
	if (!given_number(g, PARAM_K, &k, f) ||
	    !given_number(g, PARAM_BUDGET, &budget, f))
		return false;
	out->query = search_form_query(out->form, k, WIDTH);
	if (!given_flag(g, PARAM_PLAIN, &out->query.plain, f) ||
	    !given_flag(g, PARAM_STAGE1, &out->query.stage1, f) ||
	    !given_flag(g, PARAM_PASSAGES, &passages, f) ||
	    !given_counts(g, a, out, f))
		return false;
	filters = arena_array(a, g->filter_count, sizeof(*filters));
	memcpy(filters, g->filters, g->filter_count * sizeof(*filters));
	out->query.filters = filters;
	out->query.filter_count = g->filter_count;
	out->query.by_post = out->query.by_post && !passages;
	out->query.text = g->once[PARAM_Q];
	out->view = (struct search_view){ .query = g->once[PARAM_Q],
		                          .width = WIDTH,
		                          .now = now,
		                          .budget = budget };
	return true;
}

bool serve_search_read(const struct serve_target *t, int64_t now,
                       struct arena *a, struct serve_search *out,
                       struct fault *f)
{
	struct given g = { 0 };
	size_t i;

	*out = (struct serve_search){ 0 };
	for (i = 0; i < t->count; i++)
		if (!given_pair(&g, &t->pairs[i], f))
			return false;
	if (!g.is[PARAM_Q])
		return fault(f, FAULT_USAGE, "query-missing",
		             "the parameter 'q', what to look for, is missing");
	return search_understand(&g, now, a, out, f);
}
