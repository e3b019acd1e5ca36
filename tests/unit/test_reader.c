/* Who may read what; without a reader, nobody. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "schema/reader.h"

static struct conf *conf_of(const char *text)
{
	struct conf *c = NULL;
	struct fault f;

	if (!conf_parse(&c, slice_of(text), "test.conf", &f))
		fail_msg("%s", f.text);
	return c;
}

static void no_reader_reads_nothing(void **state)
{
	(void)state;
	assert_false(reader_may(NULL, SLICE("public")));
	assert_false(reader_may(&reader_public, SLICE("staff")));
	assert_false(reader_may(&reader_public, SLICE("")));
	assert_false(reader_may(&reader_all, SLICE("")));
	assert_true(reader_may(&reader_public, SLICE("public")));
	assert_true(reader_may(&reader_all, SLICE("staff")));
}

static void a_configured_reader_has_its_labels_and_no_other(void **state)
{
	struct conf *c = conf_of("[reader bot]\nlabels = public , staff,,\n"
	                         "[reader none]\nlabels =\n");
	struct reader *r;
	struct fault f;

	(void)state;
	assert_true(reader_new(&r, c, SLICE("bot"), &f));
	assert_int_equal(r->label_count, 2);
	assert_true(slice_eq(r->name, SLICE("bot")));
	assert_true(reader_may(r, SLICE("staff")));
	assert_true(reader_may(r, SLICE("public")));
	assert_false(reader_may(r, SLICE("secret")));
	assert_false(reader_may(r, SLICE("sta")));
	reader_free(r);
	assert_true(reader_new(&r, c, SLICE("none"), &f));
	assert_false(reader_may(r, SLICE("public")));
	reader_free(r);
	conf_free(c);
}

static void local_sees_all_unless_configured(void **state)
{
	struct conf *c = conf_of("");
	struct reader *r;
	struct fault f;

	(void)state;
	assert_true(reader_new(&r, c, SLICE("local"), &f));
	assert_true(reader_may(r, SLICE("anything")));
	reader_free(r);
	conf_free(c);
	c = conf_of("[reader local]\nlabels = public\n");
	assert_true(reader_new(&r, c, SLICE("local"), &f));
	assert_false(reader_may(r, SLICE("staff")));
	reader_free(r);
	conf_free(c);
}

static void an_unknown_reader_is_refused(void **state)
{
	struct conf *c = conf_of("[reader typo]\nlabel = public\n");
	struct reader *r = NULL;
	struct fault f;

	(void)state;
	assert_false(reader_new(&r, c, SLICE("bot"), &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_false(reader_new(&r, c, SLICE("typo"), &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	conf_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_reader_reads_nothing),
		cmocka_unit_test(
		        a_configured_reader_has_its_labels_and_no_other),
		cmocka_unit_test(local_sees_all_unless_configured),
		cmocka_unit_test(an_unknown_reader_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
