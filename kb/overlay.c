/* Both files: 64 bytes that say what they are, the numbers, a hash of all. */

#include "kb/overlay.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "kb/codec.h"

enum { OVERLAY_HEAD = 64, MAXIMUM_OF = 8, GROUP_OF = 512 };

static const char dead_magic[8] = { 'o', 'p', 's', 'l', 't', 'm', 'b', 1 };
static const char score_magic[8] = { 'o', 'p', 's', 'l', 's', 'c', 'r', 2 };

static void overlay_head(struct buf *b, const char magic[8], uint32_t count,
                         uint32_t number, uint64_t segment_hash)
{
	buf_add(b, (struct slice){ magic, 8 });
	put32(b, count);
	put32(b, number);
	put64(b, segment_hash);
}

static void pad(struct buf *b, size_t to)
{
	while (b->len % to)
		buf_byte(b, 0);
}

static bool overlay_write(const char *path, struct buf *b, bool sync,
                          uint64_t *hash, struct fault *f)
{
	struct file_new file;

	*hash = hash64(buf_slice(b));
	put64(b, *hash);
	if (!file_start(&file, path, f))
		return false;
	file.unsynced = !sync;
	file_add(&file, buf_slice(b));
	return file_place(&file, f);
}

static uint64_t dead_bytes(uint32_t count)
{
	return 8 * (((uint64_t)count + 63) / 64);
}

bool dead_write(const char *path, const struct segment *s,
                const struct overlay *over, bool sync, uint64_t *hash,
                struct fault *f)
{
	struct buf b = BUF_INIT(SIZE_MAX / 2);
	bool ok;
	int i;

	overlay_head(&b, dead_magic, s->count, over->dead_count, s->hash);
	for (i = 0; i < FIELD_COUNT; i++)
		put64(&b, over->dead_sums[i]);
	pad(&b, OVERLAY_HEAD);
	buf_add(&b, (struct slice){ (const char *)over->dead,
	                            dead_bytes(s->count) });
	ok = overlay_write(path, &b, sync, hash, f);
	buf_release(&b);
	return ok;
}

static void put_score(struct buf *b, int64_t score, uint32_t width)
{
	unsigned char bytes[8];

	store64(bytes, (uint64_t)score);
	buf_add(b, (struct slice){ (char *)bytes, width });
}

static uint32_t score_width(const int64_t *scores, uint32_t count)
{
	uint32_t i, width = 2;

	for (i = 0; i < count; i++) {
		if (scores[i] < INT32_MIN || scores[i] > INT32_MAX)
			return 8;
		if (scores[i] < INT16_MIN || scores[i] > INT16_MAX)
			width = 4;
	}
	return width;
}

/* The highest of every `of` numbers. */
static void put_maxima(struct buf *b, const int64_t *scores, uint32_t count,
                       uint32_t of, uint32_t width)
{
	uint32_t i, j;

	for (i = 0; i < count; i += of) {
		int64_t most = scores[i];

		for (j = i; j < count && j < i + of; j++)
			if (scores[j] > most)
				most = scores[j];
		put_score(b, most, width);
	}
	pad(b, 8);
}

bool scores_write(const char *path, uint64_t segment_hash,
                  const int64_t *scores, uint32_t count, bool sync,
                  uint64_t *hash, struct fault *f)
{
	struct buf b = BUF_INIT(SIZE_MAX / 2);
	uint32_t width = score_width(scores, count), i;
	bool ok;

	overlay_head(&b, score_magic, count, width, segment_hash);
	pad(&b, OVERLAY_HEAD);
	for (i = 0; i < count; i++)
		put_score(&b, scores[i], width);
	pad(&b, 8);
	put_maxima(&b, scores, count, MAXIMUM_OF, width);
	put_maxima(&b, scores, count, GROUP_OF, width);
	ok = overlay_write(path, &b, sync, hash, f);
	buf_release(&b);
	return ok;
}

static uint64_t round8(uint64_t n)
{
	return (n + 7) / 8 * 8;
}

/* Numbers that stand for `of` each. */
static uint64_t maxima_bytes(uint32_t count, uint32_t of, uint32_t width)
{
	return round8(((uint64_t)count + of - 1) / of * width);
}

static uint64_t score_bytes(uint32_t count, uint32_t width)
{
	return round8((uint64_t)count * width) +
	       maxima_bytes(count, MAXIMUM_OF, width) +
	       maxima_bytes(count, GROUP_OF, width);
}

/* Maps `path` and looks whether it is what the manifest and segment say. */
static bool overlay_open(struct shared_map **out, const struct segment *s,
                         const char *path, const char magic[8], uint64_t hash,
                         struct fault *f)
{
	struct file_map *m;
	size_t len;

