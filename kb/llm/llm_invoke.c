/*
 * Amazon Bedrock, InvokeModel with Anthropic's messages (Bedrock user guide,
 * "Anthropic Claude Messages API"): for models and accounts that Converse is
 * not for. POST /model/ID/invoke; the body is the model's own.
 */

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "kb/llm/llm_parts.h"

static const struct conf_key invoke_keys[] = {
	{ "region", "", "AWS region; else AWS_REGION, or the profile's" },
	{ "profile", "", "of the shared AWS files" },
	{ 0 },
};

static bool invoke_check(struct llm_settings *s, struct arena *a,
                         struct fault *f)
{
	(void)a;
	if (!s->model.len)
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] lacks the key 'model': the id of an "
		             "Anthropic model",
		             SLICE_ARG(s->name));
	return llm_aws_check(s, f);
}

static void invoke_messages(const struct llm_prompt *p, struct json_out *o)
{
	size_t i;

	json_key(o, "messages");
	json_open(o, '[');
	for (i = 0; i < p->turn_count; i++) {
		json_open(o, '{');
		json_pair(o, "role",
		          p->turns[i].model ? SLICE("assistant")
		                            : SLICE("user"));
		json_pair(o, "content", p->turns[i].text);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void invoke_tool(const struct llm_prompt *p, struct json_out *o)
{
	json_key(o, "tools");
	json_open(o, '[');
	json_open(o, '{');
	json_pair(o, "name", p->schema_name);
	if (p->schema_about.len)
		json_pair(o, "description", p->schema_about);
	json_key(o, "input_schema");
	json_put_raw(o, p->schema);
	json_close(o, '}');
	json_close(o, ']');
	json_key(o, "tool_choice");
	json_open(o, '{');
	json_pair(o, "type", SLICE("tool"));
	json_pair(o, "name", p->schema_name);
	json_close(o, '}');
}

static void invoke_format(const struct llm_prompt *p, struct json_out *o)
{
	json_key(o, "output_config");
	json_open(o, '{');
	json_key(o, "format");
	json_open(o, '{');
	json_pair(o, "type", SLICE("json_schema"));
	json_key(o, "schema");
	json_put_raw(o, p->schema);
	json_close(o, '}');
	json_close(o, '}');
}

static void invoke_body(const struct llm_settings *s,
                        const struct llm_prompt *p, enum llm_shape shape,
                        struct arena *a, struct buf *out)
{
	struct slice system = llm_system(p, shape, a);
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair(&o, "anthropic_version", SLICE("bedrock-2023-05-31"));
	json_pair_number(&o, "max_tokens", p->output_most);
	if (system.len)
		json_pair(&o, "system", system);
	invoke_messages(p, &o);
	if (s->temperature >= 0) {
		json_key(&o, "temperature");
		json_put_real(&o, s->temperature);
	}
	if (p->schema.len && shape == LLM_TOOL)
		invoke_tool(p, &o);
	if (p->schema.len && shape == LLM_SCHEMA)
		invoke_format(p, &o);
	json_close(&o, '}');
}

static bool invoke_request(const struct llm_settings *s,
                           const struct llm_prompt *p, enum llm_shape shape,
                           struct arena *a, struct llm_wire *out,
                           struct fault *f)
{
	struct buf body = BUF_INIT(LIMIT_MODEL_PROMPT);

	invoke_body(s, p, shape, a, &body);
	return llm_bedrock_wire(s, "invoke", &body, a, out, f);
}

static enum llm_finish invoke_finish(const struct json *root)
{
	struct slice reason = { 0 };

	if (!json_text(json_get(root, "stop_reason"), &reason))
		return LLM_DONE;
	if (slice_eq(reason, SLICE("max_tokens")) ||
	    slice_eq(reason, SLICE("model_context_window_exceeded")))
		return LLM_LENGTH;
	return slice_eq(reason, SLICE("refusal")) ? LLM_REFUSED : LLM_DONE;
}

/* A guardrail that stepped in leaves its own words as the content, and says
 * so in a member of Bedrock's. */
static bool invoke_guarded(const struct json *root)
{
	struct slice action = { 0 };

	return json_text(json_get(root, "amazon-bedrock-guardrailAction"),
	                 &action) &&
	       slice_eq(action, SLICE("INTERVENED"));
}

static bool invoke_content(const struct json *content, struct buf *text)
{
	const struct json *part;
	struct slice words;

	for (part = json_first(content); part; part = json_next(part)) {
		const struct json *input = json_get(part, "input");

		if (json_is_object(input)) {
			buf_reset(text);
			return llm_json_add(input, text);
		}
		if (json_is_text(json_get(part, "text")) &&
		    json_text(json_get(part, "text"), &words))
			buf_add(text, words);
	}
	return true;
}

static bool invoke_answer(const struct llm_settings *s, enum llm_shape shape,
                          struct slice body, struct arena *a,
                          struct llm_answer *out, struct fault *f)
{
	struct buf text = BUF_INIT(LIMIT_MODEL_ANSWER);
	const struct json *content, *usage;
	struct json *root = NULL;
	bool ok = false;

	(void)s;
	(void)shape;
	if (!llm_body_parse(body, &root, f))
		return false;
	content = json_get(root, "content");
	usage = json_get(root, "usage");
	out->finish = invoke_guarded(root) ? LLM_FILTERED : invoke_finish(root);
	out->input_tokens = llm_count(usage, "input_tokens");
	out->output_tokens = llm_count(usage, "output_tokens");
	out->model = (struct slice){ 0 };
	if (json_is_text(json_get(root, "model")) &&
	    json_text(json_get(root, "model"), &out->model))
		out->model = arena_copy(a, utf8_head(out->model, LIMIT_NAME));
	if (!json_is_array(content))
		llm_broken(f, "it has no content");
	else if (!invoke_content(content, &text))
		llm_broken(f, "its tool's input is too deep");
	else
		ok = llm_text_take(buf_slice(&text), a, out, f);
	buf_release(&text);
	json_free(root);
	return ok;
}

extern const struct llm_kind llm_invoke;

const struct llm_kind llm_invoke = {
	.name = "invoke",
	.about = "Amazon Bedrock, Anthropic's models by their own messages",
	.service = "bedrock",
	.shapes = 1 << LLM_SCHEMA | 1 << LLM_TOOL | 1 << LLM_PROMPT,
	.keys = invoke_keys,
	.check = invoke_check,
	.request = invoke_request,
	.answer = invoke_answer,
	.refusal = llm_aws_refusal,
};
