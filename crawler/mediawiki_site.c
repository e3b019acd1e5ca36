/*
 * Both forms of the API's JSON are read: in the first (before 1.25) a flag is
 * a member that is there, and a text stands in a member called "*".
 */

#include "crawler/mediawiki_site.h"

#include <string.h>

#include "base/limits.h"
#include "base/net/url.h"
#include "crawler/wiki_licence.h"
#include "schema/identity.h"

void mediawiki_site_release(struct mediawiki_site *s)
{
	arena_release(&s->arena);
	*s = (struct mediawiki_site){ 0 };
}

struct slice mediawiki_member(const struct json *j, const char *name)
{
	struct slice s = { 0 };

	json_text(json_get(j, name), &s);
	return s;
}

bool mediawiki_flag(const struct json *j, const char *name)
{
	const struct json *member = json_get(j, name);
	bool is = member != NULL;

	json_bool(member, &is);
	return is;
}

/* `url` from behind its scheme up to its query or fragment. */
static struct slice place(struct slice url)
{
	size_t colon = slice_find(url, ':');

	if (slice_starts(slice_cut(url, colon, url.len), SLICE("://")))
		url = slice_cut(url, colon + 3, url.len);
	url = slice_cut(url, 0, slice_find(url, '#'));
	return slice_cut(url, 0, slice_find(url, '?'));
}

bool mediawiki_site_is_api(struct slice url)
{
	return slice_ends(place(url), SLICE("/api.php"));
}

/* Up to the segment of the path at which a wiki's own addresses begin. */
static struct slice root(struct slice path)
{
	size_t from = slice_find(path, '/');

	while (from < path.len) {
		struct slice rest = slice_cut(path, from + 1, path.len);
		struct slice name = slice_cut(rest, 0, slice_find(rest, '/'));

		if (slice_eq(name, SLICE("index.php")) ||
		    slice_eq(name, SLICE("api.php")) ||
		    slice_eq(name, SLICE("wiki")) ||
		    (slice_eq(name, SLICE("w")) && name.len == rest.len) ||
		    slice_starts(rest, SLICE("w/index.php")) ||
		    slice_starts(rest, SLICE("w/api.php")))
			break;
		from += 1 + name.len;
	}
	return slice_cut(path, 0, from);
}

bool mediawiki_site_space(struct slice url, struct buf *out, struct fault *f)
{
	struct slice path = root(place(url));

	if (slice_find(path, '.') == 0 || path.len == 0)
		return fault(f, FAULT_USAGE, "mediawiki-url",
		             "no host in url '%.*s'", SLICE_ARG(url));
	return identity_space(path, out, f);
}

struct slice mediawiki_site_api(const struct markup *page, struct arena *a)
{
	for (size_t i = 0; i < page->node_count; i++) {
		const struct markup_node *n = &page->nodes[i];
		struct slice to = { 0 };

		if (slice_eq(n->name, SLICE("link")) &&
		    slice_eq(markup_attribute(page, n, "rel"),
		             SLICE("EditURI")))
			to = slice_trim(markup_attribute(page, n, "href"));
		to = slice_cut(to, 0, slice_find(to, '?'));
		if (slice_ends(to, SLICE("/api.php")))
			return arena_copy(a, to);
	}
	return (struct slice){ 0 };
}

bool mediawiki_site_has(const struct mediawiki_site *s, int64_t ns)
{
	for (uint32_t i = 0; i < s->namespace_count; i++)
		if (s->namespaces[i] == ns)
			return true;
	return false;
}

void mediawiki_site_add(struct mediawiki_site *s, int64_t ns)
{
	if (s->namespace_count < MEDIAWIKI_NAMESPACES && ns >= 0 &&
	    ns <= INT32_MAX && !mediawiki_site_has(s, ns))
		s->namespaces[s->namespace_count++] = (int32_t)ns;
}

static struct slice namespace_name(const struct json *ns)
{
	struct slice name = mediawiki_member(ns, "name");

	return name.at ? name : mediawiki_member(ns, "*");
}

/* As titles have it: '_' for blanks is the same name. */
static bool same_name(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (a.at[i] != b.at[i] && !(a.at[i] == '_' && b.at[i] == ' '))
			return false;
	return true;
}

/* Adds the namespaces that `word` names: a number, a name, "all". */
static bool choose(struct mediawiki_site *s, const struct json *all,
                   struct slice word)
{
	bool found = false;
	int64_t number = -1, id;

	slice_number(word, &number);
	for (const struct json *n = json_first(all); n; n = json_next(n)) {
		if (!json_number(json_get(n, "id"), &id) || id < 0)
			continue;
		if (id != number && !slice_eq(word, SLICE("all")) &&
		    !(namespace_name(n).len &&
		      same_name(word, namespace_name(n))) &&
		    !same_name(word, mediawiki_member(n, "canonical")))
			continue;
		mediawiki_site_add(s, id);
		found = true;
	}
	return found;
}

static bool read_namespaces(struct mediawiki_site *s, const struct json *all,
                            struct slice wanted, struct fault *f)
{
	int64_t id;

