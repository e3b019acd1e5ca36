/*
 * Any bytes through the default chain and through `plain`: tokens stay under
 * their ceiling, are UTF-8, lie within the text and never go back.
 */

#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "kb/analyzer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct watch {
	size_t len;
	uint32_t position;
	bool any;
};

#define MUST(fact)                                                             \
	do {                                                                   \
		if (!(fact))                                                   \
			abort();                                               \
	} while (0)

static bool watch_token(void *self, const struct token *t)
{
	struct watch *w = self;

	MUST(t->text.len > 0 && t->text.len <= TOKEN_MAX);
	MUST(utf8_valid(t->text) == t->text.len);
	MUST(t->from < t->to && t->to <= w->len);
	MUST(!w->any || t->position >= w->position);
	if (t->flags & TOKEN_BESIDE)
		MUST(w->any && t->position == w->position);
	else
		MUST(!w->any || t->position > w->position);
	w->any = true;
	w->position = t->position;
	return true;
}

/* The chain is made once: making it costs more than a run. */
static void watch_line(struct analyzer **a, const char *line, struct slice s)
{
	struct watch w = { .len = s.len };
	struct fault f;

	MUST(*a || analyzer_new(a, slice_of(line), &f));
	analyzer_run(*a, s, watch_token, &w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct analyzer *ours, *plain;
	struct slice text = { (const char *)data, size };

	watch_line(&ours, analyzer_default, text);
	watch_line(&plain, "plain", text);
	return 0;
}
