#include "crawler/confluence_site.h"

#include "base/clock.h"
#include "base/limits.h"
#include "schema/identity.h"

/* All of them stand in the mark, with room for the rest of it. */
enum { SPACES_BYTES = LIMIT_MARK - (128 << 10) };

void confluence_site_release(struct confluence_site *s)
{
	arena_release(&s->arena);
	*s = (struct confluence_site){ 0 };
}

struct slice confluence_member(const struct json *j, const char *name)
{
	struct slice s = { 0 };

	json_text(json_get(j, name), &s);
	return s;
}

const struct json *confluence_path(const struct json *j, const char *path)
{
	struct slice rest = slice_of(path);
	char name[64];

	while (j && rest.len) {
		struct slice part = slice_cut(rest, 0, slice_find(rest, '.'));

		if (part.len >= sizeof(name))
			return NULL;
		memcpy(name, part.at, part.len);
		name[part.len] = '\0';
		j = json_get(j, name);
		rest = slice_cut(rest, part.len + 1, rest.len);
	}
	return j;
}

/* Where the path of a wiki's own addresses begins to be about something. */
static const char *const tails[] = { "spaces/", "display/", "pages/",
	                             "rest/",   "api/",     "x/",
	                             "login",   "index.",   "dashboard.action",
	                             NULL };

/* `url` up to the wiki's context path, without a final slash. */
static struct slice root(struct slice url)
{
	size_t colon = slice_find(url, ':'), from = 0;

	url = slice_cut(url, 0, slice_find(url, '#'));
	url = slice_cut(url, 0, slice_find(url, '?'));
	if (slice_starts(slice_cut(url, colon, url.len), SLICE("://")))
		from = colon + 3;
	for (size_t i = from; i < url.len; i++)
		for (size_t j = 0; url.at[i] == '/' && tails[j]; j++)
			if (slice_starts(slice_cut(url, i + 1, url.len),
			                 slice_of(tails[j])))
				url = slice_cut(url, 0, i);
	while (url.len > from && url.at[url.len - 1] == '/')
		url.len--;
	return url;
}

static struct slice host_of(struct slice url)
{
	size_t colon = slice_find(url, ':');

	if (slice_starts(slice_cut(url, colon, url.len), SLICE("://")))
		url = slice_cut(url, colon + 3, url.len);
	url = slice_cut(url, 0, slice_find(url, '/'));
	return slice_cut(url, 0, slice_find(url, ':'));
}

static bool is_atlassian(struct slice url)
{
	struct slice host = host_of(url);

	return slice_ends(host, SLICE(".atlassian.net")) ||
	       slice_eq(host, SLICE("api.atlassian.com"));
}

bool confluence_site_space(struct slice url, struct buf *out, struct fault *f)
{
	struct slice place = root(url);

	if (slice_ends(place, SLICE("/wiki")) && is_atlassian(place))
		place.len -= 5;
	if (slice_starts(place, SLICE("https://")))
		place = slice_cut(place, 8, place.len);
	else if (slice_starts(place, SLICE("http://")))
		place = slice_cut(place, 7, place.len);
	if (slice_find(place, '/') == 0)
		return fault(f, FAULT_USAGE, "confluence-url",
		             "no host in url '%.*s'", SLICE_ARG(url));
	return identity_space(place, out, f);
}

void confluence_site_be(struct confluence_site *s, enum confluence_kind kind)
{
	struct buf b = BUF_INIT(LIMIT_LINK);

	s->kind = kind;
	if (kind != CONFLUENCE_CLOUD || slice_ends(s->base, SLICE("/wiki")))
		return;
	buf_add(&b, s->base);
	buf_text(&b, "/wiki");
	s->base = arena_copy(&s->arena, buf_slice(&b));
	buf_release(&b);
}

void confluence_site_open(struct confluence_site *s, struct slice url,
                          enum confluence_kind kind)
{
	s->base = arena_copy(&s->arena, root(url));
	if (kind == CONFLUENCE_UNKNOWN &&
	    (is_atlassian(s->base) || slice_ends(s->base, SLICE("/wiki"))))
		kind = CONFLUENCE_CLOUD;
	confluence_site_be(s, kind);
}

