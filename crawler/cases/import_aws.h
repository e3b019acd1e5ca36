#ifndef CRAWLER_CASES_IMPORT_AWS_H
#define CRAWLER_CASES_IMPORT_AWS_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/json.h"
#include "crawler/cases/import_draft.h"

/*
 * What `aws support describe-cases` and `describe-communications` print (AWS
 * Support API Reference, CaseDetails and Communication), one object at a time.
 */

/* Whether it is a case: it has a displayId or a caseId, and a subject. */
bool import_aws_is_case(const struct json *j);

/* Fills the draft from a case, with the communications that came with it. */
MUST_USE
bool import_aws_case(struct import_reading *r, const struct json *j,
                     const struct import_place *at, struct fault *f);

/* The list of communications that `j` is or holds, or NULL. An empty one is
 * none. */
const struct json *import_aws_communications(const struct json *j);

/* Whether `j` alone is a communication. */
bool import_aws_is_communication(const struct json *j);

/* Adds it to the draft. */
MUST_USE
bool import_aws_reply(struct import_reading *r, const struct json *j,
                      const struct import_place *at, struct fault *f);

/* Adds a list of communications to the draft. */
MUST_USE
bool import_aws_replies(struct import_reading *r, const struct json *list,
                        const struct import_place *at, struct fault *f);

#endif
