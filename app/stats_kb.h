#ifndef APP_STATS_KB_H
#define APP_STATS_KB_H

#include "base/buf.h"
#include "base/fault.h"
#include "export/table.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * opslore stats kb: what is there, as tables for one reader. For people one
 * below the other under their names; as CSV one list of (table, row, column,
 * value); as JSON one object with a list for each table.
 *
 *	spaces      posts, answers and bytes of each space and kind
 *	languages, years (of the last change), sizes (bytes of the text),
 *	extractors  posts of each
 *	twins       near-duplicates: how many, how many could be spared
 *	clusters    how many there are of each size
 *	largest     the members of the `top` largest clusters, the one that
 *	            stands for them first
 *	aliases     other addresses, by how they are known
 *
 * Members that the reader may not see count nowhere: not in sizes either.
 */
MUST_USE
bool stats_kb(struct store *s, const struct reader *r, struct slice space,
              size_t top, enum table_form form, struct buf *out,
              struct fault *f);

#endif
