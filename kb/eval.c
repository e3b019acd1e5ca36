/*
 * Judging rankings as trec_eval does (its measures ndcg_cut, map,
 * recip_rank, recall), so that figures can be compared with published ones.
 */

#include "kb/eval.h"

#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/memory.h"

/* The line at *at, without its end, moving *at behind it. */
static struct slice eval_line(struct slice text, size_t *at)
{
	struct slice rest = slice_cut(text, *at, text.len);
	size_t len = slice_find(rest, '\n');

	*at += len < rest.len ? len + 1 : len;
	return slice_trim(slice_cut(rest, 0, len));
}

/* The field up to the next blank or tab, trimmed off *rest. */
static struct slice eval_field(struct slice *rest)
{
	size_t tab = slice_find(*rest, '\t');
	size_t end = tab < rest->len ? tab : slice_find(*rest, ' ');
	struct slice out = slice_trim(slice_cut(*rest, 0, end));

	*rest = slice_trim(slice_cut(*rest, end, rest->len));
	return out;
}

static struct judged_query *judgements_put(struct judgements *j,
                                           struct slice query)
{
	bool added;
	struct map_entry *e = map_put(&j->numbers, query, &added);

	if (added) {
		e->number = (int64_t)j->count;
		j->queries = memory_room(j->queries, j->count, &j->room,
		                         sizeof(*j->queries));
		j->queries[j->count++] = (struct judged_query){
			.id = arena_copy(&j->a, query),
		};
	}
	return &j->queries[e->number];
}

static bool judgement_add(struct judgements *j, struct slice line,
                          const char *path, int64_t number, struct fault *f)
{
	struct slice query = eval_field(&line), doc = eval_field(&line);
	struct judged_query *q;
	int64_t grade;

	if (!slice_number(line, &grade)) {
		/* The heading: query-id, corpus-id, score. */
		if (number == 1 && query.len && doc.len && line.len)
			return true;
		fault(f, FAULT_INPUT, "judgement-malformed",
		      "not a judgement: query id, document id and a grade, "
		      "separated by tabs");
		return fault_at(f, path, number);
	}
	q = judgements_put(j, query);
	q->docs = memory_room(q->docs, q->count, &q->room, sizeof(*q->docs));
	q->docs[q->count++] = (struct judgement){
		.doc = arena_copy(&j->a, doc),
		.grade = grade,
	};
	q->relevant += grade > 0;
	return true;
}

static bool eval_read(const char *path, char **text, size_t *len,
                      struct fault *f)
{
	return file_read(path, LIMIT_JUDGEMENTS, text, len, f);
}

bool judgements_parse(struct judgements *j, struct slice text, const char *path,
                      struct fault *f)
{
	int64_t number = 0;
	size_t at = 0;

	while (at < text.len) {
		struct slice line = eval_line(text, &at);

		number++;
		if (line.len && !judgement_add(j, line, path, number, f))
			return false;
	}
	return true;
}

bool judgements_read(struct judgements *j, const char *path, struct fault *f)
{
	char *text;
	size_t len;
	bool done;

	if (!eval_read(path, &text, &len, f))
		return false;
	done = judgements_parse(j, (struct slice){ text, len }, path, f);
	free(text);
	return done;
}

void judgements_release(struct judgements *j)
{
	size_t i;

	for (i = 0; i < j->count; i++)
		free(j->queries[i].docs);
	free(j->queries);
	map_release(&j->numbers);
	arena_release(&j->a);
	*j = JUDGEMENTS_INIT;
}

const struct judged_query *judgements_of(const struct judgements *j,
                                         struct slice query)
{
	const struct map_entry *e = map_get(&j->numbers, query);

	return e ? &j->queries[e->number] : NULL;
}

static int64_t judged_grade(const struct judged_query *q, struct slice doc)
{
	size_t i;

	for (i = 0; i < q->count; i++)
		if (slice_eq(q->docs[i].doc, doc))
			return q->docs[i].grade > 0 ? q->docs[i].grade : 0;
	return 0;
}

static int grade_down(const void *a, const void *b)
{
	const struct judgement *x = a, *y = b;

	return (x->grade < y->grade) - (x->grade > y->grade);
}

static double gain_at(int64_t grade, size_t rank)
{
	return grade > 0 ? (double)grade / log2((double)rank + 1) : 0;
}

/* The sum of gains of the best order there is. */
static double ideal_gain(const struct judged_query *q)
{
	struct judgement *docs = memory_new(q->count, sizeof(*docs));
	double sum = 0;
	size_t i;

	for (i = 0; i < q->count; i++)
		docs[i] = q->docs[i];
	qsort(docs, q->count, sizeof(*docs), grade_down);
	for (i = 0; i < q->count && i < 10; i++)
		sum += gain_at(docs[i].grade, i + 1);
	free(docs);
	return sum;
}

void eval_ranking(const struct judged_query *q, const struct slice *docs,
                  size_t count, struct eval_scores *out)
{
	double ideal = ideal_gain(q), gain = 0, precisions = 0;
	size_t i, found = 0, found100 = 0;

	*out = (struct eval_scores){ 0 };
	for (i = 0; i < count; i++) {
		int64_t grade = judged_grade(q, docs[i]);

		if (!grade)
			continue;
		found++;
		precisions += (double)found / (double)(i + 1);
		found100 += i < 100;
		if (i >= 10)
			continue;
		gain += gain_at(grade, i + 1);
		if (out->mrr10 == 0)
			out->mrr10 = 1.0 / (double)(i + 1);
	}
	if (!q->relevant)
		return;
	out->ndcg10 = gain / ideal;
	out->map = precisions / (double)q->relevant;
	out->recall100 = (double)found100 / (double)q->relevant;
}

static bool eval_query_add(struct eval_queries *q, struct slice line,
                           struct fault *f)
{
	struct json *j = NULL;
	struct slice id, text;
	bool done = false;

	if (!json_parse(&j, line, f))
		return false;
	if (!json_text(json_get(j, "_id"), &id) &&
	    !json_text(json_get(j, "id"), &id)) {
		fault(f, FAULT_INPUT, "query-malformed", "no '_id'");
		goto out;
	}
	if (!json_text(json_get(j, "text"), &text)) {
		fault(f, FAULT_INPUT, "query-malformed", "no 'text'");
		goto out;
	}
	q->at = memory_room(q->at, q->count, &q->room, sizeof(*q->at));
	q->at[q->count++] = (struct eval_query){
		.id = arena_copy(&q->a, id),
		.text = arena_copy(&q->a, text),
	};
	done = true;
out:
	json_free(j);
	return done;
}

bool eval_queries_parse(struct eval_queries *q, struct slice text,
                        const char *path, struct fault *f)
{
	int64_t number = 0;
	size_t at = 0;

	while (at < text.len) {
		struct slice line = eval_line(text, &at);

		number++;
		if (line.len && !eval_query_add(q, line, f))
			return fault_at(f, path, number);
	}
	return true;
}

bool eval_queries_read(struct eval_queries *q, const char *path,
                       struct fault *f)
{
	char *text;
	size_t len;
	bool done;

	if (!eval_read(path, &text, &len, f))
		return false;
	done = eval_queries_parse(q, (struct slice){ text, len }, path, f);
	free(text);
	return done;
}

void eval_queries_release(struct eval_queries *q)
{
	free(q->at);
	arena_release(&q->a);
	*q = EVAL_QUERIES_INIT;
}
