/*
 * Large indexes of recombined text, to see how cost grows. Not a test.
 *
 *	bench_growth TOKENS FOLDER COUNT random|clustered|shuffled
 *
 * TOKENS has a passage a line, words parted by blanks. A made passage is the
 * first half of one line and the second half of another, a tenth of their
 * words left out. `random` takes any two lines. `clustered` takes two near
 * each other, out of one of 650 stretches of the file, and passages of one
 * stretch follow one another, in a space of their own; `shuffled` has the same
 * passages, in random order. A passage is a function of its number alone.
 * The index goes the way of every rebuild: runs of bounded memory, one merge.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "kb/index_writer.h"
#include "kb/tally.h"

enum {
	BATCH = 1000,        /* passages of one tally */
	SOURCES = 650,       /* stretches of the file */
	BUDGET = 160 << 20,  /* bytes of postings in memory */
	DROPPED = 10,        /* one word in so many is left out */
	ROUNDS_OF_SWAPS = 4, /* of the permutation */
};

enum order { ORDER_RANDOM, ORDER_CLUSTERED, ORDER_SHUFFLED };

struct growth {
	struct file_map file;
	uint64_t *lines; /* where each begins, and the end */
	uint64_t line_count, count;
	enum order order;
	struct tally tally;
	struct arena a;
	struct index_writer writer;
	struct index_report report;
};

