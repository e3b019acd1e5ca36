/* An import of a dump without the rest of the program: its report and what it
 * cost. Not a test.
 *	bench_import STORE PATH [SITE [THREADS]] */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "app/import_summary.h"
#include "base/pool.h"
#include "crawler/dump.h"

int main(int argc, char **argv)
{
	struct dump_options o = {
		.path = argc > 2 ? argv[2] : "",
		.site = slice_of(argc > 3 ? argv[3] : ""),
		.threads = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10)
		                    : pool_cores(),
		.progress = PROGRESS_QUIET,
	};
	struct store *store = NULL;
	struct import_summary s;
	struct dump_report report;
	struct rusage own, worker;
	struct fault f;

	import_summary_start(&s, "stackexchange");
	if (argc < 3 || !store_open(&store, argv[1], STORE_CREATE, &f) ||
	    !dump_import(store, &o, &report, &f)) {
		fprintf(stderr, "%s: %s\n", argc < 3 ? "usage" : f.subject,
		        argc < 3 ? "STORE PATH [SITE [THREADS]]" : f.text);
		return 1;
	}
	store_close(store);
	import_summary_dump(&s, &report);
	import_summary_text(&s, stdout);
	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &worker);
	printf("  peak memory %.1f MB, largest worker %.1f MB\n",
	       (double)own.ru_maxrss / 1024, (double)worker.ru_maxrss / 1024);
	printf("  CPU: %.2f s user, %.2f s system; workers %.2f s\n",
	       (double)own.ru_utime.tv_sec + (double)own.ru_utime.tv_usec / 1e6,
	       (double)own.ru_stime.tv_sec + (double)own.ru_stime.tv_usec / 1e6,
	       (double)worker.ru_utime.tv_sec +
	               (double)worker.ru_utime.tv_usec / 1e6 +
	               (double)worker.ru_stime.tv_sec +
	               (double)worker.ru_stime.tv_usec / 1e6);
	return 0;
}
