/*
 * Strict JSON first, then what loose_json.h makes of the text. An object whose
 * members are none of ours but hold one that is (a wrapper: "result", "data",
 * "digest") is looked into.
 */

#include "kb/cases/reply.h"

#include "base/json.h"
#include "base/limits.h"
#include "kb/cases/loose_json.h"

enum { WRAPPERS = 4, OBJECTS = 8 };

/* Every text of a value in order, as items of a list. */
struct gather {
	struct slice *items;
	size_t count;
	struct arena *a;
};

static void gather_text(struct gather *g, const struct json *j)
{
	struct slice s;

	if (json_text(j, &s) && slice_trim(s).len &&
	    g->count < LIMIT_DIGEST_LIST)
		g->items[g->count++] = arena_copy(g->a, slice_trim(s));
}

/* A list, whose members may be objects ({"step": 1, "text": "..."}): of these
 * the longest text is meant. */
static void gather_list(struct gather *g, const struct json *list)
{
	const struct json *j;

	for (j = json_first(list); j; j = json_next(j)) {
		const struct json *k, *longest = NULL;
		struct slice s, best = { 0 };

		if (!json_is_object(j)) {
			gather_text(g, j);
			continue;
		}
		for (k = json_first(j); k; k = json_next(k))
			if (json_text(k, &s) && s.len > best.len) {
				best = s;
				longest = k;
			}
		gather_text(g, longest);
	}
}

/* A list where one text was asked for: its texts in a row. */
static struct slice gather_join(const struct gather *g)
{
	struct buf b = BUF_INIT(LIMIT_DIGEST_REPLY);
	struct slice out;
	size_t i;

	for (i = 0; i < g->count; i++) {
		if (i)
			buf_byte(&b, ' ');
		buf_add(&b, g->items[i]);
	}
	out = arena_copy(g->a, buf_slice(&b));
	buf_release(&b);
	return out;
}

static void member_list(struct case_answer *r, enum reply_field field,
                        const struct json *value, struct arena *a)
{
	struct gather g = { .a = a };
	struct reply_list *const lists[REPLY_FIELDS] = {
		[REPLY_STEPS] = &r->steps,
		[REPLY_SERVICES] = &r->services,
		[REPLY_CODES] = &r->codes,
		[REPLY_TITLES] = &r->titles,
	};

	g.items = arena_array(a, LIMIT_DIGEST_LIST, sizeof(*g.items));
	gather_list(&g, value);
	if (!lists[field]) {
		reply_set(r, field, gather_join(&g), a);
	} else if (!(r->has & 1u << field)) {
		*lists[field] = (struct reply_list){ g.items, g.count };
		r->has |= 1u << field;
	}
}

/* False: the value is not of the kind that was asked for. */
static bool member_read(struct case_answer *r, enum reply_field field,
                        const struct json *value, struct arena *a)
{
	bool list = field >= REPLY_STEPS;
	struct slice s;

	if (json_text(value, &s)) {
		reply_set(r, field, arena_copy(a, s), a);
		return !list && json_is_text(value);
	}
	if (json_is_array(value) || json_is_object(value))
		member_list(r, field, value, a);
	return list && json_is_array(value);
}

/* *right: nothing but members that were asked for, each of its kind. */
static bool object_read(const struct json *object, struct arena *a,
                        struct case_answer *r, bool *right)
{
	const struct json *j;

	*right = true;
	for (j = json_first(object); j; j = json_next(j)) {
		enum reply_field field;

		if (!reply_field_read(json_name(j), &field) ||
		    !member_read(r, field, j, a))
			*right = false;
	}
	*right = *right && r->has == (1u << REPLY_FIELDS) - 1;
	return reply_enough(r);
}

/* The object within, where this one is a wrapper. */
static const struct json *object_within(const struct json *j)
{
	const struct json *k;

	for (k = json_first(j); k; k = json_next(k))
		if (json_is_object(k) || json_is_array(k))
			return k;
	return NULL;
}

static bool value_read(const struct json *j, struct arena *a,
                       struct case_answer *out, bool *right)
{
	int i;

	for (i = 0; j && i < WRAPPERS; i++) {
		struct case_answer r = { 0 };

		if (json_is_object(j) && object_read(j, a, &r, right)) {
			*right = *right && !i;
			*out = r;
			return true;
		}
		j = object_within(j);
	}
	return false;
}

static bool text_read(struct slice text, struct arena *a,
                      struct case_answer *out, bool *right)
{
	struct json *j;
	struct fault f;
	bool ok;

	if (!json_parse(&j, text, &f))
		return false;
	ok = value_read(j, a, out, right);
	json_free(j);
	return ok;
}

/* JSON written as a string of JSON, once. */
static struct slice text_unwrap(struct slice text, struct arena *a)
{
	struct json *j;
	struct slice s;
	struct fault f;

	if (!slice_starts(text, SLICE("\"")) || !json_parse(&j, text, &f))
		return text;
	if (json_is_text(j) && json_text(j, &s))
		text = arena_copy(a, s);
	json_free(j);
	return text;
}

bool reply_json(struct slice text, struct arena *a, struct case_answer *out)
{
	struct buf again = BUF_INIT(8 * LIMIT_DIGEST_REPLY);
	struct loose_json found = { 0 };
	bool right, done = false;
	int i;

	text = slice_trim(text);
	if (text_read(text, a, out, &right)) {
		out->shape = right ? REPLY_STRICT : REPLY_LOOSE;
		return true;
	}
	text = text_unwrap(text, a);
	for (i = 0; !done && i < OBJECTS; i++) {
		buf_reset(&again);
		if (!loose_json_find(text, found.to, &again, &found))
			break;
		done = text_read(buf_slice(&again), a, out, &right);
	}
	if (done) {
		out->shape = REPLY_LOOSE;
		out->cut = found.cut;
	}
	buf_release(&again);
	return done;
}
