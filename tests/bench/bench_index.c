/* A rebuild of an index: what it costs, by the text that it reads. Not a test.
 *	bench_index STORE FOLDER [MEGABYTES [THREADS]] */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "kb/index.h"
#include "schema/posts.h"

/* Of what becomes passages. */
static bool add_text(void *self, const struct post_row *p, struct fault *f)
{
	double *bytes = self;
	size_t i;

	(void)f;
	*bytes += (double)(p->title.len + p->content.len);
	for (i = 0; i < p->answer_count; i++)
		*bytes += (double)p->answers[i].content.len;
	return true;
}

static double seconds(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	struct index_options o = {
		.rebuild = true,
		.memory = argc > 3 ? strtoull(argv[3], NULL, 10) << 20 : 0,
		.threads = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 0,
	};
	struct arena a = ARENA_INIT;
	struct store *store = NULL;
	struct index_report report;
	struct rusage peak;
	double bytes = 0, begin;
	struct fault f;

	if (argc < 3) {
		fprintf(stderr, "STORE FOLDER [MEGABYTES [THREADS]]\n");
		return 1;
	}
	if (!store_open(&store, argv[1], 0, &f) ||
	    !posts_each(store, &reader_all, NULL, &a, add_text, &bytes, &f)) {
		fprintf(stderr, "%s\n", f.text);
		return 1;
	}
	arena_release(&a);
	begin = seconds();
	if (!index_update(argv[2], store, &o, &report, &f)) {
		fprintf(stderr, "%s\n", f.text);
		return 1;
	}
	begin = seconds() - begin;
	getrusage(RUSAGE_SELF, &peak);
	printf("%.1f MB of text, %lld passages, %lld merges\n", bytes / 1e6,
	       (long long)report.passages, (long long)report.merges);
	printf("%.2f s of CPU, %.1f MB a CPU second, peak memory %.1f MB\n",
	       begin, bytes / 1e6 / begin, (double)peak.ru_maxrss / 1024);
	store_close(store);
	return 0;
}
