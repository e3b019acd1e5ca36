/* Opening a generation and lending what it holds. A reader that finds a file
 * missing may have been overtaken by a writer that published twice since: it
 * looks at the folder again, some times. */

#include "kb/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/index_file.h"
#include "kb/overlay.h"

enum { INDEX_TRIES = 20 };

void index_close(struct index *x)
{
	if (!x)
		return;
	while (x->opened)
		segment_close(x->segments[--x->opened]);
	arena_release(&x->arena);
	free(x);
}

/* Opens segment `i` with what this generation lays over it. */
static bool load_segment(struct index *x, const char *folder, size_t i,
                         struct fault *f)
{
	const struct manifest_segment *m = &x->manifest.segments[i];
	char *path = segment_path(folder, m->number);
	char *dead = dead_path(folder, m->number, m->dead_generation);
	char *scores = scores_path(folder, m->number, m->score_generation);
	struct segment *s;
	bool ok = segment_open(&s, path, f);

	if (ok) {
		x->segments[x->opened++] = s;
		ok = (!m->dead_generation ||
		      dead_open(s, dead, m->dead_hash, f)) &&
		     scores_open(s, scores, m->score_hash, f);
		if (ok &&
		    (s->hash != m->hash || s->len != m->bytes ||
		     s->count != m->count || s->over.dead_count != m->dead ||
		     !slice_eq(s->label, m->label)))
			ok = segment_damaged(s, "another segment", f);
	}
	free(path);
	free(dead);
	free(scores);
	return ok;
}

bool index_load(struct index **out, const char *folder, uint64_t generation,
                struct fault *f)
{
	struct index *x = memory_new(1, sizeof(*x));
	size_t i;

	if (!manifest_read(&x->manifest, folder, generation, &x->arena, f))
		goto out;
	x->segments = arena_array(&x->arena, x->manifest.count,
	                          sizeof(struct segment *));
	for (i = 0; i < x->manifest.count; i++)
		if (!load_segment(x, folder, i, f))
			goto out;
	*out = x;
	return true;
out:
	index_close(x);
	return false;
}

/* One look at the folder; the fault is the newest generation's. */
static bool index_try(struct index **out, const char *folder, bool *gone,
                      struct fault *f)
{
	uint64_t *generations;
	struct fault why;
	size_t n, i;
	bool ok = false;

	*gone = false;
	if (!manifest_list(folder, &generations, &n, f))
		return false;
	if (!n)
		fault(f, FAULT_GONE, "index-gone", "there is no manifest");
	for (i = 0; i < n && !ok; i++) {
		ok = index_load(out, folder, generations[i], &why);
		if (ok)
			break;
		if (!i)
			*f = why;
		*gone |= why.kind == FAULT_GONE;
		if (why.kind == FAULT_INPUT &&
		    !strcmp(why.code, "index-future"))
			break;
	}
	free(generations);
	return ok;
}

bool index_open(struct index **out, const char *folder, struct fault *f)
{
	bool gone = true;
	int i;

	for (i = 0; i < INDEX_TRIES && gone; i++)
		if (index_try(out, folder, &gone, f))
			return true;
	if (f->kind != FAULT_GONE)
		return false;
	if (gone)
		fault(f, FAULT_INPUT, "index-damaged",
		      "the manifest names a file that is not there");
	else
		fault(f, FAULT_GONE, "index-gone",
		      "there is no index: make it with 'opslore index'");
	return fault_at(f, folder, 0);
}

bool index_reopen(struct index **out, const struct index *old,
                  const char *folder, struct fault *f)
{
	struct index *x;

	*out = NULL;
	if (!index_open(&x, folder, f))
		return false;
	if (x->manifest.facts.generation == old->manifest.facts.generation)
		index_close(x);
	else
		*out = x;
	return true;
}

const struct index_facts *index_facts(const struct index *x)
{
	return &x->manifest.facts;
}

size_t index_segment_count(const struct index *x)
{
	return x->opened;
}

const struct segment *index_segment(const struct index *x, size_t i)
{
	return x->segments[i];
}

static void size_add(struct index_size *out, size_t *n, size_t room,
                     const char *name, uint64_t bytes)
{
	size_t i;

	for (i = 0; i < *n && strcmp(out[i].section, name) != 0;)
		i++;
	if (i == room)
		return;
	if (i == *n)
		out[(*n)++] = (struct index_size){ .section = name };
	out[i].bytes += bytes;
}

static int size_order(const void *a, const void *b)
{
	const struct index_size *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->section, y->section);
}

size_t index_sizes(const struct index *x, struct index_size *out, size_t room)
{
	size_t n = 0, i;
	int j;

	for (i = 0; i < x->opened; i++) {
		const struct segment *s = x->segments[i];
		uint64_t rest = s->len, maxima = segment_maxima(s);

		for (j = 0; j < SECTION_COUNT; j++) {
			if (!section_name((enum section)j))
				continue;
			size_add(out, &n, room, section_name((enum section)j),
			         s->parts[j].bytes -
			                 (j == SECTION_POSTINGS ? maxima : 0));
			rest -= s->parts[j].bytes;
		}
		size_add(out, &n, room, "maxima", maxima);
		size_add(out, &n, room, "checksums", rest);
		size_add(out, &n, room, "scores", s->score_map.len);
		size_add(out, &n, room, "tombstones", s->dead_map.len);
	}
	if (n)
		qsort(out, n, sizeof(*out), size_order);
	return n;
}
