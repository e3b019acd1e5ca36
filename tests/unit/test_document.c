/*
 * Documents in plain-text markup, by the cases in data/FORMAT/ (one file a
 * theme). A case there is
 *
 *	%%%% name
 *	the document
 *	%%%%
 *	@title what it says of itself, one a line
 *	its Markdown
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text/document.h"

/* Pages are where their name says; one is not there. */
static bool page(void *self, struct slice name, struct buf *out)
{
	(void)self;
	if (slice_eq(name, SLICE("Nowhere")))
		return false;
	for (size_t i = 0; i < name.len; i++)
		buf_byte(out, name.at[i] == ' ' ? '-' : name.at[i]);
	return true;
}

static const struct document_links links = {
	.base = { "https://wiki.example/ops/here", 29 },
	.page = page,
};

static void say(struct buf *out, const char *name, struct slice value)
{
	if (value.len)
		buf_addf(out, "@%s %.*s\n", name, SLICE_ARG(value));
}

static void say_list(struct buf *out, const char *name,
                     const struct slice *list, size_t count)
{
	if (!count)
		return;
	buf_addf(out, "@%s ", name);
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s%.*s", i ? ", " : "", SLICE_ARG(list[i]));
	buf_byte(out, '\n');
}

static void say_time(struct buf *out, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	text[16] = 0;
	if (time != CLOCK_NONE)
		buf_addf(out, "@%s %s\n", name, text);
}

static void convert(enum document_format format, struct slice text,
                    struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct buf markdown = BUF_INIT(LIMIT_TEXT);
	struct document d;

	document_read(format, text, &links, &a, &d, &markdown);
	say(out, "title", d.title);
	say(out, "author", d.author);
	say(out, "language", d.language);
	say(out, "description", d.description);
	say(out, "slug", d.slug);
	say(out, "revision", d.revision);
	say_list(out, "tags", d.tags, d.tag_count);
	say_list(out, "aliases", d.aliases, d.alias_count);
	say_time(out, "created", d.created);
	say_time(out, "modified", d.modified);
	if (d.draft)
		buf_text(out, "@draft\n");
	buf_add(out, buf_slice(&markdown));
	while (out->len && out->at[out->len - 1] == '\n')
		buf_cut(out, out->len - 1);
	buf_release(&markdown);
	arena_release(&a);
}

/* Where a line that starts with `mark` begins; s.len: nowhere. */
static size_t find_line(struct slice s, size_t from, const char *mark)
{
	while (from < s.len) {
		struct slice line = slice_cut(s, from, s.len);

		line = slice_cut(line, 0, slice_find(line, '\n'));
		if (slice_starts(line, slice_of(mark)))
			return from;
		from += line.len + 1;
	}
	return s.len;
}

static size_t run_case(enum document_format format, const char *file,
                       struct slice s)
{
	struct buf out = BUF_INIT(1 << 20);
	size_t name_end = slice_find(s, '\n');
	size_t middle = find_line(s, name_end, "%%%%");
	struct slice text = slice_cut(s, name_end + 1, middle);
	struct slice expected = slice_cut(s, middle + 5, s.len);
	size_t wrong;

	while (expected.len && expected.at[expected.len - 1] == '\n')
		expected.len--;
	convert(format, text, &out);
	wrong = !slice_eq(buf_slice(&out), expected);
	if (wrong)
		print_error("%s: %.*s: expected\n%.*s\ngot\n%.*s\n\n", file,
		            SLICE_ARG(slice_cut(s, 5, name_end)),
		            SLICE_ARG(expected), SLICE_ARG(buf_slice(&out)));
	buf_release(&out);
	return wrong;
}

/* Runs a file's cases; returns how many there were. */
static size_t run_file(enum document_format format, const char *path,
                       size_t *wrong)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen(path, "rb");
	struct slice s = { text, 0 };
	size_t at, next, count = 0;

	assert_non_null(text);
	assert_non_null(file);
	s.len = fread(text, 1, 1 << 20, file);
	fclose(file);
	for (at = find_line(s, 0, "%%%% "); at < s.len; at = next, count++) {
		next = find_line(s, at + 5, "%%%% ");
		*wrong += run_case(format, path, slice_cut(s, at, next));
	}
	free(text);
	return count;
}

static void run_folder(enum document_format format, const char *folder)
{
	struct dirent **names;
	char path[4096];
	int i, n;
	size_t count = 0, wrong = 0;

	snprintf(path, sizeof(path), "%s/%s", TEST_DATA, folder);
	n = scandir(path, &names, NULL, alphasort);
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", TEST_DATA, folder,
		         names[i]->d_name);
		if (slice_ends(slice_of(path), SLICE(".txt")))
			count += run_file(format, path, &wrong);
		free(names[i]);
	}
	free(names);
	print_message("%s: %zu cases\n", folder, count);
	assert_int_equal(wrong, 0);
	assert_true(count);
}

