/*
 * A reader of its own for the INI form: the library inih cuts names of
 * sections and keys at 49 bytes without a word, does not report a section
 * without keys, and gives handlers no line number, so that a wrapper which
 * makes up for all that would be longer than this.
 *
 *	; comment (also #), at the start of a line
 *	[kind] or [kind name]
 *	key = value            ; a comment behind " ;"
 *
 * A value is trimmed and may be empty or hold any other character; there are
 * no quotes, no escapes and no continued lines.
 */

#include "base/conf.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"

struct conf_pair {
	struct slice key, value;
	int64_t line;
};

struct conf_section {
	const struct conf *conf;
	struct slice kind, name;
	int64_t line;
	struct conf_pair *pairs;
	size_t count, cap;
	struct conf_section *next;
};

struct conf {
	struct arena arena;
	const char *path;
	struct conf_section *first, *last;
	int entries; /* sections and keys: each new one is compared with all */
};

static bool conf_bad(const struct conf *c, int64_t line, struct fault *f,
                     const char *what, struct slice about)
{
	fault(f, FAULT_USAGE, "configuration", "%s '%.*s'", what,
	      SLICE_ARG(utf8_head(about, 100)));
	return fault_at(f, c->path, line);
}

static bool conf_is_word(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c <= ' ' || c == 0x7F || strchr("[]=;#\"'", c))
			return false;
	}
	return s.len > 0;
}

static bool conf_is_blank(char c)
{
	return slice_trim((struct slice){ &c, 1 }).len == 0;
}

/* Without the comment: all behind a ';' that begins it or follows a blank. */
static struct slice conf_uncomment(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] == ';' && (i == 0 || conf_is_blank(s.at[i - 1])))
			break;
	return slice_trim(slice_cut(s, 0, i));
}

static bool conf_open(struct conf *c, struct slice text, int64_t line,
                      struct fault *f)
{
	struct slice inner = slice_trim(slice_cut(text, 1, text.len - 1));
	size_t blank = 0;
	struct conf_section *s;

	while (blank < inner.len && inner.at[blank] != ' ' &&
	       inner.at[blank] != '\t')
		blank++;
	s = arena_new(&c->arena, sizeof(*s));
	s->conf = c;
	s->line = line;
	s->kind = slice_cut(inner, 0, blank);
	s->name = slice_trim(slice_cut(inner, blank, inner.len));
	if (!slice_ends(text, SLICE("]")) || !conf_is_word(s->kind) ||
	    (s->name.len && !conf_is_word(s->name)))
		return conf_bad(c, line, f,
		                "not a [kind] or [kind name]:", text);
	s->kind = arena_copy(&c->arena, s->kind);
	s->name = arena_copy(&c->arena, s->name);
	if (conf_find(c, s->kind.at, s->name))
		return conf_bad(c, line, f, "a second section", text);
	*(c->last ? &c->last->next : &c->first) = s;
	c->last = s;
	return true;
}

static const struct conf_pair *conf_pair(const struct conf_section *s,
                                         struct slice key)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (slice_eq(s->pairs[i].key, key))
			return &s->pairs[i];
	return NULL;
}

static bool conf_add(struct conf *c, struct slice text, int64_t line,
                     struct fault *f)
{
	size_t equals = slice_find(text, '=');
	struct slice key = slice_trim(slice_cut(text, 0, equals));
	struct conf_section *s = c->last;
	struct slice value;

	if (equals == text.len || !conf_is_word(key))
		return conf_bad(c, line, f,
		                "neither 'key = value' nor a "
		                "section:",
		                text);
	if (!s)
		return conf_bad(c, line, f, "a key outside any section:", key);
	if (conf_pair(s, key))
		return conf_bad(c, line, f, "a second value for", key);
	value = conf_uncomment(slice_cut(text, equals + 1, text.len));
	s->pairs = memory_room(s->pairs, s->count, &s->cap, sizeof(*s->pairs));
	s->pairs[s->count++] =
	        (struct conf_pair){ arena_copy(&c->arena, key),
		                    arena_copy(&c->arena, value), line };
	return true;
}

static bool conf_room(struct conf *c, int64_t line, struct fault *f)
{
	if (++c->entries <= LIMIT_CONFIG_KEYS)
		return true;
	fault(f, FAULT_LIMIT, "limit-config-keys",
	      "more than the %d keys and sections allowed",
	      (int)LIMIT_CONFIG_KEYS);
	return fault_at(f, c->path, line);
}

static bool conf_line(struct conf *c, struct slice text, int64_t line,
                      struct fault *f)
{
	text = slice_trim(text);
	if (!text.len || text.at[0] == ';' || text.at[0] == '#')
		return true;
	if (!conf_room(c, line, f))
		return false;
	if (text.at[0] == '[')
		return conf_open(c, conf_uncomment(text), line, f);
	return conf_add(c, text, line, f);
}

