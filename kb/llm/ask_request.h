#ifndef KB_LLM_ASK_REQUEST_H
#define KB_LLM_ASK_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/mask.h"
#include "kb/llm/llm.h"

/*
 * One prompt on its way out: named by a hash, measured, looked at, made a
 * request. Pure functions of their arguments.
 */

/* SHA-256 of all that decides the answer; a NUL at the end. */
void ask_hash(const struct llm_settings *s, const struct llm_prompt *p,
              char hex[65]);

/* A copy that lives in `a`. FAULT_LIMIT: it has too many turns. */
MUST_USE
bool ask_copy(const struct llm_prompt *p, struct arena *a,
              struct llm_prompt *out, struct fault *f);

/* FAULT_DENIED "llm-unmasked": what `m` finds stands in it. The fault names
 * the class and the place, never the thing. */
MUST_USE
bool ask_look(const struct mask *m, const struct llm_prompt *p,
              struct fault *f);

/* What it may take, from above; cost in millionths. FAULT_LIMIT "llm-window":
 * more than the model has room for. */
MUST_USE
bool ask_measure(const struct llm_settings *s, const struct llm_prompt *p,
                 int64_t *input, int64_t *cost, struct fault *f);

/* In millionths of the currency; upwards. */
int64_t ask_cost(const struct llm_settings *s, int64_t input, int64_t output);

/* The back end's request, with the hash as its Idempotency-Key: a gateway
 * that knows such keys will not have a repeated try paid twice. */
MUST_USE
bool ask_wire(const struct llm_settings *s, const struct llm_prompt *p,
              enum llm_shape shape, struct slice hash, struct arena *a,
              struct llm_wire *out, struct fault *f);

#endif
