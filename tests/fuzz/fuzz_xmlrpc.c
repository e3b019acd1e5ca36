/*
 * Any bytes as a reply of a DokuWiki's remote API, in both of its protocols, to
 * each of the four calls: a fault, or pages with ids. XML without the process
 * border.
 */

#include "must.h"

#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/dokuwiki_remote.h"
#include "crawler/xmlrpc.h"

static void check_calls(enum dokuwiki_protocol p, struct reply *r)
{
	static const int statuses[] = { 200, 401, 404 };
	struct dokuwiki_answer answer;
	struct fault f;

	for (int call = DOKUWIKI_TIME; call <= DOKUWIKI_PAGE; call++)
		for (size_t i = 0; i < 3; i++) {
			r->status = statuses[i];
			f = (struct fault){ 0 };
			if (!dokuwiki_remote_read(p, (enum dokuwiki_call)call,
			                          r, &answer, &f)) {
				must(f.kind && f.text[0]);
				continue;
			}
			must(!answer.page_count || call == DOKUWIKI_LIST ||
			     call == DOKUWIKI_CHANGES);
			for (size_t k = 0; k < answer.page_count; k++)
				must(answer.pages[k].page.id.len > 0);
		}
}

/* What is written is read back as it was, but for what XML cannot hold. */
static void check_written(struct slice text)
{
	struct buf out = BUF_INIT(64 << 20);
	struct xmlrpc_call c;

	xmlrpc_start(&c, &out, "a.b");
	xmlrpc_put_text(&c, text);
	xmlrpc_end(&c);
	must(!buf_full(&out) && slice_find(buf_slice(&out), 0) == out.len);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct markup_worker *worker;
	struct slice text = { (const char *)data, size };
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;
	struct reply r = { .arena = &a, .body = text };

	check_written(text);
	r.type = SLICE("application/json");
	check_calls(DOKUWIKI_JSON, &r);
	r.type = SLICE("text/xml");
	check_calls(DOKUWIKI_XML, &r);
	if (utf8_valid(text) == text.len && slice_find(text, 0) == text.len) {
		if (!worker)
			worker = markup_worker_new();
		must(markup_worker_parse(worker, MARKUP_XML, text, &reply));
		if (!markup_wire_refused(buf_slice(&reply), &f) &&
		    markup_wire_read(buf_slice(&reply), &a, &m, &f)) {
			r.page = &m;
			check_calls(DOKUWIKI_XML, &r);
		}
	}
	buf_release(&reply);
	arena_release(&a);
	return 0;
}
