/*
 * The `cjk` filter: a run of Han, Kana or Hangul, in which no blanks mark
 * words, becomes its single characters, each beside the pair it begins:
 *
 *	反向代理	反 反向 | 向 向代 | 代 代理 | 理
 *
 * Single characters find everything; pairs, being rare, put the right texts
 * first. (Unigrams and bigrams are the accepted compromise without a
 * dictionary.) Each character counts as one position.
 */

#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/analyzer.h"

static bool cjk_open(void *self, struct slice argument, struct fault *f)
{
	(void)self;
	if (argument.len)
		return fault(f, FAULT_USAGE, "analyzer-argument",
		             "'cjk' takes no argument");
	return true;
}

static bool cjk_begins(struct slice s)
{
	size_t at = 0;
	enum unicode_class kind;

	if (!s.len || (unsigned char)s.at[0] < 0x80)
		return false;
	kind = unicode_class(utf8_next(s, &at));
	return kind == UNICODE_HAN || kind == UNICODE_HANGUL;
}

/* End of the character at `at`, with the marks that belong to it. */
static size_t cjk_end(struct slice s, size_t at)
{
	size_t end = at;

	utf8_next(s, &at);
	for (end = at; at < s.len; end = at)
		if (unicode_class(utf8_next(s, &at)) != UNICODE_MARK)
			break;
	return end;
}

/* One gram; offsets point into the original when folding kept all lengths,
 * else at the whole run. */
static bool cjk_gram(const struct token *run, size_t from, size_t to,
                     unsigned flags, token_fn *next, void *self)
{
	struct token t = *run;

	t.text = slice_cut(run->text, from, to);
	t.flags |= flags;
	if (run->to - run->from == run->text.len) {
		t.from = run->from + (uint32_t)from;
		t.to = run->from + (uint32_t)to;
	}
	return next(self, &t);
}

static bool cjk_token(void *self, const struct token *t, token_fn *next,
                      void *to)
{
	size_t at = 0, end, more;

	(void)self;
	if (!cjk_begins(t->text))
		return next(to, t);
	for (end = cjk_end(t->text, 0); at < t->text.len;
	     at = end, end = more) {
		if (!cjk_gram(t, at, end, 0, next, to))
			return false;
		if (end == t->text.len)
			break;
		more = cjk_end(t->text, end);
		if (!cjk_gram(t, at, more, TOKEN_BESIDE, next, to))
			return false;
	}
	return true;
}

const struct token_step token_cjk = {
	.name = "cjk",
	.summary = "filter: Han, Kana and Hangul as characters and pairs",
	.open = cjk_open,
	.token = cjk_token,
};
