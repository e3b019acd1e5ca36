/* Tables and questions, in the order in which they decide. */

#include "base/net/http_outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/gzip.h"
#include "base/memory.h"

static const struct {
	CURLcode code;
	enum http_trouble trouble;
	const char *text;
} codes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, HTTP_NO_HOST, "the host is unknown" },
	{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_PROXY_DEAD,
	  "the proxy's name is unknown" },
	{ CURLE_COULDNT_CONNECT, HTTP_NO_CONNECTION, "no connection" },
	{ CURLE_OPERATION_TIMEDOUT, HTTP_TIMEOUT, "no answer in time" },
	{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS, "no TLS connection" },
	{ CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS,
	  "the certificate cannot be trusted" },
	{ CURLE_SSL_CERTPROBLEM, HTTP_TLS, "no TLS connection" },
	{ CURLE_SSL_CIPHER, HTTP_TLS, "no TLS connection" },
	{ CURLE_SSL_ISSUER_ERROR, HTTP_TLS,
	  "the certificate cannot be trusted" },
	{ CURLE_SSL_CACERT_BADFILE, HTTP_TLS,
	  "the file of certificate authorities cannot be read" },
	{ CURLE_USE_SSL_FAILED, HTTP_TLS, "no TLS connection" },
	{ CURLE_SSL_ENGINE_INITFAILED, HTTP_TLS, "no TLS connection" },
	{ CURLE_SSL_CRL_BADFILE, HTTP_TLS, "no TLS connection" },
	{ CURLE_SSL_INVALIDCERTSTATUS, HTTP_TLS,
	  "the certificate cannot be trusted" },
	{ CURLE_PARTIAL_FILE, HTTP_CUT,
	  "the answer ended before it was whole" },
	{ CURLE_GOT_NOTHING, HTTP_CUT,
	  "the connection closed without an answer" },
	{ CURLE_RECV_ERROR, HTTP_CUT, "the connection broke" },
	{ CURLE_SEND_ERROR, HTTP_CUT, "the connection broke" },
	{ CURLE_HTTP2, HTTP_CUT, "the HTTP/2 connection broke" },
	{ CURLE_HTTP2_STREAM, HTTP_CUT, "the HTTP/2 stream broke" },
	{ CURLE_UNSUPPORTED_PROTOCOL, HTTP_BROKEN, "the answer is not HTTP" },
	{ CURLE_WEIRD_SERVER_REPLY, HTTP_BROKEN, "the answer is not HTTP" },
};

static const struct {
	enum http_trouble trouble;
	enum fault_kind kind;
	const char *code;
} troubles[] = {
	{ HTTP_FINE, FAULT_NONE, "fine" },
	{ HTTP_NO_HOST, FAULT_LATER, "no-host" },
	{ HTTP_NO_CONNECTION, FAULT_LATER, "no-connection" },
	{ HTTP_FORBIDDEN, FAULT_DENIED, "forbidden" },
	{ HTTP_TLS, FAULT_INPUT, "tls" },
	{ HTTP_TIMEOUT, FAULT_LATER, "timeout" },
	{ HTTP_CUT, FAULT_LATER, "cut" },
	{ HTTP_BROKEN, FAULT_INPUT, "broken" },
	{ HTTP_LIMIT, FAULT_LIMIT, "limit" },
	{ HTTP_PROXY_DEAD, FAULT_LATER, "proxy-dead" },
	{ HTTP_PROXY_REFUSED, FAULT_LATER, "proxy-refused" },
	{ HTTP_PROXY_LOGIN, FAULT_DENIED, "proxy-login" },
	{ HTTP_NOT_HELD, FAULT_GONE, "not-held" },
};

const char *http_trouble_name(enum http_trouble t)
{
	return troubles[t].code;
}

static void say(struct transfer *t, enum http_trouble trouble, const char *text)
{
	t->reply.trouble = trouble;
	fault(&t->reply.fault, troubles[trouble].kind, troubles[trouble].code,
	      "%s", text);
}

