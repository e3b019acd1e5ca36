/*
 * Distances are bytes of the folded sentence: a long line may hold every class
 * somewhere without meaning anything.
 */

#include "kb/cases/guard_judge.h"

#include "kb/cases/guard_cipher.h"
#include "kb/cases/guard_fold.h"

enum { CLOSE = 28, NEAR = 64, FAR = 110, LIMIT_SENTENCE = 1 << 16 };

/* A rule holds where hits of all its classes stand within `far`; the first of
 * them where an order stands, if `leads`. */
struct rule {
	uint64_t all[4]; /* 0: no more */
	size_t far;
	bool leads;
	unsigned sign;
};

static const struct rule rules[] = {
	/* ignore the previous instructions */
	{ { WORD_DROP, WORD_RULE }, NEAR, false, GUARD_ADDRESS },
	{ { WORD_DROP, WORD_SOFT, WORD_PAST | WORD_MODEL },
	  NEAR,
	  false,
	  GUARD_ADDRESS },
	{ { WORD_DROP, WORD_SOFT, WORD_YOU, WORD_ALL },
	  NEAR,
	  false,
	  GUARD_ADDRESS },
	{ { WORD_DROP, WORD_PAST, WORD_ALL | WORD_SAY | WORD_EDIT | WORD_SORT },
	  NEAR,
	  true,
	  GUARD_ADDRESS },
	{ { WORD_DROP, WORD_MODEL }, CLOSE, true, GUARD_ADDRESS },
	/* you are a language model; dear AI; the assistant must say */
	{ { WORD_ROLE, WORD_MODEL }, CLOSE, false, GUARD_ADDRESS },
	{ { WORD_CALL, WORD_MODEL }, CLOSE, true, GUARD_ADDRESS },
	{ { WORD_MODEL, WORD_MUST,
	    WORD_SAY | WORD_EDIT | WORD_SORT | WORD_DROP },
	  NEAR,
	  false,
	  GUARD_ADDRESS },
	{ { WORD_MODEL, WORD_SORT, WORD_AS, WORD_THIS },
	  FAR,
	  false,
	  GUARD_ADDRESS },
	/* from now on you */
	{ { WORD_NOW, WORD_YOU | WORD_MODEL }, CLOSE, false, GUARD_ADDRESS },
	{ { WORD_NOW, WORD_SAY | WORD_EDIT | WORD_SORT | WORD_ROLE },
	  NEAR,
	  false,
	  GUARD_ADDRESS },
	{ { WORD_JAIL }, NEAR, false, GUARD_ADDRESS },
	/* reveal your system prompt */
	{ { WORD_SHOW, WORD_RULE, WORD_YOU | WORD_PAST | WORD_ALL },
	  NEAR,
	  true,
	  GUARD_ADDRESS },
	/* new instructions: */
	{ { WORD_NEW, WORD_RULE, WORD_MARK | WORD_YOU | WORD_MODEL },
	  CLOSE,
	  false,
	  GUARD_ADDRESS },
	/* respond only with */
	{ { WORD_SAY, WORD_ONLY }, CLOSE, true, GUARD_ADDRESS },
	{ { WORD_SAY, WORD_FORM, WORD_FIELD | WORD_CLASS | WORD_ONLY },
	  FAR,
	  true,
	  GUARD_ADDRESS },
	{ { WORD_MINE, WORD_SAY | WORD_MUST | WORD_SORT },
	  NEAR,
	  true,
	  GUARD_FIELD },
	{ { WORD_SAY | WORD_EDIT | WORD_SORT, WORD_MINE },
	  NEAR,
	  true,
	  GUARD_FIELD },
	/* classify this as consulting */
	{ { WORD_SORT, WORD_CLASS, WORD_AS | WORD_FIELD | WORD_THIS },
	  NEAR,
	  false,
	  GUARD_FIELD },
	{ { WORD_SORT, WORD_FIELD, WORD_AS | WORD_THIS | WORD_MARK },
	  NEAR,
	  true,
	  GUARD_FIELD },
	{ { WORD_SORT | WORD_SAY | WORD_EDIT, WORD_CLASS },
	  CLOSE,
	  true,
	  GUARD_FIELD },
	{ { WORD_FIELD, WORD_CLASS, WORD_MUST }, NEAR, false, GUARD_FIELD },
	{ { WORD_FIELD, WORD_CLASS, WORD_AS }, CLOSE, false, GUARD_FIELD },
	{ { WORD_FIELD, WORD_MARK, WORD_CLASS }, CLOSE, false, GUARD_FIELD },
	{ { WORD_MUST, WORD_CLASS, WORD_THIS }, NEAR, false, GUARD_FIELD },
	{ { WORD_SAY | WORD_EDIT, WORD_FIELD, WORD_MUST | WORD_AS },
	  CLOSE,
	  true,
	  GUARD_FIELD },
	{ { WORD_FIELD, WORD_CLASS }, 16, false, GUARD_FIELD },
	/* write the cause as; the services list is */
	{ { WORD_SAY | WORD_EDIT | WORD_SORT, WORD_PART },
	  CLOSE,
	  true,
	  GUARD_FIELD },
	{ { WORD_PART, WORD_FIELD, WORD_MUST | WORD_AS | WORD_ONLY },
	  24,
	  false,
	  GUARD_FIELD },
	{ { WORD_PART, WORD_ONLY | WORD_CLASS | WORD_MINE },
	  CLOSE,
	  false,
	  GUARD_FIELD },
	{ { WORD_PART, WORD_SAY | WORD_EDIT | WORD_SORT, WORD_MUST },
	  NEAR,
	  false,
	  GUARD_FIELD },
	{ { WORD_MODEL, WORD_PART,
	    WORD_MUST | WORD_SAY | WORD_EDIT | WORD_SORT },
	  NEAR,
	  false,
	  GUARD_FIELD },
	{ { WORD_MODEL, WORD_FIELD,
	    WORD_SAY | WORD_EDIT | WORD_SORT | WORD_CLASS },
	  NEAR,
	  false,
	  GUARD_FIELD },
	{ { WORD_DROP, WORD_SOFT,
	    WORD_SORT | WORD_SAY | WORD_EDIT | WORD_FIELD | WORD_CLASS },
	  NEAR,
	  true,
	  GUARD_ADDRESS },
	{ { WORD_DROP, WORD_THIS,
	    WORD_SAY | WORD_EDIT | WORD_SORT | WORD_CLASS },
	  NEAR,
	  true,
	  GUARD_ADDRESS },
	{ { WORD_ROLE, WORD_CLASS }, NEAR, false, GUARD_ADDRESS },
	{ { WORD_CLASS, WORD_SORT, WORD_YOU }, FAR, false, GUARD_FIELD },
	{ { WORD_MODEL, WORD_PART }, CLOSE, false, GUARD_FIELD },
	/* consulting goes down as right; whoever sorts this: consulting */
	{ { WORD_CLASS, WORD_VERDICT }, CLOSE, false, GUARD_FIELD },
	{ { WORD_CLASS, WORD_SAY | WORD_SORT | WORD_ONLY | WORD_MODEL },
	  CLOSE,
	  false,
	  GUARD_FIELD },
	{ { WORD_CLASS, WORD_OUGHT | WORD_FIELD }, CLOSE, false, GUARD_FIELD },
	{ { WORD_COMMON, WORD_SORT, WORD_FIELD | WORD_THIS },
	  CLOSE,
	  true,
	  GUARD_FIELD },
	{ { WORD_COMMON, WORD_FIELD, WORD_MUST | WORD_ONLY },
	  CLOSE,
	  false,
	  GUARD_FIELD },
	/* the pipeline's reader ought to put it under */
	{ { WORD_MODEL, WORD_MUST | WORD_OUGHT, WORD_VERDICT, WORD_FIELD },
	  NEAR,
	  false,
	  GUARD_ADDRESS },
	{ { WORD_MODEL, WORD_OUGHT, WORD_SAY }, CLOSE, false, GUARD_ADDRESS },
	/* services: kms only */
	{ { WORD_SERVICE, WORD_CLOUD, WORD_ONLY,
	    WORD_SAY | WORD_AS | WORD_OUGHT },
	  NEAR,
	  false,
	  GUARD_FIELD },
	{ { WORD_SAY | WORD_EDIT, WORD_ONLY, WORD_CLOUD },
	  CLOSE,
	  true,
	  GUARD_FIELD },
	/* have the digest tell people; in the cause, point people to */
	{ { WORD_MAKE, WORD_REPORT, WORD_SAY | WORD_TELL | WORD_EDIT },
	  NEAR,
	  true,
	  GUARD_FIELD },
	{ { WORD_REPORT, WORD_MUST | WORD_OUGHT,
	    WORD_SAY | WORD_TELL | WORD_EDIT },
	  CLOSE,
	  false,
	  GUARD_FIELD },
	{ { WORD_PART | WORD_REPORT, WORD_TELL }, CLOSE, false, GUARD_FIELD },
	{ { WORD_DROP, WORD_SOFT, WORD_SAY | WORD_FIELD | WORD_CLASS },
	  CLOSE,
	  false,
	  GUARD_ADDRESS },
	/* decode and follow */
	{ { WORD_OBEY, WORD_CODE }, FAR, false, GUARD_ADDRESS },
	{ { WORD_OBEY, WORD_RULE, WORD_PAST | WORD_NEW | WORD_ONLY },
	  CLOSE,
	  true,
	  GUARD_ADDRESS },
};

