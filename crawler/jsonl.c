/*
 * Lines are cut from a window with memchr(); one that is larger than LIMIT_ROW
 * is thrown away as it comes. The date of the file is the revision of all its
 * documents, since they bring no dates of their own.
 */

#include "crawler/jsonl.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text/unicode.h"

enum { JSONL_CHUNK = 64 << 10, WINDOW_KEPT = 1 << 20 };

struct jsonl {
	const struct jsonl_options *options;
	struct jsonl_report *report;
	struct intake *intake;
	FILE *file;
	struct arena arena; /* one document */
	struct buf window;
	size_t at;    /* what is before it is done with */
	size_t seen;  /* behind `at`: so much has no line end */
	int64_t line; /* number of the line at `at` */
	bool skipping;
	bool end; /* of the file */
};

static struct slice clean(struct jsonl *j, struct slice s)
{
	struct buf out = BUF_INIT(UNICODE_CLEAN_MOST * (size_t)LIMIT_ROW);

	if (unicode_is_clean(s))
		return s;
	unicode_clean(s, &out);
	s = arena_copy(&j->arena, buf_slice(&out));
	buf_release(&out);
	return s;
}

/* The text of a member, cleaned; empty when it is missing or null. */
static struct slice member(struct jsonl *j, const struct json *doc,
                           const char *name)
{
	struct slice s = { 0 };

	if (json_text(json_get(doc, name), &s))
		s = clean(j, s);
	return s;
}

static struct slice either(struct jsonl *j, const struct json *doc,
                           const char *name, const char *other)
{
	struct slice s = member(j, doc, name);

	return s.len ? s : member(j, doc, other);
}

/* An array of texts, or one text. */
static bool read_tags(struct jsonl *j, const struct json *tags,
                      struct record *r, struct fault *f)
{
	const struct json *it = json_is_array(tags) ? json_first(tags) : tags;
	struct slice *to, s;

	r->tags = to = arena_array(&j->arena, LIMIT_TAGS, sizeof(*to));
	for (; it; it = json_is_array(tags) ? json_next(it) : NULL) {
		if (!json_text(it, &s) || !s.len)
			continue;
		if (r->tag_count == LIMIT_TAGS)
			return fault(f, FAULT_LIMIT, "limit-tags",
			             "the document has more than %d tags",
			             LIMIT_TAGS);
		to[r->tag_count++] = clean(j, s);
	}
	return true;
}

static bool take_document(struct jsonl *j, const struct json *doc,
                          struct fault *f)
{
	struct record r = {
		.kind = RECORD_DOCUMENT,
		.created = CLOCK_NONE,
		.modified = CLOCK_NONE,
		.closed = CLOCK_NONE,
		.original = SLICE(""), /* there is one: the text itself */
		.revision = j->options->as_of,
	};
	struct slice text;

	if (!json_is_object(doc))
		return fault(f, FAULT_INPUT, "jsonl-shape",
		             "the line is no JSON object");
	r.id = either(j, doc, "_id", "id");
	if (!r.id.len)
		return fault(f, FAULT_INPUT, "jsonl-shape",
		             "the document has no '_id' nor 'id'");
	if (!json_is_text(json_get(doc, "text")) ||
	    !json_text(json_get(doc, "text"), &text))
		return fault(f, FAULT_INPUT, "jsonl-shape",
		             "document '%.*s' has no 'text'",
		             SLICE_ARG(slice_cut(r.id, 0, 80)));
	if (text.len > LIMIT_TEXT)
		return fault(f, FAULT_LIMIT, "limit-text",
		             "the text is larger than 16 MB");
	r.content = clean(j, text);
	r.title = member(j, doc, "title");
	r.link = either(j, doc, "url", "link");
	return read_tags(j, json_get(doc, "tags"), &r, f) &&
	       intake_record(j->intake, &r, f);
}

/* One line; false only when the import cannot go on. */
static bool take_line(struct jsonl *j, struct slice line, struct fault *f)
{
	struct json *doc = NULL;
	bool ok;

	line = slice_trim(line);
	if (!line.len)
		return true;
	j->report->lines++;
	arena_reset(&j->arena);
	ok = json_parse(&doc, line, f) && take_document(j, doc, f);
	json_free(doc);
	if (ok || !troubles_one_row(f))
		return ok;
	fault_at(f, j->options->path, j->line);
	troubles_add(&j->report->broken, f);
	return true;
}

