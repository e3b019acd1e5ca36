/*
 * The basic URL parser of the standard (section 4.4), part by part instead of
 * byte by byte: each part is cut out, encoded and appended to the text, which
 * is the serialised address from the beginning. What the standard calls a
 * state is a function here; all go on at `at`.
 */

#include "base/net/url.h"

#include <string.h>

#include "base/net/url_host.h"
#include "base/net/url_path.h"
#include "base/net/url_percent.h"
#include "base/net/url_scheme.h"

struct reading {
	struct url *u;
	struct slice in; /* without white space at its ends or line ends */
	size_t at;
	const struct url *base;
	bool special; /* of http's kind: slashes may be backslashes */
	bool file;
	const char *why; /* it is none, for a person */
};

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The byte at `at`, NUL behind the end; a NUL in the text ends nothing. */
static char peek(const struct reading *r)
{
	return r->at < r->in.len ? r->in.at[r->at] : '\0';
}

static bool at_end(const struct reading *r)
{
	return r->at == r->in.len;
}

static unsigned path_flags(const struct reading *r)
{
	return (r->special ? URL_PATH_SPECIAL : 0u) |
	       (r->file ? URL_PATH_FILE : 0u);
}

static bool is_slash(const struct reading *r, char c)
{
	return url_path_slash(c, path_flags(r));
}

static size_t segment_end(const struct reading *r)
{
	return url_path_segment(r->in, r->at, path_flags(r));
}

static uint32_t here(const struct reading *r)
{
	return (uint32_t)r->u->text.len;
}

static struct slice part(const struct url *u, uint32_t from, uint32_t to)
{
	return slice_cut(buf_slice(&u->text), from, to);
}

static bool has_host(const struct url *u)
{
	return slice_starts(part(u, u->scheme_end, u->path), SLICE("//"));
}

static struct slice rest(const struct reading *r)
{
	return slice_cut(r->in, r->at, r->in.len);
}

/* Segments up to the query, the first without its slash. */
static void read_path(struct reading *r)
{
	r->at = url_path_add(r->in, r->at, path_flags(r), r->u->path,
	                     &r->u->text);
}

/* "//" would look like a host where there is none. */
static void path_guard(struct reading *r)
{
	struct url *u = r->u;
	char *to;

	if (has_host(u) ||
	    !slice_starts(part(u, u->path, here(r)), SLICE("//")))
		return;
	to = buf_extend(&u->text, 2);
	if (!to)
		return;
	to = u->text.at + u->path;
	memmove(to + 2, to, u->text.len - 2 - u->path);
	memcpy(to, "/.", 2);
	u->path += 2;
}

/* What is left is a query, a fragment, both or nothing. */
static void read_tail(struct reading *r)
{
	struct url *u = r->u;

	if (peek(r) == '?') {
		size_t end = r->at + slice_find(rest(r), '#');

		buf_byte(&u->text, '?');
		u->query = here(r);
		url_percent_add(slice_cut(r->in, r->at + 1, end),
		                r->special ? URL_SET_SPECIAL_QUERY
		                           : URL_SET_QUERY,
		                &u->text);
		u->query_end = here(r);
		r->at = end;
	}
	if (peek(r) == '#') {
		buf_byte(&u->text, '#');
		u->fragment = here(r);
		url_percent_add(slice_cut(r->in, r->at + 1, r->in.len),
		                URL_SET_FRAGMENT, &u->text);
	}
}

static void path_done(struct reading *r)
{
	if (!r->u->opaque)
		path_guard(r);
	r->u->path_end = here(r);
	read_tail(r);
}

/* Everything of the base up to its path. */
static void copy_front(struct reading *r)
{
	struct url *u = r->u;
	const struct url *b = r->base;
	/* A guard before the path is not part of the front. */
	uint32_t end = has_host(b) ? b->path : b->scheme_end;

	buf_reset(&u->text);
	buf_add(&u->text, part(b, 0, end));
	u->scheme_end = b->scheme_end;
	u->user = b->user;
	u->user_end = b->user_end;
	u->password = b->password;
	u->password_end = b->password_end;
	u->host = b->host;
	u->host_end = b->host_end;
	u->port = b->port;
	u->path = end;
}

