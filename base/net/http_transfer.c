/*
 * What is the same for all requests of a handle is set when it is made; each
 * request sets all of the rest, so that nothing of the last one is left.
 *
 * Bodies are counted as they are written to us: libcurl's own ceilings see
 * only the length that a server announces. gzip is the one packing asked for,
 * and is taken as it came, for http_outcome.c to unpack: libcurl has more
 * decoders, and none of them tells that a packed body ended too early.
 */

#include "base/net/http_transfer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/net/http_redact.h"

enum {
	READ_BYTES = 16 << 10,  /* libcurl counts a read after it is written */
	KEPT_BYTES = 256 << 10, /* of a buffer, for the next request */
	FIELDS_MOST = 4096,
	TIMEOUT = 30 * 1000,
	CONNECT_TIMEOUT = 10 * 1000,
	SLOW_BYTES = 10, /* a second, for SLOW_SECONDS on end: given up */
	SLOW_SECONDS = 30,
	STILL_MOST = 500, /* reads on end that bring nothing */
};

static bool met(struct transfer *t, const char *limit)
{
	t->limit = limit;
	return false;
}

static bool spoilt(struct transfer *t, const char *why)
{
	t->broken = why;
	return false;
}

/* One run of the body, as it came. */
static size_t on_body(char *at, size_t size, size_t count, void *data)
{
	struct transfer *t = data;

	size *= count;
	t->stage = STAGE_BODY;
	if (t->beginning && !t->packed &&
	    (int64_t)(t->body.len + size) > t->body_most) {
		buf_add(&t->body, (struct slice){ at, (size_t)t->body_most -
		                                              t->body.len });
		t->enough = true;
		return 0;
	}
	if ((int64_t)(t->body.len + size) > t->wire_most) {
		met(t, "limit-fetch-wire");
		return 0;
	}
	if (!t->packed && (int64_t)(t->body.len + size) > t->body_most) {
		met(t, "limit-fetch-body");
		return 0;
	}
	buf_add(&t->body, (struct slice){ at, size });
	return size;
}

/*
 * Called after each read. What is read and is no part of the body, as the
 * extension of a chunk that does not end, moves no counter of libcurl's. A
 * connection of HTTP/2 is read for others as well: there this says nothing.
 */
static int on_progress(void *data, curl_off_t due, curl_off_t wire,
                       curl_off_t up_due, curl_off_t up)
{
	struct transfer *t = data;
	int64_t moved = wire + up + (int64_t)t->head_seen;

	(void)due;
	(void)up_due;
	t->still = t->alone && moved == t->moved ? t->still + 1 : 0;
	t->moved = moved;
	return t->still > STILL_MOST && !met(t, "limit-fetch-wire");
}

static struct slice run_of(const struct transfer *t, uint32_t from, uint32_t to)
{
	return slice_cut(buf_slice(&t->head), from, to);
}

/* The value behind the last field's, for a line that goes on with it. */
static void field_extend(struct transfer *t, struct slice more)
{
	struct transfer_field *last = &t->fields[t->field_count - 1];

	if (last->value_end > last->value && more.len)
		buf_byte(&t->head, ' ');
	buf_add(&t->head, more);
	last->value_end = (uint32_t)t->head.len;
}

static bool named(const struct transfer *t, const struct transfer_field *f,
                  const char *name)
{
	return slice_eq(run_of(t, f->name, f->name_end), slice_of(name));
}

static bool says(struct slice value, const char *word)
{
	return value.len == strlen(word) &&
	       !strncasecmp(value.at, word, value.len);
}

/* Two lengths that differ: nobody can say where the body ends. */
static bool length_agrees(struct transfer *t, struct slice value)
{
	for (size_t i = 0; i + 1 < t->field_count; i++) {
		const struct transfer_field *f = &t->fields[i];

		if (named(t, f, "content-length") &&
		    !slice_eq(run_of(t, f->value, f->value_end), value))
			return spoilt(t, "two content lengths that differ");
	}
	return true;
}

static bool packing_known(struct transfer *t, struct slice value)
{
	if (says(value, "identity") || value.len == 0)
		return true;
	if (t->packed || (!says(value, "gzip") && !says(value, "x-gzip")))
		return spoilt(t, "packed in a way that was not asked for");
	t->packed = true;
	return true;
}

