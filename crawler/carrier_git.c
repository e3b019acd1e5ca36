/*
 * A listing is made whole when its first page is asked for, and kept for the
 * pages behind it: it depends on nothing but the address of the ask, so that
 * it is the same when a run that was killed goes on.
 */

#include "crawler/carrier_git.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/net/url.h"
#include "crawler/carrier_git_fetch.h"
#include "crawler/carrier_git_tree.h"
#include "crawler/local_answer.h"
#include "crawler/local_fields.h"
#include "crawler/local_format.h"

enum {
	PAGE_ENTRIES = 5000,
	CACHE_BYTES = 96 << 20, /* of objects that are kept unpacked */
};

struct git {
	git_repository *repo;
	struct local_pick *pick;
	struct arena arena; /* settings */
	struct slice branch, folder;
	struct local_answer answer;
	struct carrier_git_tree tree;
	/* Of a clone of ours; zeroed: the repository is somebody's. */
	const struct conf_section *remote;
	struct source_secrets secrets;
	struct buf listed; /* the query whose listing `tree` holds */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Nothing of the person who runs us shows in what a repository says, and who
 * owns it does not matter to one who reads objects alone. */
static void start_library(void)
{
	static const int levels[] = { GIT_CONFIG_LEVEL_SYSTEM,
		                      GIT_CONFIG_LEVEL_GLOBAL,
		                      GIT_CONFIG_LEVEL_XDG,
		                      GIT_CONFIG_LEVEL_PROGRAMDATA };

	git_libgit2_init();
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)CACHE_BYTES);
}

static bool read_id(struct slice text, git_oid *out, struct fault *f)
{
	char hex[GIT_OID_HEXSZ + 1] = "";

	if (text.len == GIT_OID_HEXSZ) {
		memcpy(hex, text.at, GIT_OID_HEXSZ);
		if (!git_oid_fromstr(out, hex))
			return true;
	}
	return fault(f, FAULT_INPUT, "git-id", "'%.*s' is no commit",
	             SLICE_ARG(text));
}

/* An id that the ask may leave out. */
static bool ask_id(struct git *g, const char *name, git_oid *out, bool *given,
                   struct fault *f)
{
	struct slice text =
	        local_fields_get(g->answer.query, name, &g->answer.arena);

	*given = text.len > 0;
	return !*given || read_id(text, out, f);
}

static void put_id(struct buf *out, const char *name, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	local_fields_add(out, name, slice_of(hex));
}

/* The branch that is wanted, here or as the remote had it; HEAD by default. */
static bool find_branch(struct git *g, git_reference **out, struct fault *f)
{
	struct buf name = BUF_INIT(LIMIT_NAME);
	int e;

	if (!g->branch.len) {
		e = git_repository_head(out, g->repo);
		if (e == GIT_EUNBORNBRANCH || e == GIT_ENOTFOUND)
			return fault(f, FAULT_GONE, "git-empty",
			             "the repository has no commits yet");
		return !e || carrier_git_fault(e, "find the branch", f);
	}
	e = GIT_ENOTFOUND;
	for (size_t i = 0; e && i < 2; i++) {
		buf_reset(&name);
		buf_text(&name, i ? "refs/remotes/origin/" : "refs/heads/");
		buf_add(&name, g->branch);
		e = git_reference_lookup(out, g->repo, buf_string(&name));
	}
	buf_release(&name);
	return !e || fault(f, FAULT_GONE, "git-branch",
	                   "there is no branch '%.*s'", SLICE_ARG(g->branch));
}

/* Where it came from, as it was written. Not by git_remote_lookup(), whose
 * patterns leak (libgit2 1.5). */
static struct slice remote_url(struct git *g)
{
	git_config *config = NULL;
	const char *value = NULL;
	struct slice url = { 0 };

	if (g->remote)
		return conf_get(g->remote, "url", "");
	if (!git_repository_config_snapshot(&config, g->repo) &&
	    !git_config_get_string(&value, config, "remote.origin.url"))
		url = arena_copy(&g->answer.arena, slice_of(value));
	git_config_free(config);
	return url;
}

/* Where people find the repository: without names and passwords. */
static void put_remote(struct git *g, struct buf *out)
{
	struct slice text = remote_url(g);
	struct buf bare = BUF_INIT(LIMIT_LINK);
	struct url u = URL_INIT;
	struct fault none;

	if (url_parse(&u, text, NULL, &none) && url_is_web(&u)) {
		url_origin(&u, &bare);
		buf_add(&bare, url_path(&u));
	} else {
		/* "git@host:path" */
		size_t at = slice_find(text, '@');

		buf_add(&bare, at < text.len ? slice_cut(text, at + 1, text.len)
		                             : text);
	}
	local_fields_add(out, "remote", buf_slice(&bare));
	url_release(&u);
	buf_release(&bare);
}

