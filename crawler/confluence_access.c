#include "crawler/confluence_access.h"

#include "crawler/confluence_site.h"
#include "schema/reader.h"

const struct slice confluence_access_closed = { "restricted", 10 };

static bool add_grant(struct confluence_access *x,
                      struct confluence_grant *grants, struct slice pair,
                      struct fault *f)
{
	size_t at = pair.len;

	while (at && pair.at[at - 1] != '=')
		at--;
	if (!at)
		return fault(f, FAULT_USAGE, "confluence-groups",
		             "restricted-groups is GROUP=LABEL with commas "
		             "between, not '%.*s'",
		             SLICE_ARG(pair));
	grants[x->grant_count].group = slice_trim(slice_cut(pair, 0, at - 1));
	grants[x->grant_count].label =
	        slice_trim(slice_cut(pair, at, pair.len));
	return reader_label(grants[x->grant_count++].label, f);
}

bool confluence_access_read(struct confluence_access *x,
                            struct slice restricted, struct slice groups,
                            struct arena *a, struct fault *f)
{
	struct confluence_grant *grants;
	size_t commas = 1;

	for (size_t i = 0; i < groups.len; i++)
		commas += groups.at[i] == ',';
	grants = arena_array(a, commas, sizeof(*grants));
	*x = (struct confluence_access){ .grants = grants };
	x->ignored = slice_eq(restricted, SLICE("ignore"));
	if (!x->ignored && !slice_eq(restricted, SLICE("skip"))) {
		if (!reader_label(restricted, f))
			return false;
		x->restricted = arena_copy(a, restricted);
	}
	groups = arena_copy(a, groups);
	while (groups.len) {
		struct slice pair =
		        slice_cut(groups, 0, slice_find(groups, ','));

		groups = slice_cut(groups, pair.len + 1, groups.len);
		if (slice_trim(pair).len &&
		    !add_grant(x, grants, slice_trim(pair), f))
			return false;
	}
	return true;
}

static const struct json *results(const struct json *content, const char *who)
{
	const struct json *j =
	        confluence_path(content, "restrictions.read.restrictions");

	return json_get(json_get(j, who), "results");
}

/* Not so what was not expanded, or could not be. */
static bool is_told(const struct json *content)
{
	return json_is_array(results(content, "user")) &&
	       json_is_array(results(content, "group"));
}

static bool is_restricted(const struct json *content)
{
	int64_t users = 0, groups = 0;
	const struct json *j =
	        confluence_path(content, "restrictions.read.restrictions");

	json_number(confluence_path(j, "user.size"), &users);
	json_number(confluence_path(j, "group.size"), &groups);
	return users || groups || json_first(results(content, "user")) ||
	       json_first(results(content, "group"));
}

static bool lets_in(const struct json *content, struct slice group)
{
	const struct json *g = json_first(results(content, "group"));

	for (; g; g = json_next(g))
		if (slice_eq(confluence_member(g, "name"), group))
			return true;
	return false;
}

/* Whether everybody of `group` may read it, as far as restrictions go. */
static bool all_let_in(const struct json *content, struct slice group)
{
	const struct json *up = json_first(json_get(content, "ancestors"));

	if (is_restricted(content) && !lets_in(content, group))
		return false;
	for (; up; up = json_next(up))
		if (is_restricted(up) && !lets_in(up, group))
			return false;
	return true;
}

enum confluence_verdict confluence_access_of(const struct confluence_access *x,
                                             const struct json *content,
                                             struct slice *label)
{
	const struct json *above = json_get(content, "ancestors");
	const struct json *up = json_first(above);
	bool told = is_told(content), open = !is_restricted(content);

	if (x->ignored)
		return VERDICT_OPEN;
	/* A blog post has no ancestors, and need not say so. */
	told = told && (json_is_array(above) ||
	                slice_eq(confluence_member(content, "type"),
	                         SLICE("blogpost")));
	for (; up; up = json_next(up)) {
		told = told && is_told(up);
		open = open && !is_restricted(up);
	}
	if (!told)
		return VERDICT_UNKNOWN;
	if (open)
		return VERDICT_OPEN;
	for (size_t i = 0; i < x->grant_count; i++)
		if (all_let_in(content, x->grants[i].group)) {
			*label = x->grants[i].label;
			return VERDICT_LABEL;
		}
	*label = x->restricted;
	return x->restricted.len ? VERDICT_LABEL : VERDICT_CLOSED;
}
