/* Near-duplicates found, beside all pairs compared. Not a test.
 *	bench_twins STORE [POSTS]
 * makes a new STORE of pages, a tenth of them copies of others with something
 * done to them and another tenth made from templates, and tells what was found
 * by what was done, and what it cost.
 *	bench_twins --files FILE...
 * lists the pairs of these texts that are alike by .6 or more; a file's name is
 * its title. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text/sketch.h"
#include "schema/intake.h"
#include "schema/twins.h"

enum { VOCABULARY = 6000, LENGTH = 250, TEMPLATES = 20 };

enum made { PAGE, COPY, FOOTER, TYPOS, EDITED, REWRITTEN, TEMPLATE, MADES };

static const char *const made_names[MADES] = {
	"pages",
	"copies as they are",
	"copies with a footer of 30 words",
	"copies with 1 % of the words changed",
	"copies with a paragraph of 20 words changed",
	"copies with a third of the words changed",
	"of a template, a tenth of it their own",
};

struct page {
	enum made made;
	size_t of; /* the page or template it was made from */
	char title[64];
	struct slice text;
	struct sketch_text compared;
};

static struct arena arena;
static uint64_t seed = 1;

static void fail(const struct fault *f)
{
	fprintf(stderr, "bench_twins: %s\n", f->text);
	exit(1);
}

