/* What a crawl remembers: what is new, what comes next and when again. */

#include "frontier_fixture.h"

static void what_is_found_comes_in_the_order_of_finding(void **state)
{
	char name[32];
	int i;

	(void)state;
	start(1000);
	for (i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		assert_true(add(name));
		assert_false(add(name));
	}
	for (i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		assert_string_equal(take(1000), name);
		/* Found on the way: behind all that was found before. */
		if (i % 100 == 0) {
			snprintf(name, sizeof(name), "/more/%d", i);
			assert_true(add(name));
		}
		done(1000, FRONTIER_CHANGED);
	}
	for (i = 0; i < 600; i += 100) {
		snprintf(name, sizeof(name), "/more/%d", i);
		assert_string_equal(take(1000), name);
	}
	assert_null(take(1000));
}

static void a_page_is_visited_once_a_run_and_again_when_due(void **state)
{
	(void)state;
	start(1000);
	add("/a");
	take(1000);
	done(1000, FRONTIER_CHANGED);
	assert_null(take(2000));
	stop(2000);
	start(1000 + HOUR - 1);
	assert_null(take(1000 + HOUR));
	stop(1000 + HOUR);
	start(1000 + HOUR);
	assert_string_equal(take(1000 + HOUR), "/a");
	done(1000 + HOUR, FRONTIER_SAME);
	assert_null(take(1000 + HOUR));
}

static void intervals_follow_change_within_their_bounds(void **state)
{
	int64_t now = 1000;

	(void)state;
	start(now);
	add("/a");
	take(now);
	assert_int_equal(entry.interval, 0);
	done(now, FRONTIER_CHANGED);
	assert_int_equal(find("/a").interval, HOUR);
	now = visit_again(now, FRONTIER_SAME);
	assert_int_equal(find("/a").interval, HOUR * 3 / 2);
	assert_int_equal(find("/a").changed, 1000);
	now = visit_again(now, FRONTIER_CHANGED);
	assert_int_equal(find("/a").interval, HOUR * 3 / 4);
	assert_int_equal(find("/a").changed, now);
	now = visit_again(now, FRONTIER_CHANGED);
	now = visit_again(now, FRONTIER_CHANGED);
	assert_int_equal(find("/a").interval, HOUR / 4);
	for (int i = 0; i < 10; i++)
		now = visit_again(now, FRONTIER_SAME);
	assert_int_equal(find("/a").interval, 4 * HOUR);
}

static void validators_stay_unless_the_page_changed(void **state)
{
	(void)state;
	start(1000);
	add("/a");
	take(1000);
	entry.native = SLICE("a");
	entry.etag = SLICE("\"1\"");
	entry.modified = SLICE("yesterday");
	entry.digest = 7;
	done(1000, FRONTIER_CHANGED);
	visit_again(1000, FRONTIER_SAME);
	assert_string_equal(find("/a").etag.at, "\"1\"");
	take_again(HOUR * 9);
	assert_string_equal(entry.modified.at, "yesterday");
	assert_int_equal(entry.digest, 7);
	entry.etag = SLICE("\"2\"");
	entry.modified = SLICE("");
	done(HOUR * 9, FRONTIER_CHANGED);
	assert_string_equal(find("/a").etag.at, "\"2\"");
	assert_int_equal(find("/a").modified.len, 0);
	assert_string_equal(find("/a").native.at, "a");
}

static void another_name_of_a_page_holds_nothing(void **state)
{
	(void)state;
	start(1000);
	add("/a");
	take(1000);
	entry.native = SLICE("a");
	done(1000, FRONTIER_CHANGED);
	take_again(HOUR * 9);
	done(HOUR * 9, FRONTIER_SKIPPED);
	assert_string_equal(find("/a").native.at, "a");
	take_again(HOUR * 90);
	entry.native = SLICE("");
	done(HOUR * 90, FRONTIER_SKIPPED);
	assert_int_equal(find("/a").native.len, 0);
}

