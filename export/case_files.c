/*
 * Cases come in the order of the months, so that one CSV is open at a time.
 * They are gone through twice: first for the columns that each month needs.
 */

#include "export/case_files.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cancel.h"
#include "base/file.h"
#include "base/map.h"
#include "export/publish.h"
#include "schema/case_form.h"

struct writing {
	const struct case_files_options *options;
	struct case_files_report *report;
	struct publish folder;
	struct file_new csv;
	struct map columns; /* of each month */
	struct buf month, text, name;
	bool open;
};

/* Of the month at present. */
static unsigned columns_of(const struct writing *w)
{
	const struct map_entry *e = map_get(&w->columns, buf_slice(&w->month));

	return e ? (unsigned)e->word : 0;
}

static void add(struct writing *w, struct file_new *file, struct slice s)
{
	file_add(file, s);
	w->report->bytes += s.len;
}

static bool end_month(struct writing *w, struct fault *f)
{
	bool ok = !w->open || file_place(&w->csv, f);

	w->open = false;
	return ok;
}

static bool start_month(struct writing *w, const struct support_case *c,
                        struct fault *f)
{
	struct buf month = BUF_INIT(64);
	bool same, ok = true;

	case_form_month(c->created, &month);
	same = w->open && slice_eq(buf_slice(&month), buf_slice(&w->month));
	if (!same) {
		buf_reset(&w->month);
		buf_add(&w->month, buf_slice(&month));
		buf_reset(&w->name);
		buf_addf(&w->name, "%s/replies", buf_string(&month));
		ok = end_month(w, f) &&
		     publish_folder(&w->folder, buf_string(&month), f) &&
		     publish_folder(&w->folder, buf_string(&w->name), f);
		buf_reset(&w->name);
		buf_addf(&w->name, "%s/%s.csv", buf_string(&month),
		         buf_string(&month));
		ok = ok &&
		     publish_file(&w->folder, buf_string(&w->name), &w->csv, f);
		if (ok) {
			w->open = true;
			w->report->months++;
			buf_reset(&w->text);
			case_form_head(columns_of(w), &w->text);
			add(w, &w->csv, buf_slice(&w->text));
		}
	}
	buf_release(&month);
	return ok;
}

static bool write_replies(struct writing *w, const struct support_case *c,
                          struct fault *f)
{
	struct file_new file;

	if (!c->reply_count)
		return true;
	buf_reset(&w->text);
	case_form_write(c->replies, c->reply_count, &w->text);
	buf_reset(&w->name);
	buf_addf(&w->name, "%s/replies/", buf_string(&w->month));
	case_form_name(c->native, &w->name);
	buf_text(&w->name, ".txt");
	if (!publish_file(&w->folder, buf_string(&w->name), &file, f))
		return false;
	add(w, &file, buf_slice(&w->text));
	return file_place(&file, f);
}

/* Ids are told apart within a space only. */
static bool same_space(struct writing *w, const struct support_case *c,
                       struct fault *f)
{
	struct case_files_report *r = w->report;

	if (c->space.len >= sizeof(r->space))
		return fault(f, FAULT_LIMIT, "limit-space",
		             "the name of a space is longer than %zu bytes",
		             sizeof(r->space) - 1);
	if (!r->space[0])
		snprintf(r->space, sizeof(r->space), "%.*s",
		         SLICE_ARG(c->space));
	if (slice_eq(c->space, slice_of(r->space)))
		return true;
	return fault(f, FAULT_USAGE, "export-spaces",
	             "there are cases of '%s', '%.*s' and maybe others: name "
	             "one with --filter space=NAME",
	             r->space, SLICE_ARG(c->space));
}

/* The first time. */
static bool look_at_case(void *self, const struct support_case *c,
                         struct fault *f)
{
	struct writing *w = self;

	if (!cancel_check(f) || !same_space(w, c, f))
		return false;
	buf_reset(&w->month);
	case_form_month(c->created, &w->month);
	map_put(&w->columns, buf_slice(&w->month), NULL)->word |=
	        case_form_needs(c);
	return true;
}

static bool write_case(void *self, const struct support_case *c,
                       struct fault *f)
{
	struct writing *w = self;

	if (!cancel_check(f) || !same_space(w, c, f) || !start_month(w, c, f) ||
	    !write_replies(w, c, f))
		return false;
	if (case_form_needs(c) & ~columns_of(w))
		return fault(f, FAULT_BUSY, "export-moved",
		             "the store was written while it was read; export "
		             "again");
	buf_reset(&w->text);
	case_form_row(c, columns_of(w), &w->text);
	add(w, &w->csv, buf_slice(&w->text));
	w->report->cases++;
	w->report->replies += (int64_t)c->reply_count;
	if (w->options->progress)
		w->options->progress(w->options->self, w->report->cases);
	return true;
}

static bool write_all(struct writing *w, struct store *s,
                      const struct reader *r, struct fault *f)
{
	struct case_filter filter = {
		.space = w->options->space,
		.from = w->options->from,
		.to = w->options->to,
		.no_replies = true,
	};
	struct arena a = ARENA_INIT;
	bool ok = cases_each(s, r, &filter, &a, look_at_case, w, f);

	filter.no_replies = false;
	ok = ok && cases_each(s, r, &filter, &a, write_case, w, f) &&
	     end_month(w, f);
	arena_release(&a);
	if (ok && !w->report->cases)
		return fault(f, FAULT_GONE, "export-empty",
		             "there are no such cases, or none that you may "
		             "see");
	return ok;
}

bool case_files_export(struct store *s, const struct reader *r,
                       const struct case_files_options *options,
                       struct case_files_report *out, struct fault *f)
{
	struct writing w = {
		.options = options,
		.report = out,
		.columns = MAP_INIT,
		.month = BUF_INIT(64),
		.name = BUF_INIT(4096),
		/* One case, which is in memory anyway. */
		.text = BUF_INIT(SIZE_MAX / 2),
	};
	bool ok;

	*out = (struct case_files_report){ 0 };
	ok = publish_start_new(&w.folder, options->folder, f) &&
	     write_all(&w, s, r, f) && publish_commit(&w.folder, f);
	if (w.open)
		file_drop(&w.csv);
	publish_drop(&w.folder);
	map_release(&w.columns);
	buf_release(&w.month);
	buf_release(&w.name);
	buf_release(&w.text);
	return ok;
}
