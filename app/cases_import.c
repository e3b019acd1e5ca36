/* cases import: cases out of files that somebody has. */

#include <stdio.h>

#include "app/cases.h"
#include "base/cancel.h"
#include "base/json.h"
#include "base/say.h"
#include "base/text/charset.h"
#include "crawler/cases/import.h"
#include "schema/identity.h"

struct import_args {
	const char *space, *access, *mapping, *encoding;
	bool partly;
};

static bool read_mapping(struct app *app, const struct import_args *args,
                         struct case_import_options *o, struct fault *f)
{
	if (!args->mapping)
		return true;
	o->mapping = conf_find(app->conf, "mapping", slice_of(args->mapping));
	return o->mapping ||
	       fault(f, FAULT_USAGE, "mapping",
	             "the configuration has no [mapping %s]", args->mapping);
}

static bool args_read(struct app *app, struct import_args *x, int argc,
                      char **argv, struct case_import_options *o,
                      struct buf *space, struct fault *f)
{
	const struct option table[] = {
		{ .name = "space", .value = &x->space },
		{ .name = "access", .value = &x->access },
		{ .name = "mapping", .value = &x->mapping },
		{ .name = "encoding", .value = &x->encoding },
		{ .name = "partly", .flag = &x->partly },
		{ 0 },
	};
	int operands;

	if (!options_read(table, argc, argv, &operands, f))
		return false;
	if (!operands || !x->space)
		return fault(f, FAULT_USAGE, "usage",
		             "say what and whose cases: opslore cases import "
		             "PATH... --space aws-support/ACCOUNT");
	if (!identity_space(slice_of(x->space), space, f) ||
	    (x->access && !reader_label(slice_of(x->access), f)) ||
	    (app->as && !app_whole(app, f)))
		return false;
	if (x->encoding) {
		o->encoding = charset_label(slice_of(x->encoding));
		if (!o->encoding)
			return fault(f, FAULT_USAGE, "usage",
			             "--encoding knows no '%s'; it is such as "
			             "utf-8, gb18030, utf-16le, euc-kr",
			             x->encoding);
	}
	o->paths = argv + 1;
	o->path_count = (size_t)operands;
	o->space = buf_slice(space);
	o->access = slice_of(x->access);
	o->partly = x->partly;
	o->now = app->now;
	o->progress = app->progress;
	return read_mapping(app, x, o, f);
}

static void json_troubles(struct json_out *o, const char *name,
                          const struct troubles *t)
{
	size_t i;

	json_key(o, name);
	json_open(o, '{');
	json_pair_number(o, "count", t->count);
	json_key(o, "first");
	json_open(o, '[');
	for (i = 0; i < troubles_kept(t); i++) {
		json_open(o, '{');
		json_pair(o, "file", slice_of(t->first[i].subject));
		json_pair_number(o, "line", t->first[i].line);
		json_pair(o, "code", slice_of(t->first[i].code));
		json_pair(o, "text", slice_of(t->first[i].text));
		json_close(o, '}');
	}
	json_close(o, ']');
	json_close(o, '}');
}

static void report_json(const struct case_import_report *r, const char *space)
{
	struct buf line = BUF_INIT(1 << 20);
	struct json_out o;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "space", slice_of(space));
	json_key(&o, "taken");
	json_put_bool(&o, r->taken);
	json_pair_number(&o, "files", r->files);
	json_pair_number(&o, "cases", r->cases);
	json_pair_number(&o, "replies", r->replies);
	json_pair_number(&o, "added", r->added);
	json_pair_number(&o, "changed", r->changed);
	json_pair_number(&o, "same", r->same);
	json_pair_number(&o, "forgotten", r->forgotten);
	json_troubles(&o, "broken", &r->broken);
	json_troubles(&o, "notes", &r->notes);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static void text_troubles(const char *what, const struct troubles *t)
{
	char clean[512];
	size_t i;

	if (!t->count)
		return;
	printf("  %lld %s:\n", (long long)t->count, what);
	for (i = 0; i < troubles_kept(t); i++) {
		const struct fault *f = &t->first[i];

		say_clean(clean, sizeof(clean), slice_of(f->subject));
		printf("    %s:", clean);
		if (f->line)
			printf("%lld:", (long long)f->line);
		say_clean(clean, sizeof(clean), slice_of(f->text));
		printf(" %s\n", clean);
	}
	if (t->count > TROUBLES_KEPT)
		printf("    and %lld more\n",
		       (long long)(t->count - TROUBLES_KEPT));
}

static void report_text(const struct case_import_report *r, const char *space)
{
	printf("%s: %lld cases with %lld replies in %lld files\n", space,
	       (long long)r->cases, (long long)r->replies, (long long)r->files);
	if (r->taken)
		printf("  added %lld, changed %lld, same %lld\n",
		       (long long)r->added, (long long)r->changed,
		       (long long)r->same);
	if (r->forgotten)
		printf("  forgotten %lld, kept out\n", (long long)r->forgotten);
	text_troubles("could not be taken", &r->broken);
	text_troubles("taken with something missing", &r->notes);
	if (!r->taken)
		puts("  Nothing was imported: correct the files, or take the "
		     "rest with --partly.");
}

/* 1: nothing was taken; 3: not all of it. */
static int code_of(const struct case_import_report *r)
{
	if (!r->taken)
		return EXIT_FAILED;
	return r->broken.count ? EXIT_PARTLY : EXIT_DONE;
}

static int import_failed(struct app *app, struct fault *f)
{
	if (f->kind == FAULT_CANCELLED)
		fault(f, FAULT_CANCELLED, "cancelled",
		      "stopped; what is in the store stays, and the same "
		      "import run again goes on from there");
	return app_fail(app, f);
}

static int cases_import_run(struct app *app, int argc, char **argv)
{
	struct case_import_options o = { 0 };
	struct case_import_report r = { 0 };
	struct buf space = BUF_INIT(4096);
	struct import_args args = { 0 };
	struct store *store = NULL;
	struct fault f;
	int code;

	cancel_setup();
	if (!args_read(app, &args, argc, argv, &o, &space, &f) ||
	    !app_store(app, STORE_CREATE, &store, &f) ||
	    !case_import(store, &o, &r, &f)) {
		code = import_failed(app, &f);
	} else {
		code = code_of(&r);
		if (app->json)
			report_json(&r, buf_string(&space));
		else if (app->progress != PROGRESS_QUIET || r.broken.count)
			report_text(&r, buf_string(&space));
	}
	store_close(store);
	buf_release(&space);
	return code;
}

const struct subcommand cases_import = {
	.name = "import",
	.usage = "PATH... --space aws-support/ACCOUNT [--access LABEL]\n"
	         "PATH... --space NAME [--mapping NAME] [--encoding NAME] "
	         "[--partly]",
	.summary = "cases out of files that you have",
	.run = cases_import_run,
};
