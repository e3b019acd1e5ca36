/*
 * Everything that leaves the house goes through here: guard_in() first, then
 * mask_add(). Names of persons are told to the mask, all but words that name
 * nobody.
 */

#include "kb/cases/digest_scene.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "kb/cases/same_name.h"
#include "schema/digests.h"
#include "schema/reader.h"

enum {
	SERVICES_MOST = 2000, /* that are known of a space */
	SERVICES_SHOWN = 80,  /* of these, to one case */
	SERVICE_MOST = 100,   /* bytes of a service's name */
	EXAMPLE_MOST = 300,   /* bytes of one text of an example */
};

void digest_scene_open(struct digest_scene *s,
                       const struct digest_settings *settings,
                       const struct llm_settings *llm, struct store *store)
{
	*s = (struct digest_scene){
		.settings = settings,
		.llm = llm,
		.store = store,
	};
	s->version = prompt_version(settings, &s->arena);
	s->names.classes =
	        digest_class_names(settings, &s->arena, &s->names.class_count);
}

void digest_scene_close(struct digest_scene *s)
{
	map_release(&s->services);
	arena_release(&s->arena);
}

struct service_list {
	struct slice *items;
	size_t count;
};

/* A service's name comes from outside like any text: one that a guard or a
 * mask would change is not put on a list. */
static bool service_fits(const struct digest_scene *s, const struct mask *m,
                         struct slice name, struct arena *a, struct fault *f)
{
	struct guard_input in;
	struct mask_found found;

	if (!name.len || name.len > SERVICE_MOST ||
	    slice_find(name, '\n') < name.len || mask_find(m, name, &found))
		return false;
	return guard_in(name, &s->names, a, &in, f) && !in.signs &&
	       slice_eq(in.text, name);
}

static int by_cases(const void *a, const void *b)
{
	const struct case_service *x = a, *y = b;

	if (x->cases != y->cases)
		return x->cases < y->cases ? 1 : -1;
	return slice_cmp(x->name, y->name);
}

static bool services_of(struct digest_scene *s, struct slice space,
                        struct service_list **out, struct fault *f)
{
	struct service_list *list = arena_new(&s->arena, sizeof(*list));
	struct case_service *all;
	struct mask *mask = NULL;
	struct fault ignored;
	size_t count, i;

	if (!cases_services(s->store, &reader_all, space, &s->arena, &all,
	                    &count, f) ||
	    !mask_new(&mask, f))
		return false;
	if (count)
		qsort(all, count, sizeof(*all), by_cases);
	list->items =
	        arena_array(&s->arena, SERVICES_MOST, sizeof(*list->items));
	for (i = 0; i < count && list->count < SERVICES_MOST; i++)
		if (service_fits(s, mask, all[i].name, &s->arena, &ignored))
			list->items[list->count++] = all[i].name;
	mask_free(mask);
	*out = list;
	return true;
}

/* The first of the list; a rare one that the case is about, in place of the
 * last. */
static void services_shown(const struct service_list *list, struct slice own,
                           struct arena *a, const struct slice **out,
                           size_t *count)
{
	size_t at = same_name_find(own, list->items, list->count);
	struct slice *items;

	*out = list->items;
	*count = list->count < SERVICES_SHOWN ? list->count : SERVICES_SHOWN;
	if (at < *count || at == list->count)
		return;
	*out = items = arena_array(a, *count, sizeof(*items));
	memcpy(items, list->items, *count * sizeof(*items));
	items[*count - 1] = list->items[at];
}

bool digest_services(struct digest_scene *s, const struct support_case *c,
                     struct arena *a, const struct slice **out, size_t *count,
                     struct fault *f)
{
	struct map_entry *e;
	struct service_list *list;
	bool added;

	if (s->settings->service_count) {
		*out = s->settings->services;
		*count = s->settings->service_count;
		return true;
	}
	e = map_put(&s->services, c->space, &added);
	if (added && !services_of(s, c->space, &list, f))
		return false;
	if (added)
		e->pointer = list;
	services_shown(e->pointer, c->service, a, out, count);
	return true;
}

/* Words that stand where a person's name should, and name none; addresses,
 * which the mask finds by itself. */
