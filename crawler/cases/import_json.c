/* Values come one by one (import_values.h), so that a file of any size is read
 * in the memory of one case. */

#include "crawler/cases/import_json.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "crawler/cases/import_aws.h"
#include "crawler/cases/import_opened.h"
#include "crawler/cases/import_path.h"
#include "crawler/cases/import_said.h"
#include "crawler/cases/import_values.h"

struct json_file {
	struct import_reading *r;
	const struct import_file *file;
	const char *name;
	int64_t known; /* values that meant something */
	int64_t other; /* and the line of the first that did not; or 0 */
};

static bool read_aws(struct json_file *x, const struct json *j,
                     const struct import_place *at, struct fault *f)
{
	if (import_aws_is_communication(j) ||
	    (!import_aws_is_case(j) && import_aws_communications(j))) {
		x->known++; /* it comes with its case: import_said.h */
		return true;
	}
	if (!import_aws_is_case(j)) {
		if (!x->other)
			x->other = at->line;
		return true;
	}
	x->known++;
	import_draft_start(x->r);
	return import_aws_case(x->r, j, at, f) && import_said_add(x->r, f) &&
	       import_draft_take(x->r, at, f);
}

static bool read_value(struct json_file *x,
                       const struct import_value_text *value, struct fault *f)
{
	const struct import_place at = { x->name, value->line, NULL };
	struct json *j = NULL;
	bool ok;

	if (!json_parse(&j, value->text, f))
		return fault_at(f, x->name, value->line);
	if (!x->r->mapping->name.len) {
		ok = read_aws(x, j, &at, f);
	} else {
		x->known++;
		import_draft_start(x->r);
		ok = import_path_case(x->r, j, &at, f) &&
		     import_draft_take(x->r, &at, f);
	}
	json_free(j);
	return ok;
}

static bool read_values(struct json_file *x, struct import_values *v,
                        struct fault *f)
{
	struct import_value_text value;

	for (;;) {
		if (!import_values_next(v, &value, f)) {
			if (!f->subject[0])
				fault_at(f, x->name, f->line);
		} else if (!value.text.len) {
			return true;
		} else if (read_value(x, &value, f)) {
			continue;
		} else if (!f->subject[0]) {
			fault_at(f, x->name, value.line);
		}
		if (!import_trouble(x->r, f))
			return false;
	}
}

/* What the file had that is no case. */
static bool tell_other(struct json_file *x, struct fault *f)
{
	if (!x->other)
		return true;
	if (!x->known && !x->file->named) {
		import_passed_over(x->r, x->name);
		return true;
	}
	fault(f, FAULT_INPUT, "import-shape",
	      "this is no case as AWS prints it (displayId, subject ...); "
	      "--mapping NAME says what is what");
	fault_at(f, x->name, x->other);
	return import_trouble(x->r, f);
}

static bool read_json(void *self, struct import_input *in, const char *name,
                      struct fault *f)
{
	struct json_file *x = self;
	const struct import_mapping *m = x->r->mapping;
	struct import_values *v;
	bool ok;

	x->name = name;
	import_values_open(&v, import_input_next, in,
	                   m->name.len ? m->rows : SLICE("cases"),
	                   x->file->kind == IMPORT_LINES);
	ok = read_values(x, v, f) && tell_other(x, f);
	import_values_close(v);
	return ok;
}

bool import_json(struct import_reading *r, const struct import_file *file,
                 struct fault *f)
{
	struct json_file x = { .r = r, .file = file };

	return import_opened(r, file, read_json, &x, f);
}
