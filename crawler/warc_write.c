/*
 * A record is
 *
 *	WARC/1.1 CRLF (name ": " value CRLF)* CRLF block CRLF CRLF
 *
 * and its block, of a request or a response, is an HTTP message. Bodies come to
 * us unpacked and in one piece, so that is how they are written: the headers
 * that told how they were packed or cut on the wire are kept under names that
 * begin with X-Archive-Orig-, and Content-Length is the body's own.
 *
 * Digests are SHA-256 in hex, since payloads of one digest are taken for the
 * same. Ids of records are UUIDs of version 8 (RFC 9562, 5.8), made from the
 * file's name and the record's place in it.
 */

#include "crawler/warc_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/net/url.h"

enum {
	WRITE_SERIALS = 99999,
	WRITE_SEEN = 100000, /* payloads remembered */
	WRITE_SMALL = 512,   /* a shorter one is written again */
	WRITE_ID = 48,
	WRITE_DATE = 32,
	WRITE_HEADERS = LIMIT_FETCH_HEADERS + 4 * LIMIT_LINK,
	WRITE_RECORDS = 2 * (LIMIT_FETCH_BODY + WRITE_HEADERS),
};

/* Where a payload was first written. */
struct seen {
	struct slice url;
	int64_t time;
	char id[WRITE_ID];
};

struct warc_writer {
	struct slice name, about;
	const char *folder;
	int64_t most, now;
	int fd; /* -1: no file yet */
	char *path;
	int serial, records;
	int64_t len;
	bool unsynced;
	struct fault broken; /* an earlier write failed */
	struct map seen;
	struct arena arena;
	struct buf head, fields, out;
};

void warc_write_open(struct warc_writer **out,
                     const struct warc_write_options *o)
{
	struct warc_writer *w = memory_new(1, sizeof(*w));

	w->name = arena_copy(&w->arena, o->name);
	w->about = arena_copy(&w->arena, o->about);
	w->folder = arena_copy(&w->arena, slice_of(o->folder)).at;
	w->most = o->most;
	w->now = o->now;
	w->fd = -1;
	w->seen = MAP_INIT;
	w->head = BUF_INIT(WRITE_HEADERS);
	w->fields = BUF_INIT(WRITE_HEADERS);
	w->out = BUF_INIT(WRITE_RECORDS);
	*out = w;
}

/* "2026-01-02T03:04:05.678901Z" */
static void date_write(char out[WRITE_DATE], int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time / 1000);
	text[10] = 'T';
	snprintf(out, WRITE_DATE, "%.23s%03dZ", text, (int)(time % 1000));
}

static void id_make(struct warc_writer *w, char out[WRITE_ID])
{
	struct buf seed = BUF_INIT(2 * LIMIT_LINK);
	struct sha256 h;
	char hex[65];

	buf_addf(&seed, "%s %d %lld %lld", w->path, w->records++,
	         (long long)w->len, (long long)w->now);
	sha256_init(&h);
	sha256_add(&h, buf_slice(&seed));
	sha256_end(&h, hex);
	buf_release(&seed);
	snprintf(out, WRITE_ID, "<urn:uuid:%.8s-%.4s-8%.3s-a%.3s-%.12s>", hex,
	         hex + 8, hex + 12, hex + 15, hex + 18);
}

static void digest_add(struct buf *out, const char *name, struct slice a,
                       struct slice b)
{
	struct sha256 h;
	char hex[65];

	sha256_init(&h);
	sha256_add(&h, a);
	sha256_add(&h, b);
	sha256_end(&h, hex);
	buf_addf(out, "%s: sha256:%s\r\n", name, hex);
}

/* The first lines of a record; its other own ones are added to w->fields. */
static void record_start(struct warc_writer *w, const char *type,
                         const char *id, int64_t time)
{
	char date[WRITE_DATE];

	date_write(date, time);
	buf_reset(&w->fields);
	buf_addf(&w->fields,
	         "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: %s\r\n"
	         "WARC-Date: %s\r\n",
	         type, id, date);
}

