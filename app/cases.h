#ifndef APP_CASES_H
#define APP_CASES_H

#include "app/command.h"

/*
 * The subcommands of `opslore cases`, one file each (cases_pull.c ...); the
 * table is in cmd_cases.c. argv[0] is the subcommand's name.
 */
struct cases_command {
	const char *name, *usage, *summary;
	int (*run)(struct app *app, int argc, char **argv);
};

extern const struct cases_command cases_pull, cases_import, cases_export,
        cases_digest, cases_set, cases_show, cases_fold, cases_report;

#endif
