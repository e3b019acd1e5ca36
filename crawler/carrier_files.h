#ifndef CRAWLER_CARRIER_FILES_H
#define CRAWLER_CARRIER_FILES_H

#include "crawler/carrier.h"
#include "crawler/source.h"

/*
 * The carrier of the source `files`: a folder on this machine. It answers
 *
 *	file:///?list=1&after=PATH   what is wanted below `path`, in order, from
 *	                             behind PATH, so many entries
 *	file:///PATH                 a file
 *
 * A listing is lines of fields (local_fields.h): path, size, changed,
 * modified of a file; path and problem of what cannot be read ("unreadable",
 * with why) or leads out ("outside"); last `more=PATH`, or `end=1`. What goes
 * wrong is answered as local_answer.h says.
 */

/* As source_kind.carrier. FAULT_USAGE: there is no such folder. */
MUST_USE
bool carrier_files(const struct source_start *s, struct carrier *out,
                   struct fault *f);

#endif
