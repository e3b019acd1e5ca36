/*
 * PCRE2 with the JIT where it may run (a hardened service forbids memory that
 * can be written and executed), otherwise interpreted. Patterns are compiled
 * with PCRE2_MATCH_INVALID_UTF, under which no text whatever leads the matcher
 * out of bounds; text is nevertheless checked once, so that a bad byte is
 * reported instead of silently matching nothing.
 */

#include "base/text/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
	MATCH_MOST = 100000, /* steps from one place of the text */
	DEPTH_MOST = 100000,
	HEAP_MOST = 16 << 10, /* KiB, interpreted */
	STACK_FIRST = 32 << 10,
	STACK_MOST = 1 << 20, /* bytes, by the JIT */
};

struct pattern {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

/* NULL means that there was no memory. */
static void *pattern_need(void *made)
{
	return made ? made : memory_new(SIZE_MAX, SIZE_MAX);
}

static pcre2_code *pattern_compile(struct slice text, unsigned flags,
                                   struct fault *f)
{
	uint32_t options =
	        PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
	pcre2_code *code;
	PCRE2_SIZE where;
	PCRE2_UCHAR why[120];
	int error;

	if (flags & PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (flags & PATTERN_LINES)
		options |= PCRE2_MULTILINE;
	code = pcre2_compile((PCRE2_SPTR)(text.at ? text.at : ""), text.len,
	                     options, &error, &where, NULL);
	if (!code) {
		pcre2_get_error_message(error, why, sizeof(why));
		fault(f, FAULT_USAGE, "pattern",
		      "pattern '%.*s' is wrong at byte %zu: %s",
		      SLICE_ARG(utf8_head(text, 80)), where + 1,
		      (const char *)why);
	}
	return code;
}

bool pattern_new(struct pattern **out, struct slice text, unsigned flags,
                 struct fault *f)
{
	struct pattern *p;
	pcre2_code *code;

	if (text.len > LIMIT_PATTERN)
		return fault(f, FAULT_LIMIT, "limit-pattern",
		             "a pattern of %zu bytes is larger than the %d "
		             "allowed",
		             text.len, (int)LIMIT_PATTERN);
	code = pattern_compile(text, flags, f);
	if (!code)
		return false;
	p = memory_new(1, sizeof(*p));
	p->code = code;
	p->data = pattern_need(pcre2_match_data_create(PATTERN_GROUPS, NULL));
	p->context = pattern_need(pcre2_match_context_create(NULL));
	pcre2_set_match_limit(p->context, MATCH_MOST);
	pcre2_set_depth_limit(p->context, DEPTH_MOST);
	pcre2_set_heap_limit(p->context, HEAP_MOST);
	/* Without the JIT's code or stack matching is only slower. */
	if (!pcre2_jit_compile(code, PCRE2_JIT_COMPLETE))
		p->stack =
		        pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
	if (p->stack)
		pcre2_jit_stack_assign(p->context, NULL, p->stack);
	*out = p;
	return true;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_match_context_free(p->context);
	pcre2_jit_stack_free(p->stack);
	pcre2_match_data_free(p->data);
	pcre2_code_free(p->code);
	free(p);
}

static bool pattern_failed(int error, struct fault *f)
{
	PCRE2_UCHAR why[120];

	pcre2_get_error_message(error, why, sizeof(why));
	return fault(f, FAULT_LIMIT, "limit-pattern",
	             "the pattern cannot decide about this text: %s",
	             (const char *)why);
}

static void pattern_groups(struct pattern *p, struct slice s, int count,
                           struct pattern_match *m)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->data);
	int i;

	*m = (struct pattern_match){ 0 };
	/* 0 says that there were more groups than room: ours are all set. */
	if (count == 0)
		count = PATTERN_GROUPS;
	for (i = 0; i < count; i++)
		/* \K in a look-ahead can put the end before the start. */
		if (at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1])
			m->group[i] = slice_cut(s, at[2 * i], at[2 * i + 1]);
}

bool pattern_find(struct pattern *p, struct slice s, size_t from,
                  struct pattern_match *m, bool *found, struct fault *f)
{
	size_t valid;
	int count;

	if (!s.at)
		s = SLICE("");
	*found = false;
	if (from > s.len)
		return true;
	/* Not again at each step through one text: that would be quadratic. */
	valid = from ? s.len : utf8_valid(s);
	if (valid < s.len)
		return fault(f, FAULT_INPUT, "utf8",
		             "text that is not UTF-8 at byte %zu", valid);
	count = pcre2_match(p->code, (PCRE2_SPTR)s.at, s.len, from, 0, p->data,
	                    p->context);
	if (count == PCRE2_ERROR_NOMATCH)
		return true;
	if (count < 0)
		return pattern_failed(count, f);
	pattern_groups(p, s, count, m);
	*found = true;
	return true;
}