/* What libcurl adds may quote the server: printable ASCII is kept. */
static void say_more(struct transfer *t)
{
	char *text = t->reply.fault.text;
	struct buf more = BUF_INIT(sizeof(t->reply.fault.text) - 1);

	for (char *at = t->error; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	buf_addf(&more, "%s (%s)", text, t->error);
	if (*t->error && !buf_full(&more))
		memcpy(text, buf_string(&more), more.len + 1);
	buf_release(&more);
}

static const char *limit_text(const char *limit)
{
	if (!strcmp(limit, "limit-fetch-wire"))
		return "more bytes than are taken";
	if (!strcmp(limit, "limit-fetch-body"))
		return "more bytes, unpacked, than are taken, or packed too "
		       "tightly";
	return "more headers than are taken";
}

static void say_limit(struct transfer *t, const char *limit)
{
	say(t, HTTP_LIMIT, limit_text(limit));
	t->reply.fault.code = limit;
}

/* The proxy answered CONNECT with something else than yes. */
static bool judge_tunnel(struct transfer *t)
{
	char text[80];
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &code);
	if (code == 0 || code / 100 == 2)
		return false;
	snprintf(text, sizeof(text), "the proxy says %ld", code);
	say(t, code == 407 ? HTTP_PROXY_LOGIN : HTTP_PROXY_REFUSED, text);
	return true;
}

static void judge_socks(struct transfer *t)
{
	long error = 0;

	curl_easy_getinfo(t->easy, CURLINFO_PROXY_ERROR, &error);
	switch (error) {
	case CURLPX_NO_AUTH:
	case CURLPX_USER_REJECTED:
	case CURLPX_LONG_USER:
	case CURLPX_LONG_PASSWD:
	case CURLPX_GSSAPI:
	case CURLPX_GSSAPI_PERMSG:
	case CURLPX_GSSAPI_PROTECTION:
		say(t, HTTP_PROXY_LOGIN, "the proxy refuses the login");
		break;
	case CURLPX_RESOLVE_HOST:
		say(t, HTTP_NO_HOST, "the host is unknown");
		break;
	case CURLPX_BAD_VERSION:
	case CURLPX_CLOSED:
	case CURLPX_RECV_ADDRESS:
	case CURLPX_RECV_AUTH:
	case CURLPX_RECV_CONNECT:
	case CURLPX_RECV_REQACK:
	case CURLPX_SEND_AUTH:
	case CURLPX_SEND_CONNECT:
	case CURLPX_SEND_REQUEST:
	case CURLPX_UNKNOWN_MODE:
		say(t, HTTP_PROXY_DEAD, "the proxy does not speak SOCKS 5");
		break;
	default:
		say(t, HTTP_PROXY_REFUSED, "the proxy refuses to connect");
	}
}

/* Whether a connection stood, though nothing more, to host or proxy. */
static bool reached(struct transfer *t)
{
	long port = 0;

	curl_easy_getinfo(t->easy, CURLINFO_LOCAL_PORT, &port);
	return port > 0;
}

/* Whether all that the proxy has to do for TLS was done. */
static bool tunnelled(struct transfer *t)
{
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &code);
	return code / 100 == 2;
}

static bool judge_wall(struct transfer *t)
{
	enum http_trouble trouble =
	        t->proxied ? HTTP_PROXY_DEAD : HTTP_FORBIDDEN;

	if (!t->wall.turned || reached(t))
		return false;
	t->reply.trouble = trouble;
	wall_fault(&t->wall, &t->reply.fault);
	if (t->proxied)
		fault_in(&t->reply.fault, "the proxy");
	return true;
}

/*
 * What fails before a tunnel stands is the proxy's, but for the time: a host
 * that does not answer makes a good proxy wait as a bad one would.
 */
static bool judge_proxy(struct transfer *t, CURLcode code)
{
	if (!t->proxied || code == CURLE_COULDNT_RESOLVE_HOST)
		return false;
	if (code == CURLE_PROXY) {
		judge_socks(t);
		return true;
	}
	if (judge_tunnel(t))
		return true;
	if (!reached(t)) {
		say(t, HTTP_PROXY_DEAD, "no connection to the proxy");
		return true;
	}
	if (code == CURLE_OPERATION_TIMEDOUT) {
		say(t, HTTP_TIMEOUT, "no answer through the proxy in time");
		return true;
	}
	if (!t->tunnels || tunnelled(t))
		return false;
	say(t, HTTP_PROXY_DEAD, "the proxy does not do what a proxy does");
	return true;
}

static void judge_code(struct transfer *t, CURLcode code)
{
	size_t i = 0, count = sizeof(codes) / sizeof(*codes);

	while (i < count && codes[i].code != code)
		i++;
	if (i == count)
		say(t, HTTP_BROKEN, curl_easy_strerror(code));
	else if (code == CURLE_OPERATION_TIMEDOUT && !reached(t))
		say(t, HTTP_NO_CONNECTION, "no connection in time");
	else if (code == CURLE_RECV_ERROR &&
	         strstr(t->error, "chunked-encoding"))
		say(t, HTTP_BROKEN, "its chunks are damaged");
	else
		say(t, codes[i].trouble, codes[i].text);
	if (t->reply.trouble == HTTP_TLS ||
	    t->reply.trouble == HTTP_NO_CONNECTION ||
	    t->reply.trouble == HTTP_BROKEN)
		say_more(t);
}

