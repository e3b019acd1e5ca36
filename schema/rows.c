/*
 * A thin skin over SQLite: statements by the address of their text in an open
 * hash, variadic binding, errors as faults. Waiting for another writer is ours
 * too: SQLite's own back-off grows to 100 ms and would starve beside an import
 * that takes the lock again at once, so we ask every 2 ms.
 */

#include "schema/rows.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"

enum { ROWS_WAIT_MS = 10000, ROWS_NAP_MS = 2 };

bool rows_fault(struct rows *r, int code, struct fault *f)
{
	static const struct {
		int code;
		enum fault_kind kind;
		const char *name;
	} kinds[] = {
		{ SQLITE_BUSY, FAULT_BUSY, "store-busy" },
		{ SQLITE_LOCKED, FAULT_BUSY, "store-busy" },
		{ SQLITE_NOTADB, FAULT_INPUT, "store-foreign" },
		{ SQLITE_CORRUPT, FAULT_SYSTEM, "store-damaged" },
		{ SQLITE_FULL, FAULT_SYSTEM, "disk-full" },
		{ SQLITE_READONLY, FAULT_DENIED, "store-denied" },
		{ SQLITE_PERM, FAULT_DENIED, "store-denied" },
		{ SQLITE_AUTH, FAULT_DENIED, "store-denied" },
		{ SQLITE_CANTOPEN, FAULT_DENIED, "store-denied" },
	};
	const char *words = r->db ? sqlite3_errmsg(r->db) : "out of memory";
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].code == (code & 0xff))
			break;
	if (i < sizeof(kinds) / sizeof(kinds[0]))
		fault(f, kinds[i].kind, kinds[i].name, "store '%s': %s",
		      r->path, words);
	else
		fault(f, FAULT_SYSTEM, "store", "store '%s': %s (%d)", r->path,
		      words, code);
	return fault_at(f, r->path, 0);
}

static int rows_wait(void *self, int tries)
{
	struct timespec nap = { .tv_nsec = ROWS_NAP_MS * 1000000L };

	(void)self;
	if (tries > ROWS_WAIT_MS / ROWS_NAP_MS)
		return 0;
	nanosleep(&nap, NULL);
	return 1;
}

/* Without its statistics SQLite takes no lock around each allocation. */
static void rows_configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool rows_open(struct rows *r, const char *path, int flags, struct fault *f)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int code;

	pthread_once(&once, rows_configure);
	*r = (struct rows){ .path = memory_copy(path, strlen(path)) };
	code = sqlite3_open_v2(path, &r->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_extended_result_codes(r->db, 1);
	if (code == SQLITE_OK)
		code = sqlite3_busy_handler(r->db, rows_wait, NULL);
	if (code == SQLITE_OK)
		return true;
	rows_fault(r, code, f);
	rows_close(r);
	return false;
}

void rows_close(struct rows *r)
{
	size_t i;

	rows_rollback(r);
	for (i = 0; i < ROWS_SLOTS; i++)
		sqlite3_finalize(r->slots[i].made);
	sqlite3_close(r->db);
	free(r->path);
	*r = (struct rows){ 0 };
}

bool rows_statement(struct rows *r, const char *sql, sqlite3_stmt **out,
                    struct fault *f)
{
	size_t at = ((uintptr_t)sql >> 3) % ROWS_SLOTS;
	int code;

	while (r->slots[at].sql && r->slots[at].sql != sql)
		at = (at + 1) % ROWS_SLOTS;
	if (!r->slots[at].sql) {
		code = sqlite3_prepare_v3(r->db, sql, -1,
		                          SQLITE_PREPARE_PERSISTENT,
		                          &r->slots[at].made, NULL);
		if (code != SQLITE_OK)
			return rows_fault(r, code, f);
		r->slots[at].sql = sql;
	}
	*out = r->slots[at].made;
	return true;
}

