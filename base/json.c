/*
 * Reading: cJSON builds the tree, and a guard in front of it decides what is
 * JSON at all. cJSON alone takes text behind the value, bytes that are not
 * UTF-8, control characters and leading zeros, cuts numbers at 63 characters,
 * rounds integers to 53 bits, and refuses half a surrogate pair, which real
 * pages have. So the guard scans RFC 8259's grammar without recursion and
 * makes a copy for cJSON in which each number is a 0, and each half pair and
 * each \u0000, at which cJSON's strings would end, is \uFFFD (both of the same length, blanks behind the 0); afterwards the digits
 * are hung on their numbers, where cJSON_Delete() frees them.
 */

#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"

struct json_guard {
	struct slice text; /* what the guard reads */
	char *copy;        /* what cJSON will read: as long, and a NUL */
	size_t at;
	struct slice *numbers; /* in order, out of `text` */
	size_t number_count, number_cap;
	size_t values;
	char open[LIMIT_JSON_DEPTH]; /* the closing brackets awaited */
	int depth;
	struct fault *f;
};

static bool json_bad(struct json_guard *g, const char *what)
{
	return fault(g->f, FAULT_INPUT, "json", "not JSON: %s at byte %zu",
	             what, g->at);
}

/* The byte at the place of reading, or NUL, which no valid text has. */
static char json_peek(const struct json_guard *g)
{
	return g->at < g->text.len ? g->text.at[g->at] : '\0';
}

static void json_blank(struct json_guard *g)
{
	char c = json_peek(g);

	while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
		g->at++;
		c = json_peek(g);
	}
}

static size_t json_digits(struct json_guard *g)
{
	size_t from = g->at;

	while (json_peek(g) >= '0' && json_peek(g) <= '9')
		g->at++;
	return g->at - from;
}

static bool json_scan_number(struct json_guard *g)
{
	size_t from = g->at;

	if (json_peek(g) == '-')
		g->at++;
	if (json_peek(g) == '0')
		g->at++;
	else if (!json_digits(g))
		return json_bad(g, "a digit is missing");
	if (json_peek(g) == '.') {
		g->at++;
		if (!json_digits(g))
			return json_bad(g, "a digit is missing");
	}
	if (json_peek(g) == 'e' || json_peek(g) == 'E') {
		g->at++;
		if (json_peek(g) == '+' || json_peek(g) == '-')
			g->at++;
		if (!json_digits(g))
			return json_bad(g, "a digit is missing");
	}
	g->numbers = memory_room(g->numbers, g->number_count, &g->number_cap,
	                         sizeof(*g->numbers));
	g->numbers[g->number_count++] = slice_cut(g->text, from, g->at);
	memset(g->copy + from, ' ', g->at - from);
	g->copy[from] = '0';
	return true;
}

/* The value of four hex digits, or -1; moves behind them. */
static int json_hex(struct json_guard *g)
{
	int i, unit = 0;

	for (i = 0; i < 4; i++) {
		char c = json_peek(g);
		int digit = c >= '0' && c <= '9'   ? c - '0'
		            : c >= 'a' && c <= 'f' ? c - 'a' + 10
		            : c >= 'A' && c <= 'F' ? c - 'A' + 10
		                                   : -1;

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
		g->at++;
	}
	return unit;
}

/* Whether the low half of a pair stands here; moves behind it if so. */
static bool json_low_half(struct json_guard *g)
{
	size_t from = g->at;
	int unit = -1;

	if (slice_starts(slice_cut(g->text, from, from + 2), SLICE("\\u"))) {
		g->at += 2;
		unit = json_hex(g);
	}
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return true;
	g->at = from;
	return false;
}

static bool json_scan_escape(struct json_guard *g)
{
	size_t from = g->at++;
	char c = json_peek(g);
	int unit;

	if (c && strchr("\"\\/bfnrt", c)) {
		g->at++;
		return true;
	}
	if (c != 'u')
		return json_bad(g, "an unknown escape");
	g->at++;
	unit = json_hex(g);
	if (unit < 0)
		return json_bad(g, "four hex digits are missing");
	if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF &&
	                  (unit >= 0xDC00 || !json_low_half(g))))
		memcpy(g->copy + from, "\\ufffd", 6);
	return true;
}