static void what_failed_comes_at_the_next_run_alone(void **state)
{
	(void)state;
	start(1000);
	add("/a");
	take(1000);
	done(1000, FRONTIER_FAILED);
	assert_null(take(999999));
	stop(2000);
	start(2000);
	assert_string_equal(take(2000), "/a");
	assert_int_equal(entry.tries, 1);
	done(2000, FRONTIER_MISSED);
	stop(2000);
	start(2000 + APART - 1);
	assert_null(take(2000));
	stop(2000);
	start(2000 + APART);
	assert_string_equal(take(2000 + APART), "/a");
	assert_int_equal(entry.tries, 0);
	done(2000 + APART, FRONTIER_SKIPPED);
	stop(2000 + APART);
	start(2000 + APART + 4 * HOUR - 1);
	assert_null(take(0));
	stop(0);
	start(2000 + APART + 4 * HOUR);
	assert_string_equal(take(0), "/a");
}

static void everything_means_also_what_is_not_due_once(void **state)
{
	(void)state;
	start(1000);
	add("/a");
	add("/b");
	take(1000);
	done(1000, FRONTIER_CHANGED);
	take(1000);
	done(1000, FRONTIER_CHANGED);
	stop(1000);
	start_all(1001);
	assert_string_equal(take(1001), "/a");
	done(1001, FRONTIER_SAME);
	add("/c");
	assert_string_equal(take(1001), "/c");
	done(1001, FRONTIER_CHANGED);
	assert_string_equal(take(1001), "/b");
	done(1001, FRONTIER_SAME);
	assert_null(take(1001));
	/* Their own intervals, not the end of time. */
	assert_int_equal(find("/a").due, 1001 + HOUR * 3 / 2);
	assert_int_equal(find("/c").due, 1001 + HOUR);
}

static void a_hint_brings_a_page_forward(void **state)
{
	(void)state;
	start(10 * HOUR);
	add("/a");
	add("/b");
	take(10 * HOUR);
	done(10 * HOUR, FRONTIER_CHANGED);
	take(10 * HOUR);
	done(10 * HOUR, FRONTIER_CHANGED);
	stop(10 * HOUR);
	start(10 * HOUR + 60000);
	add("/new");
	assert_string_equal(take(0), "/new");
	/* Old news: the visit came after it. */
	add_due("/a", 10 * HOUR, false);
	assert_null(take(0));
	assert_false(add_due("/b", 10 * HOUR + 30000, false));
	assert_string_equal(take(0), "/b");
	done(10 * HOUR + 60000, FRONTIER_CHANGED);
	/* Visited in this run: only `again` makes it come once more. */
	add_due("/b", 10 * HOUR + 30000, false);
	assert_null(take(0));
	add_due("/b", 0, true);
	add_due("/b", 0, true);
	assert_string_equal(take(0), "/b");
	add_due("/b", 0, true);
	done(10 * HOUR + 60000, FRONTIER_SAME);
	assert_null(take(0));
}

static void asked_again_it_has_the_new_tag_and_note(void **state)
{
	struct frontier_entry e = { .url = SLICE("/a"),
		                    .tag = 7,
		                    .note = SLICE("map") };
	bool added;

	(void)state;
	start(1000);
	add("/a");
	take(1000);
	done(1000, FRONTIER_CHANGED);
	OK(frontier_add(fr, &e, true, &added, &why));
	assert_false(added);
	take(1000);
	assert_int_equal(entry.tag, 7);
	assert_string_equal(entry.note.at, "map");
	assert_int_equal(entry.visited, 1000);
}

static void an_earlier_place_is_found_behind_the_queue(void **state)
{
	char name[32];
	int i;

	(void)state;
	start(10 * HOUR);
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		add(name);
	}
	assert_string_equal(take(0), "/0");
	add_due("/first", 5, false);
	assert_string_equal(take(0), "/first");
	assert_string_equal(take(0), "/1");
	for (i = 2; i < 300; i++)
		take(0);
	assert_null(take(0));
}

