/* A generation opened from an older one shares what both have, and holds what
 * one that was opened alone would hold, whichever is closed first. */

#include "index_content.h"
#include "index_store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

static char *folder, dir[100], db[100];
static struct store *store;

static const struct visit first = { "a.example", "public", 1500000000000, 3,
	                            NULL };
static const struct visit second = { "a.example", "public", 1500000001000, 3,
	                             NULL };

static void update(void)
{
	struct index_options o = { .threads = 1 };
	struct index_report r;
	struct fault f;

	if (!index_update(dir, store, &o, &r, &f))
		fail_msg("%s: %s", f.subject, f.text);
}

static int setup(void **state)
{
	(void)state;
	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	store = store_new(db);
	visit_questions(store, &first, 1, 101, 1, 1);
	update();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(store);
	folder_remove(dir);
	folder_remove(folder);
	free(folder);
	return 0;
}

static struct index *opened(void)
{
	struct index *x = NULL;
	struct fault f;

	if (!index_open(&x, dir, &f))
		fail_msg("%s", f.text);
	return x;
}

static struct index *reopened(const struct index *old)
{
	struct index *x = NULL;
	struct fault f;

	if (!index_reopen(&x, old, dir, &f))
		fail_msg("%s", f.text);
	return x;
}

/* Long after whatever happened to the folder. */
static int64_t later(void)
{
	return clock_now() + 1000000;
}

static void the_newest_is_not_opened_again(void **state)
{
	struct index *x = opened();
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_false(index_moved(x, dir, later()));
		assert_null(reopened(x));
	}
	visit_questions(store, &second, 1, 3, 1, 2);
	assert_false(index_moved(x, dir, later()));
	update();
	assert_true(index_moved(x, dir, later()));
	index_close(x);
}

/* Two changes within one step of the folder's clock are two changes. */
static void a_second_change_at_once_is_seen(void **state)
{
	struct index *x = opened(), *y;
	struct stat was;
	struct timespec times[2];

	(void)state;
	assert_int_equal(stat(dir, &was), 0);
	times[0] = times[1] = was.st_mtim;
	visit_questions(store, &second, 1, 3, 1, 2);
	update();
	assert_int_equal(utimensat(AT_FDCWD, dir, times, 0), 0);
	/* Seen when it has just happened, the time is not trusted. */
	assert_true(index_moved(x, dir, was.st_mtim.tv_sec * 1000));
	y = reopened(x);
	assert_non_null(y);
	assert_false(index_moved(y, dir, was.st_mtim.tv_sec * 1000));
	visit_questions(store, &second, 3, 5, 1, 2);
	update();
	assert_int_equal(utimensat(AT_FDCWD, dir, times, 0), 0);
	assert_true(index_moved(y, dir, was.st_mtim.tv_sec * 1000));
	index_close(y);
	index_close(x);
}

static void what_both_have_is_shared(void **state)
{
	struct index *x = opened(), *y, *z;
	struct content c, truth;
	struct fault f;

	(void)state;
	assert_true(content_read(x, &c, &f));
	visit_questions(store, &second, 1, 3, 1, 2);
	update();
	y = reopened(x);
	assert_non_null(y);
	assert_ptr_equal(x->segments[0]->body, y->segments[0]->body);
	assert_ptr_equal(x->segments[0]->score_map, y->segments[0]->score_map);
	/* Its pages were checked when x was read. */
	assert_true(y->segments[0]->verified[0] & 1);
	assert_null(x->segments[0]->dead_map);
	assert_non_null(y->segments[0]->dead_map);
	visit_questions(store, &second, 200, 202, 1, 2);
	update();
	z = reopened(y);
	assert_non_null(z);
	assert_ptr_equal(y->segments[0]->dead_map, z->segments[0]->dead_map);
	index_close(x);
	index_close(y);
	assert_true(content_read(z, &c, &f));
	assert_true(content_of(dir, &truth, &f));
	assert_true(content_same(&c, &truth));
	index_close(z);
}

