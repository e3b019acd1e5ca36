/*
 * The shapes in turn, the strictest first. What a model thinks aloud before it
 * answers (<think> ... </think>) is no answer.
 */

#include "kb/cases/reply.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/unicode.h"

static struct slice behind_thoughts(struct slice s)
{
	static const char *const ends[] = { "</think>", "</thinking>",
		                            "<|/think|>" };
	size_t i, at;

	for (at = s.len; at-- > 0;)
		for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
			if (slice_starts(slice_cut(s, at, s.len),
			                 slice_of(ends[i])))
				return slice_cut(s, at + strlen(ends[i]),
				                 s.len);
	return s;
}

bool reply_read(struct slice text, const struct reply_hints *h, struct arena *a,
                struct case_answer *out, struct fault *f)
{
	struct buf clean = BUF_INIT(UNICODE_CLEAN_MOST * LIMIT_DIGEST_REPLY);
	struct slice s;

	*out = (struct case_answer){ 0 };
	if (text.len > LIMIT_DIGEST_REPLY)
		return fault(f, FAULT_LIMIT, "limit-digest-reply",
		             "an answer of %zu bytes; %d are looked at",
		             text.len, LIMIT_DIGEST_REPLY);
	unicode_clean(text, &clean);
	s = behind_thoughts(arena_copy(a, buf_slice(&clean)));
	buf_release(&clean);
	if (reply_json(s, a, out) || reply_lines(s, a, out) ||
	    reply_csv(s, h, a, out))
		return true;
	return fault(f, FAULT_INPUT, "digest-reply",
	             "the answer is neither JSON with the members asked for "
	             "nor anything like it");
}
