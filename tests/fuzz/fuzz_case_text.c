/* Any text as replies, for any room: every line of it is marked, nobody's word
 * stands outside, and no more is said than there is room for. */

#include "must.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text/lines.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/boilerplate.h"
#include "kb/cases/case_text.h"
#include "kb/llm/llm.h"

enum { REPLIES = 40 };

#define BOUNDARY "5d41402abc4b"

static void text_must(struct slice text, int64_t room)
{
	size_t at = 0, lines = 0;

	must(utf8_valid(text) == text.len);
	must(llm_tokens(text) <= room);
	must(slice_starts(text, SLICE("BEGIN CASE " BOUNDARY "\n")));
	must(slice_ends(text, SLICE("\nEND CASE " BOUNDARY "\n")));
	while (at < text.len) {
		struct slice line = lines_next(text, &at);

		must(!lines++ || at == text.len ||
		     slice_starts(line, SLICE("|")));
	}
}

static void parts_must(const struct case_layout *l, struct arena *a)
{
	struct slice *parts;
	size_t count, i;
	struct fault f;
	bool cut;

	if (!case_parts(l, a, &parts, &count, &cut, &f)) {
		must(!strcmp(f.code, "digest-window"));
		return;
	}
	must(count <= LIMIT_DIGEST_PARTS);
	for (i = 0; i < count; i++)
		text_must(parts[i], l->room);
}

/* The text's lines in turn: a line of "=" starts the next reply. */
static size_t replies_read(struct slice text, struct case_reply *replies)
{
	size_t at = 0, from = 0, n = 0;

	while (at < text.len && n < REPLIES) {
		size_t start = at;
		struct slice line = lines_next(text, &at);

		if (!slice_eq(line, SLICE("=")) && at < text.len)
			continue;
		replies[n] = (struct case_reply){
			.side = (enum case_side)(n % 3),
			.time = n % 4 ? (int64_t)n : CLOCK_NONE,
			.body = slice_cut(text, from,
			                  at < text.len ? start : at),
		};
		n++;
		from = at;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct case_reply replies[REPLIES];
	struct support_case c = { .native = SLICE("1"), .replies = replies };
	struct case_layout l = { .shown = &c, .boundary = SLICE(BOUNDARY) };
	struct buf clean = BUF_INIT(1 << 24);
	struct arena a = ARENA_INIT;
	struct slice text, s;
	struct fault f;
	bool cut;

	if (size < 2)
		return 0;
	l.room = data[0] * 16 + data[1] % 16;
	unicode_clean((struct slice){ (const char *)data + 2, size - 2 },
	              &clean);
	c.reply_count = replies_read(buf_slice(&clean), replies);
	c.subject = utf8_head(buf_slice(&clean), 200);
	s = boilerplate_drop(buf_slice(&clean), false, &a);
	must(s.len <= clean.len && utf8_valid(s) == s.len);
	if (case_text(&l, &a, &text, &cut, &f))
		text_must(text, l.room);
	else
		must(!strcmp(f.code, "digest-window"));
	parts_must(&l, &a);
	arena_release(&a);
	buf_release(&clean);
	return 0;
}
