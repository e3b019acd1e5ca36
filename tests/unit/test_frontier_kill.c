/* A crawl that dies at each of its commits in turn: after every death an
 * address is due again or its page is stored, never neither; and the run that
 * goes on ends in the very rows of one that did not die. */

#include "base/buf.h"
#include "frontier_fixture.h"

/* A small site: each page's links, by number. Page 9 is not there. */
enum { PAGES = 10, LINKS = 4 };
static const int site[PAGES][LINKS] = {
	{ 1, 2, 3, 0 }, { 4, 5, 0, 1 }, { 0, 1, 2, 3 }, { 6, 2, 2, 9 },
	{ 7, 0, 1, 2 }, { 8, 9, 4, 5 }, { 0, 0, 0, 0 }, { 3, 2, 1, 0 },
	{ 5, 7, 4, 6 }, { 0, 0, 0, 0 },
};

static int commits_left;
static const char *address(int page)
{
	static const char *const all[PAGES] = {
		"/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9",
	};

	return all[page];
}

/* Every commit from some on fails, as if the process had died there. */
static int die(void *self)
{
	(void)self;
	return commits_left-- <= 0;
}

static void open_mortal(int commits)
{
	reopen();
	in->batch.most = 0; /* each step is a commit */
	commits_left = commits;
	sqlite3_commit_hook(store_rows(store)->db, die, NULL);
}

static bool add_links(int page)
{
	struct frontier_entry e = { .depth = 1 };
	bool added;
	int i;

	for (i = 0; i < LINKS; i++) {
		e.url = slice_of(address(site[page][i]));
		if (!frontier_add(fr, &e, false, &added, &why))
			return false;
	}
	return true;
}

/* What the loop does with a reply: all of it in one transaction. */
static bool reply(struct frontier_entry *e)
{
	int page = e->url.at[1] - '0';
	struct record r = { .kind = RECORD_PAGE,
		            .id = slice_cut(e->url, 1, 2),
		            .title = e->url,
		            .content = SLICE("text"),
		            .original = SLICE("<p>text"),
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE };
	bool ok;

	intake_hold(in);
	if (page == PAGES - 1) {
		ok = frontier_done(fr, e, 1000, FRONTIER_MISSED, &why);
	} else {
		e->native = r.id;
		ok = intake_record(in, &r, &why) &&
		     inventory_read(fr, r.id, 1, &why) && add_links(page) &&
		     frontier_put(fr, "mark", e->url, &why) &&
		     frontier_done(fr, e, 1000, FRONTIER_CHANGED, &why);
	}
	return intake_let_go(in, ok ? &why : &(struct fault){ 0 }) && ok;
}

/* A run with so many in hand at once; false when it died. */
static bool crawl(size_t hands)
{
	struct frontier_entry hand[4], seed = { .url = SLICE("/0") };
	bool found = true, added, is_fresh;
	size_t i, count;
	int64_t when;

	if (!frontier_begin(fr, 1000, false, &is_fresh, &when, &why))
		return false;
	if (is_fresh && (!frontier_add(fr, &seed, false, &added, &why) ||
	                 !frontier_seeded(fr, &why)))
		return false;
	while (found) {
		for (count = 0; found && count < hands; count += found)
			if (!frontier_take(fr, 1000, &arena, &hand[count],
			                   &found, &why))
				return false;
		for (i = 0; i < count; i++)
			if (!reply(&hand[i]))
				return false;
		found = count > 0;
	}
	return frontier_end(fr, 1000, 9000, true, &why);
}

/* The rows, without the microseconds that keep a turn. */
static char *rows_as_text(bool ids)
{
	static const char *const tables[] = {
		"SELECT NativeID, Title, iif(?1, PostID, 0), iif(?1, Changed, "
		"0) FROM Posts ORDER BY 1",
		"SELECT Url, Due / 1000, Done, Kind, Tries, NativeID, Visited, "
		"Depth FROM Frontier ORDER BY 1",
		"SELECT Name, Run, Running, Pages, Calls, Visited, iif(?1, "
		"Horizon, 0), Ended FROM CrawlSources",
		"SELECT NativeID, Revision, Misses, Missed FROM CrawlItems "
		"ORDER BY 1",
		"SELECT Name, iif(?1, Value, 0) FROM CrawlNotes ORDER BY 1",
		"SELECT NativeID, Kind, GoneTime FROM Gone ORDER BY 1",
	};
	struct buf b = BUF_INIT(1 << 20);
	sqlite3_stmt *s;
	size_t i;
	int j;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		assert_int_equal(sqlite3_prepare_v2(store_rows(store)->db,
		                                    tables[i], -1, &s, NULL),
		                 SQLITE_OK);
		sqlite3_bind_int(s, 1, ids);
		while (sqlite3_step(s) == SQLITE_ROW) {
			for (j = 0; j < sqlite3_column_count(s); j++)
				buf_addf(&b, "%s|",
				         (const char *)sqlite3_column_text(s, j)
				                 ? (const char *)
				                           sqlite3_column_text(
				                                   s, j)
				                 : "");
			buf_byte(&b, '\n');
		}
		sqlite3_finalize(s);
	}
	buf_string(&b);
	return b.at;
}

