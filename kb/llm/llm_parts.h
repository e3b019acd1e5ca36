#ifndef KB_LLM_PARTS_H
#define KB_LLM_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/slice.h"
#include "kb/llm/llm.h"

/*
 * What several back ends have in common: bodies made and measured, texts of
 * answers gathered, errors read. No API of anybody's.
 */

/* The system's words, with the schema behind them for LLM_PROMPT. */
struct slice llm_system(const struct llm_prompt *p, enum llm_shape shape,
                        struct arena *a);

/* The body in `b`, which is released, as JSON for `url`. FAULT_LIMIT. */
MUST_USE
bool llm_wire_json(struct buf *b, struct slice url, struct arena *a,
                   struct llm_wire *out, struct fault *f);

/* "https://SERVICE.REGION.amazonaws.com", or China's; or what the settings
 * have instead, without slashes at its end. FAULT_USAGE: no region. */
MUST_USE
bool llm_aws_base(const struct llm_settings *s, const char *service,
                  struct buf *out, struct fault *f);

/* Bedrock's POST /model/ID/VERB, with the body in `b`, which is released. */
MUST_USE
bool llm_bedrock_wire(const struct llm_settings *s, const char *verb,
                      struct buf *b, struct arena *a, struct llm_wire *out,
                      struct fault *f);

/* For AWS's kinds, of `check`: a key that is no signature needs a place. */
MUST_USE
bool llm_aws_check(const struct llm_settings *s, struct fault *f);

/* A value as JSON again. False past the depth that can be written. */
MUST_USE
bool llm_json_add(const struct json *j, struct buf *out);

/* An answer's text as it is handed on: without <think>...</think> before it.
 * FAULT_INPUT "llm-empty": there is none, although the model was done;
 * FAULT_LIMIT "limit-model-text". */
MUST_USE
bool llm_text_take(struct slice text, struct arena *a, struct llm_answer *out,
                   struct fault *f);

/* The answer's JSON. FAULT_INPUT "llm-broken" says what it begins with;
 * `limit-model-answer` is for whoever fetched it. */
MUST_USE
bool llm_body_parse(struct slice body, struct json **out, struct fault *f);
bool llm_broken(struct fault *f, const char *what);

/* A count of tokens, or -1. */
int64_t llm_count(const struct json *usage, const char *name);

/* What an error of any of these APIs says, made safe to print. */
struct llm_error {
	char text[400], code[64];
	int64_t original; /* the status of the model's own server, or 0 */
};

void llm_error_read(struct slice body, struct llm_error *out);

/* Without regard to the case of ASCII. */
bool llm_error_says(const struct llm_error *e, const char *words);

/* The judgement that most servers' errors allow. */
enum llm_refusal llm_refused(int status, const struct llm_error *e,
                             struct fault *f);

/* The same as `refusal` of AWS's kinds: 424 is the trouble of the model's own
 * server; a clock that is wrong is no denial, since whoever signs takes the
 * server's. */
enum llm_refusal llm_aws_refusal(const struct llm_settings *s, int status,
                                 struct slice body, struct fault *f);

#endif
