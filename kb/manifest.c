/* A small binary file that ends in its own hash, so that a torn or flipped one
 * is told from a good one by one comparison; the parser checks its bounds all
 * the same. */

#include "kb/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "kb/codec.h"
#include "kb/segment_file.h"

enum { MANIFEST_VERSION = 2, MANIFEST_ENTRY_MIN = 66, UUID_MAX = 64 };

static const char manifest_magic[8] = { 'o', 'p', 's', 'l', 'm', 'a', 'n', 1 };

static char *numbered_path(const char *folder, const char *what,
                           uint64_t number)
{
	size_t size = strlen(folder) + 64;
	char *out = memory_new(size, 1);

	snprintf(out, size, "%s/%s-%llu", folder, what,
	         (unsigned long long)number);
	return out;
}

char *manifest_path(const char *folder, uint64_t generation)
{
	return numbered_path(folder, "manifest", generation);
}

char *segment_path(const char *folder, uint64_t number)
{
	return numbered_path(folder, "segment", number);
}

static char *overlay_path(const char *folder, const char *what, uint64_t number,
                          uint64_t generation)
{
	size_t size = strlen(folder) + 96;
	char *out = memory_new(size, 1);

	snprintf(out, size, "%s/%s-%llu-%llu", folder, what,
	         (unsigned long long)number, (unsigned long long)generation);
	return out;
}

char *dead_path(const char *folder, uint64_t number, uint64_t generation)
{
	return overlay_path(folder, "tombstones", number, generation);
}

char *scores_path(const char *folder, uint64_t number, uint64_t generation)
{
	return overlay_path(folder, "scores", number, generation);
}

/* The sixteen numbers of the weights, in the file's order. */
static void weights_list(const struct index_weights *w, double out[16])
{
	int i;

	out[0] = w->k1;
	out[1] = w->b;
	for (i = 0; i < 4; i++) {
		out[2 + i] = w->field[i];
		out[6 + i] = w->body[i];
		out[10 + i] = w->average[i];
	}
	out[14] = w->votes;
	out[15] = w->accepted;
}

static void weights_take(struct index_weights *w, const double in[16])
{
	int i;

	w->k1 = in[0];
	w->b = in[1];
	for (i = 0; i < 4; i++) {
		w->field[i] = in[2 + i];
		w->body[i] = in[6 + i];
		w->average[i] = in[10 + i];
	}
	w->votes = in[14];
	w->accepted = in[15];
}

static void put_text(struct buf *b, struct slice text)
{
	buf_byte(b, (char)(unsigned char)text.len);
	buf_add(b, text);
}

static void write_segment(struct buf *b, const struct manifest_segment *s)
{
	put64(b, s->number);
	put64(b, s->bytes);
	put64(b, s->hash);
	put32(b, s->count);
	put32(b, s->dead);
	put64(b, s->dead_generation);
	put64(b, s->dead_hash);
	put64(b, s->score_generation);
	put64(b, s->score_hash);
	buf_byte(b, s->fresh);
	put_text(b, s->label);
}

void manifest_write(const struct manifest *m, struct buf *out)
{
	const struct index_facts *facts = &m->facts;
	size_t from = out->len, i;
	double weights[16];

	buf_add(out, (struct slice){ manifest_magic, 8 });
	put32(out, MANIFEST_VERSION);
	put64(out, facts->generation);
	put64(out, m->next_segment);
	put64(out, (uint64_t)facts->changed);
	put64(out, (uint64_t)facts->counted);
	put32(out, facts->analyzer_version);
	put32(out, facts->passage_version);
	weights_list(&facts->weights, weights);
	for (i = 0; i < 16; i++)
		put_double(out, weights[i]);
	put64(out, m->measured);
	buf_byte(out, m->unsynced);
	put_text(out, facts->store_uuid);
	buf_byte(out, (char)(unsigned char)facts->analyzer.len);
	buf_byte(out, (char)(unsigned char)(facts->analyzer.len >> 8));
	buf_add(out, facts->analyzer);
	put32(out, (uint32_t)m->count);
	for (i = 0; i < m->count; i++)
		write_segment(out, &m->segments[i]);
	put64(out, hash64(slice_cut(buf_slice(out), from, out->len)));
}

/* Reads on, and remembers when the bytes were not enough. */
struct taker {
	const unsigned char *at, *end;
	bool bad;
};

static const unsigned char *take(struct taker *t, size_t len)
{
	static const unsigned char zeros[8];
	const unsigned char *at = t->at;

	if (t->bad || (size_t)(t->end - t->at) < len) {
		t->bad = true;
		return zeros;
	}
	t->at += len;
	return at;
}

static uint32_t take32(struct taker *t)
{
	return load32(take(t, 4));
}

static uint64_t take64(struct taker *t)
{
	return load64(take(t, 8));
}

static bool take_flag(struct taker *t)
{
	unsigned n = *take(t, 1);

	t->bad |= n > 1;
	return n != 0;
}

static double take_double(struct taker *t)
{
	uint64_t bits = take64(t);
	double n;

	memcpy(&n, &bits, sizeof(n));
	return n;
}

