/* Splitting posts: questions along their rows, pages along their headings. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "kb/passage.h"

struct split {
	struct arena arena;
	struct passage *all;
	size_t count;
};

static int release(void **state)
{
	struct split *split = *state;

	arena_release(&split->arena);
	return 0;
}

static int prepare(void **state)
{
	static struct split split;

	split = (struct split){ .arena = ARENA_INIT };
	*state = &split;
	return 0;
}

static void assert_slice(struct slice s, const char *text)
{
	if (!slice_eq(s, slice_of(text)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARG(s), text);
}

static struct post_row page_of(const char *text)
{
	return (struct post_row){ .id = 7,
		                  .kind = SLICE("page"),
		                  .title = SLICE("A page"),
		                  .content = slice_of(text),
		                  .modified = 5,
		                  .changed = 9 };
}

static void split_page(struct split *split, const char *text)
{
	struct post_row row = page_of(text);

	split->all = passage_split(&row, &split->arena, &split->count);
}

/* What holds of every split of a page: the body is what from and to say, in
 * order, without overlap, and no longer than it should be. */
static void assert_sound(const struct split *split, struct slice text)
{
	size_t i, j, before = 0;

	for (i = 0; i < split->count; i++) {
		const struct passage *p = &split->all[i];

		assert_int_equal(p->part, i);
		assert_int_equal(p->kind, PASSAGE_SECTION);
		assert_true(p->from >= before && p->to >= p->from);
		assert_true(slice_eq(slice_cut(text, p->from, p->to), p->body));
		assert_int_equal(utf8_valid(p->body), p->body.len);
		assert_true(p->body.len < PASSAGE_BYTES + 400);
		before = p->to;
		for (j = 0; j < i && i < 200; j++)
			assert_false(p->slug.len &&
			             slice_eq(p->slug, split->all[j].slug));
	}
}

static void test_question(void **state)
{
	const struct slice tags[] = { SLICE("nginx"), SLICE("reverse-proxy") };
	struct answer_row answers[] = {
		{ .id = 31,
		  .content = SLICE("use it"),
		  .accepted = true,
		  .score = 4,
		  .modified = 20,
		  .changed = 2 },
		{ .id = 12,
		  .content = SLICE("or not"),
		  .score = 9,
		  .created = 11,
		  .modified = CLOCK_NONE,
		  .changed = 3 },
	};
	struct post_row row = { .id = 5,
		                .kind = SLICE("question"),
		                .title = SLICE("Why?"),
		                .content = SLICE("It fails."),
		                .tags = tags,
		                .tag_count = 2,
		                .score = 3,
		                .modified = 10,
		                .changed = 1,
		                .answers = answers,
		                .answer_count = 2 };
	struct split *split = *state;
	struct passage *p;

	p = split->all = passage_split(&row, &split->arena, &split->count);
	assert_int_equal(split->count, 3);
	assert_int_equal(p[0].part, 0);
	assert_int_equal(p[0].kind, PASSAGE_QUESTION);
	assert_slice(p[0].body, "It fails.");
	assert_int_equal(p[0].to, 9);
	assert_int_equal(p[1].part, 12);
	assert_int_equal(p[1].kind, PASSAGE_ANSWER);
	assert_int_equal(p[1].modified, 11);
	assert_int_equal(p[2].part, 31);
	assert_int_equal(p[2].kind, PASSAGE_ACCEPTED);
	assert_int_equal(p[2].score, 4);
	assert_int_equal(p[2].changed, 2);
	assert_slice(p[2].title, "Why?");
	assert_slice(p[2].tags, "nginx reverse-proxy");
	assert_int_equal(p[2].post, 5);
}

static void test_empty(void **state)
{
	struct post_row row = { .id = 5, .kind = SLICE("question") };
	struct split *split = *state;

	passage_split(&row, &split->arena, &split->count);
	assert_int_equal(split->count, 0);
	row.title = SLICE("Only a title");
	assert_int_equal(
	        passage_split(&row, &split->arena, &split->count)->kind,
	        PASSAGE_QUESTION);
	assert_int_equal(split->count, 1);
	split_page(split, "");
	assert_int_equal(split->count, 1);
	assert_slice(split->all[0].title, "A page");
	row.title = (struct slice){ 0 };
	row.kind = SLICE("document");
	passage_split(&row, &split->arena, &split->count);
	assert_int_equal(split->count, 0);
}

static void test_headings(void **state)
{
	static const char text[] = "Before.\n\n"
	                           "# Install\n\n"
	                           "## On Debian\n\nUse apt.\n\n"
	                           "## On *Fedora* & co.\n\nUse dnf.\n\n"
	                           "# Install #\n\nAgain.\n";
	struct split *split = *state;

	split_page(split, text);
	assert_sound(split, SLICE(text));
	assert_int_equal(split->count, 4);
	assert_slice(split->all[0].body, "Before.");
	assert_slice(split->all[0].heading, "");
	assert_slice(split->all[0].slug, "");
	assert_slice(split->all[1].heading, "Install > On Debian");
	assert_slice(split->all[1].slug, "on-debian");
	assert_slice(split->all[1].body, "Use apt.");
	assert_slice(split->all[2].slug, "on-fedora--co");
	assert_slice(split->all[3].heading, "Install");
	assert_slice(split->all[3].slug, "install-1");
	assert_int_equal(split->all[3].changed, 9);
}

