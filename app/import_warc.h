#ifndef APP_IMPORT_WARC_H
#define APP_IMPORT_WARC_H

#include <stddef.h>

#include "app/command.h"

/* `opslore import warc`: an archive replayed into the store. */
struct import_warc_args {
	char *const *paths; /* files and folders */
	size_t path_count;
	const char *source, *url, *space, *access,
	        *events; /* NULL: not given */
};

int import_warc(struct app *app, const struct import_warc_args *args);

#endif
