/* Keys, and a stack of idle handles. */

#include "base/net/http_lane.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/memory.h"

void lane_key_through(const struct http_proxy *proxy, struct buf *out)
{
	if (proxy) {
		buf_add(out, proxy->url);
		buf_byte(out, '\0');
		buf_add(out, proxy->user);
		buf_byte(out, '\0');
		buf_add(out, proxy->password);
	}
	buf_byte(out, '\0');
}

/* scheme://host:port, and nothing that libcurl could read otherwise. */
static bool proxy_good(struct slice url)
{
	static const char *const schemes[] = { "http://", "https://",
		                               "socks5://", "socks5h://" };
	char *text = memory_copy(url.at, url.len);
	CURLU *address = curl_url();
	char *port = NULL;
	bool known = false;

	for (size_t i = 0; i < 4; i++)
		known |= !strncasecmp(text, schemes[i], strlen(schemes[i]));
	for (size_t i = 0; i < url.len; i++)
		known &= url.at[i] > ' ' && url.at[i] <= '~';
	known = known && address &&
	        !curl_url_set(address, CURLUPART_URL, text,
	                      CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER) &&
	        !curl_url_get(address, CURLUPART_PORT, &port, 0);
	curl_free(port);
	curl_url_cleanup(address);
	free(text);
	return known;
}

bool lane_key(const struct http_request *r, struct buf *out, size_t *through,
              struct fault *f)
{
	const struct slice parts[] = { r->user, r->password, r->bearer };

	if (r->proxy && !proxy_good(r->proxy->url))
		return fault(f, FAULT_USAGE, "proxy",
		             "a proxy is scheme://host:port with http, https, "
		             "socks5 or socks5h");
	lane_key_through(r->proxy, out);
	*through = out->len;
	for (size_t i = 0; i < 3; i++) {
		if (slice_find(parts[i], '\0') < parts[i].len)
			return fault(f, FAULT_USAGE, "login",
			             "a login may not hold a NUL");
		buf_add(out, parts[i]);
		buf_byte(out, '\0');
	}
	if (r->proxy &&
	    (slice_find(r->proxy->user, '\0') < r->proxy->user.len ||
	     slice_find(r->proxy->password, '\0') < r->proxy->password.len))
		return fault(f, FAULT_USAGE, "login",
		             "a login may not hold a NUL");
	return !buf_full(out) || fault(f, FAULT_LIMIT, "limit-link",
	                               "a login or proxy is too long");
}

static const char *keep(struct lane *l, struct slice s)
{
	return s.len ? arena_copy(&l->arena, s).at : NULL;
}

static const char *keep_beside(struct lane *l, struct slice s,
                               const char *beside)
{
	return beside ? arena_copy(&l->arena, s).at : NULL;
}

struct lane *lane_new(const struct http_request *r, struct slice key,
                      size_t through, const struct http_options *o,
                      CURLSH *share, const struct curl_slist *resolve,
                      unsigned connections)
{
	struct lane *l = memory_new(1, sizeof(*l));
	struct transfer_options *t = &l->options;

	l->due = INT64_MAX;
	l->key = arena_copy(&l->arena, key);
	l->through = slice_cut(l->key, 0, through);
	t->http = o;
	t->share = share;
	t->resolve = resolve;
	if (r->proxy) {
		t->proxy = keep(l, r->proxy->url);
		t->proxy_user = keep(l, r->proxy->user);
		t->proxy_password =
		        keep_beside(l, r->proxy->password, t->proxy_user);
	}
	t->user = keep(l, r->user);
	t->password = keep_beside(l, r->password, t->user);
	t->bearer = keep(l, r->bearer);
	l->multi = curl_multi_init();
	if (!l->multi ||
	    curl_multi_setopt(l->multi, CURLMOPT_MAXCONNECTS,
	                      (long)connections) ||
	    curl_multi_setopt(l->multi, CURLMOPT_PIPELINING,
	                      (long)CURLPIPE_MULTIPLEX)) {
		lane_free(l);
		return NULL;
	}
	return l;
}

void lane_free(struct lane *l)
{
	if (!l)
		return;
	while (l->idle) {
		struct transfer *t = l->idle;

		l->idle = t->next;
		transfer_free(t);
	}
	curl_multi_cleanup(l->multi);
	arena_release(&l->arena);
	free(l);
}

struct transfer *lane_take(struct lane *l)
{
	struct transfer *t = l->idle;

	if (t) {
		l->idle = t->next;
		t->next = NULL;
	} else {
		t = transfer_new(&l->options);
	}
	if (t) {
		t->lane = l;
		l->busy++;
	}
	return t;
}

void lane_give(struct lane *l, struct transfer *t)
{
	transfer_clear(t);
	t->next = l->idle;
	l->idle = t;
	l->busy--;
}
