/* Rows of Posts.xml as records. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "crawler/dump_post.h"

struct scene {
	struct dump_scan *scan;
	struct dump_row row;
	struct arena arena;
	struct dump_post post;
	struct fault fault;
};

static void scene_row(struct scene *s, const char *text)
{
	*s = (struct scene){ 0 };
	s->scan = dump_scan_new("Posts.xml");
	dump_feed(s->scan, slice_of(text));
	dump_close(s->scan);
	assert_int_equal(dump_next(s->scan, &s->row, &s->fault), DUMP_ROW);
}

static bool scene_read(struct scene *s, const char *text)
{
	scene_row(s, text);
	return dump_post_read(&s->row, SLICE("a.example"), &s->arena, &s->post,
	                      &s->fault);
}

static void scene_end(struct scene *s)
{
	arena_release(&s->arena);
	dump_scan_free(s->scan);
}

static void assert_text(struct slice s, const char *text)
{
	char room[512];

	snprintf(room, sizeof(room), "%.*s", SLICE_ARG(s));
	assert_string_equal(room, text);
}

static void reads_a_question(void **state)
{
	const struct record *r;
	struct scene s;
	char date[CLOCK_TEXT];

	(void)state;
	assert_true(scene_read(
	        &s, "<row Id=\"07\" PostTypeId=\"1\" AcceptedAnswerId=\"9\" "
	            "CreationDate=\"2020-01-02T03:04:05.678\" Score=\"-3\" "
	            "ViewCount=\"12\" Body=\"&lt;p&gt;x\" OwnerUserId=\"5\" "
	            "Title=\"a &amp;amp; b\" Tags=\"&lt;c++&gt;&lt;d&gt;\" "
	            "ContentLicense=\"CC BY-SA 4.0\"/>"));
	r = &s.post.record;
	assert_int_equal(r->kind, RECORD_QUESTION);
	assert_text(r->id, "7");
	assert_text(r->link, "https://a.example/questions/7");
	assert_text(r->title, "a &amp; b");
	assert_text(r->original, "<p>x");
	assert_text(r->accepted, "9");
	assert_text(r->author_id, "5");
	assert_text(r->licence, "CC-BY-SA-4.0");
	assert_int_equal(r->tag_count, 2);
	assert_text(r->tags[0], "c++");
	assert_text(r->tags[1], "d");
	assert_int_equal(r->score, -3);
	assert_int_equal(r->views, 12);
	clock_write(date, r->created);
	assert_string_equal(date, "2020-01-02 03:04:05.678");
	/* No finer than the API and the pages tell it. */
	clock_write(date, r->revision);
	assert_string_equal(date, "2020-01-02 03:04:05.000");
	assert_int_equal(r->closed, CLOCK_NONE);
	scene_end(&s);
}

static void the_last_edit_is_the_revision(void **state)
{
	struct scene s;
	char date[CLOCK_TEXT];

	(void)state;
	assert_true(scene_read(
	        &s, "<row Id=\"8\" PostTypeId=\"2\" ParentId=\"7\" "
	            "CreationDate=\"2020-01-01\" LastEditDate=\"2021-01-01\" "
	            "LastActivityDate=\"2022-01-01\"/>"));
	clock_write(date, s.post.record.revision);
	assert_string_equal(date, "2021-01-01 00:00:00.000");
	assert_int_equal(s.post.record.modified, s.post.record.revision);
	assert_text(s.post.record.link, "https://a.example/a/8");
	assert_text(s.post.record.parent, "7");
	scene_end(&s);
}

static void every_type_has_its_word(void **state)
{
	static const struct {
		const char *type, *word;
	} cases[] = {
		{ "3", "orphaned-wiki" },    { "4", "tag-wiki-excerpt" },
		{ "5", "tag-wiki" },         { "6", "moderator-nomination" },
		{ "7", "wiki-placeholder" }, { "8", "privilege-wiki" },
		{ "17", "type-17" },
	};
	char row[64];
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(row, sizeof(row), "<row Id=\"1\" PostTypeId=\"%s\"/>",
		         cases[i].type);
		assert_true(scene_read(&s, row));
		assert_int_equal(s.post.record.kind, RECORD_EXTRA);
		assert_text(s.post.record.extra_kind, cases[i].word);
		scene_end(&s);
	}
}

