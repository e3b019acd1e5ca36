#ifndef SCHEMA_ROWS_H
#define SCHEMA_ROWS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * One SQLite connection with its prepared statements, for the files of this
 * folder; the door of the library. SQL texts are string literals: statements
 * are kept by the address of their text.
 *
 *	struct query q;
 *
 *	if (!rows_ask(r, &q, f, "SELECT A FROM T WHERE B = ?1", "t", b))
 *		return false;
 *	while (query_next(&q))
 *		use(query_number(&q, 0));
 *	return query_end(&q, f);
 *
 * A statement runs once at a time: a loop may not ask the same text again.
 */
enum { ROWS_SLOTS = 512 };

/* What cannot change under an open transaction: zeroed as it begins. */
struct rows_known {
	int64_t next[3]; /* id of each table of held.h; 0: not known */
	bool forgotten_read, forgotten; /* whether anything is */
};

struct rows {
	sqlite3 *db;
	char *path;
	bool inside; /* a transaction is open */
	struct rows_known known;
	struct {
		const char *sql;
		sqlite3_stmt *made;
	} slots[ROWS_SLOTS];
};

struct store;
struct rows *store_rows(struct store *s);

/* Opens without looking at what it is. `flags` as sqlite3_open_v2(). */
MUST_USE
bool rows_open(struct rows *r, const char *path, int flags, struct fault *f);
void rows_close(struct rows *r);

/* Fills in a fault from SQLite's last error; returns false. */
bool rows_fault(struct rows *r, int code, struct fault *f);

struct query {
	struct rows *rows;
	sqlite3_stmt *made;
	int code;
};

/*
 * Binds ?1, ?2 ... by `types`: i int64_t, t struct slice as text, b struct
 * slice as blob, n nothing (NULL). What is bound is borrowed until the end.
 */
MUST_USE
bool rows_ask(struct rows *r, struct query *q, struct fault *f, const char *sql,
              const char *types, ...);

/* The statement alone, for those that bind and step themselves. */
MUST_USE
bool rows_statement(struct rows *r, const char *sql, sqlite3_stmt **out,
                    struct fault *f);

/* True while there is a row; its texts are borrowed until the next call. */
bool query_next(struct query *q);
int64_t query_number(struct query *q, int column);
struct slice query_text(struct query *q, int column);
bool query_is_null(struct query *q, int column);

/* Ends a query early or late; false when it had failed. */
MUST_USE
bool query_end(struct query *q, struct fault *f);

/* A statement without an answer. */
MUST_USE
bool rows_run(struct rows *r, struct fault *f, const char *sql,
              const char *types, ...);

/* The number in the first column of the only row; `missing` without a row. */
MUST_USE
bool rows_number(struct rows *r, int64_t *out, int64_t missing, struct fault *f,
                 const char *sql, const char *types, ...);

/* Several statements, not kept: pragmas, migrations. */
MUST_USE
bool rows_script(struct rows *r, const char *sql, struct fault *f);

/* One write transaction at a time; begin waits for other writers. */
MUST_USE
bool rows_begin(struct rows *r, struct fault *f);
MUST_USE
bool rows_commit(struct rows *r, struct fault *f);
void rows_rollback(struct rows *r);

/* Rows changed by the last statement that changed any. */
int64_t rows_changed(struct rows *r);

#endif
