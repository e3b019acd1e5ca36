/*
 * Whole pages, by the cases in data/page/ (one file a theme). A case there is
 *
 *	=== name
 *	the page
 *	-----
 *	what it says of itself, one a line, where it says it; its headings and
 *	posts; its Markdown behind '|'
 *
 * And pages that are large in one way.
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

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/markup.h"
#include "crawler/page.h"

static struct markup_parser *parser;

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

static void print(struct buf *out, const char *name, struct slice s)
{
	if (s.len)
		buf_addf(out, "%s %.*s\n", name, SLICE_ARG(s));
}

static void print_time(struct buf *out, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	print(out, name, slice_cut(slice_of(text), 0, 19));
}

static void print_head(struct buf *out, const struct page *p)
{
	static const char *const verdicts[] = { "fine", "not-found", "login",
		                                "scripted", "empty" };

	if (p->verdict != PAGE_FINE)
		buf_addf(out, "verdict %s\n", verdicts[p->verdict]);
	print(out, "title", p->title);
	print(out, "author", p->head.author);
	print_time(out, "created", p->head.created);
	print_time(out, "modified", p->head.modified);
	print(out, "language", p->head.language);
	print(out, "site", p->head.site);
	print(out, "licence", p->head.licence);
}

static void print_post(struct buf *out, const struct page_post *post)
{
	char time[CLOCK_TEXT];

	clock_write(time, post->time);
	buf_addf(out, "post");
	if (post->id.len)
		buf_addf(out, " #%.*s", SLICE_ARG(post->id));
	if (post->author.len)
		buf_addf(out, " by '%.*s'", SLICE_ARG(post->author));
	if (post->link.len)
		buf_addf(out, " %.*s", SLICE_ARG(post->link));
	if (time[0])
		buf_addf(out, " at %.19s", time);
	if (post->voted)
		buf_addf(out, " %+lld", (long long)post->votes);
	buf_addf(out, "%s%s\n", post->question ? " question" : "",
	         post->accepted ? " accepted" : "");
}

static void print_markdown(struct buf *out, const struct page *p)
{
	struct buf text = BUF_INIT(LIMIT_TEXT);
	struct slice s;
	size_t at = 0;

	page_markdown(p, SLICE("https://site.example/x/"), &text);
	s = buf_slice(&text);
	while (at < s.len) {
		size_t end = at + slice_find(slice_cut(s, at, s.len), '\n');
		struct slice line = slice_cut(s, at, end);

		buf_addf(out, line.len ? "| %.*s\n" : "|%.*s\n",
		         SLICE_ARG(line));
		at = end + 1;
	}
	buf_release(&text);
}

static void print_page(struct buf *out, const struct page *p)
{
	size_t i;

	print_head(out, p);
	for (i = 0; i < p->heading_count; i++)
		buf_addf(out, "heading %d '%.*s' #%.*s\n", p->headings[i].level,
		         SLICE_ARG(p->headings[i].text),
		         SLICE_ARG(p->headings[i].anchor));
	for (i = 0; i < p->post_count; i++)
		print_post(out, &p->posts[i]);
	print_markdown(out, p);
}

static void read_page(struct slice html, struct arena *a, struct page *p)
{
	struct markup *m = arena_new(a, sizeof(*m));
	struct fault f;

	if (!markup_parse(parser, html, a, m, &f))
		fail_msg("%s", f.text);
	page_read(p, m, SLICE("https://site.example/x/y"), NULL, a);
}

static size_t run_case(const char *file, struct slice s)
{
	struct slice name = slice_cut(s, 4, slice_find(s, '\n'));
	size_t page = slice_find(s, '\n') + 1;
	size_t mark = find_line(s, page, "-----");
	struct slice expected = slice_trim(slice_cut(s, mark + 6, s.len)), got;
	struct buf out = BUF_INIT(1 << 20);
	struct arena a = ARENA_INIT;
	struct page p;
	size_t wrong;

	read_page(slice_cut(s, page, mark), &a, &p);
	print_page(&out, &p);
	got = slice_trim(buf_slice(&out));
	wrong = !slice_eq(got, expected);
	if (wrong)
		fprintf(stderr, "%s: %.*s: expected\n%.*s\ngot\n%.*s\n\n", file,
		        SLICE_ARG(name), SLICE_ARG(expected), SLICE_ARG(got));
	buf_release(&out);
	arena_release(&a);
	return wrong;
}

/* Runs a file's cases; returns how many there were. */
static size_t run_file(const char *path, size_t *wrong)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen(path, "rb");
	struct slice s = { text, 0 };
	size_t at, next, count = 0;

	assert_non_null(text);
	assert_non_null(file);
	s.len = fread(text, 1, 1 << 20, file);
	fclose(file);
	for (at = find_line(s, 0, "=== "); at < s.len; at = next, count++) {
		next = find_line(s, at + 4, "=== ");
		*wrong += run_case(path, slice_cut(s, at, next));
	}
	free(text);
	return count;
}

