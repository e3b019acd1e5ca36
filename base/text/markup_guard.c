/*
 * Three walls, each of which would do: resource limits, Landlock with no rule
 * (no path can be opened), and a seccomp filter that refuses all but what
 * malloc, reading, writing and leaving take. A refused call fails with EPERM
 * instead of killing, because a C library may try one and do without. Raw
 * system calls, because Debian 12's libc has no names for them.
 *
 * Sanitizers need address space and system calls of their own, so under them
 * only Landlock holds.
 */

#include "base/text/markup_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/text/markup_worker.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#if defined(__x86_64__)
#define GUARD_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define GUARD_ARCH AUDIT_ARCH_AARCH64
#endif

/* On top of what the process was forked with. */
enum { GUARD_MEMORY = 512 << 20 };

/* Bytes of address space this process has now, what it was forked with
 * included; 0: the kernel does not say. */
static rlim_t guard_size(void)
{
	char text[32] = "";
	rlim_t pages = 0;
	size_t i;
	int fd = open("/proc/self/statm", O_RDONLY);

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = '\0';
	close(fd);
	for (i = 0; text[i] >= '0' && text[i] <= '9'; i++)
		pages = pages * 10 + (rlim_t)(text[i] - '0');
	return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static bool guard_limits(rlim_t size)
{
	const struct rlimit none = { 0, 0 };
	const struct rlimit memory = { size + GUARD_MEMORY,
		                       size + GUARD_MEMORY };

	if (SANITIZED || !size)
		return false;
	return !setrlimit(RLIMIT_AS, &memory) &&
	       !setrlimit(RLIMIT_FSIZE, &none) &&
	       !setrlimit(RLIMIT_CORE, &none) &&
	       !setrlimit(RLIMIT_NPROC, &none) &&
	       !setrlimit(RLIMIT_NOFILE, &none);
}

static bool guard_landlock(void)
{
	struct landlock_ruleset_attr rules = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,
	};
	long fd =
	        syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
	bool done;

	if (fd < 0)
		return false;
	done = !syscall(SYS_landlock_restrict_self, fd, 0);
	close((int)fd);
	return done;
}

#ifdef GUARD_ARCH
#define ALLOW(call)                                                            \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1),                     \
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static bool guard_seccomp(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		         offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GUARD_ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		         offsetof(struct seccomp_data, nr)),
		ALLOW(SYS_read),
		ALLOW(SYS_write),
		ALLOW(SYS_brk),
		ALLOW(SYS_mmap),
		ALLOW(SYS_munmap),
		ALLOW(SYS_mremap),
		ALLOW(SYS_madvise),
		ALLOW(SYS_futex),
		ALLOW(SYS_setitimer),
		ALLOW(SYS_rt_sigreturn),
		ALLOW(SYS_exit),
		ALLOW(SYS_exit_group),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]),
		                      filter };

	return !SANITIZED &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
#else
static bool guard_seccomp(void)
{
	return false;
}
#endif

unsigned markup_guard(void)
{
	rlim_t size = guard_size();
	unsigned flags = 0;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && guard_landlock())
		flags |= MARKUP_GUARD_LANDLOCK;
	if (guard_limits(size))
		flags |= MARKUP_GUARD_LIMITS;
	if (guard_seccomp())
		flags |= MARKUP_GUARD_SECCOMP;
	return flags;
}

/* Every descriptor from `first` on. */
static void guard_close(int first)
{
	struct rlimit most = { 0, 0 };
	int fd;

#ifdef SYS_close_range
	if (!syscall(SYS_close_range, (unsigned)first, ~0u, 0))
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &most) || most.rlim_cur > 1 << 20)
		most.rlim_cur = 1 << 20;
	for (fd = first; fd < (int)most.rlim_cur; fd++)
		close(fd);
}

void markup_guard_descriptors(int fd)
{
	if (fd != 0) {
		dup2(fd, 0);
		close(fd);
	}
	close(1);
	/* A sanitizer's report is worth its descriptor. */
	if (!SANITIZED)
		close(2);
	guard_close(3);
}

void markup_guard_signals(void)
{
	static const int ends[] = { SIGTERM, SIGPIPE, SIGPROF, SIGHUP };
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		signal(ends[i], SIG_DFL);
	signal(SIGINT, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void markup_guard_clock(unsigned seconds)
{
	const struct itimerval budget = { .it_value = { .tv_sec = seconds } };

	setitimer(ITIMER_PROF, &budget, NULL);
}
