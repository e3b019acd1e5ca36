/* opslore stats: what the store holds, as small tables. */

#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/stats_kb.h"
#include "base/say.h"
#include "export/table.h"
#include "export/votes.h"
#include "export/words.h"

struct stats_args {
	const char *format, *top;
	const char *filters[4];
	size_t filter_count;
	struct slice space;
	int64_t most; /* --top; 0: as many as the kind shows */
	enum table_form form;
};

static bool args_read(struct stats_args *x, int argc, char **argv,
                      struct fault *f)
{
	const struct option table[] = {
		{ .name = "format", .value = &x->format },
		{ .name = "top", .value = &x->top },
		{ .name = "filter",
		  .list = x->filters,
		  .room = 4,
		  .count = &x->filter_count },
		{ 0 },
	};
	size_t i;
	int n;

	if (!options_read(table, argc, argv, &n, f) ||
	    !table_form_read(x->format, &x->form, f) ||
	    !option_number("top", x->top, 1, 100000, &x->most, f))
		return false;
	for (i = 0; i < x->filter_count; i++) {
		struct slice all = slice_of(x->filters[i]);

		if (!slice_starts(all, SLICE("space=")) || all.len == 6)
			return fault(f, FAULT_USAGE, "filter",
			             "stats takes --filter space=NAME, not "
			             "'%s'",
			             x->filters[i]);
		x->space = slice_cut(all, 6, all.len);
	}
	if (n != 1)
		return fault(f, FAULT_USAGE, "stats-kind",
		             "name one kind: opslore stats kb, opslore stats "
		             "votes, opslore stats words");
	return true;
}

static void print_table(const struct table *t, enum table_form form)
{
	struct buf out = BUF_INIT(256 << 20);

	table_write(t, form, &out);
	fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
}

static bool stats_votes(struct store *s, const struct reader *r,
                        const struct stats_args *x, struct fault *f)
{
	static const char *const columns[] = { "votes", "questions", "answers",
		                               "accepted" };
	struct cell cells[(VOTES_BUCKETS + 1) * 4];
	const struct table t = { "votes", columns, 4, cells,
		                 VOTES_BUCKETS + 1 };
	struct votes v;
	int i;

	if (!votes_count(s, r, x->space, &v, f))
		return false;
	for (i = 0; i < VOTES_BUCKETS; i++) {
		cells[i * 4] = CELL(slice_of(votes_names[i]));
		cells[i * 4 + 1] = CELL_NUMBER(v.questions[i]);
		cells[i * 4 + 2] = CELL_NUMBER(v.answers[i]);
		cells[i * 4 + 3] = CELL_NUMBER(v.accepted[i]);
	}
	cells[i * 4] = CELL(SLICE("all"));
	cells[i * 4 + 1] = CELL_NUMBER(v.question_count);
	cells[i * 4 + 2] = CELL_NUMBER(v.answer_count);
	cells[i * 4 + 3] = CELL_NUMBER(v.accepted_count);
	print_table(&t, x->form);
	return true;
}

static bool stats_words(struct store *s, const struct reader *r,
                        const struct stats_args *x, struct fault *f)
{
	static const char *const columns[] = { "word", "count", "posts" };
	struct arena a = ARENA_INIT;
	struct word *words;
	int64_t dropped;
	size_t count, i;
	bool ok = words_count(s, r, x->space, x->most ? (size_t)x->most : 50,
	                      &a, &words, &count, &dropped, f);

	if (ok) {
		struct cell *cells = arena_array(&a, count, 3 * sizeof(*cells));
		const struct table t = { "words", columns, 3, cells, count };

		for (i = 0; i < count; i++) {
			cells[i * 3] = CELL(words[i].text);
			cells[i * 3 + 1] = CELL_NUMBER(words[i].count);
			cells[i * 3 + 2] = CELL_NUMBER(words[i].posts);
		}
		print_table(&t, x->form);
		if (dropped)
			say(SAY_INFO,
			    "%lld terms that stood once were not kept apart",
			    (long long)dropped);
	}
	arena_release(&a);
	return ok;
}

static bool stats_holdings(struct store *s, const struct reader *r,
                           const struct stats_args *x, struct fault *f)
{
	struct buf out = BUF_INIT(256 << 20);
	bool ok = stats_kb(s, r, x->space, x->most ? (size_t)x->most : 10,
	                   x->form, &out, f);

	if (ok)
		fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
	return ok;
}

typedef bool stats_fn(struct store *s, const struct reader *r,
                      const struct stats_args *x, struct fault *f);

static stats_fn *stats_find(const char *name)
{
	static const struct {
		const char *name;
		stats_fn *fn;
	} kinds[] = { { "kb", stats_holdings },
		      { "votes", stats_votes },
		      { "words", stats_words } };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return kinds[i].fn;
	return NULL;
}

static bool stats_run(struct app *app, const struct stats_args *x,
                      const char *kind, struct fault *f)
{
	stats_fn *fn = stats_find(kind);
	struct reader *r = NULL;
	struct store *s = NULL;
	bool ok;

	if (!fn)
		return fault(f, FAULT_USAGE, "stats-kind",
		             "there is no kind '%s': it is one of kb, votes, "
		             "words",
		             kind);
	ok = app_store(app, STORE_READ, &s, f) && app_reader(app, &r, f) &&
	     fn(s, r, x, f);
	reader_free(r);
	store_close(s);
	return ok;
}

static int stats_command(struct app *app, int argc, char **argv)
{
	struct stats_args x = { 0 };
	struct fault f;

	if (!args_read(&x, argc, argv, &f) || !app_format(app, x.format, &f))
		return app_fail(app, &f);
	if (app->json)
		x.form = TABLE_JSON;
	if (!stats_run(app, &x, argv[1], &f))
		return app_fail(app, &f);
	return EXIT_DONE;
}

const struct command cmd_stats = {
	.name = "stats",
	.usage = "kb|votes|words [--format table|csv|json] [--filter "
	         "space=NAME] "
	         "[--top N]",
	.summary = "tables of what is there, of votes, of frequent words",
	.help = "kb shows spaces, languages, years, sizes, extractors, "
	        "near-duplicates and other\n"
	        "addresses; votes how they are spread; words the most "
	        "frequent.\n"
	        "\n"
	        "  --format F     table (default), csv or json\n"
	        "  --filter K=V   space=NAME\n"
	        "  --top N        how many words (default 50), or how many "
	        "clusters of\n"
	        "                 near-duplicates (default 10)",
	.run = stats_command,
};
