#ifndef CRAWLER_SCOPE_H
#define CRAWLER_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/net/url.h"
#include "base/slice.h"

/*
 * Which addresses of a site are pages to be read, and which spellings are one
 * page. Every decision has a sentence that says which rule made it.
 *
 * Rules, in this order; the first that speaks decides:
 *
 *	hosts     the start's hosts, and those of `hosts` ("*.example.org")
 *	length    over 2,083 bytes, over 20 levels, over 8 parameters: no
 *	traps     a path that repeats itself; forms for editing, logging in
 *	          and comparing that wikis link to: no
 *	kinds     images, archives, style sheets ... by their suffix: no
 *	depth     over `depth` links from a start: no
 *	exclude   an address that one of the patterns matches: no
 *	include   with patterns: yes if one matches, else no
 *	below     below the start's path: yes, else no
 *
 * A start itself is always within. Patterns are regular expressions on the
 * whole address; one that cannot decide (its limit) is a no.
 */
struct scope;

/*
 * From the settings url (starts, separated by blanks), include, exclude
 * (patterns, likewise), hosts, below (yes, no, or a path), depth, query (keep,
 * drop, or the names of parameters that make a page) and pattern-most.
 * FAULT_USAGE names the setting.
 */
MUST_USE
bool scope_new(struct scope **out, const struct conf_section *c,
               struct fault *f);
void scope_free(struct scope *s);

/* Appends the space that the settings describe: `space`, or host and path of
 * the first start. */
MUST_USE
bool scope_space(const struct conf_section *c, struct buf *out,
                 struct fault *f);

/* The starts, normalised; `i` from 0. False: there is none left. */
bool scope_start(const struct scope *s, size_t i, struct slice *out);

/*
 * Appends the one spelling of an address: no fragment, no parameters that say
 * who came from where (utm_source, gclid), in which session or in which order
 * to list; the others in the order of their names.
 */
void scope_write(const struct scope *s, const struct url *u, struct buf *out);

/* An address without its scheme: what a page is called within its space. */
struct slice scope_native(struct slice url);

/* Appends the reason to `why` (may be NULL). */
bool scope_within(struct scope *s, const struct url *u, int32_t depth,
                  struct buf *why);

/*
 * Counts an address among those that are alike but for numbers and parameter
 * values: calendars and endless listings make them without end. False when
 * `pattern-most` of them (ten times as many where one number in the path is
 * all that differs) have been counted in this run. Each address counts once,
 * up to an error of about 5 %; memory is bounded.
 */
bool scope_room(struct scope *s, struct slice url);

#endif
