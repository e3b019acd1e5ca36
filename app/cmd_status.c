/* status: what is there, how old it is, and what is due. */

#include <inttypes.h>
#include <stdio.h>

#include "app/command.h"
#include "app/options.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/say.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/index.h"
#include "schema/posts.h"
#include "schema/status.h"

enum status_index {
	INDEX_NONE,
	INDEX_DAMAGED,
	INDEX_FOREIGN, /* another store, or one that went back */
	INDEX_BEHIND,
	INDEX_GOOD,
};

static const char *const index_words[] = {
	"none", "damaged", "of another store", "behind", "up to date",
};

struct status {
	struct app *app;
	struct arena arena;
	struct reader *reader;
	struct store *store;
	struct store_count *counts;
	size_t count;
	struct store_status all;
	enum status_index index;
	struct index_facts facts; /* unless none or damaged */
	char why[300];            /* when damaged */
};

static void status_index(struct status *x)
{
	struct index *index = NULL;
	struct fault f;

	if (!index_open(&index, x->app->index, &f)) {
		x->index = f.kind == FAULT_GONE ? INDEX_NONE : INDEX_DAMAGED;
		snprintf(x->why, sizeof(x->why), "%s", f.text);
		return;
	}
	x->facts = *index_facts(index);
	if (!slice_eq(x->facts.store_uuid, store_uuid(x->store)) ||
	    x->facts.changed > x->all.changed ||
	    x->facts.counted > x->all.counted)
		x->index = INDEX_FOREIGN;
	else if (x->facts.changed < x->all.changed ||
	         x->facts.counted < x->all.counted)
		x->index = INDEX_BEHIND;
	else
		x->index = INDEX_GOOD;
	index_close(index);
	/* Borrowed from what is closed now. */
	x->facts.store_uuid = x->facts.analyzer = (struct slice){ 0 };
}

/* Days of content: 'YYYY-MM-DD', or "-". */
static const char *status_day(char out[CLOCK_TEXT], int64_t time)
{
	clock_write(out, time);
	out[10] = '\0';
	return *out ? out : "-";
}

static void status_cell(struct slice s, int width)
{
	char clean[256];
	size_t at = 0;
	int used = 0;

	say_clean(clean, sizeof(clean), s);
	s = slice_of(clean);
	while (at < s.len)
		used += unicode_width(utf8_next(s, &at));
	printf("%s%*s", clean, used < width ? width - used + 2 : 2, "");
}

static int status_wide(const struct status *x)
{
	size_t i, wide = 5;

	for (i = 0; i < x->count; i++)
		if (x->counts[i].space.len > wide)
			wide = x->counts[i].space.len;
	return wide > 60 ? 60 : (int)wide;
}

static void status_table(const struct status *x)
{
	char oldest[CLOCK_TEXT], newest[CLOCK_TEXT], as_of[CLOCK_TEXT];
	int wide = status_wide(x);
	size_t i;

	if (!x->count) {
		puts("nothing in it yet");
		return;
	}
	printf("\n%-*s  %-9s %9s %9s %9s  %-10s  %-10s  %-10s  %s\n", wide,
	       "space", "kind", "posts", "answers", "accepted", "oldest",
	       "newest", "as of", "from");
	for (i = 0; i < x->count; i++) {
		const struct store_count *c = &x->counts[i];

		status_cell(c->space, wide);
		printf("%-9.*s %9" PRId64 " %9" PRId64 " %9" PRId64
		       "  %-10s  %-10s  %-10s  %.*s",
		       SLICE_ARG(c->kind), c->posts, c->answers, c->accepted,
		       status_day(oldest, c->oldest),
		       status_day(newest, c->newest),
		       status_day(as_of, c->as_of), SLICE_ARG(c->channel));
		if (!slice_eq(c->access, SLICE("public")))
			printf(", for %.*s", SLICE_ARG(c->access));
		puts("");
	}
	puts("");
}

/* Counts of the whole store tell of rows that the reader may not see: only
 * who sees all hears them. */
static size_t status_unfinished(const struct status *x)
{
	size_t i, n = 0;

	for (i = 0; x->reader->all && i < x->all.visit_count; i++)
		n += !x->all.visits[i].finished;
	return n;
}

static void status_cases(const struct store_status *a)
{
	if (!a->cases && !a->model_calls)
		return;
	printf("cases: %" PRId64 ", digested %" PRId64 ", put right %" PRId64
	       ", failed %" PRId64 "; %" PRId64 " of them in %" PRId64
	       " entries\n",
	       a->cases, a->digests, a->corrected, a->failed, a->folded,
	       a->entries);
	if (a->model_calls)
		printf("models were asked %" PRId64 " times: see opslore cases "
		       "report ledger\n",
		       a->model_calls);
}

static void status_beside(const struct status *x)
{
	const struct store_status *a = &x->all;

	printf("beside: %" PRId64 " comments, %" PRId64 " authors, %" PRId64
	       " links, %" PRId64 " wiki texts and such\n",
	       a->comments, a->authors, a->links, a->extras);
	if (a->gone || a->forgotten)
		printf("gone: %" PRId64 ", forgotten: %" PRId64 "\n", a->gone,
		       a->forgotten);
	if (a->waiting)
		printf("%" PRId64 " answers wait for their question\n",
		       a->waiting);
	status_cases(a);
}

