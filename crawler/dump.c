/*
 * Table after table, row after row, in the order in which they are stored; the
 * intake stages what comes before its post. Only bodies of posts are costly:
 * they go through dump_body.c in batches, and not at all when the store holds
 * the very same one already.
 */

#include "crawler/dump.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/say.h"
#include "crawler/dump_body.h"
#include "crawler/dump_input.h"
#include "crawler/dump_post.h"
#include "crawler/dump_row.h"
#include "schema/identity.h"

enum {
	HIGHEST = DUMP_IDS_KEPT + 1,
	FAR_FLOOR = 100000, /* in a small site no id is far from the others */
};

static const char terms[] =
        "CC BY-SA: name the site, link the question, name each author and "
        "link the profile";

struct dump {
	const struct dump_options *options;
	struct dump_report *report;
	struct intake *intake;
	struct dump_input *input;
	struct dump_bodies *bodies;
	struct arena arena; /* one row of a table other than Posts */
	struct progress progress;
	struct slice site;
	char base[272]; /* https://SITE/ */
	const char *file;
	int64_t highest[HIGHEST]; /* ids, highest first */
};

/* Of dumps with the same texts the one with the later activity is newer. */
static bool note_date(struct dump *d, const struct dump_row *row,
                      const char *name, struct fault *f)
{
	int64_t time = CLOCK_NONE;

	if (!dump_time(row, name, &time, f))
		return false;
	intake_date_seen(d->intake, time);
	return true;
}

typedef bool row_fn(struct dump *d, const struct dump_row *row,
                    struct fault *f);

/* Keeps the highest few ids in order. */
static void note_id(struct dump *d, int64_t id)
{
	size_t i = HIGHEST;

	if (id <= d->highest[HIGHEST - 1])
		return;
	for (i = HIGHEST - 1; i && d->highest[i - 1] < id; i--)
		d->highest[i] = d->highest[i - 1];
	d->highest[i] = id;
}

/* Ids ten times higher than the next lower one, and all above them. */
static void find_far_ids(struct dump *d)
{
	struct dump_report *r = d->report;
	size_t i, n = 0;

	for (i = 0; i + 1 < HIGHEST; i++)
		if (d->highest[i] >= FAR_FLOOR && d->highest[i + 1] > 0 &&
		    d->highest[i] / 10 >= d->highest[i + 1])
			n = i + 1;
	r->far_count = n;
	memcpy(r->far, d->highest, n * sizeof(*r->far));
}

/* One row did not go in. */
static void add_trouble(struct dump *d, struct fault *why, int64_t line)
{
	fault_at(why, d->file, line);
	troubles_add(&d->report->broken, why);
}

/* A converted post comes back from the threads. */
static bool take_post(void *self, struct dump_post *p, struct fault *f)
{
	struct dump *d = self;

	if (p->failed) {
		add_trouble(d, &p->why, p->line);
		return true;
	}
	if (intake_record(d->intake, &p->record, f)) {
		if (p->record.flags & RECORD_TRUNCATED)
			d->report->truncated++;
		return true;
	}
	if (!troubles_one_row(f))
		return false;
	add_trouble(d, f, p->line);
	return true;
}

static bool post_row(struct dump *d, const struct dump_row *row,
                     struct fault *f)
{
	struct dump_post p;
	bool has = false;

	if (dump_post_planted(row)) {
		say(SAY_DEBUG, "planted fake post %.*s dropped",
		    SLICE_ARG(dump_raw(row, "Id")));
		d->report->planted++;
		return true;
	}
	if (!note_date(d, row, "LastActivityDate", f) ||
	    !dump_bodies_skip(d->bodies, f) ||
	    !dump_post_read(row, d->site, dump_bodies_arena(d->bodies), &p, f))
		return false;
	note_id(d, p.number);
	if (!intake_has(d->intake, p.record.kind, p.record.id,
	                p.record.original, p.record.extractor, &has, f))
		return false;
	if (has) {
		p.convert = false;
		p.record.original = (struct slice){ 0 };
		d->report->unchanged++;
	} else {
		d->report->converted++;
	}
	return dump_bodies_put(d->bodies, &p, f);
}

static bool user_row(struct dump *d, const struct dump_row *row,
                     struct fault *f)
{
	char link[320];
	struct slice id;

