/* A page as one line of JSON: every member is always there, and null where the
 * page does not say. */

#include "app/extract_json.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"

const char *extracted_verdict(enum page_verdict v)
{
	switch (v) {
	case PAGE_NOT_FOUND:
		return "not-found";
	case PAGE_LOGIN:
		return "login";
	case PAGE_SCRIPTED:
		return "needs-javascript";
	case PAGE_EMPTY:
		return "empty";
	default:
		return "fine";
	}
}

/* A text, or null. */
static void pair(struct json_out *o, const char *name, struct slice s)
{
	json_key(o, name);
	if (s.len)
		json_put_text(o, s);
	else
		json_put_null(o);
}

static void pair_bool(struct json_out *o, const char *name, bool b)
{
	json_key(o, name);
	json_put_bool(o, b);
}

/* 2024-05-01T10:20:30.000Z, or null. */
static void pair_time(struct json_out *o, const char *name, int64_t time)
{
	char text[CLOCK_TEXT + 1];

	clock_write(text, time);
	if (text[0]) {
		text[10] = 'T';
		memcpy(text + CLOCK_TEXT - 1, "Z", 2);
	}
	pair(o, name, slice_of(text));
}

static void put_headings(struct json_out *o, const struct page *p)
{
	size_t i;

	json_key(o, "headings");
	json_open(o, '[');
	for (i = 0; i < p->heading_count; i++) {
		json_open(o, '{');
		json_pair_number(o, "level", p->headings[i].level);
		json_pair(o, "text", p->headings[i].text);
		pair(o, "anchor", p->headings[i].anchor);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void put_post(struct json_out *o, const struct extracted *e, size_t i,
                     struct buf *text)
{
	const struct page_post *post = &e->page->posts[i];

	buf_reset(text);
	page_post_markdown(e->page, i, e->base, text);
	json_open(o, '{');
	pair(o, "id", post->id);
	pair(o, "author", post->author);
	pair(o, "author_link", post->link);
	pair_time(o, "time", post->time);
	json_key(o, "votes");
	if (post->voted)
		json_put_number(o, post->votes);
	else
		json_put_null(o);
	pair_bool(o, "accepted", post->accepted);
	pair_bool(o, "question", post->question);
	json_pair(o, "markdown", buf_slice(text));
	json_close(o, '}');
}

static void put_posts(struct json_out *o, const struct extracted *e)
{
	struct buf text = BUF_INIT(LIMIT_TEXT);
	size_t i;

	json_key(o, "posts");
	json_open(o, '[');
	for (i = 0; i < e->page->post_count; i++)
		put_post(o, e, i, &text);
	json_close(o, ']');
	buf_release(&text);
}

static const char *kind_of(const struct page *p)
{
	if (!p->post_count)
		return "page";
	return p->posts[0].question ? "question" : "thread";
}

static void put_head(struct json_out *o, const struct extracted *e)
{
	const struct head *h = &e->page->head;

	pair(o, "source", e->source);
	pair(o, "url", e->url);
	pair(o, "title", e->page->title);
	pair(o, "author", h->author);
	pair_time(o, "published", h->created);
	pair_time(o, "modified", h->modified);
	pair(o, "language", h->language);
	pair(o, "canonical", h->canonical);
	pair(o, "site", h->site);
	pair(o, "description", h->description);
	pair(o, "licence", h->licence);
	pair(o, "generator", h->generator);
	json_pair(o, "kind", slice_of(kind_of(e->page)));
	json_pair(o, "verdict", slice_of(extracted_verdict(e->page->verdict)));
	json_pair(o, "rule", slice_of(e->page->content.rule));
	json_key(o, "certainty");
	json_put_real(o, e->page->content.certainty);
}

void extracted_json(const struct extracted *e, struct buf *out)
{
	struct buf text = BUF_INIT(LIMIT_TEXT);
	struct json_out o;

	page_text(e->page, &text);
	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	put_head(&o, e);
	put_headings(&o, e->page);
	put_posts(&o, e);
	json_pair(&o, "markdown", e->markdown);
	json_pair(&o, "text", buf_slice(&text));
	pair_bool(&o, "truncated", e->truncated);
	json_close(&o, '}');
	buf_byte(out, '\n');
	buf_release(&text);
}
