#include "crawler/dokuwiki_place.h"

#include "base/limits.h"
#include "base/net/url.h"
#include "schema/identity.h"

/* Behind "https://host". */
static size_t path_start(struct slice url)
{
	size_t colon = slice_find(url, ':');
	struct slice rest = slice_cut(url, colon, url.len);

	if (!slice_starts(rest, SLICE("://")))
		return slice_find(url, '/');
	rest = slice_cut(rest, 3, rest.len);
	return colon + 3 + slice_find(rest, '/');
}

void dokuwiki_place_root(struct slice url, struct buf *out)
{
	static const char *const ends[] = { "doku.php", "index.php", "feed.php",
		                            "lib/exe/", "_export/",  NULL };
	struct slice path;
	size_t from, last;

	url = slice_cut(url, 0, slice_find(url, '#'));
	url = slice_cut(url, 0, slice_find(url, '?'));
	from = path_start(url);
	buf_add(out, slice_cut(url, 0, from));
	path = slice_cut(url, from, url.len);
	for (size_t i = 1; i < path.len; i++)
		for (size_t j = 0; path.at[i - 1] == '/' && ends[j]; j++)
			if (slice_starts(slice_cut(path, i, path.len),
			                 slice_of(ends[j])))
				path = slice_cut(path, 0, i);
	for (last = path.len; last && path.at[last - 1] == '/';)
		last--;
	buf_add(out, slice_cut(path, 0, last));
	buf_byte(out, '/');
}

bool dokuwiki_place_space(struct slice url, struct buf *out, struct fault *f)
{
	struct buf root = BUF_INIT(LIMIT_LINK);
	struct slice name;
	bool ok;

	dokuwiki_place_root(url, &root);
	name = buf_slice(&root);
	if (slice_starts(name, SLICE("https://")))
		name = slice_cut(name, 8, name.len);
	else if (slice_starts(name, SLICE("http://")))
		name = slice_cut(name, 7, name.len);
	if (slice_find(name, '/') == 0)
		ok = fault(f, FAULT_USAGE, "dokuwiki-url",
		           "no host in url '%.*s'", SLICE_ARG(url));
	else
		ok = identity_space(name, out, f);
	buf_release(&root);
	return ok;
}

void dokuwiki_place_link(struct slice root, struct slice id, struct buf *out)
{
	buf_add(out, root);
	buf_text(out, "doku.php?id=");
	while (id.len) {
		struct slice part = slice_cut(id, 0, slice_find(id, ':'));

		url_escape(part, out);
		if (part.len < id.len)
			buf_byte(out, ':');
		id = slice_cut(id, part.len + 1, id.len);
	}
}

struct slice dokuwiki_place_id(struct slice url, struct arena *a)
{
	struct buf id = BUF_INIT(LIMIT_ID);
	struct slice query, found = { 0 };

	url = slice_cut(url, 0, slice_find(url, '#'));
	query = slice_cut(url, slice_find(url, '?') + 1, url.len);
	while (query.len && !found.len) {
		struct slice part = slice_cut(query, 0, slice_find(query, '&'));

		query = slice_cut(query, part.len + 1, query.len);
		if (!slice_starts(part, SLICE("id=")))
			continue;
		url_unescape(slice_cut(part, 3, part.len), &id);
		found = arena_copy(a, buf_slice(&id));
	}
	buf_release(&id);
	return found;
}

bool dokuwiki_place_within(struct slice namespaces, struct slice id)
{
	struct slice rest = slice_trim(namespaces);

	if (!rest.len)
		return true;
	while (rest.len) {
		struct slice ns = slice_cut(rest, 0, slice_find(rest, ' '));

		rest = slice_trim(slice_cut(rest, ns.len, rest.len));
		if (slice_starts(id, ns) && id.len > ns.len &&
		    id.at[ns.len] == ':')
			return true;
	}
	return false;
}
