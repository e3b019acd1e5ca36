/* Lines "opslore-NAME: VALUE" among those that every warcinfo has. */

#include "crawler/warc_about.h"

#include <string.h>

#include "base/clock.h"

enum { ABOUT_MOST = 64 << 10 };

/* Of the keys that all kinds share: those that a replay needs. */
static const char *const shared[] = {
	"access",         "licence",       "robots",       "every",
	"revisit",        "revisit-least", "revisit-most", "apart",
	"vanish-percent", "vanish-most",   NULL,
};

static void put_key(const struct conf_section *c, const char *key,
                    const char *before, const char *behind, struct buf *out)
{
	struct slice value = conf_get(c, key, "");

	if (value.len)
		buf_addf(out, "%s%s = %.*s%s", before, key, SLICE_ARG(value),
		         behind);
}

void warc_about_settings(const struct conf_section *c,
                         const struct source_kind *kind, const char *before,
                         const char *behind, struct buf *out)
{
	const struct conf_key *own = kind->keys;
	size_t i;

	put_key(c, "kind", before, behind, out);
	for (i = 0; shared[i]; i++)
		put_key(c, shared[i], before, behind, out);
	for (; own && own->name; own++)
		put_key(c, own->name, before, behind, out);
}

void warc_about_write(const struct crawl_settings *s, int64_t started,
                      bool everything, struct buf *out)
{
	char text[CLOCK_TEXT];

	clock_write(text, started);
	buf_addf(out,
	         "robots: %s\r\nhttp-header-user-agent: %.*s\r\n"
	         "description: crawl of the source '%.*s' (%s), a run that "
	         "began %.19s UTC\r\n"
	         "opslore-source: %.*s\r\nopslore-run: %s\r\n"
	         "opslore-everything: %s\r\n",
	         s->robots_ignored ? "ignore" : "obey",
	         SLICE_ARG(s->user_agent), SLICE_ARG(s->name), s->kind->name,
	         text, SLICE_ARG(s->name), text, everything ? "yes" : "no");
	if (s->secrets.user.len)
		buf_text(out, "opslore-login: user\r\n");
	else if (s->secrets.token.len)
		buf_text(out, "opslore-login: token\r\n");
	warc_about_settings(s->section, s->kind, "opslore-setting: ", "\r\n",
	                    out);
}

void warc_about_read(struct slice block, struct arena *a,
                     struct warc_about *out)
{
	struct buf settings = BUF_INIT(ABOUT_MOST);
	size_t end, colon;

	*out = (struct warc_about){ 0 };
	for (; block.len; block = slice_cut(block, end + 1, block.len)) {
		struct slice line, name, value;

		end = slice_find(block, '\n');
		line = slice_cut(block, 0, end);
		colon = slice_find(line, ':');
		name = slice_trim(slice_cut(line, 0, colon));
		value = slice_trim(slice_cut(line, colon + 1, line.len));
		if (slice_eq(name, SLICE("opslore-source")))
			out->source = arena_copy(a, value);
		else if (slice_eq(name, SLICE("opslore-run")))
			clock_read(value, &out->started);
		else if (slice_eq(name, SLICE("opslore-everything")))
			out->everything = slice_eq(value, SLICE("yes"));
		else if (slice_eq(name, SLICE("opslore-login"))) {
			out->user = slice_eq(value, SLICE("user"));
			out->token = !out->user;
		} else if (slice_eq(name, SLICE("opslore-setting")))
			buf_addf(&settings, "%.*s\n", SLICE_ARG(value));
	}
	out->settings = arena_copy(a, buf_slice(&settings));
	buf_release(&settings);
}
