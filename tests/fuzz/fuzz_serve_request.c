/*
 * A request's target, or with '{' in front its body: whatever is in it, the
 * texts are UTF-8 without NUL, their number has a ceiling, what a search makes
 * of them is in its bounds, and a target that is written again reads the same.
 */

#include "tests/fuzz/must.h"

#include <string.h>

#include "app/serve_param.h"
#include "app/serve_target.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

static void text_holds(struct slice s)
{
	must(utf8_valid(s) == s.len);
	must(slice_find(s, '\0') == s.len);
}

static void escape(struct buf *out, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		buf_addf(out, "%%%02x", (unsigned char)s.at[i]);
}

static void reads_again(const struct serve_target *t, struct arena *a)
{
	struct buf b = BUF_INIT(1 << 26);
	struct serve_target again;
	struct fault f;
	size_t i;

	buf_text(&b, "/?");
	for (i = 0; i < t->count; i++) {
		buf_byte(&b, '&');
		escape(&b, t->pairs[i].name);
		buf_byte(&b, '=');
		escape(&b, t->pairs[i].value);
	}
	must(serve_target_read(buf_slice(&b), a, &again, &f));
	must(again.count == t->count);
	for (i = 0; i < t->count; i++)
		must(slice_eq(again.pairs[i].name, t->pairs[i].name) &&
		     slice_eq(again.pairs[i].value, t->pairs[i].value));
	buf_release(&b);
}

static void search_holds(const struct serve_target *t, struct arena *a)
{
	struct serve_search s;
	struct fault f;

	if (!serve_search_read(t, 0, a, &s, &f))
		return;
	must(s.form && s.form->write != search_trec);
	must(s.query.k >= 1 && s.query.k <= LIMIT_RESULTS);
	must(s.query.filter_count <= LIMIT_FILTERS);
	must(s.view.budget == 0 || s.view.budget >= 200);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct serve_target t = { 0 };
	struct fault f;
	size_t i;
	bool done = slice_starts(s, SLICE("{"))
	                    ? serve_target_json(s, &a, &t, &f)
	                    : serve_target_read(s, &a, &t, &f);

	must(t.count <= LIMIT_PARAMETERS);
	for (i = 0; i < t.count; i++) {
		text_holds(t.pairs[i].name);
		text_holds(t.pairs[i].value);
	}
	if (done) {
		reads_again(&t, &a);
		search_holds(&t, &a);
	}
	arena_release(&a);
	return 0;
}
