/* A table of forges; what their addresses look like is in their handbooks. */

#include "crawler/local_forge.h"

#include <stddef.h>

#include "base/limits.h"

static const struct forge {
	const char *host; /* a part of its host's name */
	const char *wiki; /* behind the address of the project */
	const char *file; /* likewise; then branch and "/{path}" */
} forges[] = {
	{ "github", "/wiki/{name}", "/blob/" },
	{ "gitlab", "/-/wikis/{bare}", "/-/blob/" },
	{ "gitea", "/wiki/{name}", "/src/branch/" },
	{ "forgejo", "/wiki/{name}", "/src/branch/" },
	{ "codeberg.org", "/wiki/{name}", "/src/branch/" },
	{ "bitbucket.org", NULL, "/src/" },
};

static struct slice without(struct slice s, struct slice tail)
{
	return slice_ends(s, tail) ? slice_cut(s, 0, s.len - tail.len) : s;
}

static bool contains(struct slice s, struct slice part)
{
	size_t i;

	for (i = 0; i + part.len <= s.len; i++)
		if (slice_starts(slice_cut(s, i, s.len), part))
			return true;
	return false;
}

static struct slice behind(struct slice s, struct slice mark)
{
	size_t i;

	for (i = 0; i + mark.len <= s.len; i++)
		if (slice_starts(slice_cut(s, i, s.len), mark))
			return slice_cut(s, i + mark.len, s.len);
	return s;
}

/* Host and path of an address; false: it is none of a host's. */
static bool divide(struct slice remote, struct slice *host, struct slice *path)
{
	bool scheme = contains(remote, SLICE("://"));
	size_t end;

	remote = behind(remote, SLICE("://"));
	end = slice_find(remote, '@');
	if (end < slice_find(remote, '/'))
		remote = slice_cut(remote, end + 1, remote.len);
	end = 0;
	while (end < remote.len && remote.at[end] != '/' &&
	       remote.at[end] != ':')
		end++;
	*host = slice_cut(remote, 0, end);
	/* A port. */
	if (scheme && end < remote.len && remote.at[end] == ':')
		while (end + 1 < remote.len && remote.at[end + 1] >= '0' &&
		       remote.at[end + 1] <= '9')
			end++;
	*path = slice_cut(remote, end + 1, remote.len);
	while (path->len && path->at[path->len - 1] == '/')
		path->len--;
	while (slice_starts(*path, SLICE("/")))
		*path = slice_cut(*path, 1, path->len);
	*path = without(*path, SLICE(".git"));
	return host->len && path->len;
}

bool local_forge_is_wiki(struct slice remote)
{
	while (remote.len && remote.at[remote.len - 1] == '/')
		remote.len--;
	return slice_ends(without(remote, SLICE(".git")), SLICE(".wiki"));
}

static const struct forge *forge_of(struct slice host)
{
	size_t i;

	for (i = 0; i < sizeof(forges) / sizeof(forges[0]); i++)
		if (contains(host, slice_of(forges[i].host)))
			return &forges[i];
	return NULL;
}

void local_forge_link(struct slice remote, struct slice branch, struct buf *out)
{
	bool wiki = local_forge_is_wiki(remote);
	const struct forge *forge;
	struct slice host, path;

	if (!divide(remote, &host, &path) || !(forge = forge_of(host)) ||
	    (wiki && !forge->wiki) || slice_find(path, '{') < path.len ||
	    slice_find(branch, '{') < branch.len)
		return;
	buf_text(out, "https://");
	buf_add(out, host);
	buf_byte(out, '/');
	buf_add(out, without(path, SLICE(".wiki")));
	buf_text(out, wiki ? forge->wiki : forge->file);
	if (!wiki) {
		buf_add(out, branch);
		buf_text(out, "/{path}");
	}
}

void local_forge_space(struct slice remote, struct buf *out)
{
	struct slice host, path;

	if (!divide(remote, &host, &path))
		return;
	buf_add(out, host);
	buf_byte(out, '/');
	buf_add(out, path);
}
