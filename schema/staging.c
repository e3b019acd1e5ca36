/*
 * A staged record: byte 2 (the version; in 1 there is no label); the numbers,
 * 8 bytes each, little endian, in the order of staging_numbers(); the texts,
 * each 8 bytes of length + 1 (0: missing) and the bytes; the tags, their number
 * in 8 bytes, then as texts; hash64() of all that in 8 bytes.
 */

#include "schema/staging.h"

#include "base/hash.h"
#include "base/limits.h"

enum { STAGING_VERSION = 2, STAGING_NUMBERS = 9, STAGING_TEXTS = 16 };

static void staging_texts(struct record *r, struct slice *to[STAGING_TEXTS])
{
	struct slice *all[STAGING_TEXTS] = {
		&r->id,      &r->parent,   &r->link,          &r->title,
		&r->content, &r->original, &r->original_type, &r->language,
		&r->class,   &r->services, &r->accepted,      &r->author_id,
		&r->author,  &r->licence,  &r->extra_kind,    &r->access,
	};

	memcpy(to, all, sizeof(all));
}

static void staging_put(struct buf *out, uint64_t n)
{
	int i;

	for (i = 0; i < 8; i++)
		buf_byte(out, (char)(unsigned char)(n >> (8 * i)));
}

static void staging_put_text(struct buf *out, struct slice s)
{
	staging_put(out, s.at || s.len ? s.len + 1 : 0);
	buf_add(out, s);
}

void staging_write(struct buf *out, const struct record *r)
{
	const int64_t numbers[STAGING_NUMBERS] = {
		r->kind,   r->score,    r->views,     r->created, r->modified,
		r->closed, r->revision, r->extractor, r->flags,
	};
	struct slice *texts[STAGING_TEXTS];
	struct record copy = *r;
	size_t i, from = out->len;

	staging_texts(&copy, texts);
	buf_byte(out, STAGING_VERSION);
	for (i = 0; i < STAGING_NUMBERS; i++)
		staging_put(out, (uint64_t)numbers[i]);
	for (i = 0; i < STAGING_TEXTS; i++)
		staging_put_text(out, *texts[i]);
	staging_put(out, r->tag_count);
	for (i = 0; i < r->tag_count; i++)
		staging_put_text(out, r->tags[i]);
	staging_put(out, hash64(slice_cut(buf_slice(out), from, out->len)));
}

static bool staging_get(struct slice *left, uint64_t *n)
{
	int i;

	if (left->len < 8)
		return false;
	*n = 0;
	for (i = 0; i < 8; i++)
		*n |= (uint64_t)(unsigned char)left->at[i] << (8 * i);
	*left = slice_cut(*left, 8, left->len);
	return true;
}

static bool staging_get_text(struct slice *left, struct arena *a,
                             struct slice *s)
{
	uint64_t len;

	if (!staging_get(left, &len))
		return false;
	*s = (struct slice){ 0 };
	if (len == 0)
		return true;
	if (len - 1 > left->len)
		return false;
	*s = arena_copy(a, slice_cut(*left, 0, (size_t)len - 1));
	*left = slice_cut(*left, (size_t)len - 1, left->len);
	return true;
}

static bool staging_numbers(struct slice *left, struct record *r)
{
	uint64_t n[STAGING_NUMBERS];
	size_t i;

	for (i = 0; i < STAGING_NUMBERS; i++)
		if (!staging_get(left, &n[i]))
			return false;
	if (n[0] > RECORD_EXTRA || n[7] > UINT32_MAX || n[8] > UINT32_MAX)
		return false;
	r->kind = (enum record_kind)n[0];
	r->score = (int64_t)n[1];
	r->views = (int64_t)n[2];
	r->created = (int64_t)n[3];
	r->modified = (int64_t)n[4];
	r->closed = (int64_t)n[5];
	r->revision = (int64_t)n[6];
	r->extractor = (uint32_t)n[7];
	r->flags = (unsigned)n[8];
	return true;
}

static bool staging_tags(struct slice *left, struct arena *a, struct record *r)
{
	struct slice *tags;
	uint64_t count;
	size_t i;

	if (!staging_get(left, &count) || count > LIMIT_TAGS)
		return false;
	tags = arena_array(a, (size_t)count, sizeof(*tags));
	for (i = 0; i < count; i++)
		if (!staging_get_text(left, a, &tags[i]))
			return false;
	r->tags = tags;
	r->tag_count = (size_t)count;
	return true;
}

static bool staging_fields(struct slice left, struct arena *a, struct record *r)
{
	struct slice *texts[STAGING_TEXTS];
	struct slice sum;
	uint64_t hash;
	size_t i, count = STAGING_TEXTS;

	if (left.len < 9 || left.at[0] < 1 || left.at[0] > STAGING_VERSION)
		return false;
	count -= left.at[0] == 1;
	sum = slice_cut(left, left.len - 8, left.len);
	left = slice_cut(left, 0, left.len - 8);
	if (!staging_get(&sum, &hash) || hash64(left) != hash)
		return false;
	left = slice_cut(left, 1, left.len);
	if (!staging_numbers(&left, r))
		return false;
	staging_texts(r, texts);
	for (i = 0; i < count; i++)
		if (!staging_get_text(&left, a, texts[i]))
			return false;
	return staging_tags(&left, a, r) && left.len == 0;
}

bool staging_read(struct slice bytes, struct arena *a, struct record *r,
                  struct fault *f)
{
	*r = (struct record){ 0 };
	return staging_fields(bytes, a, r) ||
	       fault(f, FAULT_INPUT, "row-damaged",
	             "a staged row is not what was written");
}
