/*
 * HyperLogLog (Flajolet et al., 2007) with 256 registers a pattern, linear
 * counting while there are few. Patterns live in a table of 1,024 sets of
 * four; in a full set the pattern with the fewest changes gives way. The sum
 * the estimate needs is kept up with each change.
 */

#include "crawler/alike.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { ALIKE_SETS = 1024, ALIKE_WAYS = 4, ALIKE_REGISTERS = 256 };

struct sketch {
	uint64_t pattern; /* its hash; 0: free */
	uint32_t changes;
	uint32_t zeroes; /* registers never changed */
	double sum;      /* of 2^-register */
	uint8_t registers[ALIKE_REGISTERS];
};

struct alike {
	struct sketch sketches[ALIKE_SETS][ALIKE_WAYS];
};

struct alike *alike_new(void)
{
	return memory_new(1, sizeof(struct alike));
}

void alike_free(struct alike *a)
{
	free(a);
}

/* A pattern is hashed byte by byte (FNV-1a): runs of digits behind the host as
 * one '0', no values of parameters. */
static uint64_t pattern_of(struct slice url, unsigned *numbers, bool *query)
{
	uint64_t h = 14695981039346656037u;
	bool digits = false, value = false;
	unsigned slashes = 0;
	size_t i;

	*numbers = 0;
	*query = false;
	for (i = 0; i < url.len; i++) {
		char c = url.at[i];
		bool digit = slashes > 2 && c >= '0' && c <= '9';

		slashes += c == '/';
		if (c == '?')
			*query = true;
		if (*query && (c == '=' || c == '&'))
			value = c == '=';
		else if (value || (digit && digits))
			continue;
		*numbers += digit;
		digits = digit;
		h = (h ^ (unsigned char)(digit ? '0' : c)) * 1099511628211u;
	}
	return h ? h : 1;
}

static struct sketch *sketch_of(struct alike *a, uint64_t pattern)
{
	struct sketch *set = a->sketches[(pattern >> 20) % ALIKE_SETS];
	struct sketch *least = set;
	size_t i;

	for (i = 0; i < ALIKE_WAYS; i++) {
		if (set[i].pattern == pattern)
			return &set[i];
		if (set[i].changes < least->changes)
			least = &set[i];
	}
	*least = (struct sketch){ .pattern = pattern,
		                  .zeroes = ALIKE_REGISTERS,
		                  .sum = ALIKE_REGISTERS };
	return least;
}

static void add(struct sketch *s, uint64_t hash)
{
	uint8_t *r = &s->registers[hash % ALIKE_REGISTERS];
	uint8_t rank = 1;

	for (hash >>= 8; !(hash & 1) && rank < 40; hash >>= 1)
		rank++;
	if (rank <= *r)
		return;
	s->zeroes -= !*r;
	s->sum += ldexp(1, -rank) - ldexp(1, -*r);
	s->changes++;
	*r = rank;
}

static int64_t estimate(const struct sketch *s)
{
	const double m = ALIKE_REGISTERS;
	double all = 0.7182725932495458 * m * m / s->sum;

	if (all <= 2.5 * m && s->zeroes)
		all = m * log(m / s->zeroes);
	return (int64_t)(all + 0.5);
}

struct alike_count alike_add(struct alike *a, struct slice url)
{
	struct alike_count out = { 0 };
	unsigned numbers;
	bool query;
	uint64_t pattern = pattern_of(url, &numbers, &query);
	struct sketch *s;

	if (!numbers && !query) {
		out.count = 1;
		return out;
	}
	s = sketch_of(a, pattern);
	add(s, hash64(url));
	out.count = estimate(s);
	out.single = numbers == 1 && !query;
	return out;
}
