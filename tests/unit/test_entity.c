/* Entities of a dump's attributes: decoded once, kept where they are none. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crawler/entity.h"

static void each_case_reads_as_it_should(void **state)
{
	static const struct {
		const char *raw, *text;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "&lt;p&gt;", "<p>" },
		{ "&amp;lt;", "&lt;" },
		{ "&quot;&apos;", "\"'" },
		{ "&#20351;&#x7528;", "使用" },
		{ "&#xA;", "\n" },
		{ "&lt", "&lt" },
		{ "&gt", "&gt" },
		{ "a &lt", "a &lt" },
		{ "&", "&" },
		{ "&;", "&;" },
		{ "&#;&#x;", "&#;&#x;" },
		{ "&#xD800;", "&#xD800;" },
		{ "&#1114112;", "&#1114112;" },
		{ "&eacute;", "&eacute;" },
		{ "&lt;&lt", "<&lt" },
		{ "a & b && c;", "a & b && c;" },
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* A copy of the exact length: reading past it is seen. */
		struct slice raw = arena_copy(&a, slice_of(cases[i].raw));
		struct slice text = entity_decode(raw, &a);

		if (!slice_eq(text, slice_of(cases[i].text)))
			fail_msg("'%s' became '%.*s'", cases[i].raw,
			         SLICE_ARG(text));
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_reads_as_it_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