static void test_commonmark(void **state)
{
	(void)state;
	run_folder(DOCUMENT_MARKDOWN, "commonmark");
}

static void test_front_matter(void **state)
{
	(void)state;
	run_folder(DOCUMENT_MARKDOWN, "front_matter");
}

static void test_asciidoc(void **state)
{
	(void)state;
	run_folder(DOCUMENT_ASCIIDOC, "asciidoc");
}

static void test_restructured(void **state)
{
	(void)state;
	run_folder(DOCUMENT_RESTRUCTURED, "restructured");
}

static void test_org(void **state)
{
	(void)state;
	run_folder(DOCUMENT_ORG, "org");
}

static const enum document_format formats[] = {
	DOCUMENT_MARKDOWN,
	DOCUMENT_ASCIIDOC,
	DOCUMENT_RESTRUCTURED,
	DOCUMENT_ORG,
};

/* Reads `count` times `part`; returns how long the Markdown is. */
static size_t read_many(enum document_format format, const char *part,
                        size_t count, size_t ceiling, bool *full)
{
	struct arena a = ARENA_INIT;
	struct buf text = BUF_INIT(64 << 20), out = BUF_INIT(ceiling);
	struct document d;
	size_t len;

	while (count--)
		buf_text(&text, part);
	assert_false(buf_full(&text));
	document_read(format, buf_slice(&text), NULL, &a, &d, &out);
	*full = buf_full(&out);
	len = out.len;
	buf_release(&text);
	buf_release(&out);
	arena_release(&a);
	return len;
}

/* A ceiling leaves a full buffer, and nothing that was there is touched. */
static void test_ceiling(void **state)
{
	bool full;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_true(read_many(formats[i], "Some words.\n\n", 100, 500,
		                      &full) <= 500);
		assert_true(full);
		assert_true(read_many(formats[i], "Some words.\n\n", 100, 5000,
		                      &full) > 1000);
		assert_false(full);
	}
}

/* What opens and never closes, deep and often: the Markdown grows with the
 * text, by no more than a factor. */
static void test_unclosed(void **state)
{
	static const char *const parts[] = {
		">",
		"> ",
		"- ",
		"* a\n** b\n*** c\n",
		"====\n",
		"----\n",
		"|===\n|a ",
		"```\n",
		"!!! a\n",
		":::note\n",
		"<!--",
		"<details>",
		"#+begin_quote\n",
		"#+begin_src\n",
		".. note::\n\n ",
		"a::\n\n ",
		"[[a",
		"link:a[",
		"`a <b",
		"*a _b `c ",
		"+--+\n|",
		"[NOTE]\n====\n",
		"a::\n",
		"+\n* a\n+\n",
		"{a}",
		":a: {a}{a}\n",
		"\xC2",
		"\\",
	};
	bool full;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < sizeof(parts) / sizeof(parts[0]); j++) {
			size_t count = 20000;
			size_t bytes = count * strlen(parts[j]);

			assert_true(read_many(formats[i], parts[j], count,
			                      64 << 20, &full) <=
			            150 * bytes + (2 << 20));
			assert_false(full);
		}
}

/* Lists in lists, each deeper than the one before. */
static void test_deep(void **state)
{
	struct buf text = BUF_INIT(8 << 20), out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct document d;

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_addf(&text, "%*s- item\n", 2 * i, "");
	for (size_t i = 0; i < 4; i++) {
		buf_reset(&out);
		document_read(formats[i], buf_slice(&text), NULL, &a, &d, &out);
		assert_false(buf_full(&out));
		assert_true(out.len > 2000 * 4);
	}
	buf_release(&text);
	buf_release(&out);
	arena_release(&a);
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(document_format(SLICE("a/README.MD")),
	                 DOCUMENT_MARKDOWN);
	assert_int_equal(document_format(SLICE("x.adoc")), DOCUMENT_ASCIIDOC);
	assert_int_equal(document_format(SLICE("x.rst")),
	                 DOCUMENT_RESTRUCTURED);
	assert_int_equal(document_format(SLICE("x.org")), DOCUMENT_ORG);
	assert_int_equal(document_format(SLICE("x.txt")), DOCUMENT_UNKNOWN);
	assert_int_equal(document_format(SLICE(".md")), DOCUMENT_UNKNOWN);
	assert_int_equal(document_format(SLICE("org")), DOCUMENT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commonmark),
		cmocka_unit_test(test_front_matter),
		cmocka_unit_test(test_asciidoc),
		cmocka_unit_test(test_restructured),
		cmocka_unit_test(test_org),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_unclosed),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
