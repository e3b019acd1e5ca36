#ifndef KB_CASES_GUARD_CIPHER_H
#define KB_CASES_GUARD_CIPHER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * A sentence in one of the ciphers that language models read without
 * being told: letters shifted by the same number (ROT13 is 13), the alphabet
 * mirrored, text back to front. True: it looks like one, and `out` is what it
 * says. To look is linear; most sentences end there.
 */
bool guard_cipher(struct slice sentence, struct buf *out);

/* Whether most words end as Pig Latin's do. */
bool guard_pig_latin(struct slice sentence);

#endif
