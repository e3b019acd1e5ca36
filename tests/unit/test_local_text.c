/* From a file to a record, and from its original to the same record again. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "crawler/local_plain.h"
#include "crawler/local_text.h"

struct scene {
	struct arena arena;
	struct record record;
	enum local_verdict verdict;
};

static bool page(void *self, struct slice name, struct buf *out)
{
	(void)self;
	buf_addf(out, "https://x.example/wiki/%.*s", SLICE_ARG(name));
	return true;
}

static const struct document_links wiki = {
	.base = { "https://x.example/wiki/Start", 28 },
	.page = page,
	.text_first = true,
};

/* `file` with that body, given a header when `title` is not NULL. */
static struct record *reads(struct scene *s, const struct local_file *file,
                            struct slice body, const char *title)
{
	const struct reply_header header = { SLICE("x-title"),
		                             slice_of(title) };
	const struct reply r = {
		.status = 200,
		.type = SLICE("text/plain"),
		.headers = &header,
		.header_count = title != NULL,
		.body = body,
		.arena = &s->arena,
	};
	struct fault f;

	arena_reset(&s->arena);
	assert_true(local_text_read(file, &r, &s->record, &s->verdict, &f));
	return &s->record;
}

static void is(struct slice s, const char *text)
{
	if (!slice_eq(s, slice_of(text)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARG(s), text);
}

static void test_markup(void **state)
{
	struct local_file file = { .path = SLICE("ops/disk.md"),
		                   .link = SLICE("https://x.example/a/b") };
	struct scene s = { 0 };
	struct record *r;

	(void)state;
	r = reads(&s, &file,
	          SLICE("---\ntitle: Disk full\ndate: 2024-05-06\n"
	                "author: Ann\ntags: [disk]\nlang: en\n---\n"
	                "Look at [this](c.md).\n"),
	          NULL);
	assert_int_equal(s.verdict, LOCAL_FINE);
	is(r->title, "Disk full");
	is(r->author, "Ann");
	is(r->language, "en");
	is(r->id, "ops/disk.md");
	is(slice_trim(r->content), "Look at [this](https://x.example/a/c.md).");
	assert_int_equal(r->tag_count, 1);
	is(r->tags[0], "disk");
	assert_int_equal(r->created, INT64_C(1714953600000));
	assert_int_equal(r->modified, CLOCK_NONE);
	/* Bytes that have to be cleaned first. */
	r = reads(&s, &file,
	          SLICE("---\ntitle: a\xff"
	                "b\ntags: [c\x01"
	                "d]\n---\r\nx\n"),
	          NULL);
	is(r->title, "a\xef\xbf\xbd"
	             "b");
	is(r->tags[0], "cd");
	/* No title: that of the name. */
	is(reads(&s, &file, SLICE("Text.\n"), NULL)->title, "disk");
	arena_release(&s.arena);
}

static void test_names(void **state)
{
	struct local_file file = { .path = SLICE("KubePodCrashLooping.md") };
	struct local_file named = { .path = SLICE("Disk-Full.md"),
		                    .named = true };
	struct scene s = { 0 };
	struct record *r;

	(void)state;
	is(reads(&s, &file, SLICE("# Pods that crash\n\nText.\n"), NULL)->title,
	   "Pods that crash (KubePodCrashLooping)");
	is(reads(&s, &file, SLICE("# On KubePodCrashLooping\n\nText.\n"), NULL)
	           ->title,
	   "On KubePodCrashLooping");
	is(reads(&s, &file, SLICE("Text.\n"), NULL)->title,
	   "KubePodCrashLooping");
	r = reads(&s, &named, SLICE("# NodeDiskFull\n\nText.\n"), NULL);
	is(r->title, "Disk Full");
	is(slice_trim(r->content), "# NodeDiskFull\n\nText.");
	r = reads(&s, &named, SLICE("# disk full\n\nText.\n"), NULL);
	is(slice_trim(r->content), "Text.");
	arena_release(&s.arena);
}

static void test_nothing(void **state)
{
	struct local_file file = { .path = SLICE("a.md") };
	struct scene s = { 0 };

	(void)state;
	reads(&s, &file, SLICE(""), NULL);
	assert_int_equal(s.verdict, LOCAL_EMPTY);
	reads(&s, &file, SLICE("---\ntitle: x\n---\n\n"), NULL);
	assert_int_equal(s.verdict, LOCAL_EMPTY);
	reads(&s, &file, SLICE("text \0 and more"), NULL);
	assert_int_equal(s.verdict, LOCAL_EMPTY);
	arena_release(&s.arena);
}

static void test_pdf(void **state)
{
	struct local_file file = { .path = SLICE("a.pdf") };
	struct scene s = { 0 };
	struct record *r;

	(void)state;
	r = reads(&s, &file,
	          SLICE("Head line\n\nLong text that goes on and\n"
	                "on.\f"),
	          "On%20duty");
	is(r->title, "On duty");
	is(slice_trim(r->content),
	   "Head line\n\nLong text that goes on and on.");
	r = reads(&s, &file, SLICE("Head line\n\nText.\f"), NULL);
	is(r->title, "Head line");
	is(slice_trim(r->content), "Head line\n\nText.");
	arena_release(&s.arena);
}

static void plain(const char *text, const char *title, const char *markdown)
{
	struct buf out = BUF_INIT(1 << 16);
	struct arena a = ARENA_INIT;
	struct slice found;

	local_plain_read(slice_of(text), &a, &found, &out);
	is(found, title);
	is(slice_trim(buf_slice(&out)), markdown);
	buf_release(&out);
	arena_release(&a);
}

static void test_plain(void **state)
{
	(void)state;
	plain("", "", "");
	plain("\n \n\t\n", "", "");
	plain("One line.\n", "", "One line.");
	plain("Title\n\n# not a heading\n", "Title", "\\# not a heading");
	plain("Title\n=====\n\nText\nof two lines\n", "Title",
	      "Text of two lines");
	plain("A sentence.\n\nText.\n", "", "A sentence.\n\nText.");
	plain("T\n\nname   size\nlog    5\n\n  indented `x`\n", "T",
	      "```\nname   size\nlog    5\n```\n\n```\n  indented `x`\n```");
}

/* Text made to have very many paragraphs: all of it is there. */
static void test_many(void **state)
{
	struct buf text = BUF_INIT(1 << 24), out = BUF_INIT(1 << 24);
	struct arena a = ARENA_INIT;
	struct slice title;

	(void)state;
	for (int i = 0; i < 400000; i++)
		buf_text(&text, "ab\n\n");
	local_plain_read(buf_slice(&text), &a, &title, &out);
	assert_true(arena_total(&a) < 64 << 20);
	assert_true(out.len >= 3 * 400000 - 10);
	buf_release(&text);
	buf_release(&out);
	arena_release(&a);
}

/* What is made anew from the original is what was made at first. */
static void test_again(void **state)
{
	const struct local_file file = { .path = SLICE("Start.md"),
		                         .link = SLICE("https://x.example/wiki/"
		                                       "Start"),
		                         .links = &wiki,
		                         .named = true };
	const struct slice body = SLICE("# Start here\n\nSee [[Queue]], "
	                                "[this](Disk).\n");
	struct scene s = { 0 };
	struct arena a = ARENA_INIT;
	struct reply r = { .type = SLICE("text/plain"),
		           .body = body,
		           .url = file.link,
		           .arena = &a };
	struct record again = { .kind = RECORD_PAGE, .id = SLICE("Start.md") };
	struct record *first = reads(&s, &file, body, NULL);
	struct fault f;

	(void)state;
	assert_true(local_text_again(NULL, &r, &again, &f));
	assert_true(slice_eq(first->title, again.title));
	assert_true(slice_eq(first->content, again.content));
	is(slice_trim(again.content),
	   "# Start here\n\nSee [Queue](https://x.example/wiki/Queue), "
	   "[this](https://x.example/wiki/Disk).");
	/* Its own title does not come with a PDF's text. */
	again = (struct record){ .kind = RECORD_DOCUMENT,
		                 .id = SLICE("a.pdf") };
	r.url = SLICE("");
	r.body = SLICE("A\n\nText.");
	assert_true(local_text_again(NULL, &r, &again, &f));
	is(again.title, "");
	r.body = SLICE("");
	assert_false(local_text_again(NULL, &r, &again, &f));
	arena_release(&a);
	arena_release(&s.arena);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup),  cmocka_unit_test(test_names),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_pdf),
		cmocka_unit_test(test_plain),   cmocka_unit_test(test_many),
		cmocka_unit_test(test_again),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