	if (!note_date(d, row, "LastAccessDate", f) ||
	    !dump_id(row, "Id", &d->arena, &id, f))
		return false;
	if (!id.len)
		return fault(f, FAULT_INPUT, "dump-value",
		             "the user has no Id");
	snprintf(link, sizeof(link), "%susers/%.*s", d->base, SLICE_ARG(id));
	return intake_author(d->intake, id,
	                     dump_clean(row, "DisplayName", &d->arena),
	                     slice_of(link), f);
}

/* The id of the post that a row of another table is about. */
static bool post_of(struct dump *d, const struct dump_row *row,
                    const char *name, struct slice *out, struct fault *f)
{
	return dump_id(row, name, &d->arena, out, f) &&
	       (out->len ||
	        fault(f, FAULT_INPUT, "dump-value", "the row has no %s", name));
}

static bool link_row(struct dump *d, const struct dump_row *row,
                     struct fault *f)
{
	int64_t type = 0, time = CLOCK_NONE;
	struct slice from, to;

	if (!post_of(d, row, "PostId", &from, f) ||
	    !post_of(d, row, "RelatedPostId", &to, f) ||
	    !dump_number(row, "LinkTypeId", &type, f) ||
	    !dump_time(row, "CreationDate", &time, f))
		return false;
	if ((type != 1 && type != 3) || dump_id_planted(from) ||
	    dump_id_planted(to))
		return true;
	return intake_link(d->intake, from, to,
	                   type == 3 ? LINK_DUPLICATE : LINK_RELATED, time, f);
}

static bool comment_row(struct dump *d, const struct dump_row *row,
                        struct fault *f)
{
	struct arena *a = &d->arena;
	struct intake_comment c = { .created = CLOCK_NONE };

	if (!post_of(d, row, "PostId", &c.parent, f) ||
	    !post_of(d, row, "Id", &c.id, f) ||
	    !dump_id(row, "UserId", a, &c.author_id, f) ||
	    !dump_number(row, "Score", &c.score, f) ||
	    !dump_time(row, "CreationDate", &c.created, f))
		return false;
	if (dump_id_planted(c.parent))
		return true;
	c.content = dump_clean(row, "Text", a);
	c.author = dump_clean(row, "UserDisplayName", a);
	c.licence = dump_licence(row, a);
	return intake_comment(d->intake, &c, f);
}

/* Types: 1, 2 the first title and body; 4, 5 edits of them; 7, 8 rollbacks.
 * The others (tags, closing, ...) make no new text. */
static bool history_row(struct dump *d, const struct dump_row *row,
                        struct fault *f)
{
	int64_t type = 0, time = CLOCK_NONE;
	struct slice id;

	if (!dump_number(row, "PostHistoryTypeId", &type, f))
		return false;
	if (type < 1 || type > 8 || type == 3 || type == 6)
		return true;
	if (!post_of(d, row, "PostId", &id, f) ||
	    !dump_time(row, "CreationDate", &time, f))
		return false;
	if (dump_id_planted(id))
		return true;
	return intake_revision(d->intake, id, dump_text(row, "Text", &d->arena),
	                       type >= 7, dump_licence(row, &d->arena), time,
	                       f);
}

/* A step of the scan: a row goes in, or its trouble is noted. */
static bool take_step(struct dump *d, enum dump_step step, row_fn *take,
                      const struct dump_row *row, struct fault *f)
{
	d->report->rows++;
	if (step == DUMP_BROKEN) {
		if (!strcmp(f->code, "dump-foreign") ||
		    !strcmp(f->code, "dump-empty"))
			return false;
		troubles_add(&d->report->broken, f);
		return true;
	}
	arena_reset(&d->arena);
	if (take(d, row, f))
		return true;
	if (!troubles_one_row(f))
		return false;
	add_trouble(d, f, row->line);
	return true;
}

static bool read_chunk(struct dump *d, struct dump_scan *scan, struct fault *f)
{
	struct slice bytes;

	if (!cancel_check(f) || !dump_input_bytes(d->input, &bytes, f))
		return false;
	if (bytes.len)
		dump_feed(scan, bytes);
	else
		dump_close(scan);
	d->report->bytes += (int64_t)bytes.len;
	progress_move(&d->progress, dump_input_at(d->input),
	              dump_input_size(d->input), d->report->rows);
	return true;
}