static struct slice take_text(struct taker *t, size_t len, struct arena *a)
{
	const unsigned char *at = take(t, len);

	if (t->bad)
		return SLICE("");
	return arena_copy(a, (struct slice){ (const char *)at, len });
}

static void take_segment(struct taker *t, struct arena *a,
                         struct manifest_segment *s)
{
	s->number = take64(t);
	s->bytes = take64(t);
	s->hash = take64(t);
	s->count = take32(t);
	s->dead = take32(t);
	s->dead_generation = take64(t);
	s->dead_hash = take64(t);
	s->score_generation = take64(t);
	s->score_hash = take64(t);
	s->fresh = take_flag(t);
	s->label = take_text(t, *take(t, 1), a);
}

static void take_facts(struct taker *t, struct arena *a, struct manifest *m)
{
	double weights[16];
	uint32_t low;
	int i;

	m->facts.generation = take64(t);
	m->next_segment = take64(t);
	m->facts.changed = (int64_t)take64(t);
	m->facts.counted = (int64_t)take64(t);
	m->facts.analyzer_version = take32(t);
	m->facts.passage_version = take32(t);
	for (i = 0; i < 16; i++)
		weights[i] = take_double(t);
	weights_take(&m->facts.weights, weights);
	m->measured = take64(t);
	m->unsynced = take_flag(t);
	m->facts.store_uuid = take_text(t, *take(t, 1), a);
	low = *take(t, 1);
	m->facts.analyzer = take_text(t, low | (size_t)*take(t, 1) << 8, a);
}

static bool manifest_damaged(struct fault *f)
{
	return fault(f, FAULT_INPUT, "index-damaged",
	             "the index's manifest is damaged: rebuild it with "
	             "'opslore index --rebuild'");
}

bool manifest_parse(struct manifest *out, struct slice bytes, struct arena *a,
                    struct fault *f)
{
	struct taker t = { .at = (const unsigned char *)bytes.at };
	uint32_t version;
	size_t i;

	*out = (struct manifest){ 0 };
	if (bytes.len < 20 || memcmp(bytes.at, manifest_magic, 8) ||
	    hash64(slice_cut(bytes, 0, bytes.len - 8)) !=
	            load64(t.at + bytes.len - 8))
		return manifest_damaged(f);
	t.end = t.at + bytes.len - 8;
	out->hash = load64(t.end);
	take(&t, 8);
	version = take32(&t);
	if (version < MANIFEST_VERSION)
		return fault(f, FAULT_INPUT, "index-old",
		             "the index is of an older format: run 'opslore "
		             "index'");
	if (version > MANIFEST_VERSION)
		return fault(f, FAULT_INPUT, "index-future",
		             "the index was written by a newer opslore");
	take_facts(&t, a, out);
	out->count = take32(&t);
	if (t.bad || out->count > (size_t)(t.end - t.at) / MANIFEST_ENTRY_MIN)
		return manifest_damaged(f);
	out->segments = arena_array(a, out->count, sizeof(*out->segments));
	for (i = 0; i < out->count; i++)
		take_segment(&t, a, &out->segments[i]);
	return (!t.bad && t.at == t.end) || manifest_damaged(f);
}

/* "manifest-12": 12. False for any other name. */
static bool name_number(struct slice *name, const char *head, uint64_t *out)
{
	int64_t n;
	size_t end;

	if (!slice_starts(*name, slice_of(head)))
		return false;
	*name = slice_cut(*name, strlen(head), name->len);
	end = slice_find(*name, '-');
	if (!end || name->at[0] < '0' || name->at[0] > '9' ||
	    !slice_number(slice_cut(*name, 0, end), &n))
		return false;
	*name = slice_cut(*name, end, name->len);
	*out = (uint64_t)n;
	return true;
}