static void a_call_is_gone_when_answered(void **state)
{
	struct frontier_entry e = { .kind = FRONTIER_CALL,
		                    .url = SLICE("https://x/api"),
		                    .body = SLICE("a=1"),
		                    .body_type = SLICE("text/plain"),
		                    .note = SLICE("n\0te"),
		                    .tag = UINT32_MAX,
		                    .depth = 3 };
	bool added;

	(void)state;
	start(1000);
	OK(frontier_add(fr, &e, false, &added, &why));
	assert_true(added);
	OK(frontier_add(fr, &e, false, &added, &why));
	assert_false(added);
	e.body = SLICE("a=2");
	OK(frontier_add(fr, &e, false, &added, &why));
	assert_true(added);
	take(1000);
	assert_string_equal(entry.body.at, "a=1");
	assert_string_equal(entry.body_type.at, "text/plain");
	assert_memory_equal(entry.note.at, "n\0te", 4);
	assert_int_equal(entry.tag, UINT32_MAX);
	assert_int_equal(entry.depth, 3);
	done(1000, FRONTIER_SAME);
	take(1000);
	done(1000, FRONTIER_FAILED);
	assert_null(take(1000));
	assert_int_equal(counts().calls, 1);
	stop(1000);
	start(1001);
	assert_int_equal(counts().calls, 0);
	assert_null(take(1001));
	OK(frontier_add(fr, &e, false, &added, &why));
	assert_true(added);
}

static void what_is_held_back_comes_when_its_time_has_come(void **state)
{
	struct frontier_entry a;

	(void)state;
	start(1000);
	add("/a");
	add("/b");
	assert_int_equal(frontier_held(fr), INT64_MAX);
	take(1000);
	a = entry;
	OK(frontier_back(fr, &a, 5000, true, &why));
	take(1000);
	OK(frontier_back(fr, &entry, 3000, false, &why));
	assert_int_equal(frontier_held(fr), 3000);
	assert_null(take(2999));
	assert_string_equal(take(3000), "/b");
	assert_int_equal(entry.tries, 0);
	assert_int_equal(frontier_held(fr), 5000);
	assert_string_equal(take(5000), "/a");
	assert_int_equal(entry.tries, 1);
	done(5000, FRONTIER_CHANGED);
	assert_int_equal(find("/a").tries, 0);
}

static void too_many_held_back_are_given_up(void **state)
{
	char name[32];
	int i;

	(void)state;
	start(1000);
	for (i = 0; i < 4100; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		add(name);
	}
	for (i = 0; i < 4100; i++) {
		take(1000);
		OK(frontier_back(fr, &entry, 2000 + i, false, &why));
	}
	assert_int_equal(counts().due, 4096);
	for (i = 0; i < 4096; i++)
		assert_non_null(take(9000));
	assert_null(take(9000));
	stop(1001);
	start(1001);
	assert_int_equal(counts().due, 4100);
}

static void a_run_that_was_killed_goes_on(void **state)
{
	(void)state;
	start(1000);
	add("/a");
	add("/b");
	assert_true(fresh);
	reopen();
	start(2000);
	assert_true(fresh);
	assert_int_equal(started, 1000);
	OK(frontier_seeded(fr, &why));
	take(2000);
	done(2000, FRONTIER_CHANGED);
	take(2000); /* in hand when it died */
	reopen();
	start(3000);
	assert_false(fresh);
	assert_int_equal(started, 1000);
	assert_int_equal(counts().due, 1);
	assert_string_equal(take(3000), "/b");
	done(3000, FRONTIER_CHANGED);
	assert_null(take(3000));
	stop(3000);
	start(3001);
	assert_true(fresh);
	assert_int_equal(started, 3001);
}

static void counts_are_kept_up(void **state)
{
	struct frontier_count a, b;

	(void)state;
	start(1000);
	counts();
	add("/a");
	add("/b");
	add("/c");
	take(1000);
	done(1000, FRONTIER_CHANGED);
	take(1000);
	done(1000, FRONTIER_MISSED);
	add_due("/a", 0, true);
	a = counts();
	assert_int_equal(a.pages, 3);
	assert_int_equal(a.due, 2);
	assert_int_equal(a.visited, 1);
	OK(intake_commit(in, &why));
	reopen();
	start(1000);
	b = counts();
	assert_memory_equal(&a, &b, sizeof(a));
}

