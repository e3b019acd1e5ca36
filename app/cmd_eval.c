/* opslore eval: runs a file of queries and judges the rankings. */

#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/retrieve.h"
#include "base/buf.h"
#include "base/cancel.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/progress.h"
#include "base/say.h"
#include "kb/eval.h"

struct eval_options {
	const char *k, *queries, *qrels;
	const char *filters[LIMIT_FILTERS];
	size_t filter_count;
	bool plain, stage1;
};

/* One run of the command. */
struct eval_run {
	struct retriever *retriever;
	struct retrieve_query query;
	struct eval_queries queries;
	struct judgements judgements;
	struct eval_scores sum;
	struct arena a;
	size_t k;
	size_t judged;  /* queries with a relevant document: the divisor */
	size_t empty;   /* of them, without a term: they score 0 */
	size_t missing; /* judged, but without a text: left out */
};

/* The native ids of a ranking, without the query's own, k at most. */
static size_t run_ids(const struct eval_run *r,
                      const struct retrieve_answer *answer, struct slice own,
                      struct slice *ids)
{
	size_t i, count = 0;

	for (i = 0; i < answer->count && count < r->k; i++)
		if (!slice_eq(answer->hits[i].native, own))
			ids[count++] = answer->hits[i].native;
	return count;
}

static void run_add(struct eval_run *r, const struct eval_scores *s)
{
	r->sum.ndcg10 += s->ndcg10;
	r->sum.map += s->map;
	r->sum.mrr10 += s->mrr10;
	r->sum.recall100 += s->recall100;
}

static bool run_query(struct eval_run *r, const struct eval_query *q,
                      const struct judged_query *judged, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct retrieve_answer answer;
	struct eval_scores scores;
	struct slice *ids;
	bool done;

	r->query.text = q->text;
	done = retrieve(r->retriever, &r->query, &a, &answer, f);
	if (done) {
		ids = arena_array(&a, r->k, sizeof(*ids));
		eval_ranking(judged, ids, run_ids(r, &answer, q->id, ids),
		             &scores);
		run_add(r, &scores);
	} else if (f->kind == FAULT_USAGE || f->kind == FAULT_LIMIT) {
		say(SAY_ERROR, "query '%.*s': %s", SLICE_ARG(q->id), f->text);
		r->empty++;
		done = true;
	}
	arena_release(&a);
	return done;
}

static bool run_queries(struct eval_run *r, struct app *app, struct fault *f)
{
	struct progress p;
	bool done = true;
	size_t i;

	progress_start(&p, app->progress, "eval", "queries");
	for (i = 0; done && i < r->queries.count; i++) {
		const struct eval_query *q = &r->queries.at[i];
		const struct judged_query *judged =
		        judgements_of(&r->judgements, q->id);

		progress_move(&p, (int64_t)i, (int64_t)r->queries.count,
		              (int64_t)i);
		if (!judged || !judged->relevant)
			continue;
		r->judged++;
		done = cancel_check(f) && run_query(r, q, judged, f);
	}
	progress_end(&p);
	return done;
}

/* Judged queries that the file of queries does not have. */
static void run_missing(struct eval_run *r)
{
	struct map have = MAP_INIT;
	size_t i;

	for (i = 0; i < r->queries.count; i++)
		map_put(&have, r->queries.at[i].id, NULL);
	for (i = 0; i < r->judgements.count; i++) {
		const struct judged_query *q = &r->judgements.queries[i];

		if (!q->relevant || map_get(&have, q->id))
			continue;
		say(SAY_ERROR, "query '%.*s' is judged but has no text",
		    SLICE_ARG(q->id));
		r->missing++;
	}
	map_release(&have);
}

static void eval_text(const struct eval_run *r, const struct eval_scores *s,
                      struct buf *out)
{
	buf_addf(out,
	         "queries   %zu\n"
	         "nDCG@10   %.4f\n"
	         "MAP       %.4f\n"
	         "MRR@10    %.4f\n"
	         "R@100     %.4f\n",
	         r->judged, s->ndcg10, s->map, s->mrr10, s->recall100);
}

static void eval_real(struct json_out *o, const char *name, double x)
{
	json_key(o, name);
	json_put_real(o, x);
}

