/*
 * What the source `site` says about pages, by the cases in data/source/site/
 * (one file a theme). A case there is
 *
 *	=== name
 *	setting = value        (url and others; `reply` and `type` are of the
 *	...                     reply, `head` a header of it, `flag` noindex ...)
 *	-----
 *	the body
 *	-----
 *	what it yields, one a line; a record's Markdown behind '|'
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/robots.h"
#include "crawler/yield.h"

extern const struct source_kind source_site;

static struct markup_parser *parser;

/* One case, taken apart. */
struct scene {
	struct slice name, settings, body, expected;
	struct buf conf;
	struct reply reply;
	struct reply_header headers[8];
	struct ask ask;
	struct slice mark;
	struct slice robots; /* the origin whose robots.txt the body is */
};

static size_t find_line(struct slice s, size_t from, const char *mark)
{
	while (from < s.len) {
		struct slice line = slice_cut(s, from, s.len);

		line = slice_cut(line, 0, slice_find(line, '\n'));
		if (slice_starts(line, slice_of(mark)))
			return from;
		from += line.len + 1;
	}
	return s.len;
}

static struct slice next_line(struct slice *s)
{
	struct slice line = slice_cut(*s, 0, slice_find(*s, '\n'));

	*s = slice_cut(*s, line.len + 1, s->len);
	return line;
}

static unsigned flag_of(struct slice s)
{
	if (slice_eq(s, SLICE("noindex")))
		return REPLY_NOINDEX;
	if (slice_eq(s, SLICE("nofollow")))
		return REPLY_NOFOLLOW;
	if (slice_eq(s, SLICE("truncated")))
		return REPLY_TRUNCATED;
	assert_true(slice_eq(s, SLICE("moved")));
	return REPLY_MOVED;
}

static int64_t number_of(struct slice s)
{
	int64_t n = 0;

	assert_true(slice_number(s, &n));
	return n;
}

/* A line that is about the reply. False: it is a setting. */
static bool read_reply(struct scene *c, struct slice key, struct slice value)
{
	struct reply *r = &c->reply;

	if (slice_eq(key, SLICE("reply"))) {
		r->url = value;
	} else if (slice_eq(key, SLICE("ask"))) {
		c->ask.url = value;
	} else if (slice_eq(key, SLICE("tag"))) {
		c->ask.tag = (uint32_t)number_of(value);
	} else if (slice_eq(key, SLICE("depth"))) {
		c->ask.depth = (int32_t)number_of(value);
	} else if (slice_eq(key, SLICE("status"))) {
		r->status = (int)number_of(value);
	} else if (slice_eq(key, SLICE("type"))) {
		r->type = value;
	} else if (slice_eq(key, SLICE("robots"))) {
		c->robots = value;
	} else if (slice_eq(key, SLICE("mark"))) {
		c->mark = value;
	} else if (slice_eq(key, SLICE("flag"))) {
		r->flags |= flag_of(value);
	} else if (slice_eq(key, SLICE("head"))) {
		size_t at = slice_find(value, ':');

		c->headers[r->header_count++] = (struct reply_header){
			slice_cut(value, 0, at),
			slice_trim(slice_cut(value, at + 1, value.len))
		};
	} else {
		return false;
	}
	return true;
}

static void read_scene(struct scene *c, struct slice s)
{
	size_t name = slice_find(s, '\n'), middle, end;

	memset(c, 0, sizeof(*c));
	c->conf = BUF_INIT(1 << 16);
	c->name = slice_cut(s, 4, name);
	middle = find_line(s, name, "-----");
	end = find_line(s, middle + 6, "-----");
	c->settings = slice_cut(s, name + 1, middle);
	c->body = slice_cut(s, middle + 6, end);
	c->expected = slice_cut(s, end + 6, s.len);
	c->reply = (struct reply){ .ask = &c->ask,
		                   .status = 200,
		                   .type = SLICE("text/html"),
		                   .headers = c->headers,
		                   .body = c->body,
		                   .time = 1700000000000 };
	buf_text(&c->conf, "[source test]\n");
	while (c->settings.len) {
		struct slice line = next_line(&c->settings);
		size_t at = slice_find(line, '=');
		struct slice key = slice_trim(slice_cut(line, 0, at));
		struct slice value = slice_cut(line, at + 1, line.len);

		if (read_reply(c, key, slice_trim(value)))
			continue;
		buf_add(&c->conf, line);
		buf_byte(&c->conf, '\n');
		if (slice_eq(key, SLICE("url")) && !c->reply.url.len)
			c->reply.url = slice_trim(value);
	}
	if (!c->ask.url.len)
		c->ask.url = c->reply.url;
}

