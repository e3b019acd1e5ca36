#ifndef CRAWLER_LOCAL_ANSWER_H
#define CRAWLER_LOCAL_ANSWER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * What the carriers of this machine's disk have in common: how an ask is taken
 * apart, and how it is answered. What goes wrong is a status with a sentence
 * as its body (404 gone, 403 not to be read, 413 too large, 415 nothing here
 * can read it), which the source reads; only what may pass is trouble.
 */
struct local_answer {
	struct arena arena; /* of one answer */
	struct buf body;
	struct http_header headers[2];
	struct slice path, query; /* of the ask */
	struct slice type;        /* of the body; empty: plain text in UTF-8 */
	struct slice title; /* header x-title, percent-encoded; or empty */
};

void local_answer_init(struct local_answer *a);
void local_answer_release(struct local_answer *a);

/* Forgets the one before; takes "file:///PATH?QUERY" apart, PATH decoded. */
void local_answer_start(struct local_answer *a, const struct http_request *r);

/* The body becomes the text of the PDF behind `fd`, the title its title. */
MUST_USE
bool local_answer_pdf(struct local_answer *a, int fd, struct fault *f);

/* `ok`: the body stands in a->body; else `f` says what went wrong. */
void local_answer_end(struct local_answer *a, bool ok, const struct fault *f,
                      struct http_reply *out);

#endif
