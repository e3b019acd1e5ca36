/* Bare reading of a dump's files: rows, and MB a CPU second. Not a test.
 *	bench_rows FILE... */

#include <stdio.h>
#include <time.h>

#include "crawler/dump_row.h"

static char chunk[64 << 10];

int main(int argc, char **argv)
{
	long long bytes = 0, rows = 0, broken = 0;
	int i;

	for (i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		struct dump_scan *d = dump_scan_new(argv[i]);
		enum dump_step step = DUMP_MORE;
		struct arena a = ARENA_INIT;
		struct dump_row row;
		struct fault f = { 0 };

		while (file && step != DUMP_END) {
			size_t n = fread(chunk, 1, sizeof(chunk), file);

			bytes += (long long)n;
			if (n)
				dump_feed(d, (struct slice){ chunk, n });
			else
				dump_close(d);
			while ((step = dump_next(d, &row, &f)) == DUMP_ROW ||
			       step == DUMP_BROKEN) {
				rows += step == DUMP_ROW;
				broken += step == DUMP_BROKEN;
				if (step == DUMP_ROW)
					dump_text(&row, "Body", &a);
				arena_reset(&a);
			}
		}
		arena_release(&a);
		dump_scan_free(d);
		if (file)
			fclose(file);
	}
	printf("%lld rows, %lld broken, %.1f MB, %.0f MB a CPU second\n", rows,
	       broken, (double)bytes / 1e6,
	       (double)bytes / 1e6 / ((double)clock() / CLOCKS_PER_SEC + 1e-9));
	return 0;
}