static int newest_first(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

bool manifest_list(const char *folder, uint64_t **out, size_t *count,
                   struct fault *f)
{
	DIR *dir = opendir(folder);
	uint64_t *at = NULL, n;
	struct dirent *e;
	size_t used = 0, cap = 0;

	if (!dir)
		return fault_errno(f, folder, "open");
	while ((e = readdir(dir)) != NULL) {
		struct slice name = slice_of(e->d_name);

		if (!name_number(&name, "manifest-", &n) || name.len)
			continue;
		at = memory_room(at, used, &cap, sizeof(*at));
		at[used++] = n;
	}
	closedir(dir);
	if (used)
		qsort(at, used, sizeof(*at), newest_first);
	*out = at;
	*count = used;
	return true;
}

bool manifest_read(struct manifest *out, const char *folder,
                   uint64_t generation, struct arena *a, struct fault *f)
{
	char *path = manifest_path(folder, generation), *bytes = NULL;
	size_t len;
	bool ok = false;

	if (!file_read(path, LIMIT_MANIFEST, &bytes, &len, f))
		goto out;
	if (!manifest_parse(out, (struct slice){ bytes, len }, a, f)) {
		fault_at(f, path, 0);
		goto out;
	}
	ok = out->facts.generation == generation ||
	     (manifest_damaged(f), fault_at(f, path, 0));
out:
	free(bytes);
	free(path);
	return ok;
}

/* Whether one of the manifests names this file. */
static bool named(const struct manifest *keep, size_t count, struct slice name)
{
	uint64_t number = 0, generation = 0;
	bool manifest, segment, dead, scores;
	size_t i, j;

	manifest = name_number(&name, "manifest-", &generation);
	segment = !manifest && name_number(&name, "segment-", &number);
	dead = !segment && name_number(&name, "tombstones-", &number);
	scores = !dead && name_number(&name, "scores-", &number);
	if (!manifest && !segment && !dead && !scores)
		return true; /* none of ours */
	if ((dead || scores) && !name_number(&name, "-", &generation))
		return false;
	for (i = 0; i < count; i++) {
		if (manifest && keep[i].facts.generation == generation)
			return true;
		for (j = 0; !manifest && j < keep[i].count; j++) {
			const struct manifest_segment *s = &keep[i].segments[j];

			if (s->number == number &&
			    (segment ||
			     (dead && s->dead_generation == generation) ||
			     (scores && s->score_generation == generation)))
				return true;
		}
	}
	return false;
}

bool manifest_sweep(const char *folder, const struct manifest *keep,
                    size_t keep_count, uint64_t *top, struct fault *f)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	bool ok = true;

	if (!dir)
		return fault_errno(f, folder, "open");
	*top = 0;
	while (ok && (e = readdir(dir)) != NULL) {
		struct slice name = slice_of(e->d_name);
		struct slice rest = name;
		uint64_t number;

		if (name_number(&rest, "segment-", &number) && number > *top)
			*top = number;
		if (named(keep, keep_count, name))
			continue;
		if (unlinkat(dirfd(dir), e->d_name, 0) && errno != ENOENT)
			ok = fault_errno(f, e->d_name, "remove");
	}
	closedir(dir);
	return ok;
}

typedef bool path_fn(const char *path, struct fault *f);

static bool each_path(char *path, path_fn *fn, struct fault *f)
{
	bool ok = fn(path, f);

	free(path);
	return ok;
}

static const struct manifest_segment *find(const struct manifest *m,
                                           uint64_t number)
{
	size_t i;

	for (i = 0; m && i < m->count; i++)
		if (m->segments[i].number == number)
			return &m->segments[i];
	return NULL;
}

/* The files that `m` names and `but` does not. */
static bool each_file(const char *folder, const struct manifest *m,
                      const struct manifest *but, path_fn *fn, struct fault *f)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		const struct manifest_segment *s = &m->segments[i];
		const struct manifest_segment *o = find(but, s->number);
		uint64_t dead = s->dead_generation, score = s->score_generation;

		if (!o && !each_path(segment_path(folder, s->number), fn, f))
			return false;
		if (dead && (!o || o->dead_generation != dead) &&
		    !each_path(dead_path(folder, s->number, dead), fn, f))
			return false;
		if ((!o || o->score_generation != score) &&
		    !each_path(scores_path(folder, s->number, score), fn, f))
			return false;
	}
	return each_path(manifest_path(folder, m->facts.generation), fn, f);
}

bool manifest_sync(const char *folder, const struct manifest *m,
                   const struct manifest *but, struct fault *f)
{
	return each_file(folder, m, but, file_sync, f) &&
	       folder_sync(folder, f);
}

static bool path_remove(const char *path, struct fault *f)
{
	return !unlink(path) || errno == ENOENT ||
	       fault_errno(f, path, "remove");
}

bool manifest_remove(const char *folder, const struct manifest *m,
                     const struct manifest *but, struct fault *f)
{
	return each_file(folder, m, but, path_remove, f);
}

bool manifest_mark(const char *folder, uint64_t was, uint64_t generation,
                   struct fault *f)
{
	char *old = numbered_path(folder, "synced", was);
	char *path = numbered_path(folder, "synced", generation);
	bool ok = was && !rename(old, path);
	int fd;

	if (!ok) {
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
		ok = fd >= 0 || fault_errno(f, path, "create");
		if (fd >= 0)
			close(fd);
		ok = ok && folder_sync(folder, f);
	}
	free(old);
	free(path);
	return ok;
}

bool manifest_marked(const char *folder, uint64_t *out, struct fault *f)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	uint64_t n;

	*out = 0;
	if (!dir)
		return fault_errno(f, folder, "open");
	while ((e = readdir(dir)) != NULL) {
		struct slice name = slice_of(e->d_name);

		if (name_number(&name, "synced-", &n) && !name.len && n > *out)
			*out = n;
	}
	closedir(dir);
	return true;
}

bool manifest_unmark(const char *folder, struct fault *f)
{
	uint64_t n;

	for (;;) {
		char *path;
		bool ok;

		if (!manifest_marked(folder, &n, f) || !n)
			return !n;
		path = numbered_path(folder, "synced", n);
		ok = path_remove(path, f);
		free(path);
		if (!ok)
			return false;
	}
}
