/*
 * The client of the parsing worker. Bodies go out over a socket as one stream
 * while trees come back, so that neither side waits for the other's buffer.
 * When the worker dies, it is not known which of the bodies under way it was:
 * those without an answer are sent again one at a time to a new worker, until
 * one of them has killed it (that one is at fault) or all have passed.
 */

#include "base/text/markup.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/markup_scan.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"

enum {
	MARKUP_CHUNK = 256 << 10,
	MARKUP_WAIT = 12 * LIMIT_PARSE_SECONDS, /* for a sign of life */
	MARKUP_BIRTH_WAIT = 5,                  /* for the first one */
	MARKUP_BIRTHS =
	        10 /* workers in a row that died before their greeting */
};

struct markup_parser {
	pid_t pid; /* of the worker; 0: none */
	int fd;
	bool greeted; /* the worker said how it is guarded */
	unsigned guard;
	struct buf sent, received; /* not yet gone out; not yet a whole tree */
};

/* One call: bodies and where their trees go. */
struct markup_batch {
	enum markup_language language;
	const struct slice *html;
	struct slice *clean; /* as sent */
	size_t count;
	struct arena *a;
	struct markup *out;
	bool *ok, *refused;
	struct fault *faults;
};

/* How an exchange ended. */
enum markup_end { END_DONE, END_DEAD, END_STUCK, END_NONSENSE };

struct markup_parser *markup_parser_new(void)
{
	struct markup_parser *p = memory_new(1, sizeof(*p));

	p->fd = -1;
	p->sent = BUF_INIT(3 * MARKUP_CHUNK);
	p->received = BUF_INIT(MARKUP_REPLY_MOST + 2 * MARKUP_CHUNK);
	return p;
}

/* Ends the worker and returns how it ended, as waitpid() puts it. */
static int markup_stop(struct markup_parser *p, bool kill_it)
{
	int status = 0;

	if (!p->pid)
		return 0;
	if (kill_it)
		kill(p->pid, SIGKILL);
	close(p->fd);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
	p->pid = 0;
	p->fd = -1;
	p->greeted = false;
	buf_reset(&p->sent);
	buf_reset(&p->received);
	return status;
}

void markup_parser_free(struct markup_parser *p)
{
	if (!p)
		return;
	markup_stop(p, true);
	buf_release(&p->sent);
	buf_release(&p->received);
	free(p);
}

static bool markup_start(struct markup_parser *p, struct fault *f)
{
	int pair[2];
	pid_t pid;

	if (p->pid)
		return true;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return fault(f, FAULT_SYSTEM, "markup-worker",
		             "cannot make a socket for the parser: %s",
		             strerror(errno));
	pid = fork();
	if (pid == 0)
		markup_worker_serve(pair[1]);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return fault(f, FAULT_SYSTEM, "markup-worker",
		             "cannot start the parser: %s", strerror(errno));
	}
	p->pid = pid;
	p->fd = pair[0];
	return true;
}

void markup_parser_start(struct markup_parser *p)
{
	struct fault later;

	if (!markup_start(p, &later))
		return;
}

/* The body as UTF-8 without NUL: itself, or a copy in `a`. */
static struct slice markup_clean(struct slice s, struct arena *a)
{
	struct slice clean;
	size_t at = 0, len = 0;
	char *to;

	if (utf8_valid(s) == s.len && slice_find(s, 0) == s.len)
		return s;
	to = arena_new(a, 3 * s.len);
	while (at < s.len) {
		uint32_t point = utf8_next(s, &at);

		len += utf8_put(to + len, point ? point : UTF8_BAD);
	}
	clean = (struct slice){ to, len };
	return clean;
}

/* What must not reach the parser is refused here. */
static void markup_admit(struct markup_batch *b, size_t i)
{
	struct slice s = b->html[i];

	b->ok[i] = false;
	b->refused[i] = true;
	b->out[i] = (struct markup){ 0 };
	if (s.len <= LIMIT_BODY)
		s = markup_clean(s, b->a);
	if (s.len > LIMIT_BODY)
		fault(&b->faults[i], FAULT_LIMIT, "limit-body",
		      "the page has %zu bytes, more than %d", s.len,
		      LIMIT_BODY);
	else if (!markup_scan(b->language, &s, b->a))
		fault(&b->faults[i], FAULT_LIMIT, "limit-attributes",
		      "a tag has more than %d attributes", LIMIT_ATTRIBUTES);
	else
		b->refused[i] = false;
	b->clean[i] = s;
}

