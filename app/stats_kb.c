/*
 * One walk over the posts fills maps from a row's name to its numbers; the maps
 * become tables, their rows in order.
 */

#include "app/stats_kb.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/map.h"
#include "schema/identity.h"
#include "schema/survey.h"
#include "schema/twins.h"

enum {
	NUMBERS = 3,  /* of a row, at most */
	MEMBERS = 10, /* of a cluster that are listed */
	TABLES = 9,
	TALLIES = 6,
};

/* Names with numbers: of one or two columns, the second after a tab. */
struct tally {
	const char *title;
	const char *columns[2 + NUMBERS];
	size_t names, numbers;
	struct map rows; /* name -> int64_t[NUMBERS] */
};

enum { SPACES, LANGUAGES, YEARS, SIZES, EXTRACTORS, ALIASES };

static const struct tally tallies[TALLIES] = {
	[SPACES] = { .title = "spaces",
	             .columns = { "space", "kind", "posts", "answers",
	                          "bytes" },
	             .names = 2,
	             .numbers = 3 },
	[LANGUAGES] = { .title = "languages",
	                .columns = { "language", "posts" },
	                .names = 1,
	                .numbers = 1 },
	[YEARS] = { .title = "years",
	            .columns = { "year", "posts" },
	            .names = 1,
	            .numbers = 1 },
	[SIZES] = { .title = "sizes",
	            .columns = { "bytes", "posts" },
	            .names = 1,
	            .numbers = 1 },
	[EXTRACTORS] = { .title = "extractors",
	                 .columns = { "kind", "extractor", "posts" },
	                 .names = 2,
	                 .numbers = 1 },
	[ALIASES] = { .title = "aliases",
	              .columns = { "space", "kind", "addresses" },
	              .names = 2,
	              .numbers = 1 },
};

/* A cluster and how many of it the reader sees. */
struct seen_cluster {
	int64_t id, members;
};

struct survey {
	struct arena arena;
	struct tally tallies[TALLIES];
	struct map clusters; /* id -> members */
	struct buf name;
	int64_t posts, sketched;
};

static int64_t *tally_row(struct survey *x, int which, struct slice one,
                          struct slice two)
{
	struct tally *t = &x->tallies[which];
	struct map_entry *e;
	bool added;

	buf_reset(&x->name);
	buf_add(&x->name, one);
	if (t->names == 2) {
		buf_byte(&x->name, '\t');
		buf_add(&x->name, two);
	}
	e = map_put(&t->rows, buf_slice(&x->name), &added);
	if (added)
		e->pointer = arena_array(&x->arena, NUMBERS, sizeof(int64_t));
	return e->pointer;
}

static const struct {
	int64_t below;
	const char *name;
} sizes[] = {
	{ 1, "0" },
	{ 1 << 10, "1 to 1 Ki" },
	{ 4 << 10, "1 Ki to 4 Ki" },
	{ 16 << 10, "4 Ki to 16 Ki" },
	{ 64 << 10, "16 Ki to 64 Ki" },
	{ 256 << 10, "64 Ki to 256 Ki" },
	{ INT64_MAX, "256 Ki and more" },
};

static struct slice size_name(int64_t bytes)
{
	size_t i = 0;

	while (bytes >= sizes[i].below)
		i++;
	return slice_of(sizes[i].name);
}

static bool survey_post(void *self, const struct survey_post *p,
                        struct fault *f)
{
	static const struct slice none = { "", 0 };
	struct survey *x = self;
	char number[24];
	int64_t *row = tally_row(x, SPACES, p->space, p->kind);

	(void)f;
	row[0]++;
	row[1] += p->answers;
	row[2] += p->bytes;
	++*tally_row(x, LANGUAGES, p->language, none);
	++*tally_row(x, YEARS, slice_cut(p->modified, 0, 4), none);
	++*tally_row(x, SIZES, size_name(p->bytes), none);
	snprintf(number, sizeof(number), "%lld", (long long)p->extractor);
	++*tally_row(x, EXTRACTORS, p->kind, slice_of(number));
	x->posts++;
	x->sketched += p->sketched;
	if (p->cluster)
		map_put(&x->clusters,
		        (struct slice){ (const char *)&p->cluster,
		                        sizeof(p->cluster) },
		        NULL)
		        ->number++;
	return true;
}

