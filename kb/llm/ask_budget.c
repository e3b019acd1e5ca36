/*
 * A month's sum is others + ours. Ours is counted here; the ledger's sum of
 * the month less our own rows is the others', asked for anew every so many
 * tries, since it reads each row of the month.
 */

#include "kb/llm/ask_budget.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "schema/ledger.h"

enum { REFRESH_LEAVES = 64, MINUTE = 60000 };

int64_t ask_month(int64_t now)
{
	char text[CLOCK_TEXT];
	int64_t start = now;

	clock_write(text, now);
	if (strlen(text) >= 10) {
		memcpy(text + 8, "01", 2);
		clock_read((struct slice){ text, 10 }, &start);
	}
	return start;
}

static int64_t not_below_zero(int64_t n)
{
	return n > 0 ? n : 0;
}

static bool budget_refresh(struct ask_budget *b, int64_t now, struct fault *f)
{
	int64_t month = ask_month(now);
	struct ledger_sum sum;

	if (!ledger_sum(b->store, b->settings->name, month, &sum, f))
		return false;
	if (month != b->month)
		b->month_spent = (struct ask_amount){ 0 };
	b->month = month;
	b->leaves = 0;
	b->others.tokens =
	        not_below_zero(sum.input_tokens + sum.output_tokens -
	                       b->month_spent.tokens - b->on_wire.tokens);
	b->others.cost = not_below_zero(sum.cost - b->month_spent.cost -
	                                b->on_wire.cost);
	return true;
}

bool ask_budget_open(struct ask_budget *b, const struct llm_settings *settings,
                     struct store *store, int64_t now, struct fault *f)
{
	*b = (struct ask_budget){ .settings = settings, .store = store };
	return budget_refresh(b, now, f);
}

void ask_budget_close(struct ask_budget *b)
{
	free(b->minute);
	*b = (struct ask_budget){ 0 };
}

static bool over_tokens(const char *what, int64_t have, int64_t more,
                        int64_t most, struct fault *f)
{
	if (!most || have + more <= most)
		return true;
	return fault(f, FAULT_LIMIT, "llm-budget",
	             "%s is %lld tokens; %lld are spent or reserved, and %lld "
	             "more are wanted",
	             what, (long long)most, (long long)have, (long long)more);
}

static bool over_cost(const char *what, int64_t have, int64_t more, double most,
                      const struct llm_settings *s, struct fault *f)
{
	if (most <= 0 || (double)(have + more) <= most * 1e6)
		return true;
	return fault(f, FAULT_LIMIT, "llm-budget",
	             "%s is %.2f %.*s; %.6f are spent or reserved, and up to "
	             "%.6f more are wanted",
	             what, most, SLICE_ARG(s->currency), (double)have / 1e6,
	             (double)more / 1e6);
}

static bool budget_fits(struct ask_budget *b, const struct ask_amount *more,
                        int64_t now, struct fault *f)
{
	const struct llm_settings *s = b->settings;
	struct ask_amount run = { b->spent.tokens + b->reserved.tokens,
		                  b->spent.cost + b->reserved.cost };
	struct ask_amount month;

	if ((b->leaves >= REFRESH_LEAVES || ask_month(now) != b->month) &&
	    !budget_refresh(b, now, f))
		return false;
	month.tokens =
	        b->others.tokens + b->month_spent.tokens + b->reserved.tokens;
	month.cost = b->others.cost + b->month_spent.cost + b->reserved.cost;
	return over_tokens("the budget of a run", run.tokens, more->tokens,
	                   s->run_tokens, f) &&
	       over_cost("the budget of a run", run.cost, more->cost,
	                 s->run_cost, s, f) &&
	       over_tokens("the budget of the month", month.tokens,
	                   more->tokens, s->month_tokens, f) &&
	       over_cost("the budget of the month", month.cost, more->cost,
	                 s->month_cost, s, f);
}

bool ask_budget_reserve(struct ask_budget *b, const struct ask_amount *a,
                        int64_t now, struct fault *f)
{
	if (!budget_fits(b, a, now, f))
		return false;
	b->reserved.tokens += a->tokens;
	b->reserved.cost += a->cost;
	return true;
}

void ask_budget_release(struct ask_budget *b, const struct ask_amount *a)
{
	b->reserved.tokens -= a->tokens;
	b->reserved.cost -= a->cost;
}

bool ask_budget_leave(struct ask_budget *b, int64_t id,
                      const struct ask_amount *a, int64_t now, struct fault *f)
{
	struct ask_amount none = { 0 };

	if (!budget_fits(b, &none, now, f))
		return false;
	b->leaves++;
	b->on_wire.tokens += a->tokens;
	b->on_wire.cost += a->cost;
	if (!b->settings->minute_tokens)
		return true;
	b->minute = memory_room(b->minute, b->minute_count, &b->minute_cap,
	                        sizeof(*b->minute));
	b->minute[b->minute_count++] =
	        (struct ask_minute){ id, now, a->tokens };
	return true;
}

void ask_budget_end(struct ask_budget *b, int64_t id,
                    const struct ask_amount *estimate,
                    const struct ask_amount *real)
{
	size_t i;

	b->on_wire.tokens -= estimate->tokens;
	b->on_wire.cost -= estimate->cost;
	ask_budget_release(b, estimate);
	b->spent.tokens += real->tokens;
	b->spent.cost += real->cost;
	b->month_spent.tokens += real->tokens;
	b->month_spent.cost += real->cost;
	for (i = 0; i < b->minute_count; i++)
		if (b->minute[i].id == id)
			b->minute[i].tokens = real->tokens;
}

int64_t ask_budget_when(struct ask_budget *b, int64_t tokens, int64_t now)
{
	int64_t most = b->settings->minute_tokens, sum = tokens;
	size_t i, old = 0;

	if (!most)
		return now;
	while (old < b->minute_count && b->minute[old].time + MINUTE <= now)
		old++;
	b->minute_count -= old;
	if (old)
		memmove(b->minute, b->minute + old,
		        b->minute_count * sizeof(*b->minute));
	for (i = 0; i < b->minute_count; i++)
		sum += b->minute[i].tokens;
	for (i = 0; i < b->minute_count && sum > most; i++)
		sum -= b->minute[i].tokens;
	return i ? b->minute[i - 1].time + MINUTE : now;
}
