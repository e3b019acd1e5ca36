/*
 * libcurl's socket interface over one poll(2): each lane (http_lane.h) tells
 * which of its sockets to watch and when its next timer is due, so that a
 * round costs what happened in it and not how many lanes there are.
 */

#include "base/net/http.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/net/http_cookies.h"
#include "base/net/http_lane.h"
#include "base/net/http_outcome.h"
#include "base/net/http_transfer.h"

enum {
	CONNECTIONS = 16,
	LANES_KEPT = 64,      /* idle ones beyond it go */
	LANE_CONNECTIONS = 8, /* kept through one proxy */
	KEY_MOST = 64 << 10,
	RESOLVE_MOST = 1 << 20,
	CA_MOST = 64 << 20,
};

/* First in, first out. */
struct line {
	struct transfer *first, **last;
	size_t count;
};

struct fired {
	int fd;
	short events;
	struct lane *owner;
};

struct http {
	struct http_options options;
	char *agent, *ca_file;
	struct cookies cookies;
	struct curl_slist *resolve;
	struct lane *lanes;
	size_t lane_count;
	uint64_t asked;
	struct buf key;
	struct line waiting, ready;
	size_t running;
	struct transfer **busy; /* all that have a request */
	size_t busy_count, busy_cap;
	/* The sockets of all lanes, and whose each is. */
	struct pollfd *watched;
	struct lane **owners;
	size_t watched_count, watched_cap, owner_cap;
	struct fired *fired;
	size_t fired_cap;
};

static void line_add(struct line *l, struct transfer *t)
{
	if (!l->first)
		l->last = &l->first;
	t->next = NULL;
	*l->last = t;
	l->last = &t->next;
	l->count++;
}

static struct transfer *line_take(struct line *l)
{
	struct transfer *t = l->first;

	if (t) {
		l->first = t->next;
		t->next = NULL;
		l->count--;
	}
	return t;
}

/* CURLMOPT_SOCKETFUNCTION: sockets come and go with almost every request, but
 * there are few at a time. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data,
                     void *socket_data)
{
	struct lane *l = data;
	struct http *h = l->watcher;
	size_t i = 0;
	short events = (short)((what & CURL_POLL_IN ? POLLIN : 0) |
	                       (what & CURL_POLL_OUT ? POLLOUT : 0));

	(void)easy;
	(void)socket_data;
	while (i < h->watched_count && h->watched[i].fd != fd)
		i++;
	if (what == CURL_POLL_REMOVE) {
		if (i < h->watched_count) {
			h->watched[i] = h->watched[--h->watched_count];
			h->owners[i] = h->owners[h->watched_count];
		}
		return 0;
	}
	if (i == h->watched_count) {
		h->watched = memory_room(h->watched, i, &h->watched_cap,
		                         sizeof(*h->watched));
		h->owners = memory_room(h->owners, i, &h->owner_cap,
		                        sizeof(*h->owners));
		h->watched_count++;
	}
	h->watched[i] = (struct pollfd){ .fd = fd, .events = events };
	h->owners[i] = l;
	return 0;
}

static int on_timer(CURLM *multi, long timeout, void *data)
{
	struct lane *l = data;

	(void)multi;
	l->due = timeout < 0 ? INT64_MAX : clock_monotonic() + timeout;
	return 0;
}

static bool lane_watch(struct lane *l, struct http *h)
{
	l->watcher = h;
	return !curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION,
	                          on_socket) &&
	       !curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l) &&
	       !curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, on_timer) &&
	       !curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l);
}

/* Takes the lane at *at out of the list. */
static void lane_drop(struct http *h, struct lane **at)
{
	struct lane *l = *at;

	*at = l->next;
	h->lane_count--;
	lane_free(l);
}

static void drop_forgotten(struct http *h)
{
	for (struct lane **at = &h->lanes; *at;) {
		if ((*at)->forgotten && (*at)->busy == 0)
			lane_drop(h, at);
		else
			at = &(*at)->next;
	}
}

/* The idle lane that was not used for longest goes. */
static void make_room(struct http *h)
{
	struct lane **oldest = NULL;

	if (h->lane_count < LANES_KEPT)
		return;
	for (struct lane **at = &h->lanes; *at; at = &(*at)->next)
		if ((*at)->busy == 0 &&
		    (!oldest || (*at)->used < (*oldest)->used))
			oldest = at;
	if (oldest)
		lane_drop(h, oldest);
}

static struct lane *lane_add(struct http *h, const struct http_request *r,
                             size_t through)
{
	unsigned most = r->proxy && h->options.connections > LANE_CONNECTIONS
	                        ? LANE_CONNECTIONS
	                        : h->options.connections;
	struct lane *l;

	make_room(h);
	l = lane_new(r, buf_slice(&h->key), through, &h->options,
	             h->cookies.share, h->resolve, most);
	if (l && !lane_watch(l, h)) {
		lane_free(l);
		return NULL;
	}
	if (l) {
		l->next = h->lanes;
		h->lanes = l;
		h->lane_count++;
	}
	return l;
}

