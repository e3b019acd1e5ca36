#ifndef KB_CASES_GUARD_WORDS_H
#define KB_CASES_GUARD_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "kb/cases/guard.h"

/* The classes of words that together give an order to a model away. */
#define WORD_DROP (UINT64_C(1) << 0)    /* ignore, forget, override */
#define WORD_RULE (UINT64_C(1) << 1)    /* instructions, prompt */
#define WORD_SOFT (UINT64_C(1) << 2)    /* rules, task: ordinary, too */
#define WORD_PAST (UINT64_C(1) << 3)    /* previous, above */
#define WORD_ALL (UINT64_C(1) << 4)     /* all, everything */
#define WORD_PLAIN (UINT64_C(1) << 5)   /* what people ignore: an error */
#define WORD_MODEL (UINT64_C(1) << 6)   /* AI, language model, chatbot */
#define WORD_YOU (UINT64_C(1) << 7)     /* you, your */
#define WORD_ROLE (UINT64_C(1) << 8)    /* you are, act as, pretend */
#define WORD_NOW (UINT64_C(1) << 9)     /* from now on */
#define WORD_SAY (UINT64_C(1) << 10)    /* respond, output, print, say */
#define WORD_SHOW (UINT64_C(1) << 11)   /* reveal, repeat, show */
#define WORD_SORT (UINT64_C(1) << 12)   /* classify, label, set */
#define WORD_FIELD (UINT64_C(1) << 13)  /* class, category, root cause */
#define WORD_CLASS (UINT64_C(1) << 14)  /* a class's name */
#define WORD_MUST (UINT64_C(1) << 15)   /* must, should, always */
#define WORD_ONLY (UINT64_C(1) << 16)   /* only, exactly, nothing else */
#define WORD_FORM (UINT64_C(1) << 17)   /* JSON, CSV, schema */
#define WORD_THIS (UINT64_C(1) << 18)   /* this ticket, this case */
#define WORD_CALL (UINT64_C(1) << 19)   /* dear, attention, note to */
#define WORD_JAIL (UINT64_C(1) << 20)   /* jailbreak: enough alone */
#define WORD_NEW (UINT64_C(1) << 21)    /* new, updated, real */
#define WORD_EDIT (UINT64_C(1) << 22)   /* add, include, append */
#define WORD_MINE (UINT64_C(1) << 23)   /* your summary, your output */
#define WORD_LEAD (UINT64_C(1) << 24)   /* please, then: an order follows */
#define WORD_AS (UINT64_C(1) << 25)     /* as, to, is */
#define WORD_CODE (UINT64_C(1) << 26)   /* decode, base64, join the parts */
#define WORD_IMP (UINT64_C(1) << 27)    /* of this form alone: it is an order */
#define WORD_MARK (UINT64_C(1) << 28)   /* a clause ends: , or : */
#define WORD_PART (UINT64_C(1) << 29)   /* a part of the digest, to a clerk */
#define WORD_OBEY (UINT64_C(1) << 30)   /* obey, act on it, do as it says */
#define WORD_COMMON (UINT64_C(1) << 31) /* a name that is any word */
#define WORD_VERDICT (UINT64_C(1) << 32) /* agreed, goes down, clearly */
#define WORD_SERVICE (UINT64_C(1) << 33) /* the services, as a part */
#define WORD_CLOUD (UINT64_C(1) << 34)   /* a service's name */
#define WORD_REPORT (UINT64_C(1) << 35)  /* the digest, summary, report */
#define WORD_MAKE (UINT64_C(1) << 36)    /* have it, let it */

#define WORD_TELL (UINT64_C(1) << 37)  /* point people to, tell them */
#define WORD_OUGHT (UINT64_C(1) << 38) /* has to, needs to: ordinary, too */

struct guard_hit {
	uint64_t words; /* WORD_... */
	size_t from, to;
	bool leads; /* stands where an order stands */
};

struct guard_hits {
	struct guard_hit *at;
	size_t count;
	uint64_t any; /* of all */
	size_t len;   /* of the folded sentence */
};

/* Names of classes, folded, to be found among the words. */
struct guard_lexicon;
struct guard_lexicon *guard_lexicon_new(const struct guard_names *names,
                                        struct arena *a);

/* The words of a folded sentence that say something, from left to right. */
void guard_words(const struct guard_lexicon *l, struct slice folded,
                 struct arena *a, struct guard_hits *out);

#endif
