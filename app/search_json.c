/*
 * An answer as one JSON object. Field names are an interface: they are only
 * ever added to while "version" stays 1 (docs/search.md lists them).
 */

#include "app/search_form.h"

#include "base/clock.h"
#include "base/json.h"

void search_json_time(struct json_out *o, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	json_pair(o, name, slice_of(text));
}

static void json_tags(struct json_out *o, const struct retrieved *h)
{
	size_t i;

	json_key(o, "tags");
	json_open(o, '[');
	for (i = 0; i < h->tag_count; i++)
		json_put_text(o, h->tags[i]);
	json_close(o, ']');
}

/* Byte offsets in "snippet", in pairs. */
static void json_marks(struct json_out *o, const struct snippet *s)
{
	size_t i;

	json_pair(o, "snippet", s->text);
	json_key(o, "highlights");
	json_open(o, '[');
	for (i = 0; i < s->mark_count; i++) {
		json_open(o, '[');
		json_put_number(o, (int64_t)s->marks[i].from);
		json_put_number(o, (int64_t)s->marks[i].to);
		json_close(o, ']');
	}
	json_close(o, ']');
}

void search_json_source(struct json_out *o, const struct retrieved *h)
{
	json_pair(o, "id", h->id);
	json_pair(o, "space", h->space);
	json_pair(o, "post", h->native);
	json_pair(o, "kind", h->kind);
	json_pair(o, "passage", slice_of(passage_kind_name(h->hit.entry.kind)));
	json_pair(o, "title", h->title);
	json_pair(o, "heading", h->heading);
	json_pair(o, "link", h->link);
	json_pair(o, "author", h->author);
	json_pair(o, "author_link", h->author_link);
	json_pair(o, "licence", h->licence);
	json_pair(o, "language", h->language);
	json_tags(o, h);
	json_pair_number(o, "votes", h->votes);
	json_key(o, "accepted");
	json_put_bool(o, h->hit.entry.kind == PASSAGE_ACCEPTED);
	json_pair_number(o, "answers", (int64_t)h->answers);
	json_key(o, "solved");
	json_put_bool(o, h->solved);
	search_json_time(o, "created", h->created);
	search_json_time(o, "modified", h->modified);
}

static void json_hit(struct json_out *o, const struct retrieved *h, size_t rank)
{
	json_open(o, '{');
	json_pair_number(o, "rank", (int64_t)rank);
	json_key(o, "score");
	json_put_real(o, h->hit.rank);
	json_key(o, "stage1");
	json_put_real(o, h->hit.score);
	search_json_source(o, h);
	json_marks(o, &h->snippet);
	json_pair(o, "text", h->body);
	json_pair_number(o, "similar", (int64_t)h->similar);
	json_close(o, '}');
}

void search_json(const struct search_view *v,
                 const struct retrieve_answer *answer, struct buf *out)
{
	struct json_out o;
	size_t i;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	if (v->query_id.len)
		json_pair(&o, "query_id", v->query_id);
	json_pair(&o, "query", v->query);
	json_key(&o, "terms");
	json_open(&o, '[');
	for (i = 0; i < answer->term_count; i++)
		json_put_text(&o, answer->terms[i]);
	json_close(&o, ']');
	json_pair_number(&o, "terms_dropped", (int64_t)answer->terms_dropped);
	json_pair(&o, "stage2", answer->stage2);
	json_key(&o, "hits");
	json_open(&o, '[');
	for (i = 0; i < answer->count; i++)
		json_hit(&o, &answer->hits[i], i + 1);
	json_close(&o, ']');
	json_close(&o, '}');
	buf_byte(out, '\n');
}