/* What the headers that frame the body mean to us. */
static bool frame_understood(struct transfer *t)
{
	const struct transfer_field *f = &t->fields[t->field_count - 1];
	struct slice value = run_of(t, f->value, f->value_end);

	if (named(t, f, "content-length"))
		return length_agrees(t, value);
	if (named(t, f, "content-encoding"))
		return packing_known(t, value);
	if (named(t, f, "transfer-encoding") && !says(value, "chunked") &&
	    !says(value, "identity"))
		return spoilt(t, "sent in a way that was not asked for");
	return true;
}

static bool field_add(struct transfer *t, struct slice line)
{
	size_t colon = slice_find(line, ':');
	struct slice name = slice_trim(slice_cut(line, 0, colon));
	struct slice value = slice_trim(slice_cut(line, colon + 1, line.len));
	struct transfer_field *field;
	char *at;

	if (colon == line.len || name.len == 0)
		return true;
	if (t->field_count == FIELDS_MOST)
		return met(t, "limit-fetch-headers");
	t->fields = memory_room(t->fields, t->field_count, &t->field_cap,
	                        sizeof(*t->fields));
	field = &t->fields[t->field_count++];
	field->name = (uint32_t)t->head.len;
	at = buf_extend(&t->head, name.len);
	for (size_t i = 0; i < name.len; i++)
		at[i] = name.at[i] >= 'A' && name.at[i] <= 'Z'
		                ? (char)(name.at[i] | 0x20)
		                : name.at[i];
	field->name_end = (uint32_t)t->head.len;
	field->value = (uint32_t)t->head.len;
	buf_add(&t->head, value);
	field->value_end = (uint32_t)t->head.len;
	if (name.len == 10 && !strncasecmp(name.at, "set-cookie", 10))
		t->cookies++;
	return frame_understood(t);
}

/* The empty line: after 1xx comes another response, after others the body. */
static bool head_ends(struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 101)
		return spoilt(t, "it changes the protocol unasked");
	t->stage = status >= 100 && status < 200 ? STAGE_STATUS : STAGE_BODY;
	return true;
}

static bool head_line(struct transfer *t, struct slice line)
{
	bool folded = line.len && (line.at[0] == ' ' || line.at[0] == '\t');

	switch (t->stage) {
	case STAGE_STATUS:
		buf_reset(&t->head);
		t->field_count = 0;
		t->packed = false;
		t->alone = slice_starts(line, SLICE("HTTP/1."));
		t->stage = STAGE_HEADERS;
		return true;
	case STAGE_HEADERS:
		if (slice_trim(line).len == 0)
			return head_ends(t);
		if (!folded)
			return field_add(t, line);
		if (t->field_count)
			field_extend(t, slice_trim(line));
		return true;
	case STAGE_BODY:
		break;
	}
	return true;
}

/* What is kept is never more than what was seen: `head` cannot be full. */
bool transfer_head(struct transfer *t, struct slice line)
{
	t->head_seen += line.len;
	if (t->head_seen > LIMIT_FETCH_HEADERS)
		return met(t, "limit-fetch-headers");
	return head_line(t, line);
}

static size_t on_head(char *at, size_t size, size_t count, void *data)
{
	size *= count;
	return transfer_head(data, (struct slice){ at, size }) ? size : 0;
}

static bool set_long(CURL *e, CURLoption option, long value)
{
	return curl_easy_setopt(e, option, value) == CURLE_OK;
}

static bool set_text(CURL *e, CURLoption option, const char *value)
{
	return curl_easy_setopt(e, option, value) == CURLE_OK;
}

static bool set_callbacks(struct transfer *t)
{
	CURL *e = t->easy;

	return !curl_easy_setopt(e, CURLOPT_PRIVATE, t) &&
	       !curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error) &&
	       !curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) &&
	       !curl_easy_setopt(e, CURLOPT_WRITEDATA, t) &&
	       !curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_head) &&
	       !curl_easy_setopt(e, CURLOPT_HEADERDATA, t) &&
	       !curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress) &&
	       !curl_easy_setopt(e, CURLOPT_XFERINFODATA, t) &&
	       !curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, wall_open) &&
	       !curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, &t->wall);
}

