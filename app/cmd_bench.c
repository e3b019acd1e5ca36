/*
 * opslore bench: how long a file of queries takes on this store, one thread.
 * The engine is search() from the text of a query to its k best; end to end is
 * retrieve() as `search --json` runs it: rows, second stage, snippets. Nothing
 * is remembered from one query to the next, but what the system keeps of files
 * in memory; a first pass that is not timed brings it there.
 */

#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/retrieve.h"
#include "app/timing.h"
#include "base/buf.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/say.h"
#include "kb/eval.h"

enum {
	ROUNDS_MOST = 10000,
	SNIPPET_COLUMNS = 216, /* as `search --json` has them */
	OUTPUT_MOST = 1 << 30,
};

struct bench_options {
	const char *k, *rounds, *queries, *out, *path;
	const char *filters[LIMIT_FILTERS];
	size_t filter_count;
	bool plain, engine_only, in_turn;
};

/* One run of the command. */
struct bench {
	struct app *app;
	struct reader *reader;
	struct index *index;
	struct analyzer *analyzer;
	struct searcher *searcher;
	struct retriever *retriever; /* NULL: the engine alone */
	struct eval_queries queries;
	struct search_query query;
	struct retrieve_query whole;
	struct arena kept, a; /* of the run, of one query */
	size_t rounds, failed;
	int64_t opened, first; /* nanoseconds: the index, the first query */
	struct timing engine, end_to_end;
	size_t passages;
};

typedef bool bench_fn(struct bench *b, size_t query, struct fault *f);

static bool bench_engine(struct bench *b, size_t query, struct fault *f)
{
	struct search_result found;

	b->query.text = b->queries.at[query].text;
	return search(b->searcher, b->index, b->analyzer, b->reader, &b->query,
	              &b->a, &found, f);
}

static bool bench_whole(struct bench *b, size_t query, struct fault *f)
{
	struct retrieve_answer answer;

	b->whole.text = b->queries.at[query].text;
	return retrieve(b->retriever, &b->whole, &b->a, &answer, f);
}

/* One query, timed. Giving its memory back is part of what it costs. */
static bool bench_one(struct bench *b, bench_fn *fn, size_t query, int64_t *ns,
                      struct fault *f)
{
	int64_t start = clock_nanoseconds();
	bool done = fn(b, query, f);

	arena_reset(&b->a);
	*ns = clock_nanoseconds() - start;
	return done;
}

static bool bench_round(struct bench *b, bench_fn *fn, struct timing *t,
                        size_t round, struct fault *f)
{
	int64_t ns;
	size_t i;

	for (i = 0; i < b->queries.count; i++) {
		if (!cancel_check(f) || !bench_one(b, fn, i, &ns, f))
			return false;
		timing_set(t, round, i, ns);
	}
	return true;
}

/* The rounds of both ways, turn by turn, so that both see the same minutes. */
static bool bench_rounds(struct bench *b, struct fault *f)
{
	struct progress p;
	bool done = true;
	size_t i;

	timing_init(&b->engine, b->queries.count, b->rounds);
	if (b->retriever)
		timing_init(&b->end_to_end, b->queries.count, b->rounds);
	progress_start(&p, b->app->progress, "bench", "rounds");
	for (i = 0; done && i < b->rounds; i++) {
		progress_move(&p, (int64_t)i, (int64_t)b->rounds, (int64_t)i);
		done = bench_round(b, bench_engine, &b->engine, i, f) &&
		       (!b->retriever ||
		        bench_round(b, bench_whole, &b->end_to_end, i, f));
	}
	progress_end(&p);
	return done;
}

/* For whoever compares programs: a round for each line that comes in, and its
 * times as one line. */
static bool bench_in_turn(struct bench *b, struct fault *f)
{
	char line[64];
	bool done = true;
	size_t i;

	timing_init(&b->engine, b->queries.count, 1);
	printf("ready\n");
	fflush(stdout);
	while (done && fgets(line, sizeof(line), stdin)) {
		done = bench_round(b, bench_engine, &b->engine, 0, f);
		for (i = 0; done && i < b->queries.count; i++)
			printf("%s%lld", i ? " " : "",
			       (long long)b->engine.at[i]);
		putchar('\n');
		fflush(stdout);
	}
	return done;
}

