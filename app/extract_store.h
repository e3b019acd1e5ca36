#ifndef APP_EXTRACT_STORE_H
#define APP_EXTRACT_STORE_H

#include "app/command.h"

/* `opslore extract --all`: the texts of the whole store anew, without the
 * network; the exit code. */
int extract_store(struct app *app);

#endif