/* Appends the record with the block `head` and `body` to w->out. */
static void record_end(struct warc_writer *w, const char *type,
                       struct slice head, struct slice body)
{
	struct slice parts[4];

	digest_add(&w->fields, "WARC-Block-Digest", head, body);
	buf_addf(&w->fields, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
	         type, head.len + body.len);
	parts[0] = buf_slice(&w->fields);
	parts[1] = head;
	parts[2] = body;
	parts[3] = SLICE("\r\n\r\n");
	gzip_pack(parts, 4, &w->out);
}

/* Writes w->out behind what the file holds. */
static bool out_write(struct warc_writer *w, struct fault *f)
{
	size_t done = 0;

	if (buf_full(&w->out) || buf_full(&w->fields) || buf_full(&w->head))
		return fault(f, FAULT_LIMIT, "limit-warc",
		             "an exchange is too large for the archive");
	while (done < w->out.len) {
		ssize_t n = write(w->fd, w->out.at + done, w->out.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fault_errno(&w->broken, w->path, "write");
			*f = w->broken;
			return false;
		}
		done += (size_t)n;
	}
	w->len += (int64_t)done;
	w->unsynced = true;
	return true;
}

/* "ops-wiki-20260102030405678-00001.warc.gz": of a name that is new. */
static bool file_make(struct warc_writer *w, struct fault *f)
{
	struct buf path = BUF_INIT(2 * LIMIT_LINK);
	char text[CLOCK_TEXT];
	size_t i, stem;

	clock_write(text, w->now);
	buf_addf(&path, "%s/", w->folder);
	for (i = 0; i < w->name.len; i++)
		buf_byte(&path, strchr("/ :*?\\\"<>|", w->name.at[i])
		                        ? '_'
		                        : w->name.at[i]);
	buf_byte(&path, '-');
	for (i = 0; text[i]; i++)
		if (text[i] >= '0' && text[i] <= '9')
			buf_byte(&path, text[i]);
	stem = path.len;
	do {
		buf_cut(&path, stem);
		buf_addf(&path, "-%05d.warc.gz", ++w->serial);
		w->fd = open(buf_string(&path),
		             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	} while (w->fd < 0 && errno == EEXIST && w->serial < WRITE_SERIALS);
	if (w->fd < 0)
		fault_errno(f, buf_string(&path), "create");
	w->path = memory_copy(path.at, path.len);
	w->len = 0;
	buf_release(&path);
	return w->fd >= 0 && folder_sync(w->folder, f);
}

static void info_make(struct warc_writer *w, int64_t time)
{
	const char *slash = strrchr(w->path, '/');
	char id[WRITE_ID];

	id_make(w, id);
	buf_reset(&w->head);
	buf_text(&w->head, "software: opslore/" OPSLORE_VERSION "\r\n"
	                   "format: WARC File Format 1.1\r\n"
	                   "conformsTo: http://iipc.github.io/warc-"
	                   "specifications/specifications/warc-format/"
	                   "warc-1.1/\r\n");
	buf_add(&w->head, w->about);
	record_start(w, "warcinfo", id, time);
	buf_addf(&w->fields, "WARC-Filename: %s\r\n", slash + 1);
	record_end(w, "application/warc-fields", buf_slice(&w->head),
	           SLICE(""));
}

static void file_close(struct warc_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	free(w->path);
	w->fd = -1;
	w->path = NULL;
}

/* A file to write to: the one at hand, or the next one with its warcinfo. */
static bool file_ready(struct warc_writer *w, int64_t time, struct fault *f)
{
	if (w->broken.kind) {
		*f = w->broken;
		return false;
	}
	if (w->fd >= 0 && w->len < w->most)
		return true;
	if (w->fd >= 0 && !warc_write_sync(w, f))
		return false;
	file_close(w);
	if (!folder_make(w->folder, f) || !file_make(w, f))
		return false;
	buf_reset(&w->out);
	info_make(w, time);
	return out_write(w, f);
}

static void head_request(struct warc_writer *w, const struct warc_exchange *x,
                         const struct url *url)
{
	struct slice host = url_host(url);
	size_t i;

	buf_reset(&w->head);
	buf_addf(&w->head, "%.*s %.*s HTTP/1.1\r\nHost: %.*s",
	         SLICE_ARG(x->method), SLICE_ARG(url_target(url)),
	         SLICE_ARG(host));
	if (url->port >= 0)
		buf_addf(&w->head, ":%d", (int)url->port);
	buf_text(&w->head, "\r\n");
	for (i = 0; i < x->asked_count; i++)
		buf_addf(&w->head, "%.*s: %.*s\r\n",
		         SLICE_ARG(x->asked[i].name),
		         SLICE_ARG(x->asked[i].value));
	if (x->body.len)
		buf_addf(&w->head, "Content-Length: %zu\r\n", x->body.len);
	buf_text(&w->head, "\r\n");
}

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} table[] = { { 200, "OK" },
		      { 301, "Moved Permanently" },
		      { 302, "Found" },
		      { 303, "See Other" },
		      { 304, "Not Modified" },
		      { 307, "Temporary Redirect" },
		      { 308, "Permanent Redirect" },
		      { 400, "Bad Request" },
		      { 401, "Unauthorized" },
		      { 403, "Forbidden" },
		      { 404, "Not Found" },
		      { 410, "Gone" },
		      { 429, "Too Many Requests" },
		      { 500, "Internal Server Error" },
		      { 503, "Service Unavailable" } };
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].status == status)
			return table[i].text;
	return "Status";
}

