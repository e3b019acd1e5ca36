/* Opening a generation and lending what it holds. A reader that finds a file
 * missing may have been overtaken by a writer that published twice since: it
 * looks at the folder again, some times. */

#include "kb/index.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "kb/index_file.h"
#include "kb/overlay.h"

enum {
	INDEX_TRIES = 20,
	SETTLE_MILLISECONDS = 200,
	LISTED_MILLISECONDS = 300,
};

struct glance {
	_Atomic uint64_t folder; /* its inode */
	_Atomic uint64_t top;    /* the highest manifest, intact or not */
	_Atomic int64_t settled; /* when it changed; 0: not known */
	_Atomic int64_t listed;  /* when it was listed last */
};

void index_close(struct index *x)
{
	if (!x)
		return;
	while (x->opened)
		segment_close(x->segments[--x->opened]);
	arena_release(&x->arena);
	free(x->glance);
	free(x);
}

/* The place of a segment in `old`, if the same file is open there. */
static bool shared_at(const struct index *old, const struct manifest_segment *m,
                      size_t *at)
{
	size_t i;

	for (i = 0; old && i < old->opened; i++) {
		const struct manifest_segment *o = &old->manifest.segments[i];

		if (o->number != m->number)
			continue;
		*at = i;
		return o->hash == m->hash && o->bytes == m->bytes &&
		       o->count == m->count && slice_eq(o->label, m->label);
	}
	return false;
}

static bool load_body(struct index *x, const char *folder,
                      const struct manifest_segment *m, struct fault *f)
{
	char *path = segment_path(folder, m->number);
	struct segment *s;
	bool ok = segment_open(&s, path, f);

	if (ok) {
		x->segments[x->opened++] = s;
		ok = (s->hash == m->hash && s->len == m->bytes &&
		      s->count == m->count && slice_eq(s->label, m->label)) ||
		     segment_damaged(s, "another segment", f);
		/* What a power cut spoiled must not pass for a generation. */
		ok = ok && (!m->fresh || segment_touch(s, 0, s->checks, f));
	}
	free(path);
	return ok;
}

static bool load_overlay(struct segment *s, const char *folder,
                         const struct manifest_segment *m, bool dead,
                         bool scores, struct fault *f)
{
	char *name = dead_path(folder, m->number, m->dead_generation);
	char *beside = scores_path(folder, m->number, m->score_generation);
	bool ok = (!dead || dead_open(s, name, m->dead_hash, f)) &&
	          (!scores || scores_open(s, beside, m->score_hash, f));

	free(name);
	free(beside);
	return ok;
}

/* Opens segment `i` with what this generation lays over it. */
static bool load_segment(struct index *x, const char *folder, size_t i,
                         const struct index *old, struct fault *f)
{
	const struct manifest_segment *m = &x->manifest.segments[i];
	bool dead = m->dead_generation != 0, scores = true;
	struct segment *s;
	size_t at;

	if (!shared_at(old, m, &at)) {
		if (!load_body(x, folder, m, f))
			return false;
	} else {
		const struct manifest_segment *o = &old->manifest.segments[at];

		s = x->segments[x->opened++] = segment_share(old->segments[at]);
		if (dead && o->dead_generation == m->dead_generation &&
		    o->dead_hash == m->dead_hash) {
			dead_share(s, old->segments[at]);
			dead = false;
		}
		if (o->score_generation == m->score_generation &&
		    o->score_hash == m->score_hash) {
			scores_share(s, old->segments[at]);
			scores = false;
		}
	}
	s = x->segments[x->opened - 1];
	return load_overlay(s, folder, m, dead, scores, f) &&
	       (s->over.dead_count == m->dead ||
	        segment_damaged(s, "another segment", f));
}

bool index_load(struct index **out, const char *folder, uint64_t generation,
                const struct index *old, struct fault *f)
{
	struct index *x = memory_new(1, sizeof(*x));
	size_t i;

	x->glance = memory_new(1, sizeof(*x->glance));
	if (!manifest_read(&x->manifest, folder, generation, &x->arena, f))
		goto out;
	x->segments = arena_array(&x->arena, x->manifest.count,
	                          sizeof(struct segment *));
	for (i = 0; i < x->manifest.count; i++)
		if (!load_segment(x, folder, i, old, f))
			goto out;
	*out = x;
	return true;
out:
	index_close(x);
	return false;
}

