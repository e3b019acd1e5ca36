/*
 * [llm NAME]: one table of the shared keys, one small reader for each shape of
 * value. What a value means when it is absent stands in the table.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "kb/llm/llm.h"

const struct conf_key llm_keys[] = {
	{ "kind", NULL, "openai, converse, invoke or sagemaker" },
	{ "url", "", "where it is; AWS's kinds know by their region" },
	{ "model", "", "its name there; of Bedrock an id or ARN" },
	{ "key-env", "", "the variable that holds the API key, or" },
	{ "key-file", "", "the file, which is its owner's alone" },
	{ "shape", "auto",
	  "schema, tool or prompt: how JSON is asked for; auto finds out" },
	{ "window", "32768", "tokens that prompt and answer may have" },
	{ "output-most", "2048", "tokens of an answer" },
	{ "temperature", "0", "or none: it is not sent" },
	{ "input-price", "0", "of a million tokens" },
	{ "output-price", "0", "of a million tokens" },
	{ "currency", "USD", "of all prices and costs" },
	{ "rate", "10/s", "requests" },
	{ "concurrency", "4", "requests under way at once" },
	{ "tries", "6", "of one request" },
	{ "timeout", "2m", "of one try" },
	{ "minute-tokens", "0", "in any minute; 0: no bound" },
	{ "run-tokens", "0", "in one run; 0: no bound" },
	{ "month-tokens", "0", "in a month (UTC); 0: no bound" },
	{ "run-cost", "0", "of one run; 0: no bound" },
	{ "month-cost", "0", "of a month (UTC); 0: no bound" },
	{ "allow-private", "no", "it may live at private addresses" },
	{ "ca-file", "", "certificates to trust instead of the system's" },
	{ 0 },
};

/* What is being read, and where it goes. */
struct reading {
	struct llm_settings *s;
	llm_environment *env;
	struct arena *arena;
	struct fault *f;
};

static struct slice reading_get(const struct reading *r, const char *key)
{
	const struct conf_key *k = llm_keys;

	while (strcmp(k->name, key))
		k++;
	return conf_get(r->s->section, key, k->fallback);
}

static bool reading_wrong(const struct reading *r, const char *key,
                          const char *wants)
{
	struct slice value = reading_get(r, key);

	return fault(r->f, FAULT_USAGE, "configuration",
	             "[llm %.*s] %s is '%.*s', but %s is wanted",
	             SLICE_ARG(r->s->name), key, SLICE_ARG(value), wants);
}

static bool read_number(const struct reading *r, const char *key, int64_t least,
                        int64_t most, int64_t *out)
{
	char wants[64];

	if (slice_number(reading_get(r, key), out) && *out >= least &&
	    *out <= most)
		return true;
	snprintf(wants, sizeof(wants), "a number from %lld to %lld",
	         (long long)least, (long long)most);
	return reading_wrong(r, key, wants);
}

/* A decimal number from 0 to `most`, and nothing else. */
static bool real_of(struct slice s, double most, double *out)
{
	char text[32], *end = text;

	if (!s.len || s.len >= sizeof(text) || s.at[0] < '.' || s.at[0] > '9')
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	if (strspn(text, "0123456789.") != s.len)
		return false;
	*out = strtod(text, &end);
	return !*end && isfinite(*out) && *out <= most;
}

static bool read_real(const struct reading *r, const char *key, double most,
                      double *out)
{
	return real_of(reading_get(r, key), most, out) ||
	       reading_wrong(r, key, "a number like 0.25");
}

static bool read_rate(const struct reading *r, double *out)
{
	struct slice text = reading_get(r, "rate");
	size_t slash = slice_find(text, '/');
	struct slice unit = slice_cut(text, slash, text.len);
	double per = slice_eq(unit, SLICE("/s"))   ? 1
	             : slice_eq(unit, SLICE("/m")) ? 60
	             : slice_eq(unit, SLICE("/h")) ? 3600
	                                           : 0;

	if (per == 0 || !real_of(slice_cut(text, 0, slash), 1e6, out) ||
	    *out <= 0)
		return reading_wrong(r, "rate",
		                     "a rate above 0 (2/s, 30/m, 100/h)");
	*out /= per;
	return true;
}

