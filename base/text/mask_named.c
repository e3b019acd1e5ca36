/*
 * Secrets by the name that stands before them, as people and programs write
 * them: name = value, JSON, YAML, tags, headers, options, prose.
 */

#include "base/text/mask_named.h"

#include <string.h>

#include "base/text/mask_look.h"

enum { NAME_MOST = 64, VALUE_MOST = 4096 };

static bool found(struct mask_found *out, size_t from, size_t to)
{
	*out = (struct mask_found){ MASK_SECRET, from, to };
	return true;
}

/* How much a name says about what stands behind it. */
enum strength {
	NAME_NONE,
	NAME_WEAK,     /* random-looking runs */
	NAME_KEY,      /* what is not a word */
	NAME_PASSWORD, /* nearly anything */
	NAME_HEADER,   /* Authorization */
	NAME_COOKIE,
};

/* By their ends, without - _ and dots. */
static const struct {
	const char *end;
	enum strength strength;
} endings[] = {
	{ "password", NAME_PASSWORD },
	{ "passwd", NAME_PASSWORD },
	{ "passphrase", NAME_PASSWORD },
	{ "passcode", NAME_PASSWORD },
	{ "passwort", NAME_PASSWORD },
	{ "kennwort", NAME_PASSWORD },
	{ "motdepasse", NAME_PASSWORD },
	{ "contrasena", NAME_PASSWORD },
	{ "senha", NAME_PASSWORD },
	{ "pwd", NAME_PASSWORD },
	{ "secretkey", NAME_KEY },
	{ "accesskey", NAME_KEY },
	{ "secretaccesskey", NAME_KEY },
	{ "clientsecret", NAME_KEY },
	{ "apikey", NAME_KEY },
	{ "apitoken", NAME_KEY },
	{ "accesstoken", NAME_KEY },
	{ "authtoken", NAME_KEY },
	{ "refreshtoken", NAME_KEY },
	{ "idtoken", NAME_KEY },
	{ "sessiontoken", NAME_KEY },
	{ "securitytoken", NAME_KEY },
	{ "privatekey", NAME_KEY },
	{ "accountkey", NAME_KEY },
	{ "signingkey", NAME_KEY },
	{ "encryptionkey", NAME_KEY },
	{ "masterkey", NAME_KEY },
	{ "sharedkey", NAME_KEY },
	{ "presharedkey", NAME_KEY },
	{ "psk", NAME_KEY },
	{ "sharedaccesskey", NAME_KEY },
	{ "xamzsignature", NAME_KEY },
	{ "xamzcredential", NAME_KEY },
	{ "proxyauthorization", NAME_HEADER },
	{ "authorization", NAME_HEADER },
	{ "setcookie", NAME_COOKIE },
	{ "cookie", NAME_COOKIE },
	{ "nexttoken", NAME_NONE },
	{ "pagetoken", NAME_NONE },
	{ "startingtoken", NAME_NONE },
	{ "continuationtoken", NAME_NONE },
	{ "clienttoken", NAME_NONE },
	{ "requesttoken", NAME_NONE },
	{ "idempotencytoken", NAME_NONE },
	{ "token", NAME_WEAK },
	{ "secret", NAME_WEAK },
	{ "secretstring", NAME_WEAK },
	{ "credential", NAME_WEAK },
	{ "credentials", NAME_WEAK },
	{ "signature", NAME_WEAK },
};

/* Whole. */
static const struct {
	const char *name;
	enum strength strength;
} wholes[] = {
	{ "pass", NAME_PASSWORD },     { "dbpass", NAME_PASSWORD },
	{ "pw", NAME_PASSWORD },       { "sig", NAME_WEAK },
	{ "auth", NAME_WEAK },         { "bearer", NAME_WEAK },
	{ "userpass", NAME_PASSWORD },
};

