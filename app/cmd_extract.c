/* opslore extract: what of an HTML page people come to read. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/extract_json.h"
#include "app/extract_store.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "base/say.h"
#include "base/text/markdown.h"
#include "crawler/receive.h"

enum format { FORMAT_MARKDOWN, FORMAT_TEXT, FORMAT_JSON };

struct extract {
	enum format format;
	bool list, all;
	struct content_select select;
	bool selects;
	struct slice url; /* of --url */
	struct markup_parser *parser;
	struct receive receive;
	struct url base;
	struct buf markdown, out;
	size_t pages, none; /* read; of them those that are no page */
	bool failed;
};

static bool options_take(const struct app *app, struct extract *x, int argc,
                         char **argv, int *count, struct fault *f)
{
	const char *format = NULL, *url = NULL, *content = NULL;
	const struct option table[] = {
		{ .name = "all", .flag = &x->all },
		{ .name = "content", .value = &content },
		{ .name = "format", .value = &format },
		{ .name = "list", .flag = &x->list },
		{ .name = "url", .value = &url },
		{ 0 },
	};

	if (!options_read(table, argc, argv, count, f) ||
	    !app_format(app, format, f))
		return false;
	x->url = slice_of(url);
	x->selects = content != NULL;
	if (format && !strcmp(format, "json"))
		x->format = FORMAT_JSON;
	else if (format && !strcmp(format, "text"))
		x->format = FORMAT_TEXT;
	else if (format && strcmp(format, "markdown") != 0)
		return fault(f, FAULT_USAGE, "extract-format",
		             "--format is markdown, text or json, not '%s'",
		             format);
	return !content || content_select(&x->select, slice_of(content), f);
}

static bool options_fit(const struct extract *x, int count, struct fault *f)
{
	if (x->all && (x->list || count || x->url.len || x->selects))
		return fault(f, FAULT_USAGE, "extract-all",
		             "--all reads the store: nothing goes with it");
	if (x->list && (count || x->url.len))
		return fault(f, FAULT_USAGE, "extract-list",
		             "--list reads addresses and files from standard "
		             "input: name neither");
	if ((x->list || count > 1) && x->format != FORMAT_JSON)
		return fault(f, FAULT_USAGE, "extract-many",
		             "several pages come as --format json only");
	if (count > 1 && x->url.len)
		return fault(f, FAULT_USAGE, "extract-url",
		             "--url is the address of one page");
	return true;
}

/* Standard input, or the file; *out is the caller's to free(). */
static bool page_bytes(const char *path, char **out, size_t *len,
                       struct fault *f)
{
	struct buf b = BUF_INIT(LIMIT_FETCH_BODY);
	int c;

	if (strcmp(path, "-") != 0)
		return file_read(path, LIMIT_FETCH_BODY, out, len, f);
	while ((c = getc_unlocked(stdin)) != EOF)
		buf_byte(&b, (char)c);
	*out = b.at;
	*len = b.len;
	if (ferror(stdin))
		return fault(f, FAULT_SYSTEM, "read",
		             "cannot read standard input");
	if (buf_full(&b))
		return fault(f, FAULT_LIMIT, "limit-fetch-body",
		             "it is over %d MB", LIMIT_FETCH_BODY >> 20);
	return true;
}

/* As if it had come over the wire as HTML of an unnamed charset. */
static bool page_tree(struct extract *x, struct slice bytes, struct slice url,
                      struct reply *r, struct fault *f)
{
	static const struct http_header type = { { "content-type", 12 },
		                                 { "text/html", 9 } };
	static const struct ask ask;
	const struct http_reply reply = { .status = 200,
		                          .body = bytes,
		                          .headers = &type,
		                          .header_count = 1 };

	if (!receive_reply(&x->receive, &reply, &ask, url, 0, r, f))
		return false;
	return r->page || fault(f, FAULT_INPUT, "extract-binary",
	                        "it is not HTML: its bytes are no text");
}

/* What its links are relative to: its <base>, else its address, else the
 * address it calls its own, else nothing. */
static struct slice base_of(struct extract *x, const struct head *h,
                            struct slice url)
{
	struct url own = URL_INIT;
	struct fault none;
	bool known, based;

	known = (url.len && url_parse(&own, url, NULL, &none)) ||
	        (h->canonical.len &&
	         url_parse(&own, h->canonical, NULL, &none));
	based = h->base.len &&
	        url_parse(&x->base, h->base, known ? &own : NULL, &none);
	if (!based && known)
		based = url_parse(&x->base, url_text(&own), NULL, &none);
	url_release(&own);
	return based ? url_text(&x->base) : (struct slice){ 0 };
}

static void put_markdown(struct extract *x, const struct page *p)
{
	if (p->title.len)
		buf_addf(&x->out, "# %.*s\n\n", SLICE_ARG(p->title));
	buf_add(&x->out, buf_slice(&x->markdown));
	buf_byte(&x->out, '\n');
}

static void put_text(struct extract *x, const struct page *p)
{
	if (p->title.len)
		buf_addf(&x->out, "%.*s\n\n", SLICE_ARG(p->title));
	markdown_text(buf_slice(&x->markdown), &x->out);
	buf_byte(&x->out, '\n');
}

static void put_page(struct extract *x, const struct extracted *e)
{
	if (x->format == FORMAT_JSON)
		extracted_json(e, &x->out);
	else if (e->page->verdict != PAGE_FINE)
		return;
	else if (x->format == FORMAT_TEXT)
		put_text(x, e->page);
	else
		put_markdown(x, e->page);
}