static void status_next(const struct status *x)
{
	size_t i, unfinished = status_unfinished(x);

	for (i = 0; x->reader->all && i < x->all.visit_count; i++)
		if (!x->all.visits[i].finished)
			printf("unfinished: %.*s from %.*s\n",
			       SLICE_ARG(x->all.visits[i].space),
			       SLICE_ARG(x->all.visits[i].channel));
	if (unfinished)
		puts("next: run the unfinished import again; it goes on where "
		     "it stopped");
	if (!x->all.visit_count)
		puts("next: opslore import stackexchange PATH, or opslore "
		     "import jsonl FILE --space NAME");
	else if (x->index == INDEX_DAMAGED || x->index == INDEX_FOREIGN)
		puts("next: opslore index --rebuild");
	else if (x->index != INDEX_GOOD)
		puts("next: opslore index");
	else if (!unfinished)
		puts("nothing is due");
}

static void status_text(const struct status *x)
{
	printf("store '%s': ", x->app->db);
	if (x->reader->all)
		printf("%.1f MB, ", (double)x->all.bytes / 1e6);
	printf("version %" PRId64 ", %.*s\n", x->all.version,
	       SLICE_ARG(store_uuid(x->store)));
	status_table(x);
	if (x->reader->all)
		status_beside(x);
	printf("index: %s", index_words[x->index]);
	if (x->index == INDEX_BEHIND && x->reader->all)
		printf(" by %" PRId64 " changes and %" PRId64 " votes",
		       x->all.changed - x->facts.changed,
		       x->all.counted - x->facts.counted);
	if (x->index == INDEX_DAMAGED)
		printf(": %s", x->why);
	if (x->index == INDEX_GOOD || x->index == INDEX_BEHIND)
		printf(" (generation %" PRIu64 ")", x->facts.generation);
	puts("");
	status_next(x);
}

static void json_day(struct json_out *o, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	json_pair(o, name, slice_of(text));
}

static void status_json_counts(const struct status *x, struct json_out *o)
{
	size_t i;

	json_key(o, "spaces");
	json_open(o, '[');
	for (i = 0; i < x->count; i++) {
		const struct store_count *c = &x->counts[i];

		json_open(o, '{');
		json_pair(o, "space", c->space);
		json_pair(o, "kind", c->kind);
		json_pair(o, "access", c->access);
		json_pair(o, "channel", c->channel);
		json_pair_number(o, "posts", c->posts);
		json_pair_number(o, "answers", c->answers);
		json_pair_number(o, "accepted", c->accepted);
		json_day(o, "oldest", c->oldest);
		json_day(o, "newest", c->newest);
		json_day(o, "as_of", c->as_of);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void status_json_all(const struct status *x, struct json_out *o)
{
	const struct store_status *a = &x->all;

	if (!x->reader->all)
		return;
	json_pair_number(o, "bytes", a->bytes);
	json_pair_number(o, "changed", a->changed);
	json_pair_number(o, "counted", a->counted);
	json_pair_number(o, "comments", a->comments);
	json_pair_number(o, "authors", a->authors);
	json_pair_number(o, "links", a->links);
	json_pair_number(o, "extras", a->extras);
	json_pair_number(o, "gone", a->gone);
	json_pair_number(o, "forgotten", a->forgotten);
	json_pair_number(o, "waiting", a->waiting);
	json_pair_number(o, "cases", a->cases);
	json_pair_number(o, "digests", a->digests);
	json_pair_number(o, "corrected", a->corrected);
	json_pair_number(o, "digest_failures", a->failed);
	json_pair_number(o, "folded", a->folded);
	json_pair_number(o, "entries", a->entries);
	json_pair_number(o, "model_calls", a->model_calls);
	json_pair_number(o, "unfinished", (int64_t)status_unfinished(x));
}

static void status_json(const struct status *x)
{
	struct buf line = BUF_INIT(64 << 20);
	struct json_out o;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "store", slice_of(x->app->db));
	json_pair(&o, "uuid", store_uuid(x->store));
	status_json_counts(x, &o);
	status_json_all(x, &o);
	json_key(&o, "index");
	json_open(&o, '{');
	json_pair(&o, "state", slice_of(index_words[x->index]));
	if (x->index == INDEX_GOOD || x->index == INDEX_BEHIND) {
		json_pair_number(&o, "generation",
		                 (int64_t)x->facts.generation);
		if (x->reader->all) {
			json_pair_number(&o, "changed", x->facts.changed);
			json_pair_number(&o, "counted", x->facts.counted);
		}
	}
	json_close(&o, '}');
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static bool status(struct status *x, int argc, char **argv, struct fault *f)
{
	const struct option table[] = { { 0 } };
	int count;

	if (!options_read(table, argc, argv, &count, f))
		return false;
	if (count)
		return fault(f, FAULT_USAGE, "status-operand",
		             "status takes no operand");
	if (!app_reader(x->app, &x->reader, f) ||
	    !app_store(x->app, STORE_READ, &x->store, f) ||
	    !posts_count(x->store, x->reader, &x->arena, &x->counts, &x->count,
	                 f) ||
	    !store_status(x->store, &x->arena, &x->all, f))
		return false;
	status_index(x);
	if (x->app->json)
		status_json(x);
	else
		status_text(x);
	return true;
}

static int status_run(struct app *app, int argc, char **argv)
{
	struct status x = { .app = app };
	struct fault f;
	bool ok = status(&x, argc, argv, &f);

	store_close(x.store);
	reader_free(x.reader);
	arena_release(&x.arena);
	return ok ? EXIT_DONE : app_fail(app, &f);
}

const struct command cmd_status = {
	.name = "status",
	.usage = "",
	.summary = "show what is there, how old it is, and what is due",
	.help = "By space and kind: posts, answers, questions with an accepted "
	        "answer, dates of\n"
	        "the oldest and newest, the date of the newest dump or visit, "
	        "and how it came.\n"
	        "Then what waits, how far the index is, and what to do next. "
	        "Counts hold what\n"
	        "the reader (--as) may see.",
	.run = status_run,
};