static void copy_query(struct reading *r)
{
	struct url *u = r->u;

	if (!r->base->query)
		return;
	buf_byte(&u->text, '?');
	u->query = here(r);
	buf_add(&u->text, url_query(r->base));
	u->query_end = here(r);
}

/* "": the base without its fragment; "?q" and "#f" replace its tail. */
static void read_same_path(struct reading *r)
{
	buf_add(&r->u->text, url_path(r->base));
	path_guard(r);
	r->u->path_end = here(r);
	if (peek(r) != '?')
		copy_query(r);
	read_tail(r);
}

/* "b/c" beside what the base's path ends in; "C|/b" on a drive of its own. */
static void read_beside(struct reading *r)
{
	if (!r->file || !url_path_has_drive(rest(r))) {
		buf_add(&r->u->text, url_path(r->base));
		url_path_shorten(&r->u->text, r->u->path, path_flags(r));
	}
	read_path(r);
	path_done(r);
}

static bool port_read(struct reading *r, struct slice digits,
                      const struct url_scheme *scheme)
{
	unsigned port = 0;
	size_t i;

	r->why = "its port is not a number up to 65535";
	for (i = 0; i < digits.len; i++) {
		if (!is_digit(digits.at[i]))
			return false;
		port = port * 10 + (unsigned)(digits.at[i] - '0');
		if (port > 65535)
			return false;
	}
	if (!digits.len || (scheme && scheme->port && scheme->port == port))
		return true;
	r->u->port = (int32_t)port;
	buf_byte(&r->u->text, ':');
	buf_number(&r->u->text, port);
	return true;
}

static void credentials_write(struct reading *r, struct slice s)
{
	struct url *u = r->u;
	size_t colon = slice_find(s, ':');
	uint32_t start = here(r);

	u->user = start;
	url_percent_add(slice_cut(s, 0, colon), URL_SET_USER, &u->text);
	u->user_end = u->password = here(r);
	if (colon + 1 < s.len) {
		buf_byte(&u->text, ':');
		u->password = here(r);
		url_percent_add(slice_cut(s, colon + 1, s.len), URL_SET_USER,
		                &u->text);
	}
	u->password_end = here(r);
	if (u->password_end > start)
		buf_byte(&u->text, '@');
}

/* Where the port begins: the first colon outside brackets, or the end. */
static size_t host_colon(struct slice s)
{
	bool inside = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '[')
			inside = true;
		else if (s.at[i] == ']')
			inside = false;
		else if (s.at[i] == ':' && !inside)
			break;
	}
	return i;
}

static bool host_write(struct reading *r, struct slice s)
{
	struct url *u = r->u;
	bool done;

	u->host = here(r);
	done = !s.len || url_host_add(s, !r->special, &u->text, &r->why);
	if (r->file && slice_eq(part(u, u->host, here(r)), SLICE("localhost")))
		buf_cut(&u->text, u->host);
	u->host_end = here(r);
	return done;
}

/* A path behind a host; http and its kind have one always. */
static void read_path_start(struct reading *r)
{
	r->u->path = here(r);
	if (r->special) {
		r->at += !at_end(r) && is_slash(r, peek(r));
		read_path(r);
	} else if (!at_end(r) && peek(r) == '/') {
		r->at++;
		read_path(r);
	}
	path_done(r);
}

/* "user:password@host:port", the slashes before it read. */
static bool read_authority(struct reading *r)
{
	struct url *u = r->u;
	size_t end = segment_end(r), at = end, colon;
	struct slice s;

	while (at > r->at && r->in.at[at - 1] != '@')
		at--;
	buf_text(&u->text, "//");
	credentials_write(r, at > r->at ? slice_cut(r->in, r->at, at - 1)
	                                : (struct slice){ 0 });
	s = slice_cut(r->in, at, end);
	colon = host_colon(s);
	r->why = "it has no host";
	if (!colon && (r->special || s.len || at > r->at))
		return false;
	if (!host_write(r, slice_cut(s, 0, colon)) ||
	    !port_read(r, slice_cut(s, colon + 1, s.len),
	               url_scheme_find(url_scheme(u))))
		return false;
	r->at = end;
	read_path_start(r);
	return true;
}

static bool read_authority_behind_slashes(struct reading *r)
{
	while (!at_end(r) && (peek(r) == '/' || peek(r) == '\\'))
		r->at++;
	return read_authority(r);
}