static bool set_rules(CURL *e, const struct http_options *o)
{
	return set_text(e, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       set_text(e, CURLOPT_ACCEPT_ENCODING, "gzip") &&
	       set_long(e, CURLOPT_HTTP_CONTENT_DECODING, 0) &&
	       set_long(e, CURLOPT_FOLLOWLOCATION, 0) &&
	       set_long(e, CURLOPT_NOPROGRESS, 0) &&
	       set_long(e, CURLOPT_NOSIGNAL, 1) &&
	       set_long(e, CURLOPT_HTTP09_ALLOWED, 0) &&
	       set_long(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1) &&
	       set_long(e, CURLOPT_PIPEWAIT, 1) &&
	       set_long(e, CURLOPT_TCP_KEEPALIVE, 1) &&
	       set_long(e, CURLOPT_DNS_CACHE_TIMEOUT, 60) &&
	       set_long(e, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
	       set_long(e, CURLOPT_BUFFERSIZE, READ_BYTES) &&
	       (!o->ca_file || (set_text(e, CURLOPT_CAINFO, o->ca_file) &&
	                        set_text(e, CURLOPT_CAPATH, NULL)));
}

/* With "", no proxy of the environment is used. */
static bool set_proxy(CURL *e, const struct transfer_options *o)
{
	return set_text(e, CURLOPT_PROXY, o->proxy ? o->proxy : "") &&
	       set_text(e, CURLOPT_NOPROXY, "") &&
	       set_long(e, CURLOPT_PROXYAUTH, CURLAUTH_BASIC) &&
	       (!o->http->ca_file ||
	        set_text(e, CURLOPT_PROXY_CAINFO, o->http->ca_file)) &&
	       (!o->proxy_user ||
	        (set_text(e, CURLOPT_PROXYUSERNAME, o->proxy_user) &&
	         set_text(e, CURLOPT_PROXYPASSWORD, o->proxy_password)));
}

static bool set_credentials(CURL *e, const struct transfer_options *o)
{
	if (o->bearer)
		return set_long(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) &&
		       set_text(e, CURLOPT_XOAUTH2_BEARER, o->bearer);
	return !o->user ||
	       (set_long(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) &&
	        set_text(e, CURLOPT_USERNAME, o->user) &&
	        set_text(e, CURLOPT_PASSWORD, o->password));
}

static bool set_share(CURL *e, const struct transfer_options *o)
{
	return (!o->resolve ||
	        !curl_easy_setopt(e, CURLOPT_RESOLVE, o->resolve)) &&
	       (!o->share || (!curl_easy_setopt(e, CURLOPT_SHARE, o->share) &&
	                      set_text(e, CURLOPT_COOKIEFILE, "")));
}

static bool set_agent(struct transfer *t, const struct http_options *o)
{
	char *agent = memory_copy(o->user_agent.at, o->user_agent.len);
	bool done = o->user_agent.len == 0 ||
	            set_text(t->easy, CURLOPT_USERAGENT, agent);

	free(agent);
	return done;
}

struct transfer *transfer_new(const struct transfer_options *o)
{
	struct transfer *t = memory_new(1, sizeof(*t));

	t->head = BUF_INIT(LIMIT_FETCH_HEADERS);
	t->url = BUF_INIT(LIMIT_LINK);
	t->proxied = o->proxy != NULL;
	t->socks = o->proxy && !strncasecmp(o->proxy, "socks", 5);
	t->http1 = o->http->http1;
	t->most = o->http->allow_identity  ? REACH_IDENTITY
	          : o->http->allow_private ? REACH_PRIVATE
	                                   : REACH_PUBLIC;
	t->wall.most = t->most;
	if (o->proxy)
		t->wall.most = o->http->allow_private_proxy ? REACH_PRIVATE
		                                            : REACH_PUBLIC;
	t->easy = curl_easy_init();
	t->address = curl_url();
	if (!t->easy || !t->address || !set_callbacks(t) ||
	    !set_rules(t->easy, o->http) || !set_proxy(t->easy, o) ||
	    !set_credentials(t->easy, o) || !set_share(t->easy, o) ||
	    !set_agent(t, o->http)) {
		transfer_free(t);
		return NULL;
	}
	return t;
}

void transfer_free(struct transfer *t)
{
	if (!t)
		return;
	curl_easy_cleanup(t->easy);
	curl_url_cleanup(t->address);
	curl_slist_free_all(t->list);
	buf_release(&t->head);
	buf_release(&t->body);
	buf_release(&t->plain);
	buf_release(&t->url);
	free(t->fields);
	free(t->headers);
	free(t);
}

/* A token of RFC 9110, 5.6.2. */
static bool token(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c <= ' ' || c >= 127 || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return s.len > 0;
}

static bool one_line(struct slice s)
{
	return slice_find(s, '\r') == s.len && slice_find(s, '\n') == s.len &&
	       slice_find(s, '\0') == s.len;
}

static bool list_add(struct transfer *t, const struct http_header *h,
                     struct fault *f)
{
	struct buf line = BUF_INIT(LIMIT_FETCH_HEADERS);
	struct curl_slist *list = NULL;

	if (token(h->name) && one_line(h->value)) {
		buf_add(&line, h->name);
		/* libcurl sends an empty header when it ends with ';'. */
		buf_text(&line, h->value.len ? ": " : ";");
		buf_add(&line, h->value);
		if (!buf_full(&line))
			list = curl_slist_append(t->list, buf_string(&line));
	}
	buf_release(&line);
	if (!list)
		return fault(f, FAULT_USAGE, "http-header",
		             "'%.*s' cannot be sent as a header",
		             SLICE_ARG(h->name));
	t->list = list;
	return true;
}

static bool set_list(struct transfer *t, const struct http_request *r,
                     struct fault *f)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (!list_add(t, &r->headers[i], f))
			return false;
	/* "Expect:" takes away what libcurl adds to large bodies. */
	if (r->body.len) {
		struct curl_slist *list = curl_slist_append(t->list, "Expect:");

		if (!list)
			return fault(f, FAULT_SYSTEM, "http-memory",
			             "no memory for a request");
		t->list = list;
	}
	return curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->list) ==
	               CURLE_OK ||
	       fault(f, FAULT_SYSTEM, "http-option", "libcurl refuses headers");
}

