/* cases show: one case, its digest, and what is whose word. */

#include <stdio.h>

#include "app/case_operand.h"
#include "app/cases.h"
#include "app/options.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/say.h"
#include "base/utf8.h"
#include "schema/cases.h"
#include "schema/digests.h"

static const struct {
	unsigned flag;
	const char *name, *about;
} flags[] = {
	{ DIGEST_CUT, "cut", "the model did not see all of the case" },
	{ DIGEST_REDUCED, "reduced", "it saw summaries of its parts" },
	{ DIGEST_REPAIRED, "repaired", "the answer was not as asked for" },
	{ DIGEST_SUSPECT, "suspect",
	  "something in the case spoke to the model" },
	{ DIGEST_CLEANED, "cleaned",
	  "the answer lost what the case does not hold" },
	{ DIGEST_NO_PROBLEM, "no-problem", "the answer did not have it" },
	{ DIGEST_NO_CAUSE, "no-cause", "the answer did not have it" },
	{ DIGEST_NO_CLASS, "no-class", "it had none, or none of the list" },
	{ DIGEST_MASKED, "masked", "something was masked on the way out" },
};
enum { FLAGS = sizeof(flags) / sizeof(*flags) };

struct showing {
	struct support_case c;
	struct digest d;
	bool digested;
	struct digest_failure failure; /* tries 0: none */
	bool replies;
	struct arena arena, scratch;
};

static bool failure_each(void *self, const struct digest_failure *x,
                         struct fault *f)
{
	struct showing *s = self;

	(void)f;
	if (!slice_eq(x->space, s->c.space) ||
	    !slice_eq(x->native, s->c.native))
		return true;
	s->failure = *x;
	s->failure.code = arena_copy(&s->arena, x->code);
	s->failure.said = arena_copy(&s->arena, x->said);
	return true;
}

/* Safe for a terminal; on one line, unless lines are to stay. */
static void clean_add(struct buf *b, struct slice s, bool lines)
{
	char part[4 * 1024];

	while (s.len) {
		struct slice head = utf8_head(s, sizeof(part) / 4);
		size_t n, i;

		if (!head.len)
			head = slice_cut(s, 0, 1);
		n = say_clean(part, sizeof(part), head);
		for (i = 0; i < n && !lines; i++)
			if (part[i] == '\n' || part[i] == '\t')
				part[i] = ' ';
		buf_add(b, (struct slice){ part, n });
		s = slice_cut(s, head.len, s.len);
	}
}

static void time_add(struct buf *b, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	buf_add(b, slice_cut(slice_of(text), 0, 16));
}

static void line_add(struct buf *b, const char *name, struct slice value,
                     bool person)
{
	if (!value.len)
		return;
	buf_addf(b, "%-10s", name);
	clean_add(b, value, false);
	buf_text(b, person ? "   (a person's word)\n" : "\n");
}

static void list_add(struct buf *b, const char *name, const struct slice *items,
                     size_t count, bool person)
{
	size_t i;

	for (i = 0; i < count; i++)
		line_add(b, i ? "" : name, items[i], person);
}

static bool by_person(const struct digest *d, enum digest_field field)
{
	return d->corrected & 1u << field;
}

static void case_add(struct buf *b, const struct support_case *c)
{
	clean_add(b, c->space, false);
	buf_byte(b, '/');
	clean_add(b, c->native, false);
	buf_byte(b, '\n');
	line_add(b, "subject", c->subject, false);
	line_add(b, "by", c->submitted_by, false);
	line_add(b, "service", c->service, false);
	line_add(b, "category", c->category, false);
	line_add(b, "severity", c->severity, false);
	line_add(b, "status", c->status, false);
	line_add(b, "access", c->access, false);
	buf_addf(b, "%-10s", "opened");
	time_add(b, c->created);
	if (c->resolved != CLOCK_NONE) {
		buf_text(b, ", resolved ");
		time_add(b, c->resolved);
	}
	buf_addf(b, "\n%-10s%zu\n", "replies", c->reply_count);
}

