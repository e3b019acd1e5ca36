/* The frontier of a large crawl: adding, knowing, taking. Not a test.
 *	bench_frontier STORE [ADDRESSES [VISITS]] */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/memory.h"
#include "schema/frontier.h"

enum { LINKS = 24, HOUR = 3600000 };

static struct frontier *fr;
static struct intake *in;
static struct fault why;
static uint64_t state = 1;

static void must(bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", why.text);
	exit(1);
}

static uint64_t chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static double cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Address number `n` of a wiki: 65 to 77 bytes. */
static struct slice address(uint64_t n)
{
	static const char *const words[] = { "Operations", "Network",
		                             "Storage",    "Kernel",
		                             "Database",   "Deployment",
		                             "Monitoring", "Security" };
	static char text[128];
	int len = snprintf(text, sizeof(text),
	                   "https://wiki.example.org/wiki/%s_%s/%s_"
	                   "guide_%08llx",
	                   words[n % 8], words[n / 8 % 8], words[n / 64 % 8],
	                   (unsigned long long)(n * 2654435761u % (1u << 31)));

	return (struct slice){ text, (size_t)len };
}

static void add(uint64_t n)
{
	struct frontier_entry e = { .url = address(n), .depth = 3 };
	bool added;

	must(frontier_add(fr, &e, false, &added, &why));
}

/* Pages of new links alone, the cost of their addresses taken off. */
static void add_new(uint64_t count)
{
	int64_t from = clock_monotonic();
	double used, plain;
	uint64_t n;

	used = cpu();
	for (n = 0; n < count; n++)
		(void)address(n);
	plain = cpu() - used;
	used = cpu();
	for (n = 0; n < count; n++) {
		if (n % LINKS == 0) {
			must(intake_let_go(in, &why));
			intake_hold(in);
		}
		add(n);
		if (n % (count / 10) == count / 10 - 1)
			printf("  %llu: %.1f s\n", (unsigned long long)n + 1,
			       (double)(clock_monotonic() - from) / 1e3);
	}
	must(intake_let_go(in, &why));
	must(intake_commit(in, &why));
	printf("add, new: %.2f us of CPU, %.2f us of time\n",
	       (cpu() - used - plain) * 1e6 / (double)count,
	       (double)(clock_monotonic() - from) * 1e3 / (double)count);
}

static void add_known(const char *what, uint64_t count, uint64_t among)
{
	double used, plain;
	uint64_t n;

	used = cpu();
	for (n = 0; n < count; n++)
		(void)address(chance() % among);
	plain = cpu() - used;
	used = cpu();
	for (n = 0; n < count; n++)
		add(chance() % among);
	printf("add, known, %s: %.2f us of CPU\n", what,
	       (cpu() - used - plain) * 1e6 / (double)count);
}

static int longer(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void visit(size_t count)
{
	int64_t *took = memory_new(count, sizeof(*took)), at, done = 0;
	struct arena a = ARENA_INIT;
	struct frontier_entry e;
	size_t i;
	bool found;

	for (i = 0; i < count; i++) {
		arena_reset(&a);
		at = clock_nanoseconds();
		must(frontier_take(fr, HOUR, &a, &e, &found, &why) && found);
		took[i] = clock_nanoseconds() - at;
		e.native = e.url;
		e.etag = SLICE("\"5f3a-1c2b3d4e5f\"");
		e.digest = 7;
		at = clock_nanoseconds();
		must(frontier_done(fr, &e, HOUR, FRONTIER_CHANGED, &why));
		done += clock_nanoseconds() - at;
	}
	must(intake_commit(in, &why));
	qsort(took, count, sizeof(*took), longer);
	printf("take: p50 %.1f us, p99 %.1f us, most %.1f us\n",
	       (double)took[count / 2] / 1e3,
	       (double)took[count * 99 / 100] / 1e3,
	       (double)took[count - 1] / 1e3);
	printf("done: %.1f us on average, commits included\n",
	       (double)done / 1e3 / (double)count);
	arena_release(&a);
	free(took);
}

int main(int argc, char **argv)
{
	struct frontier_options o = { .name = SLICE("bench"),
		                      .kind = SLICE("site"),
		                      .space = SLICE("wiki.example.org"),
		                      .first = 24 * HOUR,
		                      .least = HOUR,
		                      .most = 24 * 30 * (int64_t)HOUR,
		                      .apart = 24 * HOUR };
	struct intake_options to = { .space = o.space,
		                     .channel = SLICE("crawl"),
		                     .source = SLICE("bench"),
		                     .dated = true };
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 10000000;
	size_t visits = argc > 3 ? strtoul(argv[3], NULL, 10) : 100000;
	struct frontier_count known;
	struct store *store = NULL;
	struct rusage own;
	struct stat st;
	int64_t started;
	bool fresh;

	if (argc < 2) {
		fprintf(stderr, "usage: STORE [ADDRESSES [VISITS]]\n");
		return 1;
	}
	must(store_open(&store, argv[1], STORE_CREATE, &why) &&
	     frontier_open(&fr, store, &o, &why) &&
	     intake_open(&in, store, &to, &why));
	frontier_join(fr, in);
	must(frontier_begin(fr, HOUR, false, &fresh, &started, &why));
	if (fresh) {
		add_new(count);
		must(frontier_seeded(fr, &why) && intake_commit(in, &why));
		must(!stat(argv[1], &st));
		printf("%.1f bytes an address on the disk\n",
		       (double)st.st_size / (double)count);
	}
	add_known("of all", count / 10, count);
	add_known("of a few", count / 10, 1000);
	visit(visits);
	must(frontier_count(fr, &known, &why));
	printf("%lld known, %lld due, %lld visited\n", (long long)known.pages,
	       (long long)known.due, (long long)known.visited);
	getrusage(RUSAGE_SELF, &own);
	printf("peak memory %.1f MB\n", (double)own.ru_maxrss / 1024);
	frontier_close(fr);
	intake_close(in);
	store_close(store);
	return 0;
}
