/* Bodies are converted as those of a dump are, many in one go. */

#include "crawler/stack_post.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "base/text/markdown.h"
#include "crawler/stack_name.h"

enum { BATCH_POSTS = 64 };

void stack_post_settle(struct stack_post *p, struct slice host, struct arena *a)
{
	struct record *r = &p->record;

	if (r->modified == CLOCK_NONE)
		r->modified = r->created;
	r->revision = stack_revision(r->modified);
	r->link = stack_link(host, r->kind == RECORD_ANSWER ? "a" : "questions",
	                     r->id, a);
	if (!r->author_id.len)
		r->author = p->name;
	r->original_type = SLICE("text/html");
	r->extractor = MARKDOWN_VERSION;
}

static void yield_person(struct slice id, struct slice name, struct slice host,
                         struct arena *a, struct yield *y)
{
	if (id.len && name.len)
		yield_author(y, id, name, stack_link(host, "users", id, a));
}

/* What one call needs. */
struct desk {
	struct markup_parser *parser;
	struct slice host, base;
	struct arena arena;
	struct buf markdown;
	struct yield *y;
};

static void say_comments(struct desk *d, const struct stack_post *p)
{
	size_t i;

	for (i = 0; i < p->comment_count; i++) {
		const struct stack_comment *it = &p->comments[i];
		struct intake_comment c = it->comment;

		if (it->tree) {
			buf_reset(&d->markdown);
			markdown_write(it->tree, d->base, &d->markdown);
			c.content = buf_slice(&d->markdown);
		}
		if (!c.content.len || buf_full(&d->markdown))
			continue;
		yield_comment(d->y, &c);
		yield_person(c.author_id, it->name, d->host, &d->arena, d->y);
	}
}

static void say_post(struct desk *d, const struct stack_post *p,
                     const struct markup *tree)
{
	struct record r = p->record;
	size_t i;

	buf_reset(&d->markdown);
	markdown_write(tree, d->base, &d->markdown);
	if (buf_full(&d->markdown)) {
		yield_event(d->y, "post-refused", r.id,
		            "its Markdown is larger than 16 MB");
		return;
	}
	r.content = buf_slice(&d->markdown);
	if (!r.content.at)
		r.content = SLICE("");
	if (tree->truncated)
		r.flags |= RECORD_TRUNCATED;
	yield_record(d->y, &r);
	yield_person(r.author_id, p->name, d->host, &d->arena, d->y);
	say_comments(d, p);
	for (i = 0; i < p->original_count; i++)
		yield_link(d->y, r.id, p->originals[i], LINK_DUPLICATE,
		           r.closed);
}

static bool say_batch(struct desk *d, const struct stack_post *posts,
                      size_t count, struct fault *f)
{
	struct slice html[BATCH_POSTS];
	bool ok[BATCH_POSTS];
	struct markup *trees;
	struct fault *faults;
	size_t i, n = 0;

	for (i = 0; i < count; i++)
		if (!posts[i].tree)
			html[n++] = posts[i].record.original;
	trees = arena_array(&d->arena, count, sizeof(*trees));
	faults = arena_array(&d->arena, count, sizeof(*faults));
	if (n && !markup_parse_many(d->parser, html, n, &d->arena, trees, ok,
	                            faults, f))
		return false;
	for (i = 0, n = 0; i < count; i++) {
		if (posts[i].tree) {
			say_post(d, &posts[i], posts[i].tree);
			continue;
		}
		if (ok[n])
			say_post(d, &posts[i], &trees[n]);
		else
			yield_event(d->y, "post-refused", posts[i].record.id,
			            "%s", faults[n].text);
		n++;
	}
	arena_reset(&d->arena);
	return true;
}

bool stack_posts_yield(const struct stack_post *posts, size_t count,
                       struct slice host, struct markup_parser *parser,
                       struct yield *y, struct fault *f)
{
	struct desk d = { .parser = parser, .host = host, .y = y };
	char base[300];
	size_t at, n;
	bool ok = true;

	d.markdown = BUF_INIT(LIMIT_TEXT);
	snprintf(base, sizeof(base), "https://%.*s/", SLICE_ARG(host));
	d.base = slice_of(base);
	for (at = 0; ok && at < count; at += n) {
		n = count - at < BATCH_POSTS ? count - at : BATCH_POSTS;
		ok = say_batch(&d, posts + at, n, f);
	}
	buf_release(&d.markdown);
	arena_release(&d.arena);
	return ok;
}

bool stack_post_again(const struct conf_section *conf, const struct reply *r,
                      struct record *out, struct fault *f)
{
	struct buf b = BUF_INIT(LIMIT_TEXT), base = BUF_INIT(LIMIT_LINK);
	struct url u = URL_INIT;
	bool ok = r->page ? url_parse(&u, r->url, NULL, f)
	                  : fault(f, FAULT_INPUT, "post-body", "it is no HTML");
	(void)conf;

	if (ok) {
		url_origin(&u, &base);
		buf_byte(&base, '/');
		markdown_write(r->page, buf_slice(&base), &b);
		ok = !buf_full(&b) || fault(f, FAULT_LIMIT, "limit-text",
		                            "its Markdown is too long");
		out->content = arena_copy(r->arena, buf_slice(&b));
	}
	buf_release(&b);
	buf_release(&base);
	url_release(&u);
	return ok;
}
