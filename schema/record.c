/* The words for the kinds of records. */

#include "schema/record.h"

const char *record_kind_name(enum record_kind kind)
{
	static const char *const names[] = {
		"question", "answer", "page", "document", "case", "extra",
	};

	return names[kind];
}
