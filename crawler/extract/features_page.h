#ifndef CRAWLER_EXTRACT_FEATURES_PAGE_H
#define CRAWLER_EXTRACT_FEATURES_PAGE_H

#include "crawler/extract/blocks.h"
#include "crawler/extract/lexicon.h"
#include "crawler/extract/marks.h"
#include "crawler/extract/page_signs.h"

/*
 * What is summed up and grouped over a whole page before any row of features
 * can be made. For features.c alone.
 */
enum { PAGE_COLUMNS = 39, TITLE_WORDS = 64 };

/* A number of things that are alike: sister elements of one signature, or the
 * blocks below one path of signatures. */
struct feature_group {
	uint32_t count;
	uint64_t words, linked;
};

struct feature_node {
	uint32_t group, index; /* among its like sisters, and which it is */
	uint32_t unit;         /* the element around it or itself of which
	                          there are the most words; or MARKUP_NONE */
	uint32_t small;        /* most sisters of few words, of one around */
	uint32_t path;         /* number of its path of signatures */
	float token, token_sum, token_max, token_min;
	double score; /* as a container */
};

struct features_page {
	uint32_t *words, *linked, *paragraph; /* sums before each block */
	struct feature_node *nodes;
	struct feature_group *groups, *paths;
	uint32_t *lexicon, *twin, *twins; /* by block; how many of a twin */
	uint32_t *heading;                /* the last one, or MARKUP_NONE */
	uint32_t top, deep[3];            /* nodes that hold most paragraphs */
	uint32_t h1; /* the first block of it, or MARKUP_NONE */
	uint64_t title[TITLE_WORDS];
	uint32_t title_count;
	struct marks marks;
	struct page_signs signs;
	float columns[PAGE_COLUMNS];
};

struct features_page *features_page_read(const struct blocks *b,
                                         const struct markup *m,
                                         struct slice url, struct arena *a);

/* Different words of `s` by hash, at most `most` of them; returns how many. */
uint32_t features_words(struct slice s, uint64_t *out, uint32_t most);

#endif
