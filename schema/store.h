#ifndef SCHEMA_STORE_H
#define SCHEMA_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * The store: one SQLite file, the truth. WAL with synchronous=FULL, foreign
 * keys on, numbered migrations compiled in; all SQL of opslore is in this
 * folder. One struct store per thread.
 *
 * Two counters move by one for each row that changes: `Changed` (text, title,
 * tags, label, acceptance) and `Counted` (votes, views). Who has seen the
 * store up to a number asks for what came after it.
 */
struct store;

enum store_flags {
	STORE_READ = 0,        /* never writes; refuses a missing file */
	STORE_WRITE = 1 << 0,  /* migrates an older file first */
	STORE_CREATE = 1 << 1, /* makes a missing one; implies write */
};

/*
 * FAULT_GONE: no such file. FAULT_INPUT "store-foreign": not a store of ours.
 * FAULT_INPUT "store-future": written by a newer opslore. FAULT_DENIED: a
 * read-only place. FAULT_BUSY: somebody holds it for longer than 10 s.
 */
MUST_USE
bool store_open(struct store **out, const char *path, unsigned flags,
                struct fault *f);
void store_close(struct store *s); /* NULL is allowed */

/* 36 characters, made at creation; a backup gets one of its own. Borrowed. */
struct slice store_uuid(const struct store *s);
const char *store_path(const struct store *s);

/* The highest change numbers given out so far. */
MUST_USE
bool store_counters(struct store *s, int64_t *changed, int64_t *counted,
                    struct fault *f);

/*
 * A consistent copy of the store while others write to it, under a UUID of its
 * own. The copy appears whole or not at all; an existing file is refused.
 */
MUST_USE
bool store_backup(struct store *s, const char *to, struct fault *f);

/*
 * Everything that can be checked without the index: SQLite's integrity and
 * foreign keys, every row's content hash, originals' checksums, agreement of
 * tables. Calls `say` for each finding; true when all could be checked.
 */
typedef void store_finding_fn(void *self, const struct fault *finding);
MUST_USE
bool store_check(struct store *s, store_finding_fn *say, void *self,
                 int64_t *rows, struct fault *f);

/*
 * Removes a post (with its answers) or one answer for good: rows, originals,
 * staging; leaves a Gone row, an audit line, and a mark that later imports
 * honour. An alias means what it leads to. FAULT_GONE when there is nothing by
 * that public id. `now` is for the audit line.
 */
MUST_USE
bool store_forget(struct store *s, struct slice public_id, int64_t now,
                  struct fault *f);

#endif
