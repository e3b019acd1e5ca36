#ifndef CRAWLER_FORM_H
#define CRAWLER_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * A login form as a browser would send it (HTML, "constructing the entry
 * list"): hidden fields such as a CSRF token, boxes that are ticked, what is
 * selected, and its first button; the user's name and password are filled in
 * by form_write(). Scripts are not run: a form that they make or change is not
 * seen as they leave it.
 */
enum { FORM_FIELDS = 200 };

struct form_field {
	struct slice name, value;
};

struct form {
	struct slice action; /* as written; empty: the page's own address */
	bool post;
	struct form_field fields[FORM_FIELDS];
	size_t count;
	size_t user, password; /* numbers in `fields` */
};

/* Which fields take name and password; empty: the first password field, and
 * the field for text before it. */
struct form_names {
	struct slice user, password;
};

/* The first form of the page that asks for a user and one password. A form
 * with two passwords makes or changes one: it is passed over. Texts are
 * borrowed from `m` or made in `a`. */
bool form_find_login(struct form *out, const struct markup *m,
                     const struct form_names *names, struct arena *a);

/* Appends the body (application/x-www-form-urlencoded) with `user` and
 * `password` in their places. */
void form_write(const struct form *form, struct slice user,
                struct slice password, struct buf *out);

#endif