/* A file's host, its two slashes read. */
static bool read_file_host(struct reading *r)
{
	struct url *u = r->u;
	size_t end = segment_end(r);
	struct slice s = slice_cut(r->in, r->at, end);

	buf_text(&u->text, "//");
	u->user = u->user_end = u->password = u->password_end = here(r);
	if (url_path_is_drive(s)) {
		u->host = u->host_end = u->path = here(r);
		read_path(r);
		path_done(r);
		return true;
	}
	if (!host_write(r, s))
		return false;
	r->at = end;
	read_path_start(r);
	return true;
}

/* An empty authority is the same as no base to take one from. */
static void file_front(struct reading *r)
{
	struct url *u = r->u;

	if (r->base) {
		copy_front(r);
		return;
	}
	buf_text(&u->text, "//");
	u->user = u->user_end = u->password = u->password_end = here(r);
	u->host = u->host_end = u->path = here(r);
}

/* "/x": on the drive that the base is on. */
static void read_file_root(struct reading *r)
{
	struct slice path = r->base ? url_path(r->base) : (struct slice){ 0 };

	file_front(r);
	if (!url_path_has_drive(rest(r)) && path.len >= 3 &&
	    is_letter(path.at[1]) && path.at[2] == ':' &&
	    (path.len == 3 || path.at[3] == '/'))
		buf_add(&r->u->text, slice_cut(path, 0, 3));
	read_path(r);
	path_done(r);
}

/* Behind "file:", or what is relative to a file. */
static bool read_file(struct reading *r)
{
	r->file = r->special = true;
	if (r->base && !slice_eq(url_scheme(r->base), SLICE("file")))
		r->base = NULL;
	if (!r->u->text.len) {
		buf_text(&r->u->text, "file:");
		r->u->scheme_end = here(r);
	}
	if (!at_end(r) && is_slash(r, peek(r))) {
		r->at++;
		if (!at_end(r) && is_slash(r, peek(r))) {
			r->at++;
			return read_file_host(r);
		}
		read_file_root(r);
		return true;
	}
	file_front(r);
	if (!r->base) {
		read_path(r);
		path_done(r);
	} else if (at_end(r) || peek(r) == '?' || peek(r) == '#') {
		read_same_path(r);
	} else {
		read_beside(r);
	}
	return true;
}

/* Against a base of the same scheme, which has a path. */
static bool read_relative(struct reading *r)
{
	char next = r->at + 1 < r->in.len ? r->in.at[r->at + 1] : '\0';

	if (!at_end(r) && is_slash(r, peek(r))) {
		if (is_slash(r, next)) {
			r->at += 2;
			buf_reset(&r->u->text);
			buf_add(&r->u->text,
			        part(r->base, 0, r->base->scheme_end));
			r->u->scheme_end = r->base->scheme_end;
			return r->special ? read_authority_behind_slashes(r)
			                  : read_authority(r);
		}
		r->at++;
		copy_front(r);
		read_path(r);
		path_done(r);
		return true;
	}
	copy_front(r);
	if (at_end(r) || peek(r) == '?' || peek(r) == '#')
		read_same_path(r);
	else
		read_beside(r);
	return true;
}

/* The path of "mailto:x" is what it is; a space at its end is kept by
 * encoding it. */
static void read_opaque(struct reading *r)
{
	struct url *u = r->u;
	size_t end = r->at;
	struct slice s;

	while (end < r->in.len && r->in.at[end] != '?' && r->in.at[end] != '#')
		end++;
	s = slice_cut(r->in, r->at, end);
	r->at = end;
	u->opaque = true;
	if (s.len && s.at[s.len - 1] == ' ' && !at_end(r)) {
		s.len--;
		url_percent_add(s, URL_SET_CONTROL, &u->text);
		buf_text(&u->text, "%20");
	} else {
		url_percent_add(s, URL_SET_CONTROL, &u->text);
	}
	path_done(r);
}