static bool json_scan_text(struct json_guard *g)
{
	g->at++;
	for (;;) {
		char c = json_peek(g);

		if (c == '"')
			break;
		if (c == '\\') {
			if (!json_scan_escape(g))
				return false;
			continue;
		}
		if (c >= 0 && c < 0x20)
			return json_bad(g, g->at < g->text.len
			                           ? "a control character"
			                           : "a string without end");
		g->at++;
	}
	g->at++;
	return true;
}

static bool json_scan_word(struct json_guard *g, struct slice word)
{
	if (!slice_starts(slice_cut(g->text, g->at, g->text.len), word))
		return json_bad(g, "a value is missing");
	g->at += word.len;
	return true;
}

static bool json_open_bracket(struct json_guard *g, char c)
{
	if (g->depth == LIMIT_JSON_DEPTH)
		return fault(g->f, FAULT_LIMIT, "limit-json-depth",
		             "JSON nested deeper than the %d levels allowed",
		             (int)LIMIT_JSON_DEPTH);
	g->open[g->depth++] = c == '{' ? '}' : ']';
	g->at++;
	return true;
}

/* A value; of an array or object only its opening bracket. */
static bool json_scan_value(struct json_guard *g)
{
	char c = json_peek(g);

	if (++g->values > LIMIT_JSON_VALUES)
		return fault(g->f, FAULT_LIMIT, "limit-json-values",
		             "JSON of more than the %d values allowed",
		             (int)LIMIT_JSON_VALUES);
	switch (c) {
	case '{':
	case '[':
		return json_open_bracket(g, c);
	case '"':
		return json_scan_text(g);
	case 't':
		return json_scan_word(g, SLICE("true"));
	case 'f':
		return json_scan_word(g, SLICE("false"));
	case 'n':
		return json_scan_word(g, SLICE("null"));
	default:
		if (c == '-' || (c >= '0' && c <= '9'))
			return json_scan_number(g);
		return json_bad(g, "a value is missing");
	}
}

/* A name and its colon, up to the value. */
static bool json_scan_name(struct json_guard *g)
{
	if (json_peek(g) != '"')
		return json_bad(g, "a name is missing");
	if (!json_scan_text(g))
		return false;
	json_blank(g);
	if (json_peek(g) != ':')
		return json_bad(g, "a colon is missing");
	g->at++;
	json_blank(g);
	return true;
}

/* Closes what ends here and moves up to the next value; *more says whether
 * there is one. `first`: right behind an opening bracket. */
static bool json_scan_between(struct json_guard *g, bool first, bool *more)
{
	*more = false;
	for (;; first = false) {
		json_blank(g);
		if (!g->depth)
			return true;
		if (json_peek(g) != g->open[g->depth - 1])
			break;
		g->depth--;
		g->at++;
	}
	if (!first) {
		if (json_peek(g) != ',')
			return json_bad(g, "a comma or bracket is missing");
		g->at++;
		json_blank(g);
	}
	*more = true;
	return g->open[g->depth - 1] == ']' || json_scan_name(g);
}

static bool json_scan(struct json_guard *g)
{
	bool more = true;

	json_blank(g);
	while (more) {
		int depth = g->depth;

		if (!json_scan_value(g) ||
		    !json_scan_between(g, g->depth > depth, &more))
			return false;
	}
	if (g->at != g->text.len)
		return json_bad(g, "something follows the value");
	return true;
}

