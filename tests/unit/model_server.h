#ifndef TESTS_UNIT_MODEL_SERVER_H
#define TESTS_UNIT_MODEL_SERVER_H

#include <stddef.h>
#include <sys/types.h>

/*
 * tests/server/model_api.py beside a test, on a leash: gone when the test
 * ends, however it ends.
 */
struct model_server {
	pid_t pid;
	int leash, port;
	char folder[64]; /* of its log and of what a test puts there */
};

/* `options` ends at NULL; `script` is the text of its script, or NULL. */
void model_server_start(struct model_server *m, const char *script,
                        const char *const *options);
void model_server_stop(struct model_server *m);

/* How many lines of its log hold this. */
size_t model_server_logged(const struct model_server *m, const char *text);

#endif
