/* A page's login form, and what would be sent: every field once, no byte that
 * could end one. */

#include "must.h"

#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/form.h"

static void check(const struct markup *m, struct arena *a)
{
	const struct form_names none = { 0 };
	struct buf out = BUF_INIT(FORM_FIELDS << 19);
	size_t i, fields = 1;
	struct form form;

	if (!form_find_login(&form, m, &none, a))
		return;
	must(form.user < form.count && form.password < form.count);
	must(form.user != form.password);
	form_write(&form, SLICE("user & name"), SLICE("p=&"), &out);
	must(!buf_full(&out) && utf8_ascii(buf_slice(&out)));
	for (i = 0; i < out.len; i++)
		fields += out.at[i] == '&';
	must(fields == form.count);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct markup_worker *worker;
	struct slice html = { (const char *)data, size };
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;

	if (utf8_valid(html) != html.len || slice_find(html, 0) != html.len)
		return 0;
	if (!worker)
		worker = markup_worker_new();
	must(markup_worker_parse(worker, MARKUP_HTML, html, &reply));
	must(markup_wire_read(buf_slice(&reply), &a, &m, &f));
	check(&m, &a);
	buf_release(&reply);
	arena_release(&a);
	return 0;
}