static bool names_nobody(struct slice name)
{
	static const char *const words[] = {
		"root",        "admin",     "administrator",
		"user",        "users",     "support",
		"system",      "test",      "customer",
		"provider",    "unknown",   "guest",
		"service",     "team",      "account",
		"aws",         "amazon",    "Amazon Web Services",
		"AWS Support", "anonymous", "nobody",
		"operator",    "null",      "none",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (same_name(name, slice_of(words[i])))
			return true;
	return slice_find(name, '@') < name.len;
}

static void tell_names(struct mask *m, const struct support_case *c)
{
	size_t i;

	if (!names_nobody(c->submitted_by))
		mask_tell(m, MASK_NAME, c->submitted_by);
	for (i = 0; i < c->reply_count; i++)
		if (c->replies[i].side != SIDE_PROVIDER &&
		    !names_nobody(c->replies[i].by))
			mask_tell(m, MASK_NAME, c->replies[i].by);
}

struct showing {
	const struct digest_scene *s;
	struct mask *mask;
	struct guard_case *held; /* NULL: nothing is measured by this text */
	struct arena *a;
	struct buf text;
	struct fault *f;
};

/* A text as it may leave; *signs gathers what the guard found. */
static bool show(struct showing *x, struct slice text, struct slice *out,
                 unsigned *signs)
{
	struct guard_input in;

	if (!guard_in(text, &x->s->names, x->a, &in, x->f) ||
	    (x->held && !guard_case_add(x->held, in.text, x->f)))
		return false;
	*signs |= in.signs;
	buf_reset(&x->text);
	if (!mask_add(x->mask, in.text, &x->text, x->f))
		return false;
	*out = arena_copy(x->a, buf_slice(&x->text));
	return true;
}

/* An id is no text: only the mask may change how it is shown. */
static bool show_id(struct showing *x, struct slice id, struct slice *out)
{
	buf_reset(&x->text);
	if (!guard_case_add(x->held, id, x->f) ||
	    !mask_add(x->mask, id, &x->text, x->f))
		return false;
	*out = arena_copy(x->a, buf_slice(&x->text));
	return true;
}

static bool show_replies(struct showing *x, const struct support_case *c,
                         struct case_shown *out)
{
	struct case_reply *replies =
	        arena_array(x->a, c->reply_count, sizeof(*replies));
	size_t i;

	out->shown.replies = replies;
	for (i = 0; i < c->reply_count; i++) {
		unsigned *signs = c->replies[i].side == SIDE_PROVIDER
		                          ? &out->signs[SHOWN_PROVIDER]
		                          : &out->signs[SHOWN_CUSTOMER];

		replies[i].side = c->replies[i].side;
		replies[i].time = c->replies[i].time;
		if (!show(x, c->replies[i].body, &replies[i].body, signs))
			return false;
	}
	return true;
}

static bool show_head(struct showing *x, const struct support_case *c,
                      struct case_shown *out)
{
	struct support_case *v = &out->shown;
	unsigned *signs = &out->signs[SHOWN_SUBJECT];

	return show_id(x, c->native, &v->native) &&
	       show(x, c->subject, &v->subject, signs) &&
	       show(x, c->service, &v->service, signs) &&
	       show(x, c->category, &v->category, signs) &&
	       show(x, c->severity, &v->severity, signs) &&
	       show(x, c->status, &v->status, signs);
}

static bool any_masked(const struct mask *m)
{
	int i;

	for (i = 0; i < MASK_CLASSES; i++)
		if (mask_count(m, (enum mask_class)i))
			return true;
	return false;
}

bool case_show(const struct digest_scene *s, const struct support_case *c,
               struct mask *mask, struct guard_case *held, struct arena *a,
               struct case_shown *out, struct fault *f)
{
	struct showing x = {
		.s = s,
		.mask = mask,
		.held = held,
		.a = a,
		.text = BUF_INIT(4 * (size_t)LIMIT_ROW),
		.f = f,
	};
	bool ok;

	*out = (struct case_shown){ .shown = {
		                            .id = c->id,
		                            .created = c->created,
		                            .resolved = c->resolved,
		                            .reply_count = c->reply_count,
		                    } };
	if (s->settings->mask_addresses)
		mask_classes(mask, (1u << MASK_CLASSES) - 1);
	tell_names(mask, c);
	ok = show_head(&x, c, out) && show_replies(&x, c, out);
	out->masked = ok && any_masked(mask);
	buf_release(&x.text);
	return ok;
}

/* All that a class is called. */
static struct guard_names names_of(const struct digest_scene *s,
                                   struct slice class, struct arena *a)
{
	const struct digest_class *c = digest_class_find(s->settings, class);
	struct guard_names names = { 0 };
	struct slice *all;
	size_t i;

	if (!c)
		return names;
	all = arena_array(a, c->name_count + 1, sizeof(*all));
	all[names.class_count++] = c->name;
	for (i = 0; i < c->name_count; i++)
		all[names.class_count++] = c->names[i];
	names.classes = all;
	return names;
}

void case_unname(const struct digest_scene *s, const struct support_case *shown,
                 struct slice class, struct arena *a, struct case_unnamed *out)
{
	struct guard_names names = names_of(s, class, a);
	struct case_reply *replies =
	        arena_array(a, shown->reply_count, sizeof(*replies));
	size_t i;

	*out = (struct case_unnamed){ .rest = *shown };
	out->rest.replies = replies;
	out->named[SHOWN_SUBJECT] =
	        guard_named(shown->subject, &names, a, &out->rest.subject);
	for (i = 0; i < shown->reply_count; i++) {
		const struct case_reply *r = &shown->replies[i];
		int place = r->side == SIDE_PROVIDER ? SHOWN_PROVIDER
		                                     : SHOWN_CUSTOMER;

		replies[i] = *r;
		out->named[place] |=
		        guard_named(r->body, &names, a, &replies[i].body);
	}
	for (i = 0; i < SHOWN_PLACES; i++)
		out->any |= out->named[i];
}

static bool example_text(struct showing *x, struct slice text,
                         struct slice *out, unsigned *signs)
{
	return show(x, utf8_head(text, EXAMPLE_MOST), out, signs);
}

/* *fits false: it is no example (no class, or it speaks to the model). */
static bool example_read(struct showing *x, int64_t id,
                         struct prompt_example *out, bool *fits)
{
	struct support_case c;
	struct digest d;
	unsigned signs = 0;
	bool found;

	*fits = false;
	if (!case_load(x->s->store, &reader_all, id, x->a, &c, x->f) ||
	    !digest_load(x->s->store, id, x->a, &d, &found, x->f))
		return false;
	if (!found || !digest_class_find(x->s->settings, d.class))
		return true;
	tell_names(x->mask, &c);
	if (!example_text(x, c.subject, &out->subject, &signs) ||
	    !example_text(x, d.problem, &out->problem, &signs) ||
	    !example_text(x, d.cause, &out->cause, &signs))
		return false;
	out->class = digest_class_find(x->s->settings, d.class)->name;
	*fits = !(signs & (GUARD_ADDRESS | GUARD_TURN | GUARD_FIELD));
	return true;
}

bool digest_examples(const struct digest_scene *s, const struct support_case *c,
                     struct arena *a, const struct prompt_example **out,
                     size_t *count, struct fault *f)
{
	struct showing x = {
		.s = s,
		.a = a,
		.text = BUF_INIT(4 * (size_t)LIMIT_ROW),
		.f = f,
	};
	size_t most = s->settings->example_most, n, i;
	struct prompt_example *all = arena_array(a, most, sizeof(*all));
	int64_t *ids = arena_array(a, most + 1, sizeof(*ids));
	bool ok = true, fits;

	*out = all;
	*count = 0;
	if (!most)
		return true;
	/* A mask of their own: what it hides is never put into this case. */
	ok = digests_corrected(s->store, c->space, c->access, ids, most + 1, &n,
	                       f) &&
	     mask_new(&x.mask, f);
	for (i = 0; ok && i < n && *count < most; i++) {
		if (ids[i] == c->id)
			continue;
		ok = example_read(&x, ids[i], &all[*count], &fits);
		*count += ok && fits;
	}
	mask_free(x.mask);
	buf_release(&x.text);
	return ok;
}
