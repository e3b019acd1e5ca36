/* Searching while rows are written. Not a test.
 *	bench_update OPSLORE STORE QUERIES [SECONDS [ROWS_PER_SECOND]]
 * A process changes, adds and forgets rows in small transactions; OPSLORE
 * follows with `index --follow`; this one searches the newest generation
 * there is, and a thread of it watches for each commit to come into sight. */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "kb/index.h"
#include "kb/search.h"
#include "schema/intake.h"
#include "schema/posts.h"

enum { ROWS_MOST = 1 << 20, BATCHES = 25, LINES_MOST = 4096 };

/* What the writer tells: the counter after each commit, and when that was. */
struct told {
	_Atomic bool write, stop;
	_Atomic size_t count;
	_Atomic int64_t rows;
	struct {
		int64_t changed, at;
	} commits[ROWS_MOST / 4];
};

static struct told *told;
static const char *store_file;
static char folder[4096];

static void fail(const struct fault *f)
{
	fprintf(stderr, "bench_update: %s\n", f->text);
	exit(1);
}

/* Memory that the writer's process shares, of a file without a name. */
static void *shared(size_t size)
{
	FILE *file = tmpfile();
	void *at = MAP_FAILED;

	if (file && !ftruncate(fileno(file), (off_t)size))
		at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		          fileno(file), 0);
	if (at == MAP_FAILED) {
		perror("bench_update");
		exit(1);
	}
	return at;
}

static void nap(int64_t nanoseconds)
{
	struct timespec t = { .tv_sec = nanoseconds / 1000000000,
		              .tv_nsec = nanoseconds % 1000000000 };

	nanosleep(&t, NULL);
}