static int rows_bind(sqlite3_stmt *made, const char *types, va_list args)
{
	int code = SQLITE_OK;
	struct slice s;
	int i;

	for (i = 0; types[i] && code == SQLITE_OK; i++) {
		if (types[i] == 'i') {
			code = sqlite3_bind_int64(made, i + 1,
			                          va_arg(args, int64_t));
		} else if (types[i] == 'n') {
			code = sqlite3_bind_null(made, i + 1);
		} else {
			s = va_arg(args, struct slice);
			if (!s.at)
				s.at = "";
			code = types[i] == 't'
			               ? sqlite3_bind_text64(made, i + 1, s.at,
			                                     s.len, NULL,
			                                     SQLITE_UTF8)
			               : sqlite3_bind_blob64(made, i + 1, s.at,
			                                     s.len, NULL);
		}
	}
	return code;
}

static bool rows_start(struct rows *r, struct query *q, struct fault *f,
                       const char *sql, const char *types, va_list args)
{
	*q = (struct query){ .rows = r };
	if (!rows_statement(r, sql, &q->made, f))
		return false;
	q->code = rows_bind(q->made, types, args);
	if (q->code != SQLITE_OK)
		return query_end(q, f);
	return true;
}

bool rows_ask(struct rows *r, struct query *q, struct fault *f, const char *sql,
              const char *types, ...)
{
	va_list args;
	bool ok;

	va_start(args, types);
	ok = rows_start(r, q, f, sql, types, args);
	va_end(args);
	return ok;
}

bool query_next(struct query *q)
{
	q->code = sqlite3_step(q->made);
	return q->code == SQLITE_ROW;
}

int64_t query_number(struct query *q, int column)
{
	return sqlite3_column_int64(q->made, column);
}

struct slice query_text(struct query *q, int column)
{
	const void *at = sqlite3_column_blob(q->made, column);
	int len = sqlite3_column_bytes(q->made, column);

	return (struct slice){ at, at ? (size_t)len : 0 };
}

bool query_is_null(struct query *q, int column)
{
	return sqlite3_column_type(q->made, column) == SQLITE_NULL;
}

bool query_end(struct query *q, struct fault *f)
{
	bool ok = q->code == SQLITE_OK || q->code == SQLITE_ROW ||
	          q->code == SQLITE_DONE;

	if (!ok)
		rows_fault(q->rows, q->code, f);
	sqlite3_reset(q->made);
	sqlite3_clear_bindings(q->made);
	return ok;
}

bool rows_run(struct rows *r, struct fault *f, const char *sql,
              const char *types, ...)
{
	struct query q;
	va_list args;
	bool ok;

	va_start(args, types);
	ok = rows_start(r, &q, f, sql, types, args);
	va_end(args);
	if (!ok)
		return false;
	while (query_next(&q))
		;
	return query_end(&q, f);
}

bool rows_number(struct rows *r, int64_t *out, int64_t missing, struct fault *f,
                 const char *sql, const char *types, ...)
{
	struct query q;
	va_list args;
	bool ok;

	va_start(args, types);
	ok = rows_start(r, &q, f, sql, types, args);
	va_end(args);
	if (!ok)
		return false;
	*out = query_next(&q) ? query_number(&q, 0) : missing;
	return query_end(&q, f);
}

bool rows_script(struct rows *r, const char *sql, struct fault *f)
{
	int code = sqlite3_exec(r->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK || rows_fault(r, code, f);
}

bool rows_begin(struct rows *r, struct fault *f)
{
	r->known = (struct rows_known){ 0 };
	r->inside = rows_run(r, f, "BEGIN IMMEDIATE", "");
	return r->inside;
}

bool rows_commit(struct rows *r, struct fault *f)
{
	if (!rows_run(r, f, "COMMIT", "")) {
		rows_rollback(r);
		return false;
	}
	r->inside = false;
	return true;
}

void rows_rollback(struct rows *r)
{
	if (r->inside)
		sqlite3_exec(r->db, "ROLLBACK", NULL, NULL, NULL);
	r->inside = false;
}

int64_t rows_changed(struct rows *r)
{
	return sqlite3_changes64(r->db);
}
