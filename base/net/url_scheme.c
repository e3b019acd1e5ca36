/* A table of six, the most frequent first. */

#include "base/net/url_scheme.h"

#include <stddef.h>

static const struct url_scheme schemes[] = {
	{ { "https", 5 }, 443 }, { { "http", 4 }, 80 }, { { "ftp", 3 }, 21 },
	{ { "file", 4 }, 0 },    { { "ws", 2 }, 80 },   { { "wss", 3 }, 443 },
};

const struct url_scheme *url_scheme_find(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (slice_eq(name, schemes[i].name))
			return &schemes[i];
	return NULL;
}