static bool one_of(struct slice name, const char *const *names)
{
	while (*names && !slice_eq(name, slice_of(*names)))
		names++;
	return *names != NULL;
}

static void head_reply(struct warc_writer *w, const struct http_reply *r)
{
	static const char *const wire[] = { "content-encoding",
		                            "transfer-encoding",
		                            "content-length", NULL };
	static const char *const kept_out[] = { "set-cookie", "set-cookie2",
		                                NULL };
	size_t i;

	buf_reset(&w->head);
	buf_addf(&w->head, "HTTP/1.1 %d %s\r\n", r->status, reason(r->status));
	for (i = 0; i < r->header_count; i++) {
		const struct http_header *h = &r->headers[i];

		if (!one_of(h->name, kept_out))
			buf_addf(&w->head, "%s%.*s: %.*s\r\n",
			         one_of(h->name, wire) ? "X-Archive-Orig-" : "",
			         SLICE_ARG(h->name), SLICE_ARG(h->value));
	}
	if (r->status != 304 && r->status != 204)
		buf_addf(&w->head, "Content-Length: %zu\r\n", r->body.len);
	buf_text(&w->head, "\r\n");
}

static void field_about(struct warc_writer *w, const struct warc_exchange *x,
                        const char *other)
{
	buf_addf(&w->fields, "WARC-Target-URI: %.*s\r\n", SLICE_ARG(x->url));
	if (x->reply->address[0])
		buf_addf(&w->fields, "WARC-IP-Address: %s\r\n",
		         x->reply->address);
	if (other)
		buf_addf(&w->fields, "WARC-Concurrent-To: %s\r\n", other);
}

static void put_request(struct warc_writer *w, const struct warc_exchange *x,
                        const struct url *url, const char *id)
{
	head_request(w, x, url);
	record_start(w, "request", id, x->time);
	field_about(w, x, NULL);
	record_end(w, "application/http;msgtype=request", buf_slice(&w->head),
	           x->body);
}

