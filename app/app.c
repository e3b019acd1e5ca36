/* What all commands share: opening things with a useful word when they are
 * not there, and saying what went wrong in the form that was asked for. */

#include "app/command.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/say.h"

bool app_store(struct app *app, unsigned flags, struct store **out,
               struct fault *f)
{
	if (store_open(out, app->db, flags, f))
		return true;
	if (f->kind == FAULT_GONE)
		fault(f, FAULT_GONE, "store-missing",
		      "there is no store '%s': make one with 'opslore import', "
		      "or name another with --db",
		      app->db);
	return false;
}

bool app_reader(struct app *app, struct reader **out, struct fault *f)
{
	return reader_new(out, app->conf, slice_of(app->as ? app->as : "local"),
	                  f);
}

bool app_whole(struct app *app, struct fault *f)
{
	struct reader *r;
	bool all;

	if (!app_reader(app, &r, f))
		return false;
	all = r->all;
	reader_free(r);
	return all || fault(f, FAULT_DENIED, "reader-part",
	                    "this is for readers who may see everything, and "
	                    "'%s' may not",
	                    app->as ? app->as : "local");
}

bool app_format(const struct app *app, const char *format, struct fault *f)
{
	return !app->json || !format || !strcmp(format, "json") ||
	       fault(f, FAULT_USAGE, "format-json",
	             "--json and --format %s exclude each other", format);
}

static const struct conf_key index_keys[] = {
	{ "analyzer", "", "the chain that makes terms of a text" },
	{ "forward", "yes", "yes or no: keep the words in order too" },
	{ 0 },
};

bool app_analyzer(const struct app *app, const char *fallback,
                  struct slice *out, struct fault *f)
{
	const struct conf_section *s = conf_find(app->conf, "index", SLICE(""));

	if (s && !conf_check(s, index_keys, f))
		return false;
	*out = conf_get(s, "analyzer", fallback);
	return true;
}

bool app_forward(const struct app *app, bool *out, struct fault *f)
{
	const struct conf_section *s = conf_find(app->conf, "index", SLICE(""));
	struct slice value;

	if (s && !conf_check(s, index_keys, f))
		return false;
	value = conf_get(s, "forward", "yes");
	*out = slice_eq(value, SLICE("yes"));
	return *out || slice_eq(value, SLICE("no")) ||
	       fault(f, FAULT_USAGE, "configuration",
	             "[index] forward is yes or no, not '%.*s'",
	             SLICE_ARG(value));
}

static int app_code(enum fault_kind kind)
{
	if (kind == FAULT_USAGE)
		return EXIT_USAGE;
	return kind == FAULT_CANCELLED ? EXIT_INTERRUPTED : EXIT_FAILED;
}

void app_fault_json(const struct fault *f, struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_key(&o, "error");
	json_open(&o, '{');
	json_pair(&o, "kind", slice_of(fault_kind_name(f->kind)));
	json_pair(&o, "code", slice_of(f->code));
	json_pair(&o, "text", slice_of(f->text));
	if (f->subject[0])
		json_pair(&o, "subject", slice_of(f->subject));
	if (f->line)
		json_pair_number(&o, "line", f->line);
	json_close(&o, '}');
	json_close(&o, '}');
	buf_byte(out, '\n');
}

int app_fail(struct app *app, const struct fault *f)
{
	struct buf line = BUF_INIT(64 << 10);

	if (app->json) {
		app_fault_json(f, &line);
		fputs(buf_string(&line), stdout);
	} else {
		say_fault(SAY_ERROR, f);
	}
	buf_release(&line);
	return app_code(f->kind);
}
