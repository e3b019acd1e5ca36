#ifndef CRAWLER_CONTENT_H
#define CRAWLER_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * The part of a page that people come to read, by simple rules, in linear
 * time and without recursion.
 *
 * First the container: the configured one; else what the page calls its main
 * part (<main>, role=main, the containers that common wikis, documentation
 * generators, blogs and help desks write), else its articles, else the body.
 * A container that holds next to nothing of the page's words is passed over.
 * Then what is no part of the text leaves it: navigation, headers, footers
 * and asides of the page, hidden things, forms, edit links, marks behind
 * headings, tables of contents, breadcrumbs, cookie notices.
 *
 * It never runs a script and never sees a style sheet.
 */
struct content {
	const char *rule;   /* what chose the container: "main", "mediawiki" */
	uint32_t node;      /* the container */
	struct markup part; /* what is left of it, as a tree of its own; its
	                       attributes and texts are those of the page */
	struct markup_node *nodes; /* of `part` */
	const uint32_t *origin;    /* of each of them, its number in the page */
	uint32_t heading; /* the first <h1> of `part`, or MARKUP_NONE */
	size_t text;      /* bytes of words in `part`, blanks not counted */
	size_t linked;    /* of them within links */
	size_t page;      /* of words anywhere in the body that show */
	bool password;    /* it asks for one, not only in its margins */
	double certainty; /* 0 to 1: of what was kept and left, by the model */
};

/* Takes the subtree of `n` (not 0) out of `part`. */
void content_drop(struct content *c, uint32_t n);

/* A simple selector: "article", "#content", ".post-body", "div.post",
 * "main#x". */
struct content_select {
	struct slice tag, id, class; /* empty: any */
};

/* FAULT_USAGE: it is not one. Parts are borrowed from `text`. */
MUST_USE
bool content_select(struct content_select *out, struct slice text,
                    struct fault *f);

/* `url` may be empty, `select` NULL. All is made in `a` or borrowed from `m`. */
void content_find(struct content *out, const struct markup *m, struct slice url,
                  const struct content_select *select, struct arena *a);

#endif