/* A query without a term, or one too long, is said and left out. */
static bool bench_warm(struct bench *b, bench_fn *fn, struct fault *f)
{
	size_t i, kept = 0;
	int64_t ns;

	for (i = 0; i < b->queries.count; i++) {
		if (!cancel_check(f))
			return false;
		if (bench_one(b, fn, i, &ns, f)) {
			if (!kept && !b->first)
				b->first = ns;
			b->queries.at[kept++] = b->queries.at[i];
			continue;
		}
		if (f->kind != FAULT_USAGE && f->kind != FAULT_LIMIT)
			return false;
		say(SAY_ERROR, "query '%.*s': %s",
		    SLICE_ARG(b->queries.at[i].id), f->text);
		b->failed++;
	}
	b->queries.count = kept;
	return kept ||
	       fault(f, FAULT_USAGE, "bench-empty", "no query is left to time");
}

static void answers_line(const struct retrieve_answer *answer, struct slice id,
                         struct buf *out)
{
	size_t i, j;

	buf_add(out, id);
	buf_byte(out, '\t');
	for (i = 0; i < answer->count; i++) {
		struct slice native = answer->hits[i].native;

		for (j = 0; j < native.len; j++)
			buf_byte(out, (unsigned char)native.at[j] <= ' '
			                      ? '_'
			                      : native.at[j]);
		buf_addf(out, ":%.15g%s", answer->hits[i].hit.score,
		         i + 1 < answer->count ? " " : "");
	}
	buf_byte(out, '\n');
}

/* What the engine finds, to be compared: a line for each query. */
static bool bench_answers(struct bench *b, const char *path, struct fault *f)
{
	struct buf out = BUF_INIT(OUTPUT_MOST);
	struct retrieve_query q = { .filters = b->query.filters,
		                    .filter_count = b->query.filter_count,
		                    .k = b->query.k,
		                    .plain = b->query.plain,
		                    .stage1 = !b->query.plain,
		                    .ids_only = true };
	struct retrieve_answer answer;
	struct file_new file = { 0 };
	bool done = true;
	size_t i;

	for (i = 0; done && i < b->queries.count; i++) {
		q.text = b->queries.at[i].text;
		done = cancel_check(f) &&
		       retrieve(b->retriever, &q, &b->a, &answer, f);
		if (done)
			answers_line(&answer, b->queries.at[i].id, &out);
		arena_reset(&b->a);
	}
	if (done && buf_full(&out))
		done = fault(f, FAULT_LIMIT, "limit-output",
		             "the answers are larger than %d bytes",
		             OUTPUT_MOST);
	done = done && file_start(&file, path, f);
	if (done) {
		file_add(&file, buf_slice(&out));
		done = file_publish(&file, f);
	}
	buf_release(&out);
	return done;
}

static void queries_lines(struct eval_queries *q, struct slice text)
{
	struct buf id = BUF_INIT(32);
	int64_t number = 0;

	while (text.len) {
		struct slice line = slice_cut(text, 0, slice_find(text, '\n'));

		text = slice_cut(text, line.len + 1, text.len);
		line = slice_trim(line);
		number++;
		if (!line.len)
			continue;
		buf_reset(&id);
		buf_number(&id, number);
		q->at = memory_room(q->at, q->count, &q->room, sizeof(*q->at));
		q->at[q->count++] = (struct eval_query){
			.id = arena_copy(&q->a, buf_slice(&id)),
			.text = arena_copy(&q->a, line),
		};
	}
	buf_release(&id);
}

/* JSON lines with _id and text, or bare text: then the number of the line is
 * the id. */
static bool bench_queries(struct bench *b, const char *path, struct fault *f)
{
	struct slice text;
	bool done = true;
	char *bytes;
	size_t len;

	if (!file_read(path, LIMIT_JUDGEMENTS, &bytes, &len, f))
		return false;
	text = (struct slice){ bytes, len };
	if (slice_starts(slice_trim(text), SLICE("{")))
		done = eval_queries_parse(&b->queries, text, path, f);
	else
		queries_lines(&b->queries, text);
	free(bytes);
	return done;
}

