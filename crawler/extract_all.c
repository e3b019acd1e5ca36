#include "crawler/extract_all.h"

#include "base/cancel.h"
#include "base/text/markup.h"
#include "crawler/clean.h"
#include "crawler/source.h"
#include "schema/intake.h"
#include "schema/originals.h"

struct reextract {
	const struct conf *conf;
	struct store *store;
	struct intake *intake; /* of `space`, or NULL */
	struct buf space;
	struct markup_parser *parser;
	struct arena arena;
	struct extract_all_report *report;
};

static const struct source_kind *kind_of(const struct original *o)
{
	if (o->source.len)
		return source_find(o->source);
	return slice_eq(o->channel, SLICE("dump"))
	               ? source_find(SLICE("stackexchange"))
	               : NULL;
}

static bool ends_with_space(struct reextract *x, struct fault *f)
{
	bool ok = !x->intake || intake_commit(x->intake, f);

	intake_close(x->intake);
	x->intake = NULL;
	return ok;
}

/* Writes under the visit that brought the row: there is no new one. */
static bool open_space(struct reextract *x, const struct original *o,
                       struct fault *f)
{
	const struct intake_options options = { .space = o->space,
		                                .channel = o->channel,
		                                .source = o->visit,
		                                .dated = true };

	if (x->intake && slice_eq(o->space, buf_slice(&x->space)))
		return true;
	buf_reset(&x->space);
	buf_add(&x->space, o->space);
	return ends_with_space(x, f) &&
	       intake_open(&x->intake, x->store, &options, f);
}

/* The body, and its tree if it is HTML. */
static bool parse(struct reextract *x, const struct original *o,
                  struct reply *r, struct markup *page, struct fault *f)
{
	if (!original_body(x->store, o, &x->arena, &r->body, f))
		return false;
	if (!slice_eq(r->type, SLICE("text/html")) &&
	    !slice_eq(r->type, SLICE("application/xhtml+xml")))
		return true;
	r->page = page;
	return markup_parse(x->parser, r->body, &x->arena, page, f);
}

static bool make(struct reextract *x, const struct source_kind *kind,
                 const struct original *o, struct record *out, struct fault *f)
{
	struct markup page;
	struct reply r = { .status = 200,
		           .type = o->type,
		           .url = o->link,
		           .arena = &x->arena,
		           .parser = x->parser };

	const struct conf_section *section = NULL;

	if (x->conf && o->name.len)
		section = conf_find(x->conf, "source", o->name);
	return parse(x, o, &r, &page, f) && kind->again(section, &r, out, f);
}

static void failed(struct reextract *x, const struct original *o,
                   struct fault *why)
{
	char subject[512];

	x->report->failed++;
	if (x->report->first.kind)
		return;
	snprintf(subject, sizeof(subject), "%.*s", SLICE_ARG(o->link));
	fault_at(why, subject, 0);
	x->report->first = *why;
}

/* False: the store failed. */
static bool again(struct reextract *x, const struct source_kind *kind,
                  const struct original *o, struct fault *f)
{
	struct record r = { .kind = o->kind, .id = o->id };
	struct intake_report before, after;
	struct fault why = { 0 };

	if (!make(x, kind, o, &r, &why)) {
		if (why.kind == FAULT_SYSTEM) {
			*f = why;
			return false;
		}
		failed(x, o, &why);
		return true;
	}
	r.kind = o->kind;
	r.title = clean_text(r.title, true, &x->arena);
	r.content = clean_text(r.content, false, &x->arena);
	r.extractor = kind->extractor;
	if (!open_space(x, o, f))
		return false;
	intake_so_far(x->intake, &before);
	if (!intake_reread(x->intake, &r, o->hash, &why)) {
		*f = why;
		if (why.kind != FAULT_INPUT && why.kind != FAULT_LIMIT)
			return false;
		failed(x, o, &why);
		return true;
	}
	intake_so_far(x->intake, &after);
	if (after.updated > before.updated)
		x->report->changed++;
	else
		x->report->same++;
	return true;
}

static bool one(struct reextract *x, const struct original *o, struct fault *f)
{
	const struct source_kind *kind = kind_of(o);

	if (!kind || !kind->again) {
		x->report->unknown++;
		return true;
	}
	if (o->extractor >= kind->extractor) {
		x->report->current++;
		return true;
	}
	return again(x, kind, o, f);
}

static bool all(struct reextract *x, struct progress *p, struct fault *f)
{
	struct originals_walk walk = { 0 };
	struct original o;
	int64_t total;
	bool found = true, ok = originals_count(x->store, &total, f);

	while (ok && found) {
		arena_reset(&x->arena);
		ok = cancel_check(f) &&
		     originals_next(x->store, &walk, &x->arena, &o, &found, f);
		if (!ok || !found)
			break;
		ok = one(x, &o, f);
		x->report->originals++;
		progress_move(p, x->report->originals, total,
		              x->report->originals);
	}
	originals_release(&walk);
	return ok;
}

bool extract_all(struct store *s, const struct conf *conf,
                 enum progress_style style, struct extract_all_report *out,
                 struct fault *f)
{
	struct reextract x = { .conf = conf,
		               .store = s,
		               .space = BUF_INIT(1 << 16),
		               .parser = markup_parser_new(),
		               .report = out };
	struct fault later;
	struct progress p;
	bool ok;

	*out = (struct extract_all_report){ 0 };
	progress_start(&p, style, "extract", "pages");
	ok = all(&x, &p, f);
	/* What was done stays, however it ended. */
	if (!ends_with_space(&x, &later) && ok) {
		*f = later;
		ok = false;
	}
	progress_end(&p);
	markup_parser_free(x.parser);
	arena_release(&x.arena);
	buf_release(&x.space);
	return ok;
}