static void eval_json(const struct eval_run *r, const struct eval_scores *s,
                      struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair_number(&o, "queries", (int64_t)r->judged);
	json_pair_number(&o, "missing", (int64_t)r->missing);
	json_pair_number(&o, "empty", (int64_t)r->empty);
	json_pair_number(&o, "k", (int64_t)r->k);
	json_key(&o, "plain");
	json_put_bool(&o, r->query.plain);
	eval_real(&o, "ndcg@10", s->ndcg10);
	eval_real(&o, "map", s->map);
	eval_real(&o, "mrr@10", s->mrr10);
	eval_real(&o, "recall@100", s->recall100);
	json_close(&o, '}');
	buf_byte(out, '\n');
}

static void run_print(const struct eval_run *r, bool json)
{
	double n = r->judged ? (double)r->judged : 1;
	struct eval_scores mean = { .ndcg10 = r->sum.ndcg10 / n,
		                    .map = r->sum.map / n,
		                    .mrr10 = r->sum.mrr10 / n,
		                    .recall100 = r->sum.recall100 / n };
	struct buf out = BUF_INIT(4096);

	if (json)
		eval_json(r, &mean, &out);
	else
		eval_text(r, &mean, &out);
	fputs(buf_string(&out), stdout);
	buf_release(&out);
}

static bool run_open(struct eval_run *r, struct app *app, struct fault *f)
{
	struct buf note = BUF_INIT(256);

	if (!retriever_open(&r->retriever, app, f))
		return false;
	if (retriever_note(r->retriever, &note))
		say(SAY_WARN, "%s", buf_string(&note));
	buf_release(&note);
	return true;
}

static bool run_eval(struct eval_run *r, const struct eval_options *o,
                     struct app *app, struct fault *f)
{
	struct search_filter *filters;
	int64_t k = LIMIT_RESULTS - 1;

	if (!o->queries || !o->qrels)
		return fault(f, FAULT_USAGE, "eval-files",
		             "eval needs --queries FILE and --qrels FILE");
	if (!option_number("k", o->k, 1, LIMIT_RESULTS - 1, &k, f) ||
	    !retrieve_filters(o->filters, o->filter_count, &r->a, &filters,
	                      f) ||
	    !eval_queries_read(&r->queries, o->queries, f) ||
	    !judgements_read(&r->judgements, o->qrels, f) ||
	    !run_open(r, app, f))
		return false;
	r->k = (size_t)k;
	r->query = (struct retrieve_query){ .filters = filters,
		                            .filter_count = o->filter_count,
		                            .k = (uint32_t)k + 1,
		                            .plain = o->plain,
		                            .stage1 = o->stage1,
		                            .by_post = true,
		                            .ids_only = true };
	run_missing(r);
	return run_queries(r, app, f);
}

static int eval_run(struct app *app, int argc, char **argv)
{
	struct eval_options o = { 0 };
	struct eval_run r = { .queries = EVAL_QUERIES_INIT,
		              .judgements = JUDGEMENTS_INIT,
		              .a = ARENA_INIT };
	const struct option table[] = {
		{ .name = "k", .value = &o.k },
		{ .name = "queries", .value = &o.queries },
		{ .name = "qrels", .value = &o.qrels },
		{ .name = "filter",
		  .list = o.filters,
		  .room = LIMIT_FILTERS,
		  .count = &o.filter_count },
		{ .name = "plain", .flag = &o.plain },
		{ .name = "stage1", .flag = &o.stage1 },
		{ 0 },
	};
	struct fault f = { 0 };
	int operands, code = EXIT_DONE;

	if (!options_read(table, argc, argv, &operands, &f) ||
	    !run_eval(&r, &o, app, &f)) {
		code = app_fail(app, &f);
	} else {
		run_print(&r, app->json);
		code = r.missing ? EXIT_PARTLY : EXIT_DONE;
	}
	retriever_close(r.retriever);
	eval_queries_release(&r.queries);
	judgements_release(&r.judgements);
	arena_release(&r.a);
	return code;
}

const struct command cmd_eval = {
	.name = "eval",
	.usage = "--queries FILE --qrels FILE [--plain|--stage1] [-k N]\n"
	         "[--filter K=V]...",
	.summary = "judge the ranking by a set of queries",
	.help = "  --queries FILE   JSON lines with _id and text\n"
	        "  --qrels FILE     query id, document id (native), grade; "
	        "tabs\n"
	        "  --plain          bare BM25, no second stage\n"
	        "  --stage1         BM25F with its weights, no second stage\n"
	        "  -k N             how deep, 999; MAP looks at all of it\n"
	        "\n"
	        "  A result with the query's own id is left out.\n",
	.run = eval_run,
};
