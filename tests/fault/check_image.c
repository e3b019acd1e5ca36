/*
 * Judges many crash images in one process, which is what makes thousands of
 * them affordable: for each folder named on a line of standard input it opens
 * the store and the index as a command would, runs both checks, asks the
 * index some questions, and answers with one line of tab-separated fields:
 *
 *	store      ok, gone, or why it did not open
 *	found      what is wrong with it: how many findings, and the first
 *	index      ok, gone, or why it did not open
 *	generation its number, or 0
 *	damaged    findings of the index's check, likewise
 *	asked      ok, or why the questions were not answered
 *	answers    a hash of what they brought: rows and exact scores
 *
 *	check_image QUESTIONS NAME     NAME: of the store in each folder
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "kb/analyzer.h"
#include "kb/index.h"
#include "kb/search.h"
#include "schema/store.h"

enum { IMAGE_FILE = 1 << 20, IMAGE_LINE = 8192, IMAGE_HITS = 100 };

struct image {
	char store[IMAGE_LINE], folder[IMAGE_LINE];
	struct slice questions; /* one a line */
};

struct findings {
	int64_t count;
	char first[sizeof(struct fault)];
};

static void image_fault(char *to, size_t size, const struct fault *f)
{
	char *at;

	snprintf(to, size, "%s: %s (%s)", f->subject, f->text,
	         f->code ? f->code : "no code");
	for (at = to; *at; at++)
		if (*at == '\t' || *at == '\n')
			*at = ' ';
}

static void image_finding(void *self, const struct fault *f)
{
	struct findings *all = self;

	if (!all->count++)
		image_fault(all->first, sizeof(all->first), f);
}

static void image_say(const char *name, bool ok, const struct fault *f)
{
	char text[sizeof(struct fault)];

	if (ok) {
		printf("%s=ok", name);
	} else if (f->kind == FAULT_GONE) {
		printf("%s=gone", name);
	} else {
		image_fault(text, sizeof(text), f);
		printf("%s=%s", name, text);
	}
}

static void image_store(const struct image *image)
{
	struct findings found = { 0 };
	struct store *store = NULL;
	struct fault f = { 0 };
	int64_t rows;
	bool ok = store_open(&store, image->store, STORE_WRITE, &f);

	image_say("store", ok, &f);
	if (ok && !store_check(store, image_finding, &found, &rows, &f))
		image_finding(&found, &f);
	printf("\tfound=%" PRId64 " %s", found.count, found.first);
	store_close(store);
}

static bool image_ask(const struct index *x, struct analyzer *analyzer,
                      struct slice text, struct arena *a, struct hash *h,
                      struct fault *f)
{
	struct search_query query = { .text = text, .k = IMAGE_HITS };
	struct searcher *searcher = searcher_new();
	struct search_result result;
	size_t i;
	bool done;

	done = search(searcher, x, analyzer, &reader_all, &query, a, &result,
	              f);
	searcher_free(searcher);
	if (!done)
		return false;
	for (i = 0; i < result.count; i++) {
		const struct hit *hit = result.hits + i;

		hash_part(h, (struct slice){ (const char *)&hit->entry.post,
		                             sizeof(hit->entry.post) });
		hash_part(h, (struct slice){ (const char *)&hit->entry.part,
		                             sizeof(hit->entry.part) });
		hash_part(h, (struct slice){ (const char *)&hit->score,
		                             sizeof(hit->score) });
	}
	return true;
}

static bool image_answers(const struct index *x, struct slice questions,
                          uint64_t *out, struct fault *f)
{
	struct analyzer *analyzer = NULL;
	struct arena a = ARENA_INIT;
	struct hash h;
	bool ok;

	hash_init(&h);
	ok = analyzer_new(&analyzer, index_facts(x)->analyzer, f);
	while (ok && questions.len) {
		size_t end = slice_find(questions, '\n');
		struct slice text = slice_cut(questions, 0, end);

		ok = !text.len || image_ask(x, analyzer, text, &a, &h, f);
		questions = slice_cut(questions, end + 1, questions.len);
		arena_reset(&a);
	}
	*out = hash_end(&h);
	arena_release(&a);
	analyzer_free(analyzer);
	return ok;
}

static void image_index(const struct image *image)
{
	struct findings found = { 0 };
	struct index *x = NULL;
	struct fault f = { 0 };
	uint64_t answers = 0;
	bool ok = index_open(&x, image->folder, &f);

	printf("\t");
	image_say("index", ok, &f);
	printf("\tgeneration=%" PRIu64, ok ? index_facts(x)->generation : 0);
	if ((ok || f.kind != FAULT_GONE) &&
	    !index_check(image->folder, image_finding, &found, &f))
		image_finding(&found, &f);
	printf("\tdamaged=%" PRId64 " %s\t", found.count, found.first);
	image_say("asked",
	          !ok || image_answers(x, image->questions, &answers, &f), &f);
	printf("\tanswers=%016" PRIx64 "\n", answers);
	index_close(x);
}

int main(int argc, char **argv)
{
	struct image image = { 0 };
	char line[IMAGE_LINE / 2];
	struct fault f = { 0 };
	char *text = NULL;
	size_t len;

	if (argc != 3) {
		fprintf(stderr, "usage: check_image QUESTIONS NAME\n");
		return 2;
	}
	if (!file_read(argv[1], IMAGE_FILE, &text, &len, &f)) {
		fprintf(stderr, "%s\n", f.text);
		return 1;
	}
	image.questions = (struct slice){ text, len };
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		snprintf(image.store, sizeof(image.store), "%s/%s", line,
		         argv[2]);
		snprintf(image.folder, sizeof(image.folder), "%s/%s.index",
		         line, argv[2]);
		image_store(&image);
		image_index(&image);
		fflush(stdout);
	}
	free(text);
	return 0;
}