static void notes_and_robots_are_kept(void **state)
{
	struct frontier_robots r = { 5, 404, SLICE("User-agent: *") }, got;
	struct frontier_source *all;
	struct slice value;
	size_t count;

	(void)state;
	OK(frontier_get(fr, "mark", &arena, &value, &why));
	assert_int_equal(value.len, 0);
	OK(frontier_put(fr, "mark", SLICE("m\0rk"), &why));
	OK(frontier_put(fr, "pace", SLICE("slow"), &why));
	OK(frontier_get(fr, "mark", &arena, &value, &why));
	assert_true(slice_eq(value, SLICE("m\0rk")));
	OK(frontier_put(fr, "mark", SLICE(""), &why));
	OK(frontier_get(fr, "mark", &arena, &value, &why));
	assert_int_equal(value.len, 0);
	OK(frontier_get_robots(fr, SLICE("https://x"), &arena, &got, &why));
	assert_int_equal(got.fetched, 0);
	OK(frontier_put_robots(fr, SLICE("https://x"), &r, &why));
	OK(frontier_get_robots(fr, SLICE("https://x"), &arena, &got, &why));
	assert_int_equal(got.status, 404);
	assert_true(slice_eq(got.body, r.body));
	start(7);
	OK(intake_commit(in, &why));
	OK(frontier_sources(store, &arena, &all, &count, &why));
	assert_int_equal(count, 1);
	assert_string_equal(all[0].name.at, "handbook");
	assert_string_equal(all[0].pace.at, "slow");
	assert_true(all[0].running);
	assert_int_equal(all[0].started, 7);
	assert_int_equal(all[0].succeeded, 0);
	OK(frontier_end(fr, 9, 11, true, &why));
	OK(frontier_sources(store, &arena, &all, &count, &why));
	assert_false(all[0].running);
	assert_int_equal(all[0].ended, 9);
	assert_int_equal(all[0].succeeded, 9);
	assert_int_equal(all[0].next, 11);
	OK(frontier_end(fr, 19, 21, false, &why));
	OK(frontier_sources(store, &arena, &all, &count, &why));
	assert_int_equal(all[0].ended, 19);
	assert_int_equal(all[0].succeeded, 9);
}

static void a_name_belongs_to_one_kind_and_space(void **state)
{
	struct frontier_options o = options;
	struct frontier *other = NULL;

	(void)state;
	start(1000);
	add("/a");
	take(1000);
	done(1000, FRONTIER_CHANGED);
	stop(1000);
	o.kind = SLICE("mediawiki");
	assert_false(frontier_open(&other, store, &o, &why));
	assert_int_equal(why.kind, FAULT_USAGE);
	assert_string_equal(why.code, "source-other");
	o.name = SLICE("other");
	OK(frontier_open(&other, store, &o, &why));
	frontier_close(other);
}

static void a_source_of_which_nothing_was_read_begins_anew(void **state)
{
	struct frontier_options o = options;
	struct frontier *other = NULL;
	struct frontier_count k;
	bool anew;
	int64_t since;

	(void)state;
	start(1000);
	add("/a");
	OK(intake_commit(in, &why));
	o.space = SLICE("corrected.example");
	OK(frontier_open(&other, store, &o, &why));
	OK(frontier_count(other, &k, &why));
	assert_int_equal(k.pages, 0);
	OK(frontier_begin(other, 2000, false, &anew, &since, &why));
	assert_true(anew);
	assert_int_equal(since, 2000);
	/* What calls brought counts as much as pages do. */
	OK(inventory_read(other, SLICE("7"), 1, &why));
	frontier_close(other);
	assert_false(frontier_open(&other, store, &options, &why));
	assert_string_equal(why.code, "source-other");
}

