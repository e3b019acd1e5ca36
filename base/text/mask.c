/*
 * A text is cut at everything that looks like a name of ours, which is masked
 * whatever it is: thus the names in what we wrote are all ours, and undoing is
 * exact. What lies between is scanned from left to right by the shapes of
 * mask_shape.h. What was taken becomes a border, so a second look may find what
 * the first did not: it is repeated until nothing is found.
 */

#include "base/text/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text/mask_told.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum {
	NAME_DIGITS = 9,
	TOLD_LEAST = 3,
	LOOKS_MOST = 4,
	CLASSES_FIRST = (1 << MASK_CLASSES) - 1 - (1 << MASK_ADDRESS),
};

static const char *const upper_names[MASK_CLASSES] = {
	"SECRET", "EMAIL", "PHONE", "CARD", "ID", "ACCOUNT", "ADDRESS", "NAME",
};

/* What one name stands for. */
struct known {
	char *at;
	size_t len;
	enum mask_class class;
	size_t number; /* within the class, from 1 */
	uint64_t hash;
};

struct mask {
	struct known *known;
	size_t count, cap;
	uint32_t *slots; /* number of the entry + 1, or 0 */
	size_t slot_count;
	size_t *of_class[MASK_CLASSES]; /* entries in the order of names */
	size_t class_count[MASK_CLASSES], class_cap[MASK_CLASSES];
	unsigned classes;
	struct told told;
};

const char *mask_name(enum mask_class c)
{
	static const char *const names[MASK_CLASSES] = {
		"secret", "email",   "phone",   "card",
		"id",     "account", "address", "name",
	};

	return names[c];
}

bool mask_new(struct mask **out, struct fault *f)
{
	(void)f;
	*out = memory_new(1, sizeof(**out));
	(*out)->classes = CLASSES_FIRST;
	return true;
}

void mask_reset(struct mask *m)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		told_wipe(m->known[i].at, m->known[i].len);
		free(m->known[i].at);
	}
	m->count = 0;
	memset(m->class_count, 0, sizeof(m->class_count));
	if (m->slots)
		memset(m->slots, 0, m->slot_count * sizeof(*m->slots));
	told_release(&m->told);
}

void mask_free(struct mask *m)
{
	size_t i;

	if (!m)
		return;
	mask_reset(m);
	for (i = 0; i < MASK_CLASSES; i++)
		free(m->of_class[i]);
	free(m->known);
	free(m->slots);
	free(m);
}

void mask_classes(struct mask *m, unsigned classes)
{
	m->classes = classes;
}

void mask_tell(struct mask *m, enum mask_class c, struct slice value)
{
	value = slice_trim(value);
	if (utf8_count(value) >= TOLD_LEAST)
		told_add(&m->told, value, c);
}

size_t mask_count(const struct mask *m, enum mask_class c)
{
	return m->class_count[c];
}

static size_t slot_of(const struct mask *m, uint64_t hash, struct slice value,
                      enum mask_class c)
{
	size_t i = (size_t)hash & (m->slot_count - 1);

	for (; m->slots[i]; i = (i + 1) & (m->slot_count - 1)) {
		const struct known *k = &m->known[m->slots[i] - 1];

		if (k->hash == hash && k->class == c &&
		    slice_eq((struct slice){ k->at, k->len }, value))
			break;
	}
	return i;
}

static void grow(struct mask *m)
{
	size_t i, slot;

	if ((m->count + 1) * 2 < m->slot_count)
		return;
	free(m->slots);
	m->slot_count = m->slot_count ? m->slot_count * 2 : 64;
	m->slots = memory_new(m->slot_count, sizeof(*m->slots));
	for (i = 0; i < m->count; i++) {
		slot = m->known[i].hash & (m->slot_count - 1);
		while (m->slots[slot])
			slot = (slot + 1) & (m->slot_count - 1);
		m->slots[slot] = (uint32_t)i + 1;
	}
}

/* The number of a value's name; the same for the same value. */
static size_t number_of(struct mask *m, enum mask_class c, struct slice value)
{
	uint64_t hash = hash64(value);
	size_t slot, n;

	grow(m);
	slot = slot_of(m, hash, value, c);
	if (m->slots[slot])
		return m->known[m->slots[slot] - 1].number;
	n = m->class_count[c];
	m->of_class[c] = memory_room(m->of_class[c], n, &m->class_cap[c],
	                             sizeof(**m->of_class));
	m->known = memory_room(m->known, m->count, &m->cap, sizeof(*m->known));
	m->of_class[c][n] = m->count;
	m->class_count[c] = ++n;
	m->known[m->count] = (struct known){ memory_copy(value.at, value.len),
		                             value.len, c, n, hash };
	m->slots[slot] = (uint32_t)++m->count;
	return n;
}

/* A name at `at`, as we write them: "[EMAIL_12]". Its end, or 0. */
static size_t name_end(struct slice text, size_t at, enum mask_class *class,
                       size_t *number)
{
	size_t i, c, digits = 0;
	struct slice rest = slice_cut(text, at + 1, text.len);

	if (at >= text.len || text.at[at] != '[')
		return 0;
	for (c = 0; c < MASK_CLASSES; c++)
		if (slice_starts(rest, slice_of(upper_names[c])) &&
		    rest.len > (i = strlen(upper_names[c])) &&
		    rest.at[i] == '_')
			break;
	if (c == MASK_CLASSES)
		return 0;
	*class = (enum mask_class)c;
	for (*number = 0, i++; i < rest.len && mask_digit(rest.at[i]); i++) {
		*number = *number * 10 + (size_t)(rest.at[i] - '0');
		if (++digits > NAME_DIGITS)
			return 0;
	}
	return digits && i < rest.len && rest.at[i] == ']' ? at + i + 2 : 0;
}