/* Behind the colon of a scheme. */
static bool read_absolute(struct reading *r)
{
	struct url *u = r->u;
	const struct url_scheme *scheme;

	u->scheme_end = here(r);
	scheme = url_scheme_find(url_scheme(u));
	r->special = scheme != NULL;
	if (scheme && !scheme->port)
		return read_file(r);
	if (scheme && r->base && !slice_starts(rest(r), SLICE("//")) &&
	    slice_eq(url_scheme(u), url_scheme(r->base)))
		return read_relative(r);
	if (scheme)
		return read_authority_behind_slashes(r);
	if (slice_starts(rest(r), SLICE("//"))) {
		r->at += 2;
		return read_authority(r);
	}
	u->user = u->user_end = u->password = u->password_end = here(r);
	u->host = u->host_end = u->path = here(r);
	if (peek(r) == '/') {
		r->at++;
		read_path(r);
		path_done(r);
	} else {
		read_opaque(r);
	}
	return true;
}

/* Without a scheme of its own. */
static bool read_against_base(struct reading *r)
{
	const struct url *b = r->base;

	r->why = "it has no scheme, and nothing to be relative to";
	if (!b || !b->text.len || (b->opaque && peek(r) != '#'))
		return false;
	r->special = url_scheme_find(url_scheme(b)) != NULL;
	if (b->opaque) {
		copy_front(r);
		r->u->opaque = true;
		read_same_path(r);
		return true;
	}
	if (slice_eq(url_scheme(b), SLICE("file")))
		return read_file(r);
	return read_relative(r);
}

/* Appends a scheme with its colon, in small letters; false: there is none. */
static bool scheme_write(struct reading *r)
{
	size_t len = 0, i;
	char *to;

	if (at_end(r) || !is_letter(r->in.at[0]))
		return false;
	for (; len < r->in.len; len++) {
		char c = r->in.at[len];

		if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' &&
		    c != '.')
			break;
	}
	if (len == r->in.len || r->in.at[len] != ':')
		return false;
	to = buf_extend(&r->u->text, len + 1);
	for (i = 0; to && i <= len; i++)
		to[i] = is_letter(r->in.at[i]) ? (char)(r->in.at[i] | 0x20)
		                               : r->in.at[i];
	r->at = len + 1;
	return true;
}

static void url_clear(struct url *u)
{
	struct buf text = u->text;

	buf_reset(&text);
	*u = (struct url){ .text = text, .port = -1 };
}

void url_release(struct url *u)
{
	buf_release(&u->text);
	url_clear(u);
}

/* Without controls and spaces at its ends. */
static struct slice url_trim(struct slice s)
{
	while (s.len && (unsigned char)s.at[0] <= ' ')
		s = slice_cut(s, 1, s.len);
	while (s.len && (unsigned char)s.at[s.len - 1] <= ' ')
		s.len--;
	return s;
}

/* Without tabs and line ends, which addresses broken over lines have. */
static void url_join(struct slice s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] != '\t' && s.at[i] != '\n' && s.at[i] != '\r')
			buf_byte(out, s.at[i]);
}

static bool is_broken(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] == '\t' || s.at[i] == '\n' || s.at[i] == '\r')
			return true;
	return false;
}

static bool url_too_long(struct fault *f)
{
	return fault(f, FAULT_LIMIT, "limit-url",
	             "an address has more than %d bytes", URL_MOST);
}

/* Without the text where there may be a password in it. */
static bool url_is_none(struct slice text, const char *why, struct fault *f)
{
	if (slice_find(text, '@') < text.len)
		return fault(f, FAULT_INPUT, "url",
		             "something with a login is no address: %s", why);
	return fault(f, FAULT_INPUT, "url", "'%.*s' is no address: %s",
	             SLICE_ARG(slice_cut(text, 0, 120)), why);
}

/* `text` without what is passed over. */
static bool url_read(struct url *u, struct slice text, const struct url *base,
                     struct fault *f)
{
	struct reading r = { .u = u, .in = text, .base = base };
	bool done =
	        scheme_write(&r) ? read_absolute(&r) : read_against_base(&r);

	if (done && !buf_full(&u->text))
		return true;
	if (buf_full(&u->text))
		url_too_long(f);
	else
		url_is_none(text, r.why, f);
	url_clear(u);
	return false;
}

bool url_parse(struct url *u, struct slice text, const struct url *base,
               struct fault *f)
{
	struct buf joined = BUF_INIT(URL_MOST);
	bool done;

	url_clear(u);
	text = url_trim(text);
	if (text.len > URL_MOST)
		return url_too_long(f);
	if (!is_broken(text))
		return url_read(u, text, base, f);
	url_join(text, &joined);
	done = url_read(u, buf_slice(&joined), base, f);
	buf_release(&joined);
	return done;
}