/* HTTPGET also takes back what POST or NOBODY set for the last request. */
static bool set_method(struct transfer *t, const struct http_request *r,
                       struct fault *f)
{
	CURL *e = t->easy;
	bool post = r->body.len || slice_eq(r->method, SLICE("POST"));
	bool head = slice_eq(r->method, SLICE("HEAD"));
	bool plain = r->method.len == 0 || head ||
	             slice_eq(r->method, post ? SLICE("POST") : SLICE("GET"));
	char *name = plain ? NULL : memory_copy(r->method.at, r->method.len);
	bool done;

	if (r->method.len && !token(r->method)) {
		free(name);
		return fault(f, FAULT_USAGE, "http-method",
		             "'%.*s' is no method", SLICE_ARG(r->method));
	}
	done = set_long(e, CURLOPT_HTTPGET, 1) &&
	       set_text(e, CURLOPT_CUSTOMREQUEST, name) &&
	       (!head || set_long(e, CURLOPT_NOBODY, 1)) &&
	       (!post || (set_long(e, CURLOPT_POST, 1) &&
	                  !curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
	                                    (curl_off_t)r->body.len) &&
	                  !curl_easy_setopt(e, CURLOPT_POSTFIELDS,
	                                    r->body.len ? r->body.at : "")));
	free(name);
	return done || fault(f, FAULT_SYSTEM, "http-option",
	                     "libcurl refuses a method");
}

static bool set_limits(struct transfer *t, const struct http_request *r,
                       struct fault *f)
{
	CURL *e = t->easy;
	long whole = (long)(r->timeout ? r->timeout : TIMEOUT);
	long connect = (long)(r->connect_timeout ? r->connect_timeout
	                                         : CONNECT_TIMEOUT);

