/*
 * The settings come from the section of the configuration, or from what the
 * archive says of itself, and pass through the same sieve in both cases:
 * secrets, proxies and files of the machine do not take part.
 */

#include "crawler/replay.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/net/url.h"
#include "crawler/carrier_warc.h"
#include "schema/frontier.h"
#include "schema/identity.h"
#include "schema/reader.h"

enum { REPLAY_CONF = 256 << 10 };

/* The one source of ours that the archive is of; empty: it is of none. */
static bool own_source(const struct warc_index *x, struct slice *out,
                       struct fault *f)
{
	size_t i;

	*out = SLICE("");
	for (i = 0; i < x->run_count; i++) {
		struct slice name = x->runs[i].about.source;

		if (out->len && name.len && !slice_eq(*out, name))
			return fault(f, FAULT_USAGE, "warc-sources",
			             "the archive is of several sources, "
			             "'%.*s' and '%.*s': say --source NAME",
			             SLICE_ARG(*out), SLICE_ARG(name));
		if (name.len)
			*out = name;
	}
	return true;
}

/* Runs of that source; else those of nobody. */
static void runs_choose(struct replay *r, struct slice source)
{
	const struct warc_index *x = r->index;
	size_t i;

	r->runs = memory_new(x->run_count + 1, sizeof(*r->runs));
	for (i = 0; i < x->run_count; i++)
		if (source.len && slice_eq(x->runs[i].about.source, source))
			r->runs[r->run_count++] = i;
	r->foreign = !r->run_count;
	for (i = 0; r->foreign && i < x->run_count; i++)
		if (!x->runs[i].about.source.len)
			r->runs[r->run_count++] = i;
}

/* The origin of the first page of the archive. */
static bool site_start(const struct warc_index *x, struct buf *out,
                       struct fault *f)
{
	const struct warc_entry *first = NULL;
	struct warc_reader *reader = NULL;
	struct warc_record record;
	struct url url = URL_INIT;
	bool ok, found = false;
	size_t i;

	for (i = 0; i < x->entry_count; i++) {
		const struct warc_entry *e = &x->entries[i];

		if (e->flags & WARC_ENTRY_HTML &&
		    (!first || e->date < first->date ||
		     (e->date == first->date && e->offset < first->offset)))
			first = e;
	}
	if (!first)
		return fault(f, FAULT_INPUT, "warc-empty",
		             "the archive holds no HTML page");
	ok = warc_open(&reader, x->files[first->file].path, f) &&
	     (!x->files[first->file].spooled || warc_spool(reader, f)) &&
	     warc_seek(reader, first->offset, f) &&
	     warc_next(reader, &record, &found, f) && found &&
	     url_parse(&url, record.uri, NULL, f);
	if (ok) {
		url_origin(&url, out);
		buf_byte(out, '/');
	}
	url_release(&url);
	warc_close(reader);
	return ok;
}

/* Lines of a section for a site that nothing is configured for. */
static bool site_conf(const struct replay *r, const struct replay_options *o,
                      struct buf *out, struct fault *f)
{
	struct buf start = BUF_INIT(URL_MOST);
	bool ok = true;

	if (o->url.len)
		buf_add(&start, o->url);
	else
		ok = site_start(r->index, &start, f);
	buf_addf(out, "kind = site\nurl = %.*s\n",
	         SLICE_ARG(buf_slice(&start)));
	buf_release(&start);
	return ok;
}

static bool section_conf(const struct replay *r, const struct replay_options *o,
                         struct slice name, struct buf *out, struct fault *f)
{
	const struct conf_section *c =
	        name.len ? conf_find(o->conf, "source", name) : NULL;
	const struct source_kind *kind = source_find(conf_get(c, "kind", ""));

	if (c && kind) {
		warc_about_settings(c, kind, "", "\n", out);
		return true;
	}
	if (!r->foreign) {
		const struct warc_index *x = r->index;

		buf_add(out, x->runs[r->runs[r->run_count - 1]].about.settings);
		return true;
	}
	if (o->source.len)
		return fault(f, FAULT_USAGE, "source-unknown",
		             "there is no [source %.*s] in the configuration, "
		             "and none in the archive",
		             SLICE_ARG(o->source));
	return site_conf(r, o, out, f);
}

static bool settings_make(struct replay *r, const struct replay_options *o,
                          struct slice name, struct fault *f)
{
	struct buf text = BUF_INIT(REPLAY_CONF);
	struct slice word = name.len ? name : SLICE("archive");
	bool ok;

