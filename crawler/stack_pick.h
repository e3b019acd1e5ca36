#ifndef CRAWLER_STACK_PICK_H
#define CRAWLER_STACK_PICK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * Finding things in a page by patterns, a small part of CSS:
 *
 *	"h1"  ".post-text"  "a.post-tag"  "#question"  "[data-answerid]"
 *	"a[href*=/users/]"  "[id^=answer-]"  "[itemprop=text]"  "h1,h2"
 *
 * One element's tag, classes, id and attributes, alternatives by comma; no
 * spaces: what stands within what is said by ranges. Ranges are runs of the
 * tree's nodes, [from, end).
 */

bool pick_matches(const struct markup *m, uint32_t n, const char *pattern);

/* The first that matches, or MARKUP_NONE. */
uint32_t pick(const struct markup *m, uint32_t from, uint32_t end,
              const char *pattern);

/* The same below `n`; MARKUP_NONE when that is MARKUP_NONE. */
uint32_t pick_in(const struct markup *m, uint32_t n, const char *pattern);

/* An attribute of `n`; empty when it has none, or is MARKUP_NONE. */
struct slice pick_value(const struct markup *m, uint32_t n, const char *name);

/* The text below `n` on one line, made in `a`; empty for MARKUP_NONE. */
struct slice pick_text(const struct markup *m, uint32_t n, struct arena *a);

/*
 * The first whole number in `s`, as people write it: "1,234", "1.234",
 * "1 234", "-3", with U+2212 too. False when there is none.
 */
bool pick_number(struct slice s, int64_t *out);

/* The digits behind the first `head` in `s` ("/users/" in an address). */
bool pick_id(struct slice s, const char *head, int64_t *out);

/* Milliseconds of a date like "2014-05-14 01:21:12Z, License: x", as titles
 * of times have it; CLOCK_NONE otherwise. */
int64_t pick_time(struct slice s);

/*
 * A copy of `root` and what is below it without what a site puts into a post
 * that is not of the post: notices, buttons, pictures drawn in place. Made in
 * `a`; texts and attributes stay those of `m`.
 */
struct markup pick_part(const struct markup *m, uint32_t root, struct arena *a);

/* Appends what is below the root of `m` as HTML. */
void pick_html(const struct markup *m, struct buf *out);

#endif