static uint64_t rolled(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void put_row(struct intake *in, uint64_t id, uint64_t *state,
                    int64_t revision)
{
	static const char *const words[] = { "pod",    "kernel",     "timeout",
		                             "disk",   "nginx",      "replica",
		                             "socket", "certificate" };
	struct buf text = BUF_INIT(1 << 20);
	char name[32], title[64];
	struct record r = { .kind = RECORD_DOCUMENT,
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE,
		            .original = SLICE(""),
		            .revision = revision };
	struct fault f;
	int i;

	for (i = 0; i < 150; i++)
		buf_addf(&text, "%s%llu ", words[rolled(state) % 8],
		         (unsigned long long)(rolled(state) % 200));
	snprintf(name, sizeof(name), "%llu", (unsigned long long)id);
	snprintf(title, sizeof(title), "row %s", name);
	r.id = slice_of(name);
	r.title = slice_of(title);
	r.content = buf_slice(&text);
	if (!intake_record(in, &r, &f))
		fail(&f);
	buf_release(&text);
}

/* A commit is done. */
static void tell(struct store *s)
{
	size_t n = atomic_load(&told->count);
	int64_t counted;
	struct fault f;

	told->commits[n].at = clock_nanoseconds();
	if (!store_counters(s, &told->commits[n].changed, &counted, &f))
		fail(&f);
	atomic_store(&told->count, n + 1);
}

/* One transaction: mostly changes, some new rows; then at times one is
 * forgotten, in a transaction of its own. */
static void write_rows(struct store *s, int rows, uint64_t *state,
                       uint64_t *next)
{
	static int64_t last;
	int64_t now = clock_now() > last ? clock_now() : last + 1;
	struct intake_options o = { .space = SLICE("bench"),
		                    .channel = SLICE("import") };
	struct intake_report report;
	struct intake *in;
	char name[64];
	struct fault f;
	int i;

	last = now;
	snprintf(name, sizeof(name), "bench %lld", (long long)now);
	o.source = slice_of(name);
	if (!intake_open(&in, s, &o, &f))
		fail(&f);
	for (i = 0; i < rows; i++)
		put_row(in,
		        rolled(state) % 5 ? rolled(state) % *next : (*next)++,
		        state, now);
	if (!intake_finish(in, &report, &f))
		fail(&f);
	intake_close(in);
	tell(s);
	snprintf(name, sizeof(name), "bench/%llu",
	         (unsigned long long)(rolled(state) % *next));
	if (store_forget(s, slice_of(name), now, &f))
		tell(s);
	else if (f.kind != FAULT_GONE)
		fail(&f);
}

static void writer(int rows_a_second)
{
	uint64_t state = (uint64_t)clock_nanoseconds() | 1, next = 332768;
	int64_t start;
	struct store *s;
	struct fault f;
	int64_t batch;

	if (!store_open(&s, store_file, STORE_WRITE, &f))
		fail(&f);
	while (!atomic_load(&told->write))
		nap(1000000);
	start = clock_nanoseconds();
	for (batch = 1; !atomic_load(&told->stop); batch++) {
		int64_t due = start + batch * 1000000000 / BATCHES;

		write_rows(s, rows_a_second / BATCHES, &state, &next);
		atomic_fetch_add(&told->rows, rows_a_second / BATCHES);
		if (due > clock_nanoseconds())
			nap(due - clock_nanoseconds());
	}
	store_close(s);
	_exit(0);
}

struct watch {
	double *seen; /* milliseconds of each commit */
	size_t count, generations, most;
};

static void *watch(void *self)
{
	struct watch *w = self;
	struct index *x, *y = NULL;
	int64_t at = 0;
	struct fault f;

	if (!index_open(&x, folder, &f))
		fail(&f);
	while (w->count < atomic_load(&told->count) ||
	       !atomic_load(&told->stop)) {
		nap(500000);
		if (index_moved(x, folder, clock_now()) &&
		    !index_reopen(&y, x, folder, &f))
			fail(&f);
		if (y) {
			index_close(x);
			x = y;
			y = NULL;
			at = clock_nanoseconds();
			w->generations++;
		}
		if (index_segment_count(x) > w->most)
			w->most = index_segment_count(x);
		/* A generation may be seen before its commit is told. */
		for (;
		     w->count < atomic_load(&told->count) &&
		     told->commits[w->count].changed <= index_facts(x)->changed;
		     w->count++)
			w->seen[w->count] =
			        (double)(at - told->commits[w->count].at) / 1e6;
	}
	index_close(x);
	return NULL;
}

static struct slice lines[LINES_MOST];
static size_t line_count;

static void read_queries(const char *path)
{
	struct slice rest, line;
	struct fault f;
	char *bytes;
	size_t len;

	if (!file_read(path, 64 << 20, &bytes, &len, &f))
		fail(&f);
	for (rest = (struct slice){ bytes, len };
	     rest.len && line_count < LINES_MOST;) {
		size_t end = slice_find(rest, '\n');

		line = slice_trim(slice_cut(rest, 0, end));
		rest = slice_cut(rest, end + 1, rest.len);
		if (line.len)
			lines[line_count++] = line;
	}
}

struct times {
	double *at;
	size_t count, cap;
};

static int time_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double percentile(struct times *t, double of)
{
	if (!t->count)
		return 0;
	qsort(t->at, t->count, sizeof(*t->at), time_order);
	return t->at[(size_t)(of * (double)(t->count - 1))];
}

static void search_once(struct searcher *s, const struct index *x,
                        struct analyzer *a, size_t n, struct arena *arena)
{
	struct search_query q = { .text = lines[n % line_count], .k = 10 };
	struct search_result r;
	struct fault f;

	if (!search(s, x, a, &reader_all, &q, arena, &r, &f) &&
	    f.kind != FAULT_USAGE)
		fail(&f);
	arena_reset(arena);
}

/* What this thread has had of a core, in milliseconds: unlike the time on the
 * wall it does not tell how many others want one. */
static double processor(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void time_add(struct times *t, double milliseconds)
{
	t->at = memory_room(t->at, t->count, &t->cap, sizeof(*t->at));
	t->at[t->count++] = milliseconds;
}

struct reading {
	struct times wall, cpu, reopened;
};

/* Searches for that long; each query is one entry. */
static void read_for(double seconds, struct reading *t)
{
	int64_t end = clock_nanoseconds() + (int64_t)(seconds * 1e9);
	struct searcher *s = searcher_new();
	struct arena arena = ARENA_INIT;
	struct analyzer *a;
	struct index *x, *y;
	struct fault f;
	size_t n = 0;

	if (!index_open(&x, folder, &f) ||
	    !analyzer_new(&a, index_facts(x)->analyzer, &f))
		fail(&f);
	for (; n < line_count; n++)
		search_once(s, x, a, n, &arena);
	for (; clock_nanoseconds() < end; n++) {
		int64_t from = clock_nanoseconds();
		double cpu = processor();

		if (index_moved(x, folder, clock_now())) {
			if (!index_reopen(&y, x, folder, &f))
				fail(&f);
			if (y) {
				index_close(x);
				x = y;
			}
			time_add(&t->reopened, processor() - cpu);
		}
		search_once(s, x, a, n, &arena);
		time_add(&t->wall, (double)(clock_nanoseconds() - from) / 1e6);
		time_add(&t->cpu, processor() - cpu);
	}
	index_close(x);
	analyzer_free(a);
	searcher_free(s);
	arena_release(&arena);
}

static pid_t start_follower(const char *opslore)
{
	pid_t child = fork();
	int log;

	if (child)
		return child;
	log = open("bench_update.log", O_WRONLY | O_CREAT | O_TRUNC, 0666);
	dup2(log, 1);
	execl(opslore, opslore, "--json", "--db", store_file, "index",
	      "--follow", (char *)NULL);
	_exit(127);
}

static void compare(const char *what, struct times *quiet, struct times *busy)
{
	double a50 = percentile(quiet, .5), a99 = percentile(quiet, .99);
	double b50 = percentile(busy, .5), b99 = percentile(busy, .99);

	printf("query, ms %s: quiet p50 %.3f p99 %.3f (%zu), during p50 %.3f "
	       "p99 %.3f (%zu), ratio p50 %.2f p99 %.2f\n",
	       what, a50, a99, quiet->count, b50, b99, busy->count, b50 / a50,
	       b99 / a99);
}

static void report(struct reading *quiet, struct reading *busy, struct watch *w)
{
	struct times seen = { .at = w->seen, .count = w->count };

	printf("%lld rows in %zu commits, %zu generations seen, at most %zu "
	       "segments\n",
	       (long long)atomic_load(&told->rows), atomic_load(&told->count),
	       w->generations, w->most);
	printf("to be seen after the commit: p50 %.1f ms, p99 %.1f ms, most "
	       "%.1f ms\n",
	       percentile(&seen, .5), percentile(&seen, .99),
	       percentile(&seen, 1));
	compare("of wall", &quiet->wall, &busy->wall);
	compare("of CPU ", &quiet->cpu, &busy->cpu);
	printf("of these, opening a generation: p50 %.3f ms, p99 %.3f ms of "
	       "CPU (%zu)\n",
	       percentile(&busy->reopened, .5),
	       percentile(&busy->reopened, .99), busy->reopened.count);
}

static double used(const struct rusage *r)
{
	return (double)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1e3 +
	       (double)(r->ru_utime.tv_usec + r->ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv)
{
	double seconds = argc > 4 ? strtod(argv[4], NULL) : 20;
	int rate = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 200;
	struct reading quiet = { 0 }, busy = { 0 };
	struct rusage before, after;
	struct watch w = { 0 };
	pid_t follower, child;
	pthread_t thread;

	if (argc < 4) {
		fputs("usage: bench_update OPSLORE STORE QUERIES [SECONDS "
		      "[ROWS_PER_SECOND]]\n",
		      stderr);
		return 2;
	}
	store_file = argv[2];
	snprintf(folder, sizeof(folder), "%s.index", store_file);
	told = shared(sizeof(*told));
	read_queries(argv[3]);
	child = fork();
	if (!child)
		writer(rate);
	follower = start_follower(argv[1]);
	nap(2000000000);
	read_for(seconds, &quiet);
	w.seen = memory_new(ROWS_MOST / 4, sizeof(*w.seen));
	pthread_create(&thread, NULL, watch, &w);
	atomic_store(&told->write, true);
	read_for(seconds, &busy);
	atomic_store(&told->stop, true);
	waitpid(child, NULL, 0);
	pthread_join(thread, NULL);
	kill(follower, SIGINT);
	getrusage(RUSAGE_CHILDREN, &before);
	waitpid(follower, NULL, 0);
	getrusage(RUSAGE_CHILDREN, &after);
	report(&quiet, &busy, &w);
	printf("the follower: %.2f ms of CPU a generation, merges and all, "
	       "%.0f MB at most\n",
	       (used(&after) - used(&before)) / (double)w.generations,
	       (double)after.ru_maxrss / 1e3);
	return 0;
}
