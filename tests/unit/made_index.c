/* Passages are tallied as they come and taken over by the builder of their
 * segment, which is written once no more follow; a manifest then names all
 * that was written, as one more generation. */

#include "tests/unit/made_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "kb/builder.h"
#include "kb/forward.h"
#include "kb/manifest.h"
#include "kb/overlay.h"
#include "kb/tally.h"

enum { FLUSH = 1 << 16 }; /* postings of a tally */

struct made {
	char *folder;
	struct analyzer *analyzer;
	struct index *index;
	struct manifest manifest;
	size_t room;              /* of its segments */
	struct arena arena, rows; /* rows: until the tally is taken over */
	struct tally tally;
	struct builder *builder; /* of the segment under way, or NULL */
	bool *dead;
	size_t count, dead_room;
	enum field field; /* while a text is read */
	struct forward_gauge gauge;
	bool no_forward;
};

static void must(bool done, const struct fault *f)
{
	if (done)
		return;
	fprintf(stderr, "made index: %s: %s\n", f->subject, f->text);
	abort();
}

void made_open(struct made **out, const char *line)
{
	static const char name[] = "test-index-XXXXXX";
	struct made *x = memory_new(1, sizeof(*x));
	struct fault f;

	must(analyzer_new(&x->analyzer, slice_of(line), &f), &f);
	x->folder = memory_copy(name, sizeof(name) - 1);
	must(mkdtemp(x->folder) != NULL || fault_errno(&f, name, "make"), &f);
	x->manifest.facts.store_uuid = SLICE("made");
	x->manifest.facts.analyzer = analyzer_line(x->analyzer);
	x->manifest.facts.weights = (struct index_weights){
		.k1 = 1.2,
		.b = 0.75,
		.field = { 2, 1, 1, 1 },
		.body = { 1, 1, 1, 1 },
		.average = { 5, 2, 1, 20 },
		.votes = 0.1,
		.accepted = 0.2,
	};
	*out = x;
}

static void made_remove(char *path)
{
	unlink(path);
	free(path);
}

void made_close(struct made *x)
{
	struct manifest *m = &x->manifest;
	uint64_t g;
	size_t i;

	index_close(x->index);
	for (i = 0; i < m->count; i++) {
		made_remove(segment_path(x->folder, m->segments[i].number));
		made_remove(dead_path(x->folder, m->segments[i].number, 1));
		made_remove(scores_path(x->folder, m->segments[i].number, 1));
	}
	for (g = 1; g <= m->facts.generation; g++)
		made_remove(manifest_path(x->folder, g));
	rmdir(x->folder);
	builder_free(x->builder);
	tally_release(&x->tally);
	analyzer_free(x->analyzer);
	arena_release(&x->arena);
	arena_release(&x->rows);
	free(m->segments);
	free(x->dead);
	free(x->folder);
	free(x);
}

struct analyzer *made_analyzer(struct made *x)
{
	return x->analyzer;
}

struct index_weights *made_weights(struct made *x)
{
	return &x->manifest.facts.weights;
}

const char *made_folder(const struct made *x)
{
	return x->folder;
}

/* The builder takes the tally over. */
static void made_flush(struct made *x)
{
	tally_sort(&x->tally);
	builder_add(x->builder, &x->tally);
	tally_reset(&x->tally);
	arena_reset(&x->rows);
}

/* The file that says which passages of a written segment are dead. */
static void made_tombstones(struct made *x, struct manifest_segment *m,
                            const char *path)
{
	char *dead = dead_path(x->folder, m->number, 1);
	size_t words = (x->count + 63) / 64, i;
	unsigned char *bits = memory_new(words, 8);
	struct overlay over = { .dead = bits };
	uint32_t lengths[FIELD_COUNT];
	struct segment *s;
	struct fault f;
	int j;

	must(segment_open(&s, path, &f), &f);
	for (i = 0; i < x->count; i++) {
		if (!x->dead[i])
			continue;
		bits[i / 8] |= (unsigned char)(1U << i % 8);
		over.dead_count++;
		must(segment_lengths(s, (uint32_t)i, lengths, &f), &f);
		for (j = 0; j < FIELD_COUNT; j++)
			over.dead_sums[j] += lengths[j];
	}
	m->dead = over.dead_count;
	m->dead_generation = m->dead ? 1 : 0;
	if (m->dead)
		must(dead_write(dead, s, &over, true, &m->dead_hash, &f), &f);
	segment_close(s);
	free(bits);
	free(dead);
}

