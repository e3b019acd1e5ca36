/* Case by case, in short batches, beside whoever writes. */

#include "schema/cases_check.h"

#include "base/arena.h"
#include "base/cancel.h"
#include "schema/cases.h"
#include "schema/digests.h"
#include "schema/rows.h"

enum { CHECK_BATCH = 128 };

struct cases_check {
	struct store *store;
	store_finding_fn *say;
	void *self;
	struct arena arena;
	int64_t seen;
};

static void check_finding(struct cases_check *c, const char *table, int64_t id,
                          const char *text)
{
	struct fault finding;

	fault(&finding, FAULT_INPUT, "row-damaged", "%s %lld: %s", table,
	      (long long)id, text);
	fault_at(&finding, store_path(c->store), 0);
	c->say(c->self, &finding);
}

/* What was read with `hash` beside it. False: any fault but damage. */
static bool check_case(struct cases_check *c, int64_t id, uint64_t hash,
                       struct fault *f)
{
	struct support_case x;
	struct fault why;
	struct digest d;
	bool found;

	arena_reset(&c->arena);
	c->seen++;
	if (!case_load(c->store, &reader_all, id, &c->arena, &x, &why)) {
		if (why.kind == FAULT_GONE)
			return true; /* meanwhile */
		if (why.kind == FAULT_INPUT)
			check_finding(c, "Cases", id, why.text);
		else
			*f = why;
		return why.kind == FAULT_INPUT;
	}
	if (case_row_hash(&x) != hash)
		check_finding(c, "Cases", id,
		              "the case is not what was written: pull or "
		              "import it again");
	if (digest_load(c->store, id, &c->arena, &d, &found, &why))
		return true;
	if (why.kind == FAULT_INPUT)
		check_finding(c, "CaseDigests", id, why.text);
	else
		*f = why;
	return why.kind == FAULT_INPUT;
}

static bool check_batch(struct cases_check *c, int64_t *after, struct fault *f)
{
	int64_t ids[CHECK_BATCH];
	uint64_t hashes[CHECK_BATCH];
	size_t i, count = 0;
	struct query q;

	if (!cancel_check(f) ||
	    !rows_ask(store_rows(c->store), &q, f,
	              "SELECT CaseID, RowHash FROM Cases WHERE CaseID > ?1 "
	              "ORDER BY 1 LIMIT ?2",
	              "ii", *after, (int64_t)CHECK_BATCH))
		return false;
	while (query_next(&q)) {
		ids[count] = query_number(&q, 0);
		hashes[count++] = (uint64_t)query_number(&q, 1);
	}
	if (!query_end(&q, f))
		return false;
	for (i = 0; i < count; i++)
		if (!check_case(c, ids[i], hashes[i], f))
			return false;
	*after = count ? ids[count - 1] : -1;
	return true;
}

bool cases_check(struct store *s, store_finding_fn *say, void *self,
                 int64_t *rows, struct fault *f)
{
	struct cases_check c = { .store = s, .say = say, .self = self };
	int64_t after = 0;
	bool ok = true;

	while (ok && after >= 0)
		ok = check_batch(&c, &after, f);
	*rows += c.seen;
	arena_release(&c.arena);
	return ok;
}
