/* Dump upon dump: which state wins, which counter moves, and what a kill or a
 * second importer leaves behind. The rules are those of intake.h. */

#include "intake_fixture.h"

#include <sys/wait.h>

#include "base/memory.h"

static void the_same_dump_twice_changes_nothing(void **state)
{
	char *first, *second;
	int64_t writes;

	(void)state;
	import(&dump1);
	assert_int_equal(report.added, 5);
	assert_int_equal(report.waiting, 1);
	first = whole();
	writes = sqlite3_total_changes64(store_rows(store)->db);
	import(&dump1);
	second = whole();
	expect_same(first, second);
	assert_int_equal(report.added + report.updated + report.counted, 0);
	assert_int_equal(sqlite3_total_changes64(store_rows(store)->db),
	                 writes);
}

static void a_newer_dump_updates(void **state)
{
	struct post_row p;

	(void)state;
	import(&dump1);
	p = load("10");
	assert_string_equal(p.answers[0].content.at, "because");
	assert_true(p.answers[0].accepted);
	import(&dump2);
	p = load("10");
	assert_int_equal(p.score, 9);
	assert_int_equal(p.views, 90);
	assert_string_equal(p.author.at, "Ann B.");
	assert_string_equal(p.answers[0].content.at, "or not, edited");
	assert_true(p.answers[0].accepted);
	assert_int_equal(p.answers[0].score, 4);
	assert_int_equal(p.answers[1].score, 8);
	assert_string_equal(load("99").answers[0].native.at, "21");
	assert_int_equal(load("99").answers[0].score, 2);
	assert_int_equal(count("SELECT VoteCount FROM Comments "
	                       "WHERE NativeID = '1'"),
	                 4);
	assert_int_equal(report.waiting, 0);
}

static void an_older_dump_changes_nothing_that_is_there(void **state)
{
	char *first, *second;

	(void)state;
	import(&dump1);
	import(&dump2);
	first = whole();
	import(&dump1);
	second = whole();
	expect_same(first, second);
}

static void an_older_dump_that_comes_second_only_adds(void **state)
{
	struct post_row p;

	(void)state;
	import(&dump2);
	import(&dump1);
	p = load("10");
	assert_int_equal(p.score, 9);
	assert_string_equal(p.author.at, "Ann B.");
	assert_string_equal(p.answers[0].content.at, "or not, edited");
	assert_int_equal(report.updated + report.counted, 0);
	assert_int_equal(report.older, 2);
}

static void a_confirmed_vote_resists_a_dump_of_between(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 5 }
	};
	static const struct line two[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 6, .last = 50 }
	};
	static const struct line three[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 5, .last = 90 }
	};
	static const struct dump a = DUMP("a", one), b = DUMP("b", two),
	                         c = DUMP("c", three);

	(void)state;
	import(&a);
	import(&c);
	import(&b);
	assert_int_equal(load("1").score, 5);
}

static void votes_move_counted_and_text_moves_changed(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 5 },
		{ .kind = ANSWER, "2", "1", NULL, "y", 6 },
		{ .kind = ANSWER, "3", "1", NULL, "z", 6 },
	};
	static const struct line votes[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "T",
		  "x",
		  5,
		  6,
		  .views = 1,
		  .last = 50 },
		{ .kind = ANSWER, "2", "1", NULL, "y", 6, 1 },
	};
	static const struct line accepted[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "T",
		  "x",
		  5,
		  6,
		  .views = 1,
		  .accepted = "2",
		  .last = 60 },
	};
	static const struct line edited[] = {
		{ .kind = ANSWER, "2", "1", NULL, "new", 70, 1 },
	};
	static const struct line titled[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "New",
		  "x",
		  80,
		  6,
		  .views = 1,
		  .accepted = "2",
		  .last = 80 },
	};
	static const struct line tagged[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "New",
		  "x",
		  90,
		  6,
		  .views = 1,
		  .accepted = "2",
		  .tag = "tag",
		  .last = 90 },
	};
	static const struct dump d[] = {
		DUMP("a", one),    DUMP("b", votes),  DUMP("c", accepted),
		DUMP("d", edited), DUMP("e", titled), DUMP("f", tagged)
	};

	(void)state;
	import(&d[0]);
	expect_counters(3, 0);
	import(&d[1]);
	expect_counters(3, 2);
	import(&d[2]);
	expect_counters(4, 2);
	import(&d[3]);
	expect_counters(5, 2);
	import(&d[4]);
	expect_counters(8, 2);
	import(&d[5]);
	expect_counters(11, 2);
}

static void a_label_follows_the_same_dump_and_moves_the_answers(void **state)
{
	struct dump staff = dump1;
	int64_t changed, after, counted;

	(void)state;
	import(&dump1);
	counters(&changed, &counted);
	assert_string_equal(load("10").access.at, "public");
	staff.access = "staff";
	import(&staff);
	counters(&after, &counted);
	assert_string_equal(load("10").access.at, "staff");
	/* Two questions and two answers; a wiki has no number. */
	assert_int_equal(after, changed + 4);
}

struct counted {
	struct count_row rows[8];
	size_t count;
};

static bool note_count(void *self, const struct count_row *c, struct fault *f)
{
	struct counted *x = self;

	(void)f;
	assert_true(x->count < 8);
	x->rows[x->count++] = *c;
	return true;
}