	buf_addf(&text, "[source %.*s]\n", SLICE_ARG(word));
	ok = section_conf(r, o, name, &text, f) &&
	     conf_parse(&r->conf, buf_slice(&text), "the archive", f) &&
	     settings_read(&r->settings, r->conf, word, NULL, f);
	buf_release(&text);
	return ok;
}

/* Where it goes and under which name it is remembered. */
static bool settings_place(struct replay *r, const struct replay_options *o,
                           struct slice name, struct fault *f)
{
	struct crawl_settings *s = &r->settings;

	if (o->space.len && !identity_space(o->space, &r->space, f))
		return false;
	if (o->space.len)
		s->space = buf_slice(&r->space);
	if (o->access.len && !reader_label(o->access, f))
		return false;
	if (o->access.len)
		s->access = o->access;
	buf_text(&r->name, "warc:");
	buf_add(&r->name, name.len ? name : s->space);
	s->name = buf_slice(&r->name);
	s->tries = 1;
	return true;
}

bool replay_open(struct replay *r, const struct warc_index *index,
                 const struct replay_options *o, struct fault *f)
{
	struct slice name = o->source;

	*r = (struct replay){ .index = index,
		              .name = BUF_INIT(LIMIT_LINK),
		              .space = BUF_INIT(LIMIT_LINK) };
	if (name.len || own_source(index, &name, f)) {
		runs_choose(r, name);
		if (!r->run_count)
			fault(f, FAULT_USAGE, "warc-source",
			      "nothing in the archive is of '%.*s'",
			      SLICE_ARG(name));
		else if (settings_make(r, o, name, f) &&
		         settings_place(r, o, name, f))
			return true;
	}
	replay_close(r);
	return false;
}

void replay_close(struct replay *r)
{
	settings_release(&r->settings);
	conf_free(r->conf);
	buf_release(&r->name);
	buf_release(&r->space);
	free(r->runs);
	*r = (struct replay){ 0 };
}

/* The run that a killed replay was in; the first one otherwise, and then what
 * was remembered of an earlier replay is forgotten. */
static bool runs_resume(const struct replay *r, const char *path, size_t *first,
                        struct fault *f)
{
	struct frontier_source *all = NULL;
	struct arena a = ARENA_INIT;
	struct store *store = NULL;
	bool resumed = false;
	size_t i, k, count = 0;
	bool ok = store_open(&store, path, STORE_CREATE, f) &&
	          frontier_sources(store, &a, &all, &count, f);

	*first = 0;
	for (i = 0; ok && i < count; i++)
		for (k = 0; all[i].running && k < r->run_count; k++)
			if (slice_eq(all[i].name, r->settings.name) &&
			    all[i].started ==
			            r->index->runs[r->runs[k]].started) {
				*first = k;
				resumed = true;
			}
	if (ok && !resumed)
		ok = frontier_forget(store, r->settings.name, f);
	store_close(store);
	arena_release(&a);
	return ok;
}

/* Who was logged in asked otherwise, and does so again; under no name. */
static void settings_login(struct replay *r, const struct warc_about *about)
{
	struct source_secrets *s = &r->settings.secrets;

	*s = (struct source_secrets){ 0 };
	if (about->user)
		s->user = s->password = SLICE("archive");
	if (about->token && !r->settings.kind->secret_parameter)
		s->token = SLICE("archive");
}

bool replay_run(struct replay *r, const struct crawl_options *base,
                replay_done *done, void *self, struct fault *f)
{
	bool site = slice_eq(slice_of(r->settings.kind->name), SLICE("site"));
	size_t i;
	bool ok = runs_resume(r, base->store, &i, f);

	for (; ok && i < r->run_count; i++) {
		const struct warc_run *run = &r->index->runs[r->runs[i]];
		const struct carrier_warc_options co = {
			.index = r->index,
			.run = r->runs[i],
			.offer = site,
		};
		struct crawl_options o = *base;
		struct crawl_report report;
		struct carrier carrier;

		settings_login(r, &run->about);
		carrier_warc_open(&carrier, &co);
		o.settings = &r->settings;
		o.now = run->started;
		o.everything = run->about.everything;
		o.carrier = &carrier;
		o.warc = NULL;
		ok = crawl_run(&o, &report, f);
		if (ok)
			done(self, i, run, &report);
		carrier.free(carrier.self);
	}
	return ok;
}
