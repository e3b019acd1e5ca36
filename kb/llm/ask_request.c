/*
 * The hash is of lengths and bytes in turn, so that no two prompts share one
 * by where a part ends. What servers add around a prompt (roles, templates)
 * is reckoned at eight tokens a turn.
 */

#include "kb/llm/ask_request.h"

#include <math.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/limits.h"

enum { TURN_TOKENS = 8 };

static void hash_slice(struct sha256 *h, struct slice s)
{
	char len[24];

	snprintf(len, sizeof(len), "%zu:", s.len);
	sha256_add(h, slice_of(len));
	sha256_add(h, s);
}

void ask_hash(const struct llm_settings *s, const struct llm_prompt *p,
              char hex[65])
{
	char numbers[96];
	struct sha256 h;
	size_t i;

	snprintf(numbers, sizeof(numbers), "1 %lld %.6f %zu",
	         (long long)p->output_most,
	         s->temperature < 0 ? -1 : s->temperature, p->turn_count);
	sha256_init(&h);
	hash_slice(&h, slice_of(numbers));
	hash_slice(&h, slice_of(s->kind->name));
	hash_slice(&h, s->url.len ? s->url : s->region);
	hash_slice(&h, s->endpoint);
	hash_slice(&h, s->schema);
	hash_slice(&h, s->model);
	hash_slice(&h, p->system);
	for (i = 0; i < p->turn_count; i++) {
		hash_slice(&h, p->turns[i].model ? SLICE("m") : SLICE("u"));
		hash_slice(&h, p->turns[i].text);
	}
	hash_slice(&h, p->schema);
	hash_slice(&h, p->schema_name);
	hash_slice(&h, p->schema_about);
	sha256_end(&h, hex);
}

bool ask_copy(const struct llm_prompt *p, struct arena *a,
              struct llm_prompt *out, struct fault *f)
{
	struct llm_turn *turns;
	size_t i;

	if (!p->turn_count || p->turn_count > LIMIT_MODEL_TURNS)
		return fault(f, FAULT_LIMIT, "limit-model-turns",
		             "a prompt has %zu turns; 1 to %d can be asked",
		             p->turn_count, LIMIT_MODEL_TURNS);
	turns = arena_array(a, p->turn_count, sizeof(*turns));
	for (i = 0; i < p->turn_count; i++) {
		turns[i].model = p->turns[i].model;
		turns[i].text = arena_copy(a, p->turns[i].text);
	}
	*out = *p;
	out->turns = turns;
	out->system = arena_copy(a, p->system);
	out->schema = arena_copy(a, p->schema);
	out->schema_name = arena_copy(a, p->schema_name);
	out->schema_about = arena_copy(a, p->schema_about);
	return true;
}

static bool look_at(const struct mask *m, const char *where, struct slice text,
                    struct fault *f)
{
	struct mask_found found;

	if (!mask_find(m, text, &found))
		return true;
	return fault(f, FAULT_DENIED, "llm-unmasked",
	             "it would have left with something that looks like %s, "
	             "unmasked, at byte %zu of %s",
	             mask_name(found.class), found.from, where);
}

bool ask_look(const struct mask *m, const struct llm_prompt *p, struct fault *f)
{
	char where[32];
	size_t i;

	if (!look_at(m, "the system's words", p->system, f))
		return false;
	for (i = 0; i < p->turn_count; i++) {
		snprintf(where, sizeof(where), "turn %zu", i + 1);
		if (!look_at(m, where, p->turns[i].text, f))
			return false;
	}
	return true;
}

int64_t ask_cost(const struct llm_settings *s, int64_t input, int64_t output)
{
	return (int64_t)ceil((double)input * s->input_price +
	                     (double)output * s->output_price);
}

bool ask_measure(const struct llm_settings *s, const struct llm_prompt *p,
                 int64_t *input, int64_t *cost, struct fault *f)
{
	int64_t tokens = llm_tokens(p->system) + llm_tokens(p->schema) +
	                 llm_tokens(p->schema_about) + TURN_TOKENS;
	size_t i;

	for (i = 0; i < p->turn_count; i++)
		tokens += llm_tokens(p->turns[i].text) + TURN_TOKENS;
	if (tokens + p->output_most > s->window)
		return fault(f, FAULT_LIMIT, "llm-window",
		             "some %lld tokens and %lld for the answer do not "
		             "fit the window of %lld of [llm %.*s]",
		             (long long)tokens, (long long)p->output_most,
		             (long long)s->window, SLICE_ARG(s->name));
	*input = tokens;
	*cost = ask_cost(s, tokens, p->output_most);
	return true;
}

bool ask_wire(const struct llm_settings *s, const struct llm_prompt *p,
              enum llm_shape shape, struct slice hash, struct arena *a,
              struct llm_wire *out, struct fault *f)
{
	struct http_header *all;
	size_t i;

	if (!s->kind->request(s, p, shape, a, out, f))
		return false;
	all = arena_array(a, out->header_count + 1, sizeof(*all));
	for (i = 0; i < out->header_count; i++)
		all[i] = out->headers[i];
	all[i].name = SLICE("idempotency-key");
	all[i].value = hash;
	out->headers = all;
	out->header_count++;
	return true;
}
