#ifndef KB_SEGMENT_WRITE_H
#define KB_SEGMENT_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/slice.h"
#include "kb/analyzer.h"
#include "kb/filter_write.h"
#include "kb/list_write.h"
#include "kb/scratch.h"
#include "kb/segment_file.h"

/*
 * Writes a segment file from beginning to end, streaming. The caller brings
 * everything in order:
 *
 *	segment_write_start(&w, path, label, passages, f);
 *	segment_write_norms(&w, weights, fn, self, f);
 *	for each term, ascending:
 *		segment_write_term(&w, term, df);
 *		df times: segment_write_posting(&w, doc, &tuple);
 *	for each column: segment_write_column(&w, SECTION_..., rows, ...);
 *	segment_write_strings(&w, strings, n);
 *	segment_write_end(&w, &written, f);
 *
 * The same calls give the same bytes. Until the end nothing is to be seen.
 */
struct segment_writer {
	struct file_new file;
	struct slice label;
	uint32_t count;
	uint64_t at; /* bytes written */
	struct buf page, checks;
	struct section_row {
		uint32_t kind, width;
		uint64_t offset, bytes, base;
	} table[SEGMENT_SECTIONS];
	uint32_t sections;
	uint64_t sums[FIELD_COUNT];
	unsigned char *classes; /* of length, a byte a passage */
	struct norms norms;
	struct maxima maxima;
	bool body_only, terms_done;
	uint64_t dense; /* dense lists */
	struct filter_writer filters;

	/* The term under way. */
	struct scratch dictionary, directory;
	struct list_writer list;
	uint64_t terms, postings, list_at;
	char term[TOKEN_MAX];
	size_t term_len, shared;
	uint32_t df, left;
};

struct written {
	bool unsynced; /* asked for by the caller: it syncs the file later */
	uint64_t bytes, hash;
};

/* `path` is copied, `label` borrowed until the end. */
MUST_USE
bool segment_write_start(struct segment_writer *w, const char *path,
                         struct slice label, uint32_t count, struct fault *f);

/* Throws away what was written. Also right after the end. */
void segment_write_drop(struct segment_writer *w);

/* Kind and lengths of a row. Asked for twice, each time from the first to the
 * last. */
typedef bool norm_fn(void *self, uint32_t row, enum passage_kind *kind,
                     uint32_t lengths[FIELD_COUNT], struct fault *f);

/* Before the first term: block maxima are made of lengths and weights. */
MUST_USE
bool segment_write_norms(struct segment_writer *w,
                         const struct index_weights *weights, norm_fn *fn,
                         void *self, struct fault *f);

void segment_write_term(struct segment_writer *w, struct slice term,
                        uint32_t df);
void segment_write_posting(struct segment_writer *w, uint32_t doc,
                           const struct tuple *t);

/* The number of a row. Asked for twice, each time from the first to the
 * last. */
typedef bool column_fn(void *self, uint32_t row, uint64_t *out,
                       struct fault *f);

MUST_USE
bool segment_write_column(struct segment_writer *w, enum section kind,
                          uint32_t rows, column_fn *fn, void *self,
                          struct fault *f);

/*
 * A section of bytes as they come, after the last term: started, filled, ended
 * with nothing else between.
 */
MUST_USE
bool segment_write_section(struct segment_writer *w, enum section kind,
                           struct fault *f);
void segment_write_bytes(struct segment_writer *w, struct slice bytes);
void segment_write_section_end(struct segment_writer *w);

/* In byte order, distinct. */
void segment_write_strings(struct segment_writer *w, const struct slice *at,
                           uint32_t n);

/* Syncs and renames the file; the folder is the caller's to sync. */
MUST_USE
bool segment_write_end(struct segment_writer *w, struct written *out,
                       struct fault *f);

#endif