static bool survey_alias(void *self, const struct survey_alias *a,
                         struct fault *f)
{
	(void)f;
	++*tally_row(self, ALIASES, a->space, a->kind);
	return true;
}

static int name_order(const void *a, const void *b)
{
	const struct map_entry *x = a, *y = b;

	return slice_cmp(x->key, y->key);
}

/* The map's own order is of no use any more. */
static struct table tally_table(struct survey *x, struct tally *t)
{
	size_t width = t->names + t->numbers, i, j, tab;
	struct cell *cells =
	        arena_array(&x->arena, t->rows.count * width, sizeof(*cells));
	struct table out = { t->title, tallies[t - x->tallies].columns, width,
		             cells, t->rows.count };

	if (t != &x->tallies[SIZES] && t->rows.count)
		qsort(t->rows.entries, t->rows.count, sizeof(struct map_entry),
		      name_order);
	for (i = 0; i < t->rows.count; i++, cells += width) {
		struct slice name =
		        arena_copy(&x->arena, t->rows.entries[i].key);
		const int64_t *numbers = t->rows.entries[i].pointer;

		tab = t->names == 2 ? slice_find(name, '\t') : name.len;
		cells[0] = CELL(slice_cut(name, 0, tab));
		if (t->names == 2)
			cells[1] = CELL(slice_cut(name, tab + 1, name.len));
		for (j = 0; j < t->numbers; j++)
			cells[t->names + j] = CELL_NUMBER(numbers[j]);
	}
	return out;
}

