/* opslore robots: what a robots.txt says of one address to one crawler. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "crawler/robots.h"

struct question {
	struct slice text, agent, target;
	struct robots robots;
	struct robots_word word;
	bool json;
};

/* Standard input, or the file; *out is the caller's to free(). */
static bool text_read(const char *path, char **out, size_t *len,
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

/* A whole address, or only the path of one. */
static bool target_read(struct url *url, const char *text, struct fault *f)
{
	bool path = text[0] == '/' && text[1] != '/';
	struct url site = URL_INIT;
	bool ok = (!path ||
	           url_parse(&site, SLICE("https://site.invalid/"), NULL, f)) &&
	          url_parse(url, slice_of(text), path ? &site : NULL, f);

	url_release(&site);
	if (ok && url_is_web(url))
		return true;
	return fault(f, FAULT_USAGE, "robots-url",
	             "'%s' is no address of the web: give "
	             "https://HOST/PATH, or /PATH",
	             text);
}

/* Whose rules were asked; empty: there are none for it. */
static struct slice group_of(const struct question *q)
{
	if (q->robots.named)
		return q->agent;
	return q->robots.rule_count ? SLICE("*") : (struct slice){ 0 };
}

static void answer_text(const struct question *q, struct buf *out)
{
	const struct robots_word *w = &q->word;
	struct slice group = group_of(q);

	buf_text(out, w->allowed ? "allow\n" : "disallow\n");
	if (w->line)
		buf_addf(out, "line %lld: %.*s", (long long)w->line,
		         SLICE_ARG(w->rule));
	else if (slice_eq(q->target, SLICE("/robots.txt")))
		buf_text(out, "everyone may read robots.txt itself");
	else if (group.len)
		buf_text(out, "no rule matches");
	else
		buf_text(out, "no rule is for it");
	if (group.len)
		buf_addf(out, " (of the group of '%.*s')", SLICE_ARG(group));
	if (q->robots.truncated)
		buf_addf(out, "\nonly its first %d KiB were read",
		         ROBOTS_MOST >> 10);
	buf_byte(out, '\n');
}

static void pair_bool(struct json_out *o, const char *name, bool b)
{
	json_key(o, name);
	json_put_bool(o, b);
}

static void answer_json(const struct question *q, struct buf *out)
{
	struct slice group = group_of(q);
	struct json_out o;
	size_t i;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	pair_bool(&o, "allowed", q->word.allowed);
	json_pair(&o, "target", q->target);
	json_key(&o, "group");
	if (group.len)
		json_put_text(&o, group);
	else
		json_put_null(&o);
	if (q->word.line) {
		json_pair_number(&o, "line", q->word.line);
		json_pair(&o, "rule", q->word.rule);
	}
	json_pair_number(&o, "crawl_delay_ms", q->robots.crawl_delay);
	json_key(&o, "sitemaps");
	json_open(&o, '[');
	for (i = 0; i < q->robots.sitemap_count; i++)
		json_put_text(&o, q->robots.sitemaps[i]);
	json_close(&o, ']');
	pair_bool(&o, "truncated", q->robots.truncated);
	json_close(&o, '}');
	buf_byte(out, '\n');
}

static void answer(struct question *q)
{
	struct buf out = BUF_INIT(64 << 20);
	struct arena a = ARENA_INIT;

	robots_parse(&q->robots, q->text, q->agent, &a);
	q->word = robots_decide(&q->robots, q->target);
	if (q->json)
		answer_json(q, &out);
	else
		answer_text(q, &out);
	fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
	arena_release(&a);
}

static bool robots_ask(struct question *q, int argc, char **argv,
                       struct fault *f)
{
	const struct option table[] = { { 0 } };
	struct url url = URL_INIT;
	char *text = NULL;
	int count;
	bool ok;

	if (!options_read(table, argc, argv, &count, f))
		return false;
	if (count != 3 || !*argv[2])
		return fault(f, FAULT_USAGE, "robots-what",
		             "robots wants a file, a crawler's name and an "
		             "address");
	q->agent = slice_of(argv[2]);
	ok = target_read(&url, argv[3], f) &&
	     text_read(argv[1], &text, &q->text.len, f);
	if (ok) {
		q->text.at = text;
		q->target = url_target(&url);
		answer(q);
	}
	free(text);
	url_release(&url);
	return ok;
}

static int robots_run(struct app *app, int argc, char **argv)
{
	struct question q = { .json = app->json };
	struct fault f;

	return robots_ask(&q, argc, argv, &f) ? EXIT_DONE : app_fail(app, &f);
}

const struct command cmd_robots = {
	.name = "robots",
	.usage = "FILE AGENT URL",
	.summary = "what a robots.txt says of an address",
	.help = "Prints 'allow' or 'disallow', and the rule that decides. FILE "
	        "may be '-' for\n"
	        "standard input; AGENT is a crawler's name, such as opslore or "
	        "opslore/1.0; URL\n"
	        "is a whole address or a path. Nothing is fetched.\n"
	        "\n"
	        "  opslore robots robots.txt opslore "
	        "https://wiki.example/private/",
	.run = robots_run,
};