static uint64_t mix(uint64_t n)
{
	n += 0x9e3779b97f4a7c15;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

/* A number of [0, count) for each of [0, count), no two the same: a Feistel
 * network over the next even power of two, walked until it is in range. */
static uint64_t shuffled(uint64_t n, uint64_t count)
{
	unsigned half = 1, i;

	while ((uint64_t)1 << 2 * half < count)
		half++;
	do {
		uint64_t mask = ((uint64_t)1 << half) - 1;
		uint64_t left = n >> half, right = n & mask;

		for (i = 0; i < ROUNDS_OF_SWAPS; i++) {
			uint64_t next = left ^ (mix(right * 64 + i) & mask);

			left = right;
			right = next;
		}
		n = left << half | right;
	} while (n >= count);
	return n;
}

static struct slice growth_line(const struct growth *g, uint64_t n)
{
	const char *at = (const char *)g->file.at;

	return (struct slice){ at + g->lines[n],
		               (size_t)(g->lines[n + 1] - g->lines[n]) };
}

/* Terms of one half of a line. */
static void growth_half(struct growth *g, struct slice line, bool second,
                        uint64_t *dice)
{
	size_t middle = line.len / 2;

	while (middle < line.len && line.at[middle] > ' ')
		middle++;
	line = second ? slice_cut(line, middle, line.len)
	              : slice_cut(line, 0, middle);
	while (line.len) {
		struct slice word;
		size_t len = 0;

		while (len < line.len && line.at[len] > ' ')
			len++;
		word = slice_cut(line, 0, len);
		line = slice_cut(line, len + 1, line.len);
		*dice = mix(*dice);
		if (len && *dice % DROPPED)
			tally_term(&g->tally, FIELD_BODY, word, false);
	}
}

static uint64_t below(uint64_t *dice, uint64_t n)
{
	*dice = mix(*dice);
	return n ? *dice % n : 0;
}

/* The passage of a number; `place` is where it stands. */
static void growth_passage(struct growth *g, uint64_t number, uint64_t place)
{
	uint64_t dice = mix(number), from = 0, lines = g->line_count, source;
	struct passage *p = arena_new(&g->a, sizeof(*p));
	struct post_row *row = arena_new(&g->a, sizeof(*row));
	char name[32] = "bench";

	if (g->order != ORDER_RANDOM) {
		source = number * SOURCES / g->count;
		from = lines * source / SOURCES;
		lines = lines * (source + 1) / SOURCES - from;
		snprintf(name, sizeof(name), "source%d", (int)source);
	}
	*row = (struct post_row){ .id = (int64_t)place + 1,
		                  .access = SLICE("public"),
		                  .space = arena_copy(&g->a, slice_of(name)),
		                  .kind = SLICE("document") };
	*p = (struct passage){ .post = row->id,
		               .kind = PASSAGE_SECTION,
		               .changed = row->id,
		               .modified = CLOCK_NONE };
	tally_passage(&g->tally, row, p);
	growth_half(g, growth_line(g, from + below(&dice, lines)), false,
	            &dice);
	growth_half(g, growth_line(g, from + below(&dice, lines)), true, &dice);
}

static bool growth_batch(struct growth *g, uint64_t from, struct fault *f)
{
	uint64_t i;
	bool done;

	for (i = from; i < from + BATCH && i < g->count; i++)
		growth_passage(
		        g,
		        g->order == ORDER_SHUFFLED ? shuffled(i, g->count) : i,
		        i);
	tally_sort(&g->tally);
	done = index_writer_add(&g->writer, &g->tally, f);
	tally_reset(&g->tally);
	arena_reset(&g->a);
	return done;
}

static bool growth_publish(struct growth *g, struct manifest *m,
                           struct fault *f)
{
	uint64_t sums[FIELD_COUNT], live = index_writer_live(&g->writer, sums);
	int i;

	m->measured = live;
	for (i = 0; i < FIELD_COUNT; i++)
		m->facts.weights.average[i] = (double)sums[i] / (double)live;
	return index_writer_publish(&g->writer, m, &g->a, f);
}

static bool growth_make(struct growth *g, const char *folder, struct fault *f)
{
	struct manifest m = { .facts = {
		                      .store_uuid = SLICE("growth"),
		                      .analyzer = SLICE("plain"),
		                      .analyzer_version = ANALYZER_VERSION,
		                      .passage_version = PASSAGE_VERSION,
		                      .weights = index_weights_default,
		              } };
	struct index_writer *w = &g->writer;
	bool done = folder_make(folder, f);
	uint64_t i, top;

	index_writer_start(w, folder, NULL, &m.facts.weights, &g->report);
	w->generation = w->next_segment = 1;
	w->budget = BUDGET;
	for (i = 0; done && i < g->count; i += BATCH)
		done = growth_batch(g, i, f);
	done = done && index_writer_flush(w, f) &&
	       index_writer_merge(w, true, f) && growth_publish(g, &m, f) &&
	       manifest_sweep(folder, &m, 1, &top, f);
	index_writer_release(w);
	return done;
}

static void growth_lines(struct growth *g)
{
	size_t room = 0, i, start = 0;

	for (i = 0; i < g->file.len; i++) {
		if (g->file.at[i] != '\n')
			continue;
		g->lines = memory_room(g->lines, g->line_count + 1, &room,
		                       sizeof(*g->lines));
		g->lines[g->line_count++] = start;
		start = i + 1;
	}
	if (g->line_count)
		g->lines[g->line_count] = start;
}

static bool growth_order(const char *name, enum order *out)
{
	static const char *const names[] = { "random", "clustered",
		                             "shuffled" };
	int i;

	for (i = 0; i < 3; i++)
		if (!strcmp(name, names[i])) {
			*out = (enum order)i;
			return true;
		}
	return false;
}

static void growth_say(const struct growth *g, int64_t start)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	printf("%llu passages, %.1f MB, %lld merges; %.1f s, %lld s of CPU, "
	       "peak %ld MB (the text mapped)\n",
	       (unsigned long long)g->count, (double)g->report.bytes / 1e6,
	       (long long)g->report.merges,
	       (double)(clock_nanoseconds() - start) / 1e9,
	       (long long)(used.ru_utime.tv_sec + used.ru_stime.tv_sec),
	       used.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
	struct growth g = { .a = ARENA_INIT };
	int64_t start = clock_nanoseconds();
	struct fault f;
	bool done;

	if (argc != 5 || !growth_order(argv[4], &g.order)) {
		fputs("bench_growth TOKENS FOLDER COUNT "
		      "random|clustered|shuffled\n",
		      stderr);
		return 2;
	}
	g.count = strtoull(argv[3], NULL, 10);
	memory_huge();
	done = file_map_open(&g.file, argv[1], &f);
	if (done)
		growth_lines(&g);
	done = done && g.line_count >= SOURCES && g.count &&
	       growth_make(&g, argv[2], &f);
	if (done)
		growth_say(&g, start);
	else
		fprintf(stderr, "bench_growth: %s\n",
		        g.line_count < SOURCES ? "too few lines" : f.text);
	tally_release(&g.tally);
	arena_release(&g.a);
	free(g.lines);
	file_map_close(&g.file);
	return !done;
}
