#ifndef APP_IMPORT_SUMMARY_H
#define APP_IMPORT_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "crawler/dump.h"
#include "crawler/troubles.h"
#include "schema/intake.h"

/*
 * What an import did, for people or as one JSON object: what was seen, what
 * became of it, what did not go in and why, and what it cost.
 */
struct import_summary {
	const char *kind, *space;
	int64_t rows, bytes; /* read */
	const struct intake_report *in;
	const struct troubles *broken;
	const struct dump_report *dump; /* NULL: no dump */
	int64_t started;                /* monotonic milliseconds */
	int64_t cpu;                    /* milliseconds used until then */
};

/* Starts the clocks. */
void import_summary_start(struct import_summary *s, const char *kind);

/* Takes all from the report of a dump, which is borrowed. */
void import_summary_dump(struct import_summary *s,
                         const struct dump_report *report);

void import_summary_text(const struct import_summary *s, FILE *out);
void import_summary_json(const struct import_summary *s, FILE *out);

#endif