static const struct {
	const char *name;
	enum strength strength;
} eastern[] = {
	{ "密码", NAME_PASSWORD },
	{ "密碼", NAME_PASSWORD },
	{ "口令", NAME_PASSWORD },
	{ "비밀번호", NAME_PASSWORD },
	{ "패스워드", NAME_PASSWORD },
	{ "암호", NAME_PASSWORD },
	{ "パスワード", NAME_PASSWORD },
	{ "暗証番号", NAME_PASSWORD },
	{ "密钥", NAME_KEY },
	{ "秘钥", NAME_KEY },
	{ "密鑰", NAME_KEY },
	{ "令牌", NAME_KEY },
	{ "私钥", NAME_KEY },
	{ "토큰", NAME_KEY },
	{ "비밀키", NAME_KEY },
	{ "액세스 키", NAME_KEY },
	{ "トークン", NAME_KEY },
	{ "シークレット", NAME_KEY },
	{ "秘密鍵", NAME_KEY },
};

static enum strength strength_of(const char *name, size_t len, bool dashed)
{
	struct slice s = { name, len };
	size_t i;

	for (i = 0; i < sizeof(wholes) / sizeof(*wholes); i++)
		if (slice_eq(s, slice_of(wholes[i].name)))
			return wholes[i].strength;
	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (slice_ends(s, slice_of(endings[i].end)))
			return endings[i].strength;
	if (dashed && slice_ends(s, SLICE("pass")))
		return NAME_PASSWORD;
	return NAME_NONE;
}

/* The name at `at`: how telling it is, and its end. */
static enum strength read_name(const struct mask_view *v, size_t at,
                               size_t *end)
{
	char name[NAME_MOST];
	size_t len = 0, i = at;
	bool dashed = false;

	for (;; i++) {
		int c = mask_at(v, i);

		if (c == '_' || c == '-' || c == '.')
			dashed = true;
		else if (!mask_alnum(c))
			break;
		else if (len == NAME_MOST)
			return NAME_NONE;
		else
			name[len++] = (char)mask_small(c);
		if (i - at > NAME_MOST + 16)
			return NAME_NONE;
	}
	*end = i;
	return strength_of(name, len, dashed);
}

static enum strength read_eastern(const struct mask_view *v, size_t at,
                                  size_t *end)
{
	struct slice rest = slice_cut(v->text, at, v->text.len);
	size_t i;

	for (i = 0; i < sizeof(eastern) / sizeof(*eastern); i++) {
		struct slice name = slice_of(eastern[i].name);

		if (slice_starts(rest, name)) {
			*end = at + name.len;
			return eastern[i].strength;
		}
	}
	return NAME_NONE;
}

/* What stands between a name and its value. */
enum between {
	BETWEEN_NOTHING,
	BETWEEN_SPACE, /* --password x */
	BETWEEN_WORD,  /* the password is x */
	BETWEEN_COLON,
	BETWEEN_EQUAL, /* and tags, and JSON */
};

static size_t skip(const struct mask_view *v, size_t at, const char *set)
{
	size_t start = at;

	while (at - start < 40 && mask_at(v, at) > 0 &&
	       strchr(set, mask_at(v, at)))
		at++;
	return at;
}

