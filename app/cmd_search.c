/* opslore search: reads its options, asks retrieve(), hands the answer to the
 * form that was asked for. */

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/command.h"
#include "app/retrieve.h"
#include "app/search_form.h"
#include "base/cancel.h"
#include "base/limits.h"
#include "base/say.h"
#include "kb/eval.h"

enum {
	WIDTH_DEFAULT = 80,
	WIDTH_MOST = 120,
	OUTPUT_MOST = 1 << 30,
};

struct search_options {
	const char *k, *format, *queries, *budget, *facets, *top;
	const char *filters[LIMIT_FILTERS];
	size_t filter_count;
	bool plain, stage1, passages, total;
};

/* One run of the command. */
struct search_run {
	struct app *app;
	struct retriever *retriever;
	const struct search_form *form;
	struct search_view view;
	struct retrieve_query query;
	struct facet_request counts;
	struct arena a;
	size_t failed;
};

static size_t terminal_width(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col < 40)
		return WIDTH_DEFAULT;
	return w.ws_col < WIDTH_MOST ? w.ws_col : WIDTH_MOST;
}

static bool terminal_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term &&
	       strcmp(term, "dumb") != 0;
}

static bool run_options(struct search_run *r, const struct search_options *o,
                        struct fault *f)
{
	const char *format = o->format      ? o->format
	                     : r->app->json ? "json"
	                     : o->queries   ? "trec"
	                                    : "text";
	struct search_filter *filters;
	int64_t k, budget;

	if (!app_format(r->app, o->format, f))
		return false;
	r->form = search_form_find(slice_of(format));
	if (!r->form)
		return fault(f, FAULT_USAGE, "search-format",
		             "--format is text, json, context or trec, not "
		             "'%s'",
		             format);
	k = r->form->k;
	budget = r->form->budget;
	if (!option_number("k", o->k, 1, LIMIT_RESULTS, &k, f) ||
	    !option_number("budget", o->budget, 200, 1000000, &budget, f) ||
	    !retrieve_filters(o->filters, o->filter_count, &r->a, &filters, f))
		return false;
	r->view = (struct search_view){ .colour = terminal_colour(),
		                        .width = terminal_width(),
		                        .now = r->app->now,
		                        .budget = budget };
	r->query = search_form_query(r->form, k, r->view.width);
	r->query.filters = filters;
	r->query.filter_count = o->filter_count;
	r->query.plain = o->plain;
	r->query.stage1 = o->stage1;
	r->query.by_post = r->form->by_post && !o->passages;
	return true;
}

/* What is counted beside: only people and JSON are told. */
static bool run_counts(struct search_run *r, const struct search_options *o,
                       struct fault *f)
{
	int64_t top = 10;

	if (!o->total && !o->facets && !o->top)
		return true;
	if (r->form->write != search_text && r->form->write != search_json)
		return fault(f, FAULT_USAGE, "search-counts",
		             "--total and --facets are for text and json");
	if (o->top && !o->facets)
		return fault(f, FAULT_USAGE, "search-counts",
		             "--top goes with --facets");
	if (!option_number("top", o->top, 1, LIMIT_FACET_VALUES, &top, f) ||
	    (o->facets && !facet_names(slice_of(o->facets), &r->a,
	                               &r->counts.names, &r->counts.count, f)))
		return false;
	r->counts.top = (uint32_t)top;
	r->query.counts = &r->counts;
	return true;
}

static bool run_write(const struct buf *b, struct fault *f)
{
	if (buf_full(b))
		return fault(f, FAULT_LIMIT, "limit-output",
		             "the answer is larger than %d bytes", OUTPUT_MOST);
	if (b->len && fwrite(b->at, 1, b->len, stdout) != b->len)
		return fault(f, FAULT_SYSTEM, "output",
		             "cannot write to standard output");
	return true;
}

/* What a person should know beside the results, on standard error. */
static void run_notes(const struct search_run *r,
                      const struct retrieve_answer *answer)
{
	if (answer->terms_dropped)
		say(SAY_WARN,
		    "the query has %zu terms; the %zu most telling count",
		    answer->term_count + answer->terms_dropped,
		    answer->term_count);
	if (!answer->count && r->form->write == search_text)
		say(SAY_WARN, "nothing found");
	if (answer->gone)
		say(SAY_INFO,
		    "%zu result%s gone from the store: run 'opslore index'",
		    answer->gone, answer->gone == 1 ? " is" : "s are");
	say(SAY_DEBUG, "stage 2: %.*s", SLICE_ARG(answer->stage2));
}

static bool run_query(struct search_run *r, struct slice id, struct slice text,
                      struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT(OUTPUT_MOST);
	struct retrieve_answer answer;
	bool done;

	r->query.text = r->view.query = text;
	r->view.query_id = id;
	done = retrieve(r->retriever, &r->query, &a, &answer, f);
	if (done) {
		r->form->write(&r->view, &answer, &out);
		run_notes(r, &answer);
		done = run_write(&out, f);
	}
	buf_release(&out);
	arena_release(&a);
	return done;
}

