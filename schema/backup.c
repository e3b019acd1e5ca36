/*
 * A backup by SQLite's online copy, some pages at a time within one read
 * transaction: in WAL mode that holds up no writer, and no writer makes it
 * start again. It is made under a temporary name, synced, and linked to its
 * own name, which fails if that exists; then the folder is
 * synced. The copy gets a UUID of its own: once put back, its history may part
 * from what an index has seen, whatever its counters say.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/file.h"
#include "schema/rows.h"
#include "schema/store.h"

enum { BACKUP_PAGES = 256 };

/* finish() forgets that a step found the source busy: each step's own answer
 * is what counts. */
static bool backup_pages(struct rows *from, struct rows *to, struct fault *f)
{
	sqlite3_backup *b =
	        sqlite3_backup_init(to->db, "main", from->db, "main");
	int code = SQLITE_OK, end;
	bool going;

	if (!b)
		return rows_fault(to, sqlite3_errcode(to->db), f);
	do {
		going = cancel_check(f);
		if (going)
			code = sqlite3_backup_step(b, BACKUP_PAGES);
	} while (going && code == SQLITE_OK);
	end = sqlite3_backup_finish(b);
	if (!going)
		return false;
	if (code == SQLITE_DONE && end == SQLITE_OK)
		return true;
	return rows_fault(to, end != SQLITE_OK ? end : code, f);
}

static bool backup_copy(struct rows *from, struct rows *to, struct fault *f)
{
	bool ok;

	if (!rows_script(from, "BEGIN; SELECT count(*) FROM sqlite_schema", f))
		return false;
	ok = backup_pages(from, to, f);
	return rows_script(from, "COMMIT", ok ? f : &(struct fault){ 0 }) && ok;
}

/* As 001_first.sql makes one; in the file itself, not in a WAL. */
static const char backup_name[] =
        "UPDATE Meta SET Value = (SELECT substr(x, 1, 8) || '-' || "
        "substr(x, 9, 4) || '-4' || substr(x, 13, 3) || '-' || "
        "substr('89ab', 1 + abs(random() % 4), 1) || substr(x, 16, 3) || "
        "'-' || substr(x, 19, 12) FROM (SELECT lower(hex(randomblob(15))) "
        "AS x)) WHERE Name = 'uuid'; PRAGMA wal_checkpoint(TRUNCATE)";

static bool backup_make(struct store *s, const char *temporary, struct fault *f)
{
	struct rows copy;
	bool ok;

	if (!rows_open(&copy, temporary,
	               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, f))
		return false;
	ok = rows_script(&copy, "PRAGMA synchronous = OFF", f) &&
	     backup_copy(store_rows(s), &copy, f) &&
	     rows_script(&copy, backup_name, f);
	rows_close(&copy);
	return ok && file_sync(temporary, f);
}

static bool backup_publish(const char *temporary, const char *to,
                           struct fault *f)
{
	char *folder;
	bool ok;

	if (link(temporary, to)) {
		if (errno != EEXIST)
			return fault_errno(f, to, "create");
		fault(f, FAULT_DENIED, "backup-exists",
		      "'%s' exists: choose another name", to);
		return fault_at(f, to, 0);
	}
	folder = file_folder(to);
	ok = folder_sync(folder, f);
	free(folder);
	return ok;
}

/* What a killed backup left; not to be able to remove it is no fault. */
static void backup_sweep(const char *to)
{
	const char *slash = strrchr(to, '/');
	char *folder = file_folder(to);
	struct fault ignored;
	bool done = folder_sweep(folder, slash ? slash + 1 : to, &ignored);

	(void)done;
	free(folder);
}

bool store_backup(struct store *s, const char *to, struct fault *f)
{
	char *temporary;
	bool ok;

	if (!access(to, F_OK)) {
		fault(f, FAULT_DENIED, "backup-exists",
		      "'%s' exists: choose another name", to);
		return fault_at(f, to, 0);
	}
	backup_sweep(to);
	temporary = file_temporary(to);
	ok = backup_make(s, temporary, f) && backup_publish(temporary, to, f);
	if (!ok)
		fault_at(f, to, 0);
	unlink(temporary);
	free(temporary);
	return ok;
}
