/*
 * A page without the process border: parser, tree, what it says of itself, its
 * posts, its Markdown whole and post by post.
 */

#include "must.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/page.h"

/* What holds of a part of a tree holds of a tree. */
static void check_part(const struct markup *m)
{
	uint32_t i;

	must(!m->node_count || m->nodes[0].parent == MARKUP_NONE);
	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];

		must(!i || n->parent < i);
		must(n->first == MARKUP_NONE || n->first == i + 1);
		must(n->next == MARKUP_NONE ||
		     (n->next > i && n->next < m->node_count &&
		      m->nodes[n->next].parent == n->parent));
	}
}

static void check_text(struct slice s)
{
	must(utf8_valid(s) == s.len);
}

static void check_head(const struct page *p)
{
	check_text(p->title);
	check_text(p->head.author);
	check_text(p->head.site);
	check_text(p->head.language);
	check_text(p->head.description);
	must(p->verdict <= PAGE_EMPTY);
}

static void check_posts(const struct page *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->post_count; i++) {
		const struct page_post *post = &p->posts[i];

		must(post->node < p->content.part.node_count);
		check_text(post->author);
		check_text(post->link);
		check_text(post->id);
		buf_reset(out);
		page_post_markdown(p, i, SLICE("https://a.example/b/"), out);
		check_text(buf_slice(out));
	}
}

static void check_page(const struct page *p)
{
	struct buf out = BUF_INIT(LIMIT_TEXT), plain = BUF_INIT(LIMIT_TEXT);
	size_t i;

	check_head(p);
	check_part(&p->content.part);
	for (i = 0; i < p->heading_count; i++) {
		must(p->headings[i].node < p->content.part.node_count);
		must(p->headings[i].level >= 1 && p->headings[i].level <= 6);
		check_text(p->headings[i].text);
		check_text(p->headings[i].anchor);
	}
	page_markdown(p, SLICE("https://a.example/b/"), &out);
	check_text(buf_slice(&out));
	markdown_text(buf_slice(&out), &plain);
	check_text(buf_slice(&plain));
	check_posts(p, &out);
	buf_release(&out);
	buf_release(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct markup_worker *worker;
	struct slice html = { (const char *)data, size };
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct arena a = ARENA_INIT;
	struct markup m;
	struct page p;
	struct fault f;

	if (utf8_valid(html) != html.len || slice_find(html, 0) != html.len)
		return 0;
	if (!worker)
		worker = markup_worker_new();
	must(markup_worker_parse(worker, MARKUP_HTML, html, &reply));
	must(markup_wire_read(buf_slice(&reply), &a, &m, &f));
	page_read(&p, &m, SLICE("https://a.example/b/c"), NULL, &a);
	check_page(&p);
	buf_release(&reply);
	arena_release(&a);
	return 0;
}
