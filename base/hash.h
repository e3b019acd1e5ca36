#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

/*
 * Hashes that find accidents, not enemies: XXH3 by xxHash. Their values are
 * stored in files, so they never change. SHA-256 (FIPS 180-4) is for names
 * and manifests that others check, HMAC (RFC 2104) for requests that are signed.
 */
uint64_t hash64(struct slice s);

/* hash64() of parts in turn, each closed off from the next. */
struct hash {
	void *state;
};

void hash_init(struct hash *h);
void hash_part(struct hash *h, struct slice s);
uint64_t hash_end(struct hash *h); /* releases `h` */

struct sha256 {
	void *state;
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, struct slice s);

/* Writes 64 lower-case hex digits and a NUL; releases `h`. */
void sha256_end(struct sha256 *h, char hex[65]);

/* All of `s` at once. */
void sha256_hex(struct slice s, char hex[65]);

enum { HMAC_SHA256 = 32 };
void hmac_sha256(struct slice key, struct slice text,
                 unsigned char out[HMAC_SHA256]);

/* Two lower-case digits a byte, then a NUL. */
void hash_hex(const unsigned char *bytes, size_t len, char *hex);

#endif
