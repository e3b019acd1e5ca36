#ifndef CRAWLER_RECEIVE_H
#define CRAWLER_RECEIVE_H

#include "base/buf.h"
#include "base/net/http.h"
#include "base/text/markup.h"
#include "crawler/source.h"

/*
 * From what came over the wire to what a source reads: unpacked where a server
 * packed without saying so, in UTF-8 whatever the charset, HTML and XML as a
 * tree made in the parser's process, with what the page asks of robots. Bytes
 * that are neither text nor markup stay as they are.
 */
struct receive {
	struct markup_parser *parser; /* the caller's */
	struct buf unpacked, text;
	struct arena arena; /* of one reply */
};

void receive_init(struct receive *x, struct markup_parser *parser);
void receive_release(struct receive *x);

/*
 * Fills `out` for `ask`, which came from `url` at `now` (milliseconds UTC); all
 * of it lives until the next call. False: it cannot be read: damaged, over a
 * ceiling, refused by the parser.
 */
MUST_USE
bool receive_reply(struct receive *x, const struct http_reply *r,
                   const struct ask *ask, struct slice url, int64_t now,
                   struct reply *out, struct fault *f);

#endif