static void two_sources_know_an_address_each(void **state)
{
	struct frontier_entry e = { .url = SLICE("/a") };
	struct frontier_options o = options;
	struct frontier *other;
	bool added;

	(void)state;
	start(1);
	add("/a");
	OK(intake_commit(in, &why));
	o.name = SLICE("other");
	OK(frontier_open(&other, store, &o, &why));
	OK(frontier_add(other, &e, false, &added, &why));
	assert_true(added);
	frontier_close(other);
}

static void addresses_that_share_a_hash_are_told_apart(void **state)
{
	(void)state;
	start(1);
	add("/a");
	/* As if another address had the hash of this one. */
	script("UPDATE Frontier SET Url = '/z'");
	memset(fr->seen, 0, sizeof(fr->seen));
	assert_true(add("/a"));
	assert_false(add("/a"));
	memset(fr->seen, 0, sizeof(fr->seen));
	assert_false(add("/a"));
	assert_int_equal(count("SELECT max(EntryID) - min(EntryID) "
	                       "FROM Frontier"),
	                 1);
	script("DELETE FROM Frontier WHERE Url = '/z'");
	assert_string_equal(take(1), "/a");
}

static void a_damaged_row_is_a_fault(void **state)
{
	struct frontier_entry e;
	struct frontier *other;
	struct slice value;
	bool found;

	(void)state;
	start(1);
	add("/a");
	OK(frontier_put(fr, "mark", SLICE("good"), &why));
	add("/c");
	script("UPDATE Frontier SET Url = '/b' WHERE Url = '/a'");
	assert_false(frontier_take(fr, 1, &arena, &e, &found, &why));
	assert_string_equal(why.code, "row-damaged");
	assert_string_equal(take(1), "/c");
	script("UPDATE CrawlNotes SET Value = 'goof'");
	assert_false(frontier_get(fr, "mark", &arena, &value, &why));
	assert_string_equal(why.code, "row-damaged");
	start(1);
	script("UPDATE Frontier SET Interval = 1 << 62 WHERE Url = '/c'");
	script("DELETE FROM Frontier WHERE Url = '/b'");
	assert_false(frontier_take(fr, 1, &arena, &e, &found, &why));
	assert_string_equal(why.code, "row-damaged");
	OK(intake_commit(in, &why));
	script("UPDATE CrawlSources SET Horizon = 9223372036854775807");
	assert_false(frontier_open(&other, store, &options, &why));
	assert_string_equal(why.subject, "SourceID 1");
}

static char findings[2000];

static void hear(void *self, const struct fault *finding)
{
	size_t used = strlen(findings);

	(void)self;
	snprintf(findings + used, sizeof(findings) - used, "%s: %s\n",
	         finding->subject, finding->text);
}

static const char *check(void)
{
	int64_t rows;

	findings[0] = '\0';
	OK(store_check(store, hear, NULL, &rows, &why));
	return findings;
}

static void damage_is_found_by_the_check(void **state)
{
	static const struct {
		const char *sql, *finding;
	} cases[] = {
		{ "UPDATE Frontier SET Url = '/c' WHERE Url = '/b'",
		  "EntryID" },
		{ "UPDATE Frontier SET Kind = 2 WHERE Url = '/b'", "EntryID" },
		{ "UPDATE Frontier SET Tries = -1 WHERE Url = '/b'",
		  "EntryID" },
		{ "UPDATE Frontier SET Done = 9 WHERE Url = '/b'",
		  "a run that never was" },
		{ "DELETE FROM Frontier WHERE Url = '/b'",
		  "other addresses than it counts" },
		{ "UPDATE CrawlNotes SET Value = 'goof'", "CrawlNotes" },
		{ "UPDATE CrawlItems SET SourceID = 9",
		  "an item or a note belongs to no source" },
		{ "DELETE FROM CrawlSources",
		  "an address belongs to no source" },
		{ "UPDATE CrawlRobots SET Body = x'00112233'",
		  "CrawlRobots 'https://x'" },
	};
	struct frontier_robots r = { 5, 200, SLICE("User-agent: *") };
	size_t i;

	(void)state;
	start(1);
	add("/a");
	add("/b");
	take(1);
	done(1, FRONTIER_CHANGED);
	OK(frontier_put(fr, "mark", SLICE("good"), &why));
	OK(frontier_put_robots(fr, SLICE("https://x"), &r, &why));
	OK(inventory_read(fr, SLICE("a"), 1, &why));
	OK(intake_commit(in, &why));
	assert_string_equal(check(), "");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		script("BEGIN");
		script(cases[i].sql);
		if (!strstr(check(), cases[i].finding))
			fail_msg("%s: '%s'", cases[i].sql, findings);
		script("ROLLBACK");
	}
	script("UPDATE CrawlRobots SET Body = x'00112233'");
	OK(frontier_get_robots(fr, SLICE("https://x"), &arena, &r, &why));
	assert_int_equal(r.fetched, 0);
}