/* Why a page is none, for people. */
static const char *reason(enum page_verdict v)
{
	switch (v) {
	case PAGE_NOT_FOUND:
		return "it says that it was not found";
	case PAGE_LOGIN:
		return "it asks for a password";
	case PAGE_SCRIPTED:
		return "nothing to read without its scripts";
	default:
		return "nothing to read";
	}
}

static bool write_out(struct extract *x, struct fault *f)
{
	if (buf_full(&x->markdown) || buf_full(&x->out))
		return fault(f, FAULT_LIMIT, "limit-text",
		             "its text is over %d MB", LIMIT_TEXT >> 20);
	if (x->out.len)
		fwrite(x->out.at, 1, x->out.len, stdout);
	return true;
}

static bool page_extract(struct extract *x, const char *path, struct slice url,
                         struct slice bytes, struct fault *f)
{
	struct extracted e = { .source = slice_of(path), .url = url };
	struct page page;
	struct reply r;

	if (!page_tree(x, bytes, url, &r, f))
		return false;
	page_read(&page, r.page, url, x->selects ? &x->select : NULL, r.arena);
	buf_reset(&x->markdown);
	buf_reset(&x->out);
	e.page = &page;
	e.base = base_of(x, &page.head, url);
	e.truncated = r.flags & REPLY_TRUNCATED;
	page_markdown(&page, e.base, &x->markdown);
	e.markdown = buf_slice(&x->markdown);
	put_page(x, &e);
	if (!write_out(x, f))
		return false;
	x->pages++;
	if (page.verdict != PAGE_FINE) {
		x->none++;
		say(SAY_WARN, "%s: %s", path, reason(page.verdict));
	}
	return true;
}

static bool file_extract(struct extract *x, const char *path, struct slice url,
                         struct fault *f)
{
	char *bytes = NULL;
	size_t len = 0;
	bool ok;

	ok = page_bytes(path, &bytes, &len, f) &&
	     page_extract(x, path, url, (struct slice){ bytes, len }, f);
	free(bytes);
	return ok || fault_at(f, path, 0);
}

/* One of many: what goes wrong with it is a line of its own. */
static void file_of_many(struct extract *x, const char *path, struct slice url)
{
	struct fault f;

	if (file_extract(x, path, url, &f))
		return;
	buf_reset(&x->out);
	app_fault_json(&f, &x->out);
	fwrite(x->out.at, 1, x->out.len, stdout);
	x->failed = true;
}

/* Lines of ADDRESS<TAB>FILE; an address may be missing, with its tab or not. */
static bool list_extract(struct extract *x, struct fault *f)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 0) {
		struct slice s =
		        slice_trim((struct slice){ line, (size_t)len });
		size_t tab = slice_find(s, '\t');
		struct slice url = slice_cut(s, 0, tab < s.len ? tab : 0);
		size_t path = tab < s.len ? tab + 1 : 0;

		if (!s.len)
			continue;
		line[s.at - line + (ptrdiff_t)s.len] = 0;
		file_of_many(x, s.at + path, url);
	}
	free(line);
	return !ferror(stdin) ||
	       fault(f, FAULT_SYSTEM, "read", "cannot read standard input");
}

static bool extract_each(struct extract *x, int count, char **argv,
                         struct fault *f)
{
	int i;

	if (x->list)
		return list_extract(x, f);
	if (count < 2)
		return file_extract(x, count ? argv[1] : "-", x->url, f);
	for (i = 1; i <= count; i++)
		file_of_many(x, argv[i], (struct slice){ 0 });
	return true;
}

static int extract_run(struct app *app, int argc, char **argv)
{
	struct extract x = { .format = app->json ? FORMAT_JSON
		                                 : FORMAT_MARKDOWN };
	struct fault f;
	int count;
	bool ok;

	if (!options_take(app, &x, argc, argv, &count, &f) ||
	    !options_fit(&x, count, &f))
		return app_fail(app, &f);
	if (x.all)
		return extract_store(app);
	x.parser = markup_parser_new();
	receive_init(&x.receive, x.parser);
	x.base = URL_INIT;
	x.markdown = BUF_INIT(LIMIT_TEXT);
	x.out = BUF_INIT((size_t)8 * LIMIT_TEXT);
	ok = extract_each(&x, count, argv, &f);
	buf_release(&x.out);
	buf_release(&x.markdown);
	url_release(&x.base);
	receive_release(&x.receive);
	markup_parser_free(x.parser);
	if (!ok)
		return app_fail(app, &f);
	return x.none || x.failed ? EXIT_PARTLY : EXIT_DONE;
}

const struct command cmd_extract = {
	.name = "extract",
	.usage = "[--url URL] [--format markdown|text|json] "
	         "[--content SELECTOR] [FILE]\n"
	         "--format json FILE...\n"
	         "--format json --list\n"
	         "--all",
	.summary = "the content of an HTML page, and nothing else",
	.help = "Prints what people come to read: Markdown under the page's "
	        "title, its plain\n"
	        "text, or JSON with title, author, dates, language, headings "
	        "and posts. FILE may\n"
	        "be '-' for standard input. --url says where the page is from: "
	        "its links are\n"
	        "resolved against it. --content names the container of the "
	        "text: a tag, #id or\n"
	        ".class. --list reads lines of ADDRESS<tab>FILE. Nothing is "
	        "fetched.\n"
	        "--all makes the texts of the store anew from the originals "
	        "beside them, where an\n"
	        "older opslore made them.\n"
	        "Exit code 3: there is nothing to read (not found, a login, "
	        "needs JavaScript).\n"
	        "\n"
	        "  opslore extract --url https://wiki.example/disk disk.html",
	.run = extract_run,
};