static bool tell_tip(struct git *g, struct fault *f)
{
	struct buf *out = &g->answer.body;
	git_reference *branch = NULL;
	git_object *object = NULL;
	git_commit *commit;
	git_oid since;
	bool given, ok;
	int e = 0;

	ok = ask_id(g, "since", &since, &given, f) &&
	     (!g->remote ||
	      carrier_git_fetch(g->repo, g->remote, &g->secrets, f)) &&
	     find_branch(g, &branch, f);
	if (ok) {
		e = git_reference_peel(&object, branch, GIT_OBJECT_COMMIT);
		ok = !e || carrier_git_fault(e, "read the branch", f);
	}
	if (ok) {
		commit = (git_commit *)object;
		put_id(out, "commit", git_commit_id(commit));
		local_fields_number(out, "time",
		                    (int64_t)git_commit_time(commit) * 1000);
		local_fields_add(out, "branch",
		                 slice_of(git_reference_shorthand(branch)));
		put_remote(g, out);
	}
	if (ok && given) {
		git_commit *before = NULL;

		e = git_commit_lookup(&before, g->repo, &since);
		local_fields_number(out, "known", !e);
		local_fields_number(out, "line",
		                    carrier_git_on_line(g->repo,
		                                        git_commit_id(commit),
		                                        &since));
		git_commit_free(before);
	}
	git_object_free(object);
	git_reference_free(branch);
	return ok;
}

/* Makes the listing that is asked for, if it is not at hand. */
static bool make_list(struct git *g, struct slice key, struct fault *f)
{
	const struct carrier_git_want want = { g->pick, g->folder };
	struct carrier_git_floor floor = { 0 };
	git_oid commit, since;
	int64_t whole = 0;
	bool given, ok;

	if (slice_eq(buf_slice(&g->listed), key))
		return true;
	buf_reset(&g->listed);
	carrier_git_tree_release(&g->tree);
	local_fields_get_number(key, "whole", &whole);
	local_fields_get_number(key, "floor-rank", &floor.rank);
	ok = ask_id(g, "floor", &floor.commit, &floor.set, f) &&
	     ask_id(g, "since", &since, &given, f) &&
	     read_id(local_fields_get(key, "commit", &g->answer.arena), &commit,
	             f);
	if (ok && given)
		ok = carrier_git_tree_since(&g->tree, g->repo, &commit, &since,
		                            &want, !whole, f);
	if (ok && whole)
		ok = carrier_git_tree_whole(&g->tree, g->repo, &commit, &want,
		                            f);
	ok = ok && carrier_git_history(g->repo, &commit, &floor, g->tree.files,
	                               g->tree.count, &g->tree.arena, f);
	if (ok)
		buf_add(&g->listed, key);
	return ok;
}

static void put_entry(const struct carrier_git_tree *t, size_t i,
                      struct buf *out)
{
	const struct carrier_git_file *file;

	if (i < t->move_count) {
		struct slice to = t->moves[i].to;

		local_fields_add(out, to.len ? "moved" : "gone",
		                 t->moves[i].from);
		if (to.len)
			local_fields_add(out, "path", to);
	} else {
		file = &t->files[i - t->move_count];
		local_fields_add(out, "path", file->path);
		put_id(out, "blob", &file->blob);
		local_fields_number(out, "rank", file->rank);
		local_fields_number(out, "created", file->created);
		local_fields_number(out, "modified", file->modified);
		local_fields_add(out, "author", file->author);
	}
	buf_byte(out, '\n');
}

static bool list(struct git *g, struct fault *f)
{
	struct slice key = g->answer.query;
	int64_t at = 0;
	size_t i, n;

	/* The place in the listing is written last. */
	local_fields_get_number(key, "at", &at);
	while (key.len && key.at[key.len - 1] != '&')
		key.len--;
	if (!make_list(g, key, f))
		return false;
	n = g->tree.move_count + g->tree.count;
	for (i = at > 0 ? (size_t)at : 0;
	     i < n && i < (size_t)at + PAGE_ENTRIES; i++)
		put_entry(&g->tree, i, &g->answer.body);
	if (i < n)
		local_fields_number(&g->answer.body, "more", (int64_t)i);
	else
		local_fields_add(&g->answer.body, "end", SLICE("1"));
	return true;
}

