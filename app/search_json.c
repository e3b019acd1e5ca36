/*
 * An answer as one JSON object. Field names are an interface: they are only
 * ever added to while "version" stays 1 (docs/search.md lists them).
 */

#include "app/search_form.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"

/* Tokens of what stands behind the hits, at most. */
enum { BUDGET_TAIL = 70 };

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
	json_key(o, "untrusted");
	json_put_bool(o, h->untrusted);
	search_json_time(o, "created", h->created);
	search_json_time(o, "modified", h->modified);
}

/* Other places of the same text, where there are any. */
static void json_also(struct json_out *o, const struct retrieved *h)
{
	size_t i;

	if (!h->also_count)
		return;
	json_key(o, "also");
	json_open(o, '[');
	for (i = 0; i < h->also_count; i++) {
		json_open(o, '{');
		json_pair(o, "id", h->also[i].id);
		json_pair(o, "link", h->also[i].link);
		json_close(o, '}');
	}
	json_close(o, ']');
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
	json_also(o, h);
	json_close(o, '}');
}

static void json_facet(struct json_out *o, const struct facet *facet)
{
	size_t i;

	json_open(o, '{');
	json_pair(o, "facet", facet->name);
	json_pair_number(o, "distinct", (int64_t)facet->distinct);
	json_key(o, "values");
	json_open(o, '[');
	for (i = 0; i < facet->count; i++) {
		json_open(o, '{');
		json_pair(o, "value", facet->values[i].value);
		json_pair_number(o, "count", (int64_t)facet->values[i].count);
		json_close(o, '}');
	}
	json_close(o, ']');
	json_close(o, '}');
}

static void json_counts(struct json_out *o, const struct facets *counts)
{
	size_t i;

	json_pair_number(o, "total", (int64_t)counts->total);
	if (!counts->count)
		return;
	json_key(o, "facets");
	json_open(o, '[');
	for (i = 0; i < counts->count; i++)
		json_facet(o, &counts->at[i]);
	json_close(o, ']');
}

/* Takes what was written from `len` on back, the comma included. */
static void json_back(struct json_out *o, const struct json_out *before,
                      size_t len)
{
	buf_cut(o->to, len);
	*o = *before;
}

/* A hit within `tokens`, its text cut if it must be; false: nothing was
 * written. Escapes cost tokens too, so that a cut may take some attempts. */
static bool json_hit_within(struct json_out *o, const struct retrieved *h,
                            size_t rank, int64_t tokens)
{
	struct json_out before = *o;
	struct retrieved cut = *h;
	struct buf body = BUF_INIT(LIMIT_TEXT);
	size_t len = o->to->len;
	int64_t room = context_tokens(h->body), over;

	for (;;) {
		json_hit(o, &cut, rank);
		over = context_tokens(
		               slice_cut(buf_slice(o->to), len, o->to->len)) -
		       tokens;
		if (over <= 0)
			break;
		json_back(o, &before, len);
		room -= over + context_tokens(SLICE(CONTEXT_CUT));
		if (room < CONTEXT_LEAST)
			break;
		buf_reset(&body);
		buf_add(&body, context_head(h->body, room));
		buf_text(&body, CONTEXT_CUT);
		cut.body = buf_slice(&body);
	}
	buf_release(&body);
	return over <= 0;
}

/* The hits, as many as there is room for behind `from`; how many. */
static size_t json_hits(struct json_out *o, const struct search_view *v,
                        const struct retrieve_answer *answer, size_t from)
{
	size_t i;

	json_key(o, "hits");
	json_open(o, '[');
	for (i = 0; i < answer->count; i++) {
		int64_t left = v->budget - BUDGET_TAIL;

		if (!v->budget) {
			json_hit(o, &answer->hits[i], i + 1);
			continue;
		}
		left -= context_tokens(
		        slice_cut(buf_slice(o->to), from, o->to->len));
		if (!json_hit_within(o, &answer->hits[i], i + 1, left))
			break;
	}
	json_close(o, ']');
	return i;
}

static void json_budget(struct json_out *o, const struct search_view *v,
                        size_t left_out)
{
	json_key(o, "budget");
	json_open(o, '{');
	json_pair_number(o, "tokens", v->budget);
	json_pair_number(o, "left_out", (int64_t)left_out);
	json_close(o, '}');
}

void search_json(const struct search_view *v,
                 const struct retrieve_answer *answer, struct buf *out)
{
	struct json_out o;
	size_t from = out->len, i, shown;

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
	if (answer->counted)
		json_counts(&o, &answer->counts);
	shown = json_hits(&o, v, answer, from);
	if (v->budget)
		json_budget(&o, v, answer->count - shown);
	json_close(&o, '}');
	buf_byte(out, '\n');
}
