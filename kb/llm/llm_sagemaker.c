/*
 * Amazon SageMaker, InvokeEndpoint (SageMaker API reference): POST
 * /endpoints/NAME/invocations with whatever the container takes. Two schemas
 * are known: "messages", chat completions as OpenAI has them, and
 * "text-generation", {"inputs", "parameters"} -> [{"generated_text"}] or
 * {"generated_text"}, where the turns are laid out as
 *
 *	SYSTEM
 *
 *	### User:
 *	TEXT
 *
 *	### Assistant:
 *
 * and a JSON schema can only be asked for by words. What the container says
 * of a trouble comes within a ModelError.
 */

#include "base/json.h"
#include "base/limits.h"
#include "base/net/url_percent.h"
#include "kb/llm/llm_chat.h"
#include "kb/llm/llm_parts.h"

static const struct conf_key sagemaker_keys[] = {
	{ "endpoint", NULL, "its name" },
	{ "component", "", "of an endpoint that has several models" },
	{ "schema", "messages", "messages or text-generation" },
	{ "system-turn", "yes",
	  "no: the model's template knows no system, its words go first" },
	{ "region", "", "AWS region; else AWS_REGION, or the profile's" },
	{ "profile", "", "of the shared AWS files" },
	{ 0 },
};

static bool is_chat(const struct llm_settings *s)
{
	return !slice_eq(s->schema, SLICE("text-generation"));
}

static bool sagemaker_check(struct llm_settings *s, struct arena *a,
                            struct fault *f)
{
	(void)a;
	if (!slice_eq(s->schema, SLICE("messages")) && is_chat(s))
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] schema is '%.*s', but messages or "
		             "text-generation is wanted",
		             SLICE_ARG(s->name), SLICE_ARG(s->schema));
	return llm_aws_check(s, f);
}

static void generation_inputs(const struct llm_prompt *p, struct arena *a,
                              struct buf *out)
{
	struct slice system = llm_system(p, LLM_PROMPT, a);
	size_t i;

	buf_add(out, system);
	for (i = 0; i < p->turn_count; i++) {
		if (out->len)
			buf_text(out, "\n\n");
		buf_text(out, p->turns[i].model ? "### Assistant:\n"
		                                : "### User:\n");
		buf_add(out, p->turns[i].text);
	}
	buf_text(out, "\n\n### Assistant:\n");
}

static void generation_body(const struct llm_settings *s,
                            const struct llm_prompt *p, struct arena *a,
                            struct buf *out)
{
	struct buf inputs = BUF_INIT(LIMIT_MODEL_PROMPT);
	struct json_out o;

	generation_inputs(p, a, &inputs);
	json_start(&o, out);
	json_open(&o, '{');
	json_pair(&o, "inputs", buf_slice(&inputs));
	json_key(&o, "parameters");
	json_open(&o, '{');
	json_pair_number(&o, "max_new_tokens", p->output_most);
	json_key(&o, "return_full_text");
	json_put_bool(&o, false);
	/* A temperature of 0 is refused; not to sample is what it means. */
	if (s->temperature >= 0) {
		json_key(&o, "do_sample");
		json_put_bool(&o, s->temperature > 0);
	}
	if (s->temperature > 0) {
		json_key(&o, "temperature");
		json_put_real(&o, s->temperature);
	}
	json_close(&o, '}');
	json_close(&o, '}');
	out->full |= buf_full(&inputs);
	buf_release(&inputs);
}

static void add_component(const struct llm_settings *s, struct arena *a,
                          struct llm_wire *out)
{
	struct slice component = conf_get(s->section, "component", "");
	struct http_header *all;
	size_t i;

	if (!component.len)
		return;
	all = arena_array(a, out->header_count + 1, sizeof(*all));
	for (i = 0; i < out->header_count; i++)
		all[i] = out->headers[i];
	all[i] = (struct http_header){
		SLICE("x-amzn-sagemaker-inference-component"), component
	};
	out->headers = all;
	out->header_count++;
}

static bool sagemaker_request(const struct llm_settings *s,
                              const struct llm_prompt *p, enum llm_shape shape,
                              struct arena *a, struct llm_wire *out,
                              struct fault *f)
{
	struct buf url = BUF_INIT(LIMIT_LINK);
	struct buf body = BUF_INIT(LIMIT_MODEL_PROMPT);
	bool ok = llm_aws_base(s, "runtime.sagemaker", &url, f);

	if (ok) {
		buf_text(&url, "/endpoints/");
		url_percent_bytes(s->endpoint, &url);
		buf_text(&url, "/invocations");
		if (is_chat(s))
			llm_chat_write(s, p, shape, a, &body);
		else
			generation_body(s, p, a, &body);
		ok = llm_wire_json(&body, buf_slice(&url), a, out, f);
	}
	if (ok)
		add_component(s, a, out);
	buf_release(&url);
	return ok;
}

static enum llm_finish generation_finish(const struct json *details)
{
	struct slice reason = { 0 };

	return json_text(json_get(details, "finish_reason"), &reason) &&
	                       slice_eq(reason, SLICE("length"))
	               ? LLM_LENGTH
	               : LLM_DONE;
}

static bool generation_answer(struct slice body, struct arena *a,
                              struct llm_answer *out, struct fault *f)
{
	const struct json *first, *text, *details;
	struct json *root = NULL;
	struct slice words;
	bool ok = false;

	if (!llm_body_parse(body, &root, f))
		return false;
	first = json_is_array(root) ? json_first(root) : root;
	text = json_get(first, "generated_text");
	details = json_get(first, "details");
	*out = (struct llm_answer){ .finish = generation_finish(details),
		                    .input_tokens = -1 };
	out->output_tokens = llm_count(details, "generated_tokens");
	if (json_is_text(text) && json_text(text, &words))
		ok = llm_text_take(words, a, out, f);
	else
		llm_broken(f, "it has no generated_text");
	json_free(root);
	return ok;
}

static bool sagemaker_answer(const struct llm_settings *s, enum llm_shape shape,
                             struct slice body, struct arena *a,
                             struct llm_answer *out, struct fault *f)
{
	(void)shape;
	return is_chat(s) ? llm_chat_read(body, a, out, f)
	                  : generation_answer(body, a, out, f);
}

extern const struct llm_kind llm_sagemaker;

const struct llm_kind llm_sagemaker = {
	.name = "sagemaker",
	.about = "an endpoint of Amazon SageMaker",
	.service = "sagemaker",
	.shapes = 1 << LLM_SCHEMA | 1 << LLM_TOOL | 1 << LLM_PROMPT,
	.keys = sagemaker_keys,
	.check = sagemaker_check,
	.request = sagemaker_request,
	.answer = sagemaker_answer,
	.refusal = llm_aws_refusal,
};
