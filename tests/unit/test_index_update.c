/* An index that is carried on has the content of one that is made anew,
 * whatever happened to the store, the memory and the threads. */

#include "index_content.h"
#include "index_store.h"

#include <fcntl.h>
#include <sys/file.h>

#include "kb/tiers.h"
#include "schema/rows.h"

static char *folder, dir[100], fresh[100], db[100];
static struct store *store;

static int setup(void **state)
{
	(void)state;
	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	snprintf(fresh, sizeof(fresh), "%s/fresh", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	store = store_new(db);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(store);
	folder_remove(dir);
	folder_remove(fresh);
	folder_remove(folder);
	free(folder);
	return 0;
}

static struct index_report update(const char *where,
                                  const struct index_options *options)
{
	struct index_report report;
	struct fault f;

	if (!index_update(where, store, options, &report, &f))
		fail_msg("%s: %s", f.subject, f.text);
	return report;
}

static void assert_clean(const char *where)
{
	int findings = 0;
	struct fault f;

	assert_true(index_check(where, count_finding, &findings, &f));
	assert_int_equal(findings, 0);
}

/* Carried on and made anew, the same; both without findings. */
static void assert_as_if_fresh(const struct index_options *options)
{
	struct content a, b;
	struct fault f;

	folder_remove(fresh);
	update(fresh, options);
	assert_true(content_of(dir, &a, &f));
	assert_true(content_of(fresh, &b, &f));
	assert_int_equal(a.passages, b.passages);
	assert_int_equal(a.postings, b.postings);
	assert_true(content_same(&a, &b));
	assert_clean(dir);
	assert_clean(fresh);
}

static const struct visit first = { "a.example", "public", 1500000000000, 3,
	                            NULL };

static void the_first_run_makes_everything(void **state)
{
	struct index_options o = { .threads = 1 };
	struct index_report r;

	(void)state;
	visit_questions(store, &first, 1, 201, 1, 1);
	r = update(dir, &o);
	assert_true(r.rebuilt);
	assert_string_equal(r.reason, "no index");
	assert_int_equal(r.posts, 200);
	assert_int_equal(r.added, 200 + 50 * (1 + 2 + 3));
	assert_int_equal(r.passages, r.added);
	assert_int_equal(r.segments, 1);
	assert_clean(dir);
	r = update(dir, &o);
	assert_false(r.rebuilt);
	assert_null(r.reason);
	assert_int_equal(r.added, 0);
	assert_int_equal(r.passages, 500);
}

/* Edits, votes, removals, new posts, a second label: fifteen rounds of them. */
static void carried_on_is_as_if_made_anew(void **state)
{
	struct index_options o = { .threads = 1 };
	struct index_report r;
	int64_t merges = 0;
	struct fault f;
	uint64_t round;
	char id[64];

	(void)state;
	visit_questions(store, &first, 1, 201, 1, 1);
	update(dir, &o);
	for (round = 1; round <= 15; round++) {
		struct visit v = { "a.example", "public",
			           1500000000000 + (int64_t)round * 1000,
			           3 + (int64_t)round % 2, NULL };
		struct visit staff = { "b.example", "staff", v.date, 1, NULL };

		visit_questions(store, &v, round, 201, 7 + round, round + 1);
		visit_questions(store, &staff, round * 10, round * 10 + 10, 1,
		                1);
		/* One is forgotten, some change their label and with it their
		 * segment. */
		snprintf(id, sizeof(id), "a.example/%llu",
		         (unsigned long long)(round * 5));
		if (!store_forget(store, slice_of(id), v.date, &f))
			fail_msg("%s", f.text);
		v.access = "staff";
		v.date++;
		visit_questions(store, &v, round * 3, round * 3 + 2, 1, round);
		r = update(dir, &o);
		assert_false(r.rebuilt);
		assert_true(r.removed > 0);
		assert_true(r.segments <= 2 * SEGMENTS_MOST);
		merges += r.merges;
		if (round % 5 == 0)
			assert_as_if_fresh(&o);
	}
	assert_true(merges > 0);
}

/* A source that lost some and renamed others: nobody imported anything. */
static void what_vanished_or_moved_at_its_source_is_followed(void **state)
{
	struct visit later = { "a.example", "public", 1600000000000, 3, NULL };
	struct index_options o = { .threads = 1 };
	struct index_report r;
	struct intake_report report;
	struct intake *in;
	struct fault f;
	bool gone, answer, moved, onto;

	(void)state;
	visit_questions(store, &first, 1, 41, 1, 1);
	update(dir, &o);
	in = visit_open(store, &later);
	/* With three answers; one of two answers; another name for one with
	 * three; a name that is taken. */
	if (!intake_gone(in, SLICE("7"), later.date, &gone, &f) ||
	    !intake_gone(in, SLICE("100100"), later.date, &answer, &f) ||
	    !intake_moved(in, SLICE("11"), SLICE("eleven"), later.date, &moved,
	                  &f) ||
	    !intake_moved(in, SLICE("20"), SLICE("21"), later.date, &onto,
	                  &f) ||
	    !intake_finish(in, &report, &f))
		fail_msg("%s", f.text);
	intake_close(in);
	assert_true(gone && answer && moved && onto);
	r = update(dir, &o);
	assert_false(r.rebuilt);
	/* Less the first with its answers, the answer, the one without any;
	 * what is left of the second and all of the renamed one made anew. */
	assert_int_equal(r.passages, 40 + 10 * (1 + 2 + 3) - 4 - 1 - 1);
	assert_int_equal(r.added, 2 + 4);
	assert_as_if_fresh(&o);
}

static void votes_move_without_reading_posts(void **state)
{
	struct visit later = { "a.example", "public", 1500000000000, 44, NULL };
	struct index_options o = { .threads = 1 };
	struct index_report r;
	struct intake *in;
	struct intake_report report;
	struct fault f;

	(void)state;
	visit_questions(store, &first, 1, 51, 1, 1);
	update(dir, &o);
	/* The same revisions, in a visit that has seen a later date. */
	later.source = "another";
	in = visit_open(store, &later);
	{
		struct record q = { .kind = RECORD_QUESTION,
			            .id = SLICE("8"),
			            .title = SLICE("nginx title8 version1") };
		char words[4096];
		const struct slice tags[] = { SLICE("linux"), SLICE("nginx") };

		words_of(words, sizeof(words), 8, 1);
		q.tags = tags;
		q.tag_count = 8 % 3;
		put_record(in, &later, &q, words);
		intake_date_seen(in, 1600000000000);
		if (!intake_finish(in, &report, &f))
			fail_msg("%s", f.text);
	}
	intake_close(in);
	assert_int_equal(report.counted, 1);
	r = update(dir, &o);
	assert_int_equal(r.posts, 0);
	assert_int_equal(r.rescored, 1);
	assert_as_if_fresh(&o);
}

/* The same segments, byte for byte, however little memory and however many
 * threads. */
static void memory_and_threads_leave_no_trace(void **state)
{
	static const struct index_options options[] = {
		{ .threads = 1, .rebuild = true },
		{ .threads = 1, .memory = 1, .rebuild = true },
		{ .threads = 4, .memory = 1, .rebuild = true },
		{ .threads = 3, .memory = 300 << 10, .rebuild = true },
	};
	const struct visit staff = { "b.example", "staff", 1500000000000, 1,
		                     NULL };
	uint64_t hashes[2] = { 0 };
	struct index_report r;
	struct index *x;
	struct fault f;
	size_t i, j;

	(void)state;
	visit_questions(store, &first, 1, 801, 1, 1);
	visit_questions(store, &staff, 1, 101, 1, 1);
	for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
		r = update(dir, &options[i]);
		assert_int_equal(r.segments, 2);
		assert_true(i != 1 || r.merges > 0);
		assert_true(index_open(&x, dir, &f));
		for (j = 0; j < 2; j++) {
			uint64_t hash = index_segment(x, j)->hash;

			if (!i)
				hashes[j] = hash;
			assert_true(hash == hashes[j]);
		}
		index_close(x);
	}
}

