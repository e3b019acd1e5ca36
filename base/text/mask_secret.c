/*
 * Secrets: by what their makers put in front of them, by the name they are
 * given, or by standing in the places made for them. The prefixes and lengths
 * are those that the services publish for secret scanning.
 */

#include "base/text/mask_shape.h"

#include <string.h>

#include "base/text/mask_look.h"
#include "base/text/mask_named.h"

/* What may stand behind a prefix. */
enum tail {
	TAIL_UPPER, /* A-Z 0-9 */
	TAIL_ALNUM,
	TAIL_WORD, /* and - _ */
	TAIL_DOTS, /* and . = + / % */
	TAIL_JWT,  /* and . */
	TAIL_HEX,
};

static const struct {
	const char *prefix;
	size_t least;
	enum tail tail;
} prefixes[] = {
	{ "AKIA", 16, TAIL_UPPER },
	{ "ASIA", 16, TAIL_UPPER },
	{ "ABIA", 16, TAIL_UPPER },
	{ "IQoJb3JpZ2lu", 60, TAIL_DOTS },
	{ "FwoGZXIvYXdz", 60, TAIL_DOTS },
	{ "ghp_", 30, TAIL_ALNUM },
	{ "gho_", 30, TAIL_ALNUM },
	{ "ghu_", 30, TAIL_ALNUM },
	{ "ghs_", 30, TAIL_ALNUM },
	{ "ghr_", 30, TAIL_ALNUM },
	{ "github_pat_", 22, TAIL_WORD },
	{ "glpat-", 20, TAIL_WORD },
	{ "glptt-", 20, TAIL_WORD },
	{ "gldt-", 20, TAIL_WORD },
	{ "glrt-", 20, TAIL_WORD },
	{ "xoxa-", 10, TAIL_WORD },
	{ "xoxb-", 10, TAIL_WORD },
	{ "xoxe.", 10, TAIL_DOTS },
	{ "xoxp-", 10, TAIL_WORD },
	{ "xoxr-", 10, TAIL_WORD },
	{ "xoxs-", 10, TAIL_WORD },
	{ "xapp-", 10, TAIL_WORD },
	{ "AIza", 35, TAIL_WORD },
	{ "ya29.", 20, TAIL_WORD },
	{ "GOCSPX-", 20, TAIL_WORD },
	{ "sk_live_", 16, TAIL_ALNUM },
	{ "sk_test_", 16, TAIL_ALNUM },
	{ "rk_live_", 16, TAIL_ALNUM },
	{ "rk_test_", 16, TAIL_ALNUM },
	{ "whsec_", 16, TAIL_DOTS },
	{ "npm_", 36, TAIL_ALNUM },
	{ "pypi-AgE", 40, TAIL_WORD },
	{ "SG.", 40, TAIL_DOTS },
	{ "hf_", 30, TAIL_ALNUM },
	{ "sk-ant-", 20, TAIL_WORD },
	{ "sk-proj-", 20, TAIL_WORD },
	{ "sk-", 32, TAIL_ALNUM },
	{ "SK", 32, TAIL_HEX },
	{ "AC", 32, TAIL_HEX },
	{ "dop_v1_", 40, TAIL_HEX },
	{ "shpat_", 32, TAIL_HEX },
	{ "shpss_", 32, TAIL_HEX },
	{ "hvs.", 20, TAIL_WORD },
	{ "hvb.", 20, TAIL_WORD },
	{ "ATATT3", 40, TAIL_DOTS },
	{ "AGE-SECRET-KEY-1", 40, TAIL_UPPER },
	{ "EAACEdEose0cBA", 10, TAIL_ALNUM },
	{ "lin_api_", 30, TAIL_ALNUM },
	{ "dapi", 32, TAIL_HEX },
	{ "eyJ", 30, TAIL_JWT },
};

static bool in_tail(int c, enum tail tail)
{
	switch (tail) {
	case TAIL_UPPER:
		return mask_upper(c) || mask_digit(c);
	case TAIL_HEX:
		return mask_hex(c);
	case TAIL_ALNUM:
		return mask_alnum(c);
	case TAIL_WORD:
		return mask_alnum(c) || c == '-' || c == '_';
	case TAIL_JWT:
		return mask_alnum(c) || c == '-' || c == '_' || c == '.';
	default:
		return mask_alnum(c) ||
		       (c > 0 && c < 128 && strchr("-_.=+/%~", c));
	}
}

static bool found(struct mask_found *out, size_t from, size_t to)
{
	*out = (struct mask_found){ MASK_SECRET, from, to };
	return true;
}

/* A JWT (RFC 7519): its second part is an object as well. What stands inside
 * of a run is not tried again. */
static bool is_jwt(const struct mask_view *v, size_t from, size_t to)
{
	const char *dot = memchr(v->text.at + from, '.', to - from);

	return dot && dot + 1 < v->text.at + to && dot[1] == 'e';
}

