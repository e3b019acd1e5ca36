/* The analyzer alone, with and without its memory. Not a test.
 *	bench_analyzer FILE.jsonl [LINE] */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "kb/analyzer.h"

enum { BATCH = 1024, WAYS = 3 };

struct way {
	const char *name;
	unsigned bits;
	struct analyzer *analyzer;
	uint64_t tokens, sum;
	clock_t time;
};

/* Over all of a token, so that the ways can be compared. */
static bool sum_token(void *self, const struct token *t)
{
	struct way *w = self;

	w->tokens++;
	w->sum = (w->sum ^ t->hash) * 0x9E3779B97F4A7C15u + t->position +
	         ((uint64_t)t->from << 40) + ((uint64_t)t->to << 20) + t->flags;
	return true;
}

static void run(struct way *ways, struct json *const *docs, size_t count,
                double *bytes)
{
	struct slice text;
	size_t i, k;

	for (k = 0; k < WAYS; k++) {
		clock_t begin = clock();

		for (i = 0; i < count; i++)
			if (json_text(json_get(docs[i], "text"), &text))
				analyzer_run(ways[k].analyzer, text, sum_token,
				             &ways[k]);
		ways[k].time += clock() - begin;
	}
	for (i = 0; i < count; i++)
		if (json_text(json_get(docs[i], "text"), &text))
			*bytes += (double)text.len;
}

static void show(const struct way *ways, double bytes)
{
	size_t i;

	for (i = 0; i < WAYS; i++)
		printf("%-10s %6.1f MB a CPU second, %llu tokens%s\n",
		       ways[i].name,
		       bytes / 1e6 /
		               ((double)ways[i].time / CLOCKS_PER_SEC + 1e-9),
		       (unsigned long long)ways[i].tokens,
		       ways[i].sum == ways[0].sum ? "" : ", which DIFFER");
}

int main(int argc, char **argv)
{
	struct way ways[WAYS] = { { .name = "none" },
		                  { .name = "2 MB", .bits = 20 },
		                  { .name = "8 MB", .bits = 22 } };
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	const char *line = argc > 2 ? argv[2] : analyzer_default;
	static struct json *docs[BATCH];
	size_t cap = 0, count = 0, i;
	char *row = NULL;
	double bytes = 0;
	struct fault f;
	ssize_t len;

	for (i = 0; i < WAYS; i++) {
		if (!file ||
		    !analyzer_new(&ways[i].analyzer, slice_of(line), &f))
			return 1;
		analyzer_remember(ways[i].analyzer, ways[i].bits);
	}
	do {
		len = getline(&row, &cap, file);
		if (len > 0 &&
		    json_parse(&docs[count], (struct slice){ row, (size_t)len },
		               &f))
			count++;
		if (len > 0 && count < BATCH)
			continue;
		run(ways, docs, count, &bytes);
		while (count)
			json_free(docs[--count]);
	} while (len > 0);
	show(ways, bytes);
	for (i = 0; i < WAYS; i++)
		analyzer_free(ways[i].analyzer);
	free(row);
	fclose(file);
	return 0;
}
