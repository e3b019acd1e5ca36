/* crawler/extract_all.h: texts made anew from what was kept, and nothing else
 * of their rows. */

#include "intake_fixture.h"

#include "base/text/markdown.h"
#include "crawler/extract_all.h"
#include "crawler/source.h"
#include "schema/frontier.h"

static struct extract_all_report done;

/* A source of the store, as a crawl leaves it. */
static void crawled_by(const char *name, const char *kind)
{
	const struct frontier_options o = { .name = slice_of(name),
		                            .kind = slice_of(kind),
		                            .space = SLICE("e.example") };
	struct frontier *frontier;

	OK(frontier_open(&frontier, store, &o, &why));
	frontier_close(frontier);
}

static void visit(const char *channel, const char *source)
{
	const struct intake_options o = { .space = SLICE("e.example"),
		                          .channel = slice_of(channel),
		                          .source = slice_of(source),
		                          .access = SLICE("staff"),
		                          .dated = true,
		                          .as_of = day(9) };

	OK(intake_open(&in, store, &o, &why));
}

static void leave(void)
{
	OK(intake_finish(in, &report, &why));
	intake_close(in);
	in = NULL;
}

/* Kept as an old extractor read it. */
static void keep(enum record_kind kind, const char *id, const char *original,
                 uint32_t extractor)
{
	const struct record r = {
		.kind = kind,
		.id = slice_of(id),
		.parent = SLICE("q"),
		.link = SLICE("https://e.example/ops/one"),
		.title = SLICE("Old title"),
		.content = SLICE("old text"),
		.original = slice_of(original),
		.original_type = SLICE("text/html"),
		.author = SLICE("Ann"),
		.score = 7,
		.created = day(3),
		.modified = CLOCK_NONE,
		.closed = CLOCK_NONE,
		.revision = 5,
		.extractor = extractor,
	};

	OK(intake_record(in, &r, &why));
}

static void extract(void)
{
	OK(extract_all(store, NULL, PROGRESS_QUIET, &done, &why));
}

static void no_finding(void *self, const struct fault *finding)
{
	(void)self;
	fail_msg("%s: %s", finding->subject, finding->text);
}

static void expect(const char *sql, const char *want)
{
	struct query q;

	OK(rows_ask(store_rows(store), &q, &why, sql, ""));
	assert_true(query_next(&q));
	assert_int_equal(query_text(&q, 0).len, strlen(want));
	assert_memory_equal(query_text(&q, 0).at, want, strlen(want));
	OK(query_end(&q, &why));
}

static const char page[] =
        "<html><head><title>Disks</title></head><body><nav><a href=/>Home</a>"
        "</nav><main><h1>Disks</h1><p>When a disk is full, look at the <a "
        "href=two>log folder</a> first, and call nobody before that was "
        "done.</p></main></body></html>";

static void a_page_reads_as_its_source_reads_it_now(void **state)
{
	int64_t rows;

	(void)state;
	crawled_by("it", "site");
	visit("crawl", "crawl it 777");
	keep(RECORD_DOCUMENT, "e.example/ops/one", page, 1);
	leave();
	extract();
	assert_int_equal(done.originals, 1);
	assert_int_equal(done.changed, 1);
	expect("SELECT Title FROM Posts", "Disks");
	expect("SELECT instr(PostContent, '[log folder]"
	       "(https://e.example/ops/two) first') > 0 FROM Posts",
	       "1");
	expect("SELECT AuthorName || VoteCount || Revision || Access || "
	       "substr(PostTime, 1, 10) FROM Posts",
	       "Ann75staff1970-01-04");
	assert_int_equal(count("SELECT count(*) FROM Visits"), 1);
	OK(store_check(store, no_finding, NULL, &rows, &why));
	/* Once is enough. */
	extract();
	assert_int_equal(done.changed, 0);
	assert_int_equal(done.current, 1);
}

/* Letters in two parts, a base that is relative, a title in two lines. */
static void it_is_cleaned_as_a_crawl_cleans_it(void **state)
{
	(void)state;
	crawled_by("it", "site");
	visit("crawl", "crawl it 777");
	keep(RECORD_DOCUMENT, "e.example/ops/one",
	     "<html><head><title>Cafe\u0301\nlogs</title><base href=/docs/>"
	     "</head><body><main><p>In the cafe\u0301 the log <a href=x>rotates"
	     "</a> each night, and nobody looks at "
	     "it.</p></main></body></html>",
	     1);
	leave();
	extract();
	assert_int_equal(done.failed, 0);
	assert_int_equal(done.changed, 1);
	expect("SELECT Title FROM Posts", "Caf\u00E9 logs");
	expect("SELECT PostContent FROM Posts",
	       "In the caf\u00E9 the log [rotates](https://e.example/docs/x) "
	       "each night, and nobody looks at it.");
}

