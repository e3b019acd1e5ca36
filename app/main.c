/*
 * The command table. main() reads the options that stand before the command,
 * fills a struct app and hands over; it does no work of its own.
 */

#include <stdio.h>
#include <string.h>

#include "app/command.h"

static const struct command *const commands[] = {
	NULL,
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && commands[i]; i++)
		if (!strcmp(argv[1], commands[i]->name))
			return commands[i]->run(NULL, argc - 1, argv + 1);
	fprintf(stderr, "usage: opslore COMMAND\n");
	return EXIT_USAGE;
}
