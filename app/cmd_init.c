/* init: makes the store, or brings an older one up to date. */

#include <stdio.h>
#include <sys/stat.h>

#include "app/command.h"
#include "app/options.h"
#include "base/buf.h"
#include "base/json.h"

static void init_json(const struct app *app, struct store *s, bool made)
{
	struct buf line = BUF_INIT(1 << 16);
	struct json_out o;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "store", slice_of(app->db));
	json_pair(&o, "uuid", store_uuid(s));
	json_key(&o, "made");
	json_put_bool(&o, made);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static void init_text(const struct app *app, bool made)
{
	printf("%s '%s'\n",
	       made ? "made the store" : "there is already a store", app->db);
	if (made)
		puts("next: opslore import stackexchange PATH, or opslore "
		     "import jsonl FILE --space NAME");
}

static int init_run(struct app *app, int argc, char **argv)
{
	const struct option table[] = { { 0 } };
	struct store *s = NULL;
	struct stat st;
	struct fault f;
	bool made = stat(app->db, &st) || st.st_size == 0;
	int count;

	if (!options_read(table, argc, argv, &count, &f))
		return app_fail(app, &f);
	if (count) {
		fault(&f, FAULT_USAGE, "init-operand",
		      "init takes no operand: name the store with --db");
		return app_fail(app, &f);
	}
	if (!app_store(app, STORE_CREATE, &s, &f))
		return app_fail(app, &f);
	if (app->json)
		init_json(app, s, made);
	else
		init_text(app, made);
	store_close(s);
	return EXIT_DONE;
}

const struct command cmd_init = {
	.name = "init",
	.usage = "",
	.summary = "make the store, or bring an older one up to date",
	.help = "The store is --db FILE, else OPSLORE_DB, else opslore.db. An "
	        "existing store is\n"
	        "left as it is, or brought up to this version; anything else "
	        "is refused.\n"
	        "Imports make the store by themselves, so init is for "
	        "checking a place.\n"
	        "\n"
	        "  opslore --db /srv/opslore/ops.db init",
	.run = init_run,
};
