#ifndef KB_LLM_CHAT_H
#define KB_LLM_CHAT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "kb/llm/llm.h"

/*
 * Chat completions as OpenAI has them (API reference, "Create chat
 * completion"), which many servers speak. For the back ends that do.
 */

/* Appends the body of a request. */
void llm_chat_write(const struct llm_settings *s, const struct llm_prompt *p,
                    enum llm_shape shape, struct arena *a, struct buf *out);

/* As struct llm_kind's `answer`. */
MUST_USE
bool llm_chat_read(struct slice body, struct arena *a, struct llm_answer *out,
                   struct fault *f);

#endif
