#ifndef BASE_TEXT_MASK_H
#define BASE_TEXT_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Secrets and personal data in texts: found, and replaced by names that say
 * what stood there ("[EMAIL_1]", "[SECRET_2]"), the same for the same thing
 * all over one mask; and put back. What a mask knows never leaves it but
 * through mask_undo().
 *
 *	mask_new(&m, &f);
 *	mask_add(m, text, &masked);     what may leave the house
 *	mask_undo(m, answer, &whole);   what comes back
 *
 * It finds by shape, not by dictionary: private keys, keys and tokens of the
 * well-known services by their prefixes and lengths, `password = ...` and the
 * like in English, Chinese, Korean and Japanese, credentials in URLs,
 * Authorization headers, JWTs, connection strings, random-looking runs behind
 * a name that speaks of secrets; e-mail addresses, telephone numbers, payment
 * cards (Luhn), national ids (with their check digits), IP and MAC addresses
 * when asked, and whatever it is told by mask_tell(). What it is not: proof
 * that nothing personal is left.
 */
enum mask_class {
	MASK_SECRET, /* keys, tokens, passwords */
	MASK_EMAIL,
	MASK_PHONE,
	MASK_CARD,
	MASK_ID,      /* national ids */
	MASK_ACCOUNT, /* AWS account numbers where named as such, IBANs */
	MASK_ADDRESS, /* IP and MAC */
	MASK_NAME,    /* told */
	MASK_CLASSES,
};

struct mask;

MUST_USE
bool mask_new(struct mask **out, struct fault *f);
void mask_free(struct mask *m); /* overwrites what it knew */

/* Forgets all it was told and found. */
void mask_reset(struct mask *m);

/* Which classes it looks for: 1 << class each; all but ADDRESS at first. */
void mask_classes(struct mask *m, unsigned classes);

/* Wherever this value stands as a word of its own, it is masked; without
 * regard to case. Values of fewer than three characters are not taken. */
void mask_tell(struct mask *m, enum mask_class c, struct slice value);

/* Appends the text with everything masked. A name that looks like one of ours
 * and stands in the text itself is masked too, so that undoing is exact. */
MUST_USE
bool mask_add(struct mask *m, struct slice text, struct buf *out,
              struct fault *f);

/* Appends the text with every name of this mask replaced by what it stands
 * for; names it does not know stay. */
void mask_undo(const struct mask *m, struct slice text, struct buf *out);

/* How many different things of a class were masked so far. */
size_t mask_count(const struct mask *m, enum mask_class c);

/* The first secret or personal datum in a text, for tests and for a last look
 * before something leaves: false when there is none. */
struct mask_found {
	enum mask_class class;
	size_t from, to;
};
bool mask_find(const struct mask *m, struct slice text, struct mask_found *out);

const char *mask_name(enum mask_class c); /* "email" */

#endif
