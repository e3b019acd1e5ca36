/* The same figures twice: lines for a person, an object for a program. */

#include "app/pull_summary.h"

#include "base/clock.h"
#include "base/say.h"

/* What came from outside, fit for a terminal. */
static void put_clean(struct buf *out, const char *text)
{
	char clean[1024];

	say_clean(clean, sizeof(clean), slice_of(text));
	buf_text(out, clean);
}

static void put_date(struct buf *out, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	buf_addf(out, "%.10s", text);
}

static const char *word_of(const struct pull_result *r)
{
	if (!r->ok)
		return "stopped";
	return r->report.broken.count ? "done in part" : "done";
}

static void put_broken(const struct troubles *t, struct buf *out)
{
	size_t i;

	if (!t->count)
		return;
	buf_addf(out, "  %lld cases could not be had:\n", (long long)t->count);
	for (i = 0; i < troubles_kept(t); i++) {
		buf_text(out, "    ");
		put_clean(out, t->first[i].subject);
		buf_text(out, ": ");
		put_clean(out, t->first[i].text);
		buf_byte(out, '\n');
	}
	if (t->count > TROUBLES_KEPT)
		buf_addf(out, "    and %lld more\n",
		         (long long)(t->count - TROUBLES_KEPT));
}

static void put_odd(const struct pull_report *p, struct buf *out)
{
	if (p->looked)
		buf_addf(out,
		         "  %lld that were open looked at again; %lld of them "
		         "are not known there any more, and stay\n",
		         (long long)p->looked, (long long)p->unknown);
	if (p->forgotten)
		buf_addf(out, "  %lld were forgotten, and stay out\n",
		         (long long)p->forgotten);
	if (p->again)
		buf_addf(out,
		         "  %lld times a list was begun anew: its token "
		         "had ended\n",
		         (long long)p->again);
}

void pull_summary_text(const struct pull_result *r, struct buf *out)
{
	const struct pull_report *p = &r->report;

	buf_addf(out, "%s: %s in %lld.%lld s", r->name, word_of(r),
	         (long long)(r->took / 1000), (long long)(r->took / 100 % 10));
	if (p->began) {
		buf_addf(out, ", %s since ", p->space);
		put_date(out, p->since);
	}
	buf_text(out, p->resumed ? " (went on with a pull)\n" : "\n");
	buf_addf(out,
	         "  cases: %lld added, %lld changed, %lld as they were; "
	         "%lld of them fetched one by one\n",
	         (long long)p->added, (long long)p->changed, (long long)p->same,
	         (long long)p->fetched);
	buf_addf(out, "  %lld calls, %lld of them too fast; %lld lists\n",
	         (long long)p->calls, (long long)p->refused,
	         (long long)p->pages);
	put_odd(p, out);
	put_broken(&p->broken, out);
}

static void put_fault(struct json_out *o, const struct fault *f)
{
	json_open(o, '{');
	json_pair(o, "kind", slice_of(fault_kind_name(f->kind)));
	json_pair(o, "code", slice_of(f->code));
	json_pair(o, "text", slice_of(f->text));
	if (f->subject[0])
		json_pair(o, "subject", slice_of(f->subject));
	json_close(o, '}');
}

static void put_fault_of(struct json_out *o, const char *name,
                         const struct fault *f)
{
	if (!f->kind)
		return;
	json_key(o, name);
	put_fault(o, f);
}

static void put_time(struct json_out *o, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	json_pair(o, name, slice_of(text));
}

static void put_flag(struct json_out *o, const char *name, bool value)
{
	json_key(o, name);
	json_put_bool(o, value);
}

static void put_counts(const struct pull_report *p, struct json_out *o)
{
	json_pair_number(o, "added", p->added);
	json_pair_number(o, "changed", p->changed);
	json_pair_number(o, "same", p->same);
	json_pair_number(o, "forgotten", p->forgotten);
	json_pair_number(o, "fetched", p->fetched);
	json_pair_number(o, "looked_at", p->looked);
	json_pair_number(o, "unknown", p->unknown);
	json_pair_number(o, "failed", p->broken.count);
	json_pair_number(o, "calls", p->calls);
	json_pair_number(o, "refused", p->refused);
	json_pair_number(o, "lists", p->pages);
	json_pair_number(o, "begun_anew", p->again);
}

void pull_summary_json(const struct pull_result *r, struct json_out *o)
{
	const struct pull_report *p = &r->report;
	size_t i;

	json_open(o, '{');
	json_pair(o, "name", slice_of(r->name));
	json_pair(o, "space", slice_of(p->space));
	put_flag(o, "complete", r->ok && p->complete);
	put_flag(o, "resumed", p->resumed);
	if (p->began) {
		put_time(o, "since", p->since);
		put_time(o, "began", p->began);
	}
	put_counts(p, o);
	json_pair_number(o, "milliseconds", r->took);
	json_key(o, "failures");
	json_open(o, '[');
	for (i = 0; i < troubles_kept(&p->broken); i++)
		put_fault(o, &p->broken.first[i]);
	json_close(o, ']');
	if (!r->ok)
		put_fault_of(o, "error", &r->fault);
	json_close(o, '}');
}

void pull_probe_text(const char *name, const struct pull_probe *p,
                     struct buf *out)
{
	buf_addf(out, "%s: a pull would %s\n", name,
	         p->refused.kind ? "fail" : "be answered");
	buf_text(out, "  key of    ");
	put_clean(out, p->origin);
	buf_text(out, "\n  who       ");
	if (p->identity.kind) {
		buf_text(out, "not known: ");
		put_clean(out, p->identity.text);
	} else {
		put_clean(out, p->arn);
	}
	buf_text(out, "\n  asks      ");
	put_clean(out, p->url);
	buf_addf(out, " (%s)\n", p->region);
	if (p->other_account)
		buf_addf(out,
		         "  but the key is of account %s, and another one "
		         "is set\n",
		         p->account);
	if (p->refused.kind) {
		buf_text(out, "  because   ");
		put_clean(out, p->refused.text);
		buf_byte(out, '\n');
	}
}

void pull_probe_json(const char *name, const struct pull_probe *p,
                     struct json_out *o)
{
	json_open(o, '{');
	json_pair(o, "name", slice_of(name));
	put_flag(o, "answered", !p->refused.kind);
	json_pair(o, "origin", slice_of(p->origin));
	json_pair(o, "region", slice_of(p->region));
	json_pair(o, "url", slice_of(p->url));
	json_pair(o, "account", slice_of(p->account));
	json_pair(o, "arn", slice_of(p->arn));
	put_flag(o, "other_account", p->other_account);
	put_fault_of(o, "identity", &p->identity);
	put_fault_of(o, "error", &p->refused);
	json_close(o, '}');
}
