/*
 * Any bytes as what a MediaWiki sends: its JSON as each of the answers that we
 * know, its pages without the process border as articles. What is said has
 * ids that are numbers.
 */

#include "must.h"

#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/mediawiki_call.h"
#include "crawler/mediawiki_list.h"
#include "crawler/mediawiki_text.h"
#include "crawler/yield.h"

static void check_said(const struct yield *y)
{
	int64_t id;

	for (const struct said *s = y->first; s; s = s->next) {
		if (s->kind != SAID_RECORD)
			continue;
		must(slice_number(s->record->id, &id) && id > 0);
		must(utf8_valid(s->record->content) == s->record->content.len);
	}
}

static void check_json(struct json *j, struct arena *a)
{
	struct mediawiki_site s = { .api = SLICE("https://w.example/api.php") };
	const struct json *query = json_get(j, "query");
	struct mediawiki_changes changes;
	struct mediawiki_page p, back;
	struct buf b = BUF_INIT(1 << 20);
	struct fault f;

	if (mediawiki_site_read(&s, query, SLICE(""), &f)) {
		must(s.namespace_count > 0);
		mediawiki_site_link(&s, SLICE("A b?"), &b);
		must(slice_find(buf_slice(&b), ' ') == b.len ||
		     slice_find(s.server, ' ') < s.server.len ||
		     slice_find(s.article_path, ' ') < s.article_path.len);
	}
	mediawiki_site_add(&s, 0);
	for (const struct json *n = json_first(json_get(query, "pages")); n;
	     n = json_next(n)) {
		if (mediawiki_list_page(&s, n, &p) != STATE_THERE)
			continue;
		must(p.id > 0 && p.revision > 0);
		buf_reset(&b);
		mediawiki_page_write(&p, &b);
		must(buf_full(&b) || mediawiki_page_read(&back, buf_slice(&b)));
	}
	mediawiki_list_changes(&s, json_get(query, "recentchanges"), SLICE(""),
	                       a, &changes);
	for (size_t i = 0; i < changes.page_count; i++)
		must(changes.pages[i] > 0);
	buf_reset(&b);
	mediawiki_call_continue(j, &b);
	must(slice_find(buf_slice(&b), ' ') == b.len ||
	     json_is_object(json_get(j, "continue")));
	buf_release(&b);
	mediawiki_site_release(&s);
}

static void check_page(struct slice html, struct arena *a, struct yield *y)
{
	static struct markup_worker *worker;
	struct mediawiki_site s = { .namespace_count = 1 };
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct markup m;
	struct reply r = { .arena = a,
		           .body = html,
		           .page = &m,
		           .url = SLICE("https://w.example/wiki/A") };
	struct fault f;

	if (utf8_valid(html) != html.len || slice_find(html, 0) != html.len)
		return;
	if (!worker)
		worker = markup_worker_new();
	must(markup_worker_parse(worker, MARKUP_HTML, html, &reply));
	if (markup_wire_read(buf_slice(&reply), a, &m, &f)) {
		mediawiki_site_api(&m, a);
		if (mediawiki_view(&m) == VIEW_ARTICLE &&
		    !mediawiki_text_html(&s, &r, y, &f))
			must(f.kind);
	}
	buf_release(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct yield y = YIELD_INIT;
	struct arena a = ARENA_INIT;
	struct reply r = { .arena = &a,
		           .body = text,
		           .status = 200,
		           .type = SLICE("application/json") };
	struct fault f = { 0 };
	struct json *j;

	switch (mediawiki_call_read(&r, &y, &j, &f)) {
	case ANSWER_GOOD:
		check_json(j, &a);
		json_free(j);
		break;
	case ANSWER_BAD:
		must(f.kind && f.text[0]);
		break;
	case ANSWER_LOGIN:
	case ANSWER_GONE:
		break;
	}
	check_page(text, &a, &y);
	check_said(&y);
	yield_release(&y);
	arena_release(&a);
	return 0;
}