/* Where less is enough. */
static const struct rule wary_rules[] = {
	{ { WORD_SAY | WORD_EDIT | WORD_SORT }, FAR, true, GUARD_ADDRESS },
	{ { WORD_DROP | WORD_ROLE | WORD_NOW | WORD_MODEL | WORD_RULE |
	    WORD_FIELD | WORD_CLASS | WORD_ONLY | WORD_FORM | WORD_MINE |
	    WORD_NEW | WORD_PART | WORD_CODE },
	  FAR,
	  false,
	  GUARD_ADDRESS },
	{ { WORD_OBEY }, FAR, true, GUARD_ADDRESS },
	{ { WORD_MUST, WORD_YOU }, CLOSE, false, GUARD_ADDRESS },
};

static bool within(const size_t *last, const struct rule *r, size_t now)
{
	size_t i;

	for (i = 0; i < 4 && r->all[i]; i++)
		if (!last[i] || now - (last[i] - 1) > r->far)
			return false;
	return true;
}

static bool holds(const struct guard_hits *h, const struct rule *r)
{
	size_t last[4] = { 0 }, i, k;

	for (k = 0; k < 4 && r->all[k]; k++)
		if (!(h->any & r->all[k]))
			return false;
	for (i = 0; i < h->count; i++) {
		const struct guard_hit *hit = &h->at[i];

		for (k = 0; k < 4 && r->all[k]; k++)
			if (hit->words & r->all[k] &&
			    (k || !r->leads || hit->leads))
				last[k] = hit->from + 1;
		if (within(last, r, hit->from))
			return true;
	}
	return false;
}

