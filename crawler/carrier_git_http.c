/*
 * The protocol has two steps (gitprotocol-http(5)): a GET of info/refs, which
 * may be redirected and so tells where the repository really is, then POSTs to
 * git-upload-pack. A stream is one of them: what is written to it is the body,
 * and it goes out when the reply is first read.
 */

#include "crawler/carrier_git_http.h"

#include <git2.h>
#include <git2/sys/transport.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cancel.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/net/url.h"

enum {
	PACK_MOST = 1 << 30,   /* bytes of one reply */
	WANTS_MOST = 64 << 20, /* bytes of one request */
	HOPS = 5,
	WAIT = 200, /* milliseconds between looks at Ctrl-C */
};

#define TIMEOUT (15 * 60 * INT64_C(1000))

#define REFS "/info/refs?service=git-upload-pack"

struct link {
	git_smart_subtransport as; /* first: libgit2 knows it as that */
	struct carrier_git_http *to;
};

struct stream {
	git_smart_subtransport_stream as; /* likewise */
	struct carrier_git_http *to;
	bool asks; /* a GET of info/refs */
	struct buf body;
	struct http_reply *reply;
	size_t taken;
};

static int tell(struct carrier_git_http *t)
{
	git_error_set_str(GIT_ERROR_NET, t->fault.text);
	return -1;
}

/* The repository's address as it is now. */
static struct slice place(const struct carrier_git_http *t)
{
	struct slice url = t->moved.len ? t->moved : t->url;

	while (url.len && url.at[url.len - 1] == '/')
		url.len--;
	return url;
}

static bool is_home(const struct carrier_git_http *t, struct slice url)
{
	struct url home = URL_INIT, here = URL_INIT;
	struct fault none;
	bool is = url_parse(&home, t->url, NULL, &none) &&
	          url_parse(&here, url, NULL, &none) &&
	          url_same_origin(&home, &here);

	url_release(&home);
	url_release(&here);
	return is;
}

/* One request to its end; *out is the http's. */
static bool ask(struct carrier_git_http *t, struct slice url, struct slice body,
                struct http_reply **out)
{
	const struct http_header headers[] = {
		{ SLICE("Accept"), SLICE("*/*") },
		{ SLICE("Content-Type"),
		  SLICE("application/x-git-upload-pack-request") },
	};
	struct http_request r = {
		.url = url,
		.body = body,
		.headers = headers,
		.header_count = body.len ? 2 : 1,
		.wire_most = PACK_MOST,
		.body_most = PACK_MOST,
		.timeout = TIMEOUT,
	};

	if (is_home(t, url)) {
		r.user = t->user;
		r.password = t->secret;
	}
	if (!http_start(t->http, &r, &t->fault))
		return false;
	while (!(*out = http_next(t->http)))
		if (!cancel_check(&t->fault) ||
		    !http_poll(t->http, WAIT, &t->fault))
			return false;
	if ((*out)->trouble == HTTP_FORBIDDEN)
		return fault(&t->fault, FAULT_DENIED, "git-http",
		             "%s; allow-private = yes lets this source live "
		             "there",
		             (*out)->fault.text);
	if ((*out)->trouble)
		t->fault = (*out)->fault;
	return !(*out)->trouble;
}

static bool judge(struct carrier_git_http *t, const struct http_reply *r)
{
	const struct slice type = SLICE("application/x-git-upload-pack-");
	int status = r->status;

	if (status == 200 && slice_starts(http_header(r, "content-type"), type))
		return true;
	if (status == 200)
		fault(&t->fault, FAULT_INPUT, "git-http",
		      "the server does not speak git there");
	else if (status == 401 || status == 403)
		fault(&t->fault, FAULT_DENIED, "git-http",
		      "the server says %d: %s", status,
		      t->secret.len ? "login was refused"
		                    : "set user and password-file, or "
		                      "token-file");
	else
		fault(&t->fault,
		      status == 429 || status >= 500 ? FAULT_LATER
		                                     : FAULT_INPUT,
		      "git-http", "the server says %d", status);
	return false;
}