static void an_index_made_anew_is_another(void **state)
{
	struct index *x = opened(), *y;
	struct content c, truth;
	struct fault f;

	(void)state;
	folder_remove(dir);
	assert_false(index_moved(x, dir, later()));
	assert_false(index_reopen(&y, x, dir, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	visit_questions(store, &second, 1, 3, 1, 2);
	update();
	/* The same generation, the same segment, and other passages. */
	assert_true(index_moved(x, dir, later()));
	y = reopened(x);
	assert_non_null(y);
	assert_ptr_not_equal(x->segments[0]->body, y->segments[0]->body);
	assert_true(content_read(y, &c, &f));
	assert_true(content_of(dir, &truth, &f));
	assert_true(content_same(&c, &truth));
	index_close(x);
	index_close(y);
}

/* Writes the newest manifest anew, its segments marked or not. */
static void mark(uint64_t generation, bool fresh)
{
	char *path = manifest_path(dir, generation);
	struct buf bytes = BUF_INIT(1 << 20);
	struct arena a = ARENA_INIT;
	struct manifest m;
	struct fault f;
	FILE *file;
	size_t i;

	assert_true(manifest_read(&m, dir, generation, &a, &f));
	for (i = 0; i < m.count; i++)
		m.segments[i].fresh = fresh;
	manifest_write(&m, &bytes);
	file = fopen(path, "wb");
	assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
	fclose(file);
	buf_release(&bytes);
	arena_release(&a);
	free(path);
}

/* A page that a power cut left as zeros, far from all that opening reads. */
static void what_was_perhaps_not_synced_is_checked_whole(void **state)
{
	static const char zeros[64];
	struct index *x = opened();
	uint64_t generation = index_facts(x)->generation;
	char *path = segment_path(dir, x->manifest.segments[0].number);
	struct fault f;
	int fd;

	(void)state;
	index_close(x);
	mark(generation, true);
	index_close(opened());
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, zeros, sizeof(zeros), 20000), 64);
	close(fd);
	assert_false(index_open(&x, dir, &f));
	assert_string_equal(f.code, "index-damaged");
	mark(generation, false);
	index_close(opened());
	free(path);
}

struct follower {
	_Atomic bool stop;
	struct content last;
	size_t generations;
	bool ok;
	struct fault fault;
};

static bool follow(struct follower *w)
{
	struct index *x, *y;
	bool stop;

	if (!index_open(&x, dir, &w->fault))
		return false;
	do {
		stop = atomic_load(&w->stop);
		if (!index_reopen(&y, x, dir, &w->fault))
			break;
		if (!y)
			continue;
		w->generations++;
		index_close(x);
		x = y;
		if (!content_read(x, &w->last, &w->fault))
			break;
	} while (!stop);
	index_close(x);
	return stop;
}

static void *follow_on(void *self)
{
	struct follower *w = self;

	w->ok = follow(w);
	return NULL;
}

/* Several readers go from generation to generation beside a writer. */
static void readers_follow_a_writer(void **state)
{
	enum { READERS = 3 };
	struct follower w[READERS] = { 0 };
	pthread_t threads[READERS];
	struct content truth;
	struct fault f;
	int i;

	(void)state;
	for (i = 0; i < READERS; i++)
		assert_int_equal(
		        pthread_create(&threads[i], NULL, follow_on, &w[i]), 0);
	for (i = 0; i < 30; i++) {
		struct visit v = second;

		v.date += i;
		visit_questions(store, &v, 1, 100, 17, (uint64_t)i + 2);
		update();
	}
	assert_true(content_of(dir, &truth, &f));
	for (i = 0; i < READERS; i++) {
		atomic_store(&w[i].stop, true);
		pthread_join(threads[i], NULL);
		if (!w[i].ok)
			fail_msg("%s", w[i].fault.text);
		assert_true(!w[i].generations ||
		            content_same(&w[i].last, &truth));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_newest_is_not_opened_again),
		TEST(a_second_change_at_once_is_seen),
		TEST(what_both_have_is_shared),
		TEST(an_index_made_anew_is_another),
		TEST(what_was_perhaps_not_synced_is_checked_whole),
		TEST(readers_follow_a_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
