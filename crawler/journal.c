/* Prometheus' text format, version 0.0.4; a counter a line, a source a label. */

#include "crawler/journal.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/net/url.h"

/* Without user and password, whatever they were good for. */
static void put_url(struct json_out *o, struct slice text)
{
	size_t scheme = 0, end, at, i;
	struct buf plain = BUF_INIT(URL_MOST);

	while (scheme + 2 < text.len && text.at[scheme] != '/')
		scheme++;
	at = scheme = scheme + 2 < text.len ? scheme + 2 : 0;
	end = scheme + slice_find(slice_cut(text, scheme, text.len), '/');
	for (i = scheme; i < end; i++)
		if (text.at[i] == '@')
			at = i + 1;
	buf_add(&plain, slice_cut(text, 0, scheme));
	buf_add(&plain, slice_cut(text, at, text.len));
	json_pair(o, "url", buf_slice(&plain));
	buf_release(&plain);
}

void journal_event(const struct journal *j, const struct journal_event *e)
{
	struct buf line = BUF_INIT(64 << 10);
	char time[CLOCK_TEXT];
	struct json_out o;

	if (!j || !j->events)
		return;
	clock_write(time, e->time);
	json_start(&o, &line);
	json_open(&o, '{');
	json_pair(&o, "time", slice_of(time));
	json_pair(&o, "source", e->source);
	json_pair(&o, "event", slice_of(e->code));
	if (e->url.len)
		put_url(&o, e->url);
	if (e->status)
		json_pair_number(&o, "status", e->status);
	if (e->took)
		json_pair_number(&o, "ms", e->took);
	if (e->bytes)
		json_pair_number(&o, "bytes", e->bytes);
	if (e->proxy)
		json_pair(&o, "proxy", slice_of(e->proxy));
	if (e->why.len)
		json_pair(&o, "why", e->why);
	json_close(&o, '}');
	buf_byte(&line, '\n');
	if (!buf_full(&line))
		fwrite(line.at, 1, line.len, j->events);
	buf_release(&line);
}

static const struct {
	const char *name, *label, *help;
	size_t at;
} metrics[] = {
#define METRIC(name, label, field, help)                                       \
	{                                                                      \
		name, label, help, offsetof(struct journal_counts, field)      \
	}
	METRIC("requests_total", "status=\"none\"", status[0], "requests sent"),
	METRIC("requests_total", "status=\"1xx\"", status[1], NULL),
	METRIC("requests_total", "status=\"2xx\"", status[2], NULL),
	METRIC("requests_total", "status=\"3xx\"", status[3], NULL),
	METRIC("requests_total", "status=\"4xx\"", status[4], NULL),
	METRIC("requests_total", "status=\"5xx\"", status[5], NULL),
	METRIC("refused_total", "", refused, "answers 429 and 503"),
	METRIC("pages_read_total", "", read, "pages with something new"),
	METRIC("pages_unchanged_total", "", unchanged, "pages without news"),
	METRIC("pages_missed_total", "", missed, "answers 404 and 410"),
	METRIC("retries_total", "", retried, "requests made again"),
	METRIC("failures_total", "", failed, "pages given up for the run"),
	METRIC("skipped_total", "reason=\"scope\"", shut, "pages passed over"),
	METRIC("skipped_total", "reason=\"robots\"", robots, NULL),
	METRIC("proxy_detours_total", "", detours,
	       "requests sent again through another proxy"),
	METRIC("wire_bytes_total", "", wire, "bytes of bodies as they came"),
	METRIC("records_total", "change=\"added\"", added, "records stored"),
	METRIC("records_total", "change=\"updated\"", updated, NULL),
	METRIC("records_total", "change=\"vanished\"", vanished, NULL),
	METRIC("known_pages", "", known, "addresses in the frontier"),
	METRIC("due_pages", "", due, "of them due in this run"),
	METRIC("resting_milliseconds", "", resting, "back-off left"),
	METRIC("quota_left", "", quota_left,
	       "of the service's quota; -1: none"),
#undef METRIC
};

/* Label values escape backslash, quote and newline. */
static void put_label(struct buf *out, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '\\' || s.at[i] == '"')
			buf_byte(out, '\\');
		buf_byte(out, s.at[i] == '\n' ? ' ' : s.at[i]);
	}
}

static void put_metric(struct buf *out, size_t m,
                       const struct journal_source *s)
{
	int64_t value;

	memcpy(&value, (const char *)&s->counts + metrics[m].at, sizeof(value));
	buf_addf(out, "opslore_crawl_%s{source=\"", metrics[m].name);
	put_label(out, s->name);
	buf_byte(out, '"');
	if (*metrics[m].label)
		buf_addf(out, ",%s", metrics[m].label);
	buf_addf(out, "} %lld\n", (long long)value);
}

static void put_success(struct buf *out, const struct journal_source *sources,
                        size_t count)
{
	size_t i;

	buf_text(out, "# HELP opslore_crawl_last_success_seconds when a run "
	              "last went through\n"
	              "# TYPE opslore_crawl_last_success_seconds gauge\n");
	for (i = 0; i < count; i++) {
		buf_text(out, "opslore_crawl_last_success_seconds{source=\"");
		put_label(out, sources[i].name);
		buf_addf(out, "\"} %lld\n",
		         (long long)(sources[i].succeeded / 1000));
	}
}

bool journal_metrics(const char *path, const struct journal_source *sources,
                     size_t count, struct fault *f)
{
	struct buf out = BUF_INIT(16 << 20);
	struct file_new file = { 0 };
	size_t m, i;
	bool ok;

	for (m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++) {
		if (metrics[m].help)
			buf_addf(&out,
			         "# HELP opslore_crawl_%s %s\n"
			         "# TYPE opslore_crawl_%s %s\n",
			         metrics[m].name, metrics[m].help,
			         metrics[m].name,
			         slice_ends(slice_of(metrics[m].name),
			                    SLICE("_total"))
			                 ? "counter"
			                 : "gauge");
		for (i = 0; i < count; i++)
			put_metric(&out, m, &sources[i]);
	}
	put_success(&out, sources, count);
	ok = file_start(&file, path, f);
	if (ok) {
		file_add(&file, buf_slice(&out));
		ok = file_publish(&file, f);
	}
	file_drop(&file);
	buf_release(&out);
	return ok;
}
