/*
 * bench_extract FILE...: CPU time that finding the content of pages takes, by
 * step: blocks, features and trees, then all of it with rules and copying.
 * Parsing happens in a worker process; its time is the children's.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text/markup.h"
#include "crawler/content.h"
#include "crawler/extract/choice.h"

enum step { STEP_BLOCKS, STEP_FEATURES, STEP_TREES, STEP_ALL, STEPS };

static double spent[STEPS];
static size_t pages, bytes, blocks_met;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void read_page(const struct markup *m, struct arena *a)
{
	struct features f;
	struct blocks b;
	struct choice c;
	struct content found;
	double at[STEPS + 1];
	size_t i;

	at[0] = now();
	blocks_read(&b, m, a);
	at[1] = now();
	features_read(&f, &b, m, SLICE(""), a);
	at[2] = now();
	choice_make(&c, &f, a);
	at[3] = now();
	content_find(&found, m, SLICE(""), NULL, a);
	at[4] = now();
	for (i = 0; i < STEPS; i++)
		spent[i] += at[i + 1] - at[i];
	blocks_met += b.block_count;
}

static void read_file(struct markup_parser *p, const char *path,
                      struct arena *a)
{
	struct slice html;
	struct markup m;
	struct fault f;
	char *text;

	if (!file_read(path, LIMIT_BODY, &text, &html.len, &f)) {
		fprintf(stderr, "%s\n", f.text);
		return;
	}
	html.at = text;
	if (markup_parse(p, html, a, &m, &f)) {
		read_page(&m, a);
		pages++;
		bytes += html.len;
	}
	free(text);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "blocks", "features", "trees",
		                             "content_find" };
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct rusage children;
	int i;

	for (i = 1; i < argc; i++) {
		read_file(p, argv[i], &a);
		arena_reset(&a);
	}
	markup_parser_free(p);
	arena_release(&a);
	if (!pages)
		return 1;
	getrusage(RUSAGE_CHILDREN, &children);
	printf("%zu pages of %zu bytes, %zu blocks\n", pages, bytes / pages,
	       blocks_met / pages);
	for (i = 0; i < STEPS; i++)
		printf("%-13s %7.3f ms a page\n", names[i],
		       spent[i] * 1e3 / (double)pages);
	printf("%-13s %7.3f ms a page, in the worker\n", "parsing",
	       ((double)children.ru_utime.tv_sec * 1e3 +
	        (double)children.ru_utime.tv_usec * 1e-3 +
	        (double)children.ru_stime.tv_sec * 1e3 +
	        (double)children.ru_stime.tv_usec * 1e-3) /
	               (double)pages);
	return 0;
}
