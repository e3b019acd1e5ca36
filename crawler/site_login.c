#include "crawler/site_login.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "crawler/head.h"

enum { LOGIN_BODY = 256 << 10 };

static const char form_type[] = "application/x-www-form-urlencoded";

bool site_login_open(struct site_login *l, const struct source_start *start,
                     struct fault *f)
{
	struct url u = URL_INIT;
	bool ok = true;

	l->url = conf_get(start->conf, "login-url", "");
	l->names.user = conf_get(start->conf, "login-user", "");
	l->names.password = conf_get(start->conf, "login-password", "");
	l->user = start->secrets.user;
	l->password = start->secrets.password;
	if (!l->url.len)
		return true;
	if (!url_parse(&u, l->url, NULL, f))
		ok = fault_in(f, "login-url");
	else if (!url_is_web(&u))
		ok = fault(f, FAULT_USAGE, "source-setting",
		           "login-url is no web address");
	else if (!l->user.len)
		ok = fault(f, FAULT_USAGE, "source-setting",
		           "login-url wants user and password-file beside it");
	url_release(&u);
	return ok;
}

void site_login_close(struct site_login *l)
{
	map_release(&l->tried);
}

void site_login_ask(const struct site_login *l, struct yield *y)
{
	const struct ask a = { .url = l->url,
		               .tag = SITE_LOGIN_PAGE,
		               .flags = ASK_SESSION };

	yield_ask(y, &a);
}

/* Where the form goes. It stays with the host that it came from, and does not
 * leave https. */
static bool form_target(const struct form *form, const struct reply *r,
                        struct url *to, struct fault *f)
{
	struct url from = URL_INIT;
	bool ok = url_parse(&from, r->url, NULL, f) &&
	          url_parse(to, form->action.len ? form->action : r->url, &from,
	                    f);

	if (ok &&
	    (!url_is_web(to) || !slice_eq(url_host(&from), url_host(to)) ||
	     (slice_eq(url_scheme(&from), SLICE("https")) &&
	      !slice_eq(url_scheme(to), SLICE("https")))))
		ok = fault(f, FAULT_DENIED, "login-elsewhere",
		           "the form on %.*s would send the password to "
		           "another place: %.*s",
		           SLICE_ARG(r->url), SLICE_ARG(url_bare(to)));
	url_release(&from);
	return ok;
}

static void send_form(const struct site_login *l, const struct form *form,
                      const struct url *to, struct yield *y)
{
	struct buf body = BUF_INIT(LOGIN_BODY);
	struct ask a = { .url = url_bare(to),
		         .body_type = slice_of(form_type),
		         .tag = SITE_LOGIN_SENT,
		         .flags = ASK_SESSION };

	form_write(form, l->user, l->password, &body);
	a.body = buf_slice(&body);
	yield_ask(y, &a);
	buf_release(&body);
}

static bool is_end(struct slice word)
{
	static const char *const words[] = { "logout",   "logoff",  "signout",
		                             "sign_out", "log_out", "sign-out",
		                             "log-out",  "signoff" };
	size_t i, len;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i]);
		if (word.len >= len &&
		    head_same(slice_cut(word, word.len - len, word.len),
		              slice_of(words[i])))
			return true;
	}
	return false;
}

bool site_login_ends(struct slice url)
{
	size_t from = 0, i;

	for (i = 0; i <= url.len; i++) {
		if (i < url.len && !strchr("/?&=;.:#", url.at[i]))
			continue;
		if (is_end(slice_cut(url, from, i)))
			return true;
		from = i + 1;
	}
	return false;
}

static bool has_parameter(struct slice query, struct slice wanted)
{
	size_t end;

	for (; query.len; query = slice_cut(query, end + 1, query.len)) {
		end = slice_find(query, '&');
		if (slice_eq(slice_cut(query, 0, end), wanted))
			return true;
	}
	return false;
}

bool site_login_is(const struct site_login *l, struct slice url)
{
	size_t at = slice_find(l->url, '?'), end;
	struct slice query = slice_cut(url, slice_find(url, '?') + 1, url.len);
	struct slice own = slice_cut(l->url, at + 1, l->url.len);

	if (!l->url.len || !slice_eq(slice_cut(url, 0, slice_find(url, '?')),
	                             slice_cut(l->url, 0, at)))
		return false;
	for (; own.len; own = slice_cut(own, end + 1, own.len)) {
		end = slice_find(own, '&');
		if (!has_parameter(query, slice_cut(own, 0, end)))
			return false;
	}
	return true;
}

static bool offers_end(const struct markup *m)
{
	uint32_t i;

	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];
		const char *at = "href";

		if (n->kind != MARKUP_ELEMENT)
			continue;
		if (slice_eq(n->name, SLICE("form")))
			at = "action";
		else if (!slice_eq(n->name, SLICE("a")))
			continue;
		if (site_login_ends(markup_attribute(m, n, at)))
			return true;
	}
	return false;
}

static bool read_form(struct site_login *l, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct form form;
	struct url to = URL_INIT;
	bool ok = true;

	if (form_find_login(&form, r->page, &l->names, r->arena)) {
		ok = form_target(&form, r, &to, f);
		if (ok && !form.post)
			ok = fault(f, FAULT_DENIED, "login-form",
			           "the form on %.*s would send the password "
			           "within an address",
			           SLICE_ARG(r->url));
		if (ok)
			send_form(l, &form, &to, y);
		url_release(&to);
		return ok;
	}
	/* The cookies it began with are good still. */
	if (offers_end(r->page))
		return true;
	return fault(f, FAULT_DENIED, "login-form",
	             "there is no form with a name and a password on %.*s; "
	             "login-user and login-password name its fields",
	             SLICE_ARG(r->url));
}

bool site_login_read(struct site_login *l, const struct reply *r,
                     struct yield *y, struct fault *f)
{
	struct form form;

	if (!r->page)
		return r->ask->tag == SITE_LOGIN_SENT ||
		       fault(f, FAULT_DENIED, "login-form",
		             "%.*s is no page but '%.*s'", SLICE_ARG(r->url),
		             SLICE_ARG(r->type));
	if (r->ask->tag == SITE_LOGIN_PAGE)
		return read_form(l, r, y, f);
	if (!form_find_login(&form, r->page, &l->names, r->arena) ||
	    offers_end(r->page))
		return true;
	return fault(f, FAULT_DENIED, "login-refused",
	             "name and password were sent, and %.*s asks for them "
	             "again",
	             SLICE_ARG(r->url));
}

bool site_login_again(struct site_login *l, const struct reply *r,
                      struct yield *y)
{
	uint64_t hash = hash64(r->ask->url);
	struct slice key = { (const char *)&hash, sizeof(hash) };
	bool added;

	if (!l->url.len || (r->page && offers_end(r->page)))
		return false;
	map_put(&l->tried, key, &added);
	if (added)
		yield_login(y);
	return added;
}
