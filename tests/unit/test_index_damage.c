/* A flipped byte anywhere in the current generation is found by the check, and
 * whoever reads on meets a fault or the truth, never another answer. */

#include "index_content.h"
#include "index_store.h"

#include <fcntl.h>

static char *folder, dir[100], copy[100];

struct names {
	char at[32][256];
	size_t count;
};

static void take_name(const char *where, const char *name, void *self)
{
	struct names *n = self;

	(void)where;
	if (n->count < 32 && strcmp(name, "lock") != 0)
		snprintf(n->at[n->count++], sizeof(n->at[0]), "%s", name);
}

/* An index of `posts` questions with tombstones, scores and two segments. */
static void make(uint64_t posts)
{
	const struct visit first = { "a.example", "public", 1500000000000, 3,
		                     NULL };
	const struct visit second = { "a.example", "public", 1500000001000, 4,
		                      NULL };
	struct index_options o = { .threads = 1 };
	struct index_report r;
	struct store *store;
	struct fault f;
	char db[128], old[128];

	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	snprintf(copy, sizeof(copy), "%s/copy", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	store = store_new(db);
	visit_questions(store, &first, 1, 1 + posts, 1, 1);
	assert_true(index_update(dir, store, &o, &r, &f));
	visit_questions(store, &second, 1, 1 + posts, 8, 2);
	assert_true(index_update(dir, store, &o, &r, &f));
	assert_int_equal(r.segments, 2);
	store_close(store);
	/* One generation only, so that there is nothing to fall back to. */
	snprintf(old, sizeof(old), "%s/manifest-1", dir);
	unlink(old);
	snprintf(old, sizeof(old), "%s/scores-1-1", dir);
	assert_int_equal(access(old, F_OK), 0);
	assert_true(folder_make(copy, &f));
	folder_copy(dir, copy);
}

static void clear(void)
{
	folder_remove(dir);
	folder_remove(copy);
	folder_remove(folder);
	free(folder);
}

/* XORs a byte of a file in place. */
static void flip(const char *name, size_t at, unsigned char with)
{
	char path[256];
	unsigned char byte;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", copy, name);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
	byte ^= with;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	close(fd);
}

static size_t size_of(const char *name)
{
	struct file_map m;
	char path[256];
	struct fault f;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", copy, name);
	assert_true(file_map_open(&m, path, &f));
	len = m.len;
	file_map_close(&m);
	return len;
}

/* With this byte flipped: found, and not followed. */
static void assert_found(const char *name, size_t at, unsigned char with,
                         const struct content *truth)
{
	struct content c;
	int findings = 0;
	struct fault f = { 0 };

	flip(name, at, with);
	assert_true(index_check(copy, count_finding, &findings, &f));
	if (!findings)
		fail_msg("byte %zu of %s flipped by %02x: not found", at, name,
		         with);
	if (content_of(copy, &c, &f))
		assert_true(content_same(&c, truth));
	else
		assert_int_equal(f.kind, FAULT_INPUT);
	flip(name, at, with);
}

static void every_flipped_byte_is_found(void **state)
{
	struct names names = { .count = 0 };
	struct content truth;
	struct fault f;
	size_t i, at, flips = 0;
	int findings = 0;

	(void)state;
	make(6);
	folder_each(copy, take_name, &names);
	assert_true(content_of(copy, &truth, &f));
	assert_true(truth.postings > 50);
	assert_true(index_check(copy, count_finding, &findings, &f));
	assert_int_equal(findings, 0);
	for (i = 0; i < names.count; i++) {
		size_t size = size_of(names.at[i]);

		for (at = 0; at < size; at++, flips++)
			assert_found(names.at[i], at,
			             (unsigned char)(1U << at % 8), &truth);
	}
	print_message("%zu bytes flipped\n", flips);
	clear();
}

static void flips_in_a_larger_index_are_found(void **state)
{
	enum { FLIPS = 1000 };
	struct names names = { .count = 0 };
	size_t sizes[32], all = 0, i, j;
	struct content truth;
	struct fault f;

	(void)state;
	make(300);
	folder_each(copy, take_name, &names);
	assert_true(content_of(copy, &truth, &f));
	for (i = 0; i < names.count; i++)
		all += sizes[i] = size_of(names.at[i]);
	for (j = 0; j < FLIPS; j++) {
		size_t at = mix(j) % all;

		for (i = 0; at >= sizes[i]; i++)
			at -= sizes[i];
		assert_found(names.at[i], at,
		             (unsigned char)(1 + mix(j + 1) % 255), &truth);
	}
	clear();
}

static void cut(const char *name, size_t len)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", copy, name);
	assert_int_equal(truncate(path, (off_t)len), 0);
}

