/* Any bytes as a file of proxies, and as the state of a pool: what is taken
 * can be written again, and no fault shows what stands before an '@'. */

#include "must.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "crawler/proxies.h"

static const char *environment(const char *name)
{
	return strcmp(name, "NAME") ? NULL : "value-of-name";
}

static bool parse(struct proxies **p, struct slice text)
{
	struct proxies_options o = { 0 };
	struct fault f = { 0 };

	if (proxies_parse(p, text, "fuzz.txt", &o, environment, &f))
		return true;
	must(f.kind == FAULT_USAGE || f.kind == FAULT_LIMIT);
	must(!strcmp(f.subject, "fuzz.txt"));
	must(!strstr(f.text, "value-of-name"));
	return false;
}

static void escaped(struct buf *b, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		buf_addf(b, "%%%02x", (unsigned char)s.at[i]);
}

/* Without control characters, and the same when written and read again. */
static void round_trip(const struct proxies *p)
{
	struct buf text = BUF_INIT(8 << 20);
	struct proxies *again;
	size_t i, n = proxies_count(p), scheme;

	must(n > 0 && n <= LIMIT_PROXIES);
	for (i = 0; i < n; i++) {
		const struct http_proxy *one = proxies_http(p, i);

		must(slice_find(one->user, '\n') == one->user.len);
		must(slice_find(one->password, '\r') == one->password.len);
		must(slice_find(one->password, '\0') == one->password.len);
		scheme = slice_find(one->url, '/') + 2;
		buf_add(&text, slice_cut(one->url, 0, scheme));
		if (one->user.len) {
			escaped(&text, one->user);
			buf_byte(&text, ':');
			escaped(&text, one->password);
			buf_byte(&text, '@');
		}
		buf_add(&text, slice_cut(one->url, scheme, one->url.len));
		buf_byte(&text, '\n');
	}
	if (text.len > LIMIT_CONFIG || buf_full(&text))
		goto out;
	must(parse(&again, buf_slice(&text)));
	must(proxies_count(again) == n);
	for (i = 0; i < n; i++)
		must(!strcmp(proxies_name(p, i), proxies_name(again, i)) &&
		     slice_eq(proxies_http(p, i)->password,
		              proxies_http(again, i)->password));
	proxies_free(again);
out:
	buf_release(&text);
}

/* What is loaded is as good as what was saved; no clock keeps it away. */
static void load(struct slice lines)
{
	const int64_t now = 1700000000000000;
	struct buf saved = BUF_INIT(1 << 20);
	struct proxies_state s;
	struct proxies *p;
	int64_t when;

	must(parse(&p, SLICE("http://a:1\nhttp://u:p@a:1\n")));
	proxies_load(p, lines, now);
	proxies_state(p, 0, now, &s);
	must(s.until <= now + INT64_C(86400000000) && s.latency >= 0);
	proxies_save(p, &saved);
	proxies_load(p, buf_slice(&saved), now);
	if (proxies_pick(p, now, 0, &when) == SIZE_MAX)
		must(when > now);
	buf_release(&saved);
	proxies_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct proxies *p;

	if (parse(&p, s)) {
		round_trip(p);
		proxies_free(p);
	}
	load(s);
	return 0;
}
