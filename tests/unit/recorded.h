#ifndef TESTS_RECORDED_H
#define TESTS_RECORDED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/text/markup.h"
#include "crawler/yield.h"

/*
 * A run of a source against recorded replies: what the loop does, in small.
 * A folder of tests/data/source/KIND holds
 *
 *	replies   lines "STATUS<tab>TYPE<tab>FILE<tab>TARGET[<tab>BODY]"; the
 *	          first line is the origin; the files stand beside it
 *	expected  what the run says, line by line (see recorded_tell())
 *
 * A target that is not there is answered with 404. A session's asks come
 * first; after yield_login() the source logs in and the ask comes again.
 */
struct recorded {
	char folder[256];
	const struct source_kind *kind;
	void *self;
	struct conf *conf;
	struct arena arena; /* replies */
	struct slice replies, origin;
	struct markup_parser *parser;
	struct arena asks; /* waiting: all of the run */
	struct ask *waiting[4096];
	size_t waiting_count, taken;
	struct ask *session[16];
	size_t session_count;
	struct map seen;  /* pages asked for */
	struct map read;  /* id -> revision, as an inventory has it */
	struct buf story; /* what was said */
	char mark[4096];
	int logins;
	bool over; /* login failed */
	size_t asked;
	struct fault fault;
};

static inline struct slice recorded_cell(struct slice *line)
{
	struct slice cell = slice_cut(*line, 0, slice_find(*line, '\t'));

	*line = slice_cut(*line, cell.len + 1, line->len);
	return cell;
}

static inline struct slice recorded_file(struct recorded *c, const char *name)
{
	char path[600];
	struct slice text;
	char *bytes;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", c->folder, name);
	if (!file_read(path, 1 << 26, &bytes, &len, &c->fault))
		fail_msg("%s: %s", path, c->fault.text);
	text = arena_copy(&c->arena, (struct slice){ bytes, len });
	free(bytes);
	return text;
}

/* From here on other replies. */
static inline void recorded_turn(struct recorded *c, const char *folder)
{
	snprintf(c->folder, sizeof(c->folder), "%s/source/%s", TEST_DATA,
	         folder);
	c->replies = recorded_file(c, "replies");
	c->origin = slice_cut(c->replies, 0, slice_find(c->replies, '\n'));
}

static inline void recorded_open(struct recorded *c,
                                 const struct source_kind *kind,
                                 const char *folder)
{
	*c = (struct recorded){ .kind = kind };
	c->story = BUF_INIT(1 << 24);
	c->parser = markup_parser_new();
	recorded_turn(c, folder);
}

static inline void recorded_close(struct recorded *c)
{
	free(c->self);
	conf_free(c->conf);
	markup_parser_free(c->parser);
	arena_release(&c->arena);
	arena_release(&c->asks);
	map_release(&c->seen);
	map_release(&c->read);
	buf_release(&c->story);
}

/* The reply's line for an ask, behind the target; false: none. */
static inline bool recorded_find(const struct recorded *c, const struct ask *a,
                                 struct slice *status, struct slice *type,
                                 struct slice *file)
{
	struct slice rest = c->replies;
	struct slice target = slice_cut(a->url, c->origin.len, a->url.len);

	if (!slice_starts(a->url, c->origin))
		return false;
	while (rest.len) {
		struct slice line = slice_cut(rest, 0, slice_find(rest, '\n'));

		rest = slice_cut(rest, line.len + 1, rest.len);
		*status = recorded_cell(&line);
		*type = recorded_cell(&line);
		*file = recorded_cell(&line);
		if (slice_eq(recorded_cell(&line), target) &&
		    slice_eq(line, a->body))
			return true;
	}
	*status = SLICE("404");
	*type = SLICE("text/html");
	return false;
}

static inline void recorded_line(struct recorded *c, struct slice s)
{
	for (; s.len; s = slice_cut(s, slice_find(s, '\n') + 1, s.len))
		buf_addf(&c->story, "  | %.*s\n",
		         SLICE_ARG(slice_cut(s, 0, slice_find(s, '\n'))));
}

