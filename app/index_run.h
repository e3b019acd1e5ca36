#ifndef APP_INDEX_RUN_H
#define APP_INDEX_RUN_H

#include "app/command.h"
#include "kb/index.h"

/*
 * What the configuration says of the index, for every command that brings it
 * up to the store. *analyzer holds what the options borrow; release it after
 * them.
 */
MUST_USE
bool index_run_options(struct app *app, struct buf *analyzer,
                       struct index_options *out, struct fault *f);

/* Brings the index up to the store if there is one; *there says so. */
MUST_USE
bool index_run_again(struct app *app, struct store *s, bool *there,
                     struct index_report *out, struct fault *f);

#endif
