#ifndef KB_CASES_GUARD_WORDS_H
#define KB_CASES_GUARD_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "kb/cases/guard.h"

/* The classes of words that together give an order to a model away. */
enum guard_word {
	WORD_DROP = 1 << 0,   /* ignore, forget, override */
	WORD_RULE = 1 << 1,   /* instructions, prompt */
	WORD_SOFT = 1 << 2,   /* rules, guidelines, task: ordinary, too */
	WORD_PAST = 1 << 3,   /* previous, above */
	WORD_ALL = 1 << 4,    /* all, everything */
	WORD_PLAIN = 1 << 5,  /* what people ignore: a message, an error */
	WORD_MODEL = 1 << 6,  /* AI, language model, chatbot, classifier */
	WORD_YOU = 1 << 7,    /* you, your */
	WORD_ROLE = 1 << 8,   /* you are, act as, pretend */
	WORD_NOW = 1 << 9,    /* from now on */
	WORD_SAY = 1 << 10,   /* respond, output, print, say */
	WORD_SHOW = 1 << 11,  /* reveal, repeat, show */
	WORD_SORT = 1 << 12,  /* classify, label, set */
	WORD_FIELD = 1 << 13, /* class, category, root cause */
	WORD_CLASS = 1 << 14, /* a class's name */
	WORD_MUST = 1 << 15,  /* must, should, always */
	WORD_ONLY = 1 << 16,  /* only, exactly, nothing else */
	WORD_FORM = 1 << 17,  /* JSON, CSV, schema */
	WORD_THIS = 1 << 18,  /* this ticket, this case */
	WORD_CALL = 1 << 19,  /* dear, attention, note to */
	WORD_JAIL = 1 << 20,  /* jailbreak, your task is to: enough alone */
	WORD_NEW = 1 << 21,   /* new, updated, real */
	WORD_EDIT = 1 << 22,  /* add, include, append: of texts and of lists */
	WORD_MINE = 1 << 23,  /* your summary, your output */
	WORD_LEAD = 1 << 24,  /* please, then, and: an order may follow */
	WORD_AS = 1 << 25,    /* as, to, is */
	WORD_CODE = 1 << 26,  /* decode, base64, backwards, join the parts */
	WORD_IMP = 1 << 27,   /* of this form alone: it is an order */
	WORD_MARK = 1 << 28,  /* a clause ends: , or : */
	WORD_PART =
	        1 << 29, /* a part of the digest, as one names it to a clerk */
	WORD_OBEY = 1 << 30, /* obey, act on it, do as it says */
};

struct guard_hit {
	unsigned words; /* enum guard_word */
	size_t from, to;
	bool leads; /* stands where an order stands */
};

struct guard_hits {
	struct guard_hit *at;
	size_t count;
	unsigned any; /* of all */
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
