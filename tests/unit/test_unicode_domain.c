/* unicode_domain.h: names of domains as the URL Standard wants them. */

#include "base/text/unicode_domain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void expect(const char *name, const char *ascii)
{
	struct buf out = BUF_INIT(10000);
	bool done = unicode_domain(slice_of(name), &out);

	if (done != (ascii != NULL) ||
	    (done && strcmp(buf_string(&out), ascii) != 0))
		fail_msg("'%s' is '%s', not '%s'", name, buf_string(&out),
		         ascii ? ascii : "none");
	buf_release(&out);
}

static void names_become_ascii(void **state)
{
	(void)state;
	expect("Bücher.Example", "xn--bcher-kva.example");
	/* Composed or not, wide or not. */
	expect("bu\u0308cher", "xn--bcher-kva");
	expect("ｂücher。example", "xn--bcher-kva.example");
	/* Not transitional: these two letters stay themselves. */
	expect("straße", "xn--strae-oqa");
	expect("ς", "xn--3xa");
	/* A soft hyphen is not there. */
	expect("a\u00ADb.ü", "ab.xn--tda");
}

static void only_what_matters_is_checked(void **state)
{
	char label[80] = "";
	struct buf out = BUF_INIT(10000);

	(void)state;
	/* Hyphens, lengths and empty labels do not matter here. */
	expect("-ü-", "xn-----xka");
	expect("..ü.", "..xn--tda.");
	memset(label, 'a', 70);
	memcpy(label + 70, ".ü", 4);
	assert_true(unicode_domain(slice_of(label), &out));
	assert_int_equal(out.len, 70 + 8);
	/* Direction, joiners and labels that say they are encoded do. */
	expect("\u05D0a", NULL);
	expect("a\u200Db.ü", NULL);
	expect("xn--a.ü", NULL);
	expect("\uFFFD", NULL);
	expect("\xFF", NULL);
	buf_release(&out);
}

static void long_names_are_none(void **state)
{
	static char name[5001];
	struct buf out = BUF_INIT(10000);

	(void)state;
	memset(name, 'a', 5000);
	memcpy(name, "ü", 2);
	assert_false(unicode_domain((struct slice){ name, 5000 }, &out));
	assert_false(unicode_domain((struct slice){ name, 4096 }, &out));
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_ascii),
		cmocka_unit_test(only_what_matters_is_checked),
		cmocka_unit_test(long_names_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