static inline void recorded_tell_record(struct recorded *c,
                                        const struct record *r)
{
	char created[CLOCK_TEXT], modified[CLOCK_TEXT];

	clock_write(created, r->created);
	clock_write(modified, r->modified);
	if (r->access.len)
		buf_addf(&c->story, "label %.*s: %.*s\n", SLICE_ARG(r->id),
		         SLICE_ARG(r->access));
	if (r->flags & RECORD_HEAD && !r->title.len)
		return;
	buf_addf(&c->story, "%s %.*s at %lld: %.*s\n  %.*s\n",
	         r->flags & RECORD_HEAD ? "head" : "record", SLICE_ARG(r->id),
	         (long long)r->revision, SLICE_ARG(r->title),
	         SLICE_ARG(r->link));
	buf_addf(&c->story, "  %.*s%.*s, %.*s, '%s' to '%s'\n",
	         SLICE_ARG(r->author_id), SLICE_ARG(r->author),
	         SLICE_ARG(r->language), created, modified);
	if (r->licence.len)
		buf_addf(&c->story, "  %.*s\n", SLICE_ARG(r->licence));
	for (size_t i = 0; i < r->tag_count; i++)
		buf_addf(&c->story, "  #%.*s\n", SLICE_ARG(r->tags[i]));
	recorded_line(c, r->content);
}

static inline void recorded_wait(struct recorded *c, const struct ask *a)
{
	struct ask *copy = arena_new(&c->asks, sizeof(*copy));
	bool added = true;

	*copy = *a;
	copy->url = arena_copy(&c->asks, a->url);
	copy->body = arena_copy(&c->asks, a->body);
	copy->note = arena_copy(&c->asks, a->note);
	if (a->flags & ASK_SESSION) {
		assert_true(c->session_count < 16);
		c->session[c->session_count++] = copy;
		return;
	}
	if (a->flags & ASK_PAGE)
		map_put(&c->seen, a->url, &added);
	assert_true(c->waiting_count < 4096);
	if (added)
		c->waiting[c->waiting_count++] = copy;
}

static inline void recorded_named(struct recorded *c, const struct said *s)
{
	bool added;
	struct map_entry *known = map_put(&c->read, s->id, &added);

	buf_addf(&c->story, "named %.*s at %lld%s\n", SLICE_ARG(s->id),
	         (long long)s->number,
	         s->number && known->number == s->number ? ", known" : "");
	if (s->ask && (!s->number || known->number != s->number))
		recorded_wait(c, s->ask);
}

static inline void recorded_tell(struct recorded *c, const struct said *s)
{
	static const char *const words[] = {
		"ask",     "record", "author",  "link",    "comment", "named",
		"listing", "listed", "missing", "deleted", "moved",   "mark",
		"rest",    "quota",  "login",   "event",
	};

	switch (s->kind) {
	case SAID_ASK:
		recorded_wait(c, s->ask);
		break;
	case SAID_NAMED:
		recorded_named(c, s);
		break;
	case SAID_RECORD:
		recorded_tell_record(c, s->record);
		if (!(s->record->flags & RECORD_HEAD))
			map_put(&c->read, s->record->id, NULL)->number =
			        s->record->revision;
		break;
	case SAID_AUTHOR:
		buf_addf(&c->story, "author %.*s is %.*s, %.*s\n",
		         SLICE_ARG(s->id), SLICE_ARG(s->to),
		         SLICE_ARG(s->text));
		break;
	case SAID_MARK:
		buf_text(&c->story, "mark\n");
		snprintf(c->mark, sizeof(c->mark), "%.*s", SLICE_ARG(s->text));
		break;
	case SAID_REST:
		buf_addf(&c->story, "rest %lld ms%s\n", (long long)s->number,
		         s->flag ? ", refused" : "");
		break;
	case SAID_EVENT:
		buf_addf(&c->story, "event %s %.*s\n", s->code,
		         SLICE_ARG(s->id));
		break;
	default:
		buf_addf(&c->story, "%s%s%.*s\n", words[s->kind],
		         s->id.len ? " " : "", SLICE_ARG(s->id));
	}
}

