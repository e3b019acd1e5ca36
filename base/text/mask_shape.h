#ifndef BASE_TEXT_MASK_SHAPE_H
#define BASE_TEXT_MASK_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "base/text/mask.h"

/*
 * What the shapes of mask.h look at: a text without names of ours, and what
 * was seen before the place. Every shape looks a bounded way ahead, or at what
 * it takes, so that a scan is linear.
 */
enum { MASK_FAR = 64 }; /* a hint is forgotten after as many bytes */

struct mask_view {
	struct slice text;
	size_t floor;   /* what is before is taken, and so a border */
	size_t phone;   /* end of the last word that speaks of telephones */
	size_t account; /* ... of accounts */
	size_t secret;  /* ... of secrets */
};

static inline int mask_at(const struct mask_view *v, size_t at)
{
	return at < v->text.len ? (unsigned char)v->text.at[at] : -1;
}

/* The byte before, or -1 at a border. */
static inline int mask_before(const struct mask_view *v, size_t at)
{
	return at > v->floor ? (unsigned char)v->text.at[at - 1] : -1;
}

static inline bool mask_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool mask_upper(int c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool mask_lower(int c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool mask_letter(int c)
{
	return mask_upper(c) || mask_lower(c);
}

static inline bool mask_alnum(int c)
{
	return mask_letter(c) || mask_digit(c);
}

static inline bool mask_hex(int c)
{
	return mask_digit(c) || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

static inline int mask_small(int c)
{
	return mask_upper(c) ? c + 32 : c;
}

static inline bool mask_near(size_t hint, size_t at, size_t far)
{
	return hint != (size_t)-1 && at >= hint && at - hint <= far;
}

/* Whether `word` (lower case) stands at `at`, without regard to ASCII case. */
static inline bool mask_stands(const struct mask_view *v, size_t at,
                               struct slice word)
{
	size_t i;

	if (at > v->text.len || v->text.len - at < word.len)
		return false;
	for (i = 0; i < word.len; i++)
		if (mask_small(mask_at(v, at + i)) != (unsigned char)word.at[i])
			return false;
	return true;
}

/* Keys, tokens, private keys and passwords that begin at `at` or, named there,
 * stand behind it. */
bool mask_secret(struct mask_view *v, size_t at, struct mask_found *out);

/* Numbers of persons, cards and accounts that begin at `at`. */
bool mask_number(struct mask_view *v, size_t at, unsigned classes,
                 struct mask_found *out);

/* Account numbers in ARNs; IBANs. Both begin with letters. */
bool mask_account(const struct mask_view *v, size_t at, struct mask_found *out);

/* E-mail addresses by their '@', logins in URLs by their "://". */
bool mask_email(const struct mask_view *v, size_t at, struct mask_found *out);
bool mask_login(const struct mask_view *v, size_t at, struct mask_found *out);

/* IP and MAC addresses. */
bool mask_address(const struct mask_view *v, size_t at, struct mask_found *out);

/* Remembers words that tell what the number behind them is. */
void mask_hint(struct mask_view *v, size_t at);

#endif
