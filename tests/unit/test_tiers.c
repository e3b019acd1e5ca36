/* The rule that says what to merge, played through without any segment: how
 * often a passage is written, and how many segments a reader meets. */

#include "kb/tiers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

enum { ROOM = 64 };

struct play {
	struct tier tiers[ROOM];
	size_t count, most;
	uint64_t next, written, merges;
};

static void add(struct play *p, const char *label, uint32_t live)
{
	assert_true(p->count < ROOM);
	p->tiers[p->count++] = (struct tier){ .label = slice_of(label),
		                              .number = p->next++,
		                              .live = live };
}

static void merge(struct play *p, const struct tier_choice *c)
{
	struct tier sum = p->tiers[c->at[0]];
	size_t i, n = 0;

	sum.live = sum.dead = 0;
	sum.number = p->next++;
	for (i = 0; i < c->count; i++) {
		struct tier *t = &p->tiers[c->at[i]];

		assert_false(t->busy);
		assert_true(slice_eq(t->label, sum.label));
		sum.live += t->live;
		t->live = 0;
	}
	assert_int_equal(sum.live, c->passages);
	for (i = 0; i < p->count; i++)
		if (p->tiers[i].live)
			p->tiers[n++] = p->tiers[i];
	p->tiers[n++] = sum;
	p->count = n;
	p->written += sum.live;
	p->merges++;
}

/* Merges what is due, and no more than that. */
static void settle(struct play *p)
{
	struct tier_choice c;

	for (;;) {
		tiers_choose(p->tiers, p->count, false, &c);
		if (c.count)
			merge(p, &c);
		free(c.at);
		if (!c.count)
			break;
	}
	if (p->count > p->most)
		p->most = p->count;
}

static void single_rows_are_written_a_few_times_each(void **state)
{
	enum { ROWS = 200000 };
	struct play p = { .next = 1 };
	int i;

	(void)state;
	add(&p, "public", 400000);
	for (i = 0; i < ROWS; i++) {
		add(&p, "public", 1);
		settle(&p);
	}
	print_message("%d rows: each written %.1f times, %zu segments, %llu "
	              "merges\n",
	              ROWS, (double)p.written / ROWS, p.most,
	              (unsigned long long)p.merges);
	assert_true(p.most <= SEGMENTS_MOST);
	/* The logarithm to base 2 of all that is 19. */
	assert_true(p.written <= 19ULL * ROWS);
}

/* While a large merge is under way, rows keep coming. */
static void few_gather_beside_a_merge(void **state)
{
	struct play p = { .next = 1 };
	int i;

	(void)state;
	for (i = 0; i < SEGMENTS_MOST; i++) {
		add(&p, "public", 100000);
		p.tiers[i].busy = true;
	}
	for (i = 0; i < 1000; i++) {
		add(&p, "public", 1);
		settle(&p);
	}
	assert_int_equal(p.most, SEGMENTS_MOST + SEGMENTS_BESIDE);
}

static void the_cheapest_label_comes_first(void **state)
{
	struct play p = { .next = 1 };
	struct tier_choice c;
	int i;

	(void)state;
	for (i = 0; i <= SEGMENTS_MOST; i++) {
		add(&p, "public", 50);
		add(&p, "staff", 40);
	}
	tiers_choose(p.tiers, p.count, false, &c);
	assert_int_equal(c.count, SEGMENTS_MOST + 1);
	assert_string_equal(p.tiers[c.at[0]].label.at, "staff");
	free(c.at);
	tiers_choose(p.tiers, p.count, true, &c);
	assert_int_equal(c.count, SEGMENTS_MOST + 1);
	free(c.at);
}

static void many_dead_are_left_behind(void **state)
{
	struct play p = { .next = 1 };
	struct tier_choice c;

	(void)state;
	add(&p, "public", 1000);
	add(&p, "public", 700);
	p.tiers[1].dead = 300; /* 30 % is not more than 30 % */
	add(&p, "public", 2);
	p.tiers[2].dead = 3; /* not worth a file */
	tiers_choose(p.tiers, p.count, false, &c);
	assert_int_equal(c.count, 0);
	free(c.at);
	p.tiers[1].live--;
	p.tiers[1].dead++;
	tiers_choose(p.tiers, p.count, false, &c);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.at[0], 1);
	free(c.at);
	p.tiers[1].busy = true;
	tiers_choose(p.tiers, p.count, false, &c);
	assert_int_equal(c.count, 0);
	free(c.at);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_rows_are_written_a_few_times_each),
		cmocka_unit_test(few_gather_beside_a_merge),
		cmocka_unit_test(the_cheapest_label_comes_first),
		cmocka_unit_test(many_dead_are_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
