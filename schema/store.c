/*
 * Opening a store, and what belongs to the file as a whole. Nothing is written
 * before the file is known to be ours: the application id of its header, then
 * its version, then its UUID.
 */

#include "schema/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "schema/migrate.h"
#include "schema/rows.h"

#define STORE_APPLICATION 1869640556 /* "opsl" */

struct store {
	struct rows rows;
	char uuid[37];
};

struct rows *store_rows(struct store *s)
{
	return &s->rows;
}

struct slice store_uuid(const struct store *s)
{
	return slice_of(s->uuid);
}

const char *store_path(const struct store *s)
{
	return s->rows.path;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	rows_close(&s->rows);
	free(s);
}

static bool store_pragmas(struct rows *r, unsigned flags, struct fault *f)
{
	sqlite3_db_config(r->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return rows_script(r,
	                   "PRAGMA trusted_schema = OFF;"
	                   "PRAGMA cell_size_check = ON;"
	                   "PRAGMA foreign_keys = ON;"
	                   "PRAGMA cache_size = -8192;"
	                   "PRAGMA temp_store = MEMORY;",
	                   f) &&
	       rows_script(r,
	                   flags ? "PRAGMA synchronous = FULL;"
	                           "PRAGMA wal_autocheckpoint = 4000"
	                         : "PRAGMA query_only = ON",
	                   f);
}

/* An empty file becomes a store in the transaction of the first migration. */
static bool store_make(struct rows *r, struct fault *f)
{
	return rows_script(r,
	                   "PRAGMA page_size = 8192;"
	                   "PRAGMA journal_mode = WAL;",
	                   f) &&
	       migrate_run(r, 0, f);
}

struct store_facts {
	int64_t application, version, tables;
};

static bool store_look(struct rows *r, struct store_facts *x, struct fault *f)
{
	return rows_number(r, &x->application, 0, f, "PRAGMA application_id",
	                   "") &&
	       rows_number(r, &x->version, 0, f, "PRAGMA user_version", "") &&
	       rows_number(r, &x->tables, 0, f,
	                   "SELECT count(*) FROM sqlite_schema", "");
}

static bool store_accept(struct rows *r, unsigned flags, struct fault *f)
{
	struct store_facts x;

	if (!store_look(r, &x, f))
		return false;
	if (!x.application && !x.version && !x.tables && flags & STORE_CREATE)
		return store_make(r, f);
	if (x.application != STORE_APPLICATION) {
		fault(f, FAULT_INPUT, "store-foreign",
		      x.tables ? "'%s' is an SQLite file, but not a store of "
		                 "opslore"
		               : "'%s' is empty: 'opslore init' makes a store",
		      r->path);
		return fault_at(f, r->path, 0);
	}
	if (x.version > migrate_newest()) {
		fault(f, FAULT_INPUT, "store-future",
		      "store '%s' has version %d, this opslore knows up to "
		      "%d: use a newer opslore",
		      r->path, (int)x.version, (int)migrate_newest());
		return fault_at(f, r->path, 0);
	}
	if (x.version == migrate_newest())
		return true;
	if (flags)
		return migrate_run(r, x.version, f);
	fault(f, FAULT_INPUT, "store-old",
	      "store '%s' is of an older version: 'opslore init' brings it up "
	      "to date",
	      r->path);
	return fault_at(f, r->path, 0);
}

static bool store_identify(struct store *s, struct fault *f)
{
	struct rows *r = &s->rows;
	struct query q;

	if (!rows_ask(r, &q, f, "SELECT Value FROM Meta WHERE Name = 'uuid'",
	              ""))
		return false;
	if (query_next(&q)) {
		struct slice uuid = query_text(&q, 0);

		if (uuid.len == sizeof(s->uuid) - 1)
			memcpy(s->uuid, uuid.at, uuid.len);
	}
	if (!query_end(&q, f))
		return false;
	if (s->uuid[0])
		return true;
	fault(f, FAULT_INPUT, "store-damaged", "store '%s' has lost its UUID",
	      r->path);
	return fault_at(f, r->path, 0);
}

static bool store_there(const char *path, unsigned flags, struct fault *f)
{
	struct stat st;

	if (!stat(path, &st)) {
		if (S_ISREG(st.st_mode))
			return true;
		fault(f, FAULT_INPUT, "store-file", "'%s' is not a file", path);
		return fault_at(f, path, 0);
	}
	if (errno == ENOENT && flags & STORE_CREATE)
		return true;
	return fault_errno(f, path, "open");
}

/* SQLite opens what it may not write as read-only, without a word. */
static bool store_writable(struct rows *r, unsigned flags, struct fault *f)
{
	if (!flags || sqlite3_db_readonly(r->db, "main") != 1)
		return true;
	fault(f, FAULT_DENIED, "store-denied",
	      "store '%s' may only be read by this user", r->path);
	return fault_at(f, r->path, 0);
}

static bool store_setup(struct store *s, const char *path, unsigned flags,
                        struct fault *f)
{
	int create = flags & STORE_CREATE ? SQLITE_OPEN_CREATE : 0;

	return rows_open(&s->rows, path, SQLITE_OPEN_READWRITE | create, f) &&
	       store_writable(&s->rows, flags, f) &&
	       store_accept(&s->rows, flags, f) &&
	       store_pragmas(&s->rows, flags, f) && store_identify(s, f);
}

/* A file on a read-only place that nobody is writing to: no locks, no WAL. */
static bool store_immutable(struct store *s, const char *path, struct fault *f)
{
	struct buf name = BUF_INIT(1 << 16);
	struct stat st;
	size_t i;
	bool ok = false;

	buf_text(&name, path);
	buf_text(&name, "-wal");
	if (!stat(buf_string(&name), &st))
		goto out;
	buf_reset(&name);
	buf_text(&name, "file:");
	for (i = 0; path[i]; i++)
		if (strchr("%?#", path[i]))
			buf_addf(&name, "%%%02x", (unsigned)path[i]);
		else
			buf_byte(&name, path[i]);
	buf_text(&name, "?immutable=1");
	ok = rows_open(&s->rows, buf_string(&name),
	               SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, f) &&
	     store_accept(&s->rows, STORE_READ, f) &&
	     store_pragmas(&s->rows, STORE_READ, f) && store_identify(s, f);
	if (ok) {
		free(s->rows.path);
		s->rows.path = memory_copy(path, strlen(path));
	}
out:
	buf_release(&name);
	return ok;
}

bool store_open(struct store **out, const char *path, unsigned flags,
                struct fault *f)
{
	struct store *s;

	if (!store_there(path, flags, f))
		return false;
	s = memory_new(1, sizeof(*s));
	if (store_setup(s, path, flags, f)) {
		*out = s;
		return true;
	}
	rows_close(&s->rows);
	if (!flags && f->kind == FAULT_DENIED &&
	    store_immutable(s, path, &(struct fault){ 0 })) {
		*out = s;
		return true;
	}
	store_close(s);
	return false;
}

bool store_counters(struct store *s, int64_t *changed, int64_t *counted,
                    struct fault *f)
{
	struct rows *r = &s->rows;
	struct query q;
	bool found;

	if (!rows_ask(r, &q, f,
	              "SELECT (SELECT Value FROM Meta WHERE Name = 'changed'),"
	              " (SELECT Value FROM Meta WHERE Name = 'counted')",
	              ""))
		return false;
	found = query_next(&q);
	if (found) {
		*changed = query_number(&q, 0);
		*counted = query_number(&q, 1);
	}
	return query_end(&q, f);
}
