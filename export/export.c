/*
 * The line itself. Files are hashed as they are written, so that the manifest
 * speaks of the very bytes; the manifest comes last.
 */

#include "export/export.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "export/card.h"
#include "export/publish.h"

enum { EXPORT_FILES = 4 };

/* A file on its way, with what the manifest will say of it. */
struct export_file {
	const char *name;
	struct file_new file;
	struct sha256 sum;
	uint64_t bytes;
	char sha256[65];
	bool open;
};

struct export_line {
	const struct export_options *options;
	const struct reader *reader;
	struct export_report *report;
	struct publish publish;
	struct export_file lines, provenance, attribution, readme;
	struct gather gather;
	struct card card;
	struct arena arena;
	struct buf text, beside;
	char lines_name[80];
};

static bool file_begin(struct export_line *l, struct export_file *it,
                       const char *name, struct fault *f)
{
	it->name = name;
	it->open = publish_file(&l->publish, name, &it->file, f);
	if (it->open)
		sha256_init(&it->sum);
	return it->open;
}

static void file_say(struct export_file *it, struct slice s)
{
	file_add(&it->file, s);
	sha256_add(&it->sum, s);
	it->bytes += s.len;
}

static bool file_finish(struct export_file *it, struct fault *f)
{
	it->open = false;
	sha256_end(&it->sum, it->sha256);
	return file_place(&it->file, f);
}

static void file_abandon(struct export_file *it)
{
	char hex[65];

	if (!it->open)
		return;
	sha256_end(&it->sum, hex);
	file_drop(&it->file);
}

static void count_origin(struct card *c, const struct origin *o)
{
	struct buf key = BUF_INIT(4096);

	map_put(&c->licences, o->licence, NULL)->number++;
	buf_add(&key, o->channel);
	if (o->terms.len)
		buf_addf(&key, " (%.*s)", SLICE_ARG(o->terms));
	map_put(&c->channels, buf_slice(&key), NULL)->number++;
	buf_release(&key);
}

static void origin_spell(struct json_out *o, const char *name,
                         const struct origin *it)
{
	json_key(o, name);
	json_open(o, '{');
	json_pair(o, "link", it->link);
	json_pair(o, "author", it->author);
	json_pair(o, "author_link", it->author_link);
	json_pair(o, "licence", it->licence);
	json_pair(o, "channel", it->channel);
	json_pair(o, "terms", it->terms);
	json_pair_number(o, "score", it->score);
	if (!strcmp(name, "answer")) {
		json_key(o, "accepted");
		json_put_bool(o, it->accepted);
	}
	json_close(o, '}');
}

static void provenance_spell(const struct example *e, int64_t number,
                             struct slice line, struct buf *out)
{
	struct sha256 sum;
	struct json_out o;
	char hex[65];

	sha256_init(&sum);
	sha256_add(&sum, line);
	sha256_end(&sum, hex);
	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "line", number);
	json_pair(&o, "sha256", slice_of(hex));
	json_pair(&o, "id", e->id);
	origin_spell(&o, "question", &e->question);
	origin_spell(&o, "answer", &e->answer);
	json_close(&o, '}');
	buf_byte(out, '\n');
}

static bool line_write(struct export_line *l, const struct example *e,
                       const struct post_row *p, struct fault *f)
{
	struct slice line;

	buf_reset(&l->text);
	l->options->format->spell(e, &l->text);
	if (buf_full(&l->text))
		return fault(f, FAULT_LIMIT, "limit-row",
		             "the example of '%.*s' is over %d bytes",
		             SLICE_ARG(e->id), LIMIT_ROW);
	buf_byte(&l->text, '\n');
	line = buf_slice(&l->text);
	file_say(&l->lines, line);
	line.len--;
	l->report->examples++;
	map_put(&l->card.spaces, p->space, NULL)->number++;
	count_origin(&l->card, &e->question);
	count_origin(&l->card, &e->answer);
	buf_reset(&l->beside);
	provenance_spell(e, l->report->examples, line, &l->beside);
	file_say(&l->provenance, buf_slice(&l->beside));
	buf_reset(&l->beside);
	card_attribution(e, p->title, &l->beside);
	file_say(&l->attribution, buf_slice(&l->beside));
	return true;
}

static bool export_post(void *self, const struct post_row *p, struct fault *f)
{
	struct export_line *l = self;
	struct example e;
	enum drop_reason reason;
	bool ok;

	l->report->candidates++;
	reason = gather_example(&l->gather, p, &l->arena, &e);
	l->report->dropped[reason] += reason != DROP_NONE;
	ok = reason || line_write(l, &e, p, f);
	arena_reset(&l->arena);
	if (l->options->progress)
		l->options->progress(l->options->self, l->report->candidates,
		                     l->report->examples);
	return ok && cancel_check(f);
}

