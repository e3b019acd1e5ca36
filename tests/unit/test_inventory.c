/* What a source holds, and how slowly something is believed to be gone. */

#include "frontier_fixture.h"

static const struct inventory_guard open_guard = { .most = 100 };
static struct inventory_report report;

static void put(enum record_kind kind, const char *id, const char *parent)
{
	struct record r = {
		.kind = kind,
		.id = slice_of(id),
		.parent = slice_of(parent),
		.title = SLICE("T"),
		.content = SLICE("text"),
		.original = SLICE("<p>text"),
		.created = CLOCK_NONE,
		.modified = CLOCK_NONE,
		.closed = CLOCK_NONE,
	};

	OK(intake_record(in, &r, &why));
}

static void put_page(const char *id)
{
	put(RECORD_PAGE, id, "");
	OK(inventory_read(fr, slice_of(id), 1, &why));
}

static bool named(const char *id, int64_t revision)
{
	bool current;

	OK(inventory_named(fr, slice_of(id), revision, &current, &why));
	return current;
}

static void missed(const char *id, int64_t now)
{
	OK(inventory_missed(fr, slice_of(id), now, &why));
}

static int64_t settle(int64_t now)
{
	OK(inventory_settle(fr, now, &open_guard, &report, &why));
	return report.vanished;
}

static int64_t pages(void)
{
	return count("SELECT count(*) FROM Posts");
}

/* A listing of everything that names these; the list ends at NULL. */
static void list(int64_t now, const char *const *ids)
{
	OK(inventory_list(fr, &why));
	for (; *ids; ids++)
		named(*ids, 0);
	OK(inventory_listed(fr, now, &why));
}

static const char *const both[] = { "a", "b", NULL };
static const char *const only_a[] = { "a", NULL };

static void a_revision_that_was_read_is_current(void **state)
{
	(void)state;
	assert_false(named("a", 7));
	assert_false(named("a", 7));
	OK(inventory_read(fr, SLICE("a"), 7, &why));
	assert_true(named("a", 7));
	assert_false(named("a", 8));
	OK(inventory_read(fr, SLICE("a"), 0, &why));
	assert_false(named("a", 0));
}

static void two_misses_apart_make_it_vanish(void **state)
{
	(void)state;
	put_page("a");
	put_page("b");
	missed("a", 1000);
	assert_int_equal(settle(1000), 0);
	assert_int_equal(report.known, 2);
	assert_int_equal(report.missed, 1);
	missed("a", 1000 + APART - 1);
	assert_int_equal(settle(1000 + APART), 0);
	missed("a", 1000 + APART);
	assert_int_equal(settle(1000 + APART), 1);
	assert_int_equal(pages(), 1);
	assert_int_equal(count("SELECT count(*) FROM Gone WHERE NativeID = 'a' "
	                       "AND GoneTime = '1970-01-01 02:00:01.000'"),
	                 1);
	assert_int_equal(count("SELECT count(*) FROM CrawlItems"), 1);
	assert_int_equal(settle(1000 + APART), 0);
}

static void being_named_or_read_forgives(void **state)
{
	(void)state;
	put_page("a");
	missed("a", 0);
	named("a", 0);
	missed("a", APART);
	OK(inventory_read(fr, SLICE("a"), 1, &why));
	missed("a", 2 * APART);
	assert_int_equal(settle(2 * APART), 0);
	assert_int_equal(report.missed, 1);
	missed("a", 3 * APART);
	assert_int_equal(settle(3 * APART), 1);
}

static void what_the_source_calls_deleted_vanishes_at_once(void **state)
{
	(void)state;
	put_page("a");
	put_page("b");
	missed("b", 5);
	OK(inventory_deleted(fr, SLICE("a"), 5, &why));
	OK(inventory_deleted(fr, SLICE("b"), 5, &why));
	assert_int_equal(settle(5), 2);
}

static void a_miss_of_what_we_never_had_is_nothing(void **state)
{
	(void)state;
	missed("x", 0);
	missed("", 0);
	OK(inventory_deleted(fr, SLICE("y"), 0, &why));
	settle(0);
	assert_int_equal(report.known, 0);
	/* What an import brought counts as ours. */
	put(RECORD_PAGE, "imported", "");
	OK(inventory_deleted(fr, SLICE("imported"), 0, &why));
	assert_int_equal(settle(0), 1);
	assert_int_equal(pages(), 0);
}

static void two_complete_listings_without_it_make_it_vanish(void **state)
{
	(void)state;
	start(0);
	put_page("a");
	put_page("b");
	list(0, both);
	assert_int_equal(settle(0), 0);
	assert_int_equal(report.missed, 0);
	list(APART, only_a);
	assert_int_equal(settle(APART), 0);
	assert_int_equal(report.missed, 1);
	list(2 * APART, only_a);
	assert_int_equal(settle(2 * APART), 1);
	assert_int_equal(count("SELECT count(*) FROM Posts "
	                       "WHERE NativeID = 'a'"),
	                 1);
}

static void a_listing_without_its_end_misses_nothing(void **state)
{
	int i;

	(void)state;
	start(0);
	put_page("a");
	for (i = 0; i < 5; i++) {
		OK(inventory_list(fr, &why));
		settle(i * APART);
		stop(i * APART);
		/* Too late: the run is over. */
		start(i * APART);
		OK(inventory_listed(fr, i * APART, &why));
		settle(i * APART);
		assert_int_equal(report.missed, 0);
	}
	assert_int_equal(pages(), 1);
}

