#ifndef CRAWLER_EXTRACT_PAGE_SIGNS_H
#define CRAWLER_EXTRACT_PAGE_SIGNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/text/markup_tree.h"

/* What a page's address and head say about its kind. */
enum page_sign {
	SIGN_URL_THREAD,
	SIGN_URL_DOCUMENTATION,
	SIGN_URL_PRODUCT,
	SIGN_URL_COLLECTION,
	SIGN_URL_ARTICLE,
	SIGN_URL_SERVICE,
	SIGN_URL_LIST,
	SIGN_DATA_PRODUCT, /* types named in JSON-LD */
	SIGN_DATA_ARTICLE,
	SIGN_DATA_THREAD,
	SIGN_DATA_QUESTION,
	SIGN_DATA_LIST,
	SIGN_DATA_COLLECTION,
	SIGN_GRAPH_ARTICLE, /* og:type */
	SIGN_GRAPH_PRODUCT,
	SIGN_COUNT,
};

struct page_signs {
	bool is[SIGN_COUNT];
	bool documentation; /* by its address or what made it */
	struct slice title; /* as it stands in <title>, borrowed */
};

void page_signs_read(struct page_signs *out, const struct markup *m,
                     struct slice url);

#endif