/* Gives the numbers of the tree their digits, in the order of the text. */
static void json_hang_numbers(struct json_guard *g, cJSON *root)
{
	cJSON *above[LIMIT_JSON_DEPTH];
	cJSON *j = root;
	size_t number = 0;
	int depth = 0;

	while (j) {
		if (cJSON_IsNumber(j)) {
			struct slice digits = g->numbers[number++];

			j->valuestring = memory_copy(digits.at, digits.len);
		}
		if (j->child) {
			above[depth++] = j;
			j = j->child;
			continue;
		}
		while (!j->next && depth)
			j = above[--depth];
		j = j->next;
	}
	assert(number == g->number_count);
}

bool json_parse(struct json **out, struct slice text, struct fault *f)
{
	struct json_guard g = { .text = text, .f = f };
	cJSON *root = NULL;

	if (text.len > LIMIT_ROW)
		return fault(f, FAULT_LIMIT, "limit-row",
		             "JSON of %zu bytes is larger than the %d allowed",
		             text.len, (int)LIMIT_ROW);
	g.at = utf8_valid(text);
	if (g.at < text.len)
		return json_bad(&g, "bytes that are not UTF-8");
	g.at = 0;
	g.copy = memory_copy(text.at, text.len);
	if (json_scan(&g)) {
		root = cJSON_ParseWithOpts(g.copy, NULL, true);
		if (!root)
			json_bad(&g, "the parser refuses it");
	}
	if (root)
		json_hang_numbers(&g, root);
	free(g.copy);
	free(g.numbers);
	*out = (struct json *)root;
	return root != NULL;
}

static const cJSON *json_of(const struct json *j)
{
	return (const cJSON *)j;
}

void json_free(struct json *j)
{
	cJSON_Delete((cJSON *)j);
}

const struct json *json_get(const struct json *j, const char *name)
{
	const cJSON *found = NULL;
	const cJSON *child = json_is_object(j) ? json_of(j)->child : NULL;

	for (; child; child = child->next)
		if (!strcmp(child->string, name))
			found = child;
	return (const struct json *)found;
}

const struct json *json_first(const struct json *j)
{
	return j ? (const struct json *)json_of(j)->child : NULL;
}

const struct json *json_next(const struct json *j)
{
	return j ? (const struct json *)json_of(j)->next : NULL;
}

struct slice json_name(const struct json *j)
{
	return slice_of(j ? json_of(j)->string : NULL);
}

bool json_is_object(const struct json *j)
{
	return cJSON_IsObject(json_of(j));
}

bool json_is_array(const struct json *j)
{
	return cJSON_IsArray(json_of(j));
}

bool json_is_text(const struct json *j)
{
	return cJSON_IsString(json_of(j));
}

bool json_is_null(const struct json *j)
{
	return cJSON_IsNull(json_of(j));
}

bool json_text(const struct json *j, struct slice *out)
{
	if (!cJSON_IsString(json_of(j)) && !cJSON_IsNumber(json_of(j)))
		return false;
	*out = slice_of(json_of(j)->valuestring);
	return true;
}

bool json_number(const struct json *j, int64_t *out)
{
	return cJSON_IsNumber(json_of(j)) &&
	       slice_number(slice_of(json_of(j)->valuestring), out);
}

/* strtod() for a point whatever the locale has in its place. */
static double json_strtod(const char *digits)
{
	const char *mark = localeconv()->decimal_point;
	const char *point = strchr(digits, '.');
	struct buf b = BUF_INIT(LIMIT_ROW + 16);
	double x;

	if (!point || !strcmp(mark, "."))
		return strtod(digits, NULL);
	buf_add(&b, (struct slice){ digits, (size_t)(point - digits) });
	buf_text(&b, mark);
	buf_text(&b, point + 1);
	x = strtod(buf_string(&b), NULL);
	buf_release(&b);
	return x;
}

bool json_real(const struct json *j, double *out)
{
	double x;

	if (!cJSON_IsNumber(json_of(j)))
		return false;
	x = json_strtod(json_of(j)->valuestring);
	if (!isfinite(x))
		return false;
	*out = x;
	return true;
}

bool json_bool(const struct json *j, bool *out)
{
	if (!cJSON_IsBool(json_of(j)))
		return false;
	*out = cJSON_IsTrue(json_of(j));
	return true;
}
