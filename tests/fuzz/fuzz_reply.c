/* Any bytes as what a model wrote: what is read of it is bounded and clean, and
 * the same again. */

#include "must.h"

#include "base/limits.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/reply.h"

#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct slice classes[] = { TEXT("configuration error"),
	                                TEXT("service fault"),
	                                TEXT("consulting"), TEXT("配置错误") };
static const struct reply_hints hints = { TEXT("1730001234"), classes, 4 };

static void list_must(const struct reply_list *l)
{
	size_t i;

	must(l->count <= LIMIT_DIGEST_LIST);
	for (i = 0; i < l->count; i++) {
		must(l->items[i].len > 0);
		must(utf8_valid(l->items[i]) == l->items[i].len);
	}
}

static void text_must(struct slice s, bool has)
{
	must(has == (s.len > 0));
	must(utf8_valid(s) == s.len);
	must(s.len <= UNICODE_CLEAN_MOST * LIMIT_DIGEST_REPLY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct case_answer r, again;
	struct fault f;

	if (reply_read(s, &hints, &a, &r, &f)) {
		text_must(r.id, r.has & 1u << REPLY_ID);
		text_must(r.problem, r.has & 1u << REPLY_PROBLEM);
		text_must(r.cause, r.has & 1u << REPLY_CAUSE);
		text_must(r.class, r.has & 1u << REPLY_CLASS);
		list_must(&r.steps);
		list_must(&r.services);
		list_must(&r.codes);
		list_must(&r.titles);
		must(reply_enough(&r));
		must(reply_read(s, &hints, &a, &again, &f));
		must(again.shape == r.shape && again.has == r.has &&
		     slice_eq(again.problem, r.problem));
	} else {
		must(f.kind == FAULT_INPUT || f.kind == FAULT_LIMIT);
	}
	arena_release(&a);
	return 0;
}
