/* Any bytes as an answer of the AWS Support API: cases, replies, a refusal, or
 * the mark of a pull. */

#include "must.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "crawler/cases/provider.h"
#include "crawler/cases/pull_identity.h"
#include "crawler/cases/pull_mark.h"
#include "crawler/cases/replies.h"

static void check_replies(const struct case_reply *list, size_t count)
{
	size_t i, k;

	must(count <= LIMIT_CASE_REPLIES);
	for (i = 0; i < count; i++) {
		must(unicode_is_clean(list[i].body));
		must(unicode_is_clean(list[i].by));
		must(list[i].attachment_count <= LIMIT_CASE_ATTACHMENTS);
		for (k = 0; k < list[i].attachment_count; k++)
			must(list[i].attachments[k].len > 0);
	}
}

static void check_joined(const struct case_reply *list, size_t count,
                         struct arena *a)
{
	struct replies came = { list, count }, all, again;
	size_t i;

	if (count > 100)
		return;
	all = replies_join(came, (struct replies){ 0 }, a);
	must(all.count <= count);
	for (i = 1; i < all.count; i++)
		must(all.list[i - 1].time <= all.list[i].time);
	again = replies_join(all, all, a);
	must(again.count == all.count);
	must(replies_hold(all, all));
}

static void check_page(const struct case_page *page, struct arena *a)
{
	size_t i;

	must(page->count <= LIMIT_CASE_PAGE);
	for (i = 0; i < page->count; i++) {
		const struct case_seen *s = &page->cases[i];

		if (s->fault.kind)
			continue;
		must(s->c.native.len && s->c.native.len <= LIMIT_ID);
		must(s->c.source_id.len && unicode_is_clean(s->c.subject));
		check_replies(s->c.replies, s->c.reply_count);
		check_joined(s->c.replies, s->c.reply_count, a);
	}
}

static void check_mark(struct slice text, struct arena *a)
{
	struct buf once = BUF_INIT(1 << 22), twice = BUF_INIT(1 << 22);
	struct pull_mark m;

	pull_mark_read(&m, text, a);
	pull_mark_write(&m, &once);
	pull_mark_read(&m, buf_slice(&once), a);
	pull_mark_write(&m, &twice);
	must(slice_eq(buf_slice(&once), buf_slice(&twice)));
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct http_reply r = { .status = 400, .body = text };
	struct pull_identity who;
	struct arena a = ARENA_INIT;
	struct case_page page;
	struct case_part part;
	struct fault f = { 0 };

	if (aws_support_kind.listed(text, SLICE("cn-north-1"), &a, &page, &f))
		check_page(&page, &a);
	else
		must(f.kind == FAULT_INPUT || f.kind == FAULT_LIMIT);
	if (aws_support_kind.replied(text, &a, &part, &f))
		check_replies(part.replies, part.count);
	aws_support_kind.refusal(&r, &f);
	must(f.kind && f.code);
	if (pull_identity_read(text, &who, &f))
		must(strlen(who.account) == 12);
	check_mark(text, &a);
	arena_release(&a);
	return 0;
}
