/* cases: the support-case line. Each subcommand is a file of its own. */

#include <stdio.h>
#include <string.h>

#include "app/cases.h"

static const struct subcommand *const subcommands[] = {
	&cases_pull, &cases_import, &cases_export, &cases_digest, &cases_set,
	&cases_show, &cases_fold,   &cases_report, NULL,
};

static int cases_unknown(struct app *app, const char *name)
{
	struct buf names = BUF_INIT(4096);
	struct fault f;
	size_t i;

	for (i = 0; subcommands[i]; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", subcommands[i]->name);
	if (name)
		fault(&f, FAULT_USAGE, "cases-unknown",
		      "cases knows no '%s'; it knows %s", name,
		      buf_string(&names));
	else
		fault(&f, FAULT_USAGE, "cases-unknown",
		      "say what to do with cases: %s", buf_string(&names));
	buf_release(&names);
	return app_fail(app, &f);
}

static int cases_run(struct app *app, int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return cases_unknown(app, NULL);
	for (i = 0; subcommands[i]; i++)
		if (!strcmp(subcommands[i]->name, argv[1]))
			return subcommands[i]->run(app, argc - 1, argv + 1);
	return cases_unknown(app, argv[1]);
}

const struct command cmd_cases = {
	.name = "cases",
	.summary = "support cases: collect, digest, fold, report",
	.help = "Sources are [cases NAME] and [mapping NAME] of the "
	        "configuration, models [llm NAME],\n"
	        "classes and languages [digest]. A case is named by its id, "
	        "with --space where that\n"
	        "is not enough, or as SPACE/ID.\n"
	        "\n"
	        "  opslore cases import examples/cases --space "
	        "aws-support/123456789012\n"
	        "  opslore cases digest --dry-run\n"
	        "  opslore cases fold && opslore search --filter kind=case "
	        "throttling",
	.parts = subcommands,
	.run = cases_run,
};
