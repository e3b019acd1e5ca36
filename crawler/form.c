/*
 * Fields belong to the form they stand in, else to the last one that began
 * before them: tables cut many a form short. One pass over the tree for each
 * form that has a password, of which a page has few.
 */

#include "crawler/form.h"

#include "base/net/url.h"
#include "crawler/head.h"

enum {
	FORM_MOST = 20,        /* forms looked at */
	FORM_VALUE = 64 << 10, /* bytes of one value */
};

enum field_kind {
	FIELD_NONE,
	FIELD_TEXT,
	FIELD_PASSWORD,
	FIELD_VALUE,
	FIELD_BUTTON
};

struct form_walk {
	const struct markup *m;
	const struct form_names *names;
	struct arena *a;
	uint32_t form, end; /* the form's subtree */
	uint32_t reach;     /* where the next form begins */
	size_t passwords;
	size_t text; /* the last field for text; SIZE_MAX: none */
	bool button; /* it has one already */
	bool user, password;
};

static bool is_named(const struct markup_node *n, const char *name)
{
	return n->kind == MARKUP_ELEMENT && slice_eq(n->name, slice_of(name));
}

static bool has(const struct markup *m, const struct markup_node *n,
                const char *name)
{
	return markup_attribute(m, n, name).at != NULL;
}

static enum field_kind kind_of_input(const struct markup *m,
                                     const struct markup_node *n)
{
	static const char *const texts[] = { "", "text", "email", "tel" };
	static const char *const none[] = { "image", "reset", "button",
		                            "file" };
	struct slice type = markup_attribute(m, n, "type");
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (head_same(type, slice_of(texts[i])))
			return FIELD_TEXT;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (head_same(type, slice_of(none[i])))
			return FIELD_NONE;
	if (head_same(type, SLICE("password")))
		return FIELD_PASSWORD;
	if (head_same(type, SLICE("submit")))
		return FIELD_BUTTON;
	if (head_same(type, SLICE("checkbox")) ||
	    head_same(type, SLICE("radio")))
		return has(m, n, "checked") ? FIELD_VALUE : FIELD_NONE;
	return FIELD_VALUE;
}

static enum field_kind kind_of(const struct markup *m,
                               const struct markup_node *n)
{
	struct slice type = markup_attribute(m, n, "type");

	if (has(m, n, "disabled"))
		return FIELD_NONE;
	if (is_named(n, "input"))
		return kind_of_input(m, n);
	if (is_named(n, "select") || is_named(n, "textarea"))
		return FIELD_VALUE;
	if (is_named(n, "button") &&
	    (!type.len || head_same(type, SLICE("submit"))))
		return FIELD_BUTTON;
	return FIELD_NONE;
}

/* What is selected, else the first option. */
static struct slice selected(struct form_walk *w, uint32_t n)
{
	uint32_t end = markup_end(w->m, n), i, found = MARKUP_NONE;
	const struct markup_node *o;

	for (i = n + 1; i < end; i++) {
		if (!is_named(&w->m->nodes[i], "option"))
			continue;
		if (found == MARKUP_NONE)
			found = i;
		if (has(w->m, &w->m->nodes[i], "selected")) {
			found = i;
			break;
		}
	}
	if (found == MARKUP_NONE)
		return SLICE("");
	o = &w->m->nodes[found];
	if (has(w->m, o, "value"))
		return markup_attribute(w->m, o, "value");
	return head_text(w->m, found, FORM_VALUE, w->a);
}

static struct slice value_of(struct form_walk *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	struct slice type = markup_attribute(w->m, node, "type");

	if (is_named(node, "select"))
		return selected(w, n);
	if (is_named(node, "textarea"))
		return head_text(w->m, n, FORM_VALUE, w->a);
	if (!has(w->m, node, "value") && (head_same(type, SLICE("checkbox")) ||
	                                  head_same(type, SLICE("radio"))))
		return SLICE("on");
	return slice_cut(markup_attribute(w->m, node, "value"), 0, FORM_VALUE);
}

/* A field goes into the form if it has a name. */
static void add(struct form_walk *w, uint32_t n, enum field_kind kind,
                struct form *out)
{
	struct slice name = markup_attribute(w->m, &w->m->nodes[n], "name");
	size_t at = out->count;

	if (kind == FIELD_NONE || !name.len || at == FORM_FIELDS ||
	    (kind == FIELD_BUTTON && w->button))
		return;
	w->button |= kind == FIELD_BUTTON;
	out->fields[out->count++] = (struct form_field){ name, value_of(w, n) };
	if (w->names->user.len && slice_eq(name, w->names->user)) {
		out->user = at;
		w->user = true;
	}
	if (w->names->password.len && slice_eq(name, w->names->password)) {
		out->password = at;
		w->password = true;
	}
	if (kind == FIELD_TEXT && (!w->passwords || w->text == SIZE_MAX))
		w->text = at;
	if (kind == FIELD_PASSWORD && !w->passwords++ &&
	    !w->names->password.len) {
		out->password = at;
		w->password = true;
	}
}

static bool read_form(struct form_walk *w, struct form *out)
{
	const struct markup_node *form = &w->m->nodes[w->form];
	uint32_t last = w->end > w->reach ? w->end : w->reach, i;

	*out = (struct form){ 0 };
	out->action = slice_trim(markup_attribute(w->m, form, "action"));
	out->post = head_same(markup_attribute(w->m, form, "method"),
	                      SLICE("post"));
	w->text = SIZE_MAX;
	for (i = w->form + 1; i < last; i++)
		if (w->m->nodes[i].kind == MARKUP_ELEMENT)
			add(w, i, kind_of(w->m, &w->m->nodes[i]), out);
	if (!w->names->user.len && w->text != SIZE_MAX) {
		out->user = w->text;
		w->user = true;
	}
	return w->user && w->password &&
	       (w->passwords == 1 || w->names->password.len);
}

bool form_find_login(struct form *out, const struct markup *m,
                     const struct form_names *names, struct arena *a)
{
	uint32_t forms[FORM_MOST + 1], i;
	size_t count = 0, k;

	for (i = 0; i < m->node_count && count < FORM_MOST; i++)
		if (is_named(&m->nodes[i], "form"))
			forms[count++] = i;
	for (k = 0; k < count; k++) {
		struct form_walk w = { .m = m, .names = names, .a = a };

		w.form = forms[k];
		w.end = markup_end(m, forms[k]);
		w.reach =
		        k + 1 < count ? forms[k + 1] : (uint32_t)m->node_count;
		if (read_form(&w, out))
			return true;
	}
	return false;
}

void form_write(const struct form *form, struct slice user,
                struct slice password, struct buf *out)
{
	size_t i;

	for (i = 0; i < form->count; i++) {
		struct slice value = form->fields[i].value;

		if (i == form->user)
			value = user;
		else if (i == form->password)
			value = password;
		if (i)
			buf_byte(out, '&');
		url_escape(form->fields[i].name, out);
		buf_byte(out, '=');
		url_escape(value, out);
	}
}
