/*
 * The text of a line never gets into a fault: with a password in it, any part
 * of it may be the secret. What is wrong is said in words.
 */

#include "crawler/proxies_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"

enum {
	LINE_MOST = 4096,
	CREDENTIAL_MOST = 1024,
	HOST_MOST = 253,
};

struct reading {
	struct proxies_file *to;
	const char *path;
	const char *(*env)(const char *);
	int64_t line;
};

static bool reading_bad(const struct reading *r, struct fault *f,
                        const char *what)
{
	fault(f, FAULT_USAGE, "proxies", "%s", what);
	return fault_at(f, r->path, r->line);
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* What stands before `mark`, which is dropped with it; false: no mark. */
static bool split(struct slice *rest, struct slice mark, struct slice *head)
{
	size_t i;

	for (i = 0; i + mark.len <= rest->len; i++) {
		if (!slice_starts(slice_cut(*rest, i, rest->len), mark))
			continue;
		*head = slice_cut(*rest, 0, i);
		*rest = slice_cut(*rest, i + mark.len, rest->len);
		return true;
	}
	return false;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Control characters would break out of the header they are sent in. */
static bool credential_byte(struct buf *b, int byte)
{
	char c = (char)byte;

	if (byte < ' ' || byte == 0x7F)
		return false;
	buf_byte(b, c);
	return true;
}

static bool credential_decode(struct slice s, struct buf *b)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		int high, low;

		if (s.at[i] != '%') {
			if (!credential_byte(b, (unsigned char)s.at[i]))
				return false;
			continue;
		}
		high = i + 1 < s.len ? hex(s.at[i + 1]) : -1;
		low = i + 2 < s.len ? hex(s.at[i + 2]) : -1;
		if (high < 0 || low < 0 || !credential_byte(b, high * 16 + low))
			return false;
		i += 2;
	}
	return true;
}

/* "${NAME}", and the name; false when it is anything else. */
static bool credential_variable(struct slice s, struct slice *name)
{
	size_t i;

	if (!slice_starts(s, SLICE("${")) || !slice_ends(s, SLICE("}")))
		return false;
	*name = slice_cut(s, 2, s.len - 1);
	for (i = 0; i < name->len; i++)
		if (!is_name(name->at[i]))
			return false;
	return name->len > 0;
}

static bool credential_environment(struct reading *r, struct slice name,
                                   struct slice *out, struct fault *f)
{
	const char *key = arena_copy(&r->to->arena, name).at;
	struct buf b = BUF_INIT(CREDENTIAL_MOST);
	const char *value = r->env ? r->env(key) : NULL;
	size_t i;
	bool ok = true;

	if (!value || !*value) {
		fault(f, FAULT_USAGE, "proxies",
		      "the environment has no variable '%s'", key);
		return fault_at(f, r->path, r->line);
	}
	for (i = 0; value[i] && ok; i++)
		ok = credential_byte(&b, (unsigned char)value[i]);
	ok = ok && !buf_full(&b);
	if (ok)
		*out = arena_copy(&r->to->arena, buf_slice(&b));
	buf_release(&b);
	return ok || reading_bad(r, f,
	                         "a variable with a credential is too long "
	                         "or holds control characters");
}

static bool read_credential(struct reading *r, struct slice s,
                            struct slice *out, bool *clear, struct fault *f)
{
	struct buf b = BUF_INIT(CREDENTIAL_MOST);
	struct slice name;
	bool ok;

	if (credential_variable(s, &name))
		return credential_environment(r, name, out, f);
	*clear = s.len > 0;
	ok = credential_decode(s, &b) && !buf_full(&b);
	if (ok)
		*out = arena_copy(&r->to->arena, buf_slice(&b));
	buf_release(&b);
	return ok || reading_bad(r, f,
	                         "a user or password that is too long, holds "
	                         "control characters, or a '%' that is not "
	                         "written %25");
}

static bool read_login(struct reading *r, struct slice login,
                       struct http_proxy *p, struct fault *f)
{
	size_t colon = slice_find(login, ':');
	bool user = false, password = false;

	if (!read_credential(r, slice_cut(login, 0, colon), &p->user, &user,
	                     f) ||
	    !read_credential(r, slice_cut(login, colon + 1, login.len),
	                     &p->password, &password, f))
		return false;
	if (!p->user.len)
		return reading_bad(r, f, "an '@' without a user before it");
	r->to->clear |= password;
	return true;
}

static bool is_host(struct slice s)
{
	bool six = slice_starts(s, SLICE("[")) && slice_ends(s, SLICE("]"));
	size_t i;

	if (six)
		s = slice_cut(s, 1, s.len - 1);
	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (six ? hex(c) < 0 && c != ':' && c != '.'
		        : !is_name(c) && c != '-' && c != '.')
			return false;
	}
	return s.len > 0 && s.len <= HOST_MOST;
}

/* "host:port", with the host in lower case. */
static bool read_place(struct reading *r, struct slice s, struct slice *out,
                       struct fault *f)
{
	size_t colon = s.len, i;
	int64_t port = 0;
	char *place;