	t->wire_most = r->wire_most ? r->wire_most : LIMIT_FETCH_WIRE;
	t->body_most = r->body_most ? r->body_most : LIMIT_FETCH_BODY;
	t->ratio_most = r->ratio_most ? r->ratio_most : LIMIT_FETCH_RATIO;
	t->body.ceiling = (size_t)t->wire_most;
	t->plain.ceiling =
	        r->beginning ? LIMIT_FETCH_BODY : (size_t)t->body_most;
	t->beginning = r->beginning;
	t->enough = false;
	return (set_long(e, CURLOPT_TIMEOUT_MS, whole) &&
	        set_long(e, CURLOPT_CONNECTTIMEOUT_MS, connect) &&
	        set_long(e, CURLOPT_LOW_SPEED_LIMIT,
	                 whole > 1000 * SLOW_SECONDS && !r->patient ? SLOW_BYTES
	                                                            : 0) &&
	        set_long(e, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS) &&
	        !curl_easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE,
	                          r->beginning ? 0
	                                       : (curl_off_t)t->wire_most)) ||
	       fault(f, FAULT_SYSTEM, "http-option", "libcurl refuses limits");
}

/* Printable ASCII: what url.h writes. Else libcurl would convert the host,
 * behind our back where a proxy is to look it up. */
static bool plain(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~')
			return false;
	return s.len > 0;
}

/*
 * The address is read once, by libcurl, and judged as libcurl reads it: there
 * is no second reading that could differ.
 */
static bool set_address(struct transfer *t, const struct http_request *r,
                        struct fault *f)
{
	char *text = memory_copy(r->url.at, r->url.len);
	CURLUcode code = CURLUE_MALFORMED_INPUT;

	if (plain(r->url))
		code = curl_url_set(t->address, CURLUPART_URL, text,
		                    CURLU_DISALLOW_USER);
	t->tls = !strncasecmp(text, "https:", 6);
	t->tunnels = t->proxied && !t->socks && t->tls;
	if (code == CURLUE_OK && !t->tls && strncasecmp(text, "http:", 5))
		code = CURLUE_UNSUPPORTED_SCHEME;
	free(text);
	if (code == CURLUE_USER_NOT_ALLOWED)
		return fault(f, FAULT_USAGE, "http-login",
		             "an address may not carry a login");
	if (code == CURLUE_UNSUPPORTED_SCHEME)
		return fault(f, FAULT_USAGE, "http-scheme",
		             "only http and https addresses can be asked");
	if (code != CURLUE_OK)
		return fault(f, FAULT_USAGE, "http-url",
		             "not an address that can be asked");
	/* Without TLS nothing offers HTTP/2, and one who hopes for it would
	 * wait with a second request until the first one has an answer. */
	return (set_long(t->easy, CURLOPT_HTTP_VERSION,
	                 t->tls && !t->http1 ? CURL_HTTP_VERSION_2TLS
	                                     : CURL_HTTP_VERSION_1_1) &&
	        !curl_easy_setopt(t->easy, CURLOPT_CURLU, t->address)) ||
	       fault(f, FAULT_SYSTEM, "http-option",
	             "libcurl refuses an address");
}

bool transfer_ask(struct transfer *t, const struct http_request *r,
                  struct fault *f)
{
	t->reply.id = r->id;
	redact_url(r->url, &t->url);
	return set_address(t, r, f) && set_method(t, r, f) &&
	       set_limits(t, r, f) && set_list(t, r, f);
}

void transfer_clear(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, NULL);
	curl_slist_free_all(t->list);
	t->list = NULL;
	if (t->body.cap > KEPT_BYTES)
		buf_release(&t->body);
	if (t->plain.cap > KEPT_BYTES)
		buf_release(&t->plain);
	buf_reset(&t->body);
	buf_reset(&t->plain);
	buf_reset(&t->head);
	buf_reset(&t->url);
	memset(&t->reply, 0, sizeof(t->reply));
	t->next = NULL;
	t->stage = STAGE_STATUS;
	t->head_seen = 0;
	t->field_count = 0;
	t->limit = t->broken = NULL;
	t->packed = false;
	t->cookies = 0;
	t->alone = false;
	t->still = 0;
	t->moved = 0;
	t->error[0] = '\0';
	t->wall.turned = false;
}
