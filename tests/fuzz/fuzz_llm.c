/* Any bytes as an answer or an error of each API; the first byte says whose. */

#include "must.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "kb/llm/llm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 302, 400, 401, 403, 404, 408, 413,
		                        422, 424, 429, 500, 501, 503, 529 };
	struct slice body = { (const char *)data + 1, size ? size - 1 : 0 };
	struct llm_settings s = { .schema = SLICE("messages") };
	struct llm_answer answer = { 0 };
	struct arena a = ARENA_INIT;
	struct fault f = { 0 };
	size_t i;

	if (!size)
		return 0;
	s.kind = llm_kinds[data[0] % 4];
	if (data[0] % 8 >= 4)
		s.schema = SLICE("text-generation");
	if (s.kind->answer(&s, LLM_TOOL, body, &a, &answer, &f)) {
		must(answer.finish <= LLM_FILTERED);
		must(answer.text.len <= LIMIT_MODEL_TEXT);
		must(answer.text.len || answer.finish != LLM_DONE);
		must(utf8_valid(answer.text) == answer.text.len);
		must(answer.input_tokens >= -1 && answer.output_tokens >= -1);
		must(llm_tokens(answer.text) <= (int64_t)answer.text.len * 2);
	} else {
		must(f.kind != FAULT_NONE && f.code);
	}
	for (i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		struct fault why = { 0 };

		must(s.kind->refusal(&s, statuses[i], body, &why) <=
		     LLM_BROKEN);
		must(why.kind != FAULT_NONE && why.code);
		must(strlen(why.text) < sizeof(why.text));
	}
	arena_release(&a);
	return 0;
}
