/*
 * Names of parameters are compared as written, letters in either case.
 * Sorting is by insertion: an address has few parameters, and a query with more
 * than SPELLING_MOST stays as it is (scope.c will not have it anyway).
 */

#include "crawler/spelling.h"

#include "crawler/head.h"

enum { SPELLING_MOST = 32 };

/* Parameters that say who came from where, in which session, or how to sort
 * a listing; '*' stands for any end. */
static const char *const idle[] = {
	"utm_*",        "gclid",      "dclid",      "fbclid",    "msclkid",
	"yclid",        "gbraid",     "wbraid",     "twclid",    "igshid",
	"mc_cid",       "mc_eid",     "_ga",        "_gl",       "_hsenc",
	"_hsmi",        "mkt_tok",    "spm",        "phpsessid", "jsessionid",
	"sid",          "sessionid",  "session_id", "session",   "cfid",
	"cftoken",      "oscsid",     "zenid",      "dokuwiki",  "aspsession*",
	"sort",         "sortby",     "sort_by",    "order",     "orderby",
	"order_by",     "sort_order", "sortorder",  "filter[*",  "filter",
	"replytocom",   "printable",  "print",      "highlight", "sectok",
	"mobileaction",
};

static bool matches(struct slice name, struct slice pattern)
{
	if (!slice_ends(pattern, SLICE("*")))
		return head_same(name, pattern);
	pattern.len--;
	return head_same(slice_cut(name, 0, pattern.len), pattern);
}

static bool is_idle(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		if (matches(name, slice_of(idle[i])))
			return true;
	return false;
}

static struct slice name_of(struct slice parameter)
{
	return slice_cut(parameter, 0, slice_find(parameter, '='));
}

/* How web servers sort the listing of a folder: "C=N;O=D". */
static bool sorts_folder(struct slice parameter)
{
	return parameter.len == 7 && slice_starts(parameter, SLICE("C=")) &&
	       slice_eq(slice_cut(parameter, 3, 6), SLICE(";O="));
}

static bool stays(const struct spelling *s, struct slice parameter)
{
	struct slice name = name_of(parameter);
	size_t i;

	if (s->query == SPELLING_KEEP)
		return parameter.len && !is_idle(name) &&
		       !sorts_folder(parameter);
	for (i = 0; i < s->name_count; i++)
		if (slice_eq(name, s->names[i]))
			return true;
	return false;
}

static size_t parameters(struct slice query)
{
	size_t count = query.len > 0, i;

	for (i = 0; i < query.len; i++)
		count += query.at[i] == '&';
	return count;
}

static void put(struct buf *out, struct slice parameter, size_t *written)
{
	buf_byte(out, (*written)++ ? '&' : '?');
	buf_add(out, parameter);
}

static void write_query(const struct spelling *s, struct slice query,
                        struct buf *out)
{
	struct slice kept[SPELLING_MOST];
	size_t count = 0, written = 0, end, i;

	if (s->query == SPELLING_DROP)
		return;
	if (parameters(query) > SPELLING_MOST) {
		put(out, query, &written);
		return;
	}
	for (; query.len; query = slice_cut(query, end + 1, query.len)) {
		struct slice one =
		        slice_cut(query, 0, end = slice_find(query, '&'));

		if (!stays(s, one))
			continue;
		for (i = count++; i > 0; i--) {
			if (slice_cmp(name_of(kept[i - 1]), name_of(one)) <= 0)
				break;
			kept[i] = kept[i - 1];
		}
		kept[i] = one;
	}
	for (i = 0; i < count; i++)
		put(out, kept[i], &written);
}

/* Whether what is left of a segment would be read as "." or "..". */
static bool is_dots(struct slice path)
{
	size_t at = path.len;

	while (at && path.at[at - 1] != '/')
		at--;
	path = slice_cut(path, at, path.len);
	for (at = 0; at < path.len && path.at[at] == '.';)
		at++;
	return path.len && (at == path.len || path.at[at] == '%');
}

/* A path without ";jsessionid=..." and its like in any segment. */
static void write_path(struct slice path, struct buf *out)
{
	size_t semi, end;

	while ((semi = slice_find(path, ';')) < path.len) {
		struct slice rest = slice_cut(path, semi + 1, path.len);

		end = slice_find(rest, '/');
		if (slice_find(rest, ';') < end)
			end = slice_find(rest, ';');
		buf_add(out, slice_cut(path, 0, semi));
		if (is_dots(slice_cut(path, 0, semi)) ||
		    !is_idle(name_of(slice_cut(rest, 0, end)))) {
			buf_byte(out, ';');
			buf_add(out, slice_cut(rest, 0, end));
		}
		path = slice_cut(rest, end, rest.len);
	}
	buf_add(out, path);
}

void spelling_write(const struct spelling *s, const struct url *u,
                    struct buf *out)
{
	if (!url_is_web(u)) {
		buf_add(out, url_bare(u));
		return;
	}
	url_origin(u, out);
	write_path(url_path(u), out);
	write_query(s, url_query(u), out);
}
