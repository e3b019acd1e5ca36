/* An index that follows has the content of one that is made anew, whatever is
 * merged meanwhile and whoever else writes. */

#define TESTS_OWN_FSYNC

#include "index_content.h"
#include "index_store.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>

#include "kb/follow.h"
#include "kb/tiers.h"

/* This stands before libc's: the thread that merges syncs what it made under
 * its temporary name, and can be held there. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool hold, held;
	pthread_t tests; /* the thread that runs the tests */
} gate = { .lock = PTHREAD_MUTEX_INITIALIZER,
	   .moved = PTHREAD_COND_INITIALIZER };

int fsync(int fd)
{
	char link[64], path[600];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	if (pthread_equal(pthread_self(), gate.tests) ||
	    !strstr(path, "/.tmp-") || !strstr(path, "-segment-"))
		return 0;
	pthread_mutex_lock(&gate.lock);
	gate.held = gate.hold;
	pthread_cond_broadcast(&gate.moved);
	while (gate.hold)
		pthread_cond_wait(&gate.moved, &gate.lock);
	pthread_mutex_unlock(&gate.lock);
	return 0;
}

static void gate_close(void)
{
	pthread_mutex_lock(&gate.lock);
	gate.hold = true;
	gate.held = false;
	pthread_mutex_unlock(&gate.lock);
}

/* Whether a merge has come to it. */
static bool gate_held(void)
{
	bool held;

	pthread_mutex_lock(&gate.lock);
	held = gate.held;
	pthread_mutex_unlock(&gate.lock);
	return held;
}

static void gate_open(void)
{
	pthread_mutex_lock(&gate.lock);
	gate.hold = false;
	pthread_cond_broadcast(&gate.moved);
	pthread_mutex_unlock(&gate.lock);
}

static char *folder, dir[100], fresh[100], db[100];
static struct store *store, *reading;
static struct follower *follower;
static const struct index_options options = { .threads = 1 };
static int64_t now;

static const struct visit first = { "a.example", "public", 1500000000000, 3,
	                            NULL };

static void begin(void)
{
	struct fault f;

	if (!follow_start(&follower, dir, reading, &options, &f))
		fail_msg("%s", f.text);
}