/* Where the next name begins; the text's end if there is none. */
static size_t next_name(struct slice text, size_t from, size_t *end)
{
	enum mask_class class;
	size_t number;

	while (from < text.len) {
		from += slice_find(slice_cut(text, from, text.len), '[');
		*end = name_end(text, from, &class, &number);
		if (*end)
			return from;
		from++;
	}
	*end = text.len;
	return text.len;
}

/* Whether a shape begins, or is anchored, at this place. */
static bool shape_at(const struct mask *m, struct mask_view *v, size_t at,
                     struct mask_found *out)
{
	unsigned want = m->classes;
	int c = mask_at(v, at);

	if (told_find(&m->told, v, at, want, out))
		return true;
	if (want & 1u << MASK_EMAIL &&
	    (c == '@' || (c == '%' && mask_stands(v, at, SLICE("%40")))) &&
	    mask_email(v, at, out))
		return true;
	if (c == ':')
		return want & 1u << MASK_SECRET &&
		       mask_stands(v, at, SLICE("://")) &&
		       mask_login(v, at, out);
	if (want & 1u << MASK_ADDRESS && (mask_hex(c) || c == ':') &&
	    mask_address(v, at, out))
		return true;
	if (c < 0x80 && !mask_alnum(c) && c != '-' && c != '+' && c != '(')
		return false;
	if (want & 1u << MASK_SECRET && mask_secret(v, at, out) &&
	    out->from >= v->floor)
		return true;
	if (c >= 0x80 || (mask_letter(c) && !mask_alnum(mask_before(v, at))))
		mask_hint(v, at);
	if (mask_letter(c))
		return want & 1u << MASK_ACCOUNT && mask_account(v, at, out);
	return c < 0x80 && mask_number(v, at, want, out);
}

/* Finds the next at *at or behind, which moves on to where it was seen. */
static bool scan(const struct mask *m, struct mask_view *v, size_t *at,
                 struct mask_found *out)
{
	for (; *at < v->text.len; ++*at) {
		if ((v->text.at[*at] & 0xC0) == 0x80)
			continue;
		if (shape_at(m, v, *at, out) && out->to > out->from)
			return true;
	}
	return false;
}

static struct mask_view view_of(struct slice text)
{
	return (struct mask_view){ text, 0, (size_t)-1, (size_t)-1,
		                   (size_t)-1 };
}

bool mask_find(const struct mask *m, struct slice text, struct mask_found *out)
{
	size_t from = 0, end, name;

	for (; from < text.len; from = end) {
		struct mask_view v;
		size_t at = 0;

		name = next_name(text, from, &end);
		v = view_of(slice_cut(text, from, name));
		if (scan(m, &v, &at, out)) {
			out->from += from;
			out->to += from;
			return true;
		}
	}
	return false;
}

static void put_name(struct mask *m, enum mask_class c, struct slice value,
                     struct buf *out)
{
	buf_addf(out, "[%s_%zu]", upper_names[c], number_of(m, c, value));
}

/* A part without names. */
static void mask_part(struct mask *m, struct slice text, struct buf *out)
{
	struct mask_view v = view_of(text);
	struct mask_found found;
	size_t at = 0;

	while (scan(m, &v, &at, &found)) {
		buf_add(out, slice_cut(text, v.floor, found.from));
		put_name(m, found.class, slice_cut(text, found.from, found.to),
		         out);
		v.floor = at = found.to;
	}
	buf_add(out, slice_cut(text, v.floor, text.len));
}

/* One look at all of it. `ours`: its names are ours already. */
static void look(struct mask *m, struct slice text, bool ours, struct buf *out)
{
	size_t from = 0, end, name;

	for (; from < text.len; from = end) {
		name = next_name(text, from, &end);
		mask_part(m, slice_cut(text, from, name), out);
		if (name == end)
			continue;
		if (ours)
			buf_add(out, slice_cut(text, name, end));
		else
			put_name(m, MASK_NAME, slice_cut(text, name, end), out);
	}
}

bool mask_add(struct mask *m, struct slice text, struct buf *out,
              struct fault *f)
{
	struct buf now = BUF_INIT(out->ceiling), next = BUF_INIT(out->ceiling);
	struct mask_found found;
	int looks;
	bool good;

	look(m, text, false, &now);
	for (looks = 1;
	     looks < LOOKS_MOST && mask_find(m, buf_slice(&now), &found);
	     looks++) {
		struct buf swap = next;

		buf_reset(&swap);
		look(m, buf_slice(&now), true, &swap);
		next = now;
		now = swap;
	}
	good = !buf_full(&now) && !buf_full(&next);
	if (good)
		buf_add(out, buf_slice(&now));
	good = good && !buf_full(out);
	if (now.at)
		told_wipe(now.at, now.len);
	if (next.at)
		told_wipe(next.at, next.len);
	buf_release(&now);
	buf_release(&next);
	return good ||
	       fault(f, FAULT_LIMIT, "limit-text",
	             "the masked text is longer than %zu bytes", out->ceiling);
}

void mask_undo(const struct mask *m, struct slice text, struct buf *out)
{
	size_t from = 0, name, end, number;
	enum mask_class class;

	for (; from < text.len; from = end) {
		name = next_name(text, from, &end);
		buf_add(out, slice_cut(text, from, name));
		if (name == end)
			continue;
		name_end(text, name, &class, &number);
		if (number && number <= m->class_count[class]) {
			const struct known *k =
			        &m->known[m->of_class[class][number - 1]];

			buf_add(out, (struct slice){ k->at, k->len });
		} else {
			buf_add(out, slice_cut(text, name, end));
		}
	}
}
