/* Clusters of near-duplicates: kept with every change, the same whatever the
 * order of arrival, and right again after a death. */

#include "intake_fixture.h"

#include "schema/twins.h"

/* Texts of one page's many states: text t of family n shares all but a few
 * words with the others of n. */
static uint64_t seed;

static unsigned draw(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static char *page(unsigned family, unsigned state)
{
	static char text[8192];
	unsigned i, changed = 20 + state * 13 % 150;
	uint64_t kept = seed;
	size_t len = 0;

	seed = family * 7919 + 1;
	for (i = 0; i < 200; i++)
		len += (size_t)snprintf(
		        text + len, sizeof(text) - len, "%s%u%s",
		        state && i == changed ? "state" : "word", draw(4000),
		        i == changed && state ? "x"
		        : i % 40              ? " "
		                              : "\n\n");
	snprintf(text + len, sizeof(text) - len, " seen in state %u", state);
	seed = kept;
	return text;
}

static void start(const char *space, const char *access)
{
	struct intake_options o = { .space = slice_of(space),
		                    .channel = SLICE("crawl"),
		                    .access = text(access),
		                    .source = SLICE("one") };

	OK(intake_open(&in, store, &o, &why));
}

static void finish(void)
{
	OK(intake_finish(in, &report, &why));
	intake_close(in);
	in = NULL;
}

static void say(const char *id, const char *title, const char *content,
                int64_t revision)
{
	struct record r = { .kind = RECORD_PAGE,
		            .id = slice_of(id),
		            .link = slice_of(id),
		            .title = slice_of(title),
		            .content = slice_of(content),
		            .original = slice_of(content),
		            .original_type = SLICE("text/html"),
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE,
		            .revision = revision };

	OK(intake_record(in, &r, &why));
}

static void no_finding(void *self, const struct fault *finding)
{
	(void)self;
	fail_msg("%s: %s", finding->subject, finding->text);
}

static void expect_healthy(void)
{
	int64_t rows;

	OK(store_check(store, no_finding, NULL, &rows, &why));
}

/* All clusters by native ids, each line sorted, lines sorted. */
static char *clusters(void)
{
	struct buf b = BUF_INIT(1 << 20);
	sqlite3_stmt *s;

	assert_int_equal(
	        sqlite3_prepare_v2(
	                store_rows(store)->db,
	                "SELECT l FROM (SELECT group_concat(NativeID, ' ') AS "
	                "l FROM (SELECT ClusterID, NativeID FROM Twins JOIN "
	                "Posts USING (PostID) ORDER BY NativeID) GROUP BY "
	                "ClusterID) ORDER BY l",
	                -1, &s, NULL),
	        SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		buf_text(&b, (const char *)sqlite3_column_text(s, 0));
		buf_byte(&b, '\n');
	}
	sqlite3_finalize(s);
	buf_string(&b);
	return b.at;
}

static void expect_clusters(const char *expected)
{
	char *found = clusters();

	assert_string_equal(found, expected);
	free(found);
	expect_healthy();
}

static void the_same_page_twice_is_a_cluster(void **state)
{
	struct twin *members;
	int64_t cluster, other;
	size_t n;

	(void)state;
	start("wiki", NULL);
	say("a", "Disk", page(1, 0), 1);
	say("b", "Disk", page(1, 1), 1);
	say("c", "Disk", page(2, 0), 1);
	finish();
	start("mirror", "staff");
	say("m", "Disk - mirror", page(1, 0), 1);
	finish();
	expect_clusters("a b m\n");
	OK(twins_cluster(store, 4, &cluster, &why));
	OK(twins_cluster(store, 3, &other, &why));
	assert_int_equal(cluster, 1);
	assert_int_equal(other, 0);
	OK(twins_members(store, &reader_all, 1, 9, &arena, &members, &n, &why));
	assert_int_equal(n, 3);
	OK(twins_members(store, &reader_public, 1, 9, &arena, &members, &n,
	                 &why));
	assert_int_equal(n, 2);
	assert_true(slice_eq(members[0].native, SLICE("a")));
}

static void questions_are_in_none(void **state)
{
	static const struct line q[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "T",
		  "one two three four five six seven eight nine ten eleven "
		  "twelve thirteen fourteen fifteen sixteen seventeen eighteen "
		  "nineteen twenty",
		  1 },
		{ .kind = QUESTION,
		  "2",
		  NULL,
		  "T",
		  "one two three four five six seven eight nine ten eleven "
		  "twelve thirteen fourteen fifteen sixteen seventeen eighteen "
		  "nineteen twenty",
		  1 },
	};
	const struct dump d = DUMP("questions", q);

	(void)state;
	import(&d);
	assert_int_equal(count("SELECT count(*) FROM Sketches"), 0);
	assert_int_equal(count("SELECT count(*) FROM TwinQueue"), 0);
}

