/*
 * What is known of a case between the two readings is the hash of all there is
 * to it, where it stood, and whether another one says otherwise.
 */

#include "crawler/cases/import.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/memory.h"
#include "crawler/cases/import_csv.h"
#include "crawler/cases/import_draft.h"
#include "crawler/cases/import_files.h"
#include "crawler/cases/import_json.h"
#include "crawler/cases/import_said.h"

enum {
	HOLD_MOST = 50, /* milliseconds of one transaction, and cases in it */
	HOLD_CASES = 100,
};

struct known {
	uint64_t hash;
	size_t file;
	int64_t line;
	bool torn;  /* two of that id differ */
	bool taken; /* in the second reading */
};

struct importing {
	const struct case_import_options *options;
	struct case_import_report *report;
	struct store *store;
	struct import_files files;
	size_t file; /* the present one */
	struct import_mapping mapping;
	struct import_reading reading;
	struct import_said said;
	struct arena arena;
	struct map ids; /* to a number of `known` */
	struct known *known;
	size_t known_cap;
	bool held;
	int64_t held_since, held_cases;
	struct progress progress;
	int64_t seen;
};

static void hash_number(struct hash *h, int64_t n)
{
	hash_part(h, (struct slice){ (const char *)&n, sizeof(n) });
}

static uint64_t hash_of(const struct support_case *c)
{
	struct support_case copy = *c;
	struct hash h;
	size_t i, j;

	hash_init(&h);
	for (i = 0; i < CASE_COLUMNS; i++) {
		struct slice *s = case_form_field(&copy, (enum case_column)i);

		if (s)
			hash_part(&h, *s);
	}
	hash_number(&h, c->created);
	hash_number(&h, c->resolved);
	for (i = 0; i < c->reply_count; i++) {
		const struct case_reply *r = &c->replies[i];

		hash_part(&h, r->by);
		hash_number(&h, r->side);
		hash_number(&h, r->time);
		hash_part(&h, r->body);
		for (j = 0; j < r->attachment_count; j++)
			hash_part(&h, r->attachments[j]);
		hash_number(&h, (int64_t)j);
	}
	return hash_end(&h);
}

static void tell_torn(struct importing *x, const struct support_case *c,
                      const struct known *k, const struct import_place *at)
{
	const struct import_file *other = &x->files.list[k->file];
	struct buf name = BUF_INIT(16 << 10);
	struct fault f;

	import_files_name(other, other->path, &name);
	fault(&f, FAULT_INPUT, "import-twice",
	      "case '%.*s' is not the same as at %.100s:%lld",
	      SLICE_ARG(slice_cut(c->native, 0, 60)), buf_string(&name),
	      (long long)k->line);
	fault_at(&f, at->file, at->line);
	troubles_add(&x->report->broken, &f);
	buf_release(&name);
}

/* The first reading. */
static bool look(void *self, const struct support_case *c,
                 const struct import_place *at, struct fault *f)
{
	struct importing *x = self;
	uint64_t hash = hash_of(c);
	bool added;
	struct map_entry *e = map_put(&x->ids, c->native, &added);
	struct known *k;

	progress_move(&x->progress, 0, 0, ++x->seen);
	if (!added) {
		k = &x->known[e->number];
		if (k->hash != hash) {
			k->torn = true;
			tell_torn(x, c, k, at);
		}
		return cancel_check(f);
	}
	e->number = (int64_t)x->ids.count - 1;
	x->known = memory_room(x->known, (size_t)e->number, &x->known_cap,
	                       sizeof(*x->known));
	x->known[e->number] = (struct known){
		.hash = hash,
		.file = x->file,
		.line = at->line,
	};
	x->report->cases++;
	x->report->replies += (int64_t)c->reply_count;
	return cancel_check(f);
}

static bool let_go(struct importing *x, struct fault *f)
{
	bool ok = !x->held || cases_let_go(x->store, f);

	x->held = false;
	return ok;
}

static bool hold(struct importing *x, struct fault *f)
{
	if (x->held &&
	    (x->held_cases >= HOLD_CASES ||
	     clock_monotonic() - x->held_since >= HOLD_MOST) &&
	    !let_go(x, f))
		return false;
	if (x->held)
		return true;
	x->held = cases_hold(x->store, f);
	x->held_since = clock_monotonic();
	x->held_cases = 0;
	return x->held;
}

