/* An id alone is looked for among all cases: people quote nothing else. */

#include "app/case_operand.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "schema/cases.h"
#include "schema/identity.h"

struct operand {
	struct slice native;
	int64_t id;
	int found;
};

static bool operand_each(void *self, const struct support_case *c,
                         struct fault *f)
{
	struct operand *x = self;

	(void)f;
	if (slice_eq(c->native, x->native)) {
		x->id = c->id;
		x->found++;
	}
	return true;
}

static bool by_native(struct store *s, const struct reader *r, const char *text,
                      int64_t *id, struct fault *f)
{
	const struct case_filter all = { .no_replies = true };
	struct operand x = { .native = slice_of(text) };
	struct arena a = ARENA_INIT;
	bool ok = cases_each(s, r, &all, &a, operand_each, &x, f);

	arena_release(&a);
	if (!ok)
		return false;
	*id = x.id;
	if (x.found == 1)
		return true;
	if (x.found)
		return fault(f, FAULT_USAGE, "case-several",
		             "%d spaces have a case '%.100s': say which with "
		             "--space or as SPACE/ID",
		             x.found, text);
	return fault(f, FAULT_GONE, "case-gone", "there is no case '%.100s'",
	             text);
}

static bool by_space(struct store *s, const struct reader *r, const char *text,
                     const char *space, int64_t *id, struct fault *f)
{
	struct buf name = BUF_INIT(LIMIT_NAME);
	bool ok = identity_space(slice_of(space), &name, f) &&
	          case_find(s, r, buf_slice(&name), slice_of(text), id, f);

	buf_release(&name);
	return ok;
}

static bool by_public(struct store *s, const struct reader *r, const char *text,
                      int64_t *id, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct identity x;
	bool ok = identity_read(slice_of(text), &a, &x, f) &&
	          case_find(s, r, x.space, x.native, id, f);

	arena_release(&a);
	return ok;
}

bool case_operand(struct store *s, const struct reader *r, const char *text,
                  const char *space, int64_t *id, struct fault *f)
{
	struct slice all = slice_of(text);
	bool ok;

	if (space)
		ok = by_space(s, r, text, space, id, f);
	else if (slice_find(all, '/') < all.len)
		ok = by_public(s, r, text, id, f);
	else
		ok = by_native(s, r, text, id, f);
	if (!ok && f->kind == FAULT_GONE)
		fault_at(f, text, 0);
	return ok;
}
