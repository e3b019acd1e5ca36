/* Writing the log that record.h specifies: one writev() a record onto a
 * descriptor opened for appending, so that a kill cuts between records and
 * several processes can share a log. */

#define _GNU_SOURCE

#include "record.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int record_fd = -1;

/* By the raw calls: the library's names lead back to the shim. */
void record_setup(const char *path)
{
	record_fd =
	        (int)syscall(SYS_openat, AT_FDCWD, path,
	                     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

static void record_number(unsigned char *to, uint64_t n, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = (unsigned char)(n >> (8 * i));
}

void record(enum record_what what, const char *path, uint64_t handle,
            uint64_t offset, const void *data, size_t len)
{
	unsigned char head[24] = { (unsigned char)what };
	size_t path_len = strlen(path);
	struct iovec parts[] = {
		{ head, sizeof(head) },
		{ (void *)(uintptr_t)path, path_len },
		{ (void *)(uintptr_t)data, len },
	};

	if (record_fd < 0)
		return;
	record_number(head + 2, path_len, 2);
	record_number(head + 4, len, 4);
	record_number(head + 8, handle, 8);
	record_number(head + 16, offset, 8);
	if (syscall(SYS_writev, record_fd, parts, 3) < 0)
		_exit(99);
}
