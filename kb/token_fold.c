/*
 * The `fold` filter: NFKC_Casefold (UAX 31), so that case, full-width forms
 * and ligatures do not matter. ASCII, nearly all there is, takes a loop of its
 * own.
 */

#include "base/buf.h"
#include "base/text/unicode.h"
#include "kb/analyzer.h"

/* A token of a run of Han may be long; it grows at most 18-fold. */
#define FOLD_MAX (4u << 20)

struct fold {
	struct buf text;
	char lower[TOKEN_MAX];
};

static bool fold_open(void *self, struct slice argument, struct fault *f)
{
	struct fold *fold = self;

	fold->text = BUF_INIT(FOLD_MAX);
	if (argument.len)
		return fault(f, FAULT_USAGE, "analyzer-argument",
		             "'fold' takes no argument");
	return true;
}

/* Lower case into `fold->lower`; false when not all of it is ASCII. */
static bool fold_ascii(struct fold *fold, struct slice s)
{
	unsigned char all = 0;
	size_t i;

	if (s.len > sizeof(fold->lower))
		return false;
	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		all |= (unsigned char)c;
		fold->lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	return all < 0x80;
}

static bool fold_token(void *self, const struct token *t, token_fn *next,
                       void *to)
{
	struct fold *fold = self;
	struct token folded = *t;

	if (fold_ascii(fold, t->text)) {
		folded.text.at = fold->lower;
		return next(to, &folded);
	}
	buf_reset(&fold->text);
	unicode_fold(t->text, &fold->text);
	folded.text = buf_slice(&fold->text);
	return !folded.text.len || next(to, &folded);
}

static void fold_close(void *self)
{
	struct fold *fold = self;

	buf_release(&fold->text);
}

const struct token_step token_fold = {
	.name = "fold",
	.summary = "filter: case folding and compatibility forms (NFKC)",
	.state_size = sizeof(struct fold),
	.open = fold_open,
	.token = fold_token,
	.close = fold_close,
};
