/*
 * Question pages in the layouts of different years.
 *
 *	test_stack_page PAGE...
 *
 * prints instead, a line of JSON a page, what is read from saved pages:
 * tests/judge/stack_pages.py compares that with a reading of its own.
 */

#include "stack_scene.h"

#include "base/json.h"
#include "crawler/stack_page.h"

static bool load(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "r");
	char chunk[4096];
	size_t n;

	if (!file)
		return false;
	buf_reset(out);
	while ((n = fread(chunk, 1, sizeof(chunk), file)))
		buf_add(out, (struct slice){ chunk, n });
	fclose(file);
	return true;
}

static void put_id(struct json_out *o, const char *name, struct slice id)
{
	int64_t n = 0;

	slice_number(id, &n);
	json_pair_number(o, name, n);
}

static void put_time(struct json_out *o, const char *name, int64_t time)
{
	json_key(o, name);
	if (time == CLOCK_NONE)
		json_put_null(o);
	else
		json_put_number(o, time / 1000);
}

static void put_post(struct json_out *o, const struct stack_post *p)
{
	const struct record *r = &p->record;
	size_t i;

	put_id(o, "id", r->id);
	json_pair_number(o, "votes", r->score);
	put_time(o, "created", r->created);
	put_time(o, "modified", r->modified);
	put_id(o, "author_id", r->author_id);
	json_pair(o, "author", p->name);
	json_pair(o, "licence", r->licence);
	json_pair_number(o, "body_bytes", (int64_t)r->original.len);
	json_key(o, "comments");
	json_open(o, '[');
	for (i = 0; i < p->comment_count; i++) {
		json_open(o, '{');
		put_id(o, "id", p->comments[i].comment.id);
		json_pair_number(o, "votes", p->comments[i].comment.score);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void put_page(struct json_out *o, const struct stack_page *page)
{
	const struct record *q = &page->posts[0].record;
	size_t i;

	json_pair(o, "layout", slice_of(page->layout));
	json_pair_number(o, "found", page->found);
	json_pair_number(o, "wanted", page->wanted);
	json_pair(o, "title", q->title);
	json_pair_number(o, "views", q->views);
	put_id(o, "accepted", q->accepted);
	json_pair_number(o, "answer_count", page->answers);
	put_time(o, "closed", q->closed);
	put_post(o, &page->posts[0]);
	json_key(o, "tags");
	json_open(o, '[');
	for (i = 0; i < q->tag_count; i++)
		json_put_text(o, q->tags[i]);
	json_close(o, ']');
	json_key(o, "answers");
	json_open(o, '[');
	for (i = 1; i < page->count; i++) {
		json_open(o, '{');
		put_post(o, &page->posts[i]);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void print_page(const char *path, struct markup_parser *parser)
{
	struct buf html = BUF_INIT(LIMIT_BODY), line = BUF_INIT(LIMIT_BODY);
	struct arena a = ARENA_INIT;
	struct stack_page page;
	struct json_out o;
	struct markup m;
	struct fault f;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair(&o, "path", slice_of(path));
	if (load(path, &html) &&
	    markup_parse(parser, buf_slice(&html), &a, &m, &f) &&
	    stack_page_read(&m, 1, SLICE("ops.example"), &a, &page, &f))
		put_page(&o, &page);
	else
		json_pair(&o, "fault", slice_of(f.text));
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
	buf_release(&html);
	arena_release(&a);
}

int main(int argc, char **argv)
{
	struct markup_parser *parser = markup_parser_new();
	int i;

	for (i = 1; i < argc; i++)
		print_page(argv[i], parser);
	markup_parser_free(parser);
	return 0;
}
