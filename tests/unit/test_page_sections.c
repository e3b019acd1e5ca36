/* From an HTML page to the passages that are searched: its sections, and the
 * posts of a thread, are cut where a reader would. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text/markup.h"
#include "crawler/page.h"
#include "kb/passage.h"

static struct markup_parser *parser;

struct cut {
	struct arena a;
	struct buf html, markdown;
	struct page page;
	struct passage *all;
	size_t count;
};

static void cut_page(struct cut *c)
{
	struct markup *m = arena_new(&c->a, sizeof(*m));
	struct post_row row = { .id = 1, .kind = SLICE("page") };
	struct fault f;

	if (!markup_parse(parser, buf_slice(&c->html), &c->a, m, &f))
		fail_msg("%s", f.text);
	page_read(&c->page, m, SLICE(""), NULL, &c->a);
	page_markdown(&c->page, SLICE(""), &c->markdown);
	row.title = c->page.title;
	row.content = buf_slice(&c->markdown);
	c->all = passage_split(&row, &c->a, &c->count);
}

static void start_cut(struct cut *c)
{
	*c = (struct cut){ .html = BUF_INIT(LIMIT_BODY),
		           .markdown = BUF_INIT(LIMIT_TEXT) };
}

static void end_cut(struct cut *c)
{
	buf_release(&c->html);
	buf_release(&c->markdown);
	arena_release(&c->a);
}

/* Whether some passage has such a heading and says such a thing. */
static bool has(const struct cut *c, const char *heading, const char *words)
{
	size_t i, at, len = strlen(words);

	for (i = 0; i < c->count; i++) {
		const struct passage *p = &c->all[i];

		if (!slice_ends(p->heading, slice_of(heading)))
			continue;
		for (at = 0; at + len <= p->body.len; at++)
			if (!memcmp(p->body.at + at, words, len))
				return true;
	}
	return false;
}

static void test_documentation(void **state)
{
	struct cut c;
	int i;

	(void)state;
	start_cut(&c);
	buf_text(&c.html, "<title>Handbook</title><main><h1>Handbook</h1>");
	for (i = 0; i < 40; i++)
		buf_addf(&c.html,
		         "<h2 id=s%d>Part %d</h2><p>What part %d is for, in "
		         "a few words.</p><h3>Steps of %d</h3><ol><li>First "
		         "%d</ol><div class='admonition note'><p class="
		         "admonition-title>Note</p><p>Mind %d.</p></div>"
		         "<pre><code># not a heading %d\n</code></pre>",
		         i, i, i, i, i, i, i);
	cut_page(&c);
	assert_int_equal(c.page.heading_count, 80);
	assert_int_equal(c.count, 80);
	assert_true(has(&c, "Part 7", "What part 7 is for"));
	assert_true(has(&c, "Steps of 7", "1. First 7"));
	assert_true(has(&c, "Steps of 7", "> **Note:** Mind 7."));
	assert_true(has(&c, "Steps of 7", "# not a heading 7"));
	end_cut(&c);
}

static void test_thread(void **state)
{
	struct cut c;
	int i;

	(void)state;
	start_cut(&c);
	buf_text(&c.html, "<title>Slow disk</title><h1>Slow disk</h1>");
	for (i = 0; i < 30; i++)
		buf_addf(&c.html,
		         "<article class=message><a class=username>user%d</a>"
		         "<time datetime=2024-05-%02dT10:00:00Z></time><div "
		         "class=message-body><div class=bbWrapper><h2>Its "
		         "own %d</h2><p>Said %d.</p></div></div></article>",
		         i, i + 1, i, i);
	cut_page(&c);
	assert_int_equal(c.page.post_count, 30);
	assert_true(has(&c, "Its own 4", "Said 4."));
	assert_true(c.count >= 30 && c.count <= 60);
	for (i = 0; i < (int)c.count; i++)
		assert_true(c.all[i].body.len < 200);
	end_cut(&c);
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
		cmocka_unit_test(test_documentation),
		cmocka_unit_test(test_thread),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