static bool bench_settings(struct bench *b, const struct bench_options *o,
                           int operands, struct fault *f)
{
	struct search_filter *filters;
	int64_t k = 10, rounds = 10;

	if (!o->queries || operands)
		return fault(f, FAULT_USAGE, "bench-queries",
		             "bench takes --queries FILE and no more words");
	if (!option_number("k", o->k, 1, LIMIT_RESULTS, &k, f) ||
	    !option_number("rounds", o->rounds, 1, ROUNDS_MOST, &rounds, f) ||
	    !retrieve_filters(o->filters, o->filter_count, &b->kept, &filters,
	                      f) ||
	    !bench_queries(b, o->queries, f))
		return false;
	if (o->path && !search_path(o->path))
		return fault(f, FAULT_USAGE, "bench-path",
		             "there is no path '%s' on this machine", o->path);
	b->rounds = (size_t)rounds;
	b->query = (struct search_query){ .filters = filters,
		                          .filter_count = o->filter_count,
		                          .k = (uint32_t)k,
		                          .plain = o->plain };
	b->whole = (struct retrieve_query){ .filters = filters,
		                            .filter_count = o->filter_count,
		                            .k = (uint32_t)k,
		                            .plain = o->plain,
		                            .by_post = true,
		                            .fold = true,
		                            .columns = SNIPPET_COLUMNS };
	return true;
}

static bool bench_open(struct bench *b, bool store, struct fault *f)
{
	int64_t start = clock_nanoseconds();
	size_t i;

	if (!app_reader(b->app, &b->reader, f))
		return false;
	if (!index_open(&b->index, b->app->index, f)) {
		if (f->kind == FAULT_GONE)
			fault(f, FAULT_GONE, "index-missing",
			      "there is no index: run 'opslore index'");
		return false;
	}
	b->opened = clock_nanoseconds() - start;
	for (i = 0; i < index_segment_count(b->index); i++)
		b->passages += segment_live_count(index_segment(b->index, i));
	b->searcher = searcher_new();
	return analyzer_new(&b->analyzer, index_facts(b->index)->analyzer, f) &&
	       (!store || retriever_open(&b->retriever, b->app, f));
}

static void row_text(const char *name, const struct timing_figures *t)
{
	printf("%-20s %9.3f %9.3f %9.3f %9.3f\n", name, t->mean, t->p50, t->p95,
	       t->p99);
}

static void timing_rows(const char *best, const char *all,
                        const struct timing *t)
{
	struct timing_figures figures;

	timing_best(t, &figures);
	row_text(best, &figures);
	timing_all(t, &figures);
	row_text(all, &figures);
}

static void print_text(const struct bench *b)
{
	size_t segments = index_segment_count(b->index);

	printf("%zu queries, k %u, %zu rounds; "
	       "%zu passages in %zu segment%s; path %s\n"
	       "opened in %.3f ms, first query %.3f ms\n"
	       "%-20s %9s %9s %9s %9s\n",
	       b->queries.count, (unsigned)b->query.k, b->rounds, b->passages,
	       segments, segments == 1 ? "" : "s", search_path_now(),
	       (double)b->opened / 1e6, (double)b->first / 1e6, "ms", "mean",
	       "p50", "p95", "p99");
	timing_rows("engine, best", "engine, all", &b->engine);
	if (b->retriever)
		timing_rows("end to end, best", "end to end, all",
		            &b->end_to_end);
}

static void real(struct json_out *o, const char *name, double x)
{
	json_key(o, name);
	json_put_real(o, x);
}

static void figures_json(struct json_out *o, const char *name,
                         const struct timing_figures *t)
{
	json_key(o, name);
	json_open(o, '{');
	real(o, "mean", t->mean);
	real(o, "p50", t->p50);
	real(o, "p95", t->p95);
	real(o, "p99", t->p99);
	json_close(o, '}');
}

static void timing_json(struct json_out *o, const char *name,
                        const struct timing *t)
{
	struct timing_figures figures;

	json_key(o, name);
	json_open(o, '{');
	timing_best(t, &figures);
	figures_json(o, "best", &figures);
	timing_all(t, &figures);
	figures_json(o, "all", &figures);
	json_close(o, '}');
}