void confluence_site_forget(struct confluence_site *s)
{
	s->space_count = s->space_bytes = 0;
}

bool confluence_site_has(const struct confluence_site *s, struct slice key)
{
	for (size_t i = 0; i < s->space_count; i++)
		if (slice_eq(s->spaces[i].key, key))
			return true;
	return false;
}

bool confluence_site_add(struct confluence_site *s, struct slice id,
                         struct slice key)
{
	size_t bytes = sizeof("space  \n") + id.len + key.len;
	struct confluence_space *room;

	if (!key.len || slice_find(key, '\n') < key.len ||
	    slice_find(id, '\n') < id.len || slice_find(id, ' ') < id.len ||
	    slice_find(key, '"') < key.len || slice_find(key, '\\') < key.len ||
	    confluence_site_has(s, key))
		return true;
	if (s->space_bytes + bytes > SPACES_BYTES)
		return false;
	s->space_bytes += bytes;
	if (s->space_count == s->space_cap) {
		s->space_cap = s->space_cap ? 2 * s->space_cap : 16;
		room = arena_array(&s->arena, s->space_cap, sizeof(*room));
		if (s->space_count)
			memcpy(room, s->spaces, s->space_count * sizeof(*room));
		s->spaces = room;
	}
	s->spaces[s->space_count++] =
	        (struct confluence_space){ arena_copy(&s->arena, id),
		                           arena_copy(&s->arena, key) };
	return true;
}

void confluence_site_query(const struct confluence_site *s, size_t first,
                           struct buf *out)
{
	size_t end = first + CONFLUENCE_SPACES;

	buf_text(out, "space in (");
	for (size_t i = first; i < end && i < s->space_count; i++)
		buf_addf(out, "%s\"%.*s\"", i > first ? "," : "",
		         SLICE_ARG(s->spaces[i].key));
	buf_byte(out, ')');
}

void confluence_site_write_mark(const struct confluence_site *s,
                                struct buf *out)
{
	static const char *const kinds[] = { "unknown", "cloud", "server" };

	buf_addf(out, "kind %s\nsince %lld\ntalked %lld\nlisted %lld\nwanted ",
	         kinds[s->kind], (long long)s->since, (long long)s->talked,
	         (long long)s->listed);
	buf_add(out, s->wanted);
	buf_byte(out, '\n');
	for (size_t i = 0; i < s->space_count; i++)
		buf_addf(out, "space %.*s %.*s\n", SLICE_ARG(s->spaces[i].id),
		         SLICE_ARG(s->spaces[i].key));
}

static void read_line(struct confluence_site *s, struct slice name,
                      struct slice value)
{
	size_t blank = slice_find(value, ' ');

	if (slice_eq(name, SLICE("kind"))) {
		if (s->kind == CONFLUENCE_UNKNOWN &&
		    !slice_eq(value, SLICE("unknown")))
			confluence_site_be(s, slice_eq(value, SLICE("cloud"))
			                              ? CONFLUENCE_CLOUD
			                              : CONFLUENCE_SERVER);
	} else if (slice_eq(name, SLICE("since")))
		slice_number(value, &s->since);
	else if (slice_eq(name, SLICE("talked")))
		slice_number(value, &s->talked);
	else if (slice_eq(name, SLICE("listed")))
		slice_number(value, &s->listed);
	else if (slice_eq(name, SLICE("wanted")))
		s->wanted = arena_copy(&s->arena, value);
	else if (slice_eq(name, SLICE("space")))
		(void)confluence_site_add(
		        s, slice_cut(value, 0, blank),
		        slice_cut(value, blank + 1, value.len));
}

void confluence_site_read_mark(struct confluence_site *s, struct slice mark)
{
	while (mark.len) {
		struct slice line = slice_cut(mark, 0, slice_find(mark, '\n'));
		size_t blank = slice_find(line, ' ');

		read_line(s, slice_cut(line, 0, blank),
		          slice_cut(line, blank + 1, line.len));
		mark = slice_cut(mark, line.len + 1, mark.len);
	}
}
