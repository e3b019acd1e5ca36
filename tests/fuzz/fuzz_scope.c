/*
 * Any bytes as an address: its one spelling is an address, spelled once is
 * spelled for good, and a verdict has a reason and is the same for both.
 */

#include "must.h"

#include "crawler/scope.h"

static struct scope *start(void)
{
	static const char conf[] =
	        "[source it]\nurl = http://a.example/\n"
	        "exclude = /no/ [0-9]{5}\nhosts = *.b.example\n";
	struct scope *s;
	struct conf *c;
	struct fault f;

	must(conf_parse(&c, SLICE(conf), "conf", &f));
	must(scope_new(&s, conf_find(c, "source", SLICE("it")), &f));
	conf_free(c);
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scope *s;
	struct slice text = { (const char *)data, size };
	struct url u = URL_INIT, v = URL_INIT;
	struct buf once = BUF_INIT(1 << 20), twice = BUF_INIT(1 << 20);
	struct buf why = BUF_INIT(1 << 20);
	struct fault f;
	bool within;

	if (!s)
		s = start();
	if (url_parse(&u, text, NULL, &f)) {
		scope_write(s, &u, &once);
		within = scope_within(s, &u, 1, &why);
		must(why.len > 0 && !buf_full(&why));
		must(url_parse(&v, buf_slice(&once), NULL, &f));
		scope_write(s, &v, &twice);
		must(slice_eq(buf_slice(&once), buf_slice(&twice)));
		if (within)
			must(scope_within(s, &v, 1, NULL));
		must(!within || scope_native(buf_slice(&once)).len > 0);
		scope_room(s, buf_slice(&once));
	}
	url_release(&u);
	url_release(&v);
	buf_release(&once);
	buf_release(&twice);
	buf_release(&why);
	return 0;
}