/* Change, return, removal, forgetting, a new name. */
static void a_cluster_follows_its_members(void **state)
{
	bool was;

	(void)state;
	start("wiki", NULL);
	say("a", "Disk", page(1, 0), 1);
	say("b", "Disk", page(1, 1), 1);
	say("c", "Disk", page(1, 2), 1);
	finish();
	expect_clusters("a b c\n");
	start("wiki", NULL);
	say("a", "Disk", page(3, 0), 2);
	finish();
	expect_clusters("b c\n");
	start("wiki", NULL);
	say("a", "Disk", page(1, 0), 3);
	OK(intake_moved(in, SLICE("c"), SLICE("d"), 5, &was, &why));
	finish();
	expect_clusters("a b d\n");
	assert_int_equal(count("SELECT max(ClusterID) FROM Twins"), 1);
	start("wiki", NULL);
	OK(intake_gone(in, SLICE("d"), 6, &was, &why));
	finish();
	expect_clusters("a b\n");
	OK(store_forget(store, SLICE("wiki/a"), day(9), &why));
	expect_clusters("");
	assert_int_equal(count("SELECT count(*) FROM Sketches"), 1);
	assert_int_equal(count("SELECT count(*) FROM SketchBands"), 16);
}

/* A title of its own makes a page of a template another page. */
static void a_title_alone_can_part_them(void **state)
{
	(void)state;
	start("wiki", NULL);
	say("a", "Disk full", page(1, 0), 1);
	say("b", "Disk full", page(1, 9), 1);
	finish();
	expect_clusters("a b\n");
	start("wiki", NULL);
	say("b", "Memory full", page(1, 9), 2);
	finish();
	expect_clusters("");
}

/* What an older store holds is looked at by the next run. */
static void an_older_store_is_caught_up_with(void **state)
{
	char id[16];
	int i;

	(void)state;
	start("wiki", NULL);
	for (i = 0; i < 300; i++) {
		snprintf(id, sizeof(id), "p%03d", i);
		say(id, "Disk", page((unsigned)i / 2, (unsigned)i % 2), 1);
	}
	finish();
	assert_int_equal(count("SELECT count(*) FROM Twins"), 300);
	OK(rows_script(store_rows(store),
	               "DELETE FROM Twins; DELETE FROM TwinPairs; "
	               "DELETE FROM Sketches; DELETE FROM SketchBands; "
	               "INSERT INTO TwinQueue VALUES (-1)",
	               &why));
	start("other", NULL);
	say("x", "Disk", page(149, 3), 1);
	/* Killed: what was committed stays, and the queue with it. */
	intake_close(in);
	in = NULL;
	assert_true(count("SELECT count(*) FROM TwinQueue") > 0);
	start("other", NULL);
	finish();
	assert_int_equal(count("SELECT count(*) FROM Twins"), 301);
	assert_int_equal(count("SELECT count(DISTINCT ClusterID) FROM Twins"),
	                 150);
	assert_int_equal(count("SELECT count(*) FROM TwinQueue"), 0);
	expect_healthy();
}

static int64_t findings;

static void one_finding(void *self, const struct fault *finding)
{
	(void)self;
	assert_string_equal(finding->code, "twins-damaged");
	findings++;
}

static void a_check_finds_what_is_wrong(void **state)
{
	static const char *const damage[] = {
		"UPDATE Sketches SET Sketch = zeroblob(256) WHERE PostID = 3",
		"UPDATE Sketches SET Sketch = x'00' WHERE PostID = 1",
		"UPDATE Sketches SET TextHash = TextHash + 1 WHERE PostID = 1",
		"UPDATE Sketches SET Shingles = 7 WHERE PostID = 1",
		"DELETE FROM Sketches WHERE PostID = 3",
		"INSERT INTO Sketches VALUES (99, 1, 20, zeroblob(256))",
		"UPDATE SketchBands SET Band = Band + 1 WHERE PostID = 3",
		"INSERT INTO SketchBands VALUES (5, 3)",
		"UPDATE TwinPairs SET Alike = Alike - 1",
		"UPDATE TwinPairs SET High = 3",
		"DELETE FROM TwinPairs",
		"UPDATE Twins SET ClusterID = 2",
		"UPDATE Twins SET ClusterID = PostID",
		"UPDATE Twins SET PostID = 3 WHERE PostID = 2",
		"INSERT INTO Twins VALUES (98, 1)",
	};
	int64_t rows;
	size_t i;

	(void)state;
	start("wiki", NULL);
	say("a", "Disk", page(1, 0), 1);
	say("b", "Disk", page(1, 1), 1);
	say("c", "Disk", page(2, 0), 1);
	finish();
	expect_healthy();
	for (i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		OK(rows_begin(store_rows(store), &why));
		OK(rows_script(store_rows(store), damage[i], &why));
		findings = 0;
		OK(store_check(store, one_finding, NULL, &rows, &why));
		if (!findings)
			fail_msg("not found: %s", damage[i]);
		rows_rollback(store_rows(store));
	}
	expect_healthy();
}