static void test_cases(void **state)
{
	struct dirent **names;
	int i, n = scandir(TEST_DATA "/page", &names, NULL, alphasort);
	size_t count = 0, wrong = 0;

	(void)state;
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", TEST_DATA "/page",
		         names[i]->d_name);
		if (slice_ends(slice_of(path), SLICE(".txt")))
			count += run_file(path, &wrong);
		free(names[i]);
	}
	free(names);
	print_message("%zu cases\n", count);
	assert_int_equal(wrong, 0);
	assert_true(count);
}

/* What a page of `count` such pieces is read as. */
static void read_many(struct arena *a, struct page *p, struct buf *html,
                      const char *head, const char *piece, size_t count)
{
	size_t i;

	buf_reset(html);
	buf_text(html, head);
	for (i = 0; i < count; i++)
		buf_text(html, piece);
	read_page(buf_slice(html), a, p);
}

static void test_many_posts(void **state)
{
	struct buf html = BUF_INIT(LIMIT_BODY), out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct page p;

	(void)state;
	read_many(&a, &p, &html, "<title>t</title><div>",
	          "<div class=message><a class=username href=u>Ada</a>"
	          "<div class=message-body><div class=bbWrapper>Yes, it is."
	          "</div></div></div>",
	          100000);
	assert_int_equal(p.post_count, 100000);
	assert_true(slice_eq(p.posts[99999].author, SLICE("Ada")));
	page_markdown(&p, SLICE(""), &out);
	assert_false(buf_full(&out));
	assert_int_equal(out.len,
	                 100000 * strlen("## Ada\n\nYes, it is.\n\n") - 2);
	buf_release(&html);
	buf_release(&out);
	arena_release(&a);
}

/* Posts within posts, links without end, an author in each of them. */
static void test_deep(void **state)
{
	struct buf html = BUF_INIT(LIMIT_BODY), out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct page p;

	(void)state;
	read_many(&a, &p, &html, "<title>t</title>",
	          "<div class='comment author user' itemprop=author>"
	          "<div class=comment-body>x ",
	          20000);
	page_markdown(&p, SLICE(""), &out);
	assert_false(buf_full(&out));
	read_many(&a, &p, &html, "<title>t</title><h1>t</h1>",
	          "<section itemscope itemtype=http://schema.org/Comment>"
	          "<p itemprop=text>x<time datetime=2024-01-01>",
	          20000);
	buf_reset(&out);
	page_markdown(&p, SLICE(""), &out);
	assert_false(buf_full(&out));
	buf_release(&html);
	buf_release(&out);
	arena_release(&a);
}

static void test_large_table(void **state)
{
	struct buf html = BUF_INIT(LIMIT_BODY), out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct page p;

	(void)state;
	read_many(&a, &p, &html, "<title>t</title><main><table>",
	          "<tr><td rowspan=9>one<td colspan=2>two<th>three", 60000);
	page_markdown(&p, SLICE(""), &out);
	assert_false(buf_full(&out));
	assert_true(slice_starts(buf_slice(&out), SLICE("| one | two |")));
	buf_release(&html);
	buf_release(&out);
	arena_release(&a);
}

static int start(void **state)
{
	(void)state;
	parser = markup_parser_new();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	markup_parser_free(parser);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_many_posts),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_large_table),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