static void votes_that_moved_are_told_once_each(void **state)
{
	struct counted x = { .count = 0 };
	int64_t changed, counted, i;

	(void)state;
	import(&dump1);
	import(&dump2);
	counters(&changed, &counted);
	OK(posts_counted(store, 0, counted, note_count, &x, &why));
	assert_int_equal(x.count, counted);
	for (i = 0; i < counted; i++) {
		struct post_row p;

		OK(post_load(store, &reader_all, x.rows[i].post, &arena, &p,
		             &why));
		if (!x.rows[i].answer) {
			assert_int_equal(x.rows[i].score, p.score);
			assert_int_equal(x.rows[i].views, p.views);
		}
	}
	x.count = 0;
	OK(posts_counted(store, counted - 1, counted, note_count, &x, &why));
	assert_int_equal(x.count, 1);
	x.count = 0;
	OK(posts_counted(store, counted, counted + 9, note_count, &x, &why));
	assert_int_equal(x.count, 0);
}

static void closing_and_owners_move_no_counter(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 3 }
	};
	static const struct line two[] = { { .kind = QUESTION,
		                             "1",
		                             NULL,
		                             "T",
		                             "x",
		                             5,
		                             3,
		                             .author = "8",
		                             .last = 50,
		                             .closed = 49 } };
	static const struct dump a = DUMP("a", one), b = DUMP("b", two);

	(void)state;
	import(&a);
	import(&b);
	assert_int_equal(load("1").closed, day(49));
	assert_string_equal(load("1").author.at, "user 8");
	expect_counters(1, 0);
	assert_int_equal(report.same, 1);
}

/* Documents of a space of its own, in many small transactions. */
static bool import_many(struct store *s, const char *space)
{
	struct intake_options o = { .space = text(space),
		                    .channel = SLICE("import"),
		                    .source = SLICE("x") };
	struct record r = { .kind = RECORD_DOCUMENT,
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE };
	struct intake_report done;
	struct intake *mine;
	char id[16];
	bool ok;
	int i;

	if (!intake_open(&mine, s, &o, &why))
		return false;
	mine->batch.most = 0;
	for (i = 0, ok = true; ok && i < 200; i++) {
		snprintf(id, sizeof(id), "%d", i);
		r.id = text(id);
		ok = intake_record(mine, &r, &why);
	}
	ok = ok && intake_finish(mine, &done, &why);
	intake_close(mine);
	return ok;
}

static void two_imports_at_once_both_go_in(void **state)
{
	int64_t changed, counted;
	int status = -1;
	pid_t child;

	(void)state;
	store_close(store);
	store = NULL;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool ok = store_open(&store, path, STORE_CREATE, &why) &&
		          import_many(store, "child.example");

		_exit(ok ? 0 : 1);
	}
	open_store();
	OK(import_many(store, "parent.example"));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	counters(&changed, &counted);
	assert_int_equal(changed, 400);
	assert_int_equal(count("SELECT count(DISTINCT Changed) FROM Posts"),
	                 400);
}

/* Every commit from the k-th on fails, as if the process had died there. */
struct killer {
	int left;
};

static int kill_at(void *self)
{
	struct killer *k = self;

	return k->left-- <= 0;
}

/* Imports with a commit after every row, dying at the k-th; false if dead. */
static bool import_dying(const struct dump *d, int k)
{
	struct killer killer = { k };
	struct intake_options o = { .space = SLICE("example.com"),
		                    .channel = SLICE("dump"),
		                    .source = text(d->name) };
	bool alive;
	size_t i;

	sqlite3_commit_hook(store_rows(store)->db, kill_at, &killer);
	alive = intake_open(&in, store, &o, &why);
	if (alive) {
		in->batch.most = 0;
		for (i = 0; alive && i < d->count; i++) {
			/* put_record() insists: ask before. */
			alive = killer.left > 0 && put(in, &d->lines[i]);
		}
		alive = alive && intake_finish(in, &report, &why);
		killer.left = 0;
		intake_close(in);
		in = NULL;
	}
	sqlite3_commit_hook(store_rows(store)->db, NULL, NULL);
	return alive;
}

/* Kills the import of `d` at each commit there is and runs it again: in the
 * end the rows are those of `clean`. Returns how many commits there were. */
static int import_killed(void **state, const struct dump *before,
                         const struct dump *d, const struct dump *after,
                         const char *clean)
{
	bool alive = false;
	int k;

	for (k = 1; !alive && k < 200; k++) {
		teardown(state);
		setup(state);
		if (before)
			import(before);
		alive = import_dying(d, k);
		import(d);
		if (after)
			import(after);
		expect_same(memory_copy(clean, strlen(clean)), whole());
	}
	assert_true(alive);
	return k;
}

static void killed_anywhere_and_run_again_ends_in_the_same_rows(void **state)
{
	char *clean;

	import(&dump1);
	import(&dump2);
	clean = whole();
	assert_true(import_killed(state, NULL, &dump1, &dump2, clean) > 10);
	assert_true(import_killed(state, &dump1, &dump2, NULL, clean) > 20);
	free(clean);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_dump_twice_changes_nothing),
		TEST(a_newer_dump_updates),
		TEST(an_older_dump_changes_nothing_that_is_there),
		TEST(an_older_dump_that_comes_second_only_adds),
		TEST(a_confirmed_vote_resists_a_dump_of_between),
		TEST(votes_move_counted_and_text_moves_changed),
		TEST(a_label_follows_the_same_dump_and_moves_the_answers),
		TEST(votes_that_moved_are_told_once_each),
		TEST(closing_and_owners_move_no_counter),
		TEST(two_imports_at_once_both_go_in),
		TEST(killed_anywhere_and_run_again_ends_in_the_same_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
