/* The same figures twice: lines for a person, an object for a program. */

#include "app/crawl_summary.h"

#include "base/clock.h"
#include "base/json.h"

enum { SUBJECT_MOST = 160 };

void crawl_summary_short(char *subject)
{
	if (strlen(subject) > SUBJECT_MOST)
		strncpy(subject + SUBJECT_MOST - 3, "...", 4);
}

static void put_time(struct buf *out, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	buf_addf(out, "%.16s UTC", text);
}

static void put_pages(const struct crawl_report *r, struct buf *out)
{
	const struct journal_counts *n = &r->counts;

	buf_addf(out,
	         "  %lld requests: %lld read, %lld unchanged, %lld not there, "
	         "%lld redirected\n",
	         (long long)n->requests, (long long)n->read,
	         (long long)n->unchanged, (long long)n->missed,
	         (long long)n->moved);
	buf_addf(out, "  store: %lld added, %lld updated, %lld vanished\n",
	         (long long)n->added, (long long)n->updated,
	         (long long)n->vanished);
	if (n->refused || n->retried || n->detours)
		buf_addf(out,
		         "  %lld refusals (429, 503), %lld tried again, %lld "
		         "through another proxy\n",
		         (long long)n->refused, (long long)n->retried,
		         (long long)n->detours);
	if (n->shut || n->robots)
		buf_addf(out,
		         "  passed over: %lld out of scope, %lld by "
		         "robots.txt\n",
		         (long long)n->shut, (long long)n->robots);
}

static void put_trouble(const struct crawl_run_result *r, struct buf *out)
{
	const struct crawl_report *p = &r->report;
	struct fault first = p->first;

	crawl_summary_short(first.subject);
	if (p->counts.failed && first.kind)
		buf_addf(out, "  %lld failed; the first: %s: %s\n",
		         (long long)p->counts.failed, first.subject,
		         first.text);
	if (p->gone.guarded)
		buf_addf(out,
		         "  %lld of %lld would vanish: nothing did. If that is "
		         "right: opslore crawl %.*s --vanish\n",
		         (long long)p->gone.due, (long long)p->gone.known,
		         SLICE_ARG(r->name));
	if (p->paused.kind)
		buf_addf(out, "  paused: %s\n", p->paused.text);
}

void crawl_summary_text(const struct crawl_run_result *r, struct buf *out)
{
	const struct crawl_report *p = &r->report;

	if (r->ok && !p->ran) {
		buf_addf(out, "%.*s: nothing is due before ",
		         SLICE_ARG(r->name));
		put_time(out, p->next);
		if (p->paused.kind)
			buf_addf(out, ": %s\n", p->paused.text);
		else
			buf_text(out, " (--now: all the same)\n");
		return;
	}
	buf_addf(out, "%.*s: %s in %lld.%lld s", SLICE_ARG(r->name),
	         !r->ok          ? "stopped"
	         : !p->ended     ? "paused"
	         : p->first.kind ? "done in part"
	                         : "done",
	         (long long)(r->took / 1000), (long long)(r->took / 100 % 10));
	if (r->ok && p->next) {
		buf_text(out, ", next ");
		put_time(out, p->next);
	}
	buf_text(out, p->resumed ? " (went on with a run)\n" : "\n");
	put_pages(p, out);
	put_trouble(r, out);
}

static void put_number(struct json_out *o, const char *name, int64_t n)
{
	json_pair_number(o, name, n);
}

static void json_counts(const struct journal_counts *n, struct json_out *o)
{
	static const char *const classes[] = { "none", "1xx", "2xx",
		                               "3xx",  "4xx", "5xx" };
	size_t i;

	put_number(o, "requests", n->requests);
	json_key(o, "status");
	json_open(o, '{');
	for (i = 0; i < 6; i++)
		put_number(o, classes[i], n->status[i]);
	json_close(o, '}');
	put_number(o, "refused", n->refused);
	put_number(o, "read", n->read);
	put_number(o, "unchanged", n->unchanged);
	put_number(o, "listings", n->listings);
	put_number(o, "missed", n->missed);
	put_number(o, "redirected", n->moved);
	put_number(o, "retried", n->retried);
	put_number(o, "failed", n->failed);
	put_number(o, "out_of_scope", n->shut);
	put_number(o, "refused_by_robots", n->robots);
	put_number(o, "detours", n->detours);
	put_number(o, "wire_bytes", n->wire);
	put_number(o, "decoded_bytes", n->decoded);
	put_number(o, "added", n->added);
	put_number(o, "updated", n->updated);
	put_number(o, "vanished", n->vanished);
}

static void json_trouble(struct json_out *o, const char *name,
                         const struct fault *f)
{
	if (!f->kind)
		return;
	json_key(o, name);
	json_open(o, '{');
	json_pair(o, "kind", slice_of(fault_kind_name(f->kind)));
	json_pair(o, "code", slice_of(f->code));
	json_pair(o, "text", slice_of(f->text));
	if (f->subject[0])
		json_pair(o, "subject", slice_of(f->subject));
	json_close(o, '}');
}

void crawl_summary_json(const struct crawl_run_result *r, struct buf *out)
{
	const struct crawl_report *p = &r->report;
	char next[CLOCK_TEXT] = "";
	struct json_out o;

	if (p->next)
		clock_write(next, p->next);
	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "source", r->name);
	json_key(&o, "ran");
	json_put_bool(&o, !r->ok || p->ran);
	json_key(&o, "ended");
	json_put_bool(&o, r->ok && p->ended);
	json_key(&o, "resumed");
	json_put_bool(&o, p->resumed);
	json_pair(&o, "next", slice_of(next));
	json_pair_number(&o, "took_ms", r->took);
	json_counts(&p->counts, &o);
	json_key(&o, "vanish_guard");
	json_put_bool(&o, p->gone.guarded);
	json_trouble(&o, "first_failure", &p->first);
	json_trouble(&o, "paused", &p->paused);
	if (!r->ok)
		json_trouble(&o, "error", &r->fault);
	json_close(&o, '}');
	buf_byte(out, '\n');
}
