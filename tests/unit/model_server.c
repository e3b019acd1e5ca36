/* As hostile.c: a process whose end is that of our end of a pipe. */

#include "tests/unit/model_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void need(bool what, const char *text)
{
	if (!what) {
		fprintf(stderr, "model server: %s\n", text);
		abort();
	}
}

static void run_server(const struct model_server *m, bool script,
                       const char *const *options, int in, int out)
{
	char log[96], rules[96];
	char *argv[32] = { "python3", TEST_DATA "/../server/model_api.py",
		           "--leash", "--log", log };
	int argc = 5;

	snprintf(log, sizeof(log), "%s/log", m->folder);
	snprintf(rules, sizeof(rules), "%s/script", m->folder);
	if (script) {
		argv[argc++] = "--script";
		argv[argc++] = rules;
	}
	for (; options && *options && argc < 31; options++)
		argv[argc++] = (char *)(uintptr_t)*options;
	dup2(in, 0);
	dup2(out, 1);
	unsetenv("LD_PRELOAD");
	execvp("python3", argv);
	_exit(127);
}

void model_server_start(struct model_server *m, const char *script,
                        const char *const *options)
{
	char path[96];
	int in[2], out[2];
	FILE *file;

	memset(m, 0, sizeof(*m));
	snprintf(m->folder, sizeof(m->folder), "/tmp/opslore-llm-XXXXXX");
	need(mkdtemp(m->folder), "no folder");
	if (script) {
		snprintf(path, sizeof(path), "%s/script", m->folder);
		file = fopen(path, "w");
		need(file && fputs(script, file) >= 0 && !fclose(file),
		     "no script");
	}
	need(pipe(in) == 0 && pipe(out) == 0, "no pipe");
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	signal(SIGPIPE, SIG_IGN); /* as the program does */
	m->pid = fork();
	need(m->pid >= 0, "no process");
	if (m->pid == 0)
		run_server(m, script, options, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	m->leash = in[1];
	file = fdopen(out[0], "r");
	need(fscanf(file, "%d", &m->port) == 1, "it does not start");
	fclose(file);
}

void model_server_stop(struct model_server *m)
{
	pid_t pid;

	close(m->leash);
	while (waitpid(m->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", m->folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

size_t model_server_logged(const struct model_server *m, const char *text)
{
	char path[96], line[4096];
	size_t count = 0;
	FILE *log;

	snprintf(path, sizeof(path), "%s/log", m->folder);
	log = fopen(path, "r");
	need(log, "no log");
	while (fgets(line, sizeof(line), log))
		count += strstr(line, text) != NULL;
	fclose(log);
	return count;
}
