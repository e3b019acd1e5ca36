/*
 * The command table. main() reads the options that belong to the program,
 * fills a struct app and hands over; it does no work of its own.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/say.h"

const struct command *const commands[] = {
	&cmd_init,   &cmd_status,  &cmd_doctor, &cmd_backup, &cmd_forget,
	&cmd_import, &cmd_analyze, &cmd_index,  &cmd_search, &cmd_eval,
	&cmd_export, &cmd_stats,   NULL,
};

struct program {
	const char *db, *config, *as;
	bool json, quiet, verbose, version, help;
};

static void help_all(FILE *to)
{
	size_t i;

	fputs("usage: opslore [--db FILE] [--config FILE] [--as NAME] "
	      "[--json]\n"
	      "               [-q|-v] COMMAND [OPTIONS]\n\n"
	      "A knowledge base and fine-tune data toolkit for operations "
	      "teams.\n\n",
	      to);
	for (i = 0; commands[i]; i++)
		fprintf(to, "  %-9s %s\n", commands[i]->name,
		        commands[i]->summary);
	fputs("\n'opslore help COMMAND' says more; 'man opslore' says all.\n",
	      to);
}

static void help_one(const struct command *c, FILE *to)
{
	const char *line = c->usage;
	const char *head = "usage:";

	while (*line) {
		size_t len = strcspn(line, "\n");

		fprintf(to, "%-6s opslore %s %.*s\n", head, c->name, (int)len,
		        line);
		head = "";
		line += len + (line[len] == '\n');
	}
	fprintf(to, "\n%s\n", c->summary);
	if (c->help)
		fprintf(to, "\n%s\n", c->help);
}

static const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	fprintf(stderr,
	        "opslore: there is no command '%s'; 'opslore help' lists "
	        "them\n",
	        name);
	return NULL;
}

/* --json, --db, --config and --as may also stand behind the command. */
static int gather(int argc, char **argv)
{
	static const char *const ours[] = { "--db", "--config", "--as",
		                            "--json" };
	char **moved = memory_new((size_t)argc, sizeof(*moved));
	int i, rest = 1, front = 0;
	size_t j;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		size_t len = strcspn(argv[i], "=");
		bool mine = false;

		for (j = 0; j < sizeof(ours) / sizeof(*ours); j++)
			mine |= strlen(ours[j]) == len &&
			        !strncmp(argv[i], ours[j], len);
		if (!mine) {
			argv[rest++] = argv[i];
			continue;
		}
		moved[front++] = argv[i];
		if (!argv[i][len] && strcmp(argv[i], "--json") && i + 1 < argc)
			moved[front++] = argv[++i];
	}
	while (i < argc)
		argv[rest++] = argv[i++];
	memmove(argv + 1 + front, argv + 1, (size_t)(rest - 1) * sizeof(*argv));
	memcpy(argv + 1, moved, (size_t)front * sizeof(*argv));
	free(moved);
	return argc;
}

static bool program_read(struct program *p, int argc, char **argv, int *next,
                         struct fault *f)
{
	const struct option table[] = {
		{ .name = "db", .value = &p->db },
		{ .name = "config", .value = &p->config },
		{ .name = "as", .value = &p->as },
		{ .name = "json", .flag = &p->json },
		{ .name = "q", .flag = &p->quiet },
		{ .name = "v", .flag = &p->verbose },
		{ .name = "quiet", .flag = &p->quiet },
		{ .name = "verbose", .flag = &p->verbose },
		{ .name = "version", .flag = &p->version },
		{ .name = "help", .flag = &p->help },
		{ .name = "h", .flag = &p->help },
		{ 0 },
	};

	return options_lead(table, argc, argv, next, f);
}

/* A configuration that was named must be there; the default one may not. */
static bool conf_open(struct app *app, struct fault *f)
{
	const char *path = app->config ? app->config : "opslore.conf";

	if (conf_read(&app->conf, path, f))
		return true;
	return !app->config && f->kind == FAULT_GONE &&
	       conf_parse(&app->conf, (struct slice){ 0 }, path, f);
}

static void app_init(struct app *app, const struct program *p)
{
	const char *db = p->db ? p->db : getenv("OPSLORE_DB");
	size_t size;

	*app = (struct app){ .db = db && *db ? db : "opslore.db",
		             .config = p->config,
		             .as = p->as,
		             .json = p->json,
		             .now = clock_now() };
	if (p->quiet)
		app->progress = PROGRESS_QUIET;
	else if (p->json)
		app->progress = PROGRESS_JSON;
	size = strlen(app->db) + sizeof(".index");
	app->index = memory_new(size, 1);
	snprintf(app->index, size, "%s.index", app->db);
}

static int command_run(const struct program *p, int argc, char **argv)
{
	const struct command *c = command_find(argv[0]);
	struct fault f;
	struct app app;
	int code;

	if (!c)
		return EXIT_USAGE;
	if (argc > 1 &&
	    (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		help_one(c, stdout);
		return EXIT_DONE;
	}
	app_init(&app, p);
	code = conf_open(&app, &f) ? c->run(&app, argc, argv)
	                           : app_fail(&app, &f);
	if (fflush(stdout) || ferror(stdout)) {
		say(SAY_ERROR, "cannot write to standard output");
		code = code ? code : EXIT_FAILED;
	}
	conf_free(app.conf);
	free(app.index);
	return code;
}

static int help_run(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		help_all(stdout);
		return EXIT_DONE;
	}
	c = command_find(argv[1]);
	if (c)
		help_one(c, stdout);
	return c ? EXIT_DONE : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct program p = { 0 };
	struct fault f;
	int next;

	argc = gather(argc, argv);
	if (!program_read(&p, argc, argv, &next, &f)) {
		fprintf(stderr, "opslore: %s\n", f.text);
		return EXIT_USAGE;
	}
	say_setup(p.quiet     ? SAY_ERROR
	          : p.verbose ? SAY_DEBUG
	                      : SAY_INFO,
	          p.json);
	cancel_setup();
	signal(SIGPIPE, SIG_IGN);
	if (p.version) {
		puts("opslore " OPSLORE_VERSION);
		return EXIT_DONE;
	}
	if (!p.help && next >= argc) {
		help_all(stderr);
		return EXIT_USAGE;
	}
	if (p.help || !strcmp(argv[next], "help"))
		return help_run(p.help ? 1 : argc - next, argv + next);
	return command_run(&p, argc - next, argv + next);
}
