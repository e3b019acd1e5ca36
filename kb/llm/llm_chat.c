/*
 * Request: {"model", "messages": [{"role", "content"}], "max_tokens" or
 * "max_completion_tokens", "temperature", and "response_format" with a strict
 * schema or "tools" with the one that has to be called}. Answer: {"model",
 * "choices": [{"message": {"content", "refusal", "tool_calls"},
 * "finish_reason"}], "usage"}. `content` is a text, null, or a list of parts;
 * members that hold a model's reasoning are left alone.
 */

#include "kb/llm/llm_chat.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "kb/llm/llm_parts.h"

static void chat_message(struct json_out *o, const char *role,
                         struct slice text)
{
	json_open(o, '{');
	json_pair(o, "role", slice_of(role));
	json_pair(o, "content", text);
	json_close(o, '}');
}

/* Templates of some local models know no system: its words then stand at the
 * head of the user's. */
static struct slice chat_first(struct slice system, struct slice text,
                               struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_MODEL_PROMPT);
	struct slice whole;

	buf_add(&b, system);
	buf_text(&b, "\n\n");
	buf_add(&b, text);
	whole = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return whole;
}

static void chat_messages(const struct llm_settings *s,
                          const struct llm_prompt *p, enum llm_shape shape,
                          struct arena *a, struct json_out *o)
{
	struct slice system = llm_system(p, shape, a);
	bool own = slice_eq(conf_get(s->section, "system-turn", "yes"),
	                    SLICE("yes"));
	size_t i;

	json_key(o, "messages");
	json_open(o, '[');
	if (system.len && own)
		chat_message(o, "system", system);
	for (i = 0; i < p->turn_count; i++) {
		struct slice text = p->turns[i].text;

		if (i == 0 && system.len && !own)
			text = chat_first(system, text, a);
		chat_message(o, p->turns[i].model ? "assistant" : "user", text);
	}
	json_close(o, ']');
}

static void chat_format(const struct llm_prompt *p, struct json_out *o)
{
	json_key(o, "response_format");
	json_open(o, '{');
	json_pair(o, "type", SLICE("json_schema"));
	json_key(o, "json_schema");
	json_open(o, '{');
	json_pair(o, "name", p->schema_name);
	if (p->schema_about.len)
		json_pair(o, "description", p->schema_about);
	json_key(o, "strict");
	json_put_bool(o, true);
	json_key(o, "schema");
	json_put_raw(o, p->schema);
	json_close(o, '}');
	json_close(o, '}');
}

static void chat_tool(const struct llm_prompt *p, struct json_out *o)
{
	json_key(o, "tools");
	json_open(o, '[');
	json_open(o, '{');
	json_pair(o, "type", SLICE("function"));
	json_key(o, "function");
	json_open(o, '{');
	json_pair(o, "name", p->schema_name);
	if (p->schema_about.len)
		json_pair(o, "description", p->schema_about);
	json_key(o, "parameters");
	json_put_raw(o, p->schema);
	json_close(o, '}');
	json_close(o, '}');
	json_close(o, ']');
	json_key(o, "tool_choice");
	json_open(o, '{');
	json_pair(o, "type", SLICE("function"));
	json_key(o, "function");
	json_open(o, '{');
	json_pair(o, "name", p->schema_name);
	json_close(o, '}');
	json_close(o, '}');
}

void llm_chat_write(const struct llm_settings *s, const struct llm_prompt *p,
                    enum llm_shape shape, struct arena *a, struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	if (s->model.len)
		json_pair(&o, "model", s->model);
	chat_messages(s, p, shape, a, &o);
	json_pair_number(&o,
	                 s->completion_tokens ? "max_completion_tokens"
	                                      : "max_tokens",
	                 p->output_most);
	if (s->temperature >= 0) {
		json_key(&o, "temperature");
		json_put_real(&o, s->temperature);
	}
	if (p->schema.len && shape == LLM_SCHEMA)
		chat_format(p, &o);
	if (p->schema.len && shape == LLM_TOOL)
		chat_tool(p, &o);
	json_close(&o, '}');
}

static void chat_content(const struct json *content, struct buf *out)
{
	const struct json *part;
	struct slice text;

	if (json_is_text(content) && json_text(content, &text))
		buf_add(out, text);
	if (!json_is_array(content))
		return;
	for (part = json_first(content); part; part = json_next(part)) {
		const struct json *words = json_get(part, "text");

		if (json_is_text(words) && json_text(words, &text))
			buf_add(out, text);
	}
}

/* What the called tool was given: a text of JSON, or JSON itself. */
static bool chat_arguments(const struct json *message, struct buf *out)
{
	const struct json *call = json_get(message, "tool_calls");
	const struct json *given;
	struct slice text;

	if (!json_is_array(call) || !json_first(call))
		return true;
	given = json_get(json_get(json_first(call), "function"), "arguments");
	if (json_is_text(given) && json_text(given, &text) && text.len) {
		buf_reset(out);
		buf_add(out, text);
	} else if (json_is_object(given)) {
		buf_reset(out);
		return llm_json_add(given, out);
	}
	return true;
}

static enum llm_finish chat_finish(const struct json *choice)
{
	struct slice reason = { 0 };

	if (!json_text(json_get(choice, "finish_reason"), &reason))
		return LLM_DONE;
	if (slice_eq(reason, SLICE("length")))
		return LLM_LENGTH;
	return slice_eq(reason, SLICE("content_filter")) ? LLM_FILTERED
	                                                 : LLM_DONE;
}

static bool chat_choice(const struct json *choice, struct arena *a,
                        struct llm_answer *out, struct fault *f)
{
	const struct json *message = json_get(choice, "message");
	const struct json *refusal = json_get(message, "refusal");
	struct buf text = BUF_INIT(LIMIT_MODEL_ANSWER);
	struct slice words;
	bool ok;

	if (!json_is_object(message))
		return llm_broken(f, "it has no message");
	out->finish = chat_finish(choice);
	chat_content(json_get(message, "content"), &text);
	if (json_is_text(refusal) && json_text(refusal, &words) && words.len) {
		out->finish = LLM_REFUSED;
		buf_reset(&text);
		buf_add(&text, words);
	}
	if (!chat_arguments(message, &text))
		ok = llm_broken(f, "its tool's input is too deep");
	else
		ok = llm_text_take(buf_slice(&text), a, out, f);
	buf_release(&text);
	return ok;
}

bool llm_chat_read(struct slice body, struct arena *a, struct llm_answer *out,
                   struct fault *f)
{
	const struct json *choices, *usage;
	struct json *root = NULL;
	struct llm_error error;
	bool ok = false;

	if (!llm_body_parse(body, &root, f))
		return false;
	choices = json_get(root, "choices");
	if (json_is_array(choices) && json_first(choices)) {
		ok = chat_choice(json_first(choices), a, out, f);
	} else if (json_get(root, "error")) {
		llm_error_read(body, &error);
		fault(f, FAULT_INPUT, "llm-broken",
		      "the server says an error where its answer should be: %s",
		      error.text);
	} else {
		llm_broken(f, "it has no choices");
	}
	if (ok) {
		usage = json_get(root, "usage");
		out->input_tokens = llm_count(usage, "prompt_tokens");
		out->output_tokens = llm_count(usage, "completion_tokens");
		if (json_is_text(json_get(root, "model")) &&
		    json_text(json_get(root, "model"), &out->model))
			out->model = arena_copy(
			        a, utf8_head(out->model, LIMIT_NAME));
	}
	json_free(root);
	return ok;
}
