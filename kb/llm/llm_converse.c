/*
 * Amazon Bedrock, Converse (Bedrock API reference, "Converse"): one shape for
 * all of Bedrock's models. POST /model/ID/converse, the id as one segment of
 * the path, which an ARN's slashes and colons are encoded for. A schema goes
 * as a text in outputConfig.textFormat, or as a tool's that must be called.
 */

#include "base/json.h"
#include "base/limits.h"
#include "kb/llm/llm_parts.h"

static const struct conf_key converse_keys[] = {
	{ "region", "", "AWS region; else AWS_REGION, or the profile's" },
	{ "profile", "", "of the shared AWS files" },
	{ 0 },
};

static bool converse_check(struct llm_settings *s, struct arena *a,
                           struct fault *f)
{
	(void)a;
	if (!s->model.len)
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] lacks the key 'model': a model id, an "
		             "inference profile or an ARN",
		             SLICE_ARG(s->name));
	return llm_aws_check(s, f);
}

static void converse_text(struct json_out *o, struct slice text)
{
	json_open(o, '[');
	json_open(o, '{');
	json_pair(o, "text", text);
	json_close(o, '}');
	json_close(o, ']');
}

static void converse_messages(const struct llm_prompt *p, struct json_out *o)
{
	size_t i;

	json_key(o, "messages");
	json_open(o, '[');
	for (i = 0; i < p->turn_count; i++) {
		json_open(o, '{');
		json_pair(o, "role",
		          p->turns[i].model ? SLICE("assistant")
		                            : SLICE("user"));
		json_key(o, "content");
		converse_text(o, p->turns[i].text);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void converse_tool(const struct llm_prompt *p, struct json_out *o)
{
	json_key(o, "toolConfig");
	json_open(o, '{');
	json_key(o, "tools");
	json_open(o, '[');
	json_open(o, '{');
	json_key(o, "toolSpec");
	json_open(o, '{');
	json_pair(o, "name", p->schema_name);
	if (p->schema_about.len)
		json_pair(o, "description", p->schema_about);
	json_key(o, "inputSchema");
	json_open(o, '{');
	json_key(o, "json");
	json_put_raw(o, p->schema);
	json_close(o, '}');
	json_close(o, '}');
	json_close(o, '}');
	json_close(o, ']');
	json_key(o, "toolChoice");
	json_open(o, '{');
	json_key(o, "tool");
	json_open(o, '{');
	json_pair(o, "name", p->schema_name);
	json_close(o, '}');
	json_close(o, '}');
	json_close(o, '}');
}

static void converse_format(const struct llm_prompt *p, struct json_out *o)
{
	json_key(o, "outputConfig");
	json_open(o, '{');
	json_key(o, "textFormat");
	json_open(o, '{');
	json_pair(o, "type", SLICE("json_schema"));
	json_key(o, "structure");
	json_open(o, '{');
	json_key(o, "jsonSchema");
	json_open(o, '{');
	json_pair(o, "schema", p->schema);
	json_pair(o, "name", p->schema_name);
	if (p->schema_about.len)
		json_pair(o, "description", p->schema_about);
	json_close(o, '}');
	json_close(o, '}');
	json_close(o, '}');
	json_close(o, '}');
}

static void converse_body(const struct llm_settings *s,
                          const struct llm_prompt *p, enum llm_shape shape,
                          struct arena *a, struct buf *out)
{
	struct slice system = llm_system(p, shape, a);
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	converse_messages(p, &o);
	if (system.len) {
		json_key(&o, "system");
		converse_text(&o, system);
	}
	json_key(&o, "inferenceConfig");
	json_open(&o, '{');
	json_pair_number(&o, "maxTokens", p->output_most);
	if (s->temperature >= 0) {
		json_key(&o, "temperature");
		json_put_real(&o, s->temperature);
	}
	json_close(&o, '}');
	if (p->schema.len && shape == LLM_TOOL)
		converse_tool(p, &o);
	if (p->schema.len && shape == LLM_SCHEMA)
		converse_format(p, &o);
	json_close(&o, '}');
}

static bool converse_request(const struct llm_settings *s,
                             const struct llm_prompt *p, enum llm_shape shape,
                             struct arena *a, struct llm_wire *out,
                             struct fault *f)
{
	struct buf body = BUF_INIT(LIMIT_MODEL_PROMPT);

	converse_body(s, p, shape, a, &body);
	return llm_bedrock_wire(s, "converse", &body, a, out, f);
}

static enum llm_finish converse_finish(const struct json *root)
{
	static const struct {
		const char *reason;
		enum llm_finish finish;
	} known[] = {
		{ "max_tokens", LLM_LENGTH },
		{ "model_context_window_exceeded", LLM_LENGTH },
		{ "guardrail_intervened", LLM_FILTERED },
		{ "content_filtered", LLM_FILTERED },
		{ "refusal", LLM_REFUSED },
	};
	struct slice reason = { 0 };
	size_t i;

	if (json_text(json_get(root, "stopReason"), &reason))
		for (i = 0; i < sizeof(known) / sizeof(*known); i++)
			if (slice_eq(reason, slice_of(known[i].reason)))
				return known[i].finish;
	return LLM_DONE;
}

/* Texts, one behind the other; the input of a tool in their place. */
static bool converse_content(const struct json *content, struct buf *text)
{
	const struct json *part;
	struct slice words;

	for (part = json_first(content); part; part = json_next(part)) {
		const struct json *input =
		        json_get(json_get(part, "toolUse"), "input");

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

static bool converse_answer(const struct llm_settings *s, enum llm_shape shape,
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
	content = json_get(json_get(json_get(root, "output"), "message"),
	                   "content");
	usage = json_get(root, "usage");
	out->finish = converse_finish(root);
	out->input_tokens = llm_count(usage, "inputTokens");
	out->output_tokens = llm_count(usage, "outputTokens");
	out->model = (struct slice){ 0 };
	if (!json_is_array(content))
		llm_broken(f, "it has no output.message.content");
	else if (!converse_content(content, &text))
		llm_broken(f, "its tool's input is too deep");
	else
		ok = llm_text_take(buf_slice(&text), a, out, f);
	buf_release(&text);
	json_free(root);
	return ok;
}

extern const struct llm_kind llm_converse;

const struct llm_kind llm_converse = {
	.name = "converse",
	.about = "Amazon Bedrock, any of its models",
	.service = "bedrock",
	.shapes = 1 << LLM_SCHEMA | 1 << LLM_TOOL | 1 << LLM_PROMPT,
	.keys = converse_keys,
	.check = converse_check,
	.request = converse_request,
	.answer = converse_answer,
	.refusal = llm_aws_refusal,
};
