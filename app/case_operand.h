#ifndef APP_CASE_OPERAND_H
#define APP_CASE_OPERAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * The case that a person names: by its public id (SPACE/ID), by its id within
 * --space, or by the id alone where no other space has the same. FAULT_GONE
 * when this reader sees none; FAULT_USAGE when it could be several.
 */
MUST_USE
bool case_operand(struct store *s, const struct reader *r, const char *text,
                  const char *space, int64_t *id, struct fault *f);

#endif
