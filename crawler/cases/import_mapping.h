#ifndef CRAWLER_CASES_IMPORT_MAPPING_H
#define CRAWLER_CASES_IMPORT_MAPPING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/cases/import_time.h"
#include "schema/case_form.h"

/*
 * Which column or member of somebody's export is which field of a case:
 * [mapping NAME] of the configuration (docs/cases-files.md). Without one, that
 * of the columns AWS and we have.
 *
 *	[mapping zendesk]
 *	id = id
 *	submitted_by = requester.email
 *	service = "phone"             ; the same for all
 *	replies = comments[]
 *	reply.by = author.name
 */
struct import_value {
	struct slice path; /* a column's name, or a.b.c[] */
	bool constant;     /* `path` is the value itself */
};

struct import_mapping {
	struct slice name;                        /* empty: the plain one */
	struct import_value fields[CASE_COLUMNS]; /* path empty: none */
	/* The first and the last reply, where they are fields of the case. */
	struct import_value body, answer;
	/* The array of a JSON document whose members are the cases ("tickets"),
	 * or empty; the array of replies within a case, or empty. */
	struct slice rows, replies;
	/* Of a reply. */
	struct import_value by, time, text, attachments;
	struct slice providers; /* names, divided by commas */
	enum import_time_form form;
	int64_t zone;
	char delimiter;       /* 0: found */
	const char *encoding; /* iconv's name, or NULL: found */
};

/* `s` NULL: the plain one. Slices are the conf's. FAULT_USAGE. */
MUST_USE
bool import_mapping_read(struct import_mapping *out,
                         const struct conf_section *s, struct fault *f);

/* Whether somebody of that name answers for the provider. */
bool import_mapping_provides(const struct import_mapping *m, struct slice by);

#endif