static bool is_pointer(struct slice text)
{
	return text.len < 1024 &&
	       slice_starts(text,
	                    SLICE("version https://git-lfs.github.com/spec/"));
}

/* A PDF goes to its reader as a file, in memory. */
static bool read_pdf(struct git *g, struct slice bytes, struct fault *f)
{
	int fd = memfd_create("pdf", MFD_CLOEXEC);
	bool ok = fd >= 0;

	while (ok && bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);

		ok = n > 0;
		bytes = slice_cut(bytes, ok ? (size_t)n : 0, bytes.len);
	}
	ok = ok ? local_answer_pdf(&g->answer, fd, f)
	        : fault_errno(f, "memory", "write to a file in");
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool read_blob(struct git *g, const git_oid *id, struct fault *f)
{
	git_blob *blob = NULL;
	git_odb *odb = NULL;
	git_object_t type;
	struct slice text;
	size_t size = 0;
	bool ok = true;
	int e = git_repository_odb(&odb, g->repo);

	if (!e)
		e = git_odb_read_header(&size, &type, odb, id);
	git_odb_free(odb);
	if (!e && size > LIMIT_BODY)
		return fault(f, FAULT_LIMIT, "limit-file", "it is over %d MiB",
		             LIMIT_BODY >> 20);
	if (!e)
		e = git_blob_lookup(&blob, g->repo, id);
	if (e)
		return carrier_git_fault(e, "read the file", f);
	text = (struct slice){ git_blob_rawcontent(blob),
		               (size_t)git_blob_rawsize(blob) };
	if (is_pointer(text))
		ok = fault(f, FAULT_USAGE, "git-lfs",
		           "git LFS keeps its content elsewhere");
	else if (local_format(g->answer.path) == LOCAL_PDF)
		ok = read_pdf(g, text, f);
	else
		buf_add(&g->answer.body, text);
	git_blob_free(blob);
	return ok;
}

static bool read_file(struct git *g, struct fault *f)
{
	git_oid id;

	g->answer.type = local_format_type(local_format(g->answer.path));
	return read_id(local_fields_get(g->answer.query, "blob",
	                                &g->answer.arena),
	               &id, f) &&
	       read_blob(g, &id, f);
}

static void answer(void *self, const struct http_request *r,
                   struct http_reply *out)
{
	struct git *g = self;
	struct fault f = { 0 };
	bool ok;

	local_answer_start(&g->answer, r);
	if (g->answer.path.len)
		ok = read_file(g, &f);
	else if (slice_starts(g->answer.query, SLICE("tip=")))
		ok = tell_tip(g, &f);
	else
		ok = list(g, &f);
	local_answer_end(&g->answer, ok, &f, out);
}

static void free_git(void *self)
{
	struct git *g = self;

	carrier_git_tree_release(&g->tree);
	buf_release(&g->listed);
	git_repository_free(g->repo);
	local_pick_free(g->pick);
	local_answer_release(&g->answer);
	arena_release(&g->arena);
	free(g);
}

static bool open_repository(struct git *g, const struct source_start *s,
                            struct fault *f)
{
	struct slice path =
	        arena_copy(&g->arena, conf_get(s->conf, "path", ""));
	int e;

	if (g->remote)
		return carrier_git_fetch_open(&g->repo, s, f);
	e = git_repository_open_ext(&g->repo, path.at,
	                            GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);

	if (!e)
		return true;
	carrier_git_fault(e, "open the repository", f);
	f->kind = FAULT_USAGE;
	return fault_at(f, path.at, 0);
}

bool carrier_git(const struct source_start *s, struct carrier *out,
                 struct fault *f)
{
	struct git *g = memory_new(1, sizeof(*g));
	struct slice folder = conf_get(s->conf, "folder", "");

	pthread_once(&once, start_library);
	local_answer_init(&g->answer);
	g->listed = BUF_INIT(LIMIT_LINK);
	while (folder.len && folder.at[folder.len - 1] == '/')
		folder.len--;
	g->folder = arena_copy(&g->arena, folder);
	if (conf_get(s->conf, "url", "").len)
		g->remote = s->conf;
	g->secrets = s->secrets;
	g->branch = arena_copy(&g->arena, conf_get(s->conf, "branch", ""));
	if (local_pick_new(&g->pick, s->conf, f) && open_repository(g, s, f)) {
		*out = (struct carrier){ .self = g,
			                 .own = true,
			                 .answer = answer,
			                 .free = free_git };
		return true;
	}
	free_git(g);
	return false;
}
