#ifndef CRAWLER_DOKUWIKI_REMOTE_H
#define CRAWLER_DOKUWIKI_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "crawler/dokuwiki_text.h"
#include "crawler/source.h"

/*
 * DokuWiki's remote API: the four calls we make, in either of its protocols,
 * and what comes back, in one shape. JSON-RPC came with version 13 of the
 * API; XML-RPC is older and has other names for the same.
 */
enum dokuwiki_protocol { DOKUWIKI_JSON, DOKUWIKI_XML };

enum dokuwiki_call {
	DOKUWIKI_TIME,    /* the wiki's clock: also, whether it answers us */
	DOKUWIKI_LIST,    /* all pages below the namespace `text` */
	DOKUWIKI_CHANGES, /* since `number`, seconds */
	DOKUWIKI_PAGE,    /* the HTML of page `text` */
};

/* Appends the body of a call. */
void dokuwiki_remote_write(enum dokuwiki_protocol p, enum dokuwiki_call call,
                           struct slice text, int64_t number, struct buf *out);

/* What is appended to the root of the wiki's address; the body's type. */
const char *dokuwiki_remote_path(enum dokuwiki_protocol p);
struct slice dokuwiki_remote_type(enum dokuwiki_protocol p);

struct dokuwiki_listed {
	struct dokuwiki_page page;
	bool gone; /* of a change: it was deleted */
};

/* An answer; what it holds is made in the reply's arena. */
struct dokuwiki_answer {
	int64_t time;                  /* DOKUWIKI_TIME */
	struct dokuwiki_listed *pages; /* DOKUWIKI_LIST, _CHANGES */
	size_t page_count;
	struct slice html; /* DOKUWIKI_PAGE */
};

/*
 * FAULT_DENIED: the API is there, but not for us; FAULT_GONE: there is no
 * such page; FAULT_INPUT "dokuwiki-none": no API answers here; others: what
 * came is no answer. An empty struct where something else is due counts as
 * the service's refusal: some versions write their faults so.
 */
MUST_USE
bool dokuwiki_remote_read(enum dokuwiki_protocol p, enum dokuwiki_call call,
                          const struct reply *r, struct dokuwiki_answer *out,
                          struct fault *f);

#endif