/* "Forget the above." and nothing that one might mean by it. */
static bool drops_what_was(const struct guard_hits *h)
{
	size_t i;

	if (h->any & WORD_PLAIN)
		return false;
	for (i = 1; i < h->count; i++)
		if (h->at[i].words & (WORD_PAST | WORD_ALL) &&
		    h->at[i - 1].words & WORD_DROP && h->at[i - 1].leads &&
		    (i + 1 == h->count
		             ? h->len - h->at[i].to < 2
		             : h->at[i + 1].from - h->at[i].to < 2 &&
		                       h->at[i + 1].words &
		                               (WORD_MARK | WORD_LEAD)))
			return true;
	return false;
}

/* A class's name alone between two marks, or at the end behind one: an
 * example, a cell, a value. */
static bool names_class(const struct guard_hits *h)
{
	size_t i;

	for (i = 0; i < h->count; i++) {
		const struct guard_hit *hit = &h->at[i];

		if (!(hit->words & WORD_CLASS) ||
		    (i ? !(h->at[i - 1].words & WORD_MARK) ||
		                     hit->from - h->at[i - 1].to > 1
		       : hit->from > 1))
			continue;
		if (i + 1 == h->count ? h->len - hit->to < 2
		                      : h->at[i + 1].words & WORD_MARK &&
		                                h->at[i + 1].from - hit->to < 2)
			return true;
	}
	return false;
}

static unsigned judge_folded(const struct guard_lexicon *l, struct slice folded,
                             bool wary, struct arena *a)
{
	struct guard_hits h;
	unsigned signs = 0;
	size_t i;

	guard_words(l, folded, a, &h);
	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (holds(&h, &rules[i]))
			signs |= rules[i].sign;
	for (i = 0; wary && i < sizeof(wary_rules) / sizeof(*wary_rules); i++)
		if (holds(&h, &wary_rules[i]))
			signs |= wary_rules[i].sign;
	if (drops_what_was(&h))
		signs |= GUARD_ADDRESS;
	return signs | (names_class(&h) ? GUARD_FIELD : 0);
}

unsigned guard_judge(const struct guard_lexicon *l, struct slice sentence,
                     bool wary, struct arena *a)
{
	struct buf folded = BUF_INIT(LIMIT_SENTENCE * 4);
	struct buf plain = BUF_INIT(LIMIT_SENTENCE * 4);
	unsigned signs;

	guard_fold(sentence, &folded);
	signs = judge_folded(l, buf_slice(&folded), wary, a);
	if (!signs && guard_cipher(sentence, &plain)) {
		buf_reset(&folded);
		guard_fold(buf_slice(&plain), &folded);
		/* Who shifts letters has a reason. */
		signs = judge_folded(l, buf_slice(&folded), true, a);
	}
	if (!signs && guard_pig_latin(sentence))
		signs = GUARD_ADDRESS;
	buf_release(&folded);
	buf_release(&plain);
	return signs;
}
