#ifndef TESTS_INDEX_CONTENT_H
#define TESTS_INDEX_CONTENT_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "kb/dictionary.h"
#include "kb/forward.h"
#include "kb/forward_file.h"
#include "kb/index_file.h"
#include "kb/postings.h"

/*
 * What an index holds, whatever its segments are: every live passage with all
 * its columns and tokens, every posting with the (post, part) it belongs to, every term's
 * live frequency. Two indexes with the same content have the same sums.
 */
struct content {
	uint64_t passages, postings, sum;
};

static inline void content_add(struct content *c, struct buf *record)
{
	/* Order does not matter, number does. */
	c->sum += hash64(buf_slice(record));
	buf_reset(record);
}

static inline void content_string(struct buf *b, const struct segment *s,
                                  uint32_t number)
{
	buf_add(b, segment_string(s, number));
	buf_byte(b, 0);
}

static inline bool content_passage(const struct segment *s, uint32_t doc,
                                   struct buf *b, struct fault *f)
{
	uint32_t lengths[FIELD_COUNT], i;
	struct entry e;

	if (!segment_entry(s, doc, &e, f) ||
	    !segment_lengths(s, doc, lengths, f))
		return false;
	buf_add(b, segment_label(s));
	buf_addf(b, " %lld %lld %d %u %u %lld %lld %lld ", (long long)e.post,
	         (long long)e.part, e.kind, e.from, e.to, (long long)e.changed,
	         (long long)e.modified, (long long)segment_score(s, doc));
	for (i = 0; i < FIELD_COUNT; i++)
		buf_addf(b, "%u ", lengths[i]);
	content_string(b, s, e.space);
	content_string(b, s, e.post_kind);
	content_string(b, s, e.language);
	content_string(b, s, e.class);
	for (i = 0; i < e.tag_count; i++)
		content_string(b, s, segment_tag(s, e.first_tag + i));
	buf_byte(b, 1);
	for (i = 0; i < e.service_count; i++)
		content_string(b, s, segment_service(s, e.first_service + i));
	return true;
}

/* The hash of each term by its number in the forward file; free() it. */
static inline bool content_names(const struct segment *s, uint64_t **out,
                                 struct fault *f)
{
	struct term_walk w;
	uint32_t i, count = 0;

	*out = NULL;
	if (!forward_has(s))
		return true;
	if (!forward_words(s, &count, f))
		return false;
	*out = malloc(((size_t)count + 1) * sizeof(**out));
	for (i = 0; i < count; i++) {
		if (!forward_term(&w, s, i, f))
			return false;
		(*out)[i] = hash64(w.term);
	}
	return true;
}

/* The tokens in order, when they are kept. */
static inline bool content_tokens(const struct segment *s, uint32_t doc,
                                  const uint64_t *names,
                                  struct forward_passage *p, struct buf *b,
                                  struct fault *f)
{
	uint64_t pair[2];
	uint32_t i;

	if (!names)
		return true;
	if (!forward_read(s, doc, p, f))
		return false;
	for (i = 0; i < p->ends[FIELD_BODY]; i++) {
		pair[0] = names[p->tokens[i].number];
		pair[1] = p->tokens[i].position;
		buf_add(b, (struct slice){ (const char *)pair, sizeof(pair) });
	}
	for (i = 0; i < FIELD_COUNT; i++)
		buf_addf(b, " %u", p->ends[i]);
	return true;
}

static inline bool content_list(const struct segment *s, struct slice term,
                                struct content *c, struct buf *b,
                                struct fault *f)
{
	struct posting_cursor list;
	struct posting p;
	uint64_t post, part;
	uint32_t n = 0;
	bool found, more;

	if (!posting_open(&list, s, term, &found, f))
		return false;
	for (; found; n++) {
		if (!posting_next(&list, &p, &more, f))
			return false;
		if (!more)
			break;
		if (!column_read(s, SECTION_POST, p.doc, &post, f) ||
		    !column_read(s, SECTION_PART, p.doc, &part, f))
			return false;
		buf_add(b, term);
		buf_addf(b, " %lld %lld %u %u %u %u", (long long)post,
		         (long long)part, p.tf[0], p.tf[1], p.tf[2], p.tf[3]);
		content_add(c, b);
		c->postings++;
	}
	if (!found || n != list.live_df)
		c->sum += 12345;
	return true;
}

static inline bool content_read(const struct index *x, struct content *c,
                                struct fault *f)
{
	struct forward_passage p = { .room = 0 };
	struct buf b = BUF_INIT(1 << 20);
	uint64_t *names = NULL;
	struct term_walk w;
	uint32_t doc;
	bool more, ok = true;
	size_t i;

	*c = (struct content){ 0 };
	for (i = 0; ok && i < index_segment_count(x); i++) {
		const struct segment *s = index_segment(x, i);

		free(names);
		ok = content_names(s, &names, f);
		for (doc = 0; ok && doc < segment_count(s); doc++) {
			if (!segment_live(s, doc))
				continue;
			ok = content_passage(s, doc, &b, f) &&
			     content_tokens(s, doc, names, &p, &b, f);
			content_add(c, &b);
			c->passages++;
		}
		for (term_walk_start(&w, s); ok;) {
			ok = term_walk_next(&w, &more, f);
			if (!ok || !more)
				break;
			ok = content_list(s, w.term, c, &b, f);
		}
	}
	free(names);
	forward_release(&p);
	buf_release(&b);
	return ok;
}

/* The content of the folder's newest intact generation. */
static inline bool content_of(const char *folder, struct content *c,
                              struct fault *f)
{
	struct index *x;
	bool ok;

	if (!index_open(&x, folder, f))
		return false;
	ok = content_read(x, c, f);
	index_close(x);
	return ok;
}

static inline bool content_same(const struct content *a,
                                const struct content *b)
{
	return a->passages == b->passages && a->postings == b->postings &&
	       a->sum == b->sum;
}

/* Calls `fn` with the path of every file in the folder. */
static inline void folder_each(const char *folder,
                               void (*fn)(const char *folder, const char *name,
                                          void *self),
                               void *self)
{
	DIR *dir = opendir(folder);
	struct dirent *e;

	while (dir && (e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			fn(folder, e->d_name, self);
	if (dir)
		closedir(dir);
}

static inline void remove_one(const char *folder, const char *name, void *self)
{
	char path[1024];

	(void)self;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

static inline void folder_remove(const char *folder)
{
	folder_each(folder, remove_one, NULL);
	rmdir(folder);
}

static inline void copy_file(const char *from, const char *to)
{
	char *bytes;
	FILE *file;
	size_t len;
	struct fault f;

	if (!file_read(from, SIZE_MAX / 4, &bytes, &len, &f))
		return;
	file = fopen(to, "wb");
	if (file) {
		fwrite(bytes, 1, len, file);
		fclose(file);
	}
	free(bytes);
}

static inline void copy_one(const char *folder, const char *name, void *self)
{
	char from[1024], to[1024];

	snprintf(from, sizeof(from), "%s/%s", folder, name);
	snprintf(to, sizeof(to), "%s/%s", (const char *)self, name);
	copy_file(from, to);
}

static inline void folder_copy(const char *from, char *to)
{
	struct fault f;

	folder_remove(to);
	if (folder_make(to, &f))
		folder_each(from, copy_one, to);
}

static inline void count_finding(void *self, const struct fault *finding)
{
	(void)finding;
	++*(int *)self;
}

#endif