static void reasons_to_start_anew(void **state)
{
	struct index_options o = { .threads = 1 };
	char backup[128], copy[128], other[128], sql[200];
	struct index_report r;
	struct fault f;

	(void)state;
	snprintf(backup, sizeof(backup), "%s/backup.db", folder);
	snprintf(copy, sizeof(copy), "%s/copy.db", folder);
	snprintf(other, sizeof(other), "%s/other.db", folder);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", copy);
	visit_questions(store, &first, 1, 21, 1, 1);
	update(dir, &o);
	assert_true(store_backup(store, backup, &f));
	assert_true(rows_script(store_rows(store), sql, &f));
	o.rebuild = true;
	r = update(dir, &o);
	assert_string_equal(r.reason, "asked for");
	o.rebuild = false;
	o.analyzer = "plain";
	r = update(dir, &o);
	assert_string_equal(r.reason, "analyzer changed");
	r = update(dir, &o);
	assert_null(r.reason);
	visit_questions(store, &first, 21, 31, 1, 1);
	r = update(dir, &o);
	assert_null(r.reason);

	store_close(store);
	assert_true(store_open(&store, copy, STORE_READ, &f));
	r = update(dir, &o);
	assert_string_equal(r.reason, "the store went back");
	assert_as_if_fresh(&o);

	store_close(store);
	assert_true(store_open(&store, backup, STORE_READ, &f));
	r = update(dir, &o);
	assert_string_equal(r.reason, "another store");
	assert_as_if_fresh(&o);

	store_close(store);
	store = store_new(other);
	visit_questions(store, &first, 1, 11, 1, 1);
	r = update(dir, &o);
	assert_string_equal(r.reason, "another store");
	assert_as_if_fresh(&o);

	visit_questions(store, &first, 11, 150, 1, 1);
	r = update(dir, &o);
	assert_string_equal(r.reason, "grown");
	assert_as_if_fresh(&o);
}

