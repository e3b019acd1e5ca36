/* A follower that dies before any of its system calls that change the folder,
 * of its own or together with the power. Killed alone, what it published is
 * there. With the power goes whatever was not synced: files may be empty, have
 * pages of zeros, or be gone; but never is the index older than the generation
 * that was said to be synced, and the next run ends as if nothing had been. */

#define TESTS_OWN_FSYNC

#include "index_content.h"
#include "index_store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kb/follow.h"

enum { FILES_MOST = 4096, ROUNDS = 10, KILLS = 20 };

static char *folder, dir[100], copy[512], fresh[100], db[100], db_copy[100];

/* What the child tells: it is gone when the parent reads it. */
static struct {
	_Atomic uint64_t synced;
	_Atomic long steps;
} * told;

/* Of the child: which files a power cut cannot harm. */
static struct {
	pthread_mutex_t lock;
	ino_t synced[FILES_MOST]; /* their bytes */
	ino_t named[FILES_MOST];  /* and their names */
	size_t synced_count, named_count;
	long left; /* steps to live; negative: for ever */
	bool power, pages;
	unsigned seed;
} plug = { .lock = PTHREAD_MUTEX_INITIALIZER, .left = -1 };

static bool among(const ino_t *at, size_t count, ino_t file)
{
	while (count)
		if (at[--count] == file)
			return true;
	return false;
}

static void note(ino_t *at, size_t *count, ino_t file)
{
	if (!among(at, *count, file) && *count < FILES_MOST)
		at[(*count)++] = file;
}

static void blank(const char *path, off_t from, size_t len)
{
	char *zeros = calloc(len + 1, 1);
	int fd = open(path, O_WRONLY);

	if (!zeros || fd < 0 || pwrite(fd, zeros, len, from) < 0)
		_exit(3);
	close(fd);
	free(zeros);
}

/* What a power cut does to a file that it may harm. */
static void harm(const char *where, const char *name, void *self)
{
	char path[1200];
	struct stat st;
	bool bytes, named;

	(void)self;
	snprintf(path, sizeof(path), "%s/%s", where, name);
	if (stat(path, &st) || !strcmp(name, "lock"))
		return;
	bytes = among(plug.synced, plug.synced_count, st.st_ino);
	named = among(plug.named, plug.named_count, st.st_ino);
	plug.seed = plug.seed * 1103515245 + 12345;
	if (plug.pages) {
		/* All else was lucky. */
		if (!bytes && !strncmp(name, "segment-", 8))
			blank(path, st.st_size / 4, (size_t)st.st_size / 4);
		return;
	}
	if (!named && plug.seed >> 16 & 1) {
		unlinkat(AT_FDCWD, path, 0);
	} else if (!bytes && plug.seed >> 17 & 1) {
		/* The length was written, some of the bytes were not. */
		blank(path, plug.seed >> 18 & 1 ? 64 : 0,
		      (size_t)st.st_size / 4);
	} else if (!bytes && plug.seed >> 18 & 1) {
		if (truncate(path, st.st_size / 2))
			_exit(3);
	}
}

/* The name that an open file or folder has. */
static void name_of(int fd, char *out, size_t size)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, out, size - 1);
	out[n < 0 ? 0 : n] = '\0';
}

static void note_names(const char *where, const char *name, void *self)
{
	char path[1200];
	struct stat st;

	(void)self;
	snprintf(path, sizeof(path), "%s/%s", where, name);
	if (!stat(path, &st))
		note(plug.named, &plug.named_count, st.st_ino);
}

/* Everything that is there was there for long. */
static void plug_in(void)
{
	plug.synced_count = plug.named_count = 0;
	folder_each(copy, note_names, NULL);
	memcpy(plug.synced, plug.named, sizeof(plug.synced));
	plug.synced_count = plug.named_count;
}

/* One more call that changes the index; `path` is in it. */
static void step(const char *path)
{
	if (strncmp(path, copy, strlen(copy)) != 0)
		return;
	pthread_mutex_lock(&plug.lock);
	if (told)
		atomic_fetch_add(&told->steps, 1);
	if (plug.left >= 0 && plug.left-- == 0) {
		if (plug.power)
			folder_each(copy, harm, NULL);
		_exit(42);
	}
	pthread_mutex_unlock(&plug.lock);
}

