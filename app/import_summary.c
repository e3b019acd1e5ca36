/* CPU is our own and that of the workers that have ended. */

#include "app/import_summary.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/say.h"

static int64_t cpu_of(int who)
{
	struct rusage u = { 0 };

	getrusage(who, &u);
	return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

static int64_t cpu_now(void)
{
	return cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN);
}

void import_summary_start(struct import_summary *s, const char *kind)
{
	*s = (struct import_summary){
		.kind = kind,
		.started = clock_monotonic(),
		.cpu = cpu_now(),
	};
}

void import_summary_dump(struct import_summary *s,
                         const struct dump_report *report)
{
	s->space = report->site;
	s->rows = report->rows;
	s->bytes = report->bytes;
	s->in = &report->in;
	s->broken = &report->broken;
	s->dump = report;
}

static double per_second(int64_t bytes, int64_t ms)
{
	return ms > 0 ? (double)bytes / 1000.0 / (double)ms : 0;
}

/* One line, if there is anything to say. */
static void text_count(FILE *out, const char *name, int64_t n,
                       const char *comment)
{
	if (n)
		fprintf(out, "  %-10s %" PRId64 "%s%s\n", name, n,
		        *comment ? "  " : "", comment);
}

static void text_troubles(const struct troubles *t, FILE *out)
{
	char clean[512];
	size_t i;

	if (!t->count)
		return;
	fprintf(out, "  %-10s %" PRId64 "  not taken:\n", "broken", t->count);
	for (i = 0; i < troubles_kept(t); i++) {
		say_clean(clean, sizeof(clean), slice_of(t->first[i].subject));
		fprintf(out, "    %s:%" PRId64 ": ", clean, t->first[i].line);
		say_clean(clean, sizeof(clean), slice_of(t->first[i].text));
		fprintf(out, "%s\n", clean);
	}
	if (t->count > TROUBLES_KEPT)
		fprintf(out, "    and %" PRId64 " more\n",
		        t->count - TROUBLES_KEPT);
}

static void text_dump(const struct dump_report *d, FILE *out)
{
	size_t i;

	text_count(out, "fakes", d->planted,
	           "planted posts that are in every dump, dropped");
	text_count(out, "truncated", d->truncated,
	           "bodies that could not be taken whole, flagged");
	for (i = 0; i < d->far_count; i++)
		fprintf(out,
		        "  post %" PRId64 ": its id is far above all the "
		        "others; kept, but look at it\n",
		        d->far[i]);
}

void import_summary_text(const struct import_summary *s, FILE *out)
{
	const struct intake_report *in = s->in;
	int64_t ms = clock_monotonic() - s->started, cpu = cpu_now() - s->cpu;

	fprintf(out,
	        "%s: %" PRId64 " rows, %.1f MB in %.1f s (%.1f s of CPU, "
	        "%.1f MB a CPU second)\n",
	        s->space, s->rows, (double)s->bytes / 1e6, (double)ms / 1e3,
	        (double)cpu / 1e3, per_second(s->bytes, cpu));
	text_count(out, "questions", in->questions, "");
	text_count(out, "answers", in->answers, "");
	text_count(out, "documents", in->others, "");
	text_count(out, "extras", in->extras, "tag wikis and such");
	text_count(out, "authors", in->authors, "");
	text_count(out, "comments", in->comments, "");
	text_count(out, "links", in->links, "");
	text_count(out, "revisions", in->revisions, "");
	fprintf(out,
	        "  added %" PRId64 ", updated %" PRId64 ", counted %" PRId64
	        ", same %" PRId64 ", older %" PRId64 "\n",
	        in->added, in->updated, in->counted, in->same, in->older);
	if (in->waiting)
		fprintf(out,
		        "  %-10s %" PRId64 "  answers whose question is not "
		        "there: %s%s\n",
		        "waiting", in->waiting, in->waiting_ids,
		        in->waiting > 5 ? ", ..." : "");
	text_count(out, "forgotten", in->forgotten, "kept out");
	if (s->dump)
		text_dump(s->dump, out);
	text_troubles(s->broken, out);
}

static void json_troubles(struct json_out *o, const struct troubles *t)
{
	size_t i;

	json_key(o, "broken");
	json_open(o, '{');
	json_pair_number(o, "count", t->count);
	json_key(o, "first");
	json_open(o, '[');
	for (i = 0; i < troubles_kept(t); i++) {
		json_open(o, '{');
		json_pair(o, "file", slice_of(t->first[i].subject));
		json_pair_number(o, "line", t->first[i].line);
		json_pair(o, "code", slice_of(t->first[i].code));
		json_pair(o, "text", slice_of(t->first[i].text));
		json_close(o, '}');
	}
	json_close(o, ']');
	json_close(o, '}');
}

static void json_seen(struct json_out *o, const struct intake_report *in)
{
	json_key(o, "seen");
	json_open(o, '{');
	json_pair_number(o, "questions", in->questions);
	json_pair_number(o, "answers", in->answers);
	json_pair_number(o, "extras", in->extras);
	json_pair_number(o, "documents", in->others);
	json_pair_number(o, "authors", in->authors);
	json_pair_number(o, "comments", in->comments);
	json_pair_number(o, "links", in->links);
	json_pair_number(o, "revisions", in->revisions);
	json_close(o, '}');
	json_pair_number(o, "added", in->added);
	json_pair_number(o, "updated", in->updated);
	json_pair_number(o, "counted", in->counted);
	json_pair_number(o, "same", in->same);
	json_pair_number(o, "older", in->older);
	json_pair_number(o, "waiting", in->waiting);
	json_pair(o, "waiting_first", slice_of(in->waiting_ids));
	json_pair_number(o, "forgotten", in->forgotten);
}

static void json_dump(struct json_out *o, const struct dump_report *d)
{
	size_t i;

	json_pair_number(o, "fakes", d->planted);
	json_pair_number(o, "converted", d->converted);
	json_pair_number(o, "unchanged", d->unchanged);
	json_pair_number(o, "truncated", d->truncated);
	json_key(o, "far_ids");
	json_open(o, '[');
	for (i = 0; i < d->far_count; i++)
		json_put_number(o, d->far[i]);
	json_close(o, ']');
}

void import_summary_json(const struct import_summary *s, FILE *out)
{
	int64_t ms = clock_monotonic() - s->started, cpu = cpu_now() - s->cpu;
	struct buf line = BUF_INIT(1 << 20);
	char as_of[CLOCK_TEXT];
	struct json_out o;

	clock_write(as_of, s->in->as_of);
	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "import", slice_of(s->kind));
	json_pair(&o, "space", slice_of(s->space));
	json_pair(&o, "as_of", slice_of(as_of));
	json_pair_number(&o, "rows", s->rows);
	json_pair_number(&o, "bytes", s->bytes);
	json_seen(&o, s->in);
	if (s->dump)
		json_dump(&o, s->dump);
	json_troubles(&o, s->broken);
	json_pair_number(&o, "milliseconds", ms);
	json_pair_number(&o, "cpu_milliseconds", cpu);
	json_key(&o, "mb_per_cpu_second");
	json_put_real(&o, per_second(s->bytes, cpu));
	json_close(&o, '}');
	fprintf(out, "%s\n", buf_string(&line));
	buf_release(&line);
}
