/*
 * HTML to Markdown without the process border: the parser, its reply, the
 * reply read back, and what is made of it.
 */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Valid UTF-8, no control characters, no blank ends. */
static void check_markdown(struct slice s)
{
	size_t at = 0;

	assert(utf8_valid(s) == s.len);
	while (at < s.len) {
		uint32_t point = utf8_next(s, &at);

		assert(point >= 0x20 || point == '\n' || point == '\t');
		assert(point < 0x7F || point >= 0xA0);
	}
	assert(!s.len || (s.at[0] != '\n' && s.at[s.len - 1] != '\n'));
}

/* What a tree claims of itself holds. */
static void check_tree(const struct markup *m)
{
	uint32_t i;

	assert(m->node_count && m->nodes[0].parent == MARKUP_NONE);
	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];

		assert(!i || n->parent < i);
		assert(n->first == MARKUP_NONE || n->first == i + 1);
		assert(n->next == MARKUP_NONE ||
		       (n->next > i && n->next < m->node_count &&
		        m->nodes[n->next].parent == n->parent));
		assert(utf8_valid(n->text) == n->text.len);
	}
}

static void check(struct slice html)
{
	static struct markup_worker *worker;
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct buf out = BUF_INIT(LIMIT_TEXT), plain = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;

	if (!worker)
		worker = markup_worker_new();
	if (!markup_worker_parse(worker, MARKUP_HTML, html, &reply))
		abort();
	if (!markup_wire_read(buf_slice(&reply), &a, &m, &f))
		abort();
	check_tree(&m);
	markdown_write(&m, SLICE("https://example.com/a/b?c"), &out);
	if (!buf_full(&out))
		check_markdown(buf_slice(&out));
	markdown_text(buf_slice(&out), &plain);
	assert(buf_full(&plain) || utf8_valid(buf_slice(&plain)) == plain.len);
	assert(plain.len <= out.len);
	buf_release(&reply);
	buf_release(&out);
	buf_release(&plain);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };

	/* The client cleans and measures before the worker sees anything. */
	if (utf8_valid(s) == s.len && slice_find(s, 0) == s.len)
		check(s);
	return 0;
}
