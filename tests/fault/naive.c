/*
 * Writers that promise to survive a power cut, and do or do not: the control
 * of the machinery that judges opslore by recorded writes. A machine that
 * finds nothing wrong with the careless ones is broken itself.
 *
 *	naive file  none|file|folder FOLDER   temporary and rename: with no
 *	                                      sync, the file's, the folder's too
 *	naive table off|normal|full FOLDER    SQLite with that `synchronous`
 *
 * Each writes 30 states, one after the other, and says the number of each on
 * standard output once it claims that the state is safe.
 */

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAIVE_STATES = 30, NAIVE_BYTES = 20000, NAIVE_ROWS = 40 };

static void naive_claim(int state)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d\n", state);

	/* Not by stdio, whose own write() no shim sees. */
	if (write(STDOUT_FILENO, text, (size_t)n) != n)
		exit(1);
}

static bool naive_put(const char *path, int state, bool sync)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	char block[NAIVE_BYTES / 4];
	int i;

	memset(block, 'A' + state, sizeof(block));
	for (i = 0; i < 4 && fd >= 0; i++)
		if (write(fd, block, sizeof(block)) != sizeof(block))
			return false;
	if (fd < 0 || (sync && fsync(fd)))
		return false;
	return !close(fd);
}

static bool naive_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY);
	bool ok = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool naive_file(const char *how, const char *folder)
{
	char to[4096], from[4096];
	bool sync = strcmp(how, "none") != 0;
	int state;

	snprintf(to, sizeof(to), "%s/state", folder);
	snprintf(from, sizeof(from), "%s/state.new", folder);
	for (state = 1; state <= NAIVE_STATES; state++) {
		if (!naive_put(from, state, sync) || rename(from, to))
			return false;
		if (!strcmp(how, "folder") && !naive_folder(folder))
			return false;
		naive_claim(state);
	}
	return true;
}

static bool naive_do(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool naive_rows(sqlite3 *db, int state)
{
	char sql[200];
	int i;

	if (!naive_do(db, "BEGIN"))
		return false;
	for (i = 0; i < NAIVE_ROWS; i++) {
		snprintf(sql, sizeof(sql),
		         "INSERT INTO T VALUES(%d, %d, hex(zeroblob(400)))",
		         state, i);
		if (!naive_do(db, sql))
			return false;
	}
	return naive_do(db, "COMMIT");
}

static bool naive_table(const char *how, const char *folder)
{
	char path[4096], sql[64];
	sqlite3 *db = NULL;
	int state;
	bool ok;

	snprintf(path, sizeof(path), "%s/state.db", folder);
	snprintf(sql, sizeof(sql), "PRAGMA synchronous=%s", how);
	ok = sqlite3_open(path, &db) == SQLITE_OK &&
	     naive_do(db, "PRAGMA journal_mode=WAL") &&
	     naive_do(db, "PRAGMA synchronous=FULL") &&
	     naive_do(db, "CREATE TABLE T(State, I, Text)") &&
	     naive_do(db, sql) && naive_do(db, "PRAGMA wal_autocheckpoint=100");
	if (ok)
		naive_claim(0);
	for (state = 1; ok && state <= NAIVE_STATES; state++) {
		ok = naive_rows(db, state);
		if (ok)
			naive_claim(state);
	}
	sqlite3_close(db);
	return ok;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "file"))
		return naive_file(argv[2], argv[3]) ? 0 : 1;
	if (argc == 4 && !strcmp(argv[1], "table"))
		return naive_table(argv[2], argv[3]) ? 0 : 1;
	fprintf(stderr, "usage: naive file|table HOW FOLDER\n");
	return 2;
}