/* A query that fails alone is said and passed over. */
static bool run_file(struct search_run *r, const char *path, struct fault *f)
{
	struct eval_queries q = EVAL_QUERIES_INIT;
	bool done = eval_queries_read(&q, path, f);
	size_t i;

	for (i = 0; done && i < q.count; i++) {
		done = cancel_check(f) &&
		       run_query(r, q.at[i].id, q.at[i].text, f);
		if (!done &&
		    (f->kind == FAULT_USAGE || f->kind == FAULT_LIMIT)) {
			say(SAY_ERROR, "query '%.*s': %s",
			    SLICE_ARG(q.at[i].id), f->text);
			r->failed++;
			done = true;
		}
	}
	eval_queries_release(&q);
	return done;
}

static bool run_open(struct search_run *r, struct fault *f)
{
	struct buf note = BUF_INIT(256);

	if (!retriever_open(&r->retriever, r->app, f))
		return false;
	if (retriever_note(r->retriever, &note))
		say(SAY_WARN, "%s", buf_string(&note));
	buf_release(&note);
	return true;
}

/* All operands are one query, so that it need not be quoted. */
static struct slice run_words(struct search_run *r, int count, char **words)
{
	struct buf text = BUF_INIT(LIMIT_QUERY + 1);
	struct slice out;
	int i;

	for (i = 0; i < count; i++) {
		if (i)
			buf_byte(&text, ' ');
		buf_text(&text, words[i]);
	}
	out = arena_copy(&r->a, buf_slice(&text));
	buf_release(&text);
	return out;
}

static bool run_search(struct search_run *r, const struct search_options *o,
                       int operands, char **argv, struct fault *f)
{
	if ((operands > 0) == (o->queries != NULL))
		return fault(f, FAULT_USAGE, "search-query",
		             "search takes a query or --queries FILE");
	if (!run_options(r, o, f) || !run_counts(r, o, f) || !run_open(r, f))
		return false;
	if (o->queries)
		return run_file(r, o->queries, f);
	return run_query(r, SLICE(""), run_words(r, operands, argv + 1), f);
}

static int search_run(struct app *app, int argc, char **argv)
{
	struct search_options o = { 0 };
	struct search_run r = { .app = app, .a = ARENA_INIT };
	const struct option table[] = {
		{ .name = "k", .value = &o.k },
		{ .name = "filter",
		  .list = o.filters,
		  .room = LIMIT_FILTERS,
		  .count = &o.filter_count },
		{ .name = "plain", .flag = &o.plain },
		{ .name = "stage1", .flag = &o.stage1 },
		{ .name = "passages", .flag = &o.passages },
		{ .name = "format", .value = &o.format },
		{ .name = "budget", .value = &o.budget },
		{ .name = "queries", .value = &o.queries },
		{ .name = "total", .flag = &o.total },
		{ .name = "facets", .value = &o.facets },
		{ .name = "top", .value = &o.top },
		{ 0 },
	};
	struct fault f = { 0 };
	int operands, code = EXIT_DONE;

	if (!options_read(table, argc, argv, &operands, &f) ||
	    !run_search(&r, &o, operands, argv, &f))
		code = app_fail(app, &f);
	else if (r.failed)
		code = EXIT_PARTLY;
	retriever_close(r.retriever);
	arena_release(&r.a);
	return code;
}

const struct command cmd_search = {
	.name = "search",
	.usage = "[-k N] [--filter K=V]... [--plain|--stage1] "
	         "[--passages]\n"
	         "[--format text|json|context|trec] [--budget TOKENS]\n"
	         "[--total] [--facets NAME,... [--top N]]\n"
	         "QUERY... | --queries FILE",
	.summary = "find passages, the best first",
	.help = "  -k N             how many (text, json 10; context 20; trec "
	        "100)\n"
	        "  --filter K=V     space, kind, tag, lang, class, service,\n"
	        "                   accepted=yes|no, score=MIN..MAX,\n"
	        "                   date=FROM..TO; all must hold\n"
	        "  --plain          bare BM25, no second stage\n"
	        "  --stage1         BM25F with its weights, no second stage\n"
	        "  --passages       several passages of one post may come\n"
	        "  --format FORM    text; json; context, a block for a "
	        "prompt;\n"
	        "                   trec, a run file\n"
	        "  --budget TOKENS  of a context, 2000; of JSON, no end\n"
	        "  --queries FILE   JSON lines with _id and text\n"
	        "  --total          how many passages there are in all\n"
	        "  --facets NAMES   and how they spread over the values of\n"
	        "                   space, kind, tag, class, service, lang,\n"
	        "                   accepted, year\n"
	        "  --top N          values of each facet, 10\n"
	        "\n"
	        "  opslore search pod stuck in CrashLoopBackOff\n"
	        "  opslore search --filter tag=nginx --filter "
	        "date=2023-01-01.. "
	        "502\n",
	.run = search_run,
};
