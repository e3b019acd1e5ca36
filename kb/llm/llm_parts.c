/*
 * Bodies and texts. A value that a model gave as an object (the input of a
 * tool) is written out as text again, by a walk with a stack of its own.
 */

#include "kb/llm/llm_parts.h"

#include <string.h>

#include "base/limits.h"
#include "base/net/url_percent.h"
#include "base/utf8.h"

struct slice llm_system(const struct llm_prompt *p, enum llm_shape shape,
                        struct arena *a)
{
	static const struct slice words =
	        SLICE("\n\nAnswer with one JSON object that follows this JSON "
	              "schema, and with nothing else:\n");
	char *at;

	if (!p->schema.len || shape != LLM_PROMPT)
		return p->system;
	at = arena_array(a, 1, p->system.len + words.len + p->schema.len);
	if (p->system.len)
		memcpy(at, p->system.at, p->system.len);
	memcpy(at + p->system.len, words.at, words.len);
	memcpy(at + p->system.len + words.len, p->schema.at, p->schema.len);
	return (struct slice){ at, p->system.len + words.len + p->schema.len };
}

bool llm_wire_json(struct buf *b, struct slice url, struct arena *a,
                   struct llm_wire *out, struct fault *f)
{
	static const struct http_header headers[] = {
		{ SLICE("content-type"), SLICE("application/json") },
		{ SLICE("accept"), SLICE("application/json") },
	};
	bool full = buf_full(b);

	if (!full)
		*out = (struct llm_wire){ .url = arena_copy(a, url),
			                  .body = arena_copy(a, buf_slice(b)),
			                  .headers = headers,
			                  .header_count = 2 };
	buf_release(b);
	return !full || fault(f, FAULT_LIMIT, "limit-model-prompt",
	                      "a prompt of more than %d MiB cannot be sent",
	                      LIMIT_MODEL_PROMPT >> 20);
}

bool llm_aws_base(const struct llm_settings *s, const char *service,
                  struct buf *out, struct fault *f)
{
	struct slice url = s->url;

	while (slice_ends(url, SLICE("/")))
		url.len--;
	if (url.len) {
		buf_add(out, url);
		return true;
	}
	if (!s->region.len)
		return fault(f, FAULT_USAGE, "configuration",
		             "[llm %.*s] has no region; 'region = us-east-1' "
		             "or AWS_REGION says it",
		             SLICE_ARG(s->name));
	buf_addf(out, "https://%s.%.*s.amazonaws.com%s", service,
	         SLICE_ARG(s->region),
	         slice_starts(s->region, SLICE("cn-")) ? ".cn" : "");
	return true;
}

bool llm_bedrock_wire(const struct llm_settings *s, const char *verb,
                      struct buf *b, struct arena *a, struct llm_wire *out,
                      struct fault *f)
{
	struct buf url = BUF_INIT(LIMIT_LINK);
	bool ok = llm_aws_base(s, "bedrock-runtime", &url, f);

	if (ok) {
		buf_text(&url, "/model/");
		url_percent_bytes(s->model, &url);
		buf_addf(&url, "/%s", verb);
		ok = llm_wire_json(b, buf_slice(&url), a, out, f);
	} else {
		buf_release(b);
	}
	buf_release(&url);
	return ok;
}

bool llm_aws_check(const struct llm_settings *s, struct fault *f)
{
	struct buf base = BUF_INIT(LIMIT_LINK);
	bool ok = !s->token.len || llm_aws_base(s, "x", &base, f);

	buf_release(&base);
	return ok;
}

static void json_add_leaf(struct json_out *o, const struct json *j)
{
	struct slice text;
	bool yes;

	if (json_is_text(j) && json_text(j, &text))
		json_put_text(o, text);
	else if (json_text(j, &text))
		json_put_raw(o, text);
	else if (json_bool(j, &yes))
		json_put_bool(o, yes);
	else
		json_put_null(o);
}

bool llm_json_add(const struct json *j, struct buf *out)
{
	enum { DEPTH = JSON_OUT_DEPTH - 2 };
	const struct json *above[DEPTH];
	struct arena names = ARENA_INIT;
	struct json_out o;
	size_t depth = 0;

	json_start(&o, out);
	while (j) {
		bool object = json_is_object(j), array = json_is_array(j);

		if (depth && json_is_object(above[depth - 1]))
			json_key(&o, arena_copy(&names, json_name(j)).at);
		if ((object || array) && depth == DEPTH)
			break;
		if (object || array)
			json_open(&o, object ? '{' : '[');
		else
			json_add_leaf(&o, j);
		if ((object || array) && json_first(j)) {
			above[depth++] = j;
			j = json_first(j);
			continue;
		}
		if (object || array)
			json_close(&o, object ? '}' : ']');
		while (depth && !json_next(j)) {
			j = above[--depth];
			json_close(&o, json_is_object(j) ? '}' : ']');
		}
		j = depth ? json_next(j) : NULL;
	}
	arena_release(&names);
	return !j && !buf_full(out);
}

/* Local models that reason aloud do so before they answer. */
static struct slice text_thought(struct slice text)
{
	static const struct slice open = SLICE("<think>");
	static const struct slice close = SLICE("</think>");
	struct slice rest = slice_trim(text);
	size_t i;

	if (!slice_starts(rest, open))
		return text;
	for (i = open.len; i + close.len <= rest.len; i++)
		if (!memcmp(rest.at + i, close.at, close.len))
			return slice_cut(rest, i + close.len, rest.len);
	return (struct slice){ 0 };
}

bool llm_text_take(struct slice text, struct arena *a, struct llm_answer *out,
                   struct fault *f)
{
	text = slice_trim(text_thought(text));
	if (text.len > LIMIT_MODEL_TEXT)
		return fault(f, FAULT_LIMIT, "limit-model-text",
		             "the model's answer has %zu bytes; %d are the "
		             "most that is taken",
		             text.len, LIMIT_MODEL_TEXT);
	if (!text.len && out->finish == LLM_DONE)
		return fault(f, FAULT_INPUT, "llm-empty",
		             "the model answered nothing");
	out->text = arena_copy(a, text);
	return true;
}

bool llm_broken(struct fault *f, const char *what)
{
	return fault(f, FAULT_INPUT, "llm-broken",
	             "the server's answer is none of this API: %s", what);
}

bool llm_body_parse(struct slice body, struct json **out, struct fault *f)
{
	struct fault why;

	if (!slice_trim(body).len)
		return fault(f, FAULT_INPUT, "llm-empty",
		             "the server answered nothing");
	if (!json_parse(out, body, &why))
		return llm_broken(f, why.text);
	return true;
}

int64_t llm_count(const struct json *usage, const char *name)
{
	int64_t n = -1;

	return json_number(json_get(usage, name), &n) && n >= 0 &&
	                       n <= INT32_MAX
	               ? n
	               : -1;
}
