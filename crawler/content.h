#ifndef CRAWLER_CONTENT_H
#define CRAWLER_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/content_rules.h"

/*
 * The part of a page that people come to read, as a tree of its own.
 *
 * A configured container wins, without what is no part of its text. Else the
 * page is cut into blocks of text, and a small model that was trained on pages
 * of every kind (crawler/extract/) says of each how likely it is content; kept
 * are those that make the expected share of right words greatest, with the
 * elements around them: so tables, listings, lists and the posts of a thread
 * keep their structure. On pages of a few words the rules of content_rules.h
 * say more than the model.
 *
 * It never runs a script and never sees a style sheet. Linear in the page.
 */
struct content {
	const char *rule;   /* what chose it: "model", or the program whose
	                       page it is ("mediawiki"), or the rule */
	uint32_t node;      /* holds all of it */
	struct markup part; /* a tree of its own; its attributes and texts are
	                       those of the page */
	struct markup_node *nodes; /* of `part` */
	const uint32_t *origin;    /* by node of `part`: its node in the page */
	uint32_t heading; /* the first <h1> of `part`, or MARKUP_NONE */
	size_t text;      /* bytes of words in `part`, blanks not counted */
	size_t linked;    /* of them within links */
	size_t page;      /* of words anywhere in the body that show */
	bool password;    /* it asks for one, not only in its margins */
	double certainty; /* 0 to 1: the F1 that the model expects of it */
};

/* Takes the subtree of `n` (not 0) out of `part`. */
void content_drop(struct content *c, uint32_t n);

/* FAULT_USAGE: it is not one. Parts are borrowed from `text`. */
MUST_USE
bool content_select(struct content_select *out, struct slice text,
                    struct fault *f);

/* `url` may be empty, `select` NULL. All is made in `a` or borrowed from `m`. */
void content_find(struct content *out, const struct markup *m, struct slice url,
                  const struct content_select *select, struct arena *a);

#endif
