/*
 * One table of the shared keys, one small reader for each shape of value.
 * What a value means when it is absent stands in the table and nowhere else.
 */

#include "crawler/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "schema/identity.h"
#include "schema/reader.h"

const struct conf_key settings_keys[] = {
	{ "kind", NULL, "what it is; 'opslore sources' lists the kinds" },
	{ "access", "public", "label of everything that comes from here" },
	{ "licence", "", "SPDX name, where the source does not say" },
	{ "rate", "1/s", "requests over all proxies together" },
	{ "concurrency", "2", "requests under way at once" },
	{ "stall", "10m", "give up when nothing succeeds for so long" },
	{ "timeout", "30s", "of one request" },
	{ "tries", "4", "of one page within a run" },
	{ "http", "auto", "auto, or 1.1: never HTTP/2" },
	{ "robots", "obey",
	  "obey, or ignore: own wikis only, said in the log" },
	{ "contact", "", "address or page of who runs this crawler" },
	{ "allow-private", "no", "it may live at private addresses" },
	{ "ca-file", "", "certificates to trust instead of the system's" },
	{ "user", "", "for login" },
	{ "password-file", "", "or password-env: where the password is" },
	{ "password-env", "", "" },
	{ "token-file", "", "or token-env: a bearer token or API key" },
	{ "token-env", "", "" },
	{ "cookies", "", "a Netscape cookie file to start from" },
	{ "proxies", "", "a file with one proxy a line" },
	{ "rotation", "round-robin",
	  "round-robin, random, least-used or sticky" },
	{ "proxy-rate", "0/s", "through each proxy; 0: no cap of its own" },
	{ "proxy-concurrency", "8", "through each proxy" },
	{ "proxy-uses", "0", "requests before a proxy rests; 0: never" },
	{ "proxy-slow", "10s", "to the first byte: such a proxy is slow" },
	{ "allow-private-proxy", "no", "proxies may have private addresses" },
	{ "every", "1d", "a run is due so long after the last one" },
	{ "revisit", "1d", "a page is first visited again after" },
	{ "revisit-least", "1h", "and never sooner than" },
	{ "revisit-most", "30d", "nor later than" },
	{ "apart", "1h", "two misses of a page count when so far apart" },
	{ "vanish-percent", "10", "more than that never vanishes unasked" },
	{ "vanish-most", "10", "so many always may" },
	{ 0 },
};

static struct slice settings_get(const struct crawl_settings *s,
                                 const char *key)
{
	const struct conf_key *k = settings_keys;

	while (strcmp(k->name, key))
		k++;
	return conf_get(s->section, key, k->fallback);
}

static bool settings_wrong(const struct crawl_settings *s, const char *key,
                           const char *wants, struct fault *f)
{
	struct slice value = settings_get(s, key);

	return fault(f, FAULT_USAGE, "configuration",
	             "[source %.*s] %s is '%.*s', but %s is wanted",
	             SLICE_ARG(s->name), key, SLICE_ARG(value), wants);
}

bool settings_rate(struct slice s, double *out, struct fault *f)
{
	size_t slash = slice_find(s, '/');
	char number[32], *end = number;
	double per = 0;

	if (slash + 2 == s.len && slash > 0 && slash < sizeof(number)) {
		char unit = s.at[slash + 1];

		per = unit == 's'   ? 1
		      : unit == 'm' ? 60
		      : unit == 'h' ? 3600
		                    : 0;
		memcpy(number, s.at, slash);
		number[slash] = '\0';
		*out = strtod(number, &end);
	}
	if (per == 0 || *end || end == number || !(*out >= 0) || *out > 1e6)
		return fault(f, FAULT_USAGE, "configuration",
		             "'%.*s' is no rate: 2/s, 30/m or 100/h is",
		             SLICE_ARG(s));
	*out /= per;
	return true;
}