static void files_cut_short_are_found(void **state)
{
	struct names names = { .count = 0 };
	size_t i, part;
	struct fault f;

	(void)state;
	make(6);
	folder_each(copy, take_name, &names);
	for (i = 0; i < names.count; i++) {
		for (part = 0; part < 8; part++) {
			struct content c;
			int findings = 0;

			folder_copy(dir, copy);
			cut(names.at[i], size_of(names.at[i]) * part / 8);
			assert_true(index_check(copy, count_finding, &findings,
			                        &f));
			assert_true(findings > 0);
			assert_false(content_of(copy, &c, &f));
		}
	}
	clear();
}

/* A missing file, too; and a file that is another one's. */
static void missing_and_swapped_files_are_found(void **state)
{
	struct names names = { .count = 0 };
	size_t i, j;

	(void)state;
	make(6);
	folder_each(dir, take_name, &names);
	for (i = 0; i < names.count; i++) {
		for (j = 0; j < names.count; j++) {
			char from[256], to[256];
			int findings = 0;
			struct fault f;

			folder_copy(dir, copy);
			snprintf(from, sizeof(from), "%s/%s", copy,
			         names.at[i]);
			snprintf(to, sizeof(to), "%s/%s", copy, names.at[j]);
			if (i == j)
				unlink(from);
			else
				assert_int_equal(rename(from, to), 0);
			if (!index_check(copy, count_finding, &findings, &f))
				assert_int_equal(f.kind, FAULT_GONE);
			else
				assert_true(findings > 0);
		}
	}
	clear();
}

/* What is damaged inside is made anew by the next run, and said. */
static void a_damaged_index_is_made_anew(void **state)
{
	struct index_options o = { .threads = 1 };
	const struct visit later = { "a.example", "public", 1500000009000, 4,
		                     NULL };
	struct index_report r;
	struct store *store;
	int findings = 0;
	struct fault f;
	char db[128];
	size_t at;

	(void)state;
	make(60);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	store = store_new(db);
	for (at = 64; at < size_of("segment-1") - 4096; at += 997)
		flip("segment-1", at, 255);
	visit_questions(store, &later, 1, 20, 1, 9);
	assert_true(index_update(copy, store, &o, &r, &f));
	assert_string_equal(r.reason, "index damaged");
	assert_true(index_check(copy, count_finding, &findings, &f));
	assert_int_equal(findings, 0);
	cut("manifest-3", 10);
	assert_true(index_update(copy, store, &o, &r, &f));
	assert_string_equal(r.reason, "index damaged");
	store_close(store);
	clear();
}

/* Of two generations the older one is read when the newer is not whole. */
static void reading_falls_back(void **state)
{
	static const char *const breaks[] = { "manifest-2", "segment-2",
		                              "tombstones-1-2" };
	const struct visit v = { "a.example", "public", 1500000000000, 3,
		                 NULL };
	const struct visit w = { "a.example", "public", 1500000001000, 3,
		                 NULL };
	struct index_options o = { .threads = 1 };
	struct content old, new, now;
	struct index_report r;
	struct store *store;
	struct fault f;
	char db[128];
	size_t i;

	(void)state;
	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	snprintf(copy, sizeof(copy), "%s/copy", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	store = store_new(db);
	visit_questions(store, &v, 1, 30, 1, 1);
	assert_true(index_update(dir, store, &o, &r, &f));
	assert_true(content_of(dir, &old, &f));
	visit_questions(store, &w, 1, 30, 5, 2);
	assert_true(index_update(dir, store, &o, &r, &f));
	assert_true(content_of(dir, &new, &f));
	assert_false(content_same(&old, &new));
	for (i = 0; i < sizeof(breaks) / sizeof(*breaks); i++) {
		folder_copy(dir, copy);
		cut(breaks[i], 20);
		assert_true(content_of(copy, &now, &f));
		assert_true(content_same(&now, &old));
		/* The next run carries on from there. */
		assert_true(index_update(copy, store, &o, &r, &f));
		assert_false(r.rebuilt);
		assert_true(content_of(copy, &now, &f));
		assert_true(content_same(&now, &new));
	}
	store_close(store);
	clear();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flipped_byte_is_found),
		cmocka_unit_test(flips_in_a_larger_index_are_found),
		cmocka_unit_test(files_cut_short_are_found),
		cmocka_unit_test(missing_and_swapped_files_are_found),
		cmocka_unit_test(a_damaged_index_is_made_anew),
		cmocka_unit_test(reading_falls_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