/* Makes the folder's segments of the format before this one. */
static void age(const char *where, const char *name, void *self)
{
	char path[512], *bytes;
	unsigned char *foot;
	struct fault f;
	FILE *file;
	size_t len;

	(void)self;
	if (strncmp(name, "segment-", 8) != 0)
		return;
	snprintf(path, sizeof(path), "%s/%s", where, name);
	assert_true(file_read(path, SIZE_MAX / 4, &bytes, &len, &f));
	foot = (unsigned char *)bytes + len - SEGMENT_FOOT;
	store32(foot + FOOT_VERSION, SEGMENT_VERSION - 1);
	store64(foot + FOOT_HASH,
	        hash64((struct slice){ (char *)foot, FOOT_HASH }));
	file = fopen(path, "wb");
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
	free(bytes);
}

static void an_older_format_is_made_anew(void **state)
{
	struct index_options o = { .threads = 1 };
	struct index *x;
	struct fault f;

	(void)state;
	visit_questions(store, &first, 1, 21, 1, 1);
	update(dir, &o);
	folder_each(dir, age, NULL);
	assert_false(index_open(&x, dir, &f));
	assert_string_equal(f.code, "index-old");
	assert_non_null(strstr(f.text, "run 'opslore index'"));
	assert_string_equal(update(dir, &o).reason, "an older format");
	assert_as_if_fresh(&o);
}

/* Not even of a segment that was merged away and removed. */
static void names_are_not_used_twice(void **state)
{
	struct index_options o = { .threads = 1 };
	uint64_t highest = 0;
	struct index *x;
	struct fault f;
	uint64_t round;

	(void)state;
	visit_questions(store, &first, 1, 40, 1, 1);
	update(dir, &o);
	for (round = 0; round < 20; round++) {
		uint64_t next, i;

		visit_questions(store, &first, 100 + round, 101 + round, 1, 1);
		o.rebuild = round % 6 == 5;
		update(dir, &o);
		assert_true(index_open(&x, dir, &f));
		next = x->manifest.next_segment;
		for (i = 0; i < x->manifest.count; i++)
			assert_true(x->manifest.segments[i].number < next);
		assert_true(next > highest);
		highest = next;
		index_close(x);
	}
}

static void a_second_writer_is_turned_away(void **state)
{
	struct index_options o = { .threads = 1 };
	struct index_report r;
	struct fault f;
	char lock[128];
	int fd;

	(void)state;
	visit_questions(store, &first, 1, 5, 1, 1);
	update(dir, &o);
	snprintf(lock, sizeof(lock), "%s/lock", dir);
	fd = open(lock, O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_false(index_update(dir, store, &o, &r, &f));
	assert_int_equal(f.kind, FAULT_BUSY);
	close(fd);
	assert_true(index_update(dir, store, &o, &r, &f));
}

static void an_empty_store_has_an_empty_index(void **state)
{
	struct index_options o = { .threads = 1 };
	struct content c;
	struct fault f;

	(void)state;
	update(dir, &o);
	assert_true(content_of(dir, &c, &f));
	assert_int_equal(c.passages, 0);
	assert_clean(dir);
	visit_questions(store, &first, 1, 5, 1, 1);
	assert_string_equal(update(dir, &o).reason, "grown");
	assert_as_if_fresh(&o);
}

static void no_index_is_gone(void **state)
{
	int findings = 0;
	struct index *x;
	struct fault f;

	(void)state;
	assert_false(index_open(&x, dir, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_false(index_check(dir, count_finding, &findings, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_true(folder_make(dir, &f));
	assert_false(index_open(&x, dir, &f));
	assert_int_equal(f.kind, FAULT_GONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_first_run_makes_everything),
		TEST(carried_on_is_as_if_made_anew),
		TEST(what_vanished_or_moved_at_its_source_is_followed),
		TEST(votes_move_without_reading_posts),
		TEST(memory_and_threads_leave_no_trace),
		TEST(reasons_to_start_anew),
		TEST(an_older_format_is_made_anew),
		TEST(names_are_not_used_twice),
		TEST(a_second_writer_is_turned_away),
		TEST(an_empty_store_has_an_empty_index),
		TEST(no_index_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
