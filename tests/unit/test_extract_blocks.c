/* Pages as blocks, rows of features, and what may not slow them down. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/markup.h"
#include "crawler/content.h"
#include "crawler/extract/choice.h"
#include "crawler/extract/forest.h"
#include "crawler/extract/model.h"

static struct markup_parser *parser;
static struct arena arena;

static void parse(struct slice html, struct markup *m)
{
	struct fault f;

	arena_reset(&arena);
	if (!markup_parse(parser, html, &arena, m, &f))
		fail_msg("%s", f.text);
}

static void read_blocks(const char *html, struct blocks *b)
{
	struct markup m;

	parse(slice_of(html), &m);
	blocks_read(b, &m, &arena);
}

static void check_text(const struct blocks *b, uint32_t i, const char *text)
{
	assert_true(i < b->block_count);
	if (!slice_eq(b->blocks[i].text, slice_of(text)))
		fail_msg("%u: '%.*s' is not '%s'", i,
		         SLICE_ARG(b->blocks[i].text), text);
}

static void test_blocks(void **state)
{
	struct blocks b;

	(void)state;
	read_blocks("<body>one <b>two</b>\n three<script>x y</script>"
	            "<p>four<br>five<br> <br>six<p>\u2014<ul><li>seven"
	            "<li><a href=x>eight nine</a> ten</ul>"
	            "<pre>a  b\n\n}</pre><select><option>no</select>",
	            &b);
	assert_int_equal(b.block_count, 6);
	check_text(&b, 0, "one two three");
	check_text(&b, 1, "four five");
	check_text(&b, 2, "six");
	check_text(&b, 3, "seven");
	check_text(&b, 4, "eight nine ten");
	check_text(&b, 5, "a  b\n\n}");
	assert_int_equal(b.blocks[4].wording.words, 3);
	assert_int_equal(b.blocks[4].wording.linked, 2);
	assert_int_equal(b.blocks[4].flags, BLOCK_UL | BLOCK_LI | BLOCK_LINK);
	assert_int_equal(b.blocks[5].flags, BLOCK_PRE);
}

static bool has_token(const struct blocks *b, uint32_t node, const char *text)
{
	const struct block_node *n = &b->nodes[node];
	uint32_t i;

	for (i = 0; i < n->token_count; i++)
		if (slice_eq(b->tokens.texts[n->tokens[i]], slice_of(text)))
			return true;
	return false;
}

static void test_nodes(void **state)
{
	struct blocks b;

	(void)state;
	read_blocks(
	        "<div class='postBody js-x post 42 toolongaword"
	        "toolongawordtoolongaword' id=main_2col role=Main "
	        "itemprop=articleBody itemtype='https://schema.org/Article'>"
	        "<x-y>one<p style='display: none'>two</x-y></div>three",
	        &b);
	assert_int_equal(b.node_count, 4);
	assert_int_equal(b.nodes[1].parent, 0);
	assert_int_equal(b.nodes[1].token_count, 8);
	assert_true(has_token(&b, 1, "post"));
	assert_true(has_token(&b, 1, "body"));
	assert_true(has_token(&b, 1, "js"));
	assert_true(has_token(&b, 1, "2col"));
	assert_true(has_token(&b, 1, "r:main"));
	assert_true(has_token(&b, 1, "i:articlebody"));
	assert_true(has_token(&b, 1, "y:article"));
	assert_int_equal(b.nodes[1].end, 2);
	assert_int_equal(b.nodes[1].after, 4);
	assert_int_equal(b.nodes[0].end, 3);
	assert_int_equal(b.blocks[1].flags, BLOCK_MAIN | BLOCK_HIDDEN);
}

static float column(const struct features *f, uint32_t block, const char *name)
{
	float row[FEATURE_COUNT];
	size_t i;

	features_row(f, block, row);
	for (i = 0; i < FEATURE_COUNT; i++)
		if (!strcmp(feature_names[i], name))
			return row[i];
	fail_msg("no column '%s'", name);
	return 0;
}

static void test_columns(void **state)
{
	struct features f;
	struct blocks b;
	struct markup m;

	(void)state;
	parse(SLICE("<title>Slow disks</title><script "
	            "type='application/ld+json'>{\"@type\": [\"QAPage\"]}"
	            "</script><div class=sidebar><a href=x>Sign in</a></div>"
	            "<main><h1>Slow disks</h1><div class=comment><p>Twice as "
	            "slow as last week, all of them.</div><div class=comment>"
	            "<p>Twice as slow as last week, all of them.</div></main>"),
	      &m);
	blocks_read(&b, &m, &arena);
	features_read(&f, &b, &m, SLICE("https://forum.example/t/1"), &arena);
	assert_int_equal(b.block_count, 4);
	assert_true(column(&f, 0, "words") == 2);
	assert_true(column(&f, 0, "links") == 1);
	assert_true(column(&f, 0, "says-account") == 1);
	assert_true(column(&f, 0, "mark-negative") == 1);
	assert_true(column(&f, 0, "main") == 0);
	assert_true(column(&f, 0, "from-h1") == -1);
	assert_true(column(&f, 1, "in-h1") == 1);
	assert_true(column(&f, 1, "title") == 1);
	assert_true(column(&f, 2, "twins") == 2);
	assert_true(column(&f, 2, "commas") == 1.0F / 9);
	assert_true(column(&f, 2, "closed") == 1);
	assert_true(column(&f, 2, "mark-post") == 1);
	assert_true(column(&f, 2, "mark-container") == 1);
	assert_true(column(&f, 2, "path-count") == 2);
	assert_true(column(&f, 2, "heading-from") == 1);
	assert_true(column(&f, 3, "page-url-thread") == 1);
	assert_true(column(&f, 3, "page-data-question") == 1);
	assert_true(column(&f, 3, "page-data-product") == 0);
	assert_true(column(&f, 3, "after1-words") == -1);
	assert_false(f.documentation);
}

static void test_model(void **state)
{
	float row[FEATURE_COUNT] = { 0 };
	size_t i;

	(void)state;
	assert_true(forest_probability(row) <= FOREST_ONE);
	for (i = 0; i < model_token_count; i++) {
		assert_true(model_token(slice_of(model_tokens[i].text)) ==
		            model_tokens[i].weight);
		assert_true(!i || strcmp(model_tokens[i - 1].text,
		                         model_tokens[i].text) < 0);
	}
	assert_true(model_token(SLICE("nobody-writes-this")) == 0);
}

/* Of many blocks, with and without words, the choice is of these blocks. */
static void read_all(struct slice html, uint32_t least)
{
	struct content found;
	struct features f;
	struct blocks b;
	struct choice c;
	struct markup m;

	parse(html, &m);
	blocks_read(&b, &m, &arena);
	assert_true(b.block_count >= least);
	features_read(&f, &b, &m, SLICE(""), &arena);
	choice_make(&c, &f, &arena);
	assert_true(c.certainty >= 0 && c.certainty <= 1);
	content_find(&found, &m, SLICE(""), NULL, &arena);
	assert_true(found.part.node_count > 0);
}