/* What was seen of the folder when it was last looked at. */
static void glance_note(const struct index *x, uint64_t folder, uint64_t top)
{
	atomic_store_explicit(&x->glance->folder, folder, memory_order_relaxed);
	atomic_store_explicit(&x->glance->top, top, memory_order_relaxed);
}

/* One look at the folder; the fault is the newest generation's. *out is NULL
 * when that is `old`. */
static bool index_try(struct index **out, const char *folder,
                      const struct index *old, bool *gone, struct fault *f)
{
	struct stat st = { .st_ino = 0 };
	uint64_t *generations;
	struct fault why;
	size_t n, i;
	bool ok = false;

	*gone = false;
	*out = NULL;
	if (stat(folder, &st))
		return fault_errno(f, folder, "open");
	if (!manifest_list(folder, &generations, &n, f))
		return false;
	if (!n)
		fault(f, FAULT_GONE, "index-gone", "there is no manifest");
	for (i = 0; i < n && !ok; i++) {
		ok = index_load(out, folder, generations[i], old, &why);
		if (ok)
			break;
		if (!i)
			*f = why;
		*gone |= why.kind == FAULT_GONE;
		if (why.kind == FAULT_INPUT &&
		    !strcmp(why.code, "index-future"))
			break;
	}
	if (ok && old && (*out)->manifest.hash == old->manifest.hash) {
		glance_note(old, st.st_ino, generations[0]);
		index_close(*out);
		*out = NULL;
	} else if (ok) {
		glance_note(*out, st.st_ino, generations[0]);
	}
	free(generations);
	return ok;
}

bool index_reopen(struct index **out, const struct index *old,
                  const char *folder, struct fault *f)
{
	bool gone = true;
	int i;

	for (i = 0; i < INDEX_TRIES && gone; i++)
		if (index_try(out, folder, old, &gone, f))
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

bool index_open(struct index **out, const char *folder, struct fault *f)
{
	return index_reopen(out, NULL, folder, f);
}

/* Whether the generation after the newest seen is there. Numbers go up by one,
 * and a generation stays for a while after the next one has come. */
static bool next_is_there(const struct index *x, const char *folder)
{
	uint64_t top =
	        atomic_load_explicit(&x->glance->top, memory_order_relaxed);
	char *path = manifest_path(folder, top + 1);
	bool is = !access(path, F_OK);

	free(path);
	return is;
}

/* Whether the highest number is another one. */
static bool top_moved(const struct index *x, const char *folder)
{
	uint64_t *generations = NULL, top;
	struct fault ignored;
	size_t n;

	if (!manifest_list(folder, &generations, &n, &ignored))
		return false;
	top = n ? generations[0] : 0;
	free(generations);
	return top && top != atomic_load_explicit(&x->glance->top,
	                                          memory_order_relaxed);
}

/* A folder's time of change has steps of some milliseconds: two changes within
 * one step look like one, so that it says nothing until it lies well back.
 * Until then the folder is listed from time to time only. */
bool index_moved(const struct index *x, const char *folder, int64_t now)
{
	struct glance *g = x->glance;
	int64_t moved, listed;
	struct stat st;

	if (stat(folder, &st))
		return false;
	moved = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	if (atomic_load_explicit(&g->settled, memory_order_relaxed) == moved)
		return false;
	if (st.st_ino != atomic_load_explicit(&g->folder, memory_order_relaxed))
		return true;
	listed = atomic_load_explicit(&g->listed, memory_order_relaxed);
	if (now >= listed && now - listed < LISTED_MILLISECONDS)
		return next_is_there(x, folder);
	if (top_moved(x, folder))
		return true;
	atomic_store_explicit(&g->listed, now, memory_order_relaxed);
	if (now - moved / 1000000 > SETTLE_MILLISECONDS)
		atomic_store_explicit(&g->settled, moved, memory_order_relaxed);
	return false;
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

static uint64_t map_bytes(const struct shared_map *m)
{
	return m ? m->file.len : 0;
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
		for (j = SECTION_OPTIONAL; j < SECTION_OPTIONAL_END; j++) {
			uint64_t bytes =
			        optional_part(s, (enum section)j)->bytes;

			if (bytes)
				size_add(out, &n, room,
				         section_name((enum section)j), bytes);
			rest -= bytes;
		}
		size_add(out, &n, room, "maxima", maxima);
		size_add(out, &n, room, "checksums", rest);
		size_add(out, &n, room, "scores", map_bytes(s->score_map));
		size_add(out, &n, room, "tombstones", map_bytes(s->dead_map));
	}
	if (n)
		qsort(out, n, sizeof(*out), size_order);
	return n;
}
