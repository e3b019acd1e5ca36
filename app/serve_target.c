/* Two notations of one list of pairs. */

#include "app/serve_target.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that %XX at `at` stands for, or -1. */
static int hex_byte(struct slice s, size_t at)
{
	int high, low;

	if (s.len - at < 3)
		return -1;
	high = hex_digit(s.at[at + 1]);
	low = hex_digit(s.at[at + 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool serve_decode(struct slice s, bool plus, struct arena *a, struct slice *out,
                  struct fault *f)
{
	char *to = arena_new(a, s.len + 1);
	size_t i, n = 0;

	for (i = 0; i < s.len; i++) {
		int byte = (unsigned char)s.at[i];

		if (byte == '%') {
			byte = hex_byte(s, i);
			i += 2;
		} else if (byte == '+' && plus) {
			byte = ' ';
		}
		if (byte <= 0)
			return fault(f, FAULT_USAGE, "request-target",
			             "an escape in the address is not %% and "
			             "two hex digits other than 00");
		to[n++] = (char)byte;
	}
	*out = (struct slice){ to, n };
	if (utf8_valid(*out) < n)
		return fault(f, FAULT_USAGE, "request-target",
		             "the address is not UTF-8");
	return true;
}

static bool pair_add(struct serve_target *t, struct slice name,
                     struct slice value, struct arena *a, struct fault *f)
{
	if (!t->pairs)
		t->pairs = arena_array(a, LIMIT_PARAMETERS, sizeof(*t->pairs));
	if (t->count == LIMIT_PARAMETERS)
		return fault(f, FAULT_LIMIT, "limit-parameters",
		             "a request has at most %d parameters",
		             (int)LIMIT_PARAMETERS);
	t->pairs[t->count++] = (struct serve_pair){ name, value };
	return true;
}

bool serve_target_read(struct slice target, struct arena *a,
                       struct serve_target *out, struct fault *f)
{
	size_t at = slice_find(target, '?');

	*out = (struct serve_target){ .path = slice_cut(target, 0, at) };
	while (at < target.len) {
		struct slice rest = slice_cut(target, at + 1, target.len);
		struct slice part = slice_cut(rest, 0, slice_find(rest, '&'));
		size_t equals = slice_find(part, '=');
		struct slice name, value;

		at += part.len + 1;
		if (!part.len)
			continue;
		if (!serve_decode(slice_cut(part, 0, equals), true, a, &name,
		                  f) ||
		    !serve_decode(slice_cut(part, equals + 1, part.len), true,
		                  a, &value, f) ||
		    !pair_add(out, name, value, a, f))
			return false;
	}
	return true;
}

/* A text, number or truth as text. */
static bool json_plain(const struct json *j, struct arena *a, struct slice *out)
{
	bool yes;

	if (json_bool(j, &yes)) {
		*out = yes ? SLICE("yes") : SLICE("no");
		return true;
	}
	if (!json_text(j, out))
		return false;
	*out = arena_copy(a, *out);
	return true;
}

static bool json_unfit(struct slice name, struct fault *f)
{
	return fault(f, FAULT_USAGE, "request-json",
	             "'%.*s' wants a text, a number, true or false, or an "
	             "array of them",
	             SLICE_ARG(utf8_head(name, 64)));
}

/* "KEY=VALUE" */
static struct slice json_joined(struct slice key, struct slice value,
                                struct arena *a)
{
	size_t len = key.len + 1 + value.len;
	char *to = arena_new(a, len + 1);

	memcpy(to, key.at, key.len);
	to[key.len] = '=';
	memcpy(to + key.len + 1, value.at, value.len);
	return (struct slice){ to, len };
}

/* One value of the member `name`; `key`: within an object of its own. */
static bool json_value(struct serve_target *t, struct slice name,
                       const struct slice *key, const struct json *j,
                       struct arena *a, struct fault *f)
{
	struct slice value;

	if (json_is_null(j))
		return true;
	if (!json_plain(j, a, &value))
		return json_unfit(name, f);
	if (key)
		value = json_joined(*key, value, a);
	return pair_add(t, name, value, a, f);
}

/* A value, or an array of them. */
static bool json_values(struct serve_target *t, struct slice name,
                        const struct slice *key, const struct json *j,
                        struct arena *a, struct fault *f)
{
	if (!json_is_array(j))
		return json_value(t, name, key, j, a, f);
	for (j = json_first(j); j; j = json_next(j))
		if (!json_value(t, name, key, j, a, f))
			return false;
	return true;
}

static bool json_member(struct serve_target *t, const struct json *j,
                        struct arena *a, struct fault *f)
{
	struct slice name = arena_copy(a, json_name(j));

	if (!json_is_object(j) || !slice_eq(name, SLICE("filter")))
		return json_values(t, name, NULL, j, a, f);
	for (j = json_first(j); j; j = json_next(j)) {
		struct slice key = json_name(j);

		if (!json_values(t, name, &key, j, a, f))
			return false;
	}
	return true;
}

bool serve_target_json(struct slice body, struct arena *a,
                       struct serve_target *t, struct fault *f)
{
	const struct json *member;
	struct json *j;
	bool done = true;

	if (!json_parse(&j, body, f)) {
		fault_in(f, "the body");
		return false;
	}
	if (!json_is_object(j))
		done = fault(f, FAULT_USAGE, "request-json",
		             "the body is JSON, but not an object");
	for (member = json_first(j); done && member; member = json_next(member))
		done = json_member(t, member, a, f);
	json_free(j);
	return done;
}
