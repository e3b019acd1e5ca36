/* The table of formats. */

#include "export/format.h"

extern const struct format format_chat;

const struct format *const formats[] = { &format_chat, NULL };

const struct format *format_find(struct slice name)
{
	size_t i;

	for (i = 0; formats[i]; i++)
		if (slice_eq(slice_of(formats[i]->name), name))
			return formats[i];
	return NULL;
}
