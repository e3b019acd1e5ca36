#ifndef KB_MEMO_H
#define KB_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "kb/token_key.h"

/*
 * What an analyzer remembers: the tokens that came of a chunk of text, so that
 * the next chunk of the same bytes does not go through the chain again. Texts
 * are made of the same few ten thousand chunks. Memory is bounded: what was
 * long not asked for makes room.
 *
 *	memo_draft_start(&draft);
 *	for each token: memo_draft_add(&draft, &token, text);
 *	memo_keep(memo, &key, chunk, &draft);
 *	...
 *	slot = memo_find(memo, &key, chunk, &tokens, &texts);
 *	slot->chunk.count times: use(tokens++, texts), texts += its length
 */
enum {
	MEMO_CHUNK = 64,   /* bytes of a chunk; longer ones are not kept */
	MEMO_TOKENS = 32,  /* of one chunk, else it is not kept */
	MEMO_TEXTS = 1024, /* their bytes, likewise */
	MEMO_INSIDE = 16,  /* bytes of a token kept in the slot */
	MEMO_BITS_LEAST = 12,
};

struct memo_token {
	uint64_t hash, note;
	unsigned char len, from, to, flags;
	unsigned char advance; /* positions behind the token before */
};

/* Positions are those of the tokenizer, from the chunk's first on. */
struct memo_chunk {
	unsigned char len;         /* of the chunk; 0: a free slot */
	unsigned char count;       /* of tokens */
	unsigned char words;       /* positions it takes */
	unsigned char first, last; /* those of its first and last token */
	bool inside;               /* the only token, if any, is in the slot */
};

/* A line of the cache: where a chunk gives one short token, all of it. */
struct memo_slot {
	struct token_key key;
	struct memo_chunk chunk;
	union {
		struct {
			struct memo_token token;
			char text[MEMO_INSIDE];
		};
		uint64_t place; /* in the ring, ever growing */
	};
};

/*
 * Slots stand in sets of four. Of each the set's word has 15 bits of its hash,
 * so that looking for a chunk touches the one slot that has it, if any; and a
 * bit that says that it was found since it was last to make room.
 */
struct memo {
	struct memo_slot *slots;
	uint64_t *sets;
	unsigned shift;      /* of a hash, to a set */
	unsigned char *ring; /* the newest of what is not in a slot */
	uint64_t head;       /* where it goes on, ever growing */
	uint64_t ring_size;
	unsigned bits, most; /* sizes as memo_init() has them: now, at last */
	uint64_t kept;       /* chunks, at this size */
};

/* Of one chunk while it goes through the chain. */
struct memo_draft {
	struct memo_chunk chunk;
	bool whole; /* it fits */
	size_t text_len;
	struct memo_token tokens[MEMO_TOKENS];
	char texts[MEMO_TEXTS];
};

/* The lowest n bytes of a word. */
extern const uint64_t memo_masks[9];

/* It begins small and grows, forgetting what it knew, up to 2^most bytes of
 * slots and as many for the rest; 0: it remembers nothing. */
void memo_init(struct memo *m, unsigned most);
void memo_release(struct memo *m);

void memo_draft_start(struct memo_draft *d);
void memo_draft_add(struct memo_draft *d, const struct memo_token *t,
                    struct slice text);

/* The draft's words, first and last are filled in; `chunk` is of 1 to
 * MEMO_CHUNK bytes. What does not fit is not kept. */
void memo_keep(struct memo *m, const struct token_key *key, struct slice chunk,
               const struct memo_draft *d);

/*
 * The key of a chunk, from 1 byte on: all of it when it is short, otherwise
 * its ends. 16 bytes may be read when `room` bytes are there from its begin.
 */
static inline struct token_key memo_key(struct slice chunk, size_t room)
{
	struct token_key k = { 0, 0 };
	size_t over = chunk.len < 8 ? 0 : chunk.len - 8;

	if (room < 16) {
		memcpy(&k, chunk.at, chunk.len < 16 ? chunk.len : 16);
		return k;
	}
	/* Without a branch, since the next length is anybody's guess. */
	memcpy(&k, chunk.at, 16);
	k.head &= memo_masks[chunk.len < 8 ? chunk.len : 8];
	k.tail &= memo_masks[over < 8 ? over : 8];
	if (over > 8)
		memcpy(&k.tail, chunk.at + over, 8);
	return k;
}

#define MEMO_LANES ((uint64_t)0x0001000100010001)
#define MEMO_USED (MEMO_LANES << 15)

/* The slots of a set whose 15 bits agree with the hash's lowest: their used
 * bits are set. */
static inline uint64_t memo_lanes(uint64_t set, uint64_t hash)
{
	uint64_t unlike = (set ^ MEMO_LANES * (hash & 0x7fff)) & ~MEMO_USED;

	return ~(unlike + ~MEMO_USED) & MEMO_USED;
}

static inline uint64_t memo_hash(const struct token_key *key, size_t len)
{
	uint64_t hash = token_key_hash(*key, len);

	return hash ^ hash >> 29;
}

/* Asks for the memory that memo_find() will touch. */
static inline void memo_prefetch(const struct memo *m,
                                 const struct token_key *key, size_t len)
{
	uint64_t hash = memo_hash(key, len);
	size_t set = hash >> m->shift;
	uint64_t lanes = memo_lanes(m->sets[set], hash);

	if (lanes)
		__builtin_prefetch(
		        &m->slots[4 * set +
		                  (unsigned)__builtin_ctzll(lanes) / 16],
		        1);
}

static inline bool memo_is(const struct memo_slot *s,
                           const struct token_key *key, size_t len)
{
	return !((s->key.head ^ key->head) | (s->key.tail ^ key->tail) |
	         (s->chunk.len ^ len));
}

/* The rest of memo_find(), for what is in the ring. */
struct memo_slot *memo_find_far(const struct memo *m, struct memo_slot *s,
                                struct slice chunk, struct memo_token **tokens,
                                const char **texts);

/* NULL when it is not known. *tokens are chunk.count of them, and *texts what
 * they say, one behind the other; borrowed until the next memo_keep(). */
static inline struct memo_slot *memo_find(const struct memo *m,
                                          const struct token_key *key,
                                          struct slice chunk,
                                          struct memo_token **tokens,
                                          const char **texts)
{
	uint64_t hash = memo_hash(key, chunk.len);
	size_t set = hash >> m->shift;
	uint64_t lanes = memo_lanes(m->sets[set], hash);
	struct memo_slot *s;

	for (;; lanes &= lanes - 1) {
		if (!lanes)
			return NULL;
		s = &m->slots[4 * set + (unsigned)__builtin_ctzll(lanes) / 16];
		if (memo_is(s, key, chunk.len))
			break;
	}
	m->sets[set] |= lanes & -lanes;
	if (!s->chunk.inside)
		return memo_find_far(m, s, chunk, tokens, texts);
	*tokens = &s->token;
	*texts = s->text;
	return s;
}

#endif
