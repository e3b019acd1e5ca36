/* doctor: reads every byte of store and index, and says what to do. */

#include <inttypes.h>
#include <stdio.h>

#include "app/command.h"
#include "app/options.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/say.h"
#include "base/text/markup.h"
#include "kb/index.h"

struct doctor {
	bool json;
	int64_t findings, rows;
	struct buf list; /* the findings as JSON */
	struct json_out out;
	const char *index; /* what became of it: "good", "none", "damaged" */
};

/* What somebody can do about it, by the stable code. */
static const char *doctor_advice(const char *code)
{
	static const struct {
		const char *code, *advice;
	} known[] = {
		{ "row-damaged", "restore a backup, or make the store anew "
		                 "from its sources" },
		{ "original-damaged", "restore a backup, or keep it: only "
		                      "extracting it again needs it" },
		{ "store-damaged", "restore a backup ('opslore backup' makes "
		                   "them)" },
		{ "store-reference", "restore a backup" },
		{ "store-disagrees", "follow the text above; if it stays, "
		                     "restore a backup" },
		{ "index-behind", "run 'opslore index'" },
		{ "index-none", "run 'opslore index'" },
		{ "index-foreign", "run 'opslore index --rebuild'" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].code, code))
			return known[i].advice;
	if (!strncmp(code, "index", 5) || !strncmp(code, "segment", 7) ||
	    !strncmp(code, "manifest", 8))
		return "run 'opslore index --rebuild': nothing is lost";
	return "see the text";
}

static void doctor_hear(void *self, const struct fault *finding)
{
	struct doctor *d = self;
	const char *advice = doctor_advice(finding->code);
	char clean[512];

	d->findings++;
	if (d->json) {
		json_open(&d->out, '{');
		json_pair(&d->out, "code", slice_of(finding->code));
		json_pair(&d->out, "subject", slice_of(finding->subject));
		json_pair(&d->out, "text", slice_of(finding->text));
		json_pair(&d->out, "advice", slice_of(advice));
		json_close(&d->out, '}');
		return;
	}
	say_clean(clean, sizeof(clean), slice_of(finding->subject));
	printf("%s: ", clean);
	say_clean(clean, sizeof(clean), slice_of(finding->text));
	printf("%s (%s)\n    do: %s\n", clean, finding->code, advice);
}

/* Does the index know this store, and has it seen all of it? */
static void doctor_agree(struct doctor *d, const struct app *app,
                         const struct index_facts *x, struct slice uuid,
                         int64_t changed, int64_t counted)
{
	struct fault finding;

	if (!slice_eq(x->store_uuid, uuid))
		fault(&finding, FAULT_INPUT, "index-foreign",
		      "the index belongs to another store, or to this one "
		      "before a backup was restored");
	else if (x->changed > changed || x->counted > counted)
		fault(&finding, FAULT_INPUT, "index-foreign",
		      "the index has seen more than the store holds: a backup "
		      "was restored");
	else
		return;
	fault_at(&finding, app->index, 0);
	d->index = "of another store";
	doctor_hear(d, &finding);
}

static bool doctor_index(struct doctor *d, const struct app *app,
                         struct store *s, struct fault *f)
{
	struct index *x = NULL;
	int64_t changed, counted, before = d->findings;
	struct fault why;

	d->index = "good";
	if (!index_open(&x, app->index, &why)) {
		if (why.kind == FAULT_GONE) {
			d->index = "none";
			return true;
		}
		d->index = "damaged";
		doctor_hear(d, &why);
		return true;
	}
	if (!store_counters(s, &changed, &counted, f)) {
		index_close(x);
		return false;
	}
	doctor_agree(d, app, index_facts(x), store_uuid(s), changed, counted);
	index_close(x);
	if (!index_check(app->index, doctor_hear, d, &why))
		doctor_hear(d, &why);
	if (d->findings != before && !strcmp(d->index, "good"))
		d->index = "damaged";
	return true;
}

static void doctor_tell(struct doctor *d)
{
	const char *sandbox = markup_sandbox();

	if (d->json) {
		json_close(&d->out, ']');
		json_pair_number(&d->out, "findings", d->findings);
		json_pair_number(&d->out, "rows", d->rows);
		json_pair(&d->out, "index", slice_of(d->index));
		json_pair(&d->out, "sandbox", slice_of(sandbox));
		json_close(&d->out, '}');
		puts(buf_string(&d->list));
		return;
	}
	printf("store: %" PRId64 " rows read\n", d->rows);
	printf("index: %s\n", d->index);
	printf("markup worker: %s\n", sandbox);
	if (d->findings)
		printf("%" PRId64 " findings\n", d->findings);
	else
		puts("all is well");
}

static bool doctor(struct doctor *d, struct app *app, int argc, char **argv,
                   struct fault *f)
{
	const struct option table[] = { { 0 } };
	struct store *s = NULL;
	int count;
	bool ok;

	if (!options_read(table, argc, argv, &count, f))
		return false;
	if (count)
		return fault(f, FAULT_USAGE, "doctor-operand",
		             "doctor takes no operand");
	if (!app_whole(app, f) || !app_store(app, STORE_READ, &s, f))
		return false;
	json_start(&d->out, &d->list);
	json_open(&d->out, '{');
	json_pair_number(&d->out, "version", 1);
	json_key(&d->out, "list");
	json_open(&d->out, '[');
	ok = store_check(s, doctor_hear, d, &d->rows, f) &&
	     doctor_index(d, app, s, f);
	store_close(s);
	if (ok)
		doctor_tell(d);
	return ok;
}

static int doctor_run(struct app *app, int argc, char **argv)
{
	struct doctor d = { .json = app->json, .list = BUF_INIT(64 << 20) };
	struct fault f;
	bool ok = doctor(&d, app, argc, argv, &f);

	buf_release(&d.list);
	if (!ok)
		return app_fail(app, &f);
	return d.findings ? EXIT_FAILED : EXIT_DONE;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.usage = "",
	.summary = "check every row and every byte, and say what to do",
	.help = "Reads the whole store (SQLite's integrity, references, the "
	        "hashes of every row\n"
	        "and original, agreement of tables) and the whole index "
	        "(checksums, order,\n"
	        "agreement with the store). Changes nothing. Exit code 1 "
	        "when anything was\n"
	        "found; each finding says what to do.",
	.run = doctor_run,
};
