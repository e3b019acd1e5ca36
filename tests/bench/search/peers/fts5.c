/*
 * SQLite FTS5: a table without content, ranked by its own bm25().
 *
 *	fts5 build TOKENS INDEX
 *	fts5 query INDEX QUERIES K ANSWERS	then a round for each line
 */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *db;
static sqlite3_stmt *statement;
static char **queries;
static size_t count;

static void check(int ok)
{
	if (ok)
		return;
	fprintf(stderr, "fts5: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void run(const char *sql)
{
	check(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void prepare(const char *sql)
{
	check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
}

static void build(const char *tokens)
{
	FILE *file = fopen(tokens, "r");
	sqlite3_int64 row = 0;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	check(file != NULL);
	run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
	    "PRAGMA cache_size=-500000;"
	    "CREATE VIRTUAL TABLE t USING fts5(body, content='',"
	    " detail=full, tokenize='ascii');"
	    "INSERT INTO t(t, rank) VALUES('hashsize', 67108864); BEGIN");
	prepare("INSERT INTO t(rowid, body) VALUES(?, ?)");
	while ((len = getline(&line, &cap, file)) > 0) {
		sqlite3_bind_int64(statement, 1, ++row);
		sqlite3_bind_text(statement, 2, line, (int)len, SQLITE_STATIC);
		check(sqlite3_step(statement) == SQLITE_DONE);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	run("COMMIT; INSERT INTO t(t) VALUES('optimize')");
	free(line);
	fclose(file);
}

/* "a b" becomes "a" OR "b". */
static char *any_of(char *words)
{
	char *out = calloc(8, strlen(words) + 1), *at = out;
	char *word = strtok(words, " \n");

	for (; word; word = strtok(NULL, " \n"))
		at += sprintf(at, "%s\"%s\"", at > out ? " OR " : "", word);
	return out;
}

static void read_queries(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;

	check(file != NULL);
	while (getline(&line, &cap, file) > 0) {
		queries = realloc(queries, (count + 1) * sizeof(*queries));
		queries[count++] = any_of(line);
	}
	free(line);
	fclose(file);
}

static void ask(size_t query, FILE *answers)
{
	sqlite3_bind_text(statement, 1, queries[query], -1, SQLITE_STATIC);
	if (answers)
		fprintf(answers, "%zu\t", query + 1);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		long long row = sqlite3_column_int64(statement, 0);
		double rank = sqlite3_column_double(statement, 1);

		if (answers)
			fprintf(answers, "%lld:%.15g ", row - 1, -rank);
	}
	sqlite3_reset(statement);
	if (answers)
		fputc('\n', answers);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void take_turns(void)
{
	char line[64];
	size_t i;

	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		for (i = 0; i < count; i++) {
			long long start = now();

			ask(i, NULL);
			printf("%lld ", now() - start);
		}
		putchar('\n');
		fflush(stdout);
	}
}

static void query(char **argv)
{
	FILE *answers = fopen(argv[5], "w");
	char sql[128];
	size_t i;

	check(answers != NULL);
	run("PRAGMA cache_size=-1000000; PRAGMA mmap_size=4000000000");
	snprintf(sql, sizeof(sql),
	         "SELECT rowid, rank FROM t WHERE t MATCH ? "
	         "ORDER BY rank LIMIT %s",
	         argv[4]);
	prepare(sql);
	read_queries(argv[3]);
	for (i = 0; i < count; i++)
		ask(i, answers);
	fclose(answers);
	take_turns();
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "build")) {
		check(sqlite3_open(argv[3], &db) == SQLITE_OK);
		build(argv[2]);
		return sqlite3_close(db) != SQLITE_OK;
	}
	if (argc == 6 && !strcmp(argv[1], "query")) {
		check(sqlite3_open(argv[2], &db) == SQLITE_OK);
		query(argv);
		return 0;
	}
	fputs("fts5 build TOKENS INDEX | query INDEX QUERIES K ANSWERS\n",
	      stderr);
	return 2;
}
