#ifndef KB_CASES_GUARD_H
#define KB_CASES_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Ticket text is data. On the way in, what could speak to a model rather than
 * of a problem is taken out before a model sees it; on the way back, what a
 * model cannot have from the case does not get past. Both are pure functions
 * of their arguments. Neither trusts the other: the second assumes that the
 * first missed something and that the model obeyed.
 *
 * In: invisible and direction-changing characters go (with the texts that tag
 * characters spell); look-alikes, spaced and stretched words are folded to
 * judge, not to show; fake turns, special tokens of chat templates, boundary
 * look-alikes and blobs that hide text (base64, hex, long escapes) become
 * words in brackets; a sentence that addresses a model, speaks of its
 * instructions, its role, its output or the fields of the digest in the
 * imperative is left out, in any of the languages of guard_lexicon.c. It errs
 * to the side of taking out: a sentence too few costs little.
 */
enum guard_sign {
	GUARD_INVISIBLE = 1 << 0, /* characters nobody sees */
	GUARD_TURN = 1 << 1,      /* a fake turn, special tokens, boundaries */
	GUARD_ADDRESS = 1 << 2,   /* a sentence for a model */
	GUARD_FIELD = 1 << 3,     /* orders about a field of the digest */
	GUARD_BLOB = 1 << 4,      /* encoded text; alone it is no suspicion */
};

/* What a case's text may try to steer: names of the classes and so on. */
struct guard_names {
	const struct slice *classes; /* with their other names */
	size_t class_count;
};

struct guard_input {
	struct slice text; /* what may be shown */
	unsigned signs;    /* enum guard_sign */
	size_t removed;    /* sentences or lines */
};

/* `text` is valid UTF-8. Everything is made in `a`. Linear in the text. */
MUST_USE
bool guard_in(struct slice text, const struct guard_names *names,
              struct arena *a, struct guard_input *out, struct fault *f);

/*
 * Whether a sentence names a class and judges. That is no suspicion: people
 * do. But a model that was told a class in words that guard_in() does not know
 * was told it there: *without is the text without these sentences.
 */
bool guard_named(struct slice text, const struct guard_names *names,
                 struct arena *a, struct slice *without);

/* What the case holds, to measure an answer by: made from its texts as they
 * were written, without what guard_in() took out. */
struct guard_case;
MUST_USE
bool guard_case_new(struct guard_case **out, struct fault *f);
void guard_case_free(struct guard_case *g);
MUST_USE
bool guard_case_add(struct guard_case *g, struct slice text, struct fault *f);

enum guard_loss {
	GUARD_LINK = 1 << 0,   /* an address, domain, e-mail or number to call
	                          that the case does not hold */
	GUARD_MARKUP = 1 << 1, /* HTML, Markdown, control characters */
	GUARD_ORDER = 1 << 2, /* a command or an instruction it does not hold */
	GUARD_WHOLE = 1 << 3, /* nothing was left: the text is withheld */
	GUARD_LONG = 1 << 4,  /* cut to `most` */
};

/*
 * One piece of free text as it may be stored: plain words on one line, at most
 * `most` bytes, cut at a character. *losses: enum guard_loss.
 */
MUST_USE
bool guard_out(const struct guard_case *g, struct slice text, size_t most,
               struct arena *a, struct slice *out, unsigned *losses,
               struct fault *f);

/* Whether the case holds this very token (an error code), at word borders. */
bool guard_holds(const struct guard_case *g, struct slice token);

#endif
