#ifndef APP_CASES_H
#define APP_CASES_H

#include "app/command.h"

/* The subcommands of `opslore cases`, one file each (cases_pull.c ...); the
 * table is in cmd_cases.c. */
extern const struct subcommand cases_pull, cases_import, cases_export,
        cases_digest, cases_set, cases_show, cases_fold, cases_report;

#endif
