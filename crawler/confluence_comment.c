#include "crawler/confluence_comment.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/confluence_page.h"
#include "crawler/confluence_storage.h"

/* "> line", for each line of what was commented on. */
static void add_quote(struct slice lines, struct buf *out)
{
	lines = slice_trim(lines);
	while (lines.len) {
		struct slice line =
		        slice_cut(lines, 0, slice_find(lines, '\n'));

		buf_text(out, "> ");
		buf_add(out, line);
		buf_byte(out, '\n');
		lines = slice_cut(lines, line.len + 1, lines.len);
	}
	if (out->len)
		buf_byte(out, '\n');
}

static bool read_one(const struct confluence_site *s, struct slice page,
                     const struct json *it, const struct reply *r,
                     struct yield *y, struct fault *f)
{
	const struct confluence_place place = { .base = s->base, .page = page };
	struct confluence_person who =
	        confluence_person_of(confluence_path(it, "history.createdBy"));
	struct intake_comment c = {
		.id = confluence_member(it, "id"),
		.parent = page,
		.author_id = who.id,
		.author = who.id.len ? (struct slice){ 0 } : who.name,
		.created = confluence_time_of(it, "history.createdDate"),
	};
	struct buf b = BUF_INIT(LIMIT_TEXT);
	struct slice storage = { 0 }, quoted = { 0 };
	bool cut, ok;

	if (!json_text(confluence_path(it, "body.storage.value"), &storage) ||
	    !c.id.len)
		return fault(f, FAULT_INPUT, "confluence-comment",
		             "a comment without id or text");
	json_text(confluence_path(
	                  it, "extensions.inlineProperties.originalSelection"),
	          &quoted);
	add_quote(quoted, &b);
	ok = confluence_storage(storage, &place, r->parser, r->arena, &b, &cut,
	                        f);
	c.content = buf_slice(&b);
	if (ok && who.id.len)
		yield_author(y, who.id, who.name, (struct slice){ 0 });
	if (ok)
		yield_comment(y, &c);
	buf_release(&b);
	return ok;
}

void confluence_comments_read(const struct confluence_site *s, int64_t id,
                              const struct json *list, const struct reply *r,
                              struct yield *y)
{
	struct buf page = BUF_INIT(32);
	struct fault why;

	buf_number(&page, id);
	for (list = json_first(list); list; list = json_next(list))
		if (!read_one(s, buf_slice(&page), list, r, y, &why))
			yield_event(y, "comment-unread", buf_slice(&page), "%s",
			            why.text);
	buf_release(&page);
}