static void print_json(const struct bench *b)
{
	struct buf out = BUF_INIT(1 << 16);
	struct json_out o;

	json_start(&o, &out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair_number(&o, "queries", (int64_t)b->queries.count);
	json_pair_number(&o, "failed", (int64_t)b->failed);
	json_pair_number(&o, "k", b->query.k);
	json_pair_number(&o, "rounds", (int64_t)b->rounds);
	json_key(&o, "plain");
	json_put_bool(&o, b->query.plain);
	json_pair_number(&o, "passages", (int64_t)b->passages);
	json_pair_number(&o, "segments",
	                 (int64_t)index_segment_count(b->index));
	json_pair(&o, "path", slice_of(search_path_now()));
	real(&o, "open", (double)b->opened / 1e6);
	real(&o, "first", (double)b->first / 1e6);
	timing_json(&o, "engine", &b->engine);
	if (b->retriever)
		timing_json(&o, "end_to_end", &b->end_to_end);
	json_close(&o, '}');
	puts(buf_string(&out));
	buf_release(&out);
}

static bool run_bench(struct bench *b, const struct bench_options *o,
                      int operands, struct fault *f)
{
	if (!bench_settings(b, o, operands, f) ||
	    !bench_open(b, !o->engine_only || o->out, f) ||
	    !bench_warm(b, bench_engine, f) ||
	    (o->out && !bench_answers(b, o->out, f)))
		return false;
	if (o->in_turn)
		return bench_in_turn(b, f);
	if (o->engine_only) {
		retriever_close(b->retriever);
		b->retriever = NULL;
	}
	if ((b->retriever && !bench_warm(b, bench_whole, f)) ||
	    !bench_rounds(b, f))
		return false;
	if (b->app->json)
		print_json(b);
	else
		print_text(b);
	return true;
}

static void bench_release(struct bench *b)
{
	timing_release(&b->engine);
	timing_release(&b->end_to_end);
	eval_queries_release(&b->queries);
	retriever_close(b->retriever);
	searcher_free(b->searcher);
	analyzer_free(b->analyzer);
	index_close(b->index);
	reader_free(b->reader);
	arena_release(&b->kept);
	arena_release(&b->a);
}

static int bench_run(struct app *app, int argc, char **argv)
{
	struct bench_options o = { 0 };
	struct bench b = { .app = app, .queries = EVAL_QUERIES_INIT };
	const struct option table[] = {
		{ .name = "queries", .value = &o.queries },
		{ .name = "k", .value = &o.k },
		{ .name = "rounds", .value = &o.rounds },
		{ .name = "filter",
		  .list = o.filters,
		  .room = LIMIT_FILTERS,
		  .count = &o.filter_count },
		{ .name = "plain", .flag = &o.plain },
		{ .name = "engine-only", .flag = &o.engine_only },
		{ .name = "in-turn", .flag = &o.in_turn },
		{ .name = "out", .value = &o.out },
		{ .name = "path", .value = &o.path },
		{ 0 },
	};
	struct fault f = { 0 };
	int operands, code = EXIT_DONE;

	if (!options_read(table, argc, argv, &operands, &f) ||
	    !run_bench(&b, &o, operands, &f))
		code = app_fail(app, &f);
	else if (b.failed)
		code = EXIT_PARTLY;
	bench_release(&b);
	return code;
}

const struct command cmd_bench = {
	.name = "bench",
	.usage = "--queries FILE [-k N] [--rounds N] [--plain] "
	         "[--filter K=V]...\n"
	         "[--engine-only] [--path NAME] [--out FILE] [--in-turn]",
	.summary = "time a file of queries on this store",
	.help = "  --queries FILE   JSON lines with _id and text, or bare "
	        "lines\n"
	        "  -k N             how many results, 10\n"
	        "  --rounds N       how often each query runs, 10\n"
	        "  --plain          bare BM25, no second stage\n"
	        "  --filter K=V     as in search\n"
	        "  --engine-only    without rows, second stage and snippets\n"
	        "  --path NAME      the instructions to use: avx2, portable\n"
	        "  --out FILE       what the engine found: query, tab,\n"
	        "                   id:score ...\n"
	        "  --in-turn        a round of the engine for each line of\n"
	        "                   standard input, its times as one line of\n"
	        "                   nanoseconds\n"
	        "\n"
	        "  'best' takes each query at its fastest round, 'all' every\n"
	        "  round; one thread, nothing kept between queries.\n",
	.run = bench_run,
};