static void test_no_headings(void **state)
{
	static const char text[] = "a\n\n```sh\n# a comment\n```\n\n"
	                           "    # indented\n\n#no blank\n\n"
	                           "####### seven\n\n~~~\n```\n# x\n~~~\n";
	struct split *split = *state;

	split_page(split, text);
	assert_int_equal(split->count, 1);
	assert_sound(split, SLICE(text));
}

static void test_heading_alone(void **state)
{
	struct split *split = *state;

	split_page(split, "# One\n## Two\n## C#\ntext\n# Three");
	assert_int_equal(split->count, 3);
	assert_slice(split->all[0].heading, "One > Two");
	assert_slice(split->all[0].body, "");
	assert_slice(split->all[1].heading, "One > C#");
	assert_slice(split->all[2].heading, "Three");
}

/* A document comes cut already; only a long one is cut again. */
static void test_document(void **state)
{
	struct split *split = *state;
	struct post_row row = page_of("\nset -e\n# a comment\nmake\n");
	struct buf text = BUF_INIT(2 * DOCUMENT_WHOLE);

	split->all = passage_split(&row, &split->arena, &split->count);
	assert_int_equal(split->count, 2);
	row.kind = SLICE("document");
	split->all = passage_split(&row, &split->arena, &split->count);
	assert_int_equal(split->count, 1);
	assert_sound(split, row.content);
	assert_slice(split->all[0].body, "set -e\n# a comment\nmake");
	assert_slice(split->all[0].heading, "");
	assert_slice(split->all[0].slug, "");
	while (text.len + 6 <= DOCUMENT_WHOLE)
		buf_text(&text, "x\n# h\n");
	buf_add(&text,
	        slice_cut(SLICE("xxxxxx"), 0, DOCUMENT_WHOLE - text.len));
	row.content = buf_slice(&text);
	passage_split(&row, &split->arena, &split->count);
	assert_int_equal(split->count, 1);
	buf_byte(&text, 'x');
	row.content = buf_slice(&text);
	passage_split(&row, &split->arena, &split->count);
	assert_true(split->count > 1);
	buf_release(&text);
}

static void test_slugs_stay_unique(void **state)
{
	struct split *split = *state;

	split_page(split, "# a\nx\n# a-1\nx\n# a\nx\n# A\nx\n# !\nx\n"
	                  "# \xe5\xae\x89\xe8\xa3\x85\nx\n");
	assert_int_equal(split->count, 6);
	assert_slice(split->all[0].slug, "a");
	assert_slice(split->all[1].slug, "a-1");
	assert_slice(split->all[2].slug, "a-2");
	assert_slice(split->all[3].slug, "a-3");
	assert_slice(split->all[4].slug, "section");
	assert_slice(split->all[5].slug, "\xe5\xae\x89\xe8\xa3\x85");
}

static void test_long_section(void **state)
{
	struct split *split = *state;
	struct buf text = BUF_INIT(1 << 20);
	size_t i;

	buf_text(&text, "# Long\n\n");
	for (i = 0; i < 400; i++)
		buf_addf(&text, "Paragraph %zu of a text that is long.\n\n", i);
	split_page(split, buf_string(&text));
	assert_sound(split, buf_slice(&text));
	assert_int_equal(split->count, 3);
	assert_slice(split->all[0].slug, "long");
	assert_slice(split->all[1].slug, "long~2");
	assert_slice(split->all[2].heading, "Long");
	assert_true(slice_starts(split->all[1].body, SLICE("Paragraph ")));
	buf_release(&text);
}

/* A fence is cut only when it is longer than a passage itself. */
static void test_long_fence(void **state)
{
	struct split *split = *state;
	struct buf text = BUF_INIT(1 << 20);
	size_t i;

	for (i = 0; i < 60; i++)
		buf_text(&text, "A paragraph before the code begins.\n\n");
	buf_text(&text, "```\n");
	for (i = 0; i < 150; i++)
		buf_text(&text, "a line of code that is part of it\n\n");
	buf_text(&text, "```\n\nAfter.\n");
	split_page(split, buf_string(&text));
	assert_sound(split, buf_slice(&text));
	assert_int_equal(split->count, 2);
	assert_true(slice_starts(split->all[1].body, SLICE("```")));
	assert_true(slice_ends(split->all[1].body, SLICE("After.")));
	buf_release(&text);
}

static void test_hostile(void **state)
{
	static const char *const units[] = {
		"x",     "\n",           "# a\nb\n",       "#\n",
		"```\n", "\xe4\xb8\xad", "# a\n",          "~~~\n\n",
		" ",     "\xff",         "\n\n\n# \xff\n",
	};
	struct split *split = *state;
	size_t i, j;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		struct buf text = BUF_INIT(4 << 20);

		for (j = 0; j < 100000; j++)
			buf_text(&text, units[i]);
		split_page(split, buf_string(&text));
		assert_true(split->count > 0 && split->count < 20000);
		if (!strchr(units[i], '\xff'))
			assert_sound(split, buf_slice(&text));
		arena_reset(&split->arena);
		buf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_question, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_empty, prepare, release),
		cmocka_unit_test_setup_teardown(test_headings, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_no_headings, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_heading_alone, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_document, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_slugs_stay_unique, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_long_section, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_long_fence, prepare,
		                                release),
		cmocka_unit_test_setup_teardown(test_hostile, prepare, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