static void field_refers(struct warc_writer *w, const char *profile,
                         const char *id, struct slice url, int64_t time)
{
	char date[WRITE_DATE];

	buf_addf(&w->fields,
	         "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/%s\r\n"
	         "WARC-Refers-To-Target-URI: %.*s\r\n",
	         profile, SLICE_ARG(url));
	if (id)
		buf_addf(&w->fields, "WARC-Refers-To: %s\r\n", id);
	if (time) {
		date_write(date, time);
		buf_addf(&w->fields, "WARC-Refers-To-Date: %s\r\n", date);
	}
}

/* 304: the page is as it was. */
static void put_unchanged(struct warc_writer *w, const struct warc_exchange *x,
                          const char *id, const char *request)
{
	record_start(w, "revisit", id, x->time);
	field_about(w, x, request);
	field_refers(w, "server-not-modified", NULL, x->url, x->before * 1000);
	record_end(w, "application/http;msgtype=response", buf_slice(&w->head),
	           SLICE(""));
}

/* Whether this payload was written before; if not, it is from now on. */
static struct seen *payload_seen(struct warc_writer *w,
                                 const struct warc_exchange *x,
                                 struct slice digest, const char *id)
{
	struct map_entry *e = map_get(&w->seen, digest);
	struct seen *s;

	if (e)
		return e->pointer;
	if (x->truncated || x->reply->body.len < WRITE_SMALL ||
	    w->seen.count >= WRITE_SEEN)
		return NULL;
	s = arena_new(&w->arena, sizeof(*s));
	s->url = arena_copy(&w->arena, x->url);
	s->time = x->time;
	memcpy(s->id, id, WRITE_ID);
	map_put(&w->seen, digest, NULL)->pointer = s;
	return NULL;
}

static void put_response(struct warc_writer *w, const struct warc_exchange *x,
                         const char *id, const char *request)
{
	struct buf digest = BUF_INIT(256);
	const struct seen *seen;

	digest_add(&digest, "WARC-Payload-Digest", x->reply->body, SLICE(""));
	seen = payload_seen(w, x, buf_slice(&digest), id);
	record_start(w, seen ? "revisit" : "response", id, x->time);
	field_about(w, x, request);
	buf_add(&w->fields, buf_slice(&digest));
	if (seen)
		field_refers(w, "identical-payload-digest", seen->id, seen->url,
		             seen->time);
	if (x->truncated)
		buf_text(&w->fields, "WARC-Truncated: length\r\n");
	record_end(w, "application/http;msgtype=response", buf_slice(&w->head),
	           seen ? SLICE("") : x->reply->body);
	buf_release(&digest);
}

bool warc_write(struct warc_writer *w, const struct warc_exchange *x,
                struct fault *f)
{
	char asked[WRITE_ID], came[WRITE_ID];
	struct url url = URL_INIT;
	bool ok = file_ready(w, x->time, f) && url_parse(&url, x->url, NULL, f);

	if (ok) {
		id_make(w, asked);
		id_make(w, came);
		buf_reset(&w->out);
		put_request(w, x, &url, asked);
		head_reply(w, x->reply);
		if (x->reply->status == 304)
			put_unchanged(w, x, came, asked);
		else
			put_response(w, x, came, asked);
		ok = out_write(w, f);
	}
	url_release(&url);
	return ok;
}

bool warc_write_sync(struct warc_writer *w, struct fault *f)
{
	if (w->broken.kind) {
		*f = w->broken;
		return false;
	}
	if (!w->unsynced)
		return true;
	if (fdatasync(w->fd)) {
		fault_errno(&w->broken, w->path, "sync");
		*f = w->broken;
		return false;
	}
	w->unsynced = false;
	return true;
}

void warc_write_close(struct warc_writer *w)
{
	if (!w)
		return;
	file_close(w);
	map_release(&w->seen);
	arena_release(&w->arena);
	buf_release(&w->head);
	buf_release(&w->fields);
	buf_release(&w->out);
	free(w);
}
