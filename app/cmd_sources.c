/* sources: the kinds there are, and the state of those in the configuration:
 * what the store remembers of each, beside what the settings say. */

#include <stdio.h>
#include <stdlib.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "crawler/settings.h"
#include "schema/frontier.h"

struct sources {
	struct app *app;
	struct store *store; /* NULL: none yet */
	struct arena arena;
	struct frontier_source *known;
	size_t known_count;
};

static const char *environment(const char *name)
{
	return getenv(name);
}

static const struct frontier_source *sources_find(const struct sources *s,
                                                  struct slice name)
{
	size_t i;

	for (i = 0; i < s->known_count; i++)
		if (slice_eq(s->known[i].name, name))
			return &s->known[i];
	return NULL;
}

/* What a person wants to know first. */
static const char *sources_state(const struct frontier_source *k, int64_t now)
{
	if (!k || !k->started)
		return "never ran";
	if (k->running)
		return "running, or stopped half-way";
	if (!k->succeeded || k->succeeded < k->ended)
		return "last run in part";
	return k->next <= now ? "due" : "done";
}

static void put_time(struct buf *out, const char *what, int64_t time)
{
	char text[CLOCK_TEXT];

	if (!time)
		return;
	clock_write(text, time);
	buf_addf(out, "    %-13s %.16s UTC\n", what, text);
}

/* The number behind `key` in "left=3 most=300 until=17..."; 0 without. */
static int64_t note_number(struct slice note, const char *key)
{
	struct slice name = slice_of(key);
	int64_t n = 0;
	size_t end;

	for (; note.len; note = slice_cut(note, end + 1, note.len)) {
		end = slice_find(note, ' ');
		if (slice_starts(note, name) &&
		    slice_number(slice_cut(note, name.len, end), &n))
			return n;
	}
	return 0;
}

static void put_quota(struct slice note, struct buf *out)
{
	char until[CLOCK_TEXT];

	if (!note.len)
		return;
	clock_write(until, note_number(note, "until="));
	buf_addf(out, "    %-13s %lld of %lld left until %.16s UTC\n", "quota",
	         (long long)note_number(note, "left="),
	         (long long)note_number(note, "most="), until);
}

static void put_proxy(const struct proxies_state *p, struct buf *out)
{
	static const char *const words[] = { "healthy", "in quarantine",
		                             "on probation" };

	buf_addf(out, "    %-13s %s: %s", "proxy", p->name, words[p->health]);
	if (p->health != PROXY_HEALTHY && p->why)
		buf_addf(out, " (%s)", p->why);
	buf_addf(out, ", %lld requests, %lld failed", (long long)p->started,
	         (long long)p->failed);
	if (p->latency)
		buf_addf(out, ", %lld ms", (long long)(p->latency / 1000));
	buf_byte(out, '\n');
}

/* As they were when the last run stopped. */
static bool put_proxies(const struct sources *s,
                        const struct crawl_settings *set, struct slice note,
                        struct buf *out, struct fault *f)
{
	int64_t now = s->app->now * 1000;
	struct proxies_state state;
	struct proxies *p;
	size_t i;

	if (!set->proxies)
		return true;
	if (!proxies_read(&p, set->proxies, &set->rotation, environment, f))
		return false;
	proxies_load(p, note, now);
	for (i = 0; i < proxies_count(p); i++) {
		proxies_state(p, i, now, &state);
		put_proxy(&state, out);
	}
	proxies_free(p);
	return true;
}

/* What the limiter would do if a run began now. */
static void put_limiter(const struct sources *s,
                        const struct crawl_settings *set, struct slice line,
                        struct buf *out)
{
	int64_t now = s->app->now * 1000, until;
	struct pace p;

	if (!line.len)
		return;
	pace_init(&p, &set->pace);
	pace_load(&p, line, now);
	until = pace_resting(&p, now);
	if (until > now)
		put_time(out, "resting until", until / 1000);
}

static bool source_text(struct sources *s, const struct crawl_settings *set,
                        struct buf *out, struct fault *f)
{
	const struct frontier_source *k = sources_find(s, set->name);

	buf_addf(out, "%.*s  (%s, %.*s): %s\n", SLICE_ARG(set->name),
	         set->kind->name, SLICE_ARG(set->space),
	         sources_state(k, s->app->now));
	buf_addf(out, "    %-13s %g/s, %u at once\n", "pace", set->pace.rate,
	         set->pace.concurrency);
	if (!put_proxies(s, set, k ? k->proxies : SLICE(""), out, f))
		return false;
	if (!k)
		return true;
	put_time(out, "last run", k->started);
	put_time(out, "last success", k->succeeded);
	put_time(out, "next", k->next);
	put_limiter(s, set, k->pace, out);
	put_quota(k->quota, out);
	return true;
}

