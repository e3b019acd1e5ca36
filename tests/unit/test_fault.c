/* fault.h: faults are filled, placed, wrapped and cut, never overrun. */

#include "base/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void a_fault_says_what_happened(void **state)
{
	struct fault f;

	(void)state;
	assert_false(fault(&f, FAULT_INPUT, "row", "row %d is cut", 7));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_string_equal(f.code, "row");
	assert_string_equal(f.text, "row 7 is cut");
	assert_string_equal(f.subject, "");
	assert_false(fault_at(&f, "Posts.xml", 12));
	assert_string_equal(f.subject, "Posts.xml");
	assert_int_equal(f.line, 12);
	assert_false(fault_in(&f, "cannot import '%s'", "x"));
	assert_string_equal(f.text, "cannot import 'x': row 7 is cut");
}

static void a_new_fault_forgets_the_old(void **state)
{
	struct fault f;

	(void)state;
	fault(&f, FAULT_INPUT, "a", "a");
	fault_at(&f, "old", 3);
	fault(&f, FAULT_GONE, "b", "b");
	assert_string_equal(f.subject, "");
	assert_int_equal(f.line, 0);
}

static void long_texts_are_cut(void **state)
{
	char text[2000];
	struct fault f;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	fault(&f, FAULT_INPUT, "long", "%s", text);
	assert_int_equal(strlen(f.text), sizeof(f.text) - 1);
	fault_at(&f, text, 0);
	assert_int_equal(strlen(f.subject), sizeof(f.subject) - 1);
	assert_string_equal(f.subject + sizeof(f.subject) - 4, "...");
	fault_in(&f, "%s", text);
	assert_string_equal(f.text + sizeof(f.text) - 4, "...");
	fault(&f, FAULT_INPUT, "short", "inner");
	fault_in(&f, "%s", text);
	assert_int_equal(strlen(f.text), sizeof(f.text) - 1);
}

static void kinds_have_names(void **state)
{
	(void)state;
	assert_string_equal(fault_kind_name(FAULT_NONE), "none");
	assert_string_equal(fault_kind_name(FAULT_DENIED), "denied");
	assert_string_equal(fault_kind_name(FAULT_SYSTEM), "system");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_says_what_happened),
		cmocka_unit_test(a_new_fault_forgets_the_old),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
