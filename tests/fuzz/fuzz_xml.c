/* XML without the process border: the parser, its reply, and the reply read
 * back, which says that there is no tree or is a sound one. */

#include "must.h"

#include <string.h>

#include "base/limits.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"

static void check_tree(const struct markup *m)
{
	uint32_t i, j;

	must(m->node_count && m->nodes[0].parent == MARKUP_NONE);
	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];

		must(!i || n->parent < i);
		must(n->first == MARKUP_NONE || n->first == i + 1);
		must((n->kind == MARKUP_ELEMENT) == (n->name.len > 0));
		must(utf8_valid(n->text) == n->text.len);
		must(n->attribute_count <= LIMIT_ATTRIBUTES);
		for (j = 0; j < n->attribute_count; j++)
			must(m->attributes[n->attribute + j].name.len > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct markup_worker *worker;
	struct slice xml = { (const char *)data, size };
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;

	/* The client cleans before the worker sees anything. */
	if (utf8_valid(xml) != xml.len || slice_find(xml, 0) != xml.len)
		return 0;
	if (!worker)
		worker = markup_worker_new();
	must(markup_worker_parse(worker, MARKUP_XML, xml, &reply));
	if (markup_wire_refused(buf_slice(&reply), &f)) {
		must(f.kind == FAULT_INPUT);
	} else {
		must(markup_wire_read(buf_slice(&reply), &a, &m, &f));
		check_tree(&m);
	}
	buf_release(&reply);
	arena_release(&a);
	return 0;
}
