/* memory.h, arena.h and buf.h: memory is there, zeroed where promised, and
 * bounded where a ceiling was set. */

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

static void memory_is_zeroed_and_copied(void **state)
{
	char *at = memory_new(3, 5);
	char *copy = memory_copy("ab\0c", 4);
	int i;

	(void)state;
	for (i = 0; i < 15; i++)
		assert_int_equal(at[i], 0);
	at = memory_resize(at, 100, 2);
	assert_int_equal(at[14], 0);
	assert_memory_equal(copy, "ab\0c\0", 5);
	free(at);
	free(copy);
	free(memory_new(0, 0));
	free(memory_resize(NULL, 0, 1));
	free(memory_copy(NULL, 0));
}

static void room_grows_by_half(void **state)
{
	size_t cap = 0, used;
	int *array = NULL;

	(void)state;
	for (used = 0; used < 1000; used++) {
		array = memory_room(array, used, &cap, sizeof(*array));
		assert_true(cap > used);
		array[used] = (int)used;
	}
	for (used = 0; used < 1000; used++)
		assert_int_equal(array[used], used);
	assert_true(cap < 2000);
	free(array);
}

/* In a child: asking for what cannot be had exits with 1, without a signal. */
static void running_out_exits(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (!child) {
		close(STDERR_FILENO);
		memory_resize(NULL, SIZE_MAX, 2);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

static void arena_hands_out_zeroed_and_aligned(void **state)
{
	struct arena a = ARENA_INIT;
	struct slice copy;
	int round;

	(void)state;
	for (round = 0; round < 3; round++) {
		size_t size, i;

		for (size = 0; size < 3000; size += 7) {
			char *at = arena_new(&a, size);

			assert_int_equal((uintptr_t)at % alignof(max_align_t),
			                 0);
			for (i = 0; i < size; i++)
				assert_int_equal(at[i], 0);
			memset(at, 0xFF, size);
		}
		assert_true(arena_total(&a) > 600000);
		arena_reset(&a);
		assert_int_equal(arena_total(&a), 0);
	}
	copy = arena_copy(&a, SLICE("word"));
	assert_string_equal(copy.at, "word");
	assert_int_equal(copy.len, 4);
	assert_non_null(arena_array(&a, 3 << 20, 1)); /* a huge one */
	arena_reset(&a);
	assert_non_null(arena_new(&a, 1));
	arena_release(&a);
	arena_release(&a);
}

static void buf_appends_everything(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	assert_string_equal(buf_string(&b), "");
	buf_text(&b, "a");
	buf_add(&b, SLICE("bc"));
	buf_add(&b, (struct slice){ 0 });
	buf_byte(&b, ' ');
	buf_addf(&b, "%d-%s", 42, "x");
	buf_byte(&b, ' ');
	buf_number(&b, INT64_MIN);
	buf_byte(&b, ' ');
	buf_number(&b, 0);
	memcpy(buf_extend(&b, 2), "!!", 2);
	assert_string_equal(buf_string(&b),
	                    "abc 42-x -9223372036854775808 0!!");
	buf_cut(&b, 3);
	assert_string_equal(buf_string(&b), "abc");
	assert_false(buf_full(&b));
	buf_release(&b);
	assert_int_equal(b.ceiling, 1000);
}

static void buf_stops_at_its_ceiling(void **state)
{
	struct buf b = BUF_INIT(5);

	(void)state;
	buf_text(&b, "abcd");
	buf_text(&b, "ef"); /* does not fit whole */
	assert_true(buf_full(&b));
	buf_byte(&b, 'e'); /* would fit, but full is full */
	assert_string_equal(buf_string(&b), "abcd");
	assert_null(buf_extend(&b, 1));
	buf_reset(&b);
	assert_false(buf_full(&b));
	buf_text(&b, "abcde");
	assert_false(buf_full(&b));
	buf_addf(&b, "%s", "");
	assert_false(buf_full(&b));
	buf_addf(&b, "%d", 1);
	assert_true(buf_full(&b));
	buf_reset(&b);
	buf_text(&b, "abcd");
	buf_number(&b, -1);
	assert_string_equal(buf_string(&b), "abcd");
	buf_reset(&b);
	assert_null(buf_extend(&b, SIZE_MAX));
	buf_release(&b);
}

static void huge_pages_change_nothing_else(void **state)
{
	char *at;

	(void)state;
	memory_huge();
	memory_huge();
	at = memory_new(3, 1 << 20);
	assert_int_equal(at[0] | at[(3 << 20) - 1], 0);
	free(at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_copied),
		cmocka_unit_test(room_grows_by_half),
		cmocka_unit_test(huge_pages_change_nothing_else),
		cmocka_unit_test(running_out_exits),
		cmocka_unit_test(arena_hands_out_zeroed_and_aligned),
		cmocka_unit_test(buf_appends_everything),
		cmocka_unit_test(buf_stops_at_its_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