	while (colon > 0 && s.at[colon - 1] != ':')
		colon--;
	if (colon == 0 || !is_host(slice_cut(s, 0, colon - 1)))
		return reading_bad(r, f, "no host:port behind the scheme");
	if (!slice_number(slice_cut(s, colon, s.len), &port) || port < 1 ||
	    port > 65535)
		return reading_bad(r, f, "a port that is not 1 to 65535");
	place = arena_new(&r->to->arena, colon + 8);
	for (i = 0; i < colon - 1; i++)
		place[i] = s.at[i] >= 'A' && s.at[i] <= 'Z'
		                   ? (char)(s.at[i] | 0x20)
		                   : s.at[i];
	snprintf(place + i, 8, ":%d", (int)port);
	*out = slice_of(place);
	return true;
}

static bool is_scheme(struct slice s)
{
	return slice_eq(s, SLICE("http")) || slice_eq(s, SLICE("https")) ||
	       slice_eq(s, SLICE("socks5")) || slice_eq(s, SLICE("socks5h"));
}

static bool same(const struct http_proxy *a, const struct http_proxy *b)
{
	return slice_eq(a->url, b->url) && slice_eq(a->user, b->user) &&
	       slice_eq(a->password, b->password);
}

/* The name tells apart several accounts at one place. */
static bool add(struct reading *r, const struct http_proxy *p,
                struct slice place, struct fault *f)
{
	struct proxies_file *to = r->to;
	struct buf name = BUF_INIT(LINE_MOST);
	size_t i, twins = 1;

	for (i = 0; i < to->count; i++) {
		if (same(&to->proxies[i], p))
			return reading_bad(r, f, "the same proxy again");
		twins += slice_ends(to->proxies[i].url, place) &&
		         slice_starts(slice_of(to->names[i]), place);
	}
	if (to->count == LIMIT_PROXIES) {
		fault(f, FAULT_LIMIT, "limit-proxies",
		      "more than the %d proxies allowed", (int)LIMIT_PROXIES);
		return fault_at(f, r->path, r->line);
	}
	buf_add(&name, place);
	if (twins > 1)
		buf_addf(&name, "#%zu", twins);
	to->proxies[to->count] = *p;
	to->names[to->count++] = arena_copy(&to->arena, buf_slice(&name)).at;
	buf_release(&name);
	return true;
}

static bool read_line(struct reading *r, struct slice s, struct fault *f)
{
	struct slice scheme, place = { NULL, 0 }, login = { NULL, 0 };
	struct http_proxy p = { 0 };
	struct buf url = BUF_INIT(LINE_MOST);
	size_t at = s.len;

	if (s.len > LINE_MOST)
		return reading_bad(r, f, "a line over 4096 bytes");
	if (!split(&s, SLICE("://"), &scheme) || !is_scheme(scheme))
		return reading_bad(r, f,
		                   "not http://, https://, socks5:// or "
		                   "socks5h:// and host:port");
	/* the last '@', so that a password may hold one */
	for (at = s.len; at > 0 && s.at[at - 1] != '@'; at--)
		;
	if (at > 0)
		login = slice_cut(s, 0, at - 1);
	if (at > 0 && !read_login(r, login, &p, f))
		return false;
	if (!read_place(r, slice_cut(s, at, s.len), &place, f))
		return false;
	buf_addf(&url, "%.*s://%.*s", SLICE_ARG(scheme), SLICE_ARG(place));
	p.url = arena_copy(&r->to->arena, buf_slice(&url));
	buf_release(&url);
	return add(r, &p, place, f);
}

/* Without the comment: all behind a '#' that begins it or follows a blank. */
static struct slice uncomment(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] == '#' &&
		    (i == 0 || s.at[i - 1] == ' ' || s.at[i - 1] == '\t'))
			break;
	return slice_trim(slice_cut(s, 0, i));
}

static bool read_lines(struct reading *r, struct slice text, struct fault *f)
{
	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_cut(text, 3, text.len);
	while (text.len) {
		size_t end = slice_find(text, '\n');
		struct slice one = uncomment(slice_cut(text, 0, end));

		r->line++;
		if (one.len && !read_line(r, one, f))
			return false;
		text = slice_cut(text, end + 1, text.len);
	}
	if (r->to->count)
		return true;
	fault(f, FAULT_USAGE, "proxies", "there is no proxy in it");
	return fault_at(f, r->path, 0);
}

bool proxies_file_parse(struct proxies_file *out, struct slice text,
                        const char *path, const char *(*env)(const char *),
                        struct fault *f)
{
	struct reading r = { .to = out, .path = path, .env = env };
	bool ok = false;

	*out = (struct proxies_file){ .arena = ARENA_INIT };
	out->proxies = memory_new(LIMIT_PROXIES, sizeof(*out->proxies));
	out->names = memory_new(LIMIT_PROXIES, sizeof(*out->names));
	if (text.len > LIMIT_CONFIG) {
		fault(f, FAULT_LIMIT, "limit-config",
		      "%zu bytes are more than the %d allowed", text.len,
		      (int)LIMIT_CONFIG);
		fault_at(f, path, 0);
	} else {
		ok = read_lines(&r, text, f);
	}
	if (!ok)
		proxies_file_release(out);
	return ok;
}

void proxies_file_release(struct proxies_file *p)
{
	arena_release(&p->arena);
	free(p->proxies);
	free(p->names);
	*p = (struct proxies_file){ 0 };
}