/* A damaged sketch stops nothing, and is mended by the next change. */
static void damage_is_mended_by_a_change(void **state)
{
	(void)state;
	start("wiki", NULL);
	say("a", "Disk", page(1, 0), 1);
	finish();
	OK(rows_script(store_rows(store),
	               "UPDATE Sketches SET Sketch = x'00'; "
	               "DELETE FROM SketchBands",
	               &why));
	start("wiki", NULL);
	say("b", "Disk", page(1, 1), 1);
	say("a", "Disk", page(1, 2), 2);
	finish();
	expect_clusters("a b\n");
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

/* A visit with a commit after every step: pages come, one that connects
 * others changes, another goes. False: dead. */
static bool live(struct killer *k)
{
	static const char *const ids[] = { "a", "b", "c", "d", "e", "f" };
	bool alive, was;
	size_t i;

	sqlite3_commit_hook(store_rows(store)->db, kill_at, k);
	start("wiki", NULL);
	in->batch.most = 0;
	for (i = 0; i < 6 && k->left > 0; i++)
		say(ids[i], "Disk", page(1, (unsigned)i), 1);
	if (k->left > 0)
		say("a", "Disk", page(2, 0), 2);
	if (k->left > 0)
		say("g", "Disk", page(2, 1), 1);
	alive = k->left > 0 && intake_gone(in, SLICE("c"), 3, &was, &why) &&
	        intake_finish(in, &report, &why);
	k->left = 0;
	intake_close(in);
	in = NULL;
	sqlite3_commit_hook(store_rows(store)->db, NULL, NULL);
	return alive;
}

static void killed_anywhere_they_end_the_same(void **state)
{
	bool alive = false;
	int n;

	for (n = 2; !alive && n < 60; n++) {
		struct killer k = { n }, none = { 1000 };

		teardown(state);
		setup(state);
		alive = live(&k);
		expect_healthy();
		assert_true(live(&none));
		expect_clusters("a g\nb d e f\n");
	}
	assert_true(alive && n > 8);
}

/* One random life of a wiki; the last state of each page is kept. */
enum { PAGES = 40, FAMILIES = 8, STEPS = 120 };

static struct {
	bool there;
	unsigned family, state;
} pages[PAGES];

static void random_step(int64_t now)
{
	unsigned n = draw(PAGES);
	char id[16];
	bool was;

	snprintf(id, sizeof(id), "p%02u", n);
	if (pages[n].there && !draw(3)) {
		OK(intake_gone(in, slice_of(id), now, &was, &why));
		pages[n].there = false;
		return;
	}
	pages[n].there = true;
	pages[n].family = draw(FAMILIES);
	pages[n].state = draw(6);
	say(id, "A page", page(pages[n].family, pages[n].state), now);
}

static char *from_scratch(void)
{
	unsigned order[PAGES], i, j, t;
	char id[16];

	for (i = 0; i < PAGES; i++)
		order[i] = i;
	for (i = PAGES - 1; i > 0; i--) {
		j = draw(i + 1);
		t = order[i];
		order[i] = order[j];
		order[j] = t;
	}
	teardown(NULL);
	setup(NULL);
	start("wiki", NULL);
	for (i = 0; i < PAGES; i++) {
		if (!pages[order[i]].there)
			continue;
		snprintf(id, sizeof(id), "p%02u", order[i]);
		say(id, "A page",
		    page(pages[order[i]].family, pages[order[i]].state), 1);
	}
	finish();
	return clusters();
}

static void any_history_ends_as_if_from_scratch(void **state)
{
	unsigned i;
	int round;

	(void)state;
	for (round = 0; round < 12; round++) {
		char *lived, *made;

		seed = (uint64_t)round + 77;
		memset(pages, 0, sizeof(pages));
		teardown(NULL);
		setup(NULL);
		start("wiki", NULL);
		for (i = 0; i < STEPS; i++) {
			random_step(i + 1);
			if (draw(10))
				continue;
			/* Killed here and there. */
			intake_close(in);
			start("wiki", NULL);
		}
		finish();
		expect_healthy();
		lived = clusters();
		made = from_scratch();
		assert_true(*made);
		expect_same(lived, made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_page_twice_is_a_cluster),
		TEST(questions_are_in_none),
		TEST(a_cluster_follows_its_members),
		TEST(a_title_alone_can_part_them),
		TEST(an_older_store_is_caught_up_with),
		TEST(a_check_finds_what_is_wrong),
		TEST(damage_is_mended_by_a_change),
		TEST(killed_anywhere_they_end_the_same),
		TEST(any_history_ends_as_if_from_scratch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