/* Ceilings that libcurl holds: of an announced length, and of one header. */
static const char *limit_of(CURLcode code)
{
	if (code == CURLE_FILESIZE_EXCEEDED)
		return "limit-fetch-wire";
	if (code == CURLE_OUT_OF_MEMORY)
		return "limit-fetch-headers";
	return NULL;
}

static void judge(struct transfer *t, CURLcode code)
{
	struct http_reply *r = &t->reply;

	if (t->enough)
		code = CURLE_OK;
	if (!t->limit)
		t->limit = limit_of(code);
	if (t->limit) {
		say_limit(t, t->limit);
	} else if (t->broken) {
		say(t, HTTP_BROKEN, t->broken);
	} else if (code == CURLE_OK) {
		if (r->status < 200)
			say(t, HTTP_BROKEN, "the answer has no usable status");
		else if (t->stage != STAGE_BODY)
			say(t, HTTP_CUT, "the answer ended within its headers");
		else if (r->status == 407 && t->proxied && !t->tls)
			say(t, HTTP_PROXY_LOGIN, "the proxy says 407");
	} else if (!judge_wall(t) && !judge_proxy(t, code)) {
		judge_code(t, code);
	}
}

static void fill_times(struct transfer *t)
{
	struct http_reply *r = &t->reply;
	curl_off_t connected = 0, waited = 0, took = 0;
	long made = 0;

	curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &waited);
	curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &took);
	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &made);
	r->reused = made == 0;
	r->connected = made ? connected / 1000 : 0;
	r->waited = waited / 1000;
	r->took = took / 1000;
}

static void fill_answer(struct transfer *t)
{
	struct http_reply *r = &t->reply;
	long status = 0, version = 0;
	curl_off_t wire = 0;
	char *address = NULL;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &address);
	r->status = (int)status;
	r->version = version == CURL_HTTP_VERSION_1_0   ? 10
	             : version == CURL_HTTP_VERSION_1_1 ? 11
	             : version                          ? 20
	                                                : 0;
	r->wire = wire;
	if (address)
		snprintf(r->address, sizeof(r->address), "%s", address);
}

static void fill_headers(struct transfer *t)
{
	const char *head = t->head.at;

	if (t->header_cap < t->field_count) {
		t->header_cap = t->field_cap;
		t->headers = memory_resize(t->headers, t->header_cap,
		                           sizeof(*t->headers));
	}
	for (size_t i = 0; i < t->field_count; i++) {
		const struct transfer_field *from = &t->fields[i];

		t->headers[i] = (struct http_header){
			{ head + from->name, from->name_end - from->name },
			{ head + from->value, from->value_end - from->value },
		};
	}
	t->reply.headers = t->headers;
	t->reply.header_count = t->field_count;
}

static void name_subject(struct transfer *t)
{
	fault_at(&t->reply.fault, buf_string(&t->url), 0);
}

/* An empty body is not packed, whatever its headers say. */
static void fill_body(struct transfer *t)
{
	struct http_reply *r = &t->reply;
	struct fault f;

	r->body = buf_slice(&t->body);
	if (t->packed && r->body.len) {
		if (!gzip_unpack(r->body, t->ratio_most, &t->plain, &f)) {
			if (f.kind == FAULT_LIMIT)
				say_limit(t, "limit-fetch-body");
			else
				say(t, HTTP_BROKEN, f.text);
			return;
		}
		r->body = buf_slice(&t->plain);
	}
	r->decoded = (int64_t)r->body.len;
}

void outcome_fill(struct transfer *t, CURLcode code)
{
	struct http_reply *r = &t->reply;

	r->trouble = HTTP_FINE;
	fill_times(t);
	fill_answer(t);
	judge(t, code);
	if (r->trouble == HTTP_FINE)
		fill_body(t);
	if (r->trouble == HTTP_FINE) {
		fill_headers(t);
		return;
	}
	r->body = (struct slice){ NULL, 0 };
	r->status = 0;
	name_subject(t);
}

void outcome_deny(struct transfer *t, const struct fault *f)
{
	t->reply.trouble = HTTP_FORBIDDEN;
	t->reply.fault = *f;
	name_subject(t);
}