static void print_time(struct buf *out, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	if (text[0])
		buf_addf(out, " %s=%.19s", name, text);
}

static void print_record(struct buf *out, const struct record *r)
{
	struct slice s = r->content;

	buf_addf(out, "record %s %.*s '%.*s'", record_kind_name(r->kind),
	         SLICE_ARG(r->id), SLICE_ARG(r->title));
	if (r->language.len)
		buf_addf(out, " language=%.*s", SLICE_ARG(r->language));
	if (r->author.len)
		buf_addf(out, " author=%.*s", SLICE_ARG(r->author));
	if (r->licence.len)
		buf_addf(out, " licence=%.*s", SLICE_ARG(r->licence));
	print_time(out, "created", r->created);
	print_time(out, "modified", r->modified);
	if (r->flags & RECORD_TRUNCATED)
		buf_text(out, " truncated");
	buf_byte(out, '\n');
	while (s.len) {
		struct slice line = next_line(&s);

		buf_addf(out, "|%s%.*s\n", line.len ? " " : "",
		         SLICE_ARG(line));
	}
}

static void print_ask(struct buf *out, const struct ask *a)
{
	buf_addf(out, "ask %.*s", SLICE_ARG(a->url));
	if (a->depth)
		buf_addf(out, " depth=%d", a->depth);
	if (a->tag)
		buf_addf(out, " tag=%u", a->tag);
	print_time(out, "due", a->due ? a->due : CLOCK_NONE);
	buf_text(out, a->flags & ASK_AGAIN ? " again" : "");
	buf_text(out, a->flags & ASK_LISTING ? " listing" : "");
	buf_text(out, a->flags & ASK_SESSION ? " session" : "");
	if (a->body.len)
		buf_addf(out, " body=%.*s", SLICE_ARG(a->body));
	buf_byte(out, '\n');
}

static void print_said(struct buf *out, const struct said *s)
{
	switch (s->kind) {
	case SAID_ASK:
		print_ask(out, s->ask);
		break;
	case SAID_RECORD:
		print_record(out, s->record);
		break;
	case SAID_EVENT:
		buf_addf(out, "event %s %.*s\n", s->code, SLICE_ARG(s->id));
		break;
	case SAID_MOVED:
		buf_addf(out, "moved %.*s %.*s\n", SLICE_ARG(s->id),
		         SLICE_ARG(s->to));
		break;
	case SAID_ALIAS:
		buf_addf(out, "alias %.*s %.*s\n", SLICE_ARG(s->id),
		         SLICE_ARG(s->to));
		break;
	case SAID_MARK:
		buf_addf(out, "mark %.*s\n", SLICE_ARG(s->text));
		break;
	case SAID_LOGIN:
		buf_text(out, "login\n");
		break;
	default:
		buf_addf(out, "said %d\n", (int)s->kind);
	}
}

static void parse(struct scene *c, struct arena *a, struct markup *m)
{
	bool html = slice_eq(c->reply.type, SLICE("text/html"));
	struct fault f;

	if (!html && !slice_ends(c->reply.type, SLICE("xml")))
		return;
	if (!markup_parse_as(parser, html ? MARKUP_HTML : MARKUP_XML, c->body,
	                     a, m, &f))
		fail_msg("%.*s: %s", SLICE_ARG(c->name), f.text);
	c->reply.page = m;
}