static void what_was_forgotten_is_never_due(void **state)
{
	struct record r = { .kind = RECORD_PAGE,
		            .id = SLICE("a"),
		            .content = SLICE("x"),
		            .original = SLICE("x"),
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE };

	(void)state;
	start(1000);
	add("/a");
	take(1000);
	OK(intake_record(in, &r, &why));
	entry.native = SLICE("a");
	done(1000, FRONTIER_CHANGED);
	add_due("/a", 0, true);
	take(1000);
	OK(intake_commit(in, &why));
	OK(store_forget(store, SLICE("handbook.example/a"), 0, &why));
	/* It was in hand meanwhile. */
	done(1000, FRONTIER_SAME);
	add_due("/a", 0, true);
	add_due("/a", 5, false);
	assert_null(take(1000));
	stop(1000);
	start_all(9 * HOUR);
	assert_null(take(9 * HOUR));
	assert_int_equal(counts().due, 0);
	OK(intake_commit(in, &why));
	assert_string_equal(check(), "");
}

static void what_is_too_long_is_refused(void **state)
{
	static char text[LIMIT_CALL + 2];
	struct frontier_entry e = { .url = { text, LIMIT_LINK + 1 } };
	bool added;

	(void)state;
	start(1);
	memset(text, 'x', sizeof(text) - 1);
	assert_false(frontier_add(fr, &e, false, &added, &why));
	assert_int_equal(why.kind, FAULT_LIMIT);
	e.url.len = LIMIT_LINK;
	OK(frontier_add(fr, &e, false, &added, &why));
	e.body = (struct slice){ text, LIMIT_CALL + 1 };
	assert_false(frontier_add(fr, &e, false, &added, &why));
	assert_int_equal(why.kind, FAULT_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_found_comes_in_the_order_of_finding),
		TEST(a_page_is_visited_once_a_run_and_again_when_due),
		TEST(intervals_follow_change_within_their_bounds),
		TEST(validators_stay_unless_the_page_changed),
		TEST(another_name_of_a_page_holds_nothing),
		TEST(what_failed_comes_at_the_next_run_alone),
		TEST(everything_means_also_what_is_not_due_once),
		TEST(a_hint_brings_a_page_forward),
		TEST(asked_again_it_has_the_new_tag_and_note),
		TEST(an_earlier_place_is_found_behind_the_queue),
		TEST(a_call_is_gone_when_answered),
		TEST(what_is_held_back_comes_when_its_time_has_come),
		TEST(too_many_held_back_are_given_up),
		TEST(a_run_that_was_killed_goes_on),
		TEST(counts_are_kept_up),
		TEST(notes_and_robots_are_kept),
		TEST(a_name_belongs_to_one_kind_and_space),
		TEST(a_source_of_which_nothing_was_read_begins_anew),
		TEST(a_source_of_which_nothing_was_read_begins_anew),
		TEST(two_sources_know_an_address_each),
		TEST(addresses_that_share_a_hash_are_told_apart),
		TEST(a_damaged_row_is_a_fault),
		TEST(damage_is_found_by_the_check),
		TEST(what_was_forgotten_is_never_due),
		TEST(what_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
