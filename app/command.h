#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/progress.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * The command table: each cmd_NAME.c holds one `const struct command`, listed
 * in main.c. A command reads its own options, opens what it needs through
 * the helpers below, and returns an exit code. People's text goes to standard
 * output only where the text is the result; everything else to standard error.
 */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_PARTLY = 3, /* done in part; each failure was listed */
	EXIT_INTERRUPTED = 130,
};

struct app {
	const char *db;     /* path of the store */
	char *index;        /* path of its index folder */
	const char *config; /* path, or NULL for opslore.conf if it is there */
	const char *as;     /* reader's name, or NULL for "local" */
	bool json;
	enum progress_style progress;
	struct conf *conf; /* never NULL */
	int64_t now;       /* when the program started */
};

struct subcommand {
	const char *name, *usage, *summary; /* as of a command */

	/* argv[0] is the subcommand's name. */
	int (*run)(struct app *app, int argc, char **argv);
};

struct command {
	const char *name;    /* "import" */
	const char *usage;   /* "stackexchange PATH [--site HOST]\n..." */
	const char *summary; /* one line */
	const char *help;    /* options and examples, some lines */

	/* Of a command that is several; ends at NULL. Its usage is theirs. */
	const struct subcommand *const *parts;

	/* argv[0] is the command's name. */
	int (*run)(struct app *app, int argc, char **argv);
};

/* Opens app->db (with a hint what to do when it is missing). */
MUST_USE
bool app_store(struct app *app, unsigned flags, struct store **out,
               struct fault *f);

/* The reader of --as; reader_free() it. */
MUST_USE
bool app_reader(struct app *app, struct reader **out, struct fault *f);

/* For what works on the whole store whoever's its rows are: a reader who may
 * not see all of it is refused (FAULT_DENIED). */
MUST_USE
bool app_whole(struct app *app, struct fault *f);

/* The configuration's [index] analyzer; `fallback` when it is not set. A key
 * that [index] does not have is FAULT_USAGE. */
MUST_USE
bool app_analyzer(const struct app *app, const char *fallback,
                  struct slice *out, struct fault *f);

/* Whether the index is to keep the words of passages in order: [index] forward,
 * yes unless it is set. */
MUST_USE
bool app_forward(const struct app *app, bool *out, struct fault *f);

/* --json says what comes out: --format (NULL: not given) may not differ. */
MUST_USE
bool app_format(const struct app *app, const char *format, struct fault *f);

/* Appends {"version":1,"error":{"kind","code","text",...}} as one line. */
void app_fault_json(const struct fault *f, struct buf *out);

/* Prints the fault as a person or --json wants it; the exit code for it. */
int app_fail(struct app *app, const struct fault *f);

/* The commands, in the order help shows them; ends at NULL. In main.c. */
extern const struct command *const commands[];

extern const struct command cmd_init, cmd_status, cmd_doctor, cmd_backup,
        cmd_forget, cmd_import, cmd_crawl, cmd_sources, cmd_analyze, cmd_index,
        cmd_search, cmd_eval, cmd_bench, cmd_serve, cmd_export, cmd_stats,
        cmd_robots, cmd_extract, cmd_cases;

#endif
