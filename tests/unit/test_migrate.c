/* A store of an older version is brought up to date, whole or not at all. */

#include "intake_fixture.h"

#include "schema/migrate.h"

static const char *const tables[] = {
	"Meta",           "Visits",          "Authors",
	"Posts",          "Answers",         "Extras",
	"Originals",      "Comments",        "Links",
	"Gone",           "Forgotten",       "Audit",
	"StagedAnswers",  "StagedRecords",   "StagedAuthors",
	"StagedComments", "StagedRevisions",
};

static void run(struct rows *r, const char *sql)
{
	OK(rows_script(r, sql, &why));
}

/* What a table of both stores has in common: no computed columns. */
static void copy_table(struct rows *r, const char *table)
{
	char sql[2000], columns[800];
	sqlite3_stmt *s;

	snprintf(sql, sizeof(sql),
	         "SELECT group_concat(name) FROM pragma_table_info('%s')",
	         table);
	assert_int_equal(sqlite3_prepare_v2(r->db, sql, -1, &s, NULL),
	                 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	snprintf(columns, sizeof(columns), "%s",
	         (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	snprintf(sql, sizeof(sql),
	         "DELETE FROM main.%s; INSERT INTO main.%s (%s) "
	         "SELECT %s FROM new.%s",
	         table, table, columns, columns, table);
	run(r, sql);
}

/* The store at hand as the first version of the schema would hold it. */
static void make_old(void)
{
	char old[160], sql[300];
	struct rows r;
	size_t i;

	snprintf(old, sizeof(old), "%s-old", path);
	unlink(old);
	store_close(store);
	store = NULL;
	OK(rows_open(&r, old, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	             &why));
	run(&r, "PRAGMA page_size = 8192; PRAGMA foreign_keys = OFF");
	run(&r, migrations[0]);
	snprintf(sql, sizeof(sql), "ATTACH '%s' AS new", path);
	run(&r, sql);
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		copy_table(&r, tables[i]);
	run(&r, "DELETE FROM main.sqlite_sequence; INSERT INTO "
	        "main.sqlite_sequence SELECT * FROM new.sqlite_sequence "
	        "WHERE name IN (SELECT name FROM main.sqlite_schema); "
	        "PRAGMA main.user_version = 1; DETACH new");
	rows_close(&r);
	remove_store();
	assert_int_equal(rename(old, path), 0);
}

static void no_finding(void *self, const struct fault *finding)
{
	(void)self;
	fail_msg("%s: %s", finding->subject, finding->text);
}

static void the_first_version_keeps_every_row(void **state)
{
	char *before, *after;
	int64_t rows;

	(void)state;
	import(&dump1);
	before = whole();
	make_old();
	open_store();
	after = whole();
	expect_same(before, after);
	assert_int_equal(count("PRAGMA user_version"), migrate_newest());
	OK(store_check(store, no_finding, NULL, &rows, &why));
	/* And it goes on as if it had always been new. */
	import(&dump2);
	before = whole();
	teardown(NULL);
	setup(NULL);
	import(&dump1);
	import(&dump2);
	after = whole();
	expect_same(before, after);
}

static void a_reader_does_not_migrate(void **state)
{
	(void)state;
	make_old();
	assert_false(store_open(&store, path, STORE_READ, &why));
	assert_string_equal(why.code, "store-old");
	store = NULL;
	open_store();
}

static int die(void *self)
{
	(void)self;
	return 1;
}

static void a_migration_that_dies_never_was(void **state)
{
	int64_t version;
	struct rows r;

	(void)state;
	import(&dump1);
	make_old();
	OK(rows_open(&r, path, SQLITE_OPEN_READWRITE, &why));
	sqlite3_commit_hook(r.db, die, NULL);
	assert_false(migrate_run(&r, 1, &why));
	OK(rows_number(&r, &version, 0, &why, "PRAGMA user_version", ""));
	assert_int_equal(version, 1);
	OK(rows_number(&r, &version, 0, &why,
	               "SELECT count(*) FROM sqlite_schema WHERE name LIKE "
	               "'Crawl%' OR name = 'Frontier'",
	               ""));
	assert_int_equal(version, 0);
	rows_close(&r);
	open_store();
	assert_int_equal(count("SELECT count(*) FROM Posts"), 2);
	assert_int_equal(count("SELECT count(*) FROM Frontier"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_version_keeps_every_row),
		TEST(a_reader_does_not_migrate),
		TEST(a_migration_that_dies_never_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
