/* A writer that dies before any of its system calls that change the folder
 * leaves the old generation or the new one, and the next run ends in the same
 * index as one that was never killed. And readers that open, read and close
 * while a writer publishes and removes meet whole generations only. */

#define TESTS_OWN_FSYNC

#include "index_content.h"
#include "index_store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

/*
 * These stand before libc's. `left` counts down; at 0 the process is gone, as
 * by kill -9, before the call has done anything. `failing` likewise, but there
 * the call fails as on a full disk.
 */
static long left = -1, failing = -1;

static bool step(void)
{
	if (left >= 0 && left-- == 0)
		_exit(42);
	errno = ENOSPC;
	return failing >= 0 && failing-- == 0;
}

int rename(const char *from, const char *to)
{
	return step() ? -1 : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int fsync(int fd)
{
	(void)fd;
	return step() ? -1 : 0;
}

int unlinkat(int fd, const char *name, int flags)
{
	char path[600], folder_name[512];
	ssize_t n;

	(void)flags;
	if (step())
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, folder_name, sizeof(folder_name) - 1);
	if (n < 0)
		return -1;
	folder_name[n] = '\0';
	snprintf(path, sizeof(path), "%s/%s", folder_name, name);
	return unlink(path);
}

static char *folder, dir[100], copy[100], db[100];

static const struct visit first = { "a.example", "public", 1500000000000, 3,
	                            NULL };
static const struct visit second = { "a.example", "public", 1500000001000, 4,
	                             NULL };
static const struct visit staff = { "b.example", "staff", 1500000001000, 4,
	                            NULL };

static int setup(void **state)
{
	(void)state;
	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	snprintf(copy, sizeof(copy), "%s/copy", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_remove(dir);
	folder_remove(copy);
	folder_remove(folder);
	free(folder);
	return 0;
}

static bool update(const char *where, const struct index_options *o)
{
	struct store *store = NULL;
	struct index_report r;
	struct fault f;
	bool ok = store_open(&store, db, STORE_READ, &f) &&
	          index_update(where, store, o, &r, &f);

	store_close(store);
	return ok;
}

/* Runs an update that dies at step `at`; true when it got through alive. */
static bool killed_update(long at, const struct index_options *o)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		left = at;
		_exit(update(copy, o) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) != 42)
		assert_int_equal(WEXITSTATUS(status), 0);
	return !WEXITSTATUS(status);
}

static void count_leftover(const char *where, const char *name, void *self)
{
	(void)where;
	if (!strncmp(name, ".tmp-", 5))
		++*(int *)self;
}

/* Kills at every step in turn, from the index in `dir` to that of the store. */
static void kill_everywhere(const struct index_options *o,
                            const struct content *old)
{
	struct content new, now;
	bool alive = false;
	struct fault f;
	long at;

	folder_copy(dir, copy);
	assert_true(update(copy, o));
	assert_true(content_of(copy, &new, &f));
	assert_false(content_same(old, &new));
	for (at = 0; !alive; at++) {
		int findings = 0, leftover = 0;

		folder_copy(dir, copy);
		alive = killed_update(at, o);
		assert_true(content_of(copy, &now, &f));
		assert_true(content_same(&now, old) ||
		            content_same(&now, &new));
		assert_true(!alive || content_same(&now, &new));
		assert_true(update(copy, o));
		assert_true(content_of(copy, &now, &f));
		assert_true(content_same(&now, &new));
		assert_true(index_check(copy, count_finding, &findings, &f));
		assert_int_equal(findings, 0);
		folder_each(copy, count_leftover, &leftover);
		assert_int_equal(leftover, 0);
	}
	print_message("killed at %ld steps\n", at - 1);
	assert_true(at > 10);
}

static void killed_while_carrying_on(void **state)
{
	struct index_options o = { .threads = 1 };
	struct store *store = store_new(db);
	struct content old;
	struct fault f;

	(void)state;
	visit_questions(store, &first, 1, 60, 1, 1);
	assert_true(update(dir, &o));
	assert_true(content_of(dir, &old, &f));
	visit_questions(store, &second, 1, 60, 3, 2);
	visit_questions(store, &staff, 1, 20, 3, 2);
	store_close(store);
	kill_everywhere(&o, &old);
}

static void killed_while_merging_runs(void **state)
{
	struct index_options o = { .threads = 1, .memory = 1 };
	struct store *store = store_new(db);
	struct content old;
	struct fault f;

	(void)state;
	visit_questions(store, &first, 1, 150, 1, 1);
	assert_true(update(dir, &o));
	assert_true(content_of(dir, &old, &f));
	visit_questions(store, &second, 1, 150, 1, 2);
	store_close(store);
	o.rebuild = true;
	kill_everywhere(&o, &old);
}