/* What goes out next: whole bodies while they fit, parts of large ones. */
struct markup_feed {
	size_t next, to; /* bodies */
	size_t at;       /* bytes of `next` already taken, its head included */
};

static void markup_fill(struct markup_parser *p, const struct markup_batch *b,
                        struct markup_feed *feed)
{
	while (feed->next < feed->to && p->sent.len < MARKUP_CHUNK) {
		struct slice s = b->clean[feed->next];
		const char head[MARKUP_REQUEST_HEAD] = {
			(char)(s.len & 0xFF),       (char)(s.len >> 8 & 0xFF),
			(char)(s.len >> 16 & 0xFF), (char)(s.len >> 24),
			(char)b->language,
		};
		size_t part;

		if (b->refused[feed->next]) {
			feed->next++;
			continue;
		}
		if (!feed->at) {
			buf_add(&p->sent, (struct slice){ head, sizeof(head) });
			feed->at = sizeof(head);
		}
		part = s.len - (feed->at - sizeof(head));
		if (part > MARKUP_CHUNK)
			part = MARKUP_CHUNK;
		buf_add(&p->sent, slice_cut(s, feed->at - sizeof(head),
		                            feed->at - sizeof(head) + part));
		feed->at += part;
		if (feed->at - sizeof(head) == s.len) {
			feed->next++;
			feed->at = 0;
		}
	}
}

/* Takes whole trees out of what was received; *done counts bodies. */
static bool markup_take(struct markup_parser *p, struct markup_batch *b,
                        size_t *done, size_t to)
{
	struct slice in = buf_slice(&p->received);
	size_t at = 0;
	bool fine = true;

	if (!p->greeted && in.len) {
		p->guard = (unsigned char)in.at[0];
		p->greeted = true;
		at = 1;
	}
	for (; fine && *done < to; ++*done) {
		const unsigned char *head;
		size_t len;
		struct slice reply;

		if (b->refused[*done])
			continue;
		if (in.len - at < 4)
			break;
		head = (const unsigned char *)in.at + at;
		len = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 |
		      (size_t)head[3] << 24;
		fine = len <= MARKUP_REPLY_MOST;
		if (!fine || in.len - at - 4 < len)
			break;
		reply = slice_cut(in, at + 4, at + 4 + len);
		at += 4 + len;
		if (markup_wire_refused(reply, &b->faults[*done]))
			continue;
		fine = markup_wire_read(arena_copy(b->a, reply), b->a,
		                        &b->out[*done], &b->faults[*done]);
		if (!fine)
			break;
		b->ok[*done] = true;
	}
	if (at) {
		memmove(p->received.at, p->received.at + at, in.len - at);
		buf_cut(&p->received, in.len - at);
	}
	return fine;
}

static bool markup_again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static bool markup_send(struct markup_parser *p)
{
	ssize_t n = send(p->fd, p->sent.at, p->sent.len,
	                 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0)
		return markup_again();
	memmove(p->sent.at, p->sent.at + n, p->sent.len - (size_t)n);
	buf_cut(&p->sent, p->sent.len - (size_t)n);
	return true;
}

static bool markup_receive(struct markup_parser *p)
{
	char *to = buf_extend(&p->received, MARKUP_CHUNK);
	ssize_t n;

	if (!to)
		return false;
	n = recv(p->fd, to, MARKUP_CHUNK, MSG_DONTWAIT);
	buf_cut(&p->received,
	        p->received.len - MARKUP_CHUNK + (n > 0 ? (size_t)n : 0));
	return n > 0 || (n < 0 && markup_again());
}

/*
 * Sends the bodies from *done up to `to` and takes the trees; *done is moved
 * behind the last one answered, *sent behind the last one sent.
 */
static enum markup_end markup_exchange(struct markup_parser *p,
                                       struct markup_batch *b, size_t *done,
                                       size_t to, size_t *sent)
{
	struct markup_feed feed = { *done, to, 0 };

	for (;;) {
		struct pollfd wait = { .fd = p->fd, .events = POLLIN };
		int n;

		if (!markup_take(p, b, done, to))
			return END_NONSENSE;
		if (*done == to)
			return END_DONE;
		if (!p->sent.len)
			markup_fill(p, b, &feed);
		*sent = feed.next + (feed.at > 0);
		if (p->sent.len)
			wait.events |= POLLOUT;
		n = poll(&wait, 1,
		         (p->greeted ? MARKUP_WAIT : MARKUP_BIRTH_WAIT) * 1000);
		if (n == 0)
			return END_STUCK;
		if (n < 0 && errno != EINTR)
			return END_DEAD;
		if (n > 0 && (wait.revents & POLLOUT) && !markup_send(p))
			return END_DEAD;
		if (n > 0 && (wait.revents & (POLLIN | POLLHUP | POLLERR)) &&
		    !markup_receive(p))
			return END_DEAD;
	}
}

