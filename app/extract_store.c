#include "app/extract_store.h"

#include <stdio.h>

#include "base/json.h"
#include "crawler/extract_all.h"

static void tell_json(const struct extract_all_report *r, struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair_number(&o, "originals", r->originals);
	json_pair_number(&o, "changed", r->changed);
	json_pair_number(&o, "same", r->same);
	json_pair_number(&o, "current", r->current);
	json_pair_number(&o, "unknown", r->unknown);
	json_pair_number(&o, "failed", r->failed);
	if (r->failed)
		json_pair(&o, "first", slice_of(r->first.text));
	json_close(&o, '}');
	buf_byte(out, '\n');
}

static void tell_text(const struct extract_all_report *r, struct buf *out)
{
	buf_addf(out,
	         "%lld originals: %lld changed, %lld read the same, %lld were "
	         "current",
	         (long long)r->originals, (long long)r->changed,
	         (long long)r->same, (long long)r->current);
	if (r->unknown)
		buf_addf(out, ", %lld of sources that keep them only",
		         (long long)r->unknown);
	if (r->failed)
		buf_addf(out,
		         "\n%lld failed and stay as they were; the first: "
		         "%s: %s",
		         (long long)r->failed, r->first.subject, r->first.text);
	if (r->changed)
		buf_text(out, "\n'opslore index' brings the index up to them");
	buf_byte(out, '\n');
}

int extract_store(struct app *app)
{
	struct buf out = BUF_INIT(1 << 16);
	struct extract_all_report r;
	struct store *store = NULL;
	struct fault f = { 0 };
	bool ok = (!app->as || app_whole(app, &f)) &&
	          app_store(app, STORE_WRITE, &store, &f) &&
	          extract_all(store, app->conf, app->progress, &r, &f);

	store_close(store);
	if (!ok) {
		if (f.kind == FAULT_CANCELLED)
			fault(&f, FAULT_CANCELLED, "cancelled",
			      "stopped; what was read stays, and the same "
			      "command goes on from there");
		return app_fail(app, &f);
	}
	if (app->json)
		tell_json(&r, &out);
	else if (app->progress != PROGRESS_QUIET || r.failed)
		tell_text(&r, &out);
	if (out.len)
		fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
	return r.failed ? EXIT_PARTLY : EXIT_DONE;
}
