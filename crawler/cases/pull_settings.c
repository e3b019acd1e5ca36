/* One table of the keys; what a key means when it is absent stands there. */

#include "crawler/cases/pull_settings.h"

#include <string.h>

#include "base/clock.h"
#include "crawler/settings.h"
#include "schema/reader.h"

const struct conf_key pull_keys[] = {
	{ "kind", NULL, "who answers: aws-support" },
	{ "account", "", "12 digits; asked from AWS when it is not set" },
	{ "region", "", "as AWS's tools find it when it is not set" },
	{ "profile", "", "of AWS's shared files" },
	{ "url", "", "another address of the API: a proxy" },
	{ "identity-url", "", "likewise of STS" },
	{ "access", "staff", "label of the cases that come from here" },
	{ "since", "730d",
	  "a date, or so long ago: where the first pull "
	  "begins" },
	{ "include", "resolved", "resolved, or open: not what is resolved" },
	{ "rate", "2/s", "calls" },
	{ "concurrency", "2", "calls under way at once" },
	{ "stall", "10m", "give up when nothing succeeds for so long" },
	{ "timeout", "60s", "of one try" },
	{ "tries", "8", "of one call" },
	{ "ca-file", "", "certificates to trust instead of the system's" },
	{ "allow-private", "no", "the API may live at a private address" },
	{ 0 },
};

struct pull_section {
	struct pull_settings *s;
	const struct conf_section *section;
};

static struct slice get(const struct pull_section *p, const char *key)
{
	const struct conf_key *k = pull_keys;

	while (strcmp(k->name, key))
		k++;
	return conf_get(p->section, key, k->fallback);
}

static bool wrong(const struct pull_section *p, const char *key,
                  const char *wants, struct fault *f)
{
	struct slice value = get(p, key);

	return fault(f, FAULT_USAGE, "configuration",
	             "[cases %.*s] %s is '%.*s', but %s is wanted",
	             SLICE_ARG(p->s->name), key, SLICE_ARG(value), wants);
}

static bool get_number(const struct pull_section *p, const char *key,
                       int64_t most, int64_t *out, struct fault *f)
{
	return (slice_number(get(p, key), out) && *out >= 1 && *out <= most) ||
	       wrong(p, key, "a number from 1 up", f);
}

static bool get_duration(const struct pull_section *p, const char *key,
                         int64_t *out, struct fault *f)
{
	struct fault shape;

	return (settings_duration(get(p, key), out, &shape) && *out > 0) ||
	       wrong(p, key, "a duration (90s, 15m, 1h)", f);
}

static bool get_choice(const struct pull_section *p, const char *key,
                       const char *yes, const char *no, bool *out,
                       const char *wants, struct fault *f)
{
	*out = slice_eq(get(p, key), slice_of(yes));
	return *out || slice_eq(get(p, key), slice_of(no)) ||
	       wrong(p, key, wants, f);
}

bool pull_since(struct slice s, int64_t now, int64_t *out, struct fault *f)
{
	int64_t ago;
	struct fault shape;

	if (settings_duration(s, &ago, &shape)) {
		*out = now - ago;
		return true;
	}
	return (clock_read(s, out) && *out < now) ||
	       fault(f, FAULT_USAGE, "configuration",
	             "'%.*s' is no date that is past: 2024-01-31 is, or 730d",
	             SLICE_ARG(s));
}

/* Starts a second: some APIs refuse one of so many, however slowly. */
#define RATE_LEAST .5

static bool get_pace(struct pull_section *p, struct fault *f)
{
	struct pull_settings *s = p->s;
	int64_t concurrency, tries;
	struct fault shape;

	if (!settings_rate(get(p, "rate"), &s->pace.rate, &shape) ||
	    s->pace.rate <= 0)
		return wrong(p, "rate", "a rate (2/s, 30/m)", f);
	if (!get_number(p, "concurrency", 16, &concurrency, f) ||
	    !get_number(p, "tries", 100, &tries, f) ||
	    !get_duration(p, "stall", &s->pace.stall, f) ||
	    !get_duration(p, "timeout", &s->timeout, f))
		return false;
	s->pace.concurrency = (unsigned)concurrency;
	s->pace.least = RATE_LEAST;
	s->pace.stall *= 1000;
	s->tries = (unsigned)tries;
	return true;
}

static bool get_account(struct pull_section *p, struct fault *f)
{
	struct slice account = get(p, "account");
	size_t i;

	for (i = 0; i < account.len; i++)
		if (account.at[i] < '0' || account.at[i] > '9')
			return wrong(p, "account", "12 digits", f);
	if (account.len && account.len != 12)
		return wrong(p, "account", "12 digits", f);
	p->s->account = account;
	return true;
}

static bool get_http(struct pull_section *p, struct fault *f)
{
	struct pull_settings *s = p->s;
	struct slice ca_file = get(p, "ca-file");

	s->http.user_agent = SLICE("opslore/" OPSLORE_VERSION);
	s->http.connections = s->pace.concurrency;
	if (ca_file.len)
		s->http.ca_file = arena_copy(&s->arena, ca_file).at;
	return get_choice(p, "allow-private", "yes", "no",
	                  &s->http.allow_private, "yes or no", f);
}

static bool get_all(struct pull_section *p, int64_t now, struct fault *f)
{
	struct pull_settings *s = p->s;
	struct fault shape;

	s->region = get(p, "region");
	s->profile = get(p, "profile");
	s->url = get(p, "url");
	s->identity_url = get(p, "identity-url");
	s->access = get(p, "access");
	if (!pull_since(get(p, "since"), now, &s->since, &shape))
		return wrong(p, "since", "a date (2024-01-31) or 730d", f);
	return get_account(p, f) && get_pace(p, f) && get_http(p, f) &&
	       get_choice(p, "include", "resolved", "open", &s->resolved,
	                  "resolved or open", f) &&
	       reader_label(s->access, f);
}

static bool find_section(struct pull_section *p, const struct conf *conf,
                         struct slice name, struct fault *f)
{
	struct slice kind;

	p->section = conf_find(conf, "cases", name);
	if (!p->section)
		return fault(f, FAULT_USAGE, "cases-unknown",
		             "there is no [cases %.*s] in the configuration",
		             SLICE_ARG(name));
	p->s->name = conf_name(p->section);
	if (!conf_check(p->section, pull_keys, f))
		return false;
	kind = get(p, "kind");
	p->s->kind = case_kind_find(kind);
	return p->s->kind || wrong(p, "kind", "aws-support", f);
}

bool pull_settings_read(struct pull_settings *s, const struct conf *conf,
                        struct slice name, int64_t now, struct fault *f)
{
	struct pull_section p = { .s = s };

	*s = (struct pull_settings){ .arena = ARENA_INIT };
	if (find_section(&p, conf, name, f) && get_all(&p, now, f))
		return true;
	pull_settings_release(s);
	return false;
}

void pull_settings_release(struct pull_settings *s)
{
	arena_release(&s->arena);
	*s = (struct pull_settings){ 0 };
}