/* Says why the worker died on a body, from how it ended. */
static void markup_blame(struct fault *f, enum markup_end end, int status)
{
	if (end == END_NONSENSE)
		fault(f, FAULT_INPUT, "markup-reply",
		      "the parser's answer makes no sense");
	else if (end == END_STUCK ||
	         (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF))
		fault(f, FAULT_LIMIT, "limit-parse-time",
		      "parsing takes more than %d seconds",
		      LIMIT_PARSE_SECONDS);
	else if (WIFEXITED(status))
		fault(f, FAULT_LIMIT, "limit-parse-memory",
		      "parsing takes more memory than the parser may use");
	else
		fault(f, FAULT_INPUT, "markup-crash",
		      "the parser died of signal %d",
		      WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static bool markup_run(struct markup_parser *p, struct markup_batch *b,
                       struct fault *f)
{
	size_t done = 0, sent = 0;
	size_t alone = 0; /* bodies before this one go one at a time */
	size_t spared = SIZE_MAX;
	int stillborn = 0;

	while (done < b->count) {
		bool single = done < alone;
		enum markup_end end;
		bool greeted;
		int status;

		if (!markup_start(p, f))
			return false;
		end = markup_exchange(p, b, &done, single ? done + 1 : b->count,
		                      &sent);
		if (end == END_DONE)
			continue;
		greeted = p->greeted;
		if (greeted)
			stillborn = 0;
		status = markup_stop(p, true);
		if (!greeted && ++stillborn == MARKUP_BIRTHS)
			return fault(f, FAULT_SYSTEM, "markup-worker",
			             "the parser does not start");
		/* SIGKILL comes from outside: the body gets a second chance. */
		if (single && end == END_DEAD && spared != done &&
		    WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
			spared = done;
		} else if (greeted && (single || end == END_NONSENSE)) {
			markup_blame(&b->faults[done], end, status);
			b->ok[done++] = false;
			alone = 0;
		} else if (greeted) {
			alone = sent;
		}
	}
	return true;
}

static bool markup_batch(struct markup_parser *p, struct markup_batch *b,
                         struct fault *f)
{
	bool done;
	size_t i;

	b->clean = memory_new(b->count, sizeof(*b->clean));
	b->refused = memory_new(b->count, sizeof(*b->refused));
	for (i = 0; i < b->count; i++)
		markup_admit(b, i);
	done = markup_run(p, b, f);
	free(b->clean);
	free(b->refused);
	return done;
}

bool markup_parse_many(struct markup_parser *p, const struct slice *html,
                       size_t count, struct arena *a, struct markup *out,
                       bool *ok, struct fault *faults, struct fault *f)
{
	struct markup_batch b = {
		.language = MARKUP_HTML,
		.html = html,
		.count = count,
		.a = a,
		.out = out,
		.ok = ok,
		.faults = faults,
	};

	return markup_batch(p, &b, f);
}

bool markup_parse_as(struct markup_parser *p, enum markup_language language,
                     struct slice text, struct arena *a, struct markup *out,
                     struct fault *f)
{
	struct fault fault = { 0 };
	bool ok = false;
	struct markup_batch b = {
		.language = language,
		.html = &text,
		.count = 1,
		.a = a,
		.out = out,
		.ok = &ok,
		.faults = &fault,
	};

	if (!markup_batch(p, &b, f))
		return false;
	if (!ok)
		*f = fault;
	return ok;
}

bool markup_parse(struct markup_parser *p, struct slice html, struct arena *a,
                  struct markup *out, struct fault *f)
{
	return markup_parse_as(p, MARKUP_HTML, html, a, out, f);
}

const char *markup_sandbox(void)
{
	static const char *const levels[] = {
		"nothing",           "limits",
		"landlock",          "limits, landlock",
		"seccomp",           "limits, seccomp",
		"landlock, seccomp", "limits, landlock, seccomp",
	};
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct markup tree;
	struct fault f;
	const char *level = "no worker";

	if (markup_parse(p, SLICE("x"), &a, &tree, &f))
		level = levels[p->guard & 7];
	arena_release(&a);
	markup_parser_free(p);
	return level;
}
