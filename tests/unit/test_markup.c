/* Parsing through the worker: trees, ceilings, and what kills a worker. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/markup.h"

/* The tree as text: <name a="v">...</name>, texts as they are. */
static void show(const struct markup *m, uint32_t n, struct buf *to)
{
	const struct markup_node *node = &m->nodes[n];
	uint32_t i;

	if (node->kind == MARKUP_TEXT) {
		buf_add(to, node->text);
		return;
	}
	buf_byte(to, '<');
	buf_add(to, node->name);
	for (i = 0; i < node->attribute_count; i++) {
		const struct markup_attribute *a =
		        &m->attributes[node->attribute + i];

		buf_addf(to, " %.*s=\"%.*s\"", SLICE_ARG(a->name),
		         SLICE_ARG(a->value));
	}
	buf_byte(to, '>');
	for (i = node->first; i != MARKUP_NONE; i = m->nodes[i].next) {
		assert_int_equal(m->nodes[i].parent, n);
		show(m, i, to);
	}
	buf_addf(to, "</%.*s>", SLICE_ARG(node->name));
}

static void check(const char *html, const char *expected)
{
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct buf text = BUF_INIT(1 << 20);
	struct markup m;
	struct fault f;

	assert_true(markup_parse(p, slice_of(html), &a, &m, &f));
	show(&m, 0, &text);
	assert_string_equal(buf_string(&text), expected);
	assert_false(m.truncated);
	buf_release(&text);
	arena_release(&a);
	markup_parser_free(p);
}

static void test_trees(void **state)
{
	(void)state;
	check("", "<html></html>");
	check("<p>a<b>c</b></p>", "<html><body><p>a<b>c</b></p></body></html>");
	check("<p>one<p>two", "<html><body><p>one</p><p>two</p></body></html>");
	check("<a href='/x?a=1&amp;b=2' rel=nofollow>&lt;&amp;lt;</a>",
	      "<html><body><a href=\"/x?a=1&b=2\" rel=\"nofollow\"><&lt;</a>"
	      "</body></html>");
	check("<html lang=de><body>a",
	      "<html lang=\"de\"><body>a</body></html>");
	check("a<!-- c -->b", "<html><body><p>ab</p></body></html>");
	check("<P>\xe4\xbd\xa0\xe5\xa5\xbd\xe2\x80\xa6</P>",
	      "<html><body><p>\xe4\xbd\xa0\xe5\xa5\xbd\xe2\x80\xa6</p></body></"
	      "html>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
