/* Any configuration as the settings of a model. */

#include "must.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "kb/llm/llm.h"

static const char *some(const char *name)
{
	return *name == 'A' ? "value" : NULL;
}

/* What a wrong file holds is not for this test. */
static bool names_file(struct slice text)
{
	static const struct slice name = SLICE("key-file");
	size_t i;

	for (i = 0; i + name.len <= text.len; i++)
		if (!memcmp(text.at + i, name.at, name.len))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct llm_settings s;
	struct conf *conf;
	struct fault f = { 0 };

	if (names_file(text) || !conf_parse(&conf, text, "o.conf", &f))
		return 0;
	if (llm_settings_read(&s, conf, (struct slice){ 0 }, some, &a, &f)) {
		must(s.kind && s.rate > 0 && s.tries > 0 && s.concurrency > 0);
		must(s.window > s.output_most && s.output_most > 0);
		must(s.input_price >= 0 && s.output_price >= 0);
		must(s.timeout > 0 && s.temperature <= 2);
	} else {
		must(f.kind != FAULT_NONE && f.code);
	}
	conf_free(conf);
	arena_release(&a);
	return 0;
}
