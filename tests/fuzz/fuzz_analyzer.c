/*
 * Any bytes through the default chain and through `plain`: tokens stay under
 * their ceiling, are UTF-8, lie within the text and never go back; and they
 * are the same whether the analyzer remembers what it has seen or not.
 */

#include "must.h"

#include "base/utf8.h"
#include "kb/analyzer.h"

struct watch {
	size_t len;
	uint32_t position;
	bool any;
	uint64_t sum; /* over all tokens */
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
	w->sum = (w->sum ^ t->hash) * 0x9E3779B97F4A7C15u + t->from +
	         ((uint64_t)t->to << 32) + t->position + t->flags;
	return true;
}

/* The chains are made once: making one costs more than a run. */
static void watch_line(struct analyzer *both[2], const char *line,
                       struct slice s)
{
	struct watch w[2] = { { .len = s.len }, { .len = s.len } };
	struct fault f;
	int i;

	for (i = 0; i < 2; i++) {
		if (!both[i]) {
			must(analyzer_new(&both[i], slice_of(line), &f));
			analyzer_remember(both[i], i ? 14 : 0);
		}
		analyzer_run(both[i], s, watch_token, &w[i]);
	}
	must(w[0].sum == w[1].sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct analyzer *ours[2], *plain[2];
	struct slice text = { (const char *)data, size };

	watch_line(ours, analyzer_default, text);
	watch_line(plain, "plain", text);
	return 0;
}