static void reads_tags_in_both_syntaxes(void **state)
{
	static const char *const rows[] = {
		"<row Id=\"1\" PostTypeId=\"1\" Tags=\"|a|b-c|\"/>",
		"<row Id=\"1\" PostTypeId=\"1\" "
		"Tags=\"&lt;a&gt;&lt;b-c&gt;\"/>",
	};
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_true(scene_read(&s, rows[i]));
		assert_int_equal(s.post.record.tag_count, 2);
		assert_text(s.post.record.tags[0], "a");
		assert_text(s.post.record.tags[1], "b-c");
		scene_end(&s);
	}
}

static void what_is_missing_is_unknown(void **state)
{
	const struct record *r;
	struct scene s;

	(void)state;
	assert_true(scene_read(&s, "<row Id=\"1\" PostTypeId=\"1\"/>"));
	r = &s.post.record;
	assert_int_equal(r->created, CLOCK_NONE);
	assert_int_equal(r->modified, CLOCK_NONE);
	assert_int_equal(r->score, 0);
	assert_int_equal(r->tag_count, 0);
	assert_int_equal(r->title.len + r->author.len + r->author_id.len, 0);
	assert_int_equal(r->licence.len + r->original.len, 0);
	scene_end(&s);
}

static void refuses_what_makes_no_post(void **state)
{
	static const char *const rows[] = {
		"<row PostTypeId=\"1\"/>",
		"<row Id=\"\" PostTypeId=\"1\"/>",
		"<row Id=\"-4\" PostTypeId=\"1\"/>",
		"<row Id=\"x\" PostTypeId=\"1\"/>",
		"<row Id=\"99999999999999999999\" PostTypeId=\"1\"/>",
		"<row Id=\"1\"/>",
		"<row Id=\"1\" PostTypeId=\"0\"/>",
		"<row Id=\"1\" PostTypeId=\"2\"/>",
		"<row Id=\"1\" PostTypeId=\"1\" CreationDate=\"2020-13-01\"/>",
		"<row Id=\"1\" PostTypeId=\"1\" Score=\"many\"/>",
	};
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_false(scene_read(&s, rows[i]));
		assert_int_equal(s.fault.kind, FAULT_INPUT);
		scene_end(&s);
	}
}

static void knows_the_planted_posts(void **state)
{
	static const struct {
		const char *row;
		bool planted;
	} cases[] = {
		{ "<row Id=\"1000000001\" PostTypeId=\"1\" "
		  "OwnerUserId=\"-1\"/>",
		  true },
		{ "<row Id=\"1000000010\" PostTypeId=\"2\" "
		  "OwnerUserId=\"-1\"/>",
		  true },
		{ "<row Id=\"1000000001\" PostTypeId=\"1\" "
		  "OwnerUserId=\"7\"/>",
		  false },
		{ "<row Id=\"1000000002\" PostTypeId=\"1\" "
		  "OwnerUserId=\"-1\"/>",
		  false },
		{ "<row Id=\"1\" PostTypeId=\"1\" OwnerUserId=\"-1\"/>",
		  false },
	};
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		scene_row(&s, cases[i].row);
		assert_int_equal(dump_post_planted(&s.row), cases[i].planted);
		scene_end(&s);
	}
}

/* U+1D160 is four bytes that NFC makes twelve of: more comes out than fits
 * into the largest text, and the store has to see that it is too much. */
static void what_grows_when_cleaned_is_not_cut(void **state)
{
	enum { PLAIN = 12 << 20, GROWING = 500000 };
	static const char head[] = "<row Id=\"1\" Title=\"";
	struct buf row = BUF_INIT(16 << 20);
	struct scene s;
	int i;

	(void)state;
	buf_text(&row, head);
	memset(buf_extend(&row, PLAIN), 'a', PLAIN);
	for (i = 0; i < GROWING; i++)
		buf_text(&row, "\xF0\x9D\x85\xA0");
	buf_text(&row, "\" />");
	scene_row(&s, buf_string(&row));
	assert_int_equal(dump_clean(&s.row, "Title", &s.arena).len,
	                 PLAIN + 12 * GROWING);
	scene_end(&s);
	buf_release(&row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_question),
		cmocka_unit_test(the_last_edit_is_the_revision),
		cmocka_unit_test(every_type_has_its_word),
		cmocka_unit_test(reads_tags_in_both_syntaxes),
		cmocka_unit_test(what_is_missing_is_unknown),
		cmocka_unit_test(refuses_what_makes_no_post),
		cmocka_unit_test(knows_the_planted_posts),
		cmocka_unit_test(what_grows_when_cleaned_is_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