static void manifest_options(const struct export_line *l, struct json_out *out)
{
	const struct export_options *o = l->options;

	json_key(out, "options");
	json_open(out, '{');
	json_pair(out, "reader", l->reader->name);
	json_pair(out, "space", o->filter.space);
	json_pair(out, "tag", o->gather.tag);
	json_pair_number(out, "min_score", o->gather.min_score);
	if (o->gather.min_question_score != INT64_MIN)
		json_pair_number(out, "min_question_score",
		                 o->gather.min_question_score);
	json_pair_number(out, "max_bytes", (int64_t)o->gather.max_bytes);
	json_pair(out, "system", o->gather.system);
	json_pair(out, "drop", o->drop_text);
	json_close(out, '}');
}

static void manifest_files(const struct export_line *l, struct json_out *out)
{
	const struct export_file *const files[EXPORT_FILES] = {
		&l->lines, &l->provenance, &l->attribution, &l->readme
	};
	int i;

	json_key(out, "files");
	json_open(out, '{');
	for (i = 0; i < EXPORT_FILES; i++) {
		json_key(out, files[i]->name);
		json_open(out, '{');
		json_pair(out, "sha256", slice_of(files[i]->sha256));
		json_pair_number(out, "bytes", (int64_t)files[i]->bytes);
		json_close(out, '}');
	}
	json_close(out, '}');
}

static void manifest_spell(const struct export_line *l, struct buf *out)
{
	struct json_out o;
	int i;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "opslore", SLICE(OPSLORE_VERSION));
	json_pair(&o, "format", slice_of(l->options->format->name));
	manifest_options(l, &o);
	json_pair_number(&o, "candidates", l->report->candidates);
	json_pair_number(&o, "examples", l->report->examples);
	json_key(&o, "dropped");
	json_open(&o, '{');
	for (i = DROP_NONE + 1; i < DROP_COUNT; i++)
		json_pair_number(&o, drop_reason_name((enum drop_reason)i),
		                 l->report->dropped[i]);
	json_close(&o, '}');
	manifest_files(l, &o);
	json_close(&o, '}');
	buf_byte(out, '\n');
}

static bool export_begin(struct export_line *l, struct fault *f)
{
	snprintf(l->lines_name, sizeof(l->lines_name), "%s.jsonl",
	         l->options->format->name);
	if (!publish_start(&l->publish, l->options->folder, f) ||
	    !file_begin(l, &l->lines, l->lines_name, f) ||
	    !file_begin(l, &l->provenance, "provenance.jsonl", f) ||
	    !file_begin(l, &l->attribution, "ATTRIBUTION.md", f))
		return false;
	buf_reset(&l->text);
	card_attribution_head(&l->text);
	file_say(&l->attribution, buf_slice(&l->text));
	return true;
}

static bool export_end(struct export_line *l, struct fault *f)
{
	if (!file_finish(&l->lines, f) || !file_finish(&l->provenance, f) ||
	    !file_finish(&l->attribution, f) ||
	    !file_begin(l, &l->readme, "README.md", f))
		return false;
	buf_reset(&l->text);
	card_readme(&l->card, l->options, l->report, &l->text);
	file_say(&l->readme, buf_slice(&l->text));
	if (!file_finish(&l->readme, f))
		return false;
	buf_reset(&l->text);
	manifest_spell(l, &l->text);
	l->report->bytes = l->lines.bytes;
	memcpy(l->report->sha256, l->lines.sha256, sizeof(l->lines.sha256));
	return publish_text(&l->publish, "manifest.json", buf_slice(&l->text),
	                    f) &&
	       publish_commit(&l->publish, f);
}

bool export_run(struct store *s, const struct reader *r,
                const struct export_options *options, struct export_report *out,
                struct fault *f)
{
	struct export_line l = { .options = options,
		                 .reader = r,
		                 .report = out,
		                 .text = BUF_INIT(LIMIT_ROW),
		                 .beside = BUF_INIT(LIMIT_ROW) };
	struct arena rows = ARENA_INIT;
	bool ok;

	*out = (struct export_report){ 0 };
	gather_init(&l.gather, &options->gather);
	ok = export_begin(&l, f) &&
	     posts_each(s, r, &options->filter, &rows, export_post, &l, f) &&
	     export_end(&l, f);
	file_abandon(&l.lines);
	file_abandon(&l.provenance);
	file_abandon(&l.attribution);
	file_abandon(&l.readme);
	publish_drop(&l.publish);
	gather_release(&l.gather);
	card_release(&l.card);
	arena_release(&l.arena);
	arena_release(&rows);
	buf_release(&l.text);
	buf_release(&l.beside);
	return ok;
}