	s->namespace_count = 0;
	while ((wanted = slice_trim(wanted)).len) {
		struct slice word =
		        slice_cut(wanted, 0, slice_find(wanted, ' '));

		wanted = slice_cut(wanted, word.len, wanted.len);
		if (!choose(s, all, word))
			return fault(f, FAULT_USAGE, "mediawiki-namespace",
			             "the wiki has no namespace '%.*s'",
			             SLICE_ARG(word));
	}
	if (s->namespace_count)
		return true;
	for (const struct json *n = json_first(all); n; n = json_next(n))
		if (mediawiki_flag(n, "content") &&
		    json_number(json_get(n, "id"), &id))
			mediawiki_site_add(s, id);
	if (!s->namespace_count)
		mediawiki_site_add(s, 0);
	return true;
}

/* A server without a scheme is reached as its API is. */
static struct slice absolute(struct mediawiki_site *s, struct slice server)
{
	struct buf b = BUF_INIT(LIMIT_LINK);
	struct slice made;

	if (slice_starts(server, SLICE("//")))
		buf_add(&b, slice_cut(s->api, 0, slice_find(s->api, ':') + 1));
	buf_add(&b, server);
	made = arena_copy(&s->arena, buf_slice(&b));
	buf_release(&b);
	return made;
}

bool mediawiki_site_read(struct mediawiki_site *s, const struct json *query,
                         struct slice wanted, struct fault *f)
{
	const struct json *general = json_get(query, "general");
	const struct json *rights = json_get(query, "rightsinfo");
	const struct json *spaces = json_get(query, "namespaces");
	struct slice path = mediawiki_member(general, "articlepath");
	struct slice server = mediawiki_member(general, "server");

	if (!server.len || slice_find(path, '$') == path.len)
		return fault(f, FAULT_INPUT, "mediawiki-siteinfo",
		             "the wiki does not say what its addresses are");
	s->server = absolute(s, server);
	s->article_path = arena_copy(&s->arena, path);
	s->script = arena_copy(&s->arena, mediawiki_member(general, "script"));
	s->language = arena_copy(&s->arena, mediawiki_member(general, "lang"));
	s->licence = wiki_licence(mediawiki_member(rights, "url"));
	s->user_space =
	        arena_copy(&s->arena, namespace_name(json_get(spaces, "2")));
	return read_namespaces(s, spaces, wanted, f);
}

/* As MediaWiki writes titles in addresses: more bytes stay than need to. */
static void escape_title(struct slice title, struct buf *out)
{
	static const char plain[] = "-_.~;@$!*(),/:";

	for (size_t i = 0; i < title.len; i++) {
		char c = title.at[i];

		if (c == ' ')
			buf_byte(out, '_');
		else if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		         (c >= 'a' && c <= 'z') || (c && strchr(plain, c)))
			buf_byte(out, c);
		else
			buf_addf(out, "%%%02X", (unsigned char)c);
	}
}

void mediawiki_site_link(const struct mediawiki_site *s, struct slice title,
                         struct buf *out)
{
	size_t at = slice_find(s->article_path, '$');

	buf_add(out, s->server);
	buf_add(out, slice_cut(s->article_path, 0, at));
	escape_title(title, out);
	buf_add(out, slice_cut(s->article_path, at + 2, s->article_path.len));
}

static const struct {
	const char *name;
	size_t offset;
} lines[] = {
#define LINE(name, member)                                                     \
	{                                                                      \
		name, offsetof(struct mediawiki_site, member)                  \
	}
	LINE("api", api),           LINE("server", server),
	LINE("path", article_path), LINE("script", script),
	LINE("users", user_space),  LINE("language", language),
	LINE("licence", licence),   LINE("wanted", wanted),
	LINE("since", since),       LINE("listed", listed),
};

static struct slice *line_slice(const struct mediawiki_site *s, size_t i)
{
	return (struct slice *)((char *)(uintptr_t)s + lines[i].offset);
}

void mediawiki_site_write_mark(const struct mediawiki_site *s, struct buf *out)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (line_slice(s, i)->len)
			buf_addf(out, "%s %.*s\n", lines[i].name,
			         SLICE_ARG(*line_slice(s, i)));
	for (uint32_t i = 0; i < s->namespace_count; i++)
		buf_addf(out, "ns %d\n", (int)s->namespaces[i]);
}

void mediawiki_site_read_mark(struct mediawiki_site *s, struct slice mark)
{
	while (mark.len) {
		struct slice line = slice_cut(mark, 0, slice_find(mark, '\n'));
		size_t blank = slice_find(line, ' ');
		struct slice name = slice_cut(line, 0, blank), value;
		int64_t ns = -1;

		value = slice_cut(line, blank + 1, line.len);
		mark = slice_cut(mark, line.len + 1, mark.len);
		if (slice_eq(name, SLICE("ns")) && slice_number(value, &ns))
			mediawiki_site_add(s, ns);
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
			if (slice_eq(name, slice_of(lines[i].name)))
				*line_slice(s, i) =
				        arena_copy(&s->arena, value);
	}
}