static void repeat(struct buf *out, const char *piece, size_t count)
{
	while (count--)
		buf_text(out, piece);
}

/* Each would take minutes and more if anything were not linear in it. */
static void test_large(void **state)
{
	static const struct {
		const char *head, *piece;
		size_t count;
		uint32_t least;
	} pages[] = {
		{ "<p>", "word, ", 1000000, 1 },
		{ "<body>", "<p>a", 100000, 100000 },
		{ "<body>", "<div class=a><a href=x>b</a>", 300, 250 },
		{ "<ul>", "<li><ul><li>x</ul>", 30000, 30000 },
		{ "<table>", "<tr><td><table><tr><td>x", 5000, 60 },
		{ "<body>", "<p hidden class='sidebar-x y'>", 300000, 0 },
		{ "<p>", "<br>a<br><br>", 100000, 100000 },
		{ "<pre>", "<b>\n</b>", 200000, 0 },
		{ "<body><h1>", "x<h2>y<p>z", 50000, 100000 },
		{ "<article>", "<div class=post><p>one two</div>", 50000,
		  50000 },
		{ "<p>", "\u78C1", 1000000, 1 },
		{ "<p class='", "post-Body ", 100000, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct buf html = BUF_INIT(LIMIT_BODY);

		buf_text(&html, pages[i].head);
		repeat(&html, pages[i].piece, pages[i].count);
		assert_false(buf_full(&html));
		read_all(buf_slice(&html), pages[i].least);
		buf_release(&html);
	}
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
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),  cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_columns), cmocka_unit_test(test_model),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