static struct lane *lane_of(struct http *h, const struct http_request *r,
                            struct fault *f)
{
	struct lane *l = h->lanes;
	size_t through;

	buf_reset(&h->key);
	if (!lane_key(r, &h->key, &through, f))
		return NULL;
	while (l && (l->forgotten || !slice_eq(l->key, buf_slice(&h->key))))
		l = l->next;
	if (!l)
		l = lane_add(h, r, through);
	if (l)
		l->used = ++h->asked;
	else
		fault(f, FAULT_SYSTEM, "http-memory",
		      "no memory for connections");
	return l;
}

/* A line each: host:port:address, as CURLOPT_RESOLVE takes them. */
static bool resolve_read(const char *file, struct curl_slist **list,
                         struct fault *f)
{
	struct curl_slist *more;
	char *text = NULL, *end;
	size_t len;

	if (!file_read(file, RESOLVE_MOST, &text, &len, f))
		return false;
	for (char *at = text; at < text + len; at = end + 1) {
		end = memchr(at, '\n', len - (size_t)(at - text));
		if (!end)
			break;
		*end = '\0';
		more = curl_slist_append(*list, at);
		if (more)
			*list = more;
	}
	free(text);
	return true;
}

static bool ca_file_there(const char *path, struct fault *f)
{
	char *text = NULL;
	size_t len;
	bool done = file_read(path, CA_MOST, &text, &len, f);

	free(text);
	if (!done) {
		f->kind = FAULT_USAGE;
		f->code = "ca-file";
	}
	return done;
}

static bool http_setup(struct http *h, const struct http_options *o,
                       struct fault *f)
{
	h->key = BUF_INIT(KEY_MOST);
	h->options = *o;
	h->agent = memory_copy(o->user_agent.at, o->user_agent.len);
	h->options.user_agent.at = h->agent;
	if (o->connections == 0)
		h->options.connections = CONNECTIONS;
	if (o->ca_file) {
		if (!ca_file_there(o->ca_file, f))
			return false;
		h->ca_file = memory_copy(o->ca_file, strlen(o->ca_file));
		h->options.ca_file = h->ca_file;
	}
	if (o->resolve_file && !resolve_read(o->resolve_file, &h->resolve, f))
		return false;
	return !(o->cookies || o->cookie_file) ||
	       cookies_open(&h->cookies, o->cookie_file, f);
}

bool http_new(struct http **out, const struct http_options *o, struct fault *f)
{
	struct http *h;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return fault(f, FAULT_SYSTEM, "http-library",
		             "libcurl cannot be set up");
	h = memory_new(1, sizeof(*h));
	if (!http_setup(h, o, f)) {
		http_free(h);
		return false;
	}
	*out = h;
	return true;
}

/* To those with a request. */
static void busy_add(struct http *h, struct transfer *t)
{
	h->busy = memory_room(h->busy, h->busy_count, &h->busy_cap,
	                      sizeof(*h->busy));
	t->slot = h->busy_count;
	h->busy[h->busy_count++] = t;
}

static void busy_drop(struct http *h, struct transfer *t)
{
	h->busy[t->slot] = h->busy[--h->busy_count];
	h->busy[t->slot]->slot = t->slot;
	lane_give(t->lane, t);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	while (h->busy_count) {
		struct transfer *t = h->busy[h->busy_count - 1];
		struct lane *l = t->lane;

		if (t->running)
			curl_multi_remove_handle(l->multi, t->easy);
		busy_drop(h, t);
	}
	while (h->lanes)
		lane_drop(h, &h->lanes);
	cookies_close(&h->cookies);
	curl_slist_free_all(h->resolve);
	buf_release(&h->key);
	free(h->busy);
	free(h->watched);
	free(h->owners);
	free(h->fired);
	free(h->agent);
	free(h->ca_file);
	free(h);
	curl_global_cleanup();
}

/* By the host as libcurl read it. */
static bool may_go(const struct transfer *t, struct fault *f)
{
	char *host = NULL;
	bool good;

	if (curl_url_get(t->address, CURLUPART_HOST, &host, 0))
		return fault(f, FAULT_USAGE, "http-url", "no host");
	good = wall_host(slice_of(host), t->proxied, t->most, f);
	curl_free(host);
	return good;
}

bool http_start(struct http *h, const struct http_request *r, struct fault *f)
{
	struct lane *l = lane_of(h, r, f);
	struct transfer *t;
	struct fault why;

	if (!l)
		return false;
	t = lane_take(l);
	if (!t)
		return fault(f, FAULT_SYSTEM, "http-memory",
		             "no memory for a request");
	busy_add(h, t);
	if (!transfer_ask(t, r, f)) {
		fault_at(f, buf_string(&t->url), 0);
		busy_drop(h, t);
		return false;
	}
	if (may_go(t, &why)) {
		line_add(&h->waiting, t);
	} else {
		outcome_deny(t, &why);
		line_add(&h->ready, t);
	}
	return true;
}

