/*
 * The remote has no name, so that nothing of it is written down: neither its
 * address nor what it was asked for. HEAD follows the branch the remote calls
 * its own.
 */

#include "crawler/carrier_git_fetch.h"

#include <stdlib.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "crawler/carrier_git_history.h"
#include "crawler/carrier_git_http.h"

struct scheme {
	bool web, local;
};

static struct scheme scheme_of(struct slice url)
{
	return (struct scheme){
		.web = slice_starts(url, SLICE("https://")) ||
		       slice_starts(url, SLICE("http://")),
		.local = slice_starts(url, SLICE("file://")) ||
		         slice_starts(url, SLICE("/")),
	};
}

/* STORE.git/NAME: one folder for the clones of a store. */
static void cache_path(const struct source_start *s, struct buf *out)
{
	buf_add(out, s->store);
	buf_text(out, ".git/");
	url_escape(conf_name(s->conf), out);
}

bool carrier_git_fetch_open(git_repository **out, const struct source_start *s,
                            struct fault *f)
{
	struct slice url = conf_get(s->conf, "url", "");
	git_repository_init_options options;
	struct buf path = BUF_INIT(LIMIT_LINK);
	bool ok = true;
	int e;

	if (!scheme_of(url).web && !scheme_of(url).local)
		return fault(f, FAULT_USAGE, "git-url",
		             "url is '%.*s', but only https, http and file "
		             "are fetched: clone it yourself, and set path",
		             SLICE_ARG(url));
	cache_path(s, &path);
	git_repository_init_options_init(&options,
	                                 GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH |
	                GIT_REPOSITORY_INIT_NO_DOTGIT_DIR;
	options.mode = 0700;
	e = git_repository_open_bare(out, buf_string(&path));
	if (e)
		e = git_repository_init_ext(out, buf_string(&path), &options);
	if (e) {
		ok = carrier_git_fault(e, "make a clone", f);
		fault_at(f, buf_string(&path), 0);
	}
	buf_release(&path);
	return ok;
}

static int look(const git_indexer_progress *progress, void *payload)
{
	struct fault f;

	(void)progress;
	(void)payload;
	return cancel_check(&f) ? 0 : GIT_EUSER;
}

/* HEAD as the remote has it. */
static int follow_head(git_repository *repo, git_remote *remote)
{
	git_buf name = GIT_BUF_INIT;
	int e = git_remote_default_branch(&name, remote);

	if (!e)
		e = git_repository_set_head(repo, name.ptr);
	git_buf_dispose(&name);
	return e == GIT_ENOTFOUND ? 0 : e; /* it is empty */
}

static int fetch_all(git_repository *repo, const char *url,
                     git_fetch_options *options)
{
	char *specs[] = { (char *)"+refs/heads/*:refs/heads/*" };
	const git_strarray list = { specs, 1 };
	git_remote_create_options how;
	git_remote *remote = NULL;
	int e;

	/* Nobody's rules on which address stands for which. */
	git_remote_create_options_init(&how, GIT_REMOTE_CREATE_OPTIONS_VERSION);
	how.repository = repo;
	how.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
	            GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	e = git_remote_create_with_opts(&remote, url, &how);

	if (!e)
		e = git_remote_connect(remote, GIT_DIRECTION_FETCH,
		                       &options->callbacks, NULL, NULL);
	if (!e)
		e = git_remote_download(remote, &list, options);
	if (!e)
		e = git_remote_update_tips(remote, &options->callbacks, 0,
		                           GIT_REMOTE_DOWNLOAD_TAGS_NONE, NULL);
	if (!e)
		e = git_remote_prune(remote, &options->callbacks);
	if (!e)
		e = follow_head(repo, remote);
	git_remote_free(remote);
	return e;
}

static bool open_http(struct carrier_git_http *t,
                      const struct conf_section *conf,
                      const struct source_secrets *secrets, struct fault *f)
{
	struct slice ca = conf_get(conf, "ca-file", "");
	const struct http_options options = {
		.user_agent = SLICE("git/2.0 (opslore/" OPSLORE_VERSION ")"),
		.ca_file = ca.len ? arena_copy(&t->arena, ca).at : NULL,
		.allow_private = slice_eq(conf_get(conf, "allow-private", "no"),
		                          SLICE("yes")),
		.http1 = slice_eq(conf_get(conf, "http", ""), SLICE("1.1")),
	};

	t->url = arena_copy(&t->arena, conf_get(conf, "url", ""));
	t->user = secrets->user;
	t->secret = secrets->password;
	if (!t->user.len && secrets->token.len) {
		/* What GitHub asks for; others take any name with a token. */
		t->user = SLICE("x-access-token");
		t->secret = secrets->token;
	}
	return http_new(&t->http, &options, f);
}

bool carrier_git_fetch(git_repository *repo, const struct conf_section *conf,
                       const struct source_secrets *secrets, struct fault *f)
{
	struct carrier_git_http t = { 0 };
	git_fetch_options options;
	bool ok = open_http(&t, conf, secrets, f);
	int e = 0;

	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	options.prune = GIT_FETCH_PRUNE;
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	options.update_fetchhead = 0;
	options.callbacks.transfer_progress = look;
	if (scheme_of(t.url).web) {
		options.callbacks.transport = carrier_git_http_transport;
		options.callbacks.payload = &t;
	}
	if (ok)
		e = fetch_all(repo, t.url.at, &options);
	if (e && t.fault.kind) {
		*f = t.fault;
		ok = fault_in(f, "fetch");
	} else if (e)
		ok = carrier_git_fault(e, "fetch", f);
	http_free(t.http);
	arena_release(&t.arena);
	return ok;
}
