#ifndef CRAWLER_WIKI_LICENCE_H
#define CRAWLER_WIKI_LICENCE_H

#include "base/slice.h"

/* SPDX name of a licence by the address that wikis give for it (Creative
 * Commons, the GNU Free Documentation License); empty when it is none that we
 * know. Lives for ever. */
struct slice wiki_licence(struct slice url);

#endif
