/* The text of replies: what is read, and what is written, is the same; a text
 * as a body comes back whatever it looks like. */

#include "base/clock.h"
#include "base/text/unicode.h"
#include "must.h"
#include "schema/case_form.h"

static void same(const struct case_reply *a, const struct case_reply *b)
{
	size_t i;

	must(slice_eq(a->by, b->by) && slice_eq(a->body, b->body));
	must(a->side == b->side && a->time == b->time);
	must(a->attachment_count == b->attachment_count);
	for (i = 0; i < a->attachment_count; i++)
		must(slice_eq(a->attachments[i], b->attachments[i]));
}

static void written_and_read(const struct case_reply *replies, size_t count)
{
	struct buf text = BUF_INIT(64 << 20);
	struct arena a = ARENA_INIT;
	struct case_reply *again;
	struct fault f;
	size_t n, i;

	case_form_write(replies, count, &text);
	if (count == 1 && !case_form_is(buf_slice(&text))) {
		must(slice_eq(buf_slice(&text), replies->body));
		must(case_form_is_plain(replies->body));
	} else {
		must(case_form_read(buf_slice(&text), &a, &again, &n, &f));
		must(n == count);
		for (i = 0; i < n; i++)
			same(&replies[i], &again[i]);
	}
	arena_release(&a);
	buf_release(&text);
}

/* Empty attachments are left out when written. */
static bool writable(const struct case_reply *r, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < r[i].attachment_count; j++)
			if (!r[i].attachments[j].len)
				return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf clean = BUF_INIT(64 << 20);
	struct arena a = ARENA_INIT;
	struct case_reply *r,
	        any[2] = { { .time = CLOCK_NONE }, { .time = 1 } };
	struct slice s;
	struct fault f;
	size_t count;

	unicode_clean((struct slice){ (const char *)data, size }, &clean);
	s = buf_slice(&clean);
	if (case_form_is(s) && case_form_read(s, &a, &r, &count, &f) &&
	    writable(r, count))
		written_and_read(r, count);
	any[0].body = any[1].body = any[1].by = s;
	any[1].attachments = &s;
	any[1].attachment_count = s.len > 0;
	written_and_read(any, 1);
	written_and_read(any, 2);
	arena_release(&a);
	buf_release(&clean);
	return 0;
}
