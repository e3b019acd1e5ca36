/* The engine for any machine. */

#include <stdlib.h>

#include "kb/engine_body.h"

static bool portable_usable(void)
{
	return true;
}

const struct engine_path engine_portable = {
	.name = "portable",
	.usable = portable_usable,
	.search = body_search,
	.live = body_live,
};
