/*
 * Any bytes as a robots.txt, its last line as the path that is asked for:
 * every decision names a rule that is there and says so; longer or otherwise
 * ended lines change nothing.
 */

#include "must.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "crawler/robots.h"

static const struct slice agent = { "opslore", 7 };

static struct slice last_line(struct slice s)
{
	size_t at = s.len;

	while (at && s.at[at - 1] != '\n')
		at--;
	return slice_cut(s, at, s.len);
}

static void decide(const struct robots *r, struct slice path, int64_t lines)
{
	struct robots_word word = robots_decide(r, path);

	must(robots_decide(r, SLICE("/robots.txt")).allowed);
	must(word.line >= 0 && word.line <= lines);
	must((word.line > 0) == (word.rule.len > 0));
	if (!word.line)
		must(word.allowed == (r->source != ROBOTS_UNKNOWN) ||
		     slice_eq(path, SLICE("/robots.txt")));
	else
		must(word.allowed ==
		     (word.rule.at[0] == 'a' || word.rule.at[0] == 'A'));
}

/* The same with every line ended by CR LF. */
static void same_with_crlf(const struct robots *r, struct slice text,
                           struct slice path, struct arena *a)
{
	struct buf b = BUF_INIT(2 * text.len + 1);
	struct robots_word x = robots_decide(r, path), y;
	struct robots again;
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.at[i] == '\n')
			buf_byte(&b, '\r');
		buf_byte(&b, text.at[i]);
	}
	robots_parse(&again, buf_slice(&b), agent, a);
	if (!again.truncated) {
		y = robots_decide(&again, path);
		must(x.allowed == y.allowed && slice_eq(x.rule, y.rule));
		must(again.sitemap_count == r->sitemap_count);
		must(again.crawl_delay == r->crawl_delay);
	}
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 404, 418, 429, 503, 0 };
	struct slice text = { (const char *)data, size };
	struct slice path = last_line(text);
	struct arena a = ARENA_INIT;
	struct robots r;
	int64_t lines = 1;
	size_t i;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n' || data[i] == '\r';
	for (i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		robots_read(&r, statuses[i], text, agent, &a);
		must((r.source == ROBOTS_UNKNOWN) == (i > 2));
		decide(&r, path, lines);
	}
	robots_parse(&r, text, agent, &a);
	must(r.crawl_delay >= 0 && r.crawl_delay <= 86400000);
	must(size <= ROBOTS_MOST || r.truncated);
	/* A CR of its own would end a line, and CR LF but one. */
	if (!memchr(data, '\r', size))
		same_with_crlf(&r, text, path, &a);
	must(robots_directives(text, agent) < 8);
	arena_release(&a);
	return 0;
}