int rename(const char *from, const char *to)
{
	step(to);
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int unlink(const char *path)
{
	step(path);
	return unlinkat(AT_FDCWD, path, 0);
}

int fsync(int fd)
{
	char path[1200];
	struct stat st;

	name_of(fd, path, sizeof(path));
	step(path);
	if (strncmp(path, copy, strlen(copy)) != 0 || fstat(fd, &st))
		return 0;
	pthread_mutex_lock(&plug.lock);
	if (S_ISDIR(st.st_mode))
		folder_each(copy, note_names, NULL);
	else
		note(plug.synced, &plug.synced_count, st.st_ino);
	pthread_mutex_unlock(&plug.lock);
	return 0;
}

static const struct visit first = { "a.example", "public", 1500000000000, 3,
	                            NULL };
static const struct index_options options = { .threads = 1 };

static int setup(void **state)
{
	char here[300];
	FILE *shared;

	(void)state;
	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	/* As the system names it. */
	assert_non_null(getcwd(here, sizeof(here)));
	snprintf(copy, sizeof(copy), "%s/%s/copy", here, folder);
	snprintf(fresh, sizeof(fresh), "%s/fresh", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	snprintf(db_copy, sizeof(db_copy), "%s/b.db", folder);
	shared = tmpfile();
	assert_non_null(shared);
	assert_int_equal(ftruncate(fileno(shared), sizeof(*told)), 0);
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED,
	            fileno(shared), 0);
	assert_true(told != MAP_FAILED);
	fclose(shared);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	munmap(told, sizeof(*told));
	told = NULL;
	folder_remove(dir);
	folder_remove(copy);
	folder_remove(fresh);
	folder_remove(folder);
	free(folder);
	return 0;
}

/* What happens to the store in round `n`. */
static void change(struct store *s, uint64_t n)
{
	struct visit v = first;

	v.date += (int64_t)n * 1000;
	v.votes += (int64_t)n;
	visit_questions(s, &v, n % 5 + 1, 101, 2 + n % 4, n + 1);
}

/* The child's life: rounds of changes, each published and tended. */
static bool live(struct store *s)
{
	struct follow_tended t = { .idle = false };
	struct index_report r;
	struct follower *w;
	struct fault f;
	uint64_t n;
	bool moved;

	if (!follow_start(&w, copy, s, &options, &f))
		return false;
	for (n = 1; n <= ROUNDS; n++) {
		change(s, n);
		if (!follow_publish(w, (int64_t)n * 600, &r, &moved, &f))
			return false;
		/* At times it is left behind. */
		do {
			if (!follow_tend(w, (int64_t)n * 600, &t, &f))
				return false;
			atomic_store(&told->synced, t.synced);
			if (n % 3 == 0 && !t.merged)
				follow_wait(w, 10);
		} while (n % 3 == 0 && !t.idle);
	}
	return follow_end(w, &f);
}

/* Runs it in a process that dies at step `at`; true when it got through. */
static bool killed(long at, bool power)
{
	struct store *s = NULL;
	struct fault f;
	pid_t child;
	int status;

	folder_copy(dir, copy);
	copy_file(db, db_copy);
	atomic_store(&told->synced, 0);
	atomic_store(&told->steps, 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		plug_in();
		plug.left = at;
		plug.power = power;
		plug.seed = (unsigned)at;
		plug.pages = at % 3 == 0;
		_exit(store_open(&s, db_copy, STORE_WRITE, &f) && live(s) ? 0
		                                                          : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) != 42)
		assert_int_equal(WEXITSTATUS(status), 0);
	return !WEXITSTATUS(status);
}

/* After a death: a whole generation, none older than was promised, and the
 * next run makes of it what the store says. */
static void judge(void)
{
	struct index_report r;
	struct store *s = NULL;
	struct content a, b;
	int findings = 0;
	struct index *x;
	struct fault f;

	if (!index_open(&x, copy, &f))
		fail_msg("%s", f.text);
	assert_true(index_facts(x)->generation >= atomic_load(&told->synced));
	if (!content_read(x, &a, &f))
		fail_msg("%s", f.text);
	index_close(x);
	folder_remove(fresh);
	assert_true(store_open(&s, db_copy, STORE_READ, &f));
	if (!index_update(copy, s, &options, &r, &f))
		fail_msg("%s", f.text);
	assert_null(r.reason);
	assert_true(index_update(fresh, s, &options, &r, &f));
	store_close(s);
	assert_true(content_of(copy, &a, &f));
	assert_true(content_of(fresh, &b, &f));
	assert_true(content_same(&a, &b));
	assert_true(index_check(copy, count_finding, &findings, &f));
	assert_int_equal(findings, 0);
}

static void die_everywhere(bool power)
{
	struct store *s = store_new(db);
	struct index_report r;
	struct fault f;
	long all, i;

	visit_questions(s, &first, 1, 101, 1, 1);
	assert_true(index_update(dir, s, &options, &r, &f));
	store_close(s);
	assert_true(killed(-1, false));
	all = atomic_load(&told->steps);
	judge();
	assert_true(all > 100);
	for (i = 0; i < KILLS; i++) {
		killed(all * i / KILLS + i % 7, power);
		judge();
	}
	print_message("%d deaths, of %ld steps\n", KILLS, all);
}

static void killed_at_its_calls(void **state)
{
	(void)state;
	die_everywhere(false);
}

static void dead_with_the_power(void **state)
{
	(void)state;
	die_everywhere(true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed_at_its_calls, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(dead_with_the_power, setup,
		                                teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
