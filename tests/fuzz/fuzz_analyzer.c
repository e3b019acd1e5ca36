/*
 * Any bytes through the default chain and through `plain`: tokens stay under
 * their ceiling, are UTF-8, lie within the text and never go back.
 */

#include "must.h"

#include "base/utf8.h"
#include "kb/analyzer.h"

struct watch {
	size_t len;
	uint32_t position;
	bool any;
};

static bool watch_token(void *self, const struct token *t)
{
	struct watch *w = self;

	must(t->text.len > 0 && t->text.len <= TOKEN_MAX);
	must(utf8_valid(t->text) == t->text.len);
	must(t->from < t->to && t->to <= w->len);
	must(!w->any || t->position >= w->position);
	if (t->flags & TOKEN_BESIDE)
		must(w->any && t->position == w->position);
	else
		must(!w->any || t->position > w->position);
	w->any = true;
	w->position = t->position;
	return true;
}

/* The chain is made once: making it costs more than a run. */
static void watch_line(struct analyzer **a, const char *line, struct slice s)
{
	struct watch w = { .len = s.len };
	struct fault f;

	must(*a || analyzer_new(a, slice_of(line), &f));
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
