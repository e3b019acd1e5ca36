/*
 * A page without the process border: parser, tree, and what the source `site`
 * says about it. The first line is the address it came from.
 */

#include "must.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/net/url.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/content.h"
#include "crawler/links.h"
#include "crawler/yield.h"

extern const struct source_kind source_site;

static void *self;

/* What holds of a part of a tree holds of a tree. */
static void check_part(const struct markup *m)
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

static void check_content(const struct markup *m, struct arena *a)
{
	struct page_link *links;
	struct content c;
	bool more;

	content_find(&c, m, SLICE(""), NULL, a);
	check_part(&c.part);
	must(c.node < m->node_count && c.linked <= c.text);
	must(c.heading == MARKUP_NONE || c.heading < c.part.node_count);
	must(links_find(m, a, &links, &more) <= LIMIT_PAGE_LINKS);
}

static void check_said(const struct said *s)
{
	struct buf why = BUF_INIT(1 << 16);

	if (s->kind == SAID_ASK) {
		must(s->ask->url.len > 0 && utf8_ascii(s->ask->url));
		must(s->ask->flags & ASK_PAGE);
		must(s->ask->flags & ASK_LISTING ||
		     source_site.within(self, s->ask->url, s->ask->depth,
		                        &why));
	}
	if (s->kind == SAID_RECORD) {
		must(s->record->id.len > 0 && s->record->title.len > 0);
		must(utf8_valid(s->record->content) == s->record->content.len);
		must(utf8_valid(s->record->title) == s->record->title.len);
	}
	buf_release(&why);
}

static void start(void)
{
	static const char conf[] = "[source it]\nurl = http://a.example/\n"
	                           "exclude = /no/\nlanguage = en\n";
	struct source_start s = { .time = 1700000000000 };
	struct conf *c;
	struct fault f;

	must(conf_parse(&c, SLICE(conf), "conf", &f));
	s.conf = conf_find(c, "source", SLICE("it"));
	self = calloc(1, source_site.state_size);
	must(self && source_site.open(self, &s, &f));
}

static void read_page(struct slice url, struct slice html,
                      const struct markup *m, struct arena *a)
{
	struct ask ask = { .url = url, .flags = ASK_PAGE };
	struct reply r = { .ask = &ask,
		           .status = 200,
		           .type = SLICE("text/html"),
		           .body = html,
		           .page = m,
		           .url = url,
		           .time = 1700000000000,
		           .arena = a };
	static struct yield y;
	const struct said *s;
	struct fault f;

	if (!source_site.read(self, &r, &y, &f))
		must(f.kind != FAULT_NONE && f.text[0]);
	for (s = y.first; s; s = s->next)
		check_said(s);
	yield_reset(&y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct markup_worker *worker;
	static struct url from;
	struct slice all = { (const char *)data, size }, url, html;
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;

	if (utf8_valid(all) != all.len || slice_find(all, 0) != all.len)
		return 0;
	if (!worker) {
		worker = markup_worker_new();
		start();
	}
	url = slice_cut(all, 0, slice_find(all, '\n'));
	html = slice_cut(all, url.len + 1, all.len);
	/* Only such addresses are fetched, and come as they were written. */
	from.text.ceiling = URL_MOST;
	if (!url_parse(&from, url, NULL, &f) || !url_is_web(&from))
		return 0;
	url = url_bare(&from);
	must(markup_worker_parse(worker, MARKUP_HTML, html, &reply));
	must(markup_wire_read(buf_slice(&reply), &a, &m, &f));
	check_content(&m, &a);
	read_page(url, html, &m, &a);
	buf_release(&reply);
	arena_release(&a);
	return 0;
}
