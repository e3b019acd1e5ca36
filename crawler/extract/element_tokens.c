/* Lower case and pieces are ASCII's: names in other scripts are rare. */

#include "crawler/extract/element_tokens.h"

#include "base/hash.h"

enum {
	TOKEN_WORDS = 14,   /* of class and id */
	TOKEN_SOURCE = 200, /* bytes of an attribute that are read */
	TOKEN_PIECE = 24,
};

/* The tokens of one element. */
struct list {
	struct element_tokens *tokens;
	uint32_t *at;
	uint32_t count;
};

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return is_capital(c) ? (char)(c + 32) : c;
}

void element_tokens_init(struct element_tokens *t, struct arena *a)
{
	*t = (struct element_tokens){ .arena = a };
	numbering_init(&t->numbers, a);
	t->room = t->numbers.room;
	t->texts = arena_array(a, t->room, sizeof(*t->texts));
}

static uint32_t number_of(struct element_tokens *t, struct slice text)
{
	uint32_t number = numbering_of(&t->numbers, hash64(text));

	if (t->numbers.room > t->room) {
		const struct slice *old = t->texts;

		t->texts = arena_array(t->arena, t->numbers.room,
		                       sizeof(*t->texts));
		memcpy(t->texts, old, t->room * sizeof(*old));
		t->room = t->numbers.room;
	}
	if (!t->texts[number].at)
		t->texts[number] = arena_copy(t->arena, text);
	return number;
}

static void add(struct list *l, struct slice text)
{
	uint32_t number = number_of(l->tokens, text), i;

	for (i = 0; i < l->count; i++)
		if (l->at[i] == number)
			return;
	l->at[l->count++] = number;
}

/* One piece, whose letters are all of a word; numbers alone say nothing. */
static void add_piece(struct list *l, struct slice s)
{
	char room[TOKEN_PIECE];
	bool digits = true;
	size_t i;

	if (s.len < 2 || s.len > TOKEN_PIECE || l->count >= TOKEN_WORDS)
		return;
	for (i = 0; i < s.len; i++) {
		room[i] = lower(s.at[i]);
		digits = digits && is_digit(s.at[i]);
	}
	if (!digits)
		add(l, (struct slice){ room, s.len });
}

static void add_words(struct list *l, struct slice s)
{
	size_t i, from = 0;

	s = slice_cut(s, 0, TOKEN_SOURCE);
	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!is_small(c) && !is_capital(c) && !is_digit(c)) {
			add_piece(l, slice_cut(s, from, i));
			from = i + 1;
		} else if (i > from && is_capital(c) &&
		           !is_capital(s.at[i - 1])) {
			add_piece(l, slice_cut(s, from, i));
			from = i;
		}
	}
	add_piece(l, slice_cut(s, from, s.len));
}

/* What stands behind the last '/', after a letter that says what it is. */
static void add_value(struct list *l, char kind, struct slice s)
{
	char room[TOKEN_LONGEST] = { kind, ':' };
	size_t i, len = 2;

	for (i = s.len; i > 0 && s.at[i - 1] != '/';)
		i--;
	for (; i < s.len && len < TOKEN_LONGEST; i++)
		room[len++] = lower(s.at[i]);
	if (s.len)
		add(l, (struct slice){ room, len });
}

struct element_look element_look(const struct markup *m,
                                 const struct markup_node *n)
{
	struct element_look look = { 0 };
	const struct markup_attribute *a = m->attributes + n->attribute;
	uint32_t i;

	for (i = 0; i < n->attribute_count; i++, a++) {
		if (slice_eq(a->name, SLICE("id")))
			look.id = a->value;
		else if (slice_eq(a->name, SLICE("class")))
			look.class = a->value;
		else if (slice_eq(a->name, SLICE("role")))
			look.role = a->value;
		else if (slice_eq(a->name, SLICE("itemprop")))
			look.itemprop = a->value;
		else if (slice_eq(a->name, SLICE("itemtype")))
			look.itemtype = a->value;
	}
	return look;
}

uint32_t element_tokens_read(struct element_tokens *t, const struct markup *m,
                             const struct markup_node *n,
                             uint32_t out[TOKEN_MOST])
{
	struct list l = { .tokens = t, .at = out };
	struct element_look look;

	if (!n->attribute_count)
		return 0;
	look = element_look(m, n);
	add_words(&l, look.class);
	add_words(&l, look.id);
	add_value(&l, 'r', look.role);
	add_value(&l, 'i', look.itemprop);
	add_value(&l, 'y', look.itemtype);
	return l.count;
}

uint32_t element_tokens_find(const struct element_tokens *t, struct slice text)
{
	uint32_t number = numbering_find(&t->numbers, hash64(text));

	return number < t->numbers.count ? number : MARKUP_NONE;
}
