/* Reading filters: what each may say, and what it means. */

#include "kb/filter.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "kb/filter_test.h"
#include "schema/identity.h"

enum { DAY = 24 * 3600 * 1000, FILTER_VALUE = 1024 };

static const char *const filter_names[FILTER_KEYS] = {
	"space",   "kind",     "tag",   "lang", "class",
	"service", "accepted", "score", "date",
};

static struct slice filter_lower(struct slice s, struct arena *a)
{
	char *at = arena_new(a, s.len + 1);
	size_t i;

	for (i = 0; i < s.len; i++)
		at[i] = (char)(s.at[i] >= 'A' && s.at[i] <= 'Z' ? s.at[i] + 32
		                                                : s.at[i]);
	return (struct slice){ at, s.len };
}

static bool filter_space(struct filter_test *t, struct arena *a,
                         struct fault *f)
{
	struct buf name = BUF_INIT(FILTER_VALUE);
	bool done = identity_space(t->value, &name, f);

	if (done)
		t->value = arena_copy(a, buf_slice(&name));
	buf_release(&name);
	return done || fault(f, FAULT_USAGE, "filter",
	                     "filter 'space' is the name of a space, such as "
	                     "serverfault.com");
}

static bool filter_kind(struct filter_test *t, struct fault *f)
{
	static const char *const kinds[] = { "question", "page", "document",
		                             "case" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_eq(t->lower, slice_of(kinds[i])))
			return true;
	return fault(f, FAULT_USAGE, "filter",
	             "filter 'kind' is question, page, document or case, not "
	             "'%.*s'",
	             SLICE_ARG(t->value));
}

static bool filter_accepted(struct filter_test *t, struct fault *f)
{
	t->low = slice_eq(t->lower, SLICE("yes"));
	if (t->low || slice_eq(t->lower, SLICE("no")))
		return true;
	return fault(f, FAULT_USAGE, "filter",
	             "filter 'accepted' is yes or no, not '%.*s'",
	             SLICE_ARG(t->value));
}

/* The two sides of "..": false when there is none, or nothing on either. */
static bool filter_sides(struct slice value, struct slice *from,
                         struct slice *to)
{
	size_t i;

	for (i = 0; i + 1 < value.len; i++)
		if (value.at[i] == '.' && value.at[i + 1] == '.') {
			*from = slice_trim(slice_cut(value, 0, i));
			*to = slice_trim(slice_cut(value, i + 2, value.len));
			return from->len || to->len;
		}
	return false;
}

static bool filter_score(struct filter_test *t, struct fault *f)
{
	struct slice from, to;

	if (filter_sides(t->value, &from, &to) &&
	    (!from.len || slice_number(from, &t->low)) &&
	    (!to.len || slice_number(to, &t->high)) && t->low <= t->high)
		return true;
	return fault(f, FAULT_USAGE, "filter",
	             "filter 'score' is MIN..MAX, whole numbers, either end "
	             "open (5.. or ..-1), not '%.*s'",
	             SLICE_ARG(t->value));
}

/* "YYYY-MM-DD" and nothing else. */
static bool filter_day(struct slice s, int64_t *out)
{
	return s.len == 10 && clock_read(s, out);
}

static bool filter_date(struct filter_test *t, struct fault *f)
{
	struct slice from, to;

	if (filter_sides(t->value, &from, &to) &&
	    (!from.len || filter_day(from, &t->low)) &&
	    (!to.len || filter_day(to, &t->high)) && t->low <= t->high) {
		if (to.len)
			t->high += DAY - 1;
		return true;
	}
	return fault(f, FAULT_USAGE, "filter",
	             "filter 'date' is FROM..TO, days as 2024-01-31, either "
	             "end open, not '%.*s'",
	             SLICE_ARG(t->value));
}

static bool filter_key(struct slice name, enum filter_key *out, struct fault *f)
{
	int i;

	for (i = 0; i < FILTER_KEYS; i++)
		if (slice_eq(name, slice_of(filter_names[i]))) {
			*out = (enum filter_key)i;
			return true;
		}
	return fault(f, FAULT_USAGE, "filter",
	             "no filter '%.*s': there are space, kind, tag, lang, "
	             "class, service, accepted, score, date",
	             SLICE_ARG(name));
}

static bool filter_one(const struct search_filter *in, struct filter_test *t,
                       struct arena *a, struct fault *f)
{
	*t = (struct filter_test){ .low = INT64_MIN, .high = INT64_MAX };
	if (!filter_key(in->key, &t->key, f))
		return false;
	t->value = slice_trim(in->value);
	if (!t->value.len || t->value.len > FILTER_VALUE)
		return fault(f, FAULT_USAGE, "filter",
		             "filter '%s' needs a value: %s=VALUE",
		             filter_names[t->key], filter_names[t->key]);
	t->lower = filter_lower(t->value, a);
	if (t->key == FILTER_SPACE)
		return filter_space(t, a, f);
	if (t->key == FILTER_KIND)
		return filter_kind(t, f);
	if (t->key == FILTER_ACCEPTED)
		return filter_accepted(t, f);
	if (t->key == FILTER_SCORE)
		return filter_score(t, f);
	if (t->key == FILTER_DATE)
		return filter_date(t, f);
	return true;
}

bool filter_read(const struct search_filter *filters, size_t count,
                 struct arena *a, const struct filter_set **out,
                 struct fault *f)
{
	struct filter_set *set = arena_new(a, sizeof(*set));
	size_t i;

	if (count > LIMIT_FILTERS)
		return fault(f, FAULT_LIMIT, "limit-filters",
		             "more than %d filters", LIMIT_FILTERS);
	set->tests = arena_array(a, count, sizeof(*set->tests));
	set->count = count;
	for (i = 0; i < count; i++)
		if (!filter_one(&filters[i], &set->tests[i], a, f))
			return false;
	*out = set;
	return true;
}

bool search_filter_check(const struct search_filter *filter, struct fault *f)
{
	struct arena a = ARENA_INIT;
	const struct filter_set *set;
	bool done = filter_read(filter, 1, &a, &set, f);

	arena_release(&a);
	return done;
}

bool filter_any(const struct filter_set *set)
{
	return set->count > 0;
}