/* The next bytes behind what is left in the window. */
static bool read_chunk(struct jsonl *j, struct fault *f)
{
	struct buf *w = &j->window;
	char *to;
	size_t n;

	if (!cancel_check(f))
		return false;
	if (j->at)
		memmove(w->at, w->at + j->at, w->len - j->at);
	buf_cut(w, w->len - j->at);
	j->at = 0;
	if (!w->len && w->cap > WINDOW_KEPT)
		buf_release(w);
	to = buf_extend(w, JSONL_CHUNK);
	n = fread(to, 1, JSONL_CHUNK, j->file);
	buf_cut(w, w->len - JSONL_CHUNK + n);
	if (n < JSONL_CHUNK && ferror(j->file)) {
		fault(f, FAULT_SYSTEM, "file", "cannot read '%s'",
		      j->options->path);
		return fault_at(f, j->options->path, j->line);
	}
	j->end = n < JSONL_CHUNK;
	j->report->bytes += (int64_t)n;
	return true;
}

/* The line is too large: say it once, then throw away up to its end. */
static void skip_line(struct jsonl *j)
{
	struct fault why;

	if (!j->skipping) {
		fault(&why, FAULT_LIMIT, "limit-row",
		      "the line is larger than 64 MB");
		fault_at(&why, j->options->path, j->line);
		j->report->lines++;
		troubles_add(&j->report->broken, &why);
	}
	j->skipping = true;
	j->at = j->window.len;
}

/* All whole lines of the window; at the end of the file the last one too. */
static bool take_lines(struct jsonl *j, struct fault *f)
{
	for (;;) {
		struct slice rest =
		        slice_cut(buf_slice(&j->window), j->at, j->window.len);
		size_t n = j->seen +
		           slice_find(slice_cut(rest, j->seen, rest.len), '\n');

		j->seen = 0;
		if (n == rest.len && !j->end) {
			if (n > LIMIT_ROW || j->skipping)
				skip_line(j);
			else
				j->seen = n;
			return true;
		}
		if (!j->skipping && !take_line(j, slice_cut(rest, 0, n), f))
			return false;
		j->skipping = false;
		j->line++;
		j->at += n < rest.len ? n + 1 : n;
		if (n == rest.len)
			return true;
	}
}

static bool read_lines(struct jsonl *j, struct fault *f)
{
	struct progress p;
	bool ok = true;

	progress_start(&p, j->options->progress, j->options->path, "documents");
	while (ok && !j->end) {
		ok = read_chunk(j, f);
		/* A byte order mark, as some editors leave it. */
		if (ok && j->line == 1 && !j->at && !j->seen &&
		    slice_starts(buf_slice(&j->window), SLICE("\xEF\xBB\xBF")))
			j->at = 3;
		ok = ok && take_lines(j, f);
		progress_move(&p, j->report->bytes, j->options->size,
		              j->report->lines);
	}
	progress_end(&p);
	return ok;
}

bool jsonl_import(struct store *s, FILE *file,
                  const struct jsonl_options *options, struct jsonl_report *out,
                  struct fault *f)
{
	struct jsonl j = {
		.options = options,
		.report = out,
		.file = file,
		.line = 1,
		.window = BUF_INIT((size_t)LIMIT_ROW + 2 * JSONL_CHUNK),
	};
	struct intake_options o = {
		.space = options->space,
		.channel = SLICE("import"),
		.access = options->access,
	};
	struct buf source = BUF_INIT(64 << 10);
	bool ok;

	*out = (struct jsonl_report){ 0 };
	buf_addf(&source, "%s %lld %lld", options->path,
	         (long long)options->as_of, (long long)options->size);
	o.source = buf_slice(&source);
	ok = intake_open(&j.intake, s, &o, f);
	if (ok)
		intake_date_seen(j.intake, options->as_of);
	ok = ok && read_lines(&j, f) && intake_finish(j.intake, &out->in, f);
	intake_close(j.intake);
	buf_release(&source);
	arena_release(&j.arena);
	buf_release(&j.window);
	return ok;
}