/* A call that fails is a fault, never a wrong index; nothing leaks. */
static void failing_calls_are_faults(void **state)
{
	struct index_options o = { .threads = 1, .memory = 1 };
	struct store *store = store_new(db);
	struct content old, new, now;
	bool through = false;
	struct fault f;
	long at;

	(void)state;
	visit_questions(store, &first, 1, 150, 1, 1);
	assert_true(update(dir, &o));
	assert_true(content_of(dir, &old, &f));
	visit_questions(store, &second, 1, 150, 1, 2);
	folder_copy(dir, copy);
	assert_true(update(copy, &o));
	assert_true(content_of(copy, &new, &f));
	for (at = 0; !through; at++) {
		struct index_report r;
		bool ok;

		folder_copy(dir, copy);
		failing = at;
		ok = index_update(copy, store, &o, &r, &f);
		through = failing >= 0;
		failing = -1;
		assert_true(ok == through || f.kind == FAULT_SYSTEM);
		assert_true(ok || !strcmp(f.code, "disk-full"));
		assert_true(content_of(copy, &now, &f));
		assert_true(content_same(&now, ok ? &new : &old) ||
		            content_same(&now, &new));
		assert_true(update(copy, &o));
		assert_true(content_of(copy, &now, &f));
		assert_true(content_same(&now, &new));
	}
	store_close(store);
	print_message("failed at %ld steps\n", at - 1);
	assert_true(at > 10);
}

struct reading {
	const char *folder;
	_Atomic bool stop;
	struct content may[64]; /* of the generations there ever were */
	_Atomic size_t count;
	size_t reads, strange;
	struct fault fault;
};

static void *read_on(void *self)
{
	struct reading *r = self;
	struct content c;
	size_t i;

	while (!atomic_load(&r->stop) || !r->reads) {
		if (!content_of(r->folder, &c, &r->fault)) {
			r->strange++;
			break;
		}
		/* The writer lists what it will publish before it does. */
		for (i = 0; i < atomic_load(&r->count); i++)
			if (content_same(&c, &r->may[i]))
				break;
		r->strange += i == atomic_load(&r->count);
		r->reads++;
	}
	return NULL;
}

static void readers_meet_whole_generations(void **state)
{
	struct index_options o = { .threads = 1 };
	struct store *store = store_new(db);
	struct reading r = { .folder = dir };
	pthread_t thread;
	struct fault f;
	int round;

	(void)state;
	visit_questions(store, &first, 1, 40, 1, 1);
	assert_true(update(dir, &o));
	assert_true(content_of(dir, &r.may[0], &f));
	atomic_store(&r.count, 1);
	assert_int_equal(pthread_create(&thread, NULL, read_on, &r), 0);
	for (round = 1; round < 25; round++) {
		struct visit v = second;

		v.date += round;
		visit_questions(store, &v, 1, 40, 3, (uint64_t)round);
		folder_copy(dir, copy);
		assert_true(update(copy, &o));
		assert_true(content_of(copy, &r.may[round], &f));
		atomic_store(&r.count, (size_t)round + 1);
		assert_true(update(dir, &o));
	}
	atomic_store(&r.stop, true);
	pthread_join(thread, NULL);
	store_close(store);
	if (r.strange)
		fail_msg("%zu of %zu reads: %s", r.strange, r.reads,
		         r.fault.text);
	print_message("%zu reads beside %d generations\n", r.reads, round);
}

struct sharing {
	const struct index *index;
	struct content content;
	bool ok;
};

static void *read_shared(void *self)
{
	struct sharing *s = self;
	struct fault f;

	s->ok = content_read(s->index, &s->content, &f);
	return NULL;
}

/* Pages are checked at first touch, by whichever thread comes first. */
static void threads_share_an_index(void **state)
{
	enum { THREADS = 4 };
	struct index_options o = { .threads = 1 };
	struct store *store = store_new(db);
	struct sharing shared[THREADS];
	pthread_t threads[THREADS];
	struct content truth;
	struct index *x;
	struct fault f;
	int i;

	(void)state;
	visit_questions(store, &first, 1, 100, 1, 1);
	store_close(store);
	assert_true(update(dir, &o));
	assert_true(content_of(dir, &truth, &f));
	assert_true(index_open(&x, dir, &f));
	for (i = 0; i < THREADS; i++) {
		shared[i].index = x;
		assert_int_equal(pthread_create(&threads[i], NULL, read_shared,
		                                &shared[i]),
		                 0);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_true(shared[i].ok);
		assert_true(content_same(&shared[i].content, &truth));
	}
	index_close(x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed_while_carrying_on, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(killed_while_merging_runs,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(failing_calls_are_faults, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(readers_meet_whole_generations,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(threads_share_an_index, setup,
		                                teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