static int setup(void **state)
{
	struct fault f;

	(void)state;
	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	snprintf(fresh, sizeof(fresh), "%s/fresh", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	store = store_new(db);
	if (!store_open(&reading, db, STORE_READ, &f))
		fail_msg("%s", f.text);
	now = 1;
	begin();
	return 0;
}

static void end(void)
{
	struct fault f;

	if (!follow_end(follower, &f))
		fail_msg("%s", f.text);
	follower = NULL;
}

static int teardown(void **state)
{
	(void)state;
	gate_open();
	end();
	store_close(store);
	store_close(reading);
	folder_remove(dir);
	folder_remove(fresh);
	folder_remove(folder);
	free(folder);
	return 0;
}

static bool publish(struct index_report *r)
{
	struct fault f;
	bool moved;

	if (!follow_publish(follower, now++, r, &moved, &f))
		fail_msg("%s: %s", f.subject, f.text);
	return moved;
}

static struct follow_tended tend(void)
{
	struct follow_tended t;
	struct fault f;

	if (!follow_tend(follower, now++, &t, &f))
		fail_msg("%s: %s", f.subject, f.text);
	return t;
}

/* Until nothing is under way. */
static int64_t settle(void)
{
	struct follow_tended t = tend();
	int64_t merges = t.report.merges;

	while (!t.idle) {
		if (!t.merged)
			follow_wait(follower, 1000);
		t = tend();
		merges += t.report.merges;
	}
	assert_int_equal(t.synced,
	                 index_facts(follow_index(follower))->generation);
	return merges;
}

/* What is followed, made anew, and opened by a reader: the same, and without
 * findings. */
static void assert_as_if_fresh(void)
{
	struct content a, b, c;
	struct index_report r;
	int findings = 0;
	struct fault f;

	folder_remove(fresh);
	assert_true(index_update(fresh, reading, &options, &r, &f));
	assert_true(content_read(follow_index(follower), &a, &f));
	assert_true(content_of(fresh, &b, &f));
	assert_true(content_of(dir, &c, &f));
	assert_int_equal(a.passages, b.passages);
	assert_true(content_same(&a, &b));
	assert_true(content_same(&a, &c));
	assert_true(index_check(dir, count_finding, &findings, &f));
	assert_int_equal(findings, 0);
}

static void count_file(const char *where, const char *name, void *self)
{
	(void)where;
	if (strcmp(name, "lock") != 0)
		++*(size_t *)self;
}

static size_t file_count(void)
{
	size_t n = 0;

	folder_each(dir, count_file, &n);
	return n;
}

static size_t manifest_count(void)
{
	uint64_t *generations;
	struct fault f;
	size_t n;

	assert_true(manifest_list(dir, &generations, &n, &f));
	free(generations);
	return n;
}

static struct visit visit_of(uint64_t round)
{
	struct visit v = first;

	v.date += (int64_t)round * 1000;
	v.votes += (int64_t)round % 2;
	return v;
}

/* Forgets, changes, moves to another label, adds. */
static void change(uint64_t round)
{
	struct visit v = visit_of(round), staff = v;
	struct fault f;
	char id[64];

	staff.access = "staff";
	staff.date++;
	visit_questions(store, &v, round % 7 + 1, 201, 9 + round % 5,
	                round + 1);
	visit_questions(store, &staff, round % 190 + 1, round % 190 + 3, 1,
	                round + 500);
	visit_questions(store, &v, 1000 + round, 1001 + round, 1, 1);
	snprintf(id, sizeof(id), "a.example/%llu",
	         (unsigned long long)(round * 3));
	if (!store_forget(store, slice_of(id), v.date, &f) &&
	    f.kind != FAULT_GONE)
		fail_msg("%s", f.text);
}

static void it_says_when_there_is_nothing_to_do(void **state)
{
	struct index_report r;

	(void)state;
	visit_questions(store, &first, 1, 51, 1, 1);
	assert_true(publish(&r));
	assert_string_equal(r.reason, "no index");
	settle();
	assert_false(publish(&r));
	assert_true(tend().idle);
	end();
	begin();
	/* The first time it tells what is there. */
	assert_true(publish(&r));
	assert_null(r.reason);
	assert_int_equal(r.passages, 50 + 12 * 6 + 1 + 2);
	assert_false(publish(&r));
	assert_as_if_fresh();
}

static void following_is_as_if_made_anew(void **state)
{
	struct index_report r;
	int64_t merges = 0;
	uint64_t round;

	(void)state;
	visit_questions(store, &first, 1, 201, 1, 1);
	assert_true(publish(&r));
	for (round = 1; round <= 40; round++) {
		change(round);
		assert_true(publish(&r));
		assert_null(r.reason);
		assert_true(r.removed > 0);
		/* Some rounds come while a merge is under way. */
		merges += round % 4 ? tend().report.merges : settle();
		if (round % 20 == 0)
			assert_as_if_fresh();
	}
	merges += settle();
	assert_true(merges > 5);
	assert_true(index_segment_count(follow_index(follower)) <=
	            2 * SEGMENTS_MOST);
	assert_as_if_fresh();
}

/* Changes rows until a merge is under way, which is held at its end. */
static uint64_t hold_merge(uint64_t round)
{
	struct follow_tended t = { .idle = false };
	struct index_report r;

	gate_close();
	for (; !gate_held(); round++) {
		struct visit v = visit_of(round);

		visit_questions(store, &v, round % 5 + 1, 401, 5 + round % 4,
		                round + 1);
		assert_true(publish(&r));
		do {
			t = tend();
			if (!t.merged)
				follow_wait(follower, 10);
		} while (!t.idle && !gate_held());
		assert_true(round < 500);
	}
	return round;
}

/* The same text in a visit that has seen a later date, with other votes. */
static void vote(uint64_t n, int64_t votes)
{
	const struct slice tags[] = { SLICE("linux"), SLICE("nginx") };
	struct visit v = first;
	struct record q = { .kind = RECORD_QUESTION,
		            .tags = tags,
		            .tag_count = n % 3 };
	char id[32], title[64], words[4096];
	struct intake_report report;
	struct intake *in;
	struct fault f;

	v.votes = votes;
	v.source = "votes";
	in = visit_open(store, &v);
	snprintf(id, sizeof(id), "%llu", (unsigned long long)n);
	snprintf(title, sizeof(title), "nginx title%s version1", id);
	words_of(words, sizeof(words), n, 1);
	q.id = slice_of(id);
	q.title = slice_of(title);
	put_record(in, &v, &q, words);
	intake_date_seen(in, 1900000000000);
	if (!intake_finish(in, &report, &f))
		fail_msg("%s", f.text);
	intake_close(in);
	assert_int_equal(report.counted, 1);
}

/* Rows die, and votes move, in the inputs of a merge that is under way. */
static void what_dies_meanwhile_is_dead_in_what_was_merged(void **state)
{
	struct index_report r;
	uint64_t round, at, before;
	struct fault f;

	(void)state;
	visit_questions(store, &first, 1, 401, 1, 1);
	visit_questions(store, &first, 2000, 2010, 1, 1);
	assert_true(publish(&r));
	settle();
	round = hold_merge(1);
	before = index_facts(follow_index(follower))->generation;
	for (at = 0; at < 20; at++) {
		change(round + at);
		assert_true(publish(&r));
		assert_true(r.segments > 2);
		tend();
	}
	vote(2003, 44);
	assert_true(publish(&r));
	assert_int_equal(r.rescored, 1);
	assert_true(index_facts(follow_index(follower))->generation >= before);
	assert_as_if_fresh();
	/* All of a label that is being merged: nothing is left of it. */
	for (at = 1; at < 30; at++) {
		char id[64];

		snprintf(id, sizeof(id), "a.example/%llu",
		         (unsigned long long)at);
		if (!store_forget(store, slice_of(id), 1, &f))
			assert_int_equal(f.kind, FAULT_GONE);
	}
	assert_true(publish(&r));
	gate_open();
	assert_true(settle() > 0);
	assert_as_if_fresh();
}

static void a_merge_that_is_ended_leaves_nothing(void **state)
{
	struct index_report r;
	uint64_t round;

	(void)state;
	visit_questions(store, &first, 1, 401, 1, 1);
	assert_true(publish(&r));
	for (round = 1; round < 25; round++) {
		struct visit v = visit_of(round);

		visit_questions(store, &v, round, 401, 5, round + 1);
		assert_true(publish(&r));
		tend();
	}
	end();
	begin();
	assert_true(publish(&r));
	assert_as_if_fresh();
	settle();
	assert_as_if_fresh();
}

static void what_nobody_needs_goes(void **state)
{
	struct index_report r;
	size_t files;
	uint64_t round;
	int i;

	(void)state;
	visit_questions(store, &first, 1, 101, 1, 1);
	assert_true(publish(&r));
	settle();
	for (round = 1; round <= 15; round++) {
		change(round);
		assert_true(publish(&r));
		settle();
	}
	/* Readers may still be opening what is that young. */
	assert_true(file_count() > 40);
	now += 1000000;
	for (i = 0; i < 3; i++)
		settle();
	files = file_count();
	/* Two generations: the last two rounds changed a few segments. */
	assert_true(files < 2 + 3 * 2 * SEGMENTS_MOST + 6);
	end();
	begin();
	assert_true(publish(&r));
	assert_true(file_count() <= files);
	/* Nor does what the one before had kept stay for ever. */
	for (round = 16; round <= 19; round++) {
		change(round);
		assert_true(publish(&r));
		now += 1000000;
		settle();
	}
	assert_int_equal(manifest_count(), 2);
	assert_as_if_fresh();
}

static void another_writer_comes_between(void **state)
{
	struct index_options anew = { .threads = 1, .rebuild = true };
	struct index_report r;
	struct fault f;
	uint64_t round;
	bool moved;
	int fd;
	char lock[128];

	(void)state;
	snprintf(lock, sizeof(lock), "%s/lock", dir);
	visit_questions(store, &first, 1, 101, 1, 1);
	assert_true(publish(&r));
	settle();
	for (round = 1; round < 12; round++) {
		change(round);
		if (round % 3)
			assert_true(index_update(dir, reading,
			                         round % 2 ? &anew : &options,
			                         &r, &f));
		change(round + 100);
		assert_true(publish(&r));
		settle();
		assert_as_if_fresh();
	}
	fd = open(lock, O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	change(20);
	assert_false(follow_publish(follower, now, &r, &moved, &f));
	assert_int_equal(f.kind, FAULT_BUSY);
	assert_false(moved);
	tend();
	close(fd);
	assert_true(publish(&r));
	settle();
	/* While it has something to do, others are turned away. */
	visit_questions(store, &first, 1, 401, 1, 1);
	round = hold_merge(300);
	assert_false(index_update(dir, reading, &options, &r, &f));
	assert_int_equal(f.kind, FAULT_BUSY);
	gate_open();
	settle();
	folder_remove(dir);
	change(++round);
	assert_true(publish(&r));
	assert_string_equal(r.reason, "no index");
	settle();
	assert_as_if_fresh();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(it_says_when_there_is_nothing_to_do),
		TEST(following_is_as_if_made_anew),
		TEST(what_dies_meanwhile_is_dead_in_what_was_merged),
		TEST(a_merge_that_is_ended_leaves_nothing),
		TEST(what_nobody_needs_goes),
		TEST(another_writer_comes_between),
	};

	gate.tests = pthread_self();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