static void digest_add(struct buf *b, const struct digest *d)
{
	size_t i;

	buf_byte(b, '\n');
	line_add(b, "problem", d->problem, by_person(d, FIELD_PROBLEM));
	line_add(b, "cause", d->cause, by_person(d, FIELD_CAUSE));
	line_add(b, "class", d->class, by_person(d, FIELD_CLASS));
	list_add(b, "steps", d->steps, d->step_count,
	         by_person(d, FIELD_STEPS));
	list_add(b, "services", d->services, d->service_count,
	         by_person(d, FIELD_SERVICES));
	list_add(b, "codes", d->codes, d->code_count,
	         by_person(d, FIELD_CODES));
	list_add(b, "titles", d->titles, d->title_count,
	         by_person(d, FIELD_TITLES));
	if (d->model.len) {
		buf_addf(b, "%-10s", "model");
		clean_add(b, d->model, false);
		buf_addf(b, " (%.*s), prompt %.*s, ", SLICE_ARG(d->back_end),
		         SLICE_ARG(d->prompt));
		time_add(b, d->time);
		buf_text(b, "; what it wrote is not checked by anybody\n");
	}
	for (i = 0; i < FLAGS; i++)
		if (d->flags & flags[i].flag)
			buf_addf(b, "%-10s%s: %s\n", "flag", flags[i].name,
			         flags[i].about);
}

static void failure_add(struct buf *b, const struct digest_failure *x)
{
	buf_addf(b, "\n%-10s%lld times, last ", "failed", (long long)x->tries);
	time_add(b, x->time);
	buf_addf(b, ": ");
	clean_add(b, x->said, false);
	buf_addf(b, " (%.*s)\n", SLICE_ARG(x->code));
}

static void replies_add(struct buf *b, const struct support_case *c)
{
	size_t i;

	for (i = 0; i < c->reply_count; i++) {
		const struct case_reply *r = &c->replies[i];

		buf_addf(b, "\n== %zu, %s, ", i + 1, case_side_name(r->side));
		time_add(b, r->time);
		buf_byte(b, ' ');
		clean_add(b, r->by, false);
		buf_byte(b, '\n');
		clean_add(b, r->body, true);
		buf_byte(b, '\n');
	}
}

static void show_text(const struct showing *x, struct buf *b)
{
	case_add(b, &x->c);
	if (x->digested)
		digest_add(b, &x->d);
	else
		buf_text(b, "\nno digest yet: opslore cases digest\n");
	if (x->failure.tries)
		failure_add(b, &x->failure);
	if (x->replies)
		replies_add(b, &x->c);
}

static void json_time(struct json_out *o, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	json_pair(o, name, slice_of(text));
}

static void json_list(struct json_out *o, const char *name,
                      const struct slice *items, size_t count)
{
	size_t i;

	json_key(o, name);
	json_open(o, '[');
	for (i = 0; i < count; i++)
		json_put_text(o, items[i]);
	json_close(o, ']');
}

