/* Public ids are written and read back; spaces have one spelling. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "schema/identity.h"

static const struct {
	const char *space, *native, *answer, *slug, *text;
} good[] = {
	{ "serverfault.com", "12", "", "", "serverfault.com/12" },
	{ "serverfault.com", "12", "13", "", "serverfault.com/12#a-13" },
	{ "wiki.example.com/ops", "ns:page", "", "set-up",
	  "wiki.example.com/ops/ns:page#s-set-up" },
	{ "files", "a/b c.md", "", "", "files/a%2Fb%20c.md" },
	{ "files", "100%#?", "", "", "files/100%25%23%3F" },
	{ "files", "\xe4\xbd\xa0\xe5\xa5\xbd", "", "",
	  "files/\xe4\xbd\xa0\xe5\xa5\xbd" },
	{ "files", "tab\there", "x/y", "", "files/tab%09here#a-x%2Fy" },
};

static const char *const bad[] = {
	"",
	"no-slash",
	"/12",
	"space/",
	"space/12#",
	"space/12#a-",
	"space/12#b-1",
	"space/%4",
	"space/%",
	"space/%zz",
	"space/%ff",
	"\xff/12",
	"space/12#s-%",
};

static void every_id_reads_back_as_it_was_written(void **state)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT(4096);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct identity id = { slice_of(good[i].space),
			               slice_of(good[i].native),
			               slice_of(good[i].answer),
			               slice_of(good[i].slug) };
		struct identity back;
		struct fault f;

		buf_reset(&b);
		identity_write(&b, &id);
		assert_string_equal(buf_string(&b), good[i].text);
		assert_true(identity_read(buf_slice(&b), &a, &back, &f));
		assert_true(slice_eq(back.space, id.space));
		assert_true(slice_eq(back.native, id.native));
		assert_true(slice_eq(back.answer, id.answer));
		assert_true(slice_eq(back.slug, id.slug));
	}
	buf_release(&b);
	arena_release(&a);
}

static void what_is_no_id_is_refused(void **state)
{
	struct arena a = ARENA_INIT;
	struct identity id;
	struct fault f = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (identity_read(slice_of(bad[i]), &a, &id, &f))
			fail_msg("'%s' was taken for an id", bad[i]);
		assert_int_equal(f.kind, FAULT_INPUT);
	}
	arena_release(&a);
}

static void a_space_has_one_spelling(void **state)
{
	static const struct {
		const char *text, *space;
	} cases[] = {
		{ "https://ServerFault.com/", "serverfault.com" },
		{ "wiki.example.com/Ops//", "wiki.example.com/ops" },
		{ "notes", "notes" },
		{ "", NULL },
		{ "https://", NULL },
		{ "two words", NULL },
		{ "a\nb", NULL },
		{ "a#b", NULL },
		{ "/", NULL },
		{ "http://https://x", NULL },
		{ "a b://x", NULL },
		{ "\xff", NULL },
	};
	struct buf b = BUF_INIT(4096);
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool ok;

		buf_reset(&b);
		ok = identity_space(slice_of(cases[i].text), &b, &f);
		assert_int_equal(ok, cases[i].space != NULL);
		if (ok)
			assert_string_equal(buf_string(&b), cases[i].space);
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_id_reads_back_as_it_was_written),
		cmocka_unit_test(what_is_no_id_is_refused),
		cmocka_unit_test(a_space_has_one_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
