/* Any bytes as a page of a Stack Exchange site: question pages and lists. */

#include "must.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/stack_list.h"
#include "crawler/stack_page.h"
#include "crawler/stack_pick.h"

/* A copy of a part is a tree like any other. */
static void check_tree(const struct markup *m)
{
	uint32_t i;

	must(m->node_count && m->nodes[0].parent == MARKUP_NONE);
	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];

		must(!i || n->parent < i);
		must(n->first == MARKUP_NONE || n->first == i + 1);
		must(n->next == MARKUP_NONE ||
		     (n->next > i && n->next < m->node_count &&
		      m->nodes[n->next].parent == n->parent));
	}
}

static void check_text(const struct markup *m)
{
	struct buf out = BUF_INIT(LIMIT_TEXT), html = BUF_INIT(LIMIT_BODY);

	check_tree(m);
	markdown_write(m, SLICE("https://ops.example/"), &out);
	pick_html(m, &html);
	buf_release(&html);
	buf_release(&out);
}

static void check_page(const struct stack_page *page)
{
	size_t i, k;
	int64_t n;

	must(page->count && page->found <= page->wanted);
	must(page->posts[0].record.title.len);
	for (i = 0; i < page->count; i++) {
		const struct stack_post *p = &page->posts[i];

		must(slice_number(p->record.id, &n) && n > 0);
		must((p->record.kind == RECORD_QUESTION) == (i == 0));
		must(!i ||
		     slice_eq(p->record.parent, page->posts[0].record.id));
		check_text(p->tree);
		for (k = 0; k < p->comment_count; k++)
			check_text(p->comments[k].tree);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct markup_worker *worker;
	struct slice html = { (const char *)data, size };
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct arena a = ARENA_INIT;
	struct stack_page page;
	struct stack_list list;
	struct markup m;
	struct fault f;
	size_t i;

	if (!worker)
		worker = markup_worker_new();
	/* The client cleans before the worker sees anything. */
	if (utf8_valid(html) != html.len || slice_find(html, 0) != html.len)
		return 0;
	must(markup_worker_parse(worker, MARKUP_HTML, html, &reply));
	must(markup_wire_read(buf_slice(&reply), &a, &m, &f));
	if (stack_page_read(&m, 1, SLICE("ops.example"), &a, &page, &f))
		check_page(&page);
	if (stack_list_read(&m, &a, &list, &f))
		for (i = 0; i < list.count; i++)
			must(list.items[i].id > 0 && list.items[i].link.len);
	buf_release(&reply);
	arena_release(&a);
	return 0;
}