static const struct conf_section *section_of(struct scene *c, struct conf **to)
{
	struct fault f;

	if (!conf_parse(to, buf_slice(&c->conf), "test.conf", &f))
		fail_msg("%.*s: %s", SLICE_ARG(c->name), f.text);
	return conf_find(*to, "source", SLICE("test"));
}

/* Opens the source, lets it read (or seed, without a body), prints. */
static void run_robots(struct scene *c, void *self, struct yield *y)
{
	int status = c->reply.status ? c->reply.status : 200;
	struct arena a = ARENA_INIT;
	struct robots r = { 0 };

	robots_read(&r, status, c->body, SLICE("opslore"), &a);
	source_site.robots(self, c->robots, &r, y);
	arena_release(&a);
}

static void run(struct scene *c, struct buf *out)
{
	struct conf *conf;
	struct source_start start = { .conf = section_of(c, &conf),
		                      .mark = c->mark,
		                      .time = 1700000000000 };
	void *self = calloc(1, source_site.state_size);
	struct arena a = ARENA_INIT;
	struct yield y = YIELD_INIT;
	struct markup m;
	struct fault f;
	const struct said *s;

	if (!conf_check(start.conf, source_site.keys, &f))
		fail_msg("%.*s: %s", SLICE_ARG(c->name), f.text);
	if (!source_site.open(self, &start, &f)) {
		buf_addf(out, "fault %s %s\n", fault_kind_name(f.kind), f.code);
		goto out;
	}
	c->reply.arena = &a;
	parse(c, &a, &m);
	if (c->robots.len)
		run_robots(c, self, &y);
	else if (!c->body.len)
		source_site.seed(self, &y);
	else if (!source_site.read(self, &c->reply, &y, &f))
		buf_addf(out, "fault %s %s\n", fault_kind_name(f.kind), f.code);
	for (s = y.first; s; s = s->next)
		print_said(out, s);
	source_site.close(self);
out:
	yield_release(&y);
	arena_release(&a);
	conf_free(conf);
	free(self);
}

static size_t run_case(const char *file, struct slice s)
{
	struct buf out = BUF_INIT(1 << 20);
	struct slice got, expected;
	struct scene c;
	size_t wrong;

	read_scene(&c, s);
	run(&c, &out);
	got = slice_trim(buf_slice(&out));
	expected = slice_trim(c.expected);
	wrong = !slice_eq(got, expected);
	if (wrong)
		fprintf(stderr, "%s: %.*s: expected\n%.*s\ngot\n%.*s\n\n", file,
		        SLICE_ARG(c.name), SLICE_ARG(expected), SLICE_ARG(got));
	buf_release(&out);
	buf_release(&c.conf);
	return wrong;
}

/* Runs a file's cases; returns how many there were. */
static size_t run_file(const char *path, size_t *wrong)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen(path, "rb");
	struct slice s = { text, 0 };
	size_t at, next, count = 0;

	assert_non_null(text);
	assert_non_null(file);
	s.len = fread(text, 1, 1 << 20, file);
	fclose(file);
	for (at = find_line(s, 0, "=== "); at < s.len; at = next, count++) {
		next = find_line(s, at + 4, "=== ");
		*wrong += run_case(path, slice_cut(s, at, next));
	}
	free(text);
	return count;
}

static void test_cases(void **state)
{
	struct dirent **names;
	int i, n = scandir(TEST_DATA "/source/site", &names, NULL, alphasort);
	size_t count = 0, wrong = 0;

	(void)state;
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", TEST_DATA "/source/site",
		         names[i]->d_name);
		if (slice_ends(slice_of(path), SLICE(".txt")))
			count += run_file(path, &wrong);
		free(names[i]);
	}
	free(names);
	print_message("%zu cases\n", count);
	assert_int_equal(wrong, 0);
	assert_true(count);
}

static int start(void **state)
{
	(void)state;
	parser = markup_parser_new();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	markup_parser_free(parser);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
