#ifndef CRAWLER_EXTRACT_MODEL_H
#define CRAWLER_EXTRACT_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * The trained table: trees of questions to a row of features, and weights of
 * the tokens of class names. model.c is written by
 * tests/bench/extract/train.py and never by hand.
 */
struct model_node {
	int16_t feature; /* a column; -1: a leaf */
	float value;     /* go left where the column is at most this; or what
	                    the leaf adds */
	uint16_t left, right; /* counted from the root of the tree */
};

struct model_token {
	const char *text;
	float weight; /* below zero: rather not the text */
};

extern const struct model_node model_nodes[];
extern const uint32_t model_trees[]; /* where each begins */
extern const size_t model_tree_count;
extern const float model_base;
extern const struct model_token model_tokens[]; /* by bytes */
extern const size_t model_token_count;
extern const unsigned model_version;

/* 0 where the table does not know it. */
float model_token(struct slice text);

#endif