/* Acts on what was said; true: log in. */
static inline bool recorded_act(struct recorded *c, struct yield *y)
{
	bool login = false;

	for (const struct said *s = y->first; s; s = s->next) {
		login = login || s->kind == SAID_LOGIN;
		recorded_tell(c, s);
	}
	yield_reset(y);
	return login;
}

static inline void recorded_answer(struct recorded *c, struct ask *a,
                                   struct yield *y)
{
	struct slice status, type, file;
	struct arena arena = ARENA_INIT;
	struct reply r = { .ask = a, .url = a->url, .arena = &arena };
	struct reply_header retry = { SLICE("retry-after"), SLICE("7") };
	struct markup page;
	char name[256] = "";
	int64_t number = 404;
	bool found = recorded_find(c, a, &status, &type, &file);

	buf_addf(&c->story, "> %.*s %.*s%s\n",
	         SLICE_ARG(slice_cut(a->url, c->origin.len, a->url.len)),
	         SLICE_ARG(a->body), found ? "" : " (not recorded)");
	c->asked++;
	if (found) {
		slice_number(status, &number);
		snprintf(name, sizeof(name), "%.*s", SLICE_ARG(file));
		r.body = recorded_file(c, name);
	}
	r.status = (int)number;
	r.type = type;
	r.headers = &retry;
	r.header_count = 1;
	r.parser = c->parser;
	r.time = INT64_C(1700000000000);
	if (slice_eq(type, SLICE("text/html")) ||
	    slice_ends(type, SLICE("xml"))) {
		if (!markup_parse_as(c->parser,
		                     slice_ends(type, SLICE("xml"))
		                             ? MARKUP_XML
		                             : MARKUP_HTML,
		                     r.body, &arena, &page, &c->fault))
			fail_msg("%s: %s", name, c->fault.text);
		r.page = &page;
	}
	if (number >= 400 && !(a->flags & ASK_ERRORS))
		buf_addf(&c->story, "status %d\n", r.status);
	else if (!c->kind->read(c->self, &r, y, &c->fault)) {
		buf_addf(&c->story, "no: %s: %s\n",
		         fault_kind_name(c->fault.kind), c->fault.text);
		c->over = a->flags & ASK_SESSION;
	}
	if (recorded_act(c, y)) {
		c->over = ++c->logins > 2;
		c->kind->login(c->self, y);
		recorded_act(c, y);
		recorded_wait(c, a);
	}
	arena_release(&arena);
}

/* One run: `settings` are lines of a section, `s` may have secrets. */
static inline void recorded_run(struct recorded *c, const char *settings,
                                struct source_start s)
{
	struct yield y = YIELD_INIT;
	char text[2000];

	snprintf(text, sizeof(text), "[source test]\n%s", settings);
	conf_free(c->conf);
	c->conf = NULL;
	assert_true(conf_parse(&c->conf, slice_of(text), "conf", &c->fault));
	s.conf = conf_find(c->conf, "source", SLICE("test"));
	s.mark = slice_of(c->mark);
	c->self = realloc(c->self, c->kind->state_size);
	memset(c->self, 0, c->kind->state_size);
	c->waiting_count = c->taken = c->session_count = 0;
	c->logins = 0;
	c->over = false;
	map_reset(&c->seen);
	if (!c->kind->open(c->self, &s, &c->fault))
		fail_msg("open: %s", c->fault.text);
	if (c->kind->login) {
		c->kind->login(c->self, &y);
		recorded_act(c, &y);
	}
	c->kind->seed(c->self, &y);
	recorded_act(c, &y);
	while (!c->over && (c->session_count || c->taken < c->waiting_count))
		recorded_answer(c,
		                c->session_count
		                        ? c->session[--c->session_count]
		                        : c->waiting[c->taken++],
		                &y);
	if (c->kind->close)
		c->kind->close(c->self);
	yield_release(&y);
}

/* Compares the story so far with a file beside the replies, and forgets it. */
static inline void recorded_expect(struct recorded *c, const char *name)
{
	struct slice expected = recorded_file(c, name);

	if (!slice_eq(buf_slice(&c->story), expected)) {
		fprintf(stderr, "%.*s", SLICE_ARG(buf_slice(&c->story)));
		fail_msg("not as in %s/%s", c->folder, name);
	}
	buf_reset(&c->story);
}

#endif
