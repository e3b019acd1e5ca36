/*
 * Errors of the servers there are, by what they say. OpenAI and those like it:
 * {"error":{"message","type","param","code"}}, or "error" a text; vLLM before
 * 0.10: {"message"}, FastAPI {"detail"}; AWS {"message"} or {"Message"};
 * SageMaker adds OriginalStatusCode and OriginalMessage of the container. What
 * is none of these is shown as it begins.
 */

#include "kb/llm/llm_parts.h"

#include <string.h>
#include <strings.h>

#include "base/say.h"
#include "base/utf8.h"

static bool error_member(const struct json *j, const char *name,
                         struct slice *out)
{
	const struct json *value = json_get(j, name);

	return json_is_text(value) && json_text(value, out) && out->len;
}

static void error_find(const struct json *root, struct llm_error *out,
                       struct slice *text, struct slice *code)
{
	const struct json *error = json_get(root, "error");

	if (!json_is_object(error))
		error = root;
	if (!error_member(error, "OriginalMessage", text) &&
	    !error_member(error, "message", text) &&
	    !error_member(error, "Message", text) &&
	    !error_member(error, "error", text))
		error_member(error, "detail", text);
	if (!error_member(error, "code", code) &&
	    !error_member(error, "error_type", code))
		error_member(error, "type", code);
	if (json_get(root, "OriginalStatusCode"))
		json_number(json_get(root, "OriginalStatusCode"),
		            &out->original);
}

void llm_error_read(struct slice body, struct llm_error *out)
{
	struct slice text = body, code = { 0 };
	struct json *root = NULL, *inner = NULL;
	struct fault unread;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (json_parse(&root, body, &unread))
		error_find(root, out, &text, &code);
	/* A container's own error stands in SageMaker's as a text. */
	if (root && slice_starts(text, SLICE("{")) &&
	    json_parse(&inner, text, &unread))
		error_find(inner, out, &text, &code);
	say_clean(out->text, sizeof(out->text),
	          utf8_head(text, sizeof(out->text) - 1));
	say_clean(out->code, sizeof(out->code),
	          utf8_head(code, sizeof(out->code) - 1));
	for (i = 0; out->text[i]; i++)
		if (out->text[i] == '\n' || out->text[i] == '\t')
			out->text[i] = ' ';
	json_free(inner);
	json_free(root);
}

bool llm_error_says(const struct llm_error *e, const char *words)
{
	size_t len = strlen(words);
	const char *at;

	for (at = e->text; *at; at++)
		if (!strncasecmp(at, words, len))
			return true;
	return !strncasecmp(e->code, words, len);
}

static bool says_any(const struct llm_error *e, const char *const *words)
{
	while (*words && !llm_error_says(e, *words))
		words++;
	return *words;
}

static bool is_too_long(int status, const struct llm_error *e)
{
	static const char *const words[] = {
		"context length",      "context_length",
		"context size",        "context window",
		"exceed_context_size", "prompt is too long",
		"input is too long",   "too many input tokens",
		"must have less than", "maximum number of tokens",
		"inputs` tokens",      "input length",
		"exceeds the maximum", NULL,
	};

	return status == 413 ||
	       ((status == 400 || status == 422) && says_any(e, words));
}

static bool is_unpaid(int status, const struct llm_error *e)
{
	static const char *const words[] = {
		"insufficient_quota",
		"insufficient quota",
		"billing",
		"exceeded your current quota",
		"service quota",
		"credit balance",
		NULL,
	};

	return status == 402 || says_any(e, words);
}

/* A word of the request that the server did not like. */
static enum llm_refusal disliked(const struct llm_error *e)
{
	static const char *const shapes[] = {
		"response_format", "json_schema", "output_config",
		"outputConfig",    "textFormat",  "schema",
		"grammar",         "structured",  "tool",
		"function",        "json",        NULL,
	};

	if (llm_error_says(e, "max_completion_tokens") ||
	    llm_error_says(e, "max_tokens"))
		return LLM_CEILING;
	if (llm_error_says(e, "temperature"))
		return LLM_HEAT;
	return says_any(e, shapes) ? LLM_SHAPE : LLM_BROKEN;
}

static enum llm_refusal refused_request(int status, const struct llm_error *e,
                                        struct fault *f)
{
	if (llm_error_says(e, "content_filter") ||
	    llm_error_says(e, "content management policy")) {
		fault(f, FAULT_DENIED, "llm-filtered",
		      "the provider's filter took the prompt: %s", e->text);
		return LLM_BROKEN;
	}
	fault(f, FAULT_INPUT, "llm-refused",
	      "the server refused the request (%d): %s", status, e->text);
	return disliked(e);
}

/* Servers that check a request by a framework of theirs call what they do not
 * know an error of their own (llama-cpp-python: 500). */
static bool is_misjudged(int status, const struct llm_error *e)
{
	return status == 500 && llm_error_says(e, "validation error") &&
	       disliked(e) != LLM_BROKEN;
}

enum llm_refusal llm_refused(int status, const struct llm_error *e,
                             struct fault *f)
{
	if (is_too_long(status, e)) {
		fault(f, FAULT_LIMIT, "llm-window",
		      "the prompt does not fit the model: %s", e->text);
		return LLM_TOO_LONG;
	}
	/* What it says may show a part of the key. */
	if (status == 401) {
		fault(f, FAULT_DENIED, "llm-denied",
		      "the server does not take the key");
		return LLM_DENIED;
	}
	if (status >= 400 && status < 500 && is_unpaid(status, e)) {
		fault(f, FAULT_DENIED, "llm-denied",
		      "the account's quota is used up: %s", e->text);
		return LLM_DENIED;
	}
	if (status == 403 || status == 407) {
		fault(f, FAULT_DENIED, "llm-denied",
		      "the server denies it (%d): %s", status, e->text);
		return LLM_DENIED;
	}
	if (is_misjudged(status, e))
		return refused_request(status, e, f);
	if (status == 408 || status == 409 || status == 425 || status == 429 ||
	    status >= 500) {
		fault(f, FAULT_LATER, "llm-again",
		      "the server cannot answer now (%d): %s", status, e->text);
		return status == 501 ? LLM_BROKEN : LLM_AGAIN;
	}
	if (status == 404) {
		fault(f, FAULT_GONE, "llm-gone",
		      "there is no such model or address: %s", e->text);
		return LLM_BROKEN;
	}
	return refused_request(status, e, f);
}

static enum llm_refusal aws_refused(int status, const struct llm_error *e,
                                    struct fault *f)
{
	if (status == 424 && e->original >= 400 && e->original < 600)
		return llm_refused((int)e->original, e, f);
	if (status == 424)
		return llm_refused(502, e, f);
	if ((status == 403 || status == 400) &&
	    (llm_error_says(e, "signature expired") ||
	     llm_error_says(e, "signature not yet current"))) {
		fault(f, FAULT_LATER, "llm-clock",
		      "this machine's clock is not the server's: %s", e->text);
		return LLM_AGAIN;
	}
	return llm_refused(status, e, f);
}

enum llm_refusal llm_aws_refusal(const struct llm_settings *s, int status,
                                 struct slice body, struct fault *f)
{
	struct llm_error e;

	(void)s;
	llm_error_read(body, &e);
	return aws_refused(status, &e, f);
}