static bool word_between(const struct mask_view *v, size_t *at)
{
	static const char *const words[] = {
		"is ", "was ", "to ", "ist ", "est ", "es ", "=> ", "是",
		"为",  "為",   "は",  "은 ",  "는 ",  "이 ", "가 ",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (mask_stands(v, *at, slice_of(words[i]))) {
			*at = skip(v, *at + strlen(words[i]), " \t:");
			return true;
		}
	return false;
}

/* "name": "DB_PASSWORD", "value": "x" and the same in YAML. */
static bool named_value(const struct mask_view *v, size_t *at)
{
	size_t i = skip(v, *at, "\"',\\ \t\r\n");

	if (!mask_stands(v, i, SLICE("value")))
		return false;
	i = skip(v, i + 5, "\"'\\ \t");
	if (mask_at(v, i) != ':')
		return false;
	*at = skip(v, i + 1, " \t");
	return true;
}

static enum between read_between(const struct mask_view *v, size_t *at)
{
	static const struct slice wide[] = { { "：", 3 }, { "＝", 3 } };
	size_t i = skip(v, *at, "\"'\\ \t*`)]");
	bool space = i > *at && mask_at(v, i - 1) == ' ';
	int c = mask_at(v, i);

	if (named_value(v, at))
		return BETWEEN_EQUAL;
	if (c == '=' || (c == '>' && i == *at)) {
		*at = skip(v, i + 1, "=> \t~");
		return BETWEEN_EQUAL;
	}
	if (c == ':') {
		enum between kind =
		        i > *at && !space ? BETWEEN_EQUAL : BETWEEN_COLON;
		*at = skip(v, i + 1, ":= \t*`");
		return kind;
	}
	for (c = 0; c < 2; c++)
		if (mask_stands(v, i, wide[c])) {
			*at = skip(v, i + 3, " \t");
			return BETWEEN_EQUAL;
		}
	*at = i;
	if (word_between(v, at))
		return BETWEEN_WORD;
	return space ? BETWEEN_SPACE : BETWEEN_NOTHING;
}

/* The value: quoted, or as far as no white space and no bracket comes. */
static struct slice read_value(const struct mask_view *v, size_t at,
                               bool *quoted)
{
	size_t start = skip(v, at, "\\"), i;
	int quote = mask_at(v, start);

	*quoted = quote == '"' || quote == '\'';
	if (*quoted) {
		for (i = ++start; i < v->text.len && i - start < VALUE_MOST;
		     i++)
			if (mask_at(v, i) == quote || mask_at(v, i) == '\n')
				break;
		while (i > start && mask_at(v, i - 1) == '\\')
			i--;
		return slice_cut(v->text, start, i);
	}
	for (i = at; i - at < VALUE_MOST; i++) {
		int c = mask_at(v, i);

		if (c <= ' ' || c >= 0x7F || strchr(",;\"'<>&|`)]}\\", c))
			break;
	}
	while (i > at && strchr(".!?:", mask_at(v, i - 1)))
		i--;
	return slice_cut(v->text, at, i);
}

/* An expression: getenv("X"), os.environ, arn:aws:... */
static bool is_code(struct slice s)
{
	static const char *const heads[] = { "arn:",     "os.",   "process.",
		                             "env.",     "var.",  "secrets.",
		                             "config.",  "self.", "this.",
		                             "local.",   "data.", "module.",
		                             "settings." };
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (slice_starts(s, slice_of(heads[i])))
			return true;
	for (i = 0; i < s.len &&
	            (mask_alnum(s.at[i]) || s.at[i] == '_' || s.at[i] == '.');)
		i++;
	return i && i < s.len && s.at[i] == '(';
}

/* What stands for a value and is none. */
static bool is_stand_in(struct slice s)
{
	static const char *const words[] = {
		"null",   "none",     "nil",       "true",
		"false",  "empty",    "undefined", "redacted",
		"hidden", "required", "optional",  "string",
		"yes",    "no",       "and",       "or",
	};
	struct mask_view v = { .text = s };
	size_t i;

	if (!s.len || strchr("<${%[(", s.at[0]) || is_code(s))
		return true;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (s.len == strlen(words[i]) &&
		    mask_stands(&v, 0, slice_of(words[i])))
			return true;
	for (i = 0; i < s.len; i++)
		if (!strchr("*xX.-_#?", s.at[i]))
			return false;
	return true;
}

static bool last_on_line(const struct mask_view *v, size_t at)
{
	int c = mask_at(v, skip(v, at, " \t\r.,;)"));

	return c < 0 || c == '\n';
}

static bool is_password(const struct mask_view *v, struct slice value,
                        enum between how, bool quoted)
{
	size_t end = (size_t)(value.at - v->text.at) + value.len;

	switch (how) {
	case BETWEEN_EQUAL:
		return value.at[0] != '/' || quoted;
	case BETWEEN_COLON:
		return quoted || looks_mixed(value) ||
		       (value.len >= 4 && last_on_line(v, end));
	case BETWEEN_WORD:
		return value.len >= 4 && looks_mixed(value) &&
		       value.at[0] != '-';
	default:
		return value.len >= 4 && look_at(value).digit &&
		       looks_mixed(value);
	}
}

/* Behind Authorization: what follows the scheme. */
static bool header_value(const struct mask_view *v, size_t at,
                         struct mask_found *out)
{
	static const char *const schemes[] = {
		"bearer ",           "basic ",     "token ",
		"apikey ",           "digest ",    "negotiate ",
		"aws4-hmac-sha256 ", "sharedkey ",
	};
	size_t i, end;
	bool known = false;

	for (i = 0; i < sizeof(schemes) / sizeof(*schemes) && !known; i++)
		if (mask_stands(v, at, slice_of(schemes[i]))) {
			at += strlen(schemes[i]);
			known = true;
		}
	at = skip(v, at, " \t");
	for (end = at; end - at < VALUE_MOST; end++) {
		int c = mask_at(v, end);

		if (c < ' ' || c == '"' || c == '\'' || c >= 0x7F)
			break;
	}
	while (end > at && mask_at(v, end - 1) == ' ')
		end--;
	if (end - at < 4 || is_stand_in(slice_cut(v->text, at, end)))
		return false;
	return (known || looks_drawn(slice_cut(v->text, at, end))) &&
	       found(out, at, end);
}

static bool cookie_value(const struct mask_view *v, size_t at,
                         struct mask_found *out)
{
	size_t end = at;
	bool equal = false;

	for (; end - at < VALUE_MOST; end++) {
		int c = mask_at(v, end);

		if (c < ' ' || c == '"' || c == '\'' || c >= 0x7F)
			break;
		equal = equal || c == '=';
	}
	return equal && end - at > 8 && found(out, at, end);
}

static bool named(const struct mask_view *v, size_t at, enum strength strength,
                  size_t name_end, struct mask_found *out)
{
	size_t i = name_end, from;
	enum between how = read_between(v, &i);
	struct slice value;
	bool quoted, holds;

	if (how == BETWEEN_NOTHING)
		return false;
	if (strength == NAME_HEADER)
		return how >= BETWEEN_COLON && header_value(v, i, out);
	if (strength == NAME_COOKIE)
		return how == BETWEEN_COLON && cookie_value(v, i, out);
	if (how == BETWEEN_SPACE && strength == NAME_WEAK &&
	    !mask_stands(v, at, SLICE("bearer")))
		return false;
	value = read_value(v, i, &quoted);
	if (is_stand_in(value))
		return false;
	if (strength == NAME_PASSWORD)
		holds = is_password(v, value, how, quoted);
	else if (strength == NAME_KEY)
		holds = value.len >= 8 && looks_mixed(value) &&
		        look_at(value).digit && look_at(value).different > 5;
	else
		holds = looks_drawn(value);
	from = (size_t)(value.at - v->text.at);
	return holds && found(out, from, from + value.len);
}

/* curl -u name:password */
bool mask_user_option(const struct mask_view *v, size_t at,
                      struct mask_found *out)
{
	size_t i = skip(v, at + 2, " '\""), colon, end;

	if (!mask_stands(v, at, SLICE("-u ")))
		return false;
	for (colon = i; mask_alnum(mask_at(v, colon)) ||
	                mask_at(v, colon) == '.' || mask_at(v, colon) == '_' ||
	                mask_at(v, colon) == '-';)
		if (++colon - i > NAME_MOST)
			return false;
	if (mask_at(v, colon) != ':' || colon == i)
		return false;
	for (end = colon + 1; end - colon < NAME_MOST; end++)
		if (mask_at(v, end) <= ' ' || mask_at(v, end) >= 0x7F ||
		    strchr("'\"", mask_at(v, end)))
			break;
	if (end - colon < 5 || mask_digit(mask_at(v, i)) ||
	    is_stand_in(slice_cut(v->text, colon + 1, end)))
		return false;
	return found(out, colon + 1, end);
}

bool mask_named(const struct mask_view *v, size_t at, size_t *end,
                struct mask_found *out)
{
	int c = mask_at(v, at);
	enum strength strength = NAME_NONE;

	*end = at;
	if (c >= 0x80)
		strength = read_eastern(v, at, end);
	else if (mask_letter(c))
		strength = read_name(v, at, end);
	if (strength == NAME_NONE) {
		*end = at;
		return false;
	}
	return named(v, at, strength, *end, out);
}