static unsigned draw(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

/* Common words are common, as in texts. */
static unsigned word(void)
{
	return draw(2) ? draw(VOCABULARY) : draw(draw(VOCABULARY) + 1);
}

static struct slice said(const unsigned *words, size_t count)
{
	struct buf b = BUF_INIT(1 << 20);
	struct slice out;
	size_t i;

	for (i = 0; i < count; i++)
		buf_addf(&b, "w%u%s", words[i], i % 25 == 24 ? ".\n\n" : " ");
	out = arena_copy(&arena, buf_slice(&b));
	buf_release(&b);
	return out;
}

/* The words of page or template n, the same each time. */
static size_t words_of(size_t n, unsigned *to)
{
	uint64_t kept = seed;
	size_t i, count;

	seed = n * 1000003 + 17;
	count = LENGTH / 3 + draw(LENGTH * 2);
	for (i = 0; i < count; i++)
		to[i] = word();
	seed = kept;
	return count;
}

static void page_make(struct page *p, size_t n)
{
	unsigned words[LENGTH * 3];
	size_t count = words_of(p->made == PAGE ? n : p->of, words);
	size_t from = draw((unsigned)count - 20), i;

	snprintf(p->title, sizeof(p->title), "Title %zu",
	         p->made == TEMPLATE ? n : p->of);
	for (i = 0; i < count; i++)
		if ((p->made == TYPOS && !draw(100)) ||
		    (p->made == EDITED && i >= from && i < from + 20) ||
		    (p->made == REWRITTEN && !draw(3)) ||
		    (p->made == TEMPLATE && i >= from && i < from + count / 10))
			words[i] = word();
	for (i = 0; p->made == FOOTER && i < 30; i++)
		words[count++] = (unsigned)i * 7;
	p->text = said(words, count);
	sketch_text(slice_of(p->title), p->text, &arena, &p->compared);
}

static struct page *pages_make(size_t count)
{
	struct page *pages = memory_new(count, sizeof(*pages));
	size_t i;

	for (i = 0; i < count; i++) {
		unsigned what = draw(10);

		pages[i].of = i;
		if (what == 0 && i) {
			pages[i].made = (enum made)(COPY + draw(5));
			pages[i].of = draw((unsigned)i);
			while (pages[pages[i].of].made != PAGE)
				pages[i].of--;
		} else if (what == 1 && i) {
			pages[i].made = TEMPLATE;
			pages[i].of = count + draw(TEMPLATES);
		}
		page_make(&pages[i], i);
	}
	return pages;
}

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Imports all as `kind`; the seconds of CPU. */
static double import(struct store *s, const char *space, enum record_kind kind,
                     const struct page *pages, size_t count)
{
	struct intake_options o = { .space = slice_of(space),
		                    .channel = SLICE("import"),
		                    .source = SLICE("bench") };
	struct intake_report report;
	struct intake *in;
	double from = cpu();
	struct fault f;
	char id[24];
	size_t i;

	if (!intake_open(&in, s, &o, &f))
		fail(&f);
	for (i = 0; i < count; i++) {
		struct record r = { .kind = kind,
			            .title = slice_of(pages[i].title),
			            .content = pages[i].text,
			            .original = pages[i].text,
			            .original_type = SLICE("text/plain"),
			            .created = CLOCK_NONE,
			            .modified = CLOCK_NONE,
			            .closed = CLOCK_NONE };

		snprintf(id, sizeof(id), "%zu", i);
		r.id = slice_of(id);
		if (!intake_record(in, &r, &f))
			fail(&f);
	}
	if (!intake_finish(in, &report, &f))
		fail(&f);
	intake_close(in);
	return cpu() - from;
}

static size_t root_of(size_t *up, size_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

/* Every pair that has a shingle in common, compared: pages to clusters. */
static size_t *all_pairs(const struct page *pages, size_t count, size_t *pairs)
{
	size_t *up = memory_new(count, sizeof(*up)), i, j, *seen;
	struct map at = MAP_INIT; /* shingle -> the last page with it */
	struct {
		size_t page, before;
	} *places = NULL;
	size_t used = 1, cap = 0;

	places = memory_room(places, 0, &cap, sizeof(*places));
	seen = memory_new(count, sizeof(*seen));
	for (*pairs = i = 0; i < count; i++) {
		const struct shingles *s = &pages[i].compared.shingles;

		up[i] = i;
		for (j = 0; j < s->count; j++) {
			struct slice key = { (const char *)&s->at[j],
				             sizeof(s->at[j]) };
			struct map_entry *e = map_put(&at, key, NULL);
			size_t p;
			double alike;

			for (p = (size_t)e->word; p; p = places[p].before) {
				size_t other = places[p].page;

				if (seen[other] == i + 1)
					continue;
				seen[other] = i + 1;
				if (!sketch_twins(&pages[i].compared,
				                  &pages[other].compared,
				                  &alike))
					continue;
				++*pairs;
				up[root_of(up, i)] = root_of(up, other);
			}
			places = memory_room(places, used, &cap,
			                     sizeof(*places));
			places[used].page = i;
			places[used].before = (size_t)e->word;
			e->word = used++;
		}
	}
	map_release(&at);
	free(places);
	free(seen);
	return up;
}

static int64_t cluster(struct store *s, size_t i)
{
	struct fault f;
	int64_t out;

	if (!twins_cluster(s, (int64_t)i + 1, &out, &f))
		fail(&f);
	return out;
}

/* Of each kind: how many were found to be twins of what they came from. */
static void tell(struct store *s, const struct page *pages, size_t count,
                 size_t *up)
{
	size_t made[MADES] = { 0 }, found[MADES] = { 0 }, should[MADES] = { 0 };
	size_t missed = 0, wrong = 0, i;
	int k;

	for (i = 0; i < count; i++) {
		int64_t mine = cluster(s, i);
		size_t root = root_of(up, i);
		bool is = mine &&
		          (pages[i].made == TEMPLATE || pages[i].made == PAGE ||
		           mine == cluster(s, pages[i].of));
		bool same = pages[i].made == TEMPLATE || pages[i].made == PAGE
		                    ? false
		                    : root == root_of(up, pages[i].of);

		made[pages[i].made]++;
		found[pages[i].made] += is && pages[i].made != PAGE;
		should[pages[i].made] += same;
		/* By the roots: whoever hangs together must, no one else. */
		if (root != i)
			missed += !mine || mine != cluster(s, root);
		wrong += mine && mine != (int64_t)i + 1 &&
		         root_of(up, (size_t)mine - 1) != root;
	}
	for (k = COPY; k < MADES; k++)
		printf("%-46s %6zu, by all pairs %6zu, found %6zu\n",
		       made_names[k], made[k], should[k], found[k]);
	printf("in another cluster than by all pairs: missed %zu, wrong %zu\n",
	       missed, wrong);
}

static void generated(const char *path, size_t count)
{
	struct page *pages = pages_make(count);
	double without, with, from;
	size_t pairs, *up;
	struct store *s;
	struct fault f;

	remove(path);
	if (!store_open(&s, path, STORE_CREATE, &f))
		fail(&f);
	with = import(s, "pages", RECORD_PAGE, pages, count);
	without = import(s, "questions", RECORD_QUESTION, pages, count);
	printf("%zu posts: %.1f ms of CPU for 1000, %.1f without sketches\n",
	       count, with * 1e6 / (double)count,
	       without * 1e6 / (double)count);
	from = cpu();
	up = all_pairs(pages, count, &pairs);
	printf("all pairs: %zu twins, %.1f s of CPU\n", pairs, cpu() - from);
	tell(s, pages, count, up);
	store_close(s);
	free(up);
	free(pages);
}

static void files(char **names, int count)
{
	struct page *pages = memory_new((size_t)count, sizeof(*pages));
	int i, j, twins = 0;

	for (i = 0; i < count; i++) {
		char *text = NULL;
		size_t len = 0;
		const char *base = strrchr(names[i], '/');
		struct fault f;

		if (!file_read(names[i], 16 << 20, &text, &len, &f))
			fail(&f);
		snprintf(pages[i].title, sizeof(pages[i].title), "%s",
		         base ? base + 1 : names[i]);
		sketch_text(slice_of(pages[i].title),
		            (struct slice){ text, len }, &arena,
		            &pages[i].compared);
		free(text);
		for (j = 0; j < i; j++) {
			double alike;
			bool is = sketch_twins(&pages[i].compared,
			                       &pages[j].compared, &alike);

			twins += is;
			if (is || alike >= .6)
				printf("%.3f %s %s %s\n", alike,
				       is ? "twins" : "-", pages[j].title,
				       pages[i].title);
		}
	}
	printf("%d texts, %d pairs of twins\n", count, twins);
	free(pages);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "--files"))
		files(argv + 2, argc - 2);
	else if (argc == 2 || argc == 3)
		generated(argv[1],
		          argc > 2 ? strtoul(argv[2], NULL, 10) : 20000);
	else
		fprintf(stderr, "usage: bench_twins STORE [POSTS]\n"
		                "       bench_twins --files FILE...\n");
	arena_release(&arena);
	return argc < 2;
}
