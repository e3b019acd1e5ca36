/* forget: removes posts or answers for good, and keeps them out. */

#include <stdio.h>

#include "app/command.h"
#include "app/options.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/say.h"

static void forget_tell(const struct app *app, int done, int failed)
{
	struct buf line = BUF_INIT(1 << 16);
	struct json_out o;

	if (!app->json) {
		printf("%d forgotten\n", done);
		if (done)
			puts("next: opslore index (until then the index still "
			     "holds their words, but shows nothing of them)");
		return;
	}
	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair_number(&o, "forgotten", done);
	json_pair_number(&o, "failed", failed);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

/* Each by itself: one that is not there does not hold up the others. */
static int forget_each(struct app *app, struct store *s, int count, char **ids)
{
	int i, done = 0;
	struct fault f;

	for (i = 0; i < count; i++) {
		if (store_forget(s, slice_of(ids[i]), app->now, &f)) {
			done++;
			continue;
		}
		fault_at(&f, ids[i], 0);
		say_fault(SAY_ERROR, &f);
	}
	forget_tell(app, done, count - done);
	if (done == count)
		return EXIT_DONE;
	return done ? EXIT_PARTLY : EXIT_FAILED;
}

static int forget_run(struct app *app, int argc, char **argv)
{
	const struct option table[] = { { 0 } };
	struct store *s = NULL;
	struct fault f;
	int count, code;

	if (!options_read(table, argc, argv, &count, &f))
		return app_fail(app, &f);
	if (!count) {
		fault(&f, FAULT_USAGE, "forget-operand",
		      "give at least one id: SPACE/NATIVE-ID, with #a-ID for "
		      "one answer");
		return app_fail(app, &f);
	}
	if (!app_whole(app, &f) || !app_store(app, STORE_WRITE, &s, &f))
		return app_fail(app, &f);
	code = forget_each(app, s, count, argv + 1);
	store_close(s);
	return code;
}

const struct command cmd_forget = {
	.name = "forget",
	.usage = "ID...",
	.summary = "remove posts or answers for good, and keep them out",
	.help = "Rows, originals, comments, staged rows and names that nothing "
	        "else refers to\n"
	        "go; freed bytes are overwritten. Later imports leave the id "
	        "out, the next\n"
	        "'opslore index' removes its words, exports no longer have "
	        "it. A line in the\n"
	        "table Audit says when. Backups and exports made before are "
	        "not reached.\n"
	        "Of a support case all goes but its line in the ledger; an "
	        "entry that it shared\n"
	        "with others goes too, until 'opslore cases fold' makes it "
	        "anew without it.\n"
	        "\n"
	        "  opslore forget serverfault.com/12345\n"
	        "  opslore forget 'serverfault.com/12345#a-12347'",
	.run = forget_run,
};
