/* The parts of an address that was read, as runs of its text. */

#include <stddef.h>

#include "base/net/url.h"
#include "base/net/url_percent.h"
#include "base/net/url_scheme.h"

static struct slice part(const struct url *u, uint32_t from, uint32_t to)
{
	return slice_cut(buf_slice(&u->text), from, to);
}

struct slice url_text(const struct url *u)
{
	return buf_slice(&u->text);
}

struct slice url_bare(const struct url *u)
{
	return u->fragment ? part(u, 0, u->fragment - 1) : url_text(u);
}

struct slice url_scheme(const struct url *u)
{
	return part(u, 0, u->scheme_end ? u->scheme_end - 1 : 0);
}

struct slice url_user(const struct url *u)
{
	return part(u, u->user, u->user_end);
}

struct slice url_password(const struct url *u)
{
	return part(u, u->password, u->password_end);
}

struct slice url_host(const struct url *u)
{
	return part(u, u->host, u->host_end);
}

struct slice url_path(const struct url *u)
{
	return part(u, u->path, u->path_end);
}

struct slice url_query(const struct url *u)
{
	return u->query ? part(u, u->query, u->query_end) : (struct slice){ 0 };
}

struct slice url_fragment(const struct url *u)
{
	return u->fragment ? part(u, u->fragment, (uint32_t)u->text.len)
	                   : (struct slice){ 0 };
}

struct slice url_target(const struct url *u)
{
	struct slice target =
	        part(u, u->path, u->query ? u->query_end : u->path_end);

	return target.len ? target : SLICE("/");
}

uint16_t url_port(const struct url *u)
{
	const struct url_scheme *scheme;

	if (u->port >= 0)
		return (uint16_t)u->port;
	scheme = url_scheme_find(url_scheme(u));
	return scheme ? scheme->port : 0;
}

bool url_is_web(const struct url *u)
{
	struct slice scheme = url_scheme(u);

	return u->host_end > u->host && (slice_eq(scheme, SLICE("https")) ||
	                                 slice_eq(scheme, SLICE("http")));
}

/* Whether its scheme is one whose origin is more than itself. */
static bool has_origin(const struct url *u)
{
	const struct url_scheme *scheme = url_scheme_find(url_scheme(u));

	return scheme && scheme->port;
}

void url_origin(const struct url *u, struct buf *out)
{
	if (!has_origin(u)) {
		buf_text(out, "null");
		return;
	}
	buf_add(out, part(u, 0, u->scheme_end));
	buf_text(out, "//");
	/* With the port, which stands between host and path. */
	buf_add(out, part(u, u->host, u->path));
}

bool url_same_origin(const struct url *a, const struct url *b)
{
	return has_origin(a) && slice_eq(url_scheme(a), url_scheme(b)) &&
	       slice_eq(part(a, a->host, a->path), part(b, b->host, b->path));
}

void url_escape(struct slice s, struct buf *out)
{
	url_percent_bytes(s, out);
}

void url_unescape(struct slice s, struct buf *out)
{
	url_percent_open(s, out);
}
