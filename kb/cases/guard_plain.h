#ifndef KB_CASES_GUARD_PLAIN_H
#define KB_CASES_GUARD_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Text without markup: tags, entities, Markdown, terminal escapes and what
 * nobody sees are gone, the words stay. Lines stay lines. *changed: anything
 * but white space went.
 */
void guard_plain(struct slice text, struct buf *out, bool *changed);

/*
 * The next address in a text from *from on: with a scheme, of mail, a domain,
 * a machine's number; also "hxxp", "evil[.]example", full-width. In `name` it
 * is as it is compared. False: no more.
 */
struct guard_link {
	size_t from, to;
};
bool guard_link(struct slice text, size_t *from, struct buf *name,
                struct guard_link *out);

#endif