static void what_is_read_while_it_is_listed_is_there(void **state)
{
	(void)state;
	start(0);
	OK(inventory_list(fr, &why));
	put_page("new");
	OK(inventory_listed(fr, 0, &why));
	settle(0);
	assert_int_equal(report.missed, 0);
}

static void a_listing_survives_a_kill(void **state)
{
	(void)state;
	start(0);
	put_page("a");
	put_page("b");
	OK(frontier_seeded(fr, &why));
	OK(inventory_list(fr, &why));
	named("a", 0);
	reopen();
	start(1);
	assert_false(fresh);
	OK(inventory_listed(fr, 1, &why));
	reopen();
	start(2);
	settle(2);
	assert_int_equal(report.missed, 1);
	assert_int_equal(count("SELECT Missed FROM CrawlItems "
	                       "WHERE NativeID = 'b'"),
	                 1);
}

static void more_than_the_guard_allows_stays(void **state)
{
	struct inventory_guard g = { .most = 2, .percent = 10 };
	char id[16];
	int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		snprintf(id, sizeof(id), "%d", i);
		put_page(id);
		if (i < 6)
			OK(inventory_deleted(fr, slice_of(id), 0, &why));
	}
	OK(inventory_settle(fr, 0, &g, &report, &why));
	assert_true(report.guarded);
	assert_int_equal(report.due, 6);
	assert_int_equal(report.vanished, 0);
	assert_int_equal(pages(), 50);
	named("5", 0);
	OK(inventory_settle(fr, 0, &g, &report, &why));
	assert_false(report.guarded);
	assert_int_equal(pages(), 45);
	for (i = 5; i < 45; i++) {
		snprintf(id, sizeof(id), "%d", i);
		OK(inventory_deleted(fr, slice_of(id), 0, &why));
	}
	g.confirmed = true;
	OK(inventory_settle(fr, 0, &g, &report, &why));
	assert_int_equal(report.vanished, 40);
	assert_int_equal(pages(), 5);
}

static void what_comes_back_is_read_whole(void **state)
{
	(void)state;
	start(0);
	add("/a");
	take(0);
	put_page("a");
	entry.native = SLICE("a");
	entry.etag = SLICE("\"1\"");
	entry.digest = 9;
	done(0, FRONTIER_CHANGED);
	OK(inventory_deleted(fr, SLICE("a"), 0, &why));
	assert_int_equal(settle(0), 1);
	assert_int_equal(find("/a").etag.len, 0);
	assert_int_equal(find("/a").digest, 0);
	assert_int_equal(find("/a").native.len, 0);
	assert_false(named("a", 1));
}

static void an_address_of_nothing_is_asked_less_and_less(void **state)
{
	int64_t now = 0;

	(void)state;
	start(now);
	add("/none");
	take(now);
	done(now, FRONTIER_MISSED);
	assert_int_equal(find("/none").due, APART);
	take_again(now = APART);
	done(now, FRONTIER_MISSED);
	assert_int_equal(find("/none").due - now, 2 * APART);
	take_again(now = 3 * APART);
	done(now, FRONTIER_MISSED);
	assert_int_equal(find("/none").due - now, 4 * HOUR);
}

static void another_id_takes_rows_and_addresses_along(void **state)
{
	(void)state;
	start(0);
	add("/a");
	take(0);
	put_page("a");
	entry.native = SLICE("a");
	done(0, FRONTIER_CHANGED);
	OK(inventory_moved(fr, SLICE("a"), SLICE("b"), &why));
	assert_true(named("b", 1));
	assert_false(in->hold);
	assert_string_equal(find("/a").native.at, "b");
	assert_int_equal(count("SELECT count(*) FROM Posts "
	                       "WHERE NativeID = 'b'"),
	                 1);
	missed("a", 0);
	settle(0);
	assert_int_equal(report.missed, 0);
	/* Onto one that is known: that one stays. */
	put_page("c");
	OK(inventory_moved(fr, SLICE("b"), SLICE("c"), &why));
	settle(0);
	assert_int_equal(report.known, 1);
	assert_int_equal(pages(), 1);
	assert_false(inventory_moved(fr, SLICE("c"), SLICE("\n"), &why));
	assert_false(in->hold);
	assert_int_equal(pages(), 1);
}

static void what_was_forgotten_is_not_asked_for(void **state)
{
	(void)state;
	start(0);
	put_page("a");
	OK(intake_commit(in, &why));
	OK(store_forget(store, SLICE("handbook.example/a"), 0, &why));
	assert_true(named("a", 99));
	assert_false(named("b", 99));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_revision_that_was_read_is_current),
		TEST(two_misses_apart_make_it_vanish),
		TEST(being_named_or_read_forgives),
		TEST(what_the_source_calls_deleted_vanishes_at_once),
		TEST(a_miss_of_what_we_never_had_is_nothing),
		TEST(two_complete_listings_without_it_make_it_vanish),
		TEST(a_listing_without_its_end_misses_nothing),
		TEST(what_is_read_while_it_is_listed_is_there),
		TEST(a_listing_survives_a_kill),
		TEST(more_than_the_guard_allows_stays),
		TEST(what_comes_back_is_read_whole),
		TEST(an_address_of_nothing_is_asked_less_and_less),
		TEST(another_id_takes_rows_and_addresses_along),
		TEST(what_was_forgotten_is_not_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
