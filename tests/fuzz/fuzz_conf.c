/* Any bytes as configuration: what is accepted is what was written there. */

#include "must.h"

#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/utf8.h"

static bool parse(struct conf **c, struct slice text)
{
	struct fault f;

	if (conf_parse(c, text, "fuzz.conf", &f))
		return true;
	must((f.kind == FAULT_USAGE && f.line > 0) || f.kind == FAULT_LIMIT);
	must(!strcmp(f.subject, "fuzz.conf"));
	return false;
}

/* Every "key = value" under "[source a]" written anew is read the same. */
static void round_trip(const struct conf *c)
{
	static const char *const keys[] = { "kind", "url", "rate", "a" };
	const struct conf_section *s = NULL, *t;
	struct buf text = BUF_INIT(8 << 20);
	struct conf *again;
	size_t i;

	while ((s = conf_next(c, "source", s))) {
		struct slice name = conf_name(s);

		must(conf_find(c, "source", name) == s);
		buf_addf(&text, "[source %.*s]\n", SLICE_ARG(name));
		for (i = 0; i < 4; i++) {
			struct slice v = conf_get(s, keys[i], "absent");

			must(utf8_valid(v) == v.len);
			must(slice_eq(v, slice_trim(v)));
			must(slice_find(v, '\n') == v.len);
			buf_addf(&text, "%s=%.*s\n", keys[i], SLICE_ARG(v));
		}
	}
	must(parse(&again, buf_slice(&text)));
	t = conf_next(again, "source", NULL);
	while ((s = conf_next(c, "source", s))) {
		must(t && slice_eq(conf_name(s), conf_name(t)));
		for (i = 0; i < 4; i++)
			must(slice_eq(conf_get(s, keys[i], "absent"),
			              conf_get(t, keys[i], NULL)));
		t = conf_next(again, "source", t);
	}
	conf_free(again);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct fault f;
	struct conf *c;
	int64_t n;

	if (conf_size(s, &n, &f))
		must(n >= 0);
	if (parse(&c, s)) {
		round_trip(c);
		conf_free(c);
	}
	return 0;
}
