/* Paths: their order, their ids, and which of them are wanted. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "crawler/local_fields.h"
#include "crawler/local_forge.h"
#include "crawler/local_link.h"
#include "crawler/local_path.h"

static void is_text(struct buf *b, const char *text)
{
	assert_string_equal(buf_string(b), text);
	buf_reset(b);
}

/* What is in a folder stands where the folder does. */
static void test_order(void **state)
{
	static const char *const sorted[] = { "a",    "a/b", "a/b/c.md", "a-b",
		                              "a.md", "a0",  "b/x.md" };

	(void)state;
	for (size_t i = 0; i < sizeof(sorted) / sizeof(*sorted); i++)
		for (size_t k = 0; k < sizeof(sorted) / sizeof(*sorted); k++) {
			int c = local_path_compare(slice_of(sorted[i]),
			                           slice_of(sorted[k]));

			assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
		}
}

static void test_form(void **state)
{
	static const char *const bad[] = { "",  "/a",   "a/",  "a//b",
		                           ".", "a/..", "../", "a/./b" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(local_path_is(slice_of(bad[i])));
	assert_true(local_path_is(SLICE("a b/.c/d..md")));
	assert_false(local_path_is(SLICE("a\0b")));
	assert_string_equal(local_path_ending(SLICE("a.b/c.MD")).at, ".MD");
	assert_int_equal(local_path_ending(SLICE("a.b/c")).len, 0);
	assert_int_equal(local_path_ending(SLICE(".profile")).len, 0);
}

static void test_id(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	local_path_id(SLICE("ops/disk full.md"), &b);
	is_text(&b, "ops/disk full.md");
	/* Decomposed letters are one with composed ones. */
	local_path_id(SLICE("Cafe\xcc\x81.md"), &b);
	is_text(&b, "Caf\xc3\xa9.md");
	local_path_id(SLICE("\xff"
	                    "a\nb\xc2\x85.md "),
	              &b);
	is_text(&b, "%FFa%0Ab%C2%85.md%20");
	local_path_title(SLICE("ops/Disk-is_full.md"), &b);
	is_text(&b, "Disk is full");
	local_path_escape(SLICE("a b/c%d?.md"), &b);
	is_text(&b, "a%20b/c%25d%3F.md");
	buf_release(&b);
}

static bool picked(const char *settings, const char *path)
{
	struct buf text = BUF_INIT(4096);
	struct conf *c = NULL;
	struct local_pick *p = NULL;
	struct fault f;
	bool is;

	buf_addf(&text, "[source it]\nkind = files\n%s\n", settings);
	assert_true(conf_parse(&c, buf_slice(&text), "test", &f));
	assert_true(
	        local_pick_new(&p, conf_find(c, "source", SLICE("it")), &f));
	is = local_pick_file(p, slice_of(path));
	local_pick_free(p);
	conf_free(c);
	buf_release(&text);
	return is;
}

static void test_pick(void **state)
{
	static const struct {
		const char *settings, *path;
		bool is;
	} cases[] = {
		{ "", "a/b.md", true },
		{ "", "a/b.MD", true },
		{ "", "a/b.png", false },
		{ "", "md", false },
		{ "", ".hidden.md", false },
		{ "extensions = .log", "x.log", true },
		{ "extensions = .log", "x.md", false },
		{ "exclude = drafts", "a/drafts/b.md", false },
		{ "exclude = drafts", "a/drafts.md", true },
		{ "exclude = /drafts", "a/drafts/b.md", true },
		{ "exclude = a/drafts/", "a/drafts/b.md", false },
		{ "exclude = *.old.md", "a/b.old.md", false },
		{ "include = ops", "ops/x.md", true },
		{ "include = ops", "dev/x.md", false },
		{ "include = dev/*.md", "dev/x.md", true },
		{ "include = dev/*.md", "dev/a/x.md", false },
		{ "include = dev/**/x.md", "dev/x.md", true },
		{ "include = dev/**/x.md", "dev/a/b/x.md", true },
		{ "include = dev/**/x.md", "dev/a/bx.md", false },
		{ "include = **/b/*.md", "a/b/x.md", true },
		{ "include = **/b/*.md", "ab/x.md", false },
		{ "include = d?v/x.md", "d\xc3\xb6v/x.md", true },
		{ "include = d?v/x.md", "d/v/x.md", false },
		{ "include = a*b*c/**d.md", "a-b-b-c/x/d.md", true },
		{ "include = ops dev", "dev/x.md", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (picked(cases[i].settings, cases[i].path) != cases[i].is)
			fail_msg("'%s' of '%s' is not %d", cases[i].path,
			         cases[i].settings, cases[i].is);
}

/* A pattern made to be slow, on a path made for it. */
static void test_slow_pattern(void **state)
{
	struct buf path = BUF_INIT(8192), settings = BUF_INIT(1024);

	(void)state;
	buf_text(&settings, "include = ");
	for (int i = 0; i < 100; i++)
		buf_text(&settings, "*a");
	buf_text(&settings, "**b");
	for (int i = 0; i < 4000; i++)
		buf_byte(&path, 'a');
	buf_text(&path, ".md");
	assert_false(picked(buf_string(&settings), buf_string(&path)));
	buf_release(&path);
	buf_release(&settings);
}

static void test_wrong_settings(void **state)
{
	static const char *const wrong[] = { "extensions = md", NULL };
	struct conf *c = NULL;
	struct local_pick *p = NULL;
	struct buf text = BUF_INIT(4096);
	struct fault f;

	(void)state;
	buf_addf(&text, "[source it]\n%s\n", wrong[0]);
	assert_true(conf_parse(&c, buf_slice(&text), "test", &f));
	assert_false(
	        local_pick_new(&p, conf_find(c, "source", SLICE("it")), &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	conf_free(c);
	buf_release(&text);
}

/* What is written is read back, whatever bytes it has. */
static void test_fields(void **state)
{
	struct buf b = BUF_INIT(1000);
	struct arena a = ARENA_INIT;
	struct slice rest, line;
	int64_t n = 0;

	(void)state;
	local_fields_add(&b, "path", SLICE("a&b=c\n%.md"));
	local_fields_number(&b, "size", -5);
	buf_text(&b, "\n\npath=second");
	rest = buf_slice(&b);
	assert_true(local_fields_line(&rest, &line));
	assert_true(slice_eq(local_fields_get(line, "path", &a),
	                     SLICE("a&b=c\n%.md")));
	assert_true(local_fields_get_number(line, "size", &n) && n == -5);
	assert_false(local_fields_get_number(line, "path", &n));
	assert_null(local_fields_get(line, "ize", &a).at);
	assert_true(local_fields_line(&rest, &line));
	assert_true(
	        slice_eq(local_fields_get(line, "path", &a), SLICE("second")));
	assert_false(local_fields_line(&rest, &line));
	arena_release(&a);
	buf_release(&b);
}

static void test_link(void **state)
{
	struct buf b = BUF_INIT(1000);
	struct fault f;

	(void)state;
	local_link_write(SLICE("https://d.example/{path}#x"), SLICE("a b/c.md"),
	                 &b);
	is_text(&b, "https://d.example/a%20b/c.md#x");
	local_link_write(SLICE("{name} {bare}"), SLICE("a/c.md"), &b);
	is_text(&b, "c a/c");
	assert_true(local_link_check(SLICE("x{path}{bare}{name}"), &f));
	assert_false(local_link_check(SLICE("x{paht}"), &f));
	assert_false(local_link_check(SLICE("x{path"), &f) &&
	             local_link_check(SLICE("x{"), &f));
	buf_release(&b);
}

static void test_forge(void **state)
{
	static const struct {
		const char *remote, *link, *space;
	} cases[] = {
		{ "https://github.com/o/r.wiki.git",
		  "https://github.com/o/r/wiki/{name}", "github.com/o/r.wiki" },
		{ "git@github.com:o/r.git",
		  "https://github.com/o/r/blob/main/{path}", "github.com/o/r" },
		{ "https://u:p@gitlab.example:8443/g/s/p.wiki.git",
		  "https://gitlab.example/g/s/p/-/wikis/{bare}",
		  "gitlab.example/g/s/p.wiki" },
		{ "ssh://git@codeberg.org:22/o/r/",
		  "https://codeberg.org/o/r/src/branch/main/{path}",
		  "codeberg.org/o/r" },
		{ "https://git.example/x.git", "", "git.example/x" },
		{ "", "", "" },
	};
	struct buf b = BUF_INIT(1000);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		local_forge_link(slice_of(cases[i].remote), SLICE("main"), &b);
		is_text(&b, cases[i].link);
		local_forge_space(slice_of(cases[i].remote), &b);
		is_text(&b, cases[i].space);
	}
	assert_true(local_forge_is_wiki(SLICE("https://x/y.wiki.git/")));
	assert_false(local_forge_is_wiki(SLICE("https://x/wiki.git")));
	buf_release(&b);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_pick),
		cmocka_unit_test(test_slow_pattern),
		cmocka_unit_test(test_wrong_settings),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_forge),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