static bool begin_waiting(struct http *h, struct fault *f)
{
	while (h->waiting.count && h->running < h->options.connections) {
		struct transfer *t = line_take(&h->waiting);
		struct lane *l = t->lane;

		if (curl_multi_add_handle(l->multi, t->easy)) {
			line_add(&h->waiting, t);
			return fault(f, FAULT_SYSTEM, "http-library",
			             "libcurl takes no more requests");
		}
		t->running = true;
		h->running++;
	}
	return true;
}

static void finish(struct http *h, struct lane *l, CURL *easy, CURLcode code)
{
	struct transfer *t = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
	outcome_fill(t, code);
	curl_multi_remove_handle(l->multi, easy);
	t->running = false;
	h->running--;
	cookies_note(&h->cookies, t->cookies);
	line_add(&h->ready, t);
}

static void collect(struct http *h)
{
	CURLMsg *message;
	int left;

	for (struct lane *l = h->lanes; l; l = l->next) {
		if (!l->touched)
			continue;
		l->touched = false;
		while ((message = curl_multi_info_read(l->multi, &left)))
			if (message->msg == CURLMSG_DONE)
				finish(h, l, message->easy_handle,
				       message->data.result);
	}
}

static bool act(struct lane *l, curl_socket_t fd, int events, struct fault *f)
{
	int left;
	CURLMcode code = curl_multi_socket_action(l->multi, fd, events, &left);

	l->touched = true;
	return code == CURLM_OK ||
	       fault(f, FAULT_SYSTEM, "http-library", "libcurl: %s",
	             curl_multi_strerror(code));
}

static bool run_timers(struct http *h, int64_t now, struct fault *f)
{
	for (struct lane *l = h->lanes; l; l = l->next) {
		if (l->due > now)
			continue;
		l->due = INT64_MAX;
		if (!act(l, CURL_SOCKET_TIMEOUT, 0, f))
			return false;
	}
	return true;
}

/* Until the next timer or `until`, whichever is first. */
static int poll_time(const struct http *h, int64_t now, int64_t until)
{
	for (const struct lane *l = h->lanes; l; l = l->next)
		if (l->due < until)
			until = l->due;
	if (until <= now)
		return 0;
	return until - now > INT_MAX ? INT_MAX : (int)(until - now);
}

/* The sockets that fired are noted first: acting on them changes the list. */
static bool act_on_sockets(struct http *h, struct fault *f)
{
	size_t count = 0;

	if (h->fired_cap < h->watched_cap) {
		h->fired_cap = h->watched_cap;
		h->fired = memory_resize(h->fired, h->fired_cap,
		                         sizeof(*h->fired));
	}
	for (size_t i = 0; i < h->watched_count; i++)
		if (h->watched[i].revents)
			h->fired[count++] =
			        (struct fired){ h->watched[i].fd,
				                h->watched[i].revents,
				                h->owners[i] };
	for (size_t i = 0; i < count; i++) {
		const struct fired *one = &h->fired[i];
		int events = (one->events & POLLIN ? CURL_CSELECT_IN : 0) |
		             (one->events & POLLOUT ? CURL_CSELECT_OUT : 0);

		/* With 0 libcurl looks itself at what is wrong. */
		if (!act(one->owner, one->fd, events, f))
			return false;
	}
	return true;
}

bool http_poll(struct http *h, int64_t wait, struct fault *f)
{
	int64_t now = clock_monotonic();
	int64_t until = now > INT64_MAX - wait ? INT64_MAX : now + wait;

	for (;; now = clock_monotonic()) {
		if (!begin_waiting(h, f) || !run_timers(h, now, f))
			return false;
		collect(h);
		if (h->running + h->waiting.count == 0)
			return true;
		if (h->ready.count)
			until = now; /* still, let the others move */
		if (poll(h->watched, h->watched_count,
		         poll_time(h, now, until)) < 0)
			return errno == EINTR || errno == EAGAIN ||
			       fault(f, FAULT_SYSTEM, "http-poll", "poll: %s",
			             strerror(errno));
		if (!act_on_sockets(h, f))
			return false;
		collect(h);
		if (h->ready.count || clock_monotonic() >= until)
			return begin_waiting(h, f);
	}
}

struct http_reply *http_next(struct http *h)
{
	struct transfer *t = line_take(&h->ready);

	return t ? &t->reply : NULL;
}

void http_done(struct http *h, struct http_reply *r)
{
	struct transfer *t = (struct transfer *)r;
	struct lane *l = t->lane;

	busy_drop(h, t);
	if (l->forgotten && l->busy == 0)
		drop_forgotten(h);
}

size_t http_active(const struct http *h)
{
	return h->running + h->waiting.count + h->ready.count;
}

struct slice http_header(const struct http_reply *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (slice_eq(r->headers[i].name, slice_of(name)))
			return r->headers[i].value;
	return (struct slice){ NULL, 0 };
}

void http_forget(struct http *h, const struct http_proxy *proxy)
{
	struct buf key = BUF_INIT(KEY_MOST);

	lane_key_through(proxy, &key);
	for (struct lane *l = h->lanes; l; l = l->next)
		if (slice_eq(l->through, buf_slice(&key)))
			l->forgotten = true;
	buf_release(&key);
	drop_forgotten(h);
}

void http_forget_cookies(struct http *h)
{
	cookies_forget(&h->cookies);
}
