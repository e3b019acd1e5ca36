/*
 * What guard_in() lets pass may still be meant for a model, in words that
 * nobody thought of. Whoever wants a class has to name it: so a sentence that
 * names one, together with a word of judging, is looked at twice.
 */

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "kb/cases/guard.h"
#include "kb/cases/guard_fold.h"
#include "kb/cases/guard_sentence.h"
#include "kb/cases/guard_words.h"

enum {
	LINE_MOST = 1 << 16,
	FOLDED = 4, /* times as long as it was, at most */
};

static const uint64_t judging =
        WORD_AS | WORD_MUST | WORD_SORT | WORD_FIELD | WORD_THIS | WORD_ONLY |
        WORD_SAY | WORD_MINE | WORD_PART | WORD_FORM | WORD_MODEL | WORD_NOW |
        WORD_CALL | WORD_RULE | WORD_YOU | WORD_EDIT | WORD_ROLE | WORD_VERDICT;

struct naming {
	const struct guard_lexicon *lexicon;
	struct arena scratch;
	struct buf folded;
	struct buf *out;
	bool named;
};

static bool names_class(struct naming *n, struct slice sentence)
{
	struct guard_hits h;

	buf_reset(&n->folded);
	guard_fold(sentence, &n->folded);
	guard_words(n->lexicon, buf_slice(&n->folded), &n->scratch, &h);
	arena_reset(&n->scratch);
	return h.any & WORD_CLASS && h.any & judging;
}

static void read_line(struct naming *n, struct slice line)
{
	size_t at = 0;
	bool ends;

	while (at < line.len) {
		struct slice sentence = guard_sentence(line, &at, &ends);

		if (names_class(n, sentence))
			n->named = true;
		else
			buf_add(n->out, sentence);
	}
}

bool guard_named(struct slice text, const struct guard_names *names,
                 struct arena *a, struct slice *without)
{
	struct buf out = BUF_INIT(text.len + 1);
	struct arena own = ARENA_INIT;
	struct naming n = { .lexicon = guard_lexicon_new(names, &own),
		            .scratch = ARENA_INIT,
		            .folded = BUF_INIT(FOLDED * LINE_MOST),
		            .out = &out };

	while (text.len) {
		struct slice line = slice_cut(text, 0, slice_find(text, '\n'));

		if (line.len <= LINE_MOST)
			read_line(&n, line);
		else
			buf_add(&out, line);
		if (line.len < text.len)
			buf_byte(&out, '\n');
		text = slice_cut(text, line.len + 1, text.len);
	}
	*without = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	buf_release(&n.folded);
	arena_release(&n.scratch);
	arena_release(&own);
	return n.named;
}