static bool read_timeout(const struct reading *r, int64_t *out)
{
	struct slice text = reading_get(r, "timeout");
	int64_t unit = slice_ends(text, SLICE("ms"))  ? 1
	               : slice_ends(text, SLICE("s")) ? 1000
	               : slice_ends(text, SLICE("m")) ? 60000
	                                              : 0;
	size_t letters = unit == 1 ? 2 : 1;

	if (unit && text.len > letters &&
	    slice_number(slice_cut(text, 0, text.len - letters), out) &&
	    *out > 0 && *out <= 3600000 / unit) {
		*out *= unit;
		return true;
	}
	return reading_wrong(r, "timeout", "a duration up to 60m (90s, 2m)");
}

static bool read_yes(const struct reading *r, const char *key, bool *out)
{
	struct slice value = reading_get(r, key);

	*out = slice_eq(value, SLICE("yes"));
	return *out || slice_eq(value, SLICE("no")) ||
	       reading_wrong(r, key, "yes or no");
}

static bool read_shape(const struct reading *r)
{
	static const char *const names[] = { "schema", "tool", "prompt" };
	struct slice value = reading_get(r, "shape");
	int i;

	r->s->shape = -1;
	if (slice_eq(value, SLICE("auto")))
		return true;
	for (i = 0; i < 3; i++)
		if (slice_eq(value, slice_of(names[i])))
			r->s->shape = i;
	return r->s->shape >= 0 ||
	       reading_wrong(r, "shape", "auto, schema, tool or prompt");
}

static bool read_temperature(const struct reading *r)
{
	r->s->temperature = -1;
	return slice_eq(reading_get(r, "temperature"), SLICE("none")) ||
	       real_of(reading_get(r, "temperature"), 2, &r->s->temperature) ||
	       reading_wrong(r, "temperature", "none or a number up to 2");
}

/* The first line of a file that is its owner's alone. */
static bool secret_file(const struct reading *r, const char *path)
{
	struct stat st;
	char *text;
	size_t len;

	if (stat(path, &st))
		return fault_errno(r->f, path, "read");
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return fault(r->f, FAULT_DENIED, "secret-open",
		             "others may read the key in '%s': chmod 600 it",
		             path);
	if (!file_read(path, 64 << 10, &text, &len, r->f))
		return false;
	r->s->token =
	        arena_copy(r->arena, slice_trim((struct slice){ text, len }));
	free(text);
	return r->s->token.len || fault(r->f, FAULT_USAGE, "configuration",
	                                "the file '%s' holds no key", path);
}

static struct slice environment(const struct reading *r, const char *name)
{
	const char *value = r->env ? r->env(name) : getenv(name);

	return arena_copy(r->arena, slice_of(value ? value : ""));
}

/* A line of a header cannot hold everything. */
static bool token_sane(const struct reading *r)
{
	size_t i;

	for (i = 0; i < r->s->token.len; i++)
		if (r->s->token.at[i] <= ' ' || r->s->token.at[i] > '~')
			return fault(r->f, FAULT_USAGE, "configuration",
			             "[llm %.*s]: the key has characters that "
			             "no key has",
			             SLICE_ARG(r->s->name));
	return true;
}

/* Bedrock takes keys of its own where no profile is asked for. */
static bool read_secret(const struct reading *r)
{
	struct slice path = reading_get(r, "key-file");
	struct slice name = reading_get(r, "key-env");
	bool bedrock =
	        r->s->kind->service && !strcmp(r->s->kind->service, "bedrock");

	if (path.len && name.len)
		return reading_wrong(r, "key-env", "it or key-file, not both,");
	if (path.len)
		return secret_file(r, arena_copy(r->arena, path).at) &&
		       token_sane(r);
	if (name.len) {
		r->s->token = environment(r, arena_copy(r->arena, name).at);
		if (!r->s->token.len)
			return reading_wrong(r, "key-env",
			                     "a variable that is set");
	} else if (bedrock && !r->s->profile.len) {
		r->s->token = environment(r, "AWS_BEARER_TOKEN_BEDROCK");
	}
	return token_sane(r);
}