/* Where a redirect of info/refs leads: to the same below another address. */
static bool follow(struct carrier_git_http *t, struct slice from,
                   const struct http_reply *r)
{
	const struct slice tail = SLICE(REFS);
	struct url base = URL_INIT, to = URL_INIT;
	struct slice next = { 0 };
	bool ok;

	ok = url_parse(&base, from, NULL, &t->fault) &&
	     url_parse(&to, http_header(r, "location"), &base, &t->fault);
	next = ok ? url_bare(&to) : next;
	if (ok && (!url_is_web(&to) || !slice_ends(next, tail) ||
	           (slice_starts(from, SLICE("https:")) &&
	            !slice_starts(next, SLICE("https:")))))
		ok = fault(&t->fault, FAULT_DENIED, "git-http",
		           "a redirect that is not followed");
	if (ok)
		t->moved = arena_copy(&t->arena,
		                      slice_cut(next, 0, next.len - tail.len));
	url_release(&base);
	url_release(&to);
	return ok;
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

static bool fetch(struct stream *s)
{
	struct carrier_git_http *t = s->to;
	struct buf url = BUF_INIT(LIMIT_LINK);
	bool ok;
	int hops;

	for (hops = 0; hops <= HOPS; hops++) {
		buf_reset(&url);
		buf_add(&url, place(t));
		buf_text(&url, s->asks ? REFS : "/git-upload-pack");
		ok = ask(t, buf_slice(&url), buf_slice(&s->body), &s->reply);
		if (!ok || !s->asks || !is_redirect(s->reply->status))
			break;
		ok = follow(t, buf_slice(&url), s->reply);
		http_done(t->http, s->reply);
		s->reply = NULL;
		if (!ok)
			break;
	}
	if (hops > HOPS)
		ok = fault(&t->fault, FAULT_INPUT, "git-http",
		           "more than %d redirects", HOPS);
	buf_release(&url);
	return ok && judge(t, s->reply);
}

static int stream_read(git_smart_subtransport_stream *as, char *buffer,
                       size_t size, size_t *read)
{
	struct stream *s = (struct stream *)as;
	struct slice rest;

	*read = 0;
	if (!s->reply && !fetch(s))
		return tell(s->to);
	rest = slice_cut(s->reply->body, s->taken, s->reply->body.len);
	if (rest.len < size)
		size = rest.len;
	if (size)
		memcpy(buffer, rest.at, size);
	s->taken += size;
	*read = size;
	return 0;
}

static int stream_write(git_smart_subtransport_stream *as, const char *buffer,
                        size_t size)
{
	struct stream *s = (struct stream *)as;

	/* The next request of a conversation. */
	if (s->reply) {
		http_done(s->to->http, s->reply);
		s->reply = NULL;
		s->taken = 0;
		buf_reset(&s->body);
	}
	buf_add(&s->body, (struct slice){ buffer, size });
	if (!buf_full(&s->body))
		return 0;
	fault(&s->to->fault, FAULT_LIMIT, "git-http", "a request is too long");
	return tell(s->to);
}

static void stream_free(git_smart_subtransport_stream *as)
{
	struct stream *s = (struct stream *)as;

	if (s->reply)
		http_done(s->to->http, s->reply);
	buf_release(&s->body);
	free(s);
}

static int link_action(git_smart_subtransport_stream **out,
                       git_smart_subtransport *as, const char *url,
                       git_smart_service_t action)
{
	struct link *l = (struct link *)as;
	struct stream *s;

	(void)url;
	if (action != GIT_SERVICE_UPLOADPACK_LS &&
	    action != GIT_SERVICE_UPLOADPACK)
		return -1; /* we push nothing */
	s = memory_new(1, sizeof(*s));
	s->as.subtransport = as;
	s->as.read = stream_read;
	s->as.write = stream_write;
	s->as.free = stream_free;
	s->to = l->to;
	s->asks = action == GIT_SERVICE_UPLOADPACK_LS;
	s->body = BUF_INIT(WANTS_MOST);
	*out = &s->as;
	return 0;
}

static int link_close(git_smart_subtransport *as)
{
	(void)as;
	return 0;
}

static void link_free(git_smart_subtransport *as)
{
	free(as);
}

static int link_new(git_smart_subtransport **out, git_transport *owner,
                    void *payload)
{
	struct link *l = memory_new(1, sizeof(*l));

	(void)owner;
	l->as.action = link_action;
	l->as.close = link_close;
	l->as.free = link_free;
	l->to = payload;
	*out = &l->as;
	return 0;
}

int carrier_git_http_transport(git_transport **out, git_remote *owner,
                               void *payload)
{
	git_smart_subtransport_definition definition = {
		.callback = link_new,
		.rpc = 1,
		.param = payload,
	};

	return git_transport_smart(out, owner, &definition);
}