/* Writes the segment under way. */
static void made_write(struct made *x)
{
	struct manifest *all = &x->manifest;
	struct manifest_segment *m;
	struct written written = { 0 };
	struct fault f;
	char *path, *scores;

	made_flush(x);
	all->segments = memory_room(all->segments, all->count, &x->room,
	                            sizeof(*all->segments));
	m = &all->segments[all->count++];
	*m = (struct manifest_segment){
		.number = all->count,
		.count = builder_count(x->builder),
		.score_generation = 1,
		.label = arena_copy(&x->arena, builder_label(x->builder)),
	};
	path = segment_path(x->folder, m->number);
	scores = scores_path(x->folder, m->number, 1);
	must(builder_write(x->builder, path, &all->facts.weights, &written, &f),
	     &f);
	m->bytes = written.bytes;
	m->hash = written.hash;
	must(scores_write(scores, m->hash, builder_scores(x->builder), m->count,
	                  true, &m->score_hash, &f),
	     &f);
	made_tombstones(x, m, path);
	builder_free(x->builder);
	x->builder = NULL;
	free(path);
	free(scores);
}

void made_forward(struct made *x, bool forward)
{
	x->no_forward = !forward;
}

void made_segment(struct made *x, const char *label)
{
	if (x->builder)
		made_write(x);
	x->builder =
	        builder_new(slice_of(label), x->no_forward ? NULL : x->folder);
	x->count = 0;
}

/* The words of a text, each as a slice. */
static const struct slice *made_words(struct made *x, const char *text,
                                      size_t *count)
{
	struct slice left = slice_of(text);
	struct slice *words =
	        arena_array(&x->rows, left.len / 2 + 1, sizeof(*words));

	for (*count = 0; left.len;) {
		size_t len = slice_find(left, ' ');

		words[(*count)++] =
		        arena_copy(&x->rows, slice_cut(left, 0, len));
		left = slice_cut(left, len + 1, left.len);
	}
	return words;
}

/* A store keeps services in one line: "EC2, S3". */
static struct slice made_services(struct made *x, const char *text)
{
	struct buf line = BUF_INIT(1 << 16);
	struct slice kept;
	size_t i, count;
	const struct slice *words = made_words(x, text, &count);

	for (i = 0; i < count; i++) {
		if (i)
			buf_add(&line, SLICE(", "));
		buf_add(&line, words[i]);
	}
	kept = arena_copy(&x->rows, buf_slice(&line));
	buf_release(&line);
	return kept;
}

static struct slice made_text(struct made *x, const char *text)
{
	return arena_copy(&x->rows, slice_of(text));
}

static void made_row(struct made *x, const struct made_passage *p)
{
	struct post_row *post = arena_new(&x->rows, sizeof(*post));
	struct passage *passage = arena_new(&x->rows, sizeof(*passage));

	*post = (struct post_row){
		.id = p->post,
		.access = builder_label(x->builder),
		.space = made_text(x, p->space),
		.kind = made_text(x, p->post_kind),
		.language = made_text(x, p->language),
		.class = made_text(x, p->class),
		.services = made_services(x, p->service),
	};
	post->tags = made_words(x, p->tags, &post->tag_count);
	*passage = (struct passage){
		.post = p->post,
		.part = p->part,
		.kind = p->kind,
		.score = p->score,
		.modified = p->modified ? p->modified : CLOCK_NONE,
		.changed = 1,
	};
	tally_passage(&x->tally, post, passage);
}

static bool made_token(void *self, const struct token *t)
{
	struct made *x = self;
	uint32_t term, step;

	term = tally_term(&x->tally, x->field, t->text,
	                  t->flags & TOKEN_BESIDE);
	if (forward_takes(&x->gauge, t, &step))
		tally_keep(&x->tally, x->field, term, step);
	return true;
}

static void made_field(struct made *x, enum field field, const char *text)
{
	x->field = field;
	x->gauge = (struct forward_gauge){ .full = x->no_forward };
	analyzer_run(x->analyzer, slice_of(text), made_token, x);
}

void made_add(struct made *x, const struct made_passage *p)
{
	if (x->tally.posting_count > FLUSH)
		made_flush(x);
	x->dead = memory_room(x->dead, x->count, &x->dead_room, sizeof(bool));
	x->dead[x->count++] = p->dead;
	made_row(x, p);
	made_field(x, FIELD_TITLE, p->title);
	made_field(x, FIELD_TAGS, p->tags);
	made_field(x, FIELD_HEADING, p->heading);
	made_field(x, FIELD_BODY, p->body);
}

void made_term(struct made *x, enum field field, struct slice term,
               uint32_t times)
{
	while (times--)
		tally_term(&x->tally, field, term, false);
}

static void made_publish(struct made *x)
{
	struct buf bytes = BUF_INIT(1 << 20);
	struct file_new file;
	struct fault f;
	char *path;

	x->manifest.next_segment = x->manifest.count + 1;
	x->manifest.facts.generation++;
	manifest_write(&x->manifest, &bytes);
	path = manifest_path(x->folder, x->manifest.facts.generation);
	must(file_start(&file, path, &f), &f);
	file_add(&file, buf_slice(&bytes));
	must(file_place(&file, &f), &f);
	buf_release(&bytes);
	free(path);
}

const struct index *made_index(struct made *x)
{
	struct fault f;

	if (x->builder)
		made_write(x);
	else if (x->index)
		return x->index;
	made_publish(x);
	index_close(x->index);
	must(index_open(&x->index, x->folder, &f), &f);
	return x->index;
}
