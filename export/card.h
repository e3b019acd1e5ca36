#ifndef EXPORT_CARD_H
#define EXPORT_CARD_H

#include "base/buf.h"
#include "base/map.h"
#include "export/export.h"

/*
 * The words that go with a data set: whom it is by, what is in it, how it was
 * made. Pure functions of what was counted while it was written.
 */
struct card {
	struct map licences; /* SPDX name -> texts under it */
	struct map channels; /* "dump" -> texts; with terms behind a tab */
	struct map spaces;   /* "serverfault.com" -> examples */
};

void card_release(struct card *c);

/* The data-set card: Markdown under YAML front matter. */
void card_readme(const struct card *c, const struct export_options *o,
                 const struct export_report *r, struct buf *out);

/* The head of ATTRIBUTION.md, and one entry of it. */
void card_attribution_head(struct buf *out);
void card_attribution(const struct example *e, struct slice title,
                      struct buf *out);

#endif