static int cluster_order(const void *a, const void *b)
{
	const struct seen_cluster *x = a, *y = b;

	if (x->members != y->members)
		return x->members < y->members ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

/* Those with two members or more that the reader sees, largest first. */
static struct seen_cluster *seen_clusters(struct survey *x, size_t *count)
{
	struct seen_cluster *out =
	        arena_array(&x->arena, x->clusters.count, sizeof(*out));
	size_t i;

	*count = 0;
	for (i = 0; i < x->clusters.count; i++) {
		const struct map_entry *e = &x->clusters.entries[i];

		if (e->number < 2)
			continue;
		memcpy(&out[*count].id, e->key.at, sizeof(int64_t));
		out[(*count)++].members = e->number;
	}
	if (*count)
		qsort(out, *count, sizeof(*out), cluster_order);
	return out;
}

static struct table twins_table(struct survey *x,
                                const struct seen_cluster *all, size_t count)
{
	static const char *const columns[] = { "near-duplicates", "posts" };
	struct cell *cells = arena_array(&x->arena, 10, sizeof(*cells));
	int64_t members = 0;
	size_t i;

	for (i = 0; i < count; i++)
		members += all[i].members;
	cells[0] = CELL(SLICE("all posts"));
	cells[1] = CELL_NUMBER(x->posts);
	cells[2] = CELL(SLICE("compared"));
	cells[3] = CELL_NUMBER(x->sketched);
	cells[4] = CELL(SLICE("in clusters"));
	cells[5] = CELL_NUMBER(members);
	cells[6] = CELL(SLICE("clusters"));
	cells[7] = CELL_NUMBER((int64_t)count);
	cells[8] = CELL(SLICE("to be spared"));
	cells[9] = CELL_NUMBER(members - (int64_t)count);
	return (struct table){ "twins", columns, 2, cells, 5 };
}

/* From the largest size down. */
static struct table sizes_table(struct survey *x,
                                const struct seen_cluster *all, size_t count)
{
	static const char *const columns[] = { "members", "clusters" };
	struct cell *cells = arena_array(&x->arena, 2 * count, sizeof(*cells));
	struct table out = { "clusters", columns, 2, cells, 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		if (!i || all[i].members != all[i - 1].members) {
			cells[2 * out.height] = CELL_NUMBER(all[i].members);
			cells[2 * out.height + 1] = CELL_NUMBER(0);
			out.height++;
		}
		cells[2 * out.height - 1].number++;
	}
	return out;
}

static struct slice member_id(struct survey *x, const struct twin *t)
{
	struct identity id = { .space = t->space, .native = t->native };
	struct buf text = BUF_INIT(LIMIT_ROW);
	struct slice out;

	identity_write(&text, &id);
	out = arena_copy(&x->arena, buf_slice(&text));
	buf_release(&text);
	return out;
}

static bool largest_table(struct survey *x, struct store *s,
                          const struct reader *r,
                          const struct seen_cluster *all, size_t count,
                          struct table *out, struct fault *f)
{
	static const char *const columns[] = { "cluster", "members", "shingles",
		                               "id", "link" };
	struct cell *cells =
	        arena_array(&x->arena, 5 * MEMBERS * count, sizeof(*cells));
	size_t i, j, n;

	*out = (struct table){ "largest", columns, 5, cells, 0 };
	for (i = 0; i < count; i++) {
		struct twin *members;

		if (!twins_members(s, r, all[i].id, MEMBERS, &x->arena,
		                   &members, &n, f))
			return false;
		for (j = 0; j < n; j++, cells += 5, out->height++) {
			cells[0] = CELL_NUMBER((int64_t)i + 1);
			cells[1] = CELL_NUMBER(all[i].members);
			cells[2] = CELL_NUMBER(members[j].shingles);
			cells[3] = CELL(member_id(x, &members[j]));
			cells[4] = CELL(members[j].link);
		}
	}
	return true;
}

static void write_text(const struct table *t, size_t count, struct buf *out)
{
	size_t i;

	for (i = 0; i < count; i++) {
		buf_addf(out, "%s== %s\n", i ? "\n" : "", t[i].title);
		table_write(&t[i], TABLE_TEXT, out);
	}
}

static void write_csv(struct survey *x, const struct table *t, size_t count,
                      struct buf *out)
{
	static const char *const columns[] = { "table", "row", "column",
		                               "value" };
	size_t i, j, all = 0;
	struct table list = { "kb", columns, 4, NULL, 0 };
	struct cell *cells;

	for (i = 0; i < count; i++)
		all += t[i].width * t[i].height;
	list.cells = cells = arena_array(&x->arena, 4 * all, sizeof(*cells));
	list.height = all;
	for (i = 0; i < count; i++)
		for (j = 0; j < t[i].width * t[i].height; j++, cells += 4) {
			cells[0] = CELL(slice_of(t[i].title));
			cells[1] = CELL_NUMBER((int64_t)(j / t[i].width) + 1);
			cells[2] = CELL(slice_of(t[i].columns[j % t[i].width]));
			cells[3] = t[i].cells[j];
		}
	table_write(&list, TABLE_CSV, out);
}

static void write_json(const struct table *t, size_t count, struct buf *out)
{
	struct json_out o;
	size_t i;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	for (i = 0; i < count; i++)
		table_rows(&t[i], &o);
	json_close(&o, '}');
	buf_byte(out, '\n');
}

static bool survey_read(struct survey *x, struct store *s,
                        const struct reader *r, struct slice space, size_t top,
                        struct table t[TABLES], struct fault *f)
{
	struct seen_cluster *all;
	size_t count, i;

	if (!survey_posts(s, r, space, survey_post, x, f) ||
	    !survey_aliases(s, r, space, survey_alias, x, f))
		return false;
	all = seen_clusters(x, &count);
	for (i = 0; i < ALIASES; i++)
		t[i] = tally_table(x, &x->tallies[i]);
	t[5] = twins_table(x, all, count);
	t[6] = sizes_table(x, all, count);
	t[8] = tally_table(x, &x->tallies[ALIASES]);
	return largest_table(x, s, r, all, count < top ? count : top, &t[7], f);
}

bool stats_kb(struct store *s, const struct reader *r, struct slice space,
              size_t top, enum table_form form, struct buf *out,
              struct fault *f)
{
	struct survey x = { .clusters = MAP_INIT, .name = BUF_INIT(LIMIT_ROW) };
	struct table t[TABLES];
	size_t i;
	bool ok;

	for (i = 0; i < TALLIES; i++)
		x.tallies[i] = tallies[i];
	/* All sizes are shown, in this order. */
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		tally_row(&x, SIZES, slice_of(sizes[i].name), SLICE(""));
	ok = survey_read(&x, s, r, space, top, t, f);
	if (ok && form == TABLE_CSV)
		write_csv(&x, t, TABLES, out);
	else if (ok && form == TABLE_JSON)
		write_json(t, TABLES, out);
	else if (ok)
		write_text(t, TABLES, out);
	for (i = 0; i < TALLIES; i++)
		map_release(&x.tallies[i].rows);
	map_release(&x.clusters);
	buf_release(&x.name);
	arena_release(&x.arena);
	return ok;
}