static bool read_bounds(const struct reading *r)
{
	struct llm_settings *s = r->s;
	int64_t concurrency, tries;

	if (!read_number(r, "window", 256, INT64_C(100000000), &s->window) ||
	    !read_number(r, "output-most", 1, s->window - 1, &s->output_most) ||
	    !read_number(r, "concurrency", 1, 256, &concurrency) ||
	    !read_number(r, "tries", 1, 100, &tries) ||
	    !read_number(r, "minute-tokens", 0, INT64_C(1) << 50,
	                 &s->minute_tokens) ||
	    !read_number(r, "run-tokens", 0, INT64_C(1) << 50,
	                 &s->run_tokens) ||
	    !read_number(r, "month-tokens", 0, INT64_C(1) << 50,
	                 &s->month_tokens))
		return false;
	s->concurrency = (unsigned)concurrency;
	s->tries = (unsigned)tries;
	return read_rate(r, &s->rate) && read_timeout(r, &s->timeout);
}

static bool read_money(const struct reading *r)
{
	struct llm_settings *s = r->s;

	s->currency = reading_get(r, "currency");
	return read_real(r, "input-price", 1e6, &s->input_price) &&
	       read_real(r, "output-price", 1e6, &s->output_price) &&
	       read_real(r, "run-cost", 1e9, &s->run_cost) &&
	       read_real(r, "month-cost", 1e9, &s->month_cost);
}

static bool read_kind(const struct reading *r)
{
	struct slice kind = reading_get(r, "kind");
	size_t i;

	for (i = 0; llm_kinds[i]; i++)
		if (slice_eq(kind, slice_of(llm_kinds[i]->name)))
			r->s->kind = llm_kinds[i];
	return r->s->kind ||
	       reading_wrong(r, "kind",
	                     "openai, converse, invoke or sagemaker");
}

/* Keys that nobody knows are faults, those of the kind are known. */
static bool check_keys(const struct reading *r)
{
	const struct conf_key *own = r->s->kind->keys;
	struct conf_key *all;
	size_t shared = 0, owned = 0;

	while (llm_keys[shared].name)
		shared++;
	while (own && own[owned].name)
		owned++;
	all = arena_array(r->arena, shared + owned + 1, sizeof(*all));
	memcpy(all, llm_keys, shared * sizeof(*all));
	if (owned)
		memcpy(all + shared, own, owned * sizeof(*all));
	return conf_check(r->s->section, all, r->f);
}

static void read_aws(const struct reading *r)
{
	struct llm_settings *s = r->s;

	s->endpoint = conf_get(s->section, "endpoint", "");
	s->schema = conf_get(s->section, "schema", "messages");
	s->profile = conf_get(s->section, "profile", "");
	s->region = conf_get(s->section, "region", "");
	if (s->kind->service && !s->region.len)
		s->region = environment(r, "AWS_REGION");
	if (s->kind->service && !s->region.len)
		s->region = environment(r, "AWS_DEFAULT_REGION");
}

bool llm_settings_read(struct llm_settings *s, const struct conf *conf,
                       struct slice name, llm_environment *env, struct arena *a,
                       struct fault *f)
{
	struct reading r = { s, env, a, f };

	memset(s, 0, sizeof(*s));
	s->name = name.len ? arena_copy(a, name) : SLICE("default");
	s->section = conf_find(conf, "llm", s->name);
	if (!s->section)
		return fault(f, FAULT_USAGE, "configuration",
		             "the configuration has no [llm %.*s]",
		             SLICE_ARG(s->name));
	if (!conf_get(s->section, "kind", NULL).len)
		return conf_check(s->section, llm_keys, f) &&
		       reading_wrong(&r, "kind",
		                     "openai, converse, invoke or sagemaker");
	if (!read_kind(&r) || !check_keys(&r))
		return false;
	s->url = reading_get(&r, "url");
	s->model = reading_get(&r, "model");
	s->ca_file = reading_get(&r, "ca-file");
	read_aws(&r);
	return read_secret(&r) && read_shape(&r) && read_temperature(&r) &&
	       read_bounds(&r) && read_money(&r) &&
	       read_yes(&r, "allow-private", &s->allow_private) &&
	       s->kind->check(s, a, f);
}
