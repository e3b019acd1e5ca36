/* cases.csv and digests.csv, row by row out of one walk, RFC 4180. */

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text/csv.h"
#include "export/case_report_state.h"
#include "export/publish.h"
#include "schema/identity.h"

struct report_files {
	const struct case_report_options *options;
	struct publish publish;
	struct file_new cases, digests;
	struct buf line, text;
	struct arena arena;
	int64_t case_count, digest_count;
};

static const char *const case_columns[] = {
	"id",         "space",    "display_id",   "created",    "resolved",
	"month",      "subject",  "submitted_by", "department", "severity",
	"service",    "category", "status",       "language",   "replies",
	"hours_open", "class",    "access",
};

static const char *const digest_columns[] = {
	"id",       "class",  "problem",  "cause",     "steps",
	"services", "codes",  "titles",   "language",  "flags",
	"model",    "prompt", "digested", "corrected",
};

static void put_head(struct file_new *file, const char *const *columns,
                     size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		file_add(file, slice_of(columns[i]));
		file_add(file, i + 1 < count ? SLICE(",") : SLICE("\r\n"));
	}
}

static void put_cells(struct report_files *x, struct file_new *file,
                      const struct slice *cells, size_t count)
{
	size_t i;

	buf_reset(&x->line);
	for (i = 0; i < count; i++) {
		csv_cell(cells[i], &x->line);
		buf_text(&x->line, i + 1 < count ? "," : "\r\n");
	}
	file_add(file, buf_slice(&x->line));
}

/* The parts of a list, on lines of their own within the cell. */
static struct slice list_cell(struct report_files *x, const struct slice *list,
                              size_t count)
{
	size_t i;

	buf_reset(&x->text);
	for (i = 0; i < count; i++) {
		buf_text(&x->text, i ? "\n" : "");
		buf_add(&x->text, list[i]);
	}
	return arena_copy(&x->arena, buf_slice(&x->text));
}

static struct slice time_cell(struct report_files *x, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	return arena_copy(&x->arena,
	                  slice_cut(slice_of(text), 0, sizeof(text) - 5));
}

static struct slice number_cell(struct report_files *x, int64_t n)
{
	buf_reset(&x->text);
	buf_number(&x->text, n);
	return arena_copy(&x->arena, buf_slice(&x->text));
}

static struct slice id_cell(struct report_files *x,
                            const struct support_case *c)
{
	const struct identity id = { .space = c->space, .native = c->native };

	buf_reset(&x->text);
	identity_write(&x->text, &id);
	return arena_copy(&x->arena, buf_slice(&x->text));
}

/* "cut suspect": the flags of a digest in words. */
static struct slice flags_cell(struct report_files *x, unsigned flags)
{
	static const char *const words[] = {
		"cut",        "reduced",  "repaired", "suspect", "cleaned",
		"no-problem", "no-cause", "no-class", "masked",
	};
	size_t i;

	buf_reset(&x->text);
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (flags & 1u << i)
			buf_addf(&x->text, "%s%s", x->text.len ? " " : "",
			         words[i]);
	return arena_copy(&x->arena, buf_slice(&x->text));
}

static struct slice corrected_cell(struct report_files *x, unsigned corrected)
{
	int i;

	buf_reset(&x->text);
	for (i = 0; i < FIELD_COUNT; i++)
		if (corrected & 1u << i)
			buf_addf(&x->text, "%s%s", x->text.len ? " " : "",
			         digest_field_name((enum digest_field)i));
	return arena_copy(&x->arena, buf_slice(&x->text));
}

static void put_case(struct report_files *x, const struct support_case *c,
                     const struct digest *d)
{
	struct slice fields[REPORT_FIELDS];

	report_fields(x->options, c, d, &x->arena, fields);
	{
		const struct slice cells[] = {
			id_cell(x, c),
			c->space,
			c->native,
			time_cell(x, c->created),
			time_cell(x, c->resolved),
			fields[REPORT_MONTH],
			c->subject,
			c->submitted_by,
			fields[REPORT_DEPARTMENT],
			c->severity,
			c->service,
			c->category,
			c->status,
			c->language,
			number_cell(x, (int64_t)c->reply_count),
			report_hours(report_took(c), &x->arena),
			fields[REPORT_CLASS],
			c->access,
		};

		put_cells(x, &x->cases, cells, sizeof(cells) / sizeof(*cells));
	}
}

static void put_digest(struct report_files *x, const struct support_case *c,
                       const struct digest *d)
{
	const struct slice cells[] = {
		id_cell(x, c),
		d->class,
		d->problem,
		d->cause,
		list_cell(x, d->steps, d->step_count),
		list_cell(x, d->services, d->service_count),
		list_cell(x, d->codes, d->code_count),
		list_cell(x, d->titles, d->title_count),
		d->language,
		flags_cell(x, d->flags),
		d->model,
		d->prompt,
		time_cell(x, d->time),
		corrected_cell(x, d->corrected),
	};

	put_cells(x, &x->digests, cells, sizeof(cells) / sizeof(*cells));
}

static bool take(void *self, const struct support_case *c,
                 const struct digest *d, struct fault *f)
{
	struct report_files *x = self;

	arena_reset(&x->arena);
	put_case(x, c, d);
	x->case_count++;
	if (d) {
		put_digest(x, c, d);
		x->digest_count++;
	}
	return !buf_full(&x->line) ||
	       fault(f, FAULT_LIMIT, "limit-row", "a row of %d bytes or more",
	             LIMIT_ROW);
}

static bool put_manifest(struct report_files *x, struct fault *f)
{
	struct json_out o;

	buf_reset(&x->text);
	json_start(&o, &x->text);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "kind", SLICE("cases"));
	json_pair_number(&o, "cases", x->case_count);
	json_pair_number(&o, "digests", x->digest_count);
	json_close(&o, '}');
	buf_byte(&x->text, '\n');
	return publish_text(&x->publish, "manifest.json", buf_slice(&x->text),
	                    f);
}

static bool report_write(struct report_files *x, const char *folder,
                         struct fault *f)
{
	const struct case_filter filter = { .space = x->options->space,
		                            .from = x->options->from,
		                            .to = x->options->to,
		                            .no_replies = true };
	struct arena row = ARENA_INIT;
	bool ok;

	ok = publish_start(&x->publish, folder, f) &&
	     publish_file(&x->publish, "cases.csv", &x->cases, f) &&
	     publish_file(&x->publish, "digests.csv", &x->digests, f);
	if (ok) {
		put_head(&x->cases, case_columns,
		         sizeof(case_columns) / sizeof(*case_columns));
		put_head(&x->digests, digest_columns,
		         sizeof(digest_columns) / sizeof(*digest_columns));
		ok = digests_each(x->options->store, x->options->reader,
		                  &filter, &row, take, x, f);
	}
	arena_release(&row);
	return ok && file_place(&x->cases, f) && file_place(&x->digests, f) &&
	       put_manifest(x, f) && publish_commit(&x->publish, f);
}

bool case_report_publish(const struct case_report_options *o,
                         const char *folder, int64_t *cases, int64_t *digests,
                         struct fault *f)
{
	struct report_files x = { .options = o,
		                  .line = BUF_INIT(LIMIT_ROW),
		                  .text = BUF_INIT(LIMIT_ROW) };
	bool ok = report_write(&x, folder, f);

	*cases = x.case_count;
	*digests = x.digest_count;
	file_drop(&x.cases);
	file_drop(&x.digests);
	publish_drop(&x.publish);
	buf_release(&x.line);
	buf_release(&x.text);
	arena_release(&x.arena);
	return ok;
}
