/*
 * The command table. main() reads the options that belong to the program,
 * fills a struct app and hands over; it does no work of its own.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/say.h"

const struct command *const commands[] = {
	&cmd_init,   &cmd_status, &cmd_doctor,  &cmd_backup,  &cmd_forget,
	&cmd_import, &cmd_crawl,  &cmd_sources, &cmd_cases,   &cmd_analyze,
	&cmd_index,  &cmd_search, &cmd_eval,    &cmd_bench,   &cmd_serve,
	&cmd_export, &cmd_stats,  &cmd_robots,  &cmd_extract, NULL,
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

/* One line of usage for each line of `usage`. */
static void help_usage(const char *head, const char *name, const char *part,
                       const char *usage, FILE *to)
{
	const char *line = usage;

	do {
		size_t len = strcspn(line, "\n");

		fprintf(to, "%-6s opslore %s%s%s%s%.*s\n", head, name,
		        *part ? " " : "", part, len ? " " : "", (int)len, line);
		head = "";
		line += len + (line[len] == '\n');
	} while (*line);
}

static void help_one(const struct command *c, FILE *to)
{
	size_t i;

	if (c->usage)
		help_usage("usage:", c->name, "", c->usage, to);
	for (i = 0; c->parts && c->parts[i]; i++)
		help_usage(i ? "" : "usage:", c->name, c->parts[i]->name,
		           c->parts[i]->usage, to);
	fprintf(to, "\n%s\n", c->summary);
	if (c->parts)
		putc('\n', to);
	for (i = 0; c->parts && c->parts[i]; i++)
		fprintf(to, "  %-7s %s\n", c->parts[i]->name,
		        c->parts[i]->summary);
	if (c->help)
		fprintf(to, "\n%s\n", c->help);
}

static bool command_find(const char *name, const struct command **out,
                         struct fault *f)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name)) {
			*out = commands[i];
			return true;
		}
	return fault(f, FAULT_USAGE, "command-unknown",
	             "there is no command '%s'; 'opslore help' lists them",
	             name);
}

/* The options of the program may also stand behind the command. */
static int gather(int argc, char **argv)
{
	static const struct {
		const char *name;
		bool value;
	} ours[] = {
		{ "--db", true },     { "--config", true },
		{ "--as", true },     { "--json", false },
		{ "-q", false },      { "-v", false },
		{ "--quiet", false }, { "--verbose", false },
		{ "--help", false },  { "-h", false },
	};
	char **moved = memory_new((size_t)argc, sizeof(*moved));
	int i, rest = 1, front = 0;
	size_t j;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		size_t len = strcspn(argv[i], "=");

		for (j = 0; j < sizeof(ours) / sizeof(*ours); j++)
			if (strlen(ours[j].name) == len &&
			    !strncmp(argv[i], ours[j].name, len))
				break;
		if (j == sizeof(ours) / sizeof(*ours)) {
			argv[rest++] = argv[i];
			continue;
		}
		moved[front++] = argv[i];
		if (!argv[i][len] && ours[j].value && i + 1 < argc)
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

/* The wall clock; or OPSLORE_NOW, for tests of what depends on dates. */
static int64_t app_now(void)
{
	const char *text = getenv("OPSLORE_NOW");
	int64_t now;

	return text && clock_read(slice_of(text), &now) ? now : clock_now();
}

static void app_init(struct app *app, const struct program *p)
{
	const char *db = p->db ? p->db : getenv("OPSLORE_DB");
	size_t size;

	*app = (struct app){ .db = db && *db ? db : "opslore.db",
		             .config = p->config,
		             .as = p->as,
		             .json = p->json,
		             .now = app_now() };
	if (p->quiet)
		app->progress = PROGRESS_QUIET;
	else if (p->json)
		app->progress = PROGRESS_JSON;
	size = strlen(app->db) + sizeof(".index");
	app->index = memory_new(size, 1);
	snprintf(app->index, size, "%s.index", app->db);
}

static int command_run(const struct program *p, const struct command *c,
                       int argc, char **argv)
{
	struct fault f;
	struct app app;
	int code;

	app_init(&app, p);
	code = conf_open(&app, &f) ? c->run(&app, argc, argv)
	                           : app_fail(&app, &f);
	conf_free(app.conf);
	free(app.index);
	return code;
}

/* What the command line asks for; argv starts behind the program's options. */
static int program_run(const struct program *p, int argc, char **argv)
{
	bool help = p->help || (argc && !strcmp(argv[0], "help"));
	const struct command *c = NULL;
	struct app app = { .json = p->json };
	struct fault f;

	if (argc && !strcmp(argv[0], "help")) {
		argc--;
		argv++;
	}
	if (argc && !command_find(argv[0], &c, &f))
		return app_fail(&app, &f);
	if (p->version)
		puts("opslore " OPSLORE_VERSION);
	else if (help && c)
		help_one(c, stdout);
	else if (help)
		help_all(stdout);
	else if (c)
		return command_run(p, c, argc, argv);
	else
		help_all(stderr);
	return c || help || p->version ? EXIT_DONE : EXIT_USAGE;
}

/* A program started without its three files would take the next one that it
 * opens for them, and write messages into the index. */
static void standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* What was printed has to have arrived. */
static int standard_end(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	say(SAY_ERROR, "cannot write to standard output");
	return code ? code : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct program p = { 0 };
	struct fault f;
	bool read;
	int next;

	standard_files();
	argc = gather(argc, argv);
	read = program_read(&p, argc, argv, &next, &f);
	say_setup(p.quiet     ? SAY_ERROR
	          : p.verbose ? SAY_DEBUG
	                      : SAY_INFO,
	          p.json);
	cancel_setup();
	signal(SIGPIPE, SIG_IGN);
	if (!read) {
		struct app app = { .json = p.json };

		return standard_end(app_fail(&app, &f));
	}
	return standard_end(program_run(&p, argc - next, argv + next));
}
