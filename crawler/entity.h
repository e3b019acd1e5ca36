#ifndef CRAWLER_ENTITY_H
#define CRAWLER_ENTITY_H

#include "base/arena.h"
#include "base/slice.h"

/*
 * XML's entities, decoded once: the five names (lt, gt, amp, quot, apos) and
 * numbers of characters that XML 1.0 allows. Anything else stays as it is, so
 * nothing is lost. Valid UTF-8 stays valid. Made in `a` where there is an
 * ampersand, else `raw` itself.
 */
struct slice entity_decode(struct slice raw, struct arena *a);

#endif
