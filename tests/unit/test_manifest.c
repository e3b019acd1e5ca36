#include "index_content.h"
#include "synthetic.h"

#include "kb/manifest.h"

static struct manifest_segment segments[] = {
	{ .number = 3,
	  .bytes = 5000,
	  .hash = 77,
	  .count = 10,
	  .dead = 2,
	  .dead_generation = 9,
	  .dead_hash = 1,
	  .score_generation = 8,
	  .score_hash = 2,
	  .fresh = true,
	  .label = { "public", 6 } },
	{ .number = 5, .score_generation = 10, .label = { "staff", 5 } },
};

static struct manifest example(void)
{
	struct manifest m = {
		.facts = { .store_uuid = SLICE("12345678-uuid"),
		           .generation = 10,
		           .changed = 1000,
		           .counted = -1,
		           .analyzer = SLICE("ops | fold"),
		           .analyzer_version = 3,
		           .passage_version = 4,
		           .weights = index_weights_default },
		.next_segment = 6,
		.measured = 12,
		.unsynced = true,
		.segments = segments,
		.count = 2,
	};

	m.facts.weights.average[FIELD_BODY] = 83.25;
	return m;
}

static void what_is_written_is_read(void **state)
{
	struct buf bytes = BUF_INIT(1 << 20), again = BUF_INIT(1 << 20);
	struct manifest m = example(), back;
	struct arena a = ARENA_INIT;
	struct fault f;

	(void)state;
	manifest_write(&m, &bytes);
	assert_true(manifest_parse(&back, buf_slice(&bytes), &a, &f));
	assert_int_equal(back.facts.counted, -1);
	assert_true(back.facts.weights.average[FIELD_BODY] == 83.25);
	assert_true(slice_eq(back.segments[1].label, SLICE("staff")));
	assert_int_equal(back.segments[0].dead_generation, 9);
	assert_true(back.unsynced && back.segments[0].fresh);
	assert_false(back.segments[1].fresh);
	manifest_write(&back, &again);
	assert_true(slice_eq(buf_slice(&bytes), buf_slice(&again)));
	buf_release(&bytes);
	buf_release(&again);
	arena_release(&a);
}

static void anything_else_is_damage(void **state)
{
	struct buf bytes = BUF_INIT(1 << 20);
	struct manifest m = example(), back;
	struct arena a = ARENA_INIT;
	struct fault f;
	size_t i;

	(void)state;
	manifest_write(&m, &bytes);
	for (i = 0; i < bytes.len; i++) {
		bytes.at[i] ^= 4;
		assert_false(manifest_parse(&back, buf_slice(&bytes), &a, &f));
		assert_string_equal(f.code, "index-damaged");
		bytes.at[i] ^= 4;
		assert_false(manifest_parse(
		        &back, slice_cut(buf_slice(&bytes), 0, i), &a, &f));
	}
	buf_release(&bytes);
	arena_release(&a);
}

static void touch(const char *folder, const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
}

static void count_file(const char *folder, const char *name, void *self)
{
	(void)folder;
	(void)name;
	++*(int *)self;
}

static void the_sweep_keeps_what_is_named_and_what_is_not_ours(void **state)
{
	static const char *const kept[] = {
		"manifest-10", "segment-3",   "segment-5",    "tombstones-3-9",
		"scores-3-8",  "scores-5-10", "lock",         "notes.txt",
		"segment-x",   "manifest-",   ".tmp-9-thing",
	};
	static const char *const gone[] = { "manifest-9",      "manifest-11",
		                            "segment-4",       "segment-55",
		                            "tombstones-3-10", "scores-3-9",
		                            "scores-4-8" };
	char *folder = scratch_folder();
	struct manifest m = example();
	uint64_t *generations, top;
	char path[256];
	struct fault f;
	int files = 0;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		touch(folder, kept[i]);
	for (i = 0; i < sizeof(gone) / sizeof(*gone); i++)
		touch(folder, gone[i]);
	assert_true(manifest_list(folder, &generations, &n, &f));
	assert_int_equal(n, 3);
	assert_int_equal(generations[0], 11);
	assert_int_equal(generations[2], 9);
	free(generations);
	assert_true(manifest_sweep(folder, &m, 1, &top, &f));
	assert_int_equal(top, 55);
	for (i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, kept[i]);
		if (access(path, F_OK))
			fail_msg("%s is gone", kept[i]);
	}
	folder_each(folder, count_file, &files);
	assert_int_equal(files, sizeof(kept) / sizeof(*kept));
	folder_remove(folder);
	free(folder);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(anything_else_is_damage),
		cmocka_unit_test(
		        the_sweep_keeps_what_is_named_and_what_is_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