static void json_time(struct json_out *o, const char *name, int64_t time)
{
	char text[CLOCK_TEXT] = "";

	if (time)
		clock_write(text, time);
	json_pair(o, name, slice_of(text));
}

static void source_json(struct sources *s, const struct crawl_settings *set,
                        struct json_out *o)
{
	static const struct frontier_source none;
	const struct frontier_source *k = sources_find(s, set->name);

	json_open(o, '{');
	json_pair(o, "name", set->name);
	json_pair(o, "kind", slice_of(set->kind->name));
	json_pair(o, "space", set->space);
	json_pair(o, "state", slice_of(sources_state(k, s->app->now)));
	k = k ? k : &none;
	json_key(o, "running");
	json_put_bool(o, k->running);
	json_time(o, "started", k->started);
	json_time(o, "ended", k->ended);
	json_time(o, "succeeded", k->succeeded);
	json_time(o, "next", k->next);
	json_pair(o, "limiter", k->pace);
	json_pair(o, "quota", k->quota);
	json_pair(o, "proxies", k->proxies);
	json_close(o, '}');
}

static bool sources_configured(struct sources *s, struct buf *out,
                               struct json_out *json, struct fault *f)
{
	const struct conf_section *at = NULL;

	while ((at = conf_next(s->app->conf, "source", at))) {
		struct crawl_settings set;
		bool ok;

		if (!settings_read(&set, s->app->conf, conf_name(at),
		                   environment, f))
			return false;
		ok = true;
		if (json)
			source_json(s, &set, json);
		else
			ok = source_text(s, &set, out, f);
		settings_release(&set);
		if (!ok)
			return false;
	}
	return true;
}

static void put_keys(const struct conf_key *k, struct buf *out)
{
	for (; k && k->name; k++) {
		if (!*k->help)
			continue;
		buf_addf(out, "    %-20s %s", k->name, k->help);
		if (k->fallback && *k->fallback)
			buf_addf(out, " (%s)", k->fallback);
		buf_byte(out, '\n');
	}
}

static void sources_kinds(struct buf *out)
{
	size_t i;

	for (i = 0; source_kinds[i]; i++) {
		buf_addf(out, "%s%s: %s\n", i ? "\n" : "",
		         source_kinds[i]->name, source_kinds[i]->summary);
		put_keys(source_kinds[i]->keys, out);
	}
	buf_text(out, "\nevery kind:\n");
	put_keys(settings_keys, out);
}

static void json_kinds(struct json_out *o)
{
	size_t i;

	json_key(o, "kinds");
	json_open(o, '[');
	for (i = 0; source_kinds[i]; i++) {
		json_open(o, '{');
		json_pair(o, "name", slice_of(source_kinds[i]->name));
		json_pair(o, "summary", slice_of(source_kinds[i]->summary));
		json_close(o, '}');
	}
	json_close(o, ']');
}

static bool sources_known(struct sources *s, struct fault *f)
{
	if (!store_open(&s->store, s->app->db, STORE_READ, f))
		return f->kind == FAULT_GONE;
	return frontier_sources(s->store, &s->arena, &s->known, &s->known_count,
	                        f);
}

static bool sources_show(struct sources *s, bool kinds, struct buf *out,
                         struct fault *f)
{
	struct json_out o;
	bool ok;

	if (!s->app->json) {
		bool some = conf_next(s->app->conf, "source", NULL) != NULL;

		if (kinds || !some)
			sources_kinds(out);
		return kinds || !some || sources_configured(s, out, NULL, f);
	}
	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_kinds(&o);
	json_key(&o, "sources");
	json_open(&o, '[');
	ok = sources_configured(s, out, &o, f);
	json_close(&o, ']');
	json_close(&o, '}');
	buf_byte(out, '\n');
	return ok;
}

static int cmd_sources_run(struct app *app, int argc, char **argv)
{
	struct sources s = { .app = app };
	struct buf out = BUF_INIT(16 << 20);
	bool kinds = false, ok;
	const struct option table[] = { { .name = "kinds", .flag = &kinds },
		                        { 0 } };
	struct fault f;
	int operands;

	ok = options_read(table, argc, argv, &operands, &f) &&
	     (!operands ||
	      fault(&f, FAULT_USAGE, "usage", "sources takes no operands")) &&
	     sources_known(&s, &f) && sources_show(&s, kinds, &out, &f);
	if (ok)
		fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
	arena_release(&s.arena);
	store_close(s.store);
	return ok ? EXIT_DONE : app_fail(app, &f);
}

const struct command cmd_sources = {
	.name = "sources",
	.usage = "[--kinds]",
	.summary = "the sources of the configuration and their state",
	.help = "  --kinds   the kinds of sources there are, and their "
	        "settings\n\n"
	        "Without any [source NAME] in the configuration it shows the "
	        "kinds.",
	.run = cmd_sources_run,
};
