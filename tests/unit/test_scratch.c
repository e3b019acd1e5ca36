#include "synthetic.h"

#include <unistd.h>

#include "kb/scratch.h"

struct reading {
	uint64_t at;
	bool same;
};

/* Byte n of what is written. */
static char byte_at(uint64_t n)
{
	return (char)(unsigned char)mix(n);
}

static void compare(void *self, struct slice run)
{
	struct reading *r = self;
	size_t i;

	for (i = 0; i < run.len; i++)
		r->same &= run.at[i] == byte_at(r->at++);
}

static void what_was_added_comes_back(void **state)
{
	static const uint64_t sizes[] = {
		0, 1, 1000, 256 << 10, (256 << 10) + 1, 1000003
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct reading r = { .same = true };
		struct scratch s;
		struct fault f;
		char run[777];
		uint64_t n = 0;

		scratch_init(&s, "here");
		while (n < sizes[i]) {
			size_t len = 0;

			while (len < sizeof(run) && n < sizes[i])
				run[len++] = byte_at(n++);
			scratch_add(&s, (struct slice){ run, len });
		}
		assert_true(scratch_each(&s, compare, &r, &f));
		assert_true(r.same);
		assert_int_equal(r.at, sizes[i]);
		assert_int_equal(s.len, sizes[i]);
		scratch_release(&s);
	}
}

static void a_folder_that_is_not_there_is_said_in_the_end(void **state)
{
	char run[4096] = { 0 };
	struct reading r = { .same = true };
	struct scratch s;
	struct fault f = { 0 };
	int i;

	(void)state;
	scratch_init(&s, "nowhere/segment-1");
	for (i = 0; i < 100; i++)
		scratch_add(&s, (struct slice){ run, sizeof(run) });
	assert_false(scratch_each(&s, compare, &r, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	scratch_release(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_comes_back),
		cmocka_unit_test(a_folder_that_is_not_there_is_said_in_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
