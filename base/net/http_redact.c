/* Looks for marks in the text alone: it may be no address at all. */

#include "base/net/http_redact.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* What the name of a secret parameter ends in. */
static const char *const secrets[] = {
	"key",     "token",      "password",  "passwd", "pwd",       "pass",
	"secret",  "sig",        "signature", "auth",   "sid",       "sessid",
	"session", "credential", "code",      "login",  "sessionid",
};

static bool secret(struct slice name)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		size_t len = strlen(secrets[i]);

		if (name.len >= len &&
		    !strncasecmp(name.at + name.len - len, secrets[i], len))
			return true;
	}
	return false;
}

/* The run in front of the first of these bytes. */
static size_t until(struct slice s, const char *marks)
{
	size_t i = 0;

	while (i < s.len && (!s.at[i] || !strchr(marks, s.at[i])))
		i++;
	return i;
}

static void add_query(struct slice query, struct buf *out)
{
	while (query.len) {
		size_t end = until(query, "&;#");
		struct slice one = slice_cut(query, 0, end);
		size_t sign = slice_find(one, '=');

		if (sign < one.len && secret(slice_cut(one, 0, sign))) {
			buf_add(out, slice_cut(one, 0, sign + 1));
			buf_text(out, "...");
		} else {
			buf_add(out, one);
		}
		buf_add(out, slice_cut(query, end, end + 1));
		query = slice_cut(query, end + 1, query.len);
	}
}

void redact_url(struct slice url, struct buf *out)
{
	size_t start = slice_find(url, ':') + 1, end, at, query;
	struct slice rest;

	while (start < url.len &&
	       (url.at[start] == '/' || url.at[start] == '\\'))
		start++;
	rest = slice_cut(url, start, url.len);
	end = until(rest, "/\\?#");
	for (at = end; at > 0 && rest.at[at - 1] != '@'; at--)
		continue;
	buf_add(out, slice_cut(url, 0, start));
	rest = slice_cut(rest, at, rest.len);
	query = slice_find(rest, '?');
	query += query < rest.len;
	buf_add(out, slice_cut(rest, 0, query));
	add_query(slice_cut(rest, query, rest.len), out);
}
