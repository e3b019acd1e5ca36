#ifndef KB_CASES_GUARD_CASE_H
#define KB_CASES_GUARD_CASE_H

#include "base/buf.h"
#include "base/map.h"
#include "kb/cases/guard.h"
#include "kb/cases/guard_words.h"

/* What guard_out() asks of a case. */
struct guard_case {
	struct buf text;    /* as it was written */
	struct map links;   /* as guard_link() names them, and their hosts */
	struct map numbers; /* digits alone */
	struct map words;   /* folded */
	struct map tokens;  /* between white space, lower case */
	struct map pairs;   /* of such tokens, a space between */
	struct arena arena;
	struct guard_lexicon *lexicon;
	struct guard_lexicon *dangers; /* as if they were classes */
};

bool guard_case_word(const struct guard_case *g, struct slice folded);

/* The next token between white space in lower case, of at most 255 bytes. */
bool guard_token(struct slice text, size_t *at, struct buf *out);

/* The digits of a telephone number. */
void guard_digits(struct slice number, struct buf *out);

#endif
