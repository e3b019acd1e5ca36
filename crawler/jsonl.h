#ifndef CRAWLER_JSONL_H
#define CRAWLER_JSONL_H

#include <stdint.h>
#include <stdio.h>

#include "base/fault.h"
#include "base/progress.h"
#include "base/slice.h"
#include "crawler/troubles.h"
#include "schema/intake.h"
#include "schema/store.h"

/*
 * A corpus of documents, one JSON object a line, as BEIR has them:
 *
 *	{"_id": "7", "title": "...", "text": "...", "url": "...", "tags": []}
 *
 * `_id` or `id` (string or number) and `text` must be there; title, url (or
 * link) and tags may; the rest is passed over. The text goes in as it is, but
 * for what the store asks of all text. Blank lines are skipped; a line that
 * cannot be taken is reported with its number, and the rest goes in.
 */
struct jsonl_options {
	const char *path;           /* for people and faults; "-" is stdin */
	struct slice space, access; /* as in struct intake_options */
	int64_t as_of; /* date of the file: of two files the newer one wins */
	int64_t size;  /* of the file, or 0: for progress */
	enum progress_style progress;
};

struct jsonl_report {
	struct intake_report in;
	struct troubles broken; /* lines that did not go in */
	int64_t lines;          /* that were not blank */
	int64_t bytes;
};

/* Reads `file` to its end. *out is written in either case. */
MUST_USE
bool jsonl_import(struct store *s, FILE *file,
                  const struct jsonl_options *options, struct jsonl_report *out,
                  struct fault *f);

#endif
