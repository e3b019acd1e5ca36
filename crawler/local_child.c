/*
 * Between fork and exec only system calls are made: other threads may hold
 * locks. Landlock with no rule takes away every way to change a file, and is
 * kept over the exec; where the kernel has none, that wall is missing.
 */

#include "crawler/local_child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"

enum {
	CHILD_PATH = 4096,
	CHILD_WAIT = 100,      /* milliseconds between looks at Ctrl-C */
	CHILD_READ = 16 << 10, /* bytes */
};

/* Where PATH has the program; false: nowhere. */
static bool find(const char *name, char out[CHILD_PATH])
{
	const char *path = getenv("PATH");
	struct slice rest = slice_of(path ? path : "/usr/bin:/bin");

	while (rest.len) {
		struct slice folder = slice_cut(rest, 0, slice_find(rest, ':'));

		rest = slice_cut(rest, folder.len + 1, rest.len);
		if (folder.len && folder.len + strlen(name) + 2 < CHILD_PATH) {
			snprintf(out, CHILD_PATH, "%.*s/%s", SLICE_ARG(folder),
			         name);
			if (!access(out, X_OK))
				return true;
		}
	}
	return false;
}

static void limit(int what, rlim_t most)
{
	const struct rlimit r = { most, most };

	setrlimit(what, &r);
}

static void forbid_writing(void)
{
	const struct landlock_ruleset_attr all = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE |
		                     LANDLOCK_ACCESS_FS_REMOVE_DIR |
		                     LANDLOCK_ACCESS_FS_REMOVE_FILE |
		                     LANDLOCK_ACCESS_FS_MAKE_CHAR |
		                     LANDLOCK_ACCESS_FS_MAKE_DIR |
		                     LANDLOCK_ACCESS_FS_MAKE_REG |
		                     LANDLOCK_ACCESS_FS_MAKE_SOCK |
		                     LANDLOCK_ACCESS_FS_MAKE_FIFO |
		                     LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		                     LANDLOCK_ACCESS_FS_MAKE_SYM,
	};
	int fd =
	        (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (fd >= 0)
		syscall(SYS_landlock_restrict_self, fd, 0);
}

_Noreturn static void become(const struct local_child *c, const char *path,
                             int output, pid_t parent)
{
	static char *const environment[] = { (char *)"LC_ALL=C.UTF-8",
		                             (char *)"PATH=/usr/bin:/bin",
		                             NULL };
	int nothing = open("/dev/null", O_WRONLY);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(126);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	if (lseek(c->input, 0, SEEK_SET) < 0 || dup2(c->input, 0) < 0 ||
	    dup2(output, 1) < 0 || dup2(nothing, 2) < 0)
		_exit(126);
	syscall(SYS_close_range, 3, ~0U, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, c->seconds);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NOFILE, 32);
	forbid_writing();
	limit(RLIMIT_AS, c->memory);
	execve(path, (char *const *)c->argv, environment);
	_exit(127);
}

/* Reads until the child has no more to say. */
static bool listen_to(const struct local_child *c, int from, struct buf *out,
                      struct fault *f)
{
	int64_t until = clock_monotonic() + c->timeout;
	struct pollfd p = { .fd = from, .events = POLLIN };
	ssize_t n = 1;

	while (n) {
		char piece[CHILD_READ];

		if (!cancel_check(f))
			return false;
		if (clock_monotonic() > until)
			return fault(f, FAULT_LIMIT, "limit-child",
			             "%s took longer than %lld s", c->argv[0],
			             (long long)(c->timeout / 1000));
		if (poll(&p, 1, CHILD_WAIT) <= 0)
			continue;
		n = read(from, piece, sizeof(piece));
		buf_add(out, (struct slice){ piece, n > 0 ? (size_t)n : 0 });
		if (buf_full(out))
			return fault(f, FAULT_LIMIT, "limit-child",
			             "what %s writes is over %zu KiB",
			             c->argv[0], out->ceiling >> 10);
	}
	return true;
}

static bool judge(const struct local_child *c, int status, struct fault *f)
{
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return fault(f, FAULT_LIMIT, "limit-child",
		             "%s used more than %u s of CPU", c->argv[0],
		             c->seconds);
	return fault(f, FAULT_INPUT, "child", "%s cannot read it", c->argv[0]);
}

bool local_child_run(const struct local_child *c, struct buf *out,
                     struct fault *f)
{
	pid_t child, parent = getpid();
	char path[CHILD_PATH];
	int ends[2], status = 0;
	bool ok;

	if (!find(c->argv[0], path))
		return fault(f, FAULT_USAGE, "not-installed",
		             "%s is not installed", c->argv[0]);
	if (pipe(ends))
		return fault_errno(f, path, "make a pipe");
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	child = fork();
	if (!child)
		become(c, path, ends[1], parent);
	close(ends[1]);
	ok = child > 0 || fault_errno(f, path, "start");
	ok = ok && listen_to(c, ends[0], out, f);
	close(ends[0]);
	if (child < 0)
		return false;
	if (!ok)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return ok && judge(c, status, f);
}
