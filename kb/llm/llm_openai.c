/*
 * Whatever speaks OpenAI's chat completions: vLLM, llama.cpp's server, Ollama,
 * OpenAI, Azure, Bedrock and SageMaker in that mode, gateways. `url` is what
 * such clients call the base ("https://host/v1"); a host alone means /v1, and
 * a full address ending in /chat/completions, with a query perhaps, stays.
 */

#include "base/limits.h"
#include "base/net/url.h"
#include "kb/llm/llm_chat.h"
#include "kb/llm/llm_parts.h"

static const struct conf_key openai_keys[] = {
	{ "key-header", "",
	  "header for the key instead of a bearer's: api-key for Azure" },
	{ "ceiling", "max_tokens",
	  "or max_completion_tokens: by which name output is bounded; the "
	  "other is tried when the server says so" },
	{ "system-turn", "yes",
	  "no: the model's template knows no system, its words go first" },
	{ 0 },
};

/* A header's name: letters, digits and dashes. */
static bool is_header(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!((s.at[i] | 32) >= 'a' && (s.at[i] | 32) <= 'z') &&
		    !(s.at[i] >= '0' && s.at[i] <= '9') && s.at[i] != '-')
			return false;
	return true;
}

static bool openai_check(struct llm_settings *s, struct arena *a,
                         struct fault *f)
{
	struct slice ceiling = conf_get(s->section, "ceiling", "max_tokens");
	struct slice system = conf_get(s->section, "system-turn", "yes");

	(void)a;
	s->completion_tokens =
	        slice_eq(ceiling, SLICE("max_completion_tokens"));
	if (!s->completion_tokens && !slice_eq(ceiling, SLICE("max_tokens")))
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] ceiling is '%.*s', but max_tokens or "
		             "max_completion_tokens is wanted",
		             SLICE_ARG(s->name), SLICE_ARG(ceiling));
	if (!slice_eq(system, SLICE("yes")) && !slice_eq(system, SLICE("no")))
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] system-turn is '%.*s', but yes or no "
		             "is wanted",
		             SLICE_ARG(s->name), SLICE_ARG(system));
	if (!is_header(conf_get(s->section, "key-header", "")))
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] key-header is no name of a header",
		             SLICE_ARG(s->name));
	if (!s->url.len || !s->model.len)
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] lacks the key '%s'",
		             SLICE_ARG(s->name), s->url.len ? "model" : "url");
	return true;
}

static bool openai_url(struct slice base, struct buf *out, struct fault *f)
{
	struct url u = URL_INIT;
	struct slice path, text;
	bool ok = url_parse(&u, base, NULL, f);

	if (ok) {
		path = url_path(&u);
		text = url_bare(&u);
		while (slice_ends(path, SLICE("/")))
			path.len--;
		url_origin(&u, out);
		buf_add(out, path.len ? path : SLICE("/v1"));
		if (!slice_ends(path, SLICE("/chat/completions")))
			buf_text(out, "/chat/completions");
		buf_add(out, slice_cut(text, slice_find(text, '?'), text.len));
	}
	url_release(&u);
	return ok;
}

static bool openai_request(const struct llm_settings *s,
                           const struct llm_prompt *p, enum llm_shape shape,
                           struct arena *a, struct llm_wire *out,
                           struct fault *f)
{
	struct buf url = BUF_INIT(LIMIT_LINK);
	struct buf body = BUF_INIT(LIMIT_MODEL_PROMPT);
	bool ok = openai_url(s->url, &url, f);

	if (ok) {
		llm_chat_write(s, p, shape, a, &body);
		ok = llm_wire_json(&body, buf_slice(&url), a, out, f);
	}
	buf_release(&url);
	return ok;
}

static bool openai_answer(const struct llm_settings *s, enum llm_shape shape,
                          struct slice body, struct arena *a,
                          struct llm_answer *out, struct fault *f)
{
	(void)s;
	(void)shape;
	return llm_chat_read(body, a, out, f);
}

static enum llm_refusal openai_refusal(const struct llm_settings *s, int status,
                                       struct slice body, struct fault *f)
{
	struct llm_error e;

	(void)s;
	llm_error_read(body, &e);
	return llm_refused(status, &e, f);
}

extern const struct llm_kind llm_openai;

const struct llm_kind llm_openai = {
	.name = "openai",
	.about = "any server with OpenAI's /v1/chat/completions",
	.shapes = 1 << LLM_SCHEMA | 1 << LLM_TOOL | 1 << LLM_PROMPT,
	.keys = openai_keys,
	.check = openai_check,
	.request = openai_request,
	.answer = openai_answer,
	.refusal = openai_refusal,
};
