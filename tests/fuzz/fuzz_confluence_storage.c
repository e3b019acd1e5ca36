/*
 * Any bytes as a page in Confluence's storage format, without the process
 * border: entities, the parser, the tree in HTML's names, Markdown. The tree
 * is sound, and what comes out is UTF-8.
 */

#include "must.h"

#include "base/limits.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/confluence_storage.h"

static void check_tree(const struct markup *m)
{
	must(m->node_count && m->nodes[0].parent == MARKUP_NONE);
	for (uint32_t i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];

		must(!i || n->parent < i);
		must(n->first == MARKUP_NONE || n->first == i + 1);
		must(n->next == MARKUP_NONE || n->next > i);
		must(n->next == MARKUP_NONE ||
		     m->nodes[n->next].parent == n->parent);
		must((n->kind == MARKUP_ELEMENT) == (n->name.len > 0));
		must(utf8_valid(n->text) == n->text.len);
		/* Nothing of the storage format's own is left. */
		must(slice_find(n->name, ':') == n->name.len);
	}
}

static void check_document(struct slice xml, struct arena *a, struct buf *out)
{
	static const struct confluence_person who = { { "1", 1 }, { "A", 1 } };
	static const struct confluence_place place = {
		.base = { "https://w.example/wiki", 22 },
		.space = { "OPS", 3 },
		.page = { "7", 1 },
		.people = &who,
		.people_count = 1,
	};
	static struct markup_worker *worker;
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct markup m, made;
	struct fault f;

	if (!worker)
		worker = markup_worker_new();
	must(markup_worker_parse(worker, MARKUP_XML, xml, &reply));
	/* There is always a root. */
	must(!markup_wire_refused(buf_slice(&reply), &f));
	must(markup_wire_read(buf_slice(&reply), a, &m, &f));
	made = confluence_storage_tree(&m, &place, a);
	check_tree(&made);
	must(!m.truncated || made.truncated);
	markdown_write(&made, place.base, out);
	must(buf_full(out) || utf8_valid(buf_slice(out)) == out->len);
	buf_release(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice storage = { (const char *)data, size };
	struct buf xml = BUF_INIT(LIMIT_BODY), out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;

	/* Bodies of records are clean when they come here. */
	if (utf8_valid(storage) != storage.len ||
	    slice_find(storage, 0) != storage.len)
		return 0;
	confluence_storage_document(storage, &xml);
	must(buf_full(&xml) || utf8_valid(buf_slice(&xml)) == xml.len);
	if (!buf_full(&xml))
		check_document(buf_slice(&xml), &a, &out);
	buf_release(&xml);
	buf_release(&out);
	arena_release(&a);
	return 0;
}
