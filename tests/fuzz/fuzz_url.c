/* Any bytes as an address, alone and against a base: what comes out is read
 * as itself, its parts stand in it, and it is ASCII. */

#include "must.h"

#include "base/net/url.h"
#include "base/utf8.h"

static bool same(struct slice a, struct slice b)
{
	return (a.at != NULL) == (b.at != NULL) && slice_eq(a, b);
}

/* What is written is read as it was. */
static void check_fixed(const struct url *u)
{
	static struct url again;
	struct fault f;

	again.text.ceiling = URL_MOST;
	must(url_parse(&again, url_text(u), NULL, &f));
	must(slice_eq(url_text(u), url_text(&again)));
	must(slice_eq(url_scheme(u), url_scheme(&again)));
	must(slice_eq(url_user(u), url_user(&again)));
	must(slice_eq(url_password(u), url_password(&again)));
	must(slice_eq(url_host(u), url_host(&again)));
	must(slice_eq(url_path(u), url_path(&again)));
	must(same(url_query(u), url_query(&again)));
	must(same(url_fragment(u), url_fragment(&again)));
	must(u->port == again.port && u->opaque == again.opaque);
}

static void check_parts(const struct url *u)
{
	struct slice text = url_text(u), target = url_target(u);
	size_t i;

	must(text.len && text.len <= URL_MOST && utf8_ascii(text));
	for (i = 0; i < text.len; i++)
		must(text.at[i] >= ' ' && text.at[i] != 0x7F);
	must(u->scheme_end <= u->user && u->user <= u->user_end);
	must(u->user_end <= u->password && u->password <= u->password_end);
	must(u->password_end <= u->host && u->host <= u->host_end);
	must(u->host_end <= u->path && u->path <= u->path_end);
	must(u->path_end <= text.len);
	must(slice_starts(text, url_bare(u)) && target.len);
	if (url_is_web(u))
		must(target.at[0] == '/' && !u->opaque);
	must(url_same_origin(u, u) || !url_is_web(u));
}

/* The bytes up to the first line end are the address, the rest its base. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	size_t line = slice_find(s, '\n');
	struct url u = URL_INIT, base = URL_INIT;
	bool based;
	struct fault f;

	based = url_parse(&base, slice_cut(s, line + 1, s.len), NULL, &f);
	if (based) {
		check_parts(&base);
		check_fixed(&base);
	}
	if (url_parse(&u, slice_cut(s, 0, line), based ? &base : NULL, &f)) {
		check_parts(&u);
		check_fixed(&u);
	} else {
		must(!url_text(&u).len && !url_path(&u).len);
	}
	url_release(&u);
	url_release(&base);
	return 0;
}