/* Never neither: visited pages are stored, with all their links. */
static void expect_whole_replies(void)
{
	char sql[160];
	int page, i;

	assert_int_equal(count("SELECT count(*) FROM Frontier WHERE Visited > "
	                       "0 AND NativeID NOT IN (SELECT NativeID FROM "
	                       "Posts)"),
	                 0);
	assert_int_equal(count("SELECT count(*) FROM Posts p WHERE NOT EXISTS "
	                       "(SELECT 1 FROM Frontier WHERE Visited > 0 AND "
	                       "NativeID = p.NativeID)"),
	                 0);
	assert_int_equal(count("SELECT sum(Visited > 0) - (SELECT Visited FROM "
	                       "CrawlSources) FROM Frontier"),
	                 0);
	for (page = 0; page < PAGES; page++)
		for (i = 0; i < LINKS; i++) {
			snprintf(sql, sizeof(sql),
			         "SELECT count(*) FROM Posts WHERE NativeID = "
			         "'%d' AND '/%d' NOT IN (SELECT Url FROM "
			         "Frontier)",
			         page, site[page][i]);
			assert_int_equal(count(sql), 0);
		}
}

static void anew(void)
{
	close_crawl();
	remove_store();
	open_crawl();
}

static void die_everywhere(size_t hands)
{
	char *clean, *after;
	bool died = true;
	int k;

	open_mortal(INT32_MAX);
	assert_true(crawl(hands));
	clean = rows_as_text(hands == 1);
	for (k = 0; died; k++) {
		anew();
		open_mortal(k);
		died = !crawl(hands);
		open_mortal(INT32_MAX);
		expect_whole_replies();
		if (died)
			assert_true(crawl(hands));
		after = rows_as_text(hands == 1);
		assert_string_equal(after, clean);
		free(after);
	}
	/* Begin, seed, seeded, ten pages, the end. */
	assert_true(k > 12);
	free(clean);
}

static void one_at_a_time_ends_in_the_same_rows(void **state)
{
	(void)state;
	die_everywhere(1);
}

static void with_several_in_hand_nothing_is_lost(void **state)
{
	(void)state;
	die_everywhere(3);
}

static bool vanish(void)
{
	const struct inventory_guard g = { .most = 100 };
	struct inventory_report report;

	return inventory_settle(fr, 1000 + APART, &g, &report, &why);
}

/* A listing that names two pages of nine, twice. */
static void list_less(void)
{
	int64_t when[] = { 1000, 1000 + APART };
	struct inventory_guard none = { .most = 0 };
	struct inventory_report report;
	bool current;
	size_t i;

	for (i = 0; i < 2; i++) {
		start(1000);
		OK(inventory_list(fr, &why));
		OK(inventory_named(fr, SLICE("0"), 1, &current, &why));
		OK(inventory_named(fr, SLICE("1"), 1, &current, &why));
		OK(inventory_listed(fr, when[i], &why));
		if (i == 0)
			OK(inventory_settle(fr, 0, &none, &report, &why));
	}
}

static void what_vanishes_survives_being_killed(void **state)
{
	char *clean = NULL, *after;
	bool died = true;
	int k;

	(void)state;
	for (k = -1; died; k++) {
		anew();
		assert_true(crawl(1));
		list_less();
		open_mortal(k < 0 ? INT32_MAX : k);
		died = !vanish() || k < 0;
		open_mortal(INT32_MAX);
		if (died)
			assert_true(vanish());
		after = rows_as_text(true);
		if (k < 0)
			clean = after;
		else
			assert_string_equal(after, clean);
		if (k >= 0)
			free(after);
		assert_int_equal(count("SELECT count(*) FROM Posts"), 2);
	}
	/* Seven misses, the note that all are noted, seven that vanish. */
	assert_true(k >= 15);
	free(clean);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_at_a_time_ends_in_the_same_rows),
		TEST(with_several_in_hand_nothing_is_lost),
		TEST(what_vanishes_survives_being_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
