/* /v1/posts/ID and /v1/passages/ID: what the store has, by the ids that
 * results carry. No index is asked. */

#include "app/serve.h"

#include "app/search_form.h"
#include "base/json.h"
#include "base/limits.h"
#include "kb/passage.h"
#include "schema/identity.h"
#include "schema/posts.h"

/* An id, and the post it is of. */
struct found {
	struct identity id;
	struct post_row row;
};

static bool found_load(struct serve_worker *w, const struct serve_call *c,
                       struct found *out, struct fault *f)
{
	struct store *s;
	int64_t post;

	if (!identity_read(c->rest, &w->a, &out->id, f) ||
	    !serve_worker_store(w, f))
		return false;
	s = retriever_store(w->retriever);
	return post_find(s, &reader_public, out->id.space, out->id.native,
	                 &post, f) &&
	       post_load(s, &reader_public, post, &w->a, &out->row, f);
}

static void put_id(struct json_out *o, const struct identity *id)
{
	struct buf text = BUF_INIT(LIMIT_ROW);

	identity_write(&text, id);
	json_pair(o, "id", buf_slice(&text));
	buf_release(&text);
}

static void put_post(struct json_out *o, const struct post_row *row)
{
	const struct identity id = { .space = row->space,
		                     .native = row->native };
	size_t i;

	put_id(o, &id);
	json_pair(o, "space", row->space);
	json_pair(o, "post", row->native);
	json_pair(o, "kind", row->kind);
	json_pair(o, "title", row->title);
	json_pair(o, "link", row->link);
	json_pair(o, "author", row->author);
	json_pair(o, "author_link", row->author_link);
	json_pair(o, "licence", row->licence);
	json_pair(o, "language", row->language);
	json_pair(o, "class", row->class);
	json_pair(o, "duplicate_of", row->duplicate_of);
	json_key(o, "tags");
	json_open(o, '[');
	for (i = 0; i < row->tag_count; i++)
		json_put_text(o, row->tags[i]);
	json_close(o, ']');
	json_pair_number(o, "votes", row->score);
	json_pair_number(o, "views", row->views);
	search_json_time(o, "created", row->created);
	search_json_time(o, "modified", row->modified);
	json_pair(o, "text", row->content);
}

static void put_answer(struct json_out *o, const struct post_row *row,
                       const struct answer_row *answer)
{
	const struct identity id = { .space = row->space,
		                     .native = row->native,
		                     .answer = answer->native };

	json_open(o, '{');
	put_id(o, &id);
	json_pair(o, "link", answer->link);
	json_pair(o, "author", answer->author);
	json_pair(o, "author_link", answer->author_link);
	json_pair(o, "licence", answer->licence);
	json_pair_number(o, "votes", answer->score);
	json_key(o, "accepted");
	json_put_bool(o, answer->accepted);
	search_json_time(o, "created", answer->created);
	search_json_time(o, "modified", answer->modified);
	json_pair(o, "text", answer->content);
	json_close(o, '}');
}

bool serve_post(struct serve_worker *w, const struct serve_call *c,
                struct server_reply *r, struct fault *f)
{
	struct found found;
	struct json_out o;
	size_t i;

	if (!found_load(w, c, &found, f))
		return false;
	r->type = "application/json";
	json_start(&o, &r->body);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	put_post(&o, &found.row);
	json_key(&o, "answers");
	json_open(&o, '[');
	for (i = 0; i < found.row.answer_count; i++)
		put_answer(&o, &found.row, &found.row.answers[i]);
	json_close(&o, ']');
	json_close(&o, '}');
	buf_byte(&r->body, '\n');
	return true;
}

/* The answer that a passage is, or NULL. */
static const struct answer_row *passage_answer(const struct post_row *row,
                                               const struct passage *p)
{
	size_t i;

	for (i = 0; i < row->answer_count; i++)
		if (row->answers[i].id == p->part &&
		    (p->kind == PASSAGE_ACCEPTED || p->kind == PASSAGE_ANSWER))
			return &row->answers[i];
	return NULL;
}

static bool passage_is(const struct found *found, const struct passage *p)
{
	const struct answer_row *answer = passage_answer(&found->row, p);

	if (answer)
		return slice_eq(found->id.answer, answer->native);
	return !found->id.answer.len && slice_eq(found->id.slug, p->slug);
}

bool serve_passage(struct serve_worker *w, const struct serve_call *c,
                   struct server_reply *r, struct fault *f)
{
	const struct passage *p;
	struct retrieved shown = { 0 };
	struct found found;
	struct json_out o;
	size_t i, count;

	if (!found_load(w, c, &found, f))
		return false;
	p = passage_split(&found.row, &w->a, &count);
	for (i = 0; i < count && !passage_is(&found, &p[i]);)
		i++;
	if (i == count)
		return fault(f, FAULT_GONE, "post-gone",
		             "there is no passage '%.*s'", SLICE_ARG(c->rest));
	retrieved_fill(&shown, &found.row, passage_answer(&found.row, &p[i]),
	               &p[i], &w->a);
	r->type = "application/json";
	json_start(&o, &r->body);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	search_json_source(&o, &shown);
	json_pair(&o, "text", shown.body);
	json_close(&o, '}');
	buf_byte(&r->body, '\n');
	return true;
}
