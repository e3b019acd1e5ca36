#ifndef CRAWLER_SITE_LOGIN_H
#define CRAWLER_SITE_LOGIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/map.h"
#include "crawler/form.h"
#include "crawler/source.h"

/*
 * How a site's pages are logged in to by their own form: the page at
 * `login-url` is read, its form filled in and sent (with the CSRF token and
 * the cookies it came with), and what comes back must not ask again. Name and
 * password are sent to that page's host alone.
 *
 * A page that asks for a login later (a soft login: status 200 and a form)
 * has the loop log in again, once for each page: one that asks again after
 * that, or beside a way to log out, is closed to this user.
 */
struct site_login {
	struct slice url; /* empty: there is none */
	struct slice user, password;
	struct form_names names;
	struct map tried; /* addresses that were answered by a new login */
};

/* Tags of its asks; the source's own are below. */
enum { SITE_LOGIN_PAGE = 1000, SITE_LOGIN_SENT };

MUST_USE
bool site_login_open(struct site_login *l, const struct source_start *start,
                     struct fault *f);
void site_login_close(struct site_login *l);

void site_login_ask(const struct site_login *l, struct yield *y);

/* A reply to one of its asks. */
MUST_USE
bool site_login_read(struct site_login *l, const struct reply *r,
                     struct yield *y, struct fault *f);

/* Whether a page that asks for a password is worth a new login; yields it. */
bool site_login_again(struct site_login *l, const struct reply *r,
                      struct yield *y);

/* Whether `url` is that of the login page: with all of its parameters, and
 * perhaps more. */
bool site_login_is(const struct site_login *l, struct slice url);

/* Whether to go to `url` would end the session ("/logout"). */
bool site_login_ends(struct slice url);

#endif
