#ifndef CRAWLER_WARC_ABOUT_H
#define CRAWLER_WARC_ABOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "crawler/settings.h"

/*
 * What a crawl says of itself in the warcinfo records of its archive, so that
 * the archive can be replayed without the configuration at hand: the source's
 * name, when the run began, and its settings. Never a secret, nor the name of
 * a file that holds one, nor how the network was reached: of the keys that all
 * kinds share only those that decide what is read and how it is stored.
 */
struct warc_about {
	struct slice source;   /* empty: not one of ours */
	struct slice settings; /* "key = value" lines of its section */
	int64_t started;       /* milliseconds UTC: the run */
	bool everything;       /* --now */
	bool user, token;      /* it had one: some asks are spelled otherwise */
};

/* Appends the settings worth keeping, one a line, each behind `before`. */
void warc_about_settings(const struct conf_section *c,
                         const struct source_kind *kind, const char *before,
                         const char *behind, struct buf *out);

/* Appends application/warc-fields. */
void warc_about_write(const struct crawl_settings *s, int64_t started,
                      bool everything, struct buf *out);

/* Reads any warcinfo's block; texts are made in `a`. */
void warc_about_read(struct slice block, struct arena *a,
                     struct warc_about *out);

#endif
