#ifndef CRAWLER_EXTRACT_ALL_H
#define CRAWLER_EXTRACT_ALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/fault.h"
#include "base/progress.h"
#include "schema/store.h"

/*
 * Makes the texts of the store anew, from the originals kept beside them and
 * without the network, wherever an older version of their source's extractor
 * made them. Ids, dates, votes and labels stay; what reads differently counts
 * as changed and is indexed again. It may be killed and started again: what was
 * done is not done twice.
 */
struct extract_all_report {
	int64_t originals; /* looked at */
	int64_t current;   /* made by the newest version already */
	int64_t same;      /* read again: nothing new */
	int64_t changed;
	int64_t failed;     /* could not be read: the text stays as it was */
	int64_t unknown;    /* of a source that makes nothing anew */
	struct fault first; /* of those that failed */
};

/* `conf` may be NULL: then settings such as a page's container are not known. */
MUST_USE
bool extract_all(struct store *s, const struct conf *conf,
                 enum progress_style style, struct extract_all_report *out,
                 struct fault *f);

#endif