static void count(struct case_import_report *out, enum case_outcome what)
{
	out->added += what == CASE_NEW;
	out->changed += what == CASE_CHANGED;
	out->same += what == CASE_SAME;
	out->forgotten += what == CASE_FORGOTTEN;
}

/* The second reading. */
static bool take(void *self, const struct support_case *c,
                 const struct import_place *at, struct fault *f)
{
	struct importing *x = self;
	const struct map_entry *e = map_get(&x->ids, c->native);
	enum case_outcome what;
	struct known *k;

	progress_move(&x->progress, 0, 0, ++x->seen);
	if (!cancel_check(f))
		return false;
	k = e ? &x->known[e->number] : NULL;
	if (!k || (k->hash != hash_of(c) && !k->torn)) {
		fault(f, FAULT_BUSY, "import-moved",
		      "the file was written while it was read; import again");
		return fault_at(f, at->file, at->line);
	}
	if (k->torn || k->taken)
		return true;
	k->taken = true;
	if (!hold(x, f) || !cases_put(x->store, c, x->options->now, &what, f)) {
		return fault_at(f, at->file, at->line);
	}
	x->held_cases++;
	count(x->report, what);
	return true;
}

static bool read_file(struct importing *x, const struct import_file *file,
                      struct fault *f)
{
	return file->kind == IMPORT_CSV ? import_csv(&x->reading, file, f)
	                                : import_json(&x->reading, file, f);
}

static bool read_files(struct importing *x, import_take *fn, const char *doing,
                       struct fault *f)
{
	bool ok = true;

	x->seen = 0;
	x->reading.take = fn;
	x->reading.self = x;
	progress_start(&x->progress, x->options->progress, doing, "cases");
	for (x->file = 0; ok && x->file < x->files.count; x->file++)
		ok = cancel_check(f) &&
		     read_file(x, &x->files.list[x->file], f);
	progress_end(&x->progress);
	return ok;
}

/* Troubles were told by the first reading, and are the same ones now. */
static bool write_cases(struct importing *x, struct fault *f)
{
	struct troubles *again = memory_new(2, sizeof(*again));
	bool ok;

	x->reading.broken = &again[0];
	x->reading.notes = &again[1];
	x->report->taken = true;
	ok = read_files(x, take, "cases import", f) && let_go(x, f);
	if (!ok && x->held)
		cases_undo(x->store);
	free(again);
	return ok;
}

static bool import_all(struct importing *x, struct fault *f)
{
	const struct case_import_options *o = x->options;

	x->report->files = (int64_t)x->files.count;
	if (!x->mapping.name.len &&
	    !import_said_find(&x->said, &x->files, &x->reading, f))
		return false;
	x->reading.said = &x->said;
	if (!read_files(x, look, "cases check", f))
		return false;
	import_said_rest(&x->said, &x->report->notes);
	if (x->report->broken.count && !o->partly)
		return true;
	if (!x->report->cases && !x->report->broken.count)
		return fault(f, FAULT_USAGE, "import-nothing",
		             "no file there has a case in it: a CSV needs the "
		             "columns displayId, subject and timeCreated, or "
		             "--mapping NAME");
	return write_cases(x, f);
}

bool case_import(struct store *s, const struct case_import_options *options,
                 struct case_import_report *out, struct fault *f)
{
	struct importing x = {
		.options = options,
		.report = out,
		.store = s,
		.ids = MAP_INIT,
	};
	bool ok;

	*out = (struct case_import_report){ 0 };
	x.reading = (struct import_reading){
		.mapping = &x.mapping,
		.encoding = options->encoding,
		.space = options->space,
		.access =
		        options->access.len ? options->access : SLICE("staff"),
		.relabel = options->access.len > 0,
		.broken = &out->broken,
		.notes = &out->notes,
		.arena = &x.arena,
	};
	ok = import_mapping_read(&x.mapping, options->mapping, f) &&
	     import_files_find(&x.files, options->paths, options->path_count,
	                       &out->broken, f) &&
	     import_all(&x, f);
	import_draft_release(&x.reading);
	import_said_release(&x.said);
	import_files_release(&x.files);
	map_release(&x.ids);
	free(x.known);
	arena_release(&x.arena);
	return ok;
}