	*out = memory_new(1, sizeof(**out));
	(*out)->users = 1;
	m = &(*out)->file;
	if (!file_map_open(m, path, f))
		return false;
	len = m->len;
	if (len < OVERLAY_HEAD + 8 || memcmp(m->at, magic, 8) ||
	    load64(m->at + len - 8) != hash ||
	    hash64((struct slice){ (const char *)m->at, len - 8 }) != hash ||
	    load32(m->at + 8) != s->count || load64(m->at + 16) != s->hash) {
		segment_damaged(s, "tombstones or scores", f);
		return fault_at(f, path, 0);
	}
	return true;
}

static void dead_lay(struct segment *s)
{
	const unsigned char *at = s->dead_map->file.at;
	int i;

	s->over.dead = at + OVERLAY_HEAD;
	s->over.dead_count = load32(at + 12);
	for (i = 0; i < FIELD_COUNT; i++)
		s->over.dead_sums[i] = load64(at + 24 + 8 * i);
}

bool dead_open(struct segment *s, const char *path, uint64_t hash,
               struct fault *f)
{
	const struct file_map *m;

	if (!overlay_open(&s->dead_map, s, path, dead_magic, hash, f))
		return false;
	m = &s->dead_map->file;
	if (m->len != OVERLAY_HEAD + dead_bytes(s->count) + 8 ||
	    load32(m->at + 12) > s->count)
		return segment_damaged(s, "tombstones", f);
	dead_lay(s);
	return true;
}

void dead_share(struct segment *s, const struct segment *from)
{
	s->dead_map = shared_map_use(from->dead_map);
	if (s->dead_map)
		dead_lay(s);
}

static void scores_lay(struct segment *s)
{
	const unsigned char *at = s->score_map->file.at;

	s->over.scores = at + OVERLAY_HEAD;
	s->over.score_width = load32(at + 12);
	s->over.octets = s->over.scores +
	                 round8((uint64_t)s->count * s->over.score_width);
	s->over.groups = s->over.octets + maxima_bytes(s->count, MAXIMUM_OF,
	                                               s->over.score_width);
}

bool scores_open(struct segment *s, const char *path, uint64_t hash,
                 struct fault *f)
{
	const struct file_map *m;
	uint32_t width;

	if (!overlay_open(&s->score_map, s, path, score_magic, hash, f))
		return false;
	m = &s->score_map->file;
	width = load32(m->at + 12);
	if ((width != 2 && width != 4 && width != 8) ||
	    m->len != OVERLAY_HEAD + score_bytes(s->count, width) + 8)
		return segment_damaged(s, "scores", f);
	scores_lay(s);
	return true;
}

void scores_share(struct segment *s, const struct segment *from)
{
	s->score_map = shared_map_use(from->score_map);
	if (s->score_map)
		scores_lay(s);
}

static bool dead_verify(const struct segment *s, struct fault *f)
{
	uint64_t sums[FIELD_COUNT] = { 0 }, room = 8 * dead_bytes(s->count), i;
	uint32_t lengths[FIELD_COUNT], n = 0;
	int j;

	for (i = 0; s->over.dead && i < room; i++) {
		if (!(s->over.dead[i / 8] >> i % 8 & 1))
			continue;
		if (i >= s->count)
			return segment_damaged(s, "tombstones", f);
		if (!segment_lengths(s, (uint32_t)i, lengths, f))
			return false;
		for (j = 0; j < FIELD_COUNT; j++)
			sums[j] += lengths[j];
		n++;
	}
	if (n != s->over.dead_count ||
	    memcmp(sums, s->over.dead_sums, sizeof(sums)) != 0)
		return segment_damaged(s, "tombstones", f);
	return true;
}

static bool maxima_verify(const struct segment *s, uint32_t of,
                          const unsigned char *maxima, struct fault *f)
{
	uint32_t i, j;

	for (i = 0; i < s->count; i += of) {
		int64_t most = segment_score(s, i);

		for (j = i; j < s->count && j < i + of; j++)
			if (segment_score(s, j) > most)
				most = segment_score(s, j);
		if (overlay_number(&s->over, maxima, i / of) != most)
			return segment_damaged(s, "scores", f);
	}
	return true;
}

bool overlay_verify(const struct segment *s, struct fault *f)
{
	return dead_verify(s, f) &&
	       (!s->over.scores ||
	        (maxima_verify(s, MAXIMUM_OF, s->over.octets, f) &&
	         maxima_verify(s, GROUP_OF, s->over.groups, f)));
}
