/*
 * The `plain` tokenizer: runs of ASCII letters and digits, letters in lower
 * case, and nothing else. It exists for comparisons: any other program can do
 * the same in one line.
 */

#include "kb/analyzer.h"
#include "kb/token_shape.h"

static bool plain_open(void *self, struct slice argument, struct fault *f)
{
	(void)self;
	if (argument.len)
		return fault(f, FAULT_USAGE, "analyzer-argument",
		             "'plain' takes no argument");
	return true;
}

static bool plain_word(struct slice text, size_t from, size_t to,
                       uint32_t position, token_fn *next, void *to_self)
{
	char lower[TOKEN_MAX];
	size_t i, len = to - from < TOKEN_MAX ? to - from : TOKEN_MAX;
	struct token t = { .text = { lower, len },
		           .from = (uint32_t)from,
		           .to = (uint32_t)to,
		           .position = position };

	for (i = 0; i < len; i++) {
		char c = text.at[from + i];

		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
	}
	return next(to_self, &t);
}

static void plain_breaks(const char at[TOKEN_BREAKS], uint64_t *ends,
                         uint64_t *blanks)
{
	int i;

	*blanks = 0;
	for (i = 0; i < TOKEN_BREAKS; i++)
		*blanks |= (uint64_t)!shape_alnum(at[i]) << i;
	*ends = *blanks;
}

static bool plain_start(void *self, struct slice text, uint32_t *position,
                        token_fn *next, void *to)
{
	size_t i = 0;

	(void)self;
	while (i < text.len) {
		size_t from = i;

		while (i < text.len && shape_alnum(text.at[i]))
			i++;
		if (i == from)
			i++;
		else if (!plain_word(text, from, i, (*position)++, next, to))
			return false;
	}
	return true;
}

const struct token_step token_plain = {
	.name = "plain",
	.summary = "tokenizer: ASCII words in lower case, for comparisons",
	.open = plain_open,
	.start = plain_start,
	.breaks = plain_breaks,
};