static void json_replies(struct json_out *o, const struct support_case *c)
{
	size_t i;

	json_key(o, "replies");
	json_open(o, '[');
	for (i = 0; i < c->reply_count; i++) {
		const struct case_reply *r = &c->replies[i];

		json_open(o, '{');
		json_pair(o, "by", r->by);
		json_pair(o, "side", slice_of(case_side_name(r->side)));
		json_time(o, "time", r->time);
		json_pair(o, "body", r->body);
		json_list(o, "attachments", r->attachments,
		          r->attachment_count);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void json_case(struct json_out *o, const struct support_case *c,
                      bool replies)
{
	json_key(o, "case");
	json_open(o, '{');
	json_pair(o, "space", c->space);
	json_pair(o, "id", c->native);
	json_pair(o, "subject", c->subject);
	json_pair(o, "submitted_by", c->submitted_by);
	json_pair(o, "service", c->service);
	json_pair(o, "category", c->category);
	json_pair(o, "severity", c->severity);
	json_pair(o, "status", c->status);
	json_pair(o, "language", c->language);
	json_pair(o, "link", c->link);
	json_pair(o, "access", c->access);
	json_time(o, "created", c->created);
	json_time(o, "resolved", c->resolved);
	json_pair_number(o, "reply_count", (int64_t)c->reply_count);
	if (replies)
		json_replies(o, c);
	json_close(o, '}');
}

static void json_digest(struct json_out *o, const struct digest *d)
{
	struct slice names[FLAGS], fields[FIELD_COUNT];
	size_t i, n = 0, corrected = 0;

	for (i = 0; i < FLAGS; i++)
		if (d->flags & flags[i].flag)
			names[n++] = slice_of(flags[i].name);
	for (i = 0; i < FIELD_COUNT; i++)
		if (by_person(d, (enum digest_field)i))
			fields[corrected++] = slice_of(
			        digest_field_name((enum digest_field)i));
	json_key(o, "digest");
	json_open(o, '{');
	json_pair(o, "problem", d->problem);
	json_pair(o, "cause", d->cause);
	json_pair(o, "class", d->class);
	json_list(o, "steps", d->steps, d->step_count);
	json_list(o, "services", d->services, d->service_count);
	json_list(o, "codes", d->codes, d->code_count);
	json_list(o, "titles", d->titles, d->title_count);
	json_pair(o, "language", d->language);
	json_pair(o, "back_end", d->back_end);
	json_pair(o, "model", d->model);
	json_pair(o, "prompt", d->prompt);
	json_time(o, "time", d->time);
	json_list(o, "flags", names, n);
	json_list(o, "corrected", fields, corrected);
	json_key(o, "untrusted");
	json_put_bool(o, true);
	json_close(o, '}');
}

static void show_json(const struct showing *x, struct buf *b)
{
	struct json_out o;

	json_start(&o, b);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_case(&o, &x->c, x->replies);
	if (x->digested)
		json_digest(&o, &x->d);
	if (x->failure.tries) {
		json_key(&o, "failure");
		json_open(&o, '{');
		json_pair_number(&o, "tries", x->failure.tries);
		json_pair(&o, "code", x->failure.code);
		json_pair(&o, "text", x->failure.said);
		json_time(&o, "time", x->failure.time);
		json_close(&o, '}');
	}
	json_close(&o, '}');
	buf_byte(b, '\n');
}

static bool show_read(struct app *app, struct showing *x, const char *text,
                      const char *space, struct fault *f)
{
	struct reader *r = NULL;
	struct store *s = NULL;
	int64_t id;
	bool ok;

	ok = app_store(app, STORE_READ, &s, f) && app_reader(app, &r, f) &&
	     case_operand(s, r, text, space, &id, f) &&
	     case_load(s, r, id, &x->arena, &x->c, f) &&
	     digest_load(s, id, &x->arena, &x->d, &x->digested, f) &&
	     digests_failed(s, r, &x->scratch, failure_each, x, f);
	reader_free(r);
	store_close(s);
	return ok;
}

static int show_command(struct app *app, int argc, char **argv)
{
	struct showing x = { 0 };
	const char *space = NULL;
	const struct option table[] = {
		{ .name = "space", .value = &space },
		{ .name = "replies", .flag = &x.replies },
		{ 0 },
	};
	struct buf out = BUF_INIT(4 * (size_t)LIMIT_ROW);
	struct fault f;
	int operands;
	bool ok;

	ok = options_read(table, argc, argv, &operands, &f);
	if (ok && operands != 1)
		ok = fault(&f, FAULT_USAGE, "usage",
		           "cases show wants one id: opslore cases show "
		           "1730001234");
	ok = ok && show_read(app, &x, argv[1], space, &f);
	if (ok && app->json)
		show_json(&x, &out);
	else if (ok)
		show_text(&x, &out);
	if (ok)
		fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
	arena_release(&x.arena);
	arena_release(&x.scratch);
	return ok ? EXIT_DONE : app_fail(app, &f);
}

const struct subcommand cases_show = {
	.name = "show",
	.usage = "ID [--replies] [--space SPACE]",
	.summary = "a case, its digest, and what is whose word",
	.run = show_command,
};