static void each_kind_of_row_counts(void **state)
{
	(void)state;
	visit("dump", "some dump");
	keep(RECORD_QUESTION, "q", "<p>why <b>disks</b>", 0);
	keep(RECORD_ANSWER, "a", "<p>see <a href='/x'>x</a>", 0);
	keep(RECORD_EXTRA, "t", "<p>old text", 0);
	keep(RECORD_QUESTION, "new", "<p>new", 1000);
	leave();
	extract();
	assert_int_equal(done.originals, 4);
	assert_int_equal(done.changed, 2);
	assert_int_equal(done.same, 1);
	assert_int_equal(done.current, 1);
	expect("SELECT PostContent FROM Posts WHERE NativeID = 'q'",
	       "why **disks**");
	expect("SELECT Title FROM Posts WHERE NativeID = 'q'", "Old title");
	expect("SELECT AnswerContent FROM Answers",
	       "see [x](https://e.example/x)");
	assert_int_equal(count("SELECT count(*) FROM Answers a JOIN Posts p "
	                       "USING (PostID) WHERE p.NativeID = 'q'"),
	                 1);
	/* What is new is seen by whoever follows the changes. */
	assert_int_equal(count("SELECT count(*) FROM Posts WHERE NativeID = "
	                       "'q' AND Changed > (SELECT Changed FROM Posts "
	                       "WHERE NativeID = 'new')"),
	                 1);
}

static void a_page_in_storage_format_is_no_html(void **state)
{
	struct record r = {
		.kind = RECORD_PAGE,
		.id = SLICE("42"),
		.link = SLICE("https://e.example/wiki/spaces/OPS/pages/42/X"),
		.title = SLICE("X"),
		.content = SLICE("old text"),
		.original =
		        SLICE("<p>Hosts&nbsp;first.</p><ac:structured-macro "
		              "ac:name=\"code\"><ac:plain-text-body><![CDATA["
		              "df -h]]></ac:plain-text-body>"
		              "</ac:structured-macro>"),
		.original_type =
		        SLICE("application/vnd.confluence.storage+xml"),
		.created = CLOCK_NONE,
		.modified = CLOCK_NONE,
		.closed = CLOCK_NONE,
		.revision = 5,
		.extractor = 1,
	};

	(void)state;
	crawled_by("it", "confluence");
	visit("api", "crawl it 5");
	OK(intake_record(in, &r, &why));
	leave();
	extract();
	assert_int_equal(done.changed, 1);
	expect("SELECT instr(PostContent, 'df -h') > 0 AND Title = 'X' FROM "
	       "Posts",
	       "1");
}

static void what_cannot_be_read_stays(void **state)
{
	(void)state;
	crawled_by("it", "mediawiki");
	visit("api", "crawl it 5");
	keep(RECORD_PAGE, "1", "<p>no body of a wiki's page", 1);
	leave();
	visit("import", "some file");
	keep(RECORD_DOCUMENT, "2", "<p>nobody knows", 1);
	leave();
	extract();
	assert_int_equal(done.failed, 1);
	assert_int_equal(done.unknown, 1);
	assert_string_equal(done.first.code, "mediawiki-page");
	assert_int_equal(count("SELECT count(*) FROM Posts WHERE PostContent "
	                       "= 'old text'"),
	                 2);
}

static void another_original_is_left_alone(void **state)
{
	struct record r = { .kind = RECORD_QUESTION,
		            .id = SLICE("q"),
		            .content = SLICE("text of another original"),
		            .extractor = 99 };

	(void)state;
	visit("dump", "some dump");
	keep(RECORD_QUESTION, "q", "<p>one", 1);
	OK(intake_reread(in, &r, 12345, &why));
	leave();
	expect("SELECT PostContent FROM Posts", "old text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		        a_page_reads_as_its_source_reads_it_now, setup,
		        teardown),
		cmocka_unit_test_setup_teardown(
		        it_is_cleaned_as_a_crawl_cleans_it, setup, teardown),
		cmocka_unit_test_setup_teardown(each_kind_of_row_counts, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(
		        a_page_in_storage_format_is_no_html, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_stays,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(another_original_is_left_alone,
		                                setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