static bool conf_lines(struct conf *c, struct slice text, struct fault *f)
{
	int64_t line = 0;

	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_cut(text, 3, text.len);
	while (text.len) {
		size_t end = slice_find(text, '\n');
		struct slice one = slice_cut(text, 0, end);

		line++;
		if (memchr(one.at, 0, one.len) || utf8_valid(one) != one.len)
			return conf_bad(c, line, f, "not UTF-8 text in",
			                SLICE("the line"));
		if (!conf_line(c, one, line, f))
			return false;
		text = slice_cut(text, end + 1, text.len);
	}
	return true;
}

bool conf_parse(struct conf **out, struct slice text, const char *path,
                struct fault *f)
{
	struct conf *c = memory_new(1, sizeof(*c));

	c->path = arena_copy(&c->arena, slice_of(path)).at;
	if (text.len > LIMIT_CONFIG) {
		fault(f, FAULT_LIMIT, "limit-config",
		      "a configuration of %zu bytes is larger than the %d "
		      "allowed",
		      text.len, (int)LIMIT_CONFIG);
		fault_at(f, path, 0);
	} else if (conf_lines(c, text, f)) {
		*out = c;
		return true;
	}
	conf_free(c);
	return false;
}

bool conf_read(struct conf **out, const char *path, struct fault *f)
{
	char *text;
	size_t len;
	bool ok;

	if (!file_read(path, LIMIT_CONFIG, &text, &len, f))
		return false;
	ok = conf_parse(out, (struct slice){ text, len }, path, f);
	free(text);
	return ok;
}

void conf_free(struct conf *c)
{
	struct conf_section *s;
	struct arena arena;

	if (!c)
		return;
	for (s = c->first; s; s = s->next)
		free(s->pairs);
	arena = c->arena;
	arena_release(&arena);
	free(c);
}

const struct conf_section *conf_find(const struct conf *c, const char *kind,
                                     struct slice name)
{
	const struct conf_section *s = NULL;

	while ((s = conf_next(c, kind, s)))
		if (slice_eq(s->name, name))
			break;
	return s;
}

const struct conf_section *conf_next(const struct conf *c, const char *kind,
                                     const struct conf_section *after)
{
	const struct conf_section *s = after ? after->next : c->first;

	while (s && !slice_eq(s->kind, slice_of(kind)))
		s = s->next;
	return s;
}

struct slice conf_name(const struct conf_section *s)
{
	return s->name;
}

struct slice conf_get(const struct conf_section *s, const char *key,
                      const char *fallback)
{
	const struct conf_pair *p = s ? conf_pair(s, slice_of(key)) : NULL;

	return p ? p->value : slice_of(fallback);
}

static bool conf_knows(const struct conf_key *keys, struct slice key)
{
	for (; keys->name; keys++)
		if (slice_eq(slice_of(keys->name), key))
			return true;
	return false;
}

bool conf_check(const struct conf_section *s, const struct conf_key *keys,
                struct fault *f)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (!conf_knows(keys, s->pairs[i].key))
			return conf_bad(s->conf, s->pairs[i].line, f,
			                "unknown key", s->pairs[i].key);
	for (; keys->name; keys++)
		if (!keys->fallback && !conf_pair(s, slice_of(keys->name)))
			return conf_bad(s->conf, s->line, f,
			                "this section lacks the key",
			                slice_of(keys->name));
	return true;
}

/* The power of two of a unit, or -1. */
static int conf_unit(struct slice unit)
{
	static const char letters[] = "kmgt";
	const char *at;

	if (!unit.len || (unit.len == 1 && (unit.at[0] | 32) == 'b'))
		return 0;
	at = strchr(letters, unit.at[0] | 32);
	if (!at || unit.at[0] == '\0' || unit.len > 2 ||
	    (unit.len == 2 && (unit.at[1] | 32) != 'b'))
		return -1;
	return 10 * (int)(at - letters + 1);
}

bool conf_size(struct slice s, int64_t *out, struct fault *f)
{
	struct slice text = slice_trim(s);
	size_t digits = 0;
	int64_t n, bytes;
	int shift;

	while (digits < text.len && text.at[digits] >= '0' &&
	       text.at[digits] <= '9')
		digits++;
	shift = conf_unit(slice_trim(slice_cut(text, digits, text.len)));
	if (shift < 0 || !slice_number(slice_cut(text, 0, digits), &n) ||
	    __builtin_mul_overflow(n, (int64_t)1 << shift, &bytes))
		return fault(f, FAULT_USAGE, "size",
		             "'%.*s' is not a size such as 64k, 256 MB or 1g",
		             SLICE_ARG(utf8_head(text, 100)));
	*out = bytes;
	return true;
}
