/* The door of xxHash and of libcrypto's digests. */

#include "base/hash.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

uint64_t hash64(struct slice s)
{
	return XXH3_64bits(s.at ? s.at : "", s.len);
}

void hash_init(struct hash *h)
{
	XXH3_state_t *state = XXH3_createState();

	if (!state)
		state = memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	XXH3_64bits_reset(state);
	h->state = state;
}

void hash_part(struct hash *h, struct slice s)
{
	uint64_t len = s.len;
	unsigned char size[8];
	int i;

	for (i = 0; i < 8; i++)
		size[i] = (unsigned char)(len >> (8 * i));
	XXH3_64bits_update(h->state, size, sizeof(size));
	XXH3_64bits_update(h->state, s.at ? s.at : "", s.len);
}

uint64_t hash_end(struct hash *h)
{
	uint64_t value = XXH3_64bits_digest(h->state);

	XXH3_freeState(h->state);
	h->state = NULL;
	return value;
}

void sha256_init(struct sha256 *h)
{
	EVP_MD_CTX *state = EVP_MD_CTX_new();

	if (!state || !EVP_DigestInit_ex(state, EVP_sha256(), NULL))
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	h->state = state;
}

void sha256_add(struct sha256 *h, struct slice s)
{
	EVP_DigestUpdate(h->state, s.at ? s.at : "", s.len);
}

void hash_hex(const unsigned char *bytes, size_t len, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < 2 * len; i++)
		hex[i] = digits[bytes[i / 2] >> (i % 2 ? 0 : 4) & 15];
	hex[i] = '\0';
}

void sha256_end(struct sha256 *h, char hex[65])
{
	unsigned char sum[32];

	EVP_DigestFinal_ex(h->state, sum, NULL);
	EVP_MD_CTX_free(h->state);
	h->state = NULL;
	hash_hex(sum, sizeof(sum), hex);
}

void sha256_hex(struct slice s, char hex[65])
{
	struct sha256 h;

	sha256_init(&h);
	sha256_add(&h, s);
	sha256_end(&h, hex);
}

/* libcrypto takes an int; no key of ours is as long as that. */
void hmac_sha256(struct slice key, struct slice text,
                 unsigned char out[HMAC_SHA256])
{
	static const unsigned char nothing[1];
	const void *at = text.len ? text.at : (const void *)nothing;

	assert(key.len <= INT_MAX);
	if (!HMAC(EVP_sha256(), key.len ? key.at : (const void *)nothing,
	          (int)key.len, at, text.len, out, NULL))
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
}
