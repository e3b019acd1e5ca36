/* A process on a leash: it ends when our end of its standard input closes. */

#include "tests/unit/hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void need(bool what, const char *text)
{
	if (!what) {
		fprintf(stderr, "hostile server: %s\n", text);
		abort();
	}
}

static void run_server(const struct hostile *s, const char *script, int in,
                       int out)
{
	char log[96], path[512];

	snprintf(log, sizeof(log), "%s/log", s->folder);
	dup2(in, 0);
	dup2(out, 1);
	unsetenv("LD_PRELOAD");
	snprintf(path, sizeof(path), "%s/../server/%s", TEST_DATA, script);
	execlp("python3", "python3", path, "--leash", "--log", log, "--certs",
	       s->folder, (char *)NULL);
	_exit(127);
}

void hostile_start(struct hostile *s)
{
	hostile_start_as(s, "hostile.py");
}

void hostile_start_as(struct hostile *s, const char *script)
{
	int in[2], out[2];
	FILE *lines;
	char line[64] = "";

	memset(s, 0, sizeof(*s));
	snprintf(s->folder, sizeof(s->folder), "/tmp/opslore-http-XXXXXX");
	need(mkdtemp(s->folder), "no folder");
	need(pipe(in) == 0 && pipe(out) == 0, "no pipe");
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	signal(SIGPIPE, SIG_IGN); /* as the program does */
	s->pid = fork();
	need(s->pid >= 0, "no process");
	if (s->pid == 0)
		run_server(s, script, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	s->leash = in[1];
	lines = fdopen(out[0], "r");
	while (fgets(line, sizeof(line), lines) && strcmp(line, "ready\n")) {
		need(s->count < 320, "too many lines");
		memcpy(s->lines[s->count++], line, sizeof(line));
	}
	need(!strcmp(line, "ready\n"), "it does not start");
	fclose(lines);
}

void hostile_stop(struct hostile *s)
{
	pid_t pid;

	close(s->leash);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", s->folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

int hostile_port(const struct hostile *s, const char *what)
{
	size_t len = strlen(what);

	for (size_t i = 0; i < s->count; i++)
		if (!strncmp(s->lines[i], what, len) && s->lines[i][len] == ' ')
			return (int)strtol(s->lines[i] + len, NULL, 10);
	need(false, what);
	return 0;
}

const char *hostile_path(const struct hostile *s, const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	return path;
}

size_t hostile_logged(const struct hostile *s, const char *text)
{
	FILE *log = fopen(hostile_path(s, "log"), "r");
	char line[4096];
	size_t count = 0;

	while (log && fgets(line, sizeof(line), log))
		count += strstr(line, text) != NULL;
	if (log)
		fclose(log);
	return count;
}

struct http_reply *fetch(struct http *h, const struct http_request *r)
{
	struct http_reply *reply = NULL;
	struct fault f;

	need(http_start(h, r, &f), f.text);
	while (!reply) {
		need(http_poll(h, 60000, &f), f.text);
		reply = http_next(h);
	}
	return reply;
}
