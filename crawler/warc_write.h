#ifndef CRAWLER_WARC_WRITE_H
#define CRAWLER_WARC_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * Writes what a crawl asked and was answered as WARC 1.1 (ISO 28500:2017):
 * each record a gzip member of its own, `warcinfo` first in each file, then
 * for every exchange a `request` and a `response`, or a `revisit` where the
 * same bytes were written before or the server said that nothing is new.
 *
 *	warc_write_open(&w, &options);
 *	warc_write(w, &exchange, &f) ... warc_write_sync(w, &f)
 *	warc_write_close(w, &f)
 *
 * A file is made by the first exchange, so a run that asks for nothing leaves
 * nothing behind. An exchange is written at once and whole: killed at any
 * moment, at most the last one of the last file is cut, and no later run
 * writes to that file. It knows no secrets: what it is given, it writes.
 */
struct warc_writer;

struct warc_write_options {
	const char *folder; /* made when it is not there */
	struct slice name;  /* files are called NAME-TIMESTAMP-SERIAL.warc.gz */
	struct slice about; /* further lines of the warcinfo, with CRLF */
	int64_t most;       /* bytes; a larger file is followed by another */
	int64_t now;        /* milliseconds UTC, for the name */
};

struct warc_exchange {
	struct slice url;
	struct slice method;
	const struct http_header *asked; /* the request's headers */
	size_t asked_count;
	struct slice body;              /* the request's */
	const struct http_reply *reply; /* with a status */
	int64_t time;                   /* when it came, microseconds UTC */
	int64_t before; /* 304: when it came whole, milliseconds; 0: unknown */
	bool truncated; /* the reply's body is only its beginning */
};

/* Everything is copied. */
void warc_write_open(struct warc_writer **out,
                     const struct warc_write_options *o);

MUST_USE
bool warc_write(struct warc_writer *w, const struct warc_exchange *x,
                struct fault *f);

/* What was written survives a power cut. */
MUST_USE
bool warc_write_sync(struct warc_writer *w, struct fault *f);

/* NULL is allowed. */
void warc_write_close(struct warc_writer *w);

#endif
