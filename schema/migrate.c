/*
 * A store's version is the number of migrations it has been through, in
 * PRAGMA user_version, which SQLite keeps in the file's header and moves with
 * the transaction: a migration is done whole or not at all. Two processes that
 * open an old store at once both try; the second finds it done.
 */

#include "schema/migrate.h"

#include <stdio.h>

#include "schema/rows.h"

int64_t migrate_newest(void)
{
	int64_t n = 0;

	while (migrations[n])
		n++;
	return n;
}

/* The pragma takes no parameters. */
static bool migrate_mark(struct rows *r, int64_t version, struct fault *f)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", (int)version);
	return rows_script(r, sql, f);
}

static bool migrate_one(struct rows *r, int64_t version, struct fault *f)
{
	int64_t now;

	if (!rows_begin(r, f))
		return false;
	if (!rows_number(r, &now, 0, f, "PRAGMA user_version", ""))
		goto out;
	if (now <= version && (!rows_script(r, migrations[version], f) ||
	                       !migrate_mark(r, version + 1, f)))
		goto out;
	return rows_commit(r, f);
out:
	rows_rollback(r);
	return fault_in(f, "migration %d", (int)version + 1);
}

bool migrate_run(struct rows *r, int64_t version, struct fault *f)
{
	for (; version < migrate_newest(); version++)
		if (!migrate_one(r, version, f))
			return false;
	return true;
}
