/* cases set: a person's word about a case, above the model's for good. */

#include <stdio.h>
#include <string.h>

#include "app/case_operand.h"
#include "app/cases.h"
#include "app/options.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "kb/cases/digest_settings.h"
#include "kb/cases/same_name.h"
#include "schema/cases.h"
#include "schema/digests.h"

/* One FIELD=VALUE, checked. */
struct word {
	enum digest_field field;
	struct slice value; /* as digest_correct() takes it */
};

struct setting {
	struct app *app;
	struct store *store;
	struct arena arena;
	struct digest_settings settings;
	struct support_case c;
	struct word words[FIELD_COUNT];
	size_t count;
};

static struct slice clean(struct setting *x, struct slice s)
{
	struct buf b = BUF_INIT(LIMIT_ROW);
	struct slice out;

	unicode_clean(s, &b);
	out = slice_trim(arena_copy(&x->arena, buf_slice(&b)));
	buf_release(&b);
	return out;
}

static bool class_check(struct setting *x, struct slice *value, struct fault *f)
{
	const struct digest_class *c = digest_class_find(&x->settings, *value);
	struct buf names = BUF_INIT(160);
	size_t i;

	if (c)
		*value = c->name;
	else if (same_name(*value, SLICE(DIGEST_UNCLASSIFIED)))
		*value = SLICE(DIGEST_UNCLASSIFIED);
	else
		for (i = 0; i < x->settings.class_count; i++)
			buf_addf(&names, "%s%.*s", i ? ", " : "",
			         SLICE_ARG(x->settings.classes[i].name));
	if (names.len)
		fault(f, FAULT_USAGE, "case-class",
		      "there is no class '%.*s'; there are %s and %s",
		      SLICE_ARG(slice_cut(*value, 0, 60)), buf_string(&names),
		      DIGEST_UNCLASSIFIED);
	buf_release(&names);
	return c || slice_eq(*value, SLICE(DIGEST_UNCLASSIFIED));
}

/* The list's own spelling of a service. */
static bool service_check(struct setting *x, struct slice *name,
                          struct fault *f)
{
	const struct slice *all = x->settings.services;
	size_t count = x->settings.service_count, i;

	if (!count) {
		struct case_service *services;
		struct slice *names;

		if (!cases_services(x->store, &reader_all, x->c.space,
		                    &x->arena, &services, &count, f))
			return false;
		all = names = arena_array(&x->arena, count, sizeof(*names));
		for (i = 0; i < count; i++)
			names[i] = services[i].name;
	}
	i = same_name_find(*name, all, count);
	if (i == count)
		return fault(f, FAULT_USAGE, "case-service",
		             "'%.*s' is none of the %zu services: [digest] "
		             "services lists them, or else the cases of "
		             "'%.*s' name them",
		             SLICE_ARG(slice_cut(*name, 0, 60)), count,
		             SLICE_ARG(slice_cut(x->c.space, 0, 60)));
	*name = all[i];
	return true;
}

/* Items of services and codes are parted by commas, sentences by semicolons. */
static bool list_json(struct setting *x, enum digest_field field,
                      struct slice value, struct buf *out, struct fault *f)
{
	char mark = field == FIELD_SERVICES || field == FIELD_CODES ? ',' : ';';
	struct json_out o;
	size_t at = 0;

	json_start(&o, out);
	json_open(&o, '[');
	while (at < value.len) {
		struct slice rest = slice_cut(value, at, value.len);
		size_t end = slice_find(rest, mark);
		struct slice one = slice_trim(slice_cut(rest, 0, end));

		if (one.len && field == FIELD_SERVICES &&
		    !service_check(x, &one, f))
			return false;
		if (one.len)
			json_put_text(&o, one);
		at += end + 1;
	}
	json_close(&o, ']');
	return true;
}

static bool value_read(struct setting *x, enum digest_field field,
                       struct slice *value, struct fault *f)
{
	struct buf list = BUF_INIT(LIMIT_ROW);
	bool ok = true;