bool settings_duration(struct slice s, int64_t *out, struct fault *f)
{
	static const struct {
		const char *name;
		int64_t unit;
	} units[] = { { "ms", 1 },      { "s", 1000 },     { "m", 60000 },
		      { "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 },
		      { NULL, 0 } };
	size_t digits = 0, i = 0;
	int64_t n = 0;

	while (digits < s.len && s.at[digits] >= '0' && s.at[digits] <= '9')
		digits++;
	while (units[i].name &&
	       !slice_eq(slice_cut(s, digits, s.len), slice_of(units[i].name)))
		i++;
	if (!units[i].name || !slice_number(slice_cut(s, 0, digits), &n) ||
	    n > 36500 * INT64_C(86400000) / units[i].unit)
		return fault(f, FAULT_USAGE, "configuration",
		             "'%.*s' is no duration: 90s, 15m, 1h or 7d is",
		             SLICE_ARG(s));
	*out = n * units[i].unit;
	return true;
}

static bool read_yes(const struct crawl_settings *s, const char *key, bool *out,
                     struct fault *f)
{
	struct slice value = settings_get(s, key);

	*out = slice_eq(value, SLICE("yes"));
	return *out || slice_eq(value, SLICE("no")) ||
	       settings_wrong(s, key, "yes or no", f);
}

static bool read_number(const struct crawl_settings *s, const char *key,
                        int64_t least, int64_t most, int64_t *out,
                        struct fault *f)
{
	char wants[64];

	if (slice_number(settings_get(s, key), out) && *out >= least &&
	    *out <= most)
		return true;
	snprintf(wants, sizeof(wants), "a number from %lld to %lld",
	         (long long)least, (long long)most);
	return settings_wrong(s, key, wants, f);
}

static bool read_duration(const struct crawl_settings *s, const char *key,
                          int64_t *out, struct fault *f)
{
	struct fault shape;

	return settings_duration(settings_get(s, key), out, &shape) ||
	       settings_wrong(s, key, "a duration (90s, 15m, 1h, 7d)", f);
}

static bool read_rate(const struct crawl_settings *s, const char *key,
                      double *out, struct fault *f)
{
	struct fault shape;

	return settings_rate(settings_get(s, key), out, &shape) ||
	       settings_wrong(s, key, "a rate (2/s, 30/m, 100/h)", f);
}

/* NULL for an empty one; else a string that lives as long as the settings. */
static const char *read_path(struct crawl_settings *s, const char *key)
{
	struct slice value = settings_get(s, key);

	return value.len ? arena_copy(&s->arena, value).at : NULL;
}

/* The first line of a file that is its owner's alone. */
static bool secret_file(struct crawl_settings *s, const char *path,
                        struct slice *out, struct fault *f)
{
	struct stat st;
	char *text;
	size_t len;

	if (stat(path, &st))
		return fault_errno(f, path, "read");
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return fault(f, FAULT_DENIED, "secret-open",
		             "others may read the secret in '%s': chmod 600 "
		             "it",
		             path);
	if (!file_read(path, 64 << 10, &text, &len, f))
		return false;
	*out = arena_copy(&s->arena, slice_trim((struct slice){ text, len }));
	free(text);
	return true;
}

static bool read_secret(struct crawl_settings *s, const char *file_key,
                        const char *env_key, settings_environment *env,
                        struct slice *out, struct fault *f)
{
	const char *path = read_path(s, file_key);
	const char *name = read_path(s, env_key);
	const char *value;

	if (path)
		return secret_file(s, path, out, f);
	if (!name)
		return true;
	value = env ? env(name) : NULL;
	if (!value || !*value)
		return settings_wrong(s, env_key, "a variable that is set", f);
	*out = arena_copy(&s->arena, slice_of(value));
	return true;
}

static bool read_politeness(struct crawl_settings *s, struct fault *f)
{
	int64_t concurrency, tries;

	if (!read_rate(s, "rate", &s->pace.rate, f) ||
	    !read_number(s, "concurrency", 1, 64, &concurrency, f) ||
	    !read_number(s, "tries", 1, 100, &tries, f) ||
	    !read_duration(s, "stall", &s->pace.stall, f) ||
	    !read_duration(s, "timeout", &s->timeout, f))
		return false;
	if (s->pace.rate <= 0)
		return settings_wrong(s, "rate", "a rate above 0", f);
	s->pace.concurrency = (unsigned)concurrency;
	s->pace.stall *= 1000;
	s->tries = (int32_t)tries;
	s->robots_ignored =
	        slice_eq(settings_get(s, "robots"), SLICE("ignore"));
	return s->robots_ignored ||
	       slice_eq(settings_get(s, "robots"), SLICE("obey")) ||
	       settings_wrong(s, "robots", "obey or ignore", f);
}

static bool read_rotation(struct crawl_settings *s, struct fault *f)
{
	static const char *const words[] = { "round-robin", "random",
		                             "least-used", "sticky" };
	struct slice word = settings_get(s, "rotation");
	int64_t connections, uses;
	size_t i = 0;

	while (i < 4 && !slice_eq(word, slice_of(words[i])))
		i++;
	if (i == 4)
		return settings_wrong(s, "rotation",
		                      "round-robin, random, least-used or "
		                      "sticky",
		                      f);
	s->proxies = read_path(s, "proxies");
	s->rotation.rotation = (enum proxies_rotation)i;
	if (!read_rate(s, "proxy-rate", &s->rotation.rate, f) ||
	    !read_number(s, "proxy-concurrency", 1, 64, &connections, f) ||
	    !read_number(s, "proxy-uses", 0, INT32_MAX, &uses, f) ||
	    !read_duration(s, "proxy-slow", &s->rotation.slow, f))
		return false;
	s->rotation.slow *= 1000;
	s->rotation.connections = (unsigned)connections;
	s->rotation.uses = (unsigned)uses;
	return true;
}

static bool read_schedule(struct crawl_settings *s, struct fault *f)
{
	int64_t percent;

	if (!read_duration(s, "every", &s->every, f) ||
	    !read_duration(s, "revisit", &s->first, f) ||
	    !read_duration(s, "revisit-least", &s->least, f) ||
	    !read_duration(s, "revisit-most", &s->most, f) ||
	    !read_duration(s, "apart", &s->apart, f) ||
	    !read_number(s, "vanish-percent", 0, 100, &percent, f) ||
	    !read_number(s, "vanish-most", 0, INT32_MAX, &s->vanish_most, f))
		return false;
	s->vanish_percent = (unsigned)percent;
	if (s->least > s->most)
		return settings_wrong(s, "revisit-least",
		                      "at most revisit-most", f);
	return true;
}

static bool logs_in_itself(const struct crawl_settings *s)
{
	const char *key = s->kind->login_key;

	return s->kind->login && (!key || conf_get(s->section, key, "").len);
}

static bool read_login(struct crawl_settings *s, settings_environment *env,
                       struct fault *f)
{
	s->secrets.user = settings_get(s, "user");
	if (!read_secret(s, "password-file", "password-env", env,
	                 &s->secrets.password, f) ||
	    !read_secret(s, "token-file", "token-env", env, &s->secrets.token,
	                 f))
		return false;
	if (s->secrets.user.len && !s->secrets.password.len)
		return settings_wrong(s, "user",
		                      "password-file or password-env beside it",
		                      f);
	if (logs_in_itself(s) && s->secrets.user.len) {
		s->login = LOGIN_KIND;
		/* A session belongs to the address that it was opened from. */
		s->rotation.rotation = PROXIES_STICKY;
	} else if (s->secrets.user.len)
		s->login = LOGIN_BASIC;
	else if (s->secrets.token.len && !s->kind->secret_parameter)
		s->login = LOGIN_BEARER;
	return true;
}

static bool read_http(struct crawl_settings *s, struct fault *f)
{
	struct slice version = settings_get(s, "http");

	s->http.http1 = slice_eq(version, SLICE("1.1"));
	if (!s->http.http1 && !slice_eq(version, SLICE("auto")))
		return settings_wrong(s, "http", "auto or 1.1", f);
	s->http.user_agent = s->user_agent;
	/* Who does not log in needs none. */
	s->http.cookie_file = read_path(s, "cookies");
	s->http.cookies = s->http.cookie_file || s->login == LOGIN_KIND;
	s->http.ca_file = read_path(s, "ca-file");
	s->http.connections = s->pace.concurrency;
	return read_yes(s, "allow-private", &s->http.allow_private, f) &&
	       read_yes(s, "allow-private-proxy", &s->http.allow_private_proxy,
	                f);
}

/* "opslore/0.1.0 (+https://ops.example.com/crawler)": who it is and whom to
 * write to. */
static bool read_agent(struct crawl_settings *s, const struct conf *conf,
                       struct fault *f)
{
	struct slice contact = settings_get(s, "contact");
	struct buf agent = BUF_INIT(1024);
	size_t i;

	if (!contact.len)
		contact = conf_get(conf_find(conf, "crawl", SLICE("")),
		                   "contact", "");
	for (i = 0; i < contact.len; i++)
		if ((unsigned char)contact.at[i] < 0x20 ||
		    (unsigned char)contact.at[i] > 0x7e)
			return settings_wrong(s, "contact", "plain ASCII", f);
	buf_text(&agent, "opslore/" OPSLORE_VERSION);
	if (contact.len)
		buf_addf(&agent, " (+%.*s)", SLICE_ARG(contact));
	s->user_agent = arena_copy(&s->arena, buf_slice(&agent));
	buf_release(&agent);
	return true;
}

/* Both tables of keys as one. */
static bool settings_check(struct crawl_settings *s, struct fault *f)
{
	const struct conf_key *own = s->kind->keys;
	struct conf_key *all;
	size_t shared = 0, owned = 0;
	bool ok;

	while (settings_keys[shared].name)
		shared++;
	while (own && own[owned].name)
		owned++;
	all = memory_new(shared + owned + 1, sizeof(*all));
	memcpy(all, settings_keys, shared * sizeof(*all));
	if (owned)
		memcpy(all + shared, own, owned * sizeof(*all));
	ok = conf_check(s->section, all, f);
	free(all);
	return ok;
}

static bool settings_find(struct crawl_settings *s, const struct conf *conf,
                          struct slice name, struct fault *f)
{
	struct slice kind;

	s->section = conf_find(conf, "source", name);
	if (!s->section)
		return fault(f, FAULT_USAGE, "source-unknown",
		             "there is no [source %.*s] in the configuration",
		             SLICE_ARG(name));
	s->name = conf_name(s->section);
	kind = conf_get(s->section, "kind", "");
	s->kind = source_find(kind);
	if (s->kind)
		return settings_check(s, f);
	return fault(f, FAULT_USAGE, "source-kind",
	             "[source %.*s] kind is '%.*s': 'opslore sources' lists "
	             "the kinds there are",
	             SLICE_ARG(name), SLICE_ARG(kind));
}

static bool read_space(struct crawl_settings *s, struct fault *f)
{
	struct buf named = BUF_INIT(4096), space = BUF_INIT(4096);
	bool ok = s->kind->space(s->section, &named, f) &&
	          identity_space(buf_slice(&named), &space, f);

	if (ok)
		s->space = arena_copy(&s->arena, buf_slice(&space));
	buf_release(&named);
	buf_release(&space);
	return ok;
}

bool settings_read(struct crawl_settings *s, const struct conf *conf,
                   struct slice name, settings_environment *env,
                   struct fault *f)
{
	*s = (struct crawl_settings){ .arena = ARENA_INIT };
	if (settings_find(s, conf, name, f) && read_space(s, f) &&
	    read_politeness(s, f) && read_rotation(s, f) &&
	    read_schedule(s, f) && read_login(s, env, f) &&
	    read_agent(s, conf, f) && read_http(s, f)) {
		s->access = settings_get(s, "access");
		s->licence = settings_get(s, "licence");
		s->address = conf_get(s->section, "url", "");
		s->address =
		        slice_cut(s->address, 0, slice_find(s->address, ' '));
		if (reader_label(s->access, f))
			return true;
	}
	settings_release(s);
	return false;
}

void settings_release(struct crawl_settings *s)
{
	arena_release(&s->arena);
	*s = (struct crawl_settings){ 0 };
}
