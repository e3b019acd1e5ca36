/* retrieve.h and serve_index.h where a server uses them: an index that is
 * shared and followed, a reader of his own, an end of patience. */

#include "index_content.h"
#include "index_store.h"

#include "app/retrieve.h"
#include "app/serve_index.h"

static char *folder, dir[100], db[100];
static struct store *store;
static struct app app;

static const struct visit visit = { "a.example", "public", 1500000000000, 3,
	                            NULL };

static void update(void)
{
	struct index_options o = { .threads = 1 };
	struct index_report report;
	struct fault f;

	if (!index_update(dir, store, &o, &report, &f))
		fail_msg("%s: %s", f.subject, f.text);
}

static int setup(void **state)
{
	(void)state;
	folder = scratch_folder();
	snprintf(dir, sizeof(dir), "%s/index", folder);
	snprintf(db, sizeof(db), "%s/a.db", folder);
	store = store_new(db);
	app = (struct app){ .db = db, .index = dir };
	visit_questions(store, &visit, 1, 20, 1, 1);
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

static struct serve_lease take(struct serve_index *x)
{
	struct serve_lease lease;
	struct fault f;

	if (!serve_index_take(x, clock_now(), &lease, &f))
		fail_msg("%s", f.text);
	return lease;
}

static struct retriever *retriever_of(const struct index *x)
{
	struct retriever *r;
	struct fault f;

	assert_true(retriever_open_on(&r, &app, &reader_public, &f));
	assert_true(retriever_turn(r, x, &f));
	return r;
}

/* How many hits `text` has; the code of the fault if any. */
static size_t hits(struct retriever *r, const char *text, int64_t until,
                   const char **code)
{
	struct retrieve_query q = { .text = slice_of(text),
		                    .k = 1000,
		                    .until = until };
	struct retrieve_answer answer;
	struct arena a = ARENA_INIT;
	static struct fault f;
	bool done = retrieve(r, &q, &a, &answer, &f);
	size_t count = answer.count;

	*code = done ? "" : f.code;
	arena_release(&a);
	return done ? count : 0;
}

static void a_generation_lasts_as_long_as_its_users(void **state)
{
	struct serve_index *x = serve_index_new(dir);
	struct serve_lease old, next, same;
	struct retriever *r;
	const char *code;
	struct fault f;

	(void)state;
	old = take(x);
	r = retriever_of(old.index);
	assert_int_equal(hits(r, "own7", 0, &code), 1);
	assert_int_equal(hits(r, "own25", 0, &code), 0);
	visit_questions(store, &visit, 20, 30, 1, 1);
	update();
	next = take(x);
	same = take(x);
	assert_ptr_not_equal(next.index, old.index);
	assert_ptr_equal(next.index, same.index);
	assert_int_equal(serve_index_turns(x), 1);
	/* The old one is searched on until the turn. */
	assert_int_equal(hits(r, "own25", 0, &code), 0);
	assert_true(retriever_turn(r, next.index, &f));
	serve_index_drop(&old);
	assert_int_equal(hits(r, "own25", 0, &code), 1);
	assert_int_equal(hits(r, "own7", 0, &code), 1);
	serve_index_drop(&next);
	serve_index_drop(&same);
	retriever_close(r);
	serve_index_free(x);
}

static void only_what_is_public_is_found(void **state)
{
	const struct visit staff = { "b.example", "staff", 1500000000000, 3,
		                     NULL };
	struct serve_index *x = serve_index_new(dir);
	struct serve_lease lease;
	struct retriever *r;
	const char *code;

	(void)state;
	visit_questions(store, &staff, 40, 45, 1, 1);
	update();
	lease = take(x);
	r = retriever_of(lease.index);
	assert_int_equal(hits(r, "own42", 0, &code), 0);
	assert_string_equal(code, "");
	assert_int_equal(hits(r, "own7", 0, &code), 1);
	retriever_close(r);
	serve_index_drop(&lease);
	serve_index_free(x);
}

static void patience_ends(void **state)
{
	struct serve_index *x = serve_index_new(dir);
	struct serve_lease lease = take(x);
	struct retriever *r = retriever_of(lease.index);
	const char *code;

	(void)state;
	assert_int_equal(hits(r, "nginx", clock_monotonic() - 1, &code), 0);
	assert_string_equal(code, "retrieve-late");
	assert_true(hits(r, "nginx", clock_monotonic() + 3600000, &code) > 9);
	retriever_close(r);
	serve_index_drop(&lease);
	serve_index_free(x);
}

static void what_is_missing_is_said_and_found_later(void **state)
{
	struct serve_index *x = serve_index_new(dir);
	struct serve_lease lease;
	int64_t now = clock_now();
	struct fault f;

	(void)state;
	folder_remove(dir);
	assert_false(serve_index_take(x, now, &lease, &f));
	assert_string_equal(f.code, "index-missing");
	update();
	/* Not looked for again at once, also when the clock went back. */
	assert_false(serve_index_take(x, now + 1, &lease, &f));
	assert_string_equal(f.code, "index-missing");
	assert_true(serve_index_take(x, now - 1000, &lease, &f));
	assert_int_equal(serve_index_turns(x), 0);
	serve_index_drop(&lease);
	serve_index_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		        a_generation_lasts_as_long_as_its_users, setup,
		        teardown),
		cmocka_unit_test_setup_teardown(only_what_is_public_is_found,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(patience_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(
		        what_is_missing_is_said_and_found_later, setup,
		        teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
