/* backup: a consistent copy of the store while others write to it. */

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "app/command.h"
#include "app/options.h"
#include "base/buf.h"
#include "base/json.h"

static void backup_tell(const struct app *app, const char *to)
{
	struct buf line = BUF_INIT(1 << 16);
	struct json_out o;
	struct stat st = { 0 };

	stat(to, &st);
	if (!app->json) {
		printf("'%s': %" PRId64 " bytes\n", to, (int64_t)st.st_size);
		return;
	}
	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "backup", slice_of(to));
	json_pair_number(&o, "bytes", (int64_t)st.st_size);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static bool backup(struct app *app, int argc, char **argv, struct fault *f)
{
	const struct option table[] = { { 0 } };
	struct store *s = NULL;
	int count;
	bool ok;

	if (!options_read(table, argc, argv, &count, f))
		return false;
	if (count != 1)
		return fault(f, FAULT_USAGE, "backup-operand",
		             "give the file to be made");
	if (!app_whole(app, f) || !app_store(app, STORE_READ, &s, f))
		return false;
	ok = store_backup(s, argv[1], f);
	store_close(s);
	if (ok)
		backup_tell(app, argv[1]);
	return ok;
}

static int backup_run(struct app *app, int argc, char **argv)
{
	struct fault f;

	return backup(app, argc, argv, &f) ? EXIT_DONE : app_fail(app, &f);
}

const struct command cmd_backup = {
	.name = "backup",
	.usage = "FILE",
	.summary = "copy the store while others use it",
	.help = "FILE appears whole or not at all; an existing one is refused. "
	        "It is a store:\n"
	        "to restore, stop what writes, and put it in the place of the "
	        "old one together\n"
	        "with removing the old one's -wal and -shm files. The index "
	        "notices that the\n"
	        "store went back and is rebuilt by the next 'opslore index'.\n"
	        "\n"
	        "  opslore backup /backup/opslore-$(date +%F).db",
	.run = backup_run,
};
