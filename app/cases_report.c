/* cases report: tables for those who manage, and files for those who draw. */

#include <stdio.h>
#include <string.h>

#include "app/cases.h"
#include "app/options.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/json.h"
#include "export/case_report.h"

enum { DAY = 24 * 3600 * 1000, FILTERS = 4, TITLE = 72 };

struct report_args {
	const char *format, *out, *departments, *from, *to, *zone;
	const char *filters[FILTERS];
	size_t filter_count;
	enum table_form form;
	size_t which; /* table, or all of them */
	size_t count; /* of names */
};

/* "+08:00", "-0330", "UTC": milliseconds ahead. */
static bool zone_read(const char *text, int64_t *out, struct fault *f)
{
	char date[64];
	int64_t time;
	bool fits = text && (*text == '+' || *text == '-');

	if (!text || !strcmp(text, "UTC") || !strcmp(text, "Z"))
		return true;
	/* The same moment, said here and there. */
	snprintf(date, sizeof(date), "2000-01-01T00:00:00%.20s", text);
	if (!fits || !clock_read(slice_of(date), &time))
		return fault(f, FAULT_USAGE, "time-zone",
		             "'%s' is no time zone: give the hours ahead of "
		             "UTC, as +08:00 or -03:30",
		             text);
	*out = 946684800000 - time;
	return true;
}

static bool day_read(const char *name, const char *text, int64_t zone,
                     int64_t *out, struct fault *f)
{
	if (strlen(text) != 10 || !clock_read(slice_of(text), out))
		return fault(f, FAULT_USAGE, "report-date",
		             "--%s wants a day, as 2026-01-31, not '%s'", name,
		             text);
	*out -= zone;
	return true;
}

/* Both days belong to the report. */
static bool days_read(const struct report_args *x,
                      struct case_report_options *o, struct fault *f)
{
	if ((x->from && !day_read("from", x->from, o->zone, &o->from, f)) ||
	    (x->to && !day_read("to", x->to, o->zone, &o->to, f)))
		return false;
	if (x->to)
		o->to += DAY;
	if (x->from && x->to && o->to <= o->from)
		return fault(f, FAULT_USAGE, "report-date",
		             "--to is before --from");
	return true;
}

static bool filters_read(const struct report_args *x, struct slice *space,
                         struct fault *f)
{
	size_t i;

	for (i = 0; i < x->filter_count; i++) {
		struct slice all = slice_of(x->filters[i]);

		if (!slice_starts(all, SLICE("space=")) || all.len == 6)
			return fault(f, FAULT_USAGE, "filter",
			             "cases report takes --filter space=NAME, "
			             "not '%s'",
			             x->filters[i]);
		*space = slice_cut(all, 6, all.len);
	}
	return true;
}

static bool name_read(struct report_args *x, const char *name, struct fault *f)
{
	struct buf names = BUF_INIT(4096);
	size_t i;

	for (i = 0; case_report_names[i]; i++) {
		buf_addf(&names, "%s%s", i ? ", " : "", case_report_names[i]);
		if (name && !strcmp(name, case_report_names[i]))
			x->which = i;
	}
	x->count = i;
	if (!name)
		x->which = i;
	else if (x->which == SIZE_MAX)
		fault(f, FAULT_USAGE, "report-name",
		      "there is no table '%s': it is one of %s", name,
		      buf_string(&names));
	buf_release(&names);
	return x->which != SIZE_MAX;
}

static bool form_read(struct report_args *x, struct fault *f)
{
	if (!table_form_read(
	            x->format && !strcmp(x->format, "text") ? NULL : x->format,
	            &x->form, f))
		return false;
	if (x->out && x->form != TABLE_CSV)
		return fault(f, FAULT_USAGE, "report-out",
		             "--out DIR writes CSV: give --format csv too");
	if (x->out && x->which != x->count)
		return fault(f, FAULT_USAGE, "report-out",
		             "--out DIR writes all cases and digests: name no "
		             "table");
	if (x->form == TABLE_CSV && !x->out && x->which == x->count)
		return fault(f, FAULT_USAGE, "report-csv",
		             "CSV is one table: name it, or give --out DIR "
		             "for cases.csv and digests.csv");
	return true;
}

static bool args_read(struct report_args *x, struct case_report_options *o,
                      int argc, char **argv, struct fault *f)
{
	const struct option table[] = {
		{ .name = "format", .value = &x->format },
		{ .name = "out", .value = &x->out },
		{ .name = "departments", .value = &x->departments },
		{ .name = "from", .value = &x->from },
		{ .name = "to", .value = &x->to },
		{ .name = "time-zone", .value = &x->zone },
		{ .name = "filter",
		  .list = x->filters,
		  .room = FILTERS,
		  .count = &x->filter_count },
		{ 0 },
	};
	int n;

	if (!options_read(table, argc, argv, &n, f))
		return false;
	if (n > 1)
		return fault(f, FAULT_USAGE, "usage",
		             "cases report takes one table's name");
	return name_read(x, n ? argv[1] : NULL, f) && form_read(x, f) &&
	       zone_read(x->zone, &o->zone, f) && days_read(x, o, f) &&
	       filters_read(x, &o->space, f);
}

