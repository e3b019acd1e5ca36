#ifndef KB_CASES_REPLY_NAME_H
#define KB_CASES_REPLY_NAME_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * The members of a digest by the names that models give them, in English,
 * Chinese, Korean and Japanese: "root_cause", "根因", "문제".
 */
enum reply_field {
	REPLY_ID,
	REPLY_PROBLEM,
	REPLY_CAUSE,
	REPLY_CLASS,
	REPLY_STEPS,
	REPLY_SERVICES,
	REPLY_CODES,
	REPLY_TITLES,
	REPLY_FIELDS,
};

/* As same_name() compares. False: it names none of them. */
bool reply_field_read(struct slice name, enum reply_field *out);

#endif
