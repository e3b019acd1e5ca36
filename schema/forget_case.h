#ifndef SCHEMA_FORGET_CASE_H
#define SCHEMA_FORGET_CASE_H

#include "schema/batch.h"

/*
 * What forgetting takes of a support case: the case, its replies, digest,
 * corrections and failure, the answers of models about it, its name in the
 * ledger (what was paid stays), and the post it was folded into if that goes
 * by the name of another case: folding makes that anew without it. The post by
 * its own name is left to whoever forgets posts. For the files of this folder,
 * inside a transaction.
 */

/* *was: there was something. */
MUST_USE
bool forget_case(struct batch *b, struct slice space, struct slice native,
                 bool *was, struct fault *f);

/* Whether there is a case by this id. */
MUST_USE
bool forget_case_is(struct rows *r, struct slice space, struct slice native,
                    bool *is, struct fault *f);

#endif