/* What those who may not see all are not shown is left out of a whole report,
 * and said to who asks for it by name. */
static bool table_make(const struct case_report *r, size_t which, bool named,
                       struct arena *a, struct table *out, bool *shown,
                       struct fault *f)
{
	*shown = case_report_table(r, which, a, out, f);
	return *shown || (!named && f->kind == FAULT_DENIED);
}

static bool put_text(const struct report_args *x, const struct case_report *r,
                     struct arena *a, struct buf *out, struct fault *f)
{
	struct table t;
	bool shown;
	size_t i;

	buf_addf(out, "%lld cases\n", (long long)case_report_cases(r));
	for (i = 0; i < x->count; i++) {
		if (!table_make(r, i, false, a, &t, &shown, f))
			return false;
		if (!shown || !t.height)
			continue;
		buf_addf(out, "\n%s\n\n", t.title);
		table_write(&t, TABLE_TEXT, out);
	}
	return true;
}

static bool put_json(const struct report_args *x, const struct case_report *r,
                     struct arena *a, struct buf *out, struct fault *f)
{
	struct json_out o;
	struct table t;
	bool shown;
	size_t i;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair_number(&o, "cases", case_report_cases(r));
	for (i = 0; i < x->count; i++) {
		if (!table_make(r, i, false, a, &t, &shown, f))
			return false;
		if (shown)
			table_rows(&t, &o);
	}
	json_close(&o, '}');
	buf_byte(out, '\n');
	return true;
}

static bool put_report(const struct report_args *x, const struct case_report *r,
                       struct buf *out, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct table t;
	bool ok;

	if (x->which == x->count) {
		ok = x->form == TABLE_JSON ? put_json(x, r, &a, out, f)
		                           : put_text(x, r, &a, out, f);
	} else {
		ok = case_report_table(r, x->which, &a, &t, f);
		if (ok)
			table_write(&t, x->form, out);
	}
	arena_release(&a);
	return ok && (!buf_full(out) ||
	              fault(f, FAULT_LIMIT, "limit-report",
	                    "the report is too long: name a table, or a "
	                    "space"));
}

static bool report_print(const struct report_args *x,
                         const struct case_report_options *o, struct fault *f)
{
	struct buf out = BUF_INIT(256 << 20);
	struct case_report *r = NULL;
	bool ok = case_report_new(&r, o, f) && put_report(x, r, &out, f);

	if (ok)
		fwrite(out.at, 1, out.len, stdout);
	case_report_free(r);
	buf_release(&out);
	return ok;
}

static bool report_files(const struct app *app, const struct report_args *x,
                         const struct case_report_options *o, struct fault *f)
{
	int64_t cases, digests;

	if (!case_report_publish(o, x->out, &cases, &digests, f))
		return false;
	if (app->progress != PROGRESS_QUIET && !app->json)
		printf("%s: cases.csv %lld rows, digests.csv %lld rows\n",
		       x->out, (long long)cases, (long long)digests);
	return true;
}

static bool report(struct app *app, int argc, char **argv, struct fault *f)
{
	struct case_departments *departments = NULL;
	struct report_args x = { .which = SIZE_MAX };
	struct case_report_options o = { 0 };
	struct reader *r = NULL;
	struct store *s = NULL;
	bool ok;

	ok = args_read(&x, &o, argc, argv, f) &&
	     (x.out || app_format(app, x.format, f)) &&
	     (!x.departments ||
	      case_departments_read(&departments, x.departments, f)) &&
	     app_reader(app, &r, f) && app_store(app, STORE_READ, &s, f);
	if (app->json && !x.out)
		x.form = TABLE_JSON;
	o.store = s;
	o.reader = r;
	o.departments = departments;
	o.title = x.form == TABLE_TEXT ? TITLE : 0;
	ok = ok &&
	     (x.out ? report_files(app, &x, &o, f) : report_print(&x, &o, f));
	case_departments_free(departments);
	reader_free(r);
	store_close(s);
	return ok;
}

static int report_command(struct app *app, int argc, char **argv)
{
	struct fault f = { 0 };

	cancel_setup();
	return report(app, argc, argv, &f) ? EXIT_DONE : app_fail(app, &f);
}

const struct subcommand cases_report = {
	.name = "report",
	.usage = "[TABLE] [--format text|csv|json] [--out DIR] "
	         "[--departments FILE] [--filter space=NAME] [--from DAY] "
	         "[--to DAY] [--time-zone +HH:MM]",
	.summary = "where the knowledge gaps are, as tables and files",
	.run = report_command,
};