static bool read_table(struct dump *d, row_fn *take, struct fault *f)
{
	struct dump_scan *scan = dump_scan_new(d->file);
	enum dump_step step = DUMP_MORE;
	struct dump_row row;
	bool ok = true;

	while (ok && step != DUMP_END) {
		ok = read_chunk(d, scan, f);
		while (ok && ((step = dump_next(scan, &row, f)) == DUMP_ROW ||
		              step == DUMP_BROKEN))
			ok = take_step(d, step, take, &row, f);
	}
	dump_scan_free(scan);
	return ok && dump_bodies_flush(d->bodies, f);
}

static bool read_tables(struct dump *d, struct fault *f)
{
	static row_fn *const takes[DUMP_TABLES] = {
		[DUMP_HISTORY] = history_row,  [DUMP_LINKS] = link_row,
		[DUMP_COMMENTS] = comment_row, [DUMP_POSTS] = post_row,
		[DUMP_USERS] = user_row,
	};
	struct arena names = ARENA_INIT;
	enum dump_table table;
	struct slice name;
	size_t count = 0;
	bool ok;

	while ((ok = dump_input_next(d->input, &table, &name, f)) && name.len) {
		d->file = arena_copy(&names, name).at;
		count++;
		if (!(ok = read_table(d, takes[table], f)))
			break;
	}
	arena_release(&names);
	if (ok && !count) {
		fault(f, FAULT_INPUT, "dump-no-tables",
		      "no Posts.xml nor another file of a data dump in it");
		return fault_at(f, d->options->path, 0);
	}
	return ok;
}

/* The site's host, canonical: given, or from the path. */
static bool find_site(struct dump *d, struct fault *f)
{
	struct buf name = BUF_INIT(sizeof(d->report->site));
	struct buf site = BUF_INIT(sizeof(d->report->site) - 1);
	bool ok;

	buf_add(&name, d->options->site);
	if (buf_full(&name))
		ok = fault(f, FAULT_USAGE, "dump-site",
		           "the site's name is too long");
	else
		ok = name.len || dump_input_site(d->input, &name) ||
		     fault(f, FAULT_USAGE, "dump-site",
		           "cannot tell the site from '%s': give --site HOST",
		           d->options->path);
	ok = ok && identity_space(buf_slice(&name), &site, f);
	if (ok && buf_full(&site))
		ok = fault(f, FAULT_USAGE, "dump-site",
		           "the site's name is too long");
	if (ok) {
		memcpy(d->report->site, buf_string(&site), site.len + 1);
		d->site = slice_of(d->report->site);
		snprintf(d->base, sizeof(d->base), "https://%s/",
		         d->report->site);
	}
	buf_release(&name);
	buf_release(&site);
	return ok;
}

static bool start_intake(struct dump *d, struct store *s, struct fault *f)
{
	char mark[20];
	uint64_t number;
	struct intake_options o = {
		.space = d->site,
		.channel = SLICE("dump"),
		.terms = SLICE(terms),
		.access = d->options->access,
	};

	if (!dump_input_mark(d->input, &number, f))
		return false;
	snprintf(mark, sizeof(mark), "%016llx", (unsigned long long)number);
	o.source = slice_of(mark);
	return intake_open(&d->intake, s, &o, f);
}

bool dump_import(struct store *s, const struct dump_options *options,
                 struct dump_report *out, struct fault *f)
{
	struct dump d = { .options = options, .report = out };
	bool ok;

	*out = (struct dump_report){ 0 };
	ok = dump_input_open(&d.input, options->path, f) && find_site(&d, f) &&
	     start_intake(&d, s, f);
	if (!ok)
		goto out;
	d.bodies = dump_bodies_new(options->threads, slice_of(d.base),
	                           take_post, &d);
	/* Not before: the parser's process would share what it does not use. */
	memory_huge();
	progress_start(&d.progress, options->progress, out->site, "rows");
	ok = read_tables(&d, f);
	progress_end(&d.progress);
	if (ok)
		find_far_ids(&d);
	ok = ok && intake_finish(d.intake, &out->in, f);
out:
	dump_bodies_free(d.bodies);
	intake_close(d.intake);
	dump_input_close(d.input);
	arena_release(&d.arena);
	return ok;
}