	*value = clean(x, *value);
	if (!value->len)
		return true;
	if (field == FIELD_CLASS)
		return class_check(x, value, f);
	if (field >= FIELD_STEPS) {
		ok = list_json(x, field, *value, &list, f);
		*value = arena_copy(&x->arena, buf_slice(&list));
	}
	buf_release(&list);
	return ok;
}

static bool word_read(struct setting *x, const char *text, struct fault *f)
{
	struct slice all = slice_of(text), name;
	size_t at = slice_find(all, '='), i;
	struct word *w = &x->words[x->count];

	name = slice_cut(all, 0, at);
	if (at == all.len || !digest_field_read(name, &w->field))
		return fault(f, FAULT_USAGE, "case-field",
		             "'%.60s' is not FIELD=VALUE; fields are problem, "
		             "cause, class, steps, services, codes and titles",
		             text);
	for (i = 0; i < x->count; i++)
		if (x->words[i].field == w->field)
			return fault(f, FAULT_USAGE, "case-field",
			             "%s is set twice",
			             digest_field_name(w->field));
	w->value = slice_cut(all, at + 1, all.len);
	if (!value_read(x, w->field, &w->value, f))
		return false;
	x->count++;
	return true;
}

/* All or none. */
static bool words_keep(struct setting *x, struct fault *f)
{
	size_t i;
	bool ok = cases_hold(x->store, f);

	for (i = 0; ok && i < x->count; i++)
		ok = digest_correct(x->store, x->c.id, x->words[i].field,
		                    x->words[i].value, x->app->now, f);
	ok = ok && cases_let_go(x->store, f);
	if (!ok)
		cases_undo(x->store);
	return ok;
}

static bool set_all(struct setting *x, const char *space, char **argv,
                    int operands, struct fault *f)
{
	int64_t id;
	int i;

	if (!app_whole(x->app, f) ||
	    !digest_settings_read(&x->settings, x->app->conf, &x->arena, f) ||
	    !app_store(x->app, STORE_WRITE, &x->store, f) ||
	    !case_operand(x->store, &reader_all, argv[1], space, &id, f) ||
	    !case_load(x->store, &reader_all, id, &x->arena, &x->c, f))
		return false;
	for (i = 2; i <= operands; i++)
		if (!word_read(x, argv[i], f))
			return false;
	return words_keep(x, f);
}

static void set_tell(const struct setting *x)
{
	struct buf line = BUF_INIT(1 << 16);
	struct json_out o;
	size_t i;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_key(&o, "set");
	json_open(&o, '[');
	for (i = 0; i < x->count; i++)
		json_put_text(&o,
		              slice_of(digest_field_name(x->words[i].field)));
	json_close(&o, ']');
	json_close(&o, '}');
	if (x->app->json)
		puts(buf_string(&line));
	else if (x->app->progress != PROGRESS_QUIET)
		puts("kept; next: opslore cases fold");
	buf_release(&line);
}

static int set_command(struct app *app, int argc, char **argv)
{
	struct setting x = { .app = app };
	const char *space = NULL;
	const struct option table[] = {
		{ .name = "space", .value = &space },
		{ 0 },
	};
	struct fault f;
	int operands;
	bool ok;

	ok = options_read(table, argc, argv, &operands, &f);
	if (ok && (operands < 2 || operands > 1 + FIELD_COUNT))
		ok = fault(&f, FAULT_USAGE, "usage",
		           "cases set wants an id and FIELD=VALUE, once or "
		           "more: opslore cases set 1730001234 "
		           "class='service fault'");
	ok = ok && set_all(&x, space, argv, operands, &f);
	if (ok)
		set_tell(&x);
	store_close(x.store);
	arena_release(&x.arena);
	return ok ? EXIT_DONE : app_fail(app, &f);
}

const struct subcommand cases_set = {
	.name = "set",
	.usage = "ID FIELD=VALUE... [--space SPACE]",
	.summary = "a person's word about a case; an empty value takes it back",
	.run = set_command,
};
