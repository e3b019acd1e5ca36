/* How long a filter takes to become a bitmap, by kind and by the share of
 * passages that it lets pass:
 *
 *	bench_filter [PASSAGES]
 *
 * Passages are made here; microseconds of CPU are of one filter on all of
 * them, the median of many rounds. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "kb/filter.h"
#include "kb/index_file.h"
#include "tests/unit/made_index.h"

enum { ROUNDS = 201 };

static const double shares[] = { 1, 0.5, 0.1, 0.04, 0.02, 0.01, 0.001, 0.0001 };
enum { SHARES = sizeof(shares) / sizeof(*shares) };

static uint64_t mix(uint64_t n)
{
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

/* A number in [0, 1) for each passage and purpose. */
static double chance(uint64_t passage, uint64_t purpose)
{
	return (double)(mix(passage * 31 + purpose + 1) >> 11) / (1LL << 53);
}

/* Passage n has the tag "t" + i with the chance shares[i], votes from 0 to
 * 999 and a day of 20 years, each as likely as the others. */
static void fill(struct made *x, uint32_t passages)
{
	static const char *const languages[] = { "en", "en", "zh", "zh-TW" };
	char tags[8 * SHARES], space[32];
	uint32_t n;
	int i;

	made_segment(x, "public");
	for (n = 0; n < passages; n++) {
		size_t at = 0;

		tags[0] = 0;
		for (i = 0; i < SHARES; i++)
			if (chance(n, (uint64_t)i) < shares[i])
				at += (size_t)snprintf(
				        tags + at, sizeof(tags) - at, "%st%d",
				        at ? " " : "", i);
		snprintf(space, sizeof(space), "site%u.example",
		         n / (passages / 8 + 1));
		made_add(x,
		         &(struct made_passage){
		                 .post = n,
		                 .kind = chance(n, 21) < 0.3 ? PASSAGE_ACCEPTED
		                                             : PASSAGE_ANSWER,
		                 .tags = tags,
		                 .space = space,
		                 .post_kind = "question",
		                 .language = languages[mix(n) % 4],
		                 .score = (int64_t)(1000 * chance(n, 22)),
		                 .modified =
		                         (int64_t)(86400000.0 * 365 *
		                                   (30 + 20 * chance(n, 23))),
		         });
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(const struct index *x, const struct search_filter *filters,
                    size_t count)
{
	const struct segment *s = index_segment(x, 0);
	size_t words = ((size_t)segment_count(s) + 63) / 64;
	uint64_t *allowed = memory_new(words, sizeof(*allowed));
	struct arena a = ARENA_INIT;
	const struct filter_set *set;
	double times[ROUNDS], from;
	struct fault f;
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		arena_reset(&a);
		from = now();
		if (!filter_read(filters, count, &a, &set, &f) ||
		    !filter_segment(set, s, allowed, &f)) {
			fprintf(stderr, "%s\n", f.text);
			exit(1);
		}
		times[i] = now() - from;
	}
	qsort(times, ROUNDS, sizeof(*times), by_time);
	for (i = 0; i < count; i++)
		printf("%s%.*s=%.*s", i ? " " : "", SLICE_ARG(filters[i].key),
		       SLICE_ARG(filters[i].value));
	printf("\t%.6f\t%.1f\n",
	       filter_count(allowed, segment_count(s)) /
	               (double)segment_count(s),
	       times[ROUNDS / 2]);
	free(allowed);
	arena_release(&a);
}

static void measure_one(const struct index *x, const char *key,
                        const char *value)
{
	measure(x, &(struct search_filter){ slice_of(key), slice_of(value) },
	        1);
}

static void measure_shares(const struct index *x)
{
	char value[64];
	int i;

	for (i = 0; i < SHARES; i++) {
		snprintf(value, sizeof(value), "t%d", i);
		measure_one(x, "tag", value);
	}
	for (i = 0; i < SHARES; i++) {
		snprintf(value, sizeof(value), "%.0f..",
		         1000 - 1000 * shares[i]);
		measure_one(x, "score", value);
	}
	measure_one(x, "date", "2000-01-01..");
	measure_one(x, "date", "2010-01-01..");
	measure_one(x, "date", "2018-01-01..2019-12-31");
	measure_one(x, "date", "2019-03-04..2019-03-04");
}

int main(int argc, char **argv)
{
	uint32_t passages =
	        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 332768;
	const struct search_filter both[] = {
		{ { "tag", 3 }, { "t1", 2 } },
		{ { "date", 4 }, { "2005-01-01..", 12 } },
		{ { "accepted", 8 }, { "no", 2 } }
	};
	const struct index *x;
	struct made *made;

	made_open(&made, "plain");
	fill(made, passages);
	x = made_index(made);
	printf("filter\tshare\tmicroseconds\n");
	measure_shares(x);
	measure_one(x, "space", "site3.example");
	measure_one(x, "kind", "question");
	measure_one(x, "lang", "zh");
	measure_one(x, "accepted", "yes");
	measure_one(x, "accepted", "no");
	measure(x, both, 2);
	measure(x, both, 3);
	made_close(made);
	return 0;
}