static bool prefixed(const struct mask_view *v, size_t at,
                     struct mask_found *out)
{
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		struct slice head = slice_of(prefixes[i].prefix);
		size_t end = at + head.len;

		if (mask_at(v, at) != head.at[0] ||
		    !slice_starts(slice_cut(v->text, at, v->text.len), head))
			continue;
		if (prefixes[i].tail == TAIL_JWT &&
		    in_tail(mask_before(v, at), TAIL_JWT))
			continue;
		while (in_tail(mask_at(v, end), prefixes[i].tail))
			end++;
		if (end - at - head.len < prefixes[i].least ||
		    mask_alnum(mask_at(v, end)) ||
		    (prefixes[i].tail == TAIL_JWT && !is_jwt(v, at, end)))
			continue;
		while (mask_at(v, end - 1) == '.')
			end--;
		return found(out, at, end);
	}
	return false;
}

/* 123456789:AAE... of Telegram's bots. */
static bool bot_token(const struct mask_view *v, size_t at,
                      struct mask_found *out)
{
	size_t i = at, tail;

	while (i - at < 11 && mask_digit(mask_at(v, i)))
		i++;
	if (i - at < 8 || mask_at(v, i) != ':')
		return false;
	for (tail = ++i; in_tail(mask_at(v, i), TAIL_WORD) && i - tail < 40;)
		i++;
	return i - tail == 35 && found(out, at, i);
}

/* The second half of an AWS key, near its first or its name. */
static bool forty(const struct mask_view *v, size_t at, struct mask_found *out)
{
	size_t end = at;
	struct look x;

	if (!mask_near(v->secret, at, MASK_FAR))
		return false;
	while (end - at <= 40 &&
	       (mask_alnum(mask_at(v, end)) || mask_at(v, end) == '/' ||
	        mask_at(v, end) == '+'))
		end++;
	x = look_at(slice_cut(v->text, at, end));
	return end - at == 40 && x.upper && x.lower && x.digit &&
	       x.different > 16 && found(out, at, end);
}

/* From "-----BEGIN ... PRIVATE KEY" to its end, or as far as lines go on that
 * could be of a key. */
static bool key_line(struct slice line)
{
	size_t i = 0;

	while (i < line.len && strchr("> |\t\"'", line.at[i]))
		i++;
	line = slice_cut(line, i, line.len);
	if (slice_starts(line, SLICE("Proc-Type")) ||
	    slice_starts(line, SLICE("DEK-Info")))
		return true;
	while (line.len && strchr("\"',\\\r ", line.at[line.len - 1]))
		line.len--;
	for (i = 0; i < line.len; i++)
		if (!mask_alnum((unsigned char)line.at[i]) &&
		    !strchr("+/=", line.at[i]))
			return false;
	return true;
}

/* Where the name of a private key's first line ends; 0: it is none. */
static size_t key_head(const struct mask_view *v, size_t at)
{
	struct slice line = slice_cut(v->text, at, at + 64);
	size_t to = 11;

	if (!slice_starts(line, SLICE("-----BEGIN ")))
		return 0;
	while (to < line.len && line.at[to] != '-' && line.at[to] != '\n')
		to++;
	line = slice_cut(line, 0, to);
	return slice_ends(line, SLICE("PRIVATE KEY")) ||
	                       slice_ends(line, SLICE("PRIVATE KEY BLOCK"))
	               ? at + to
	               : 0;
}

static bool has_end(struct slice line)
{
	size_t i;

	for (i = 0; i + 8 <= line.len; i++)
		if (line.at[i] == '-' && !memcmp(line.at + i, "-----END", 8))
			return true;
	return false;
}

static bool private_key(const struct mask_view *v, size_t at,
                        struct mask_found *out)
{
	size_t to = key_head(v, at);
	struct slice line;

	if (!to)
		return false;
	line = slice_cut(v->text, to, v->text.len);
	line = slice_cut(line, 0, slice_find(line, '\n'));
	to += line.len;
	while (!has_end(line) && to < v->text.len) {
		line = slice_cut(v->text, to + 1, v->text.len);
		line = slice_cut(line, 0, slice_find(line, '\n'));
		if (!has_end(line) && !key_line(line))
			break;
		to += 1 + line.len;
	}
	return found(out, at, to);
}

bool mask_secret(struct mask_view *v, size_t at, struct mask_found *out)
{
	int c = mask_at(v, at), before = mask_before(v, at);
	size_t end;
	bool is;

	if (c == '-')
		return private_key(v, at, out) ||
		       (before <= ' ' && mask_user_option(v, at, out));
	if (c < 0x80) {
		if (mask_alnum(before) || before == '_')
			return false;
		if (prefixed(v, at, out)) {
			v->secret = out->to;
			return true;
		}
		if (mask_digit(c) && bot_token(v, at, out))
			return true;
		if (forty(v, at, out))
			return true;
	}
	is = mask_named(v, at, &end, out);
	if (end > at)
		v->secret = end;
	return is;
}
