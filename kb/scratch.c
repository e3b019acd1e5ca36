/* One buffer; when it is full it goes to a file that is unlinked as soon as it
 * is open, so that nothing is left whatever happens. */

#include "kb/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum { SCRATCH_BUFFER = 256 << 10 };

void scratch_init(struct scratch *s, const char *beside)
{
	*s = (struct scratch){ .beside = beside, .fd = -1 };
	s->buffer = memory_resize(NULL, SCRATCH_BUFFER, 1);
}

void scratch_release(struct scratch *s)
{
	if (s->buffer && s->fd >= 0)
		close(s->fd);
	free(s->buffer);
	*s = (struct scratch){ .fd = -1 };
}

static void scratch_failed(struct scratch *s, const char *doing)
{
	if (!s->bad)
		fault_errno(&s->why, s->beside, doing);
	s->bad = true;
}

static void scratch_file(struct scratch *s)
{
	const char *slash = strrchr(s->beside, '/');
	size_t size = strlen(s->beside) + 48;
	char *path = memory_new(size, 1);

	snprintf(path, size, "%.*s.tmp-%ld-scratch-%p",
	         slash ? (int)(slash + 1 - s->beside) : 0, s->beside,
	         (long)getpid(), (void *)s);
	s->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (s->fd < 0)
		scratch_failed(s, "create scratch file beside");
	else
		unlink(path);
	free(path);
}

static void scratch_write(struct scratch *s, const char *at, size_t len)
{
	if (s->fd < 0 && !s->bad)
		scratch_file(s);
	while (len && !s->bad) {
		ssize_t done = write(s->fd, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			scratch_failed(s, "write scratch file beside");
			return;
		}
		at += done;
		len -= (size_t)done;
	}
}

void scratch_add(struct scratch *s, struct slice bytes)
{
	s->len += bytes.len;
	while (bytes.len) {
		size_t n = SCRATCH_BUFFER - s->used;

		if (n > bytes.len)
			n = bytes.len;
		memcpy(s->buffer + s->used, bytes.at, n);
		s->used += n;
		bytes = slice_cut(bytes, n, bytes.len);
		if (s->used == SCRATCH_BUFFER) {
			scratch_write(s, s->buffer, s->used);
			s->used = 0;
		}
	}
}

static bool scratch_read(struct scratch *s, uint64_t at, char *to, size_t len)
{
	while (len && !s->bad) {
		ssize_t n = pread(s->fd, to, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			scratch_failed(s, "read scratch file beside");
			break;
		}
		at += (uint64_t)n;
		to += n;
		len -= (size_t)n;
	}
	return !s->bad;
}

void scratch_put(struct scratch *s, uint64_t at, struct slice bytes)
{
	if (s->fd < 0 && !s->bad)
		scratch_file(s);
	while (bytes.len && !s->bad) {
		ssize_t done = pwrite(s->fd, bytes.at, bytes.len, (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			scratch_failed(s, "write scratch file beside");
			return;
		}
		at += (uint64_t)done;
		bytes = slice_cut(bytes, (size_t)done, bytes.len);
	}
}

bool scratch_get(struct scratch *s, uint64_t at, char *to, size_t len,
                 struct fault *f)
{
	if (scratch_read(s, at, to, len))
		return true;
	*f = s->why;
	return false;
}

bool scratch_each(struct scratch *s, scratch_fn *fn, void *self,
                  struct fault *f)
{
	uint64_t written = s->len - s->used, at = 0;
	char *run = memory_resize(NULL, SCRATCH_BUFFER, 1);

	while (at < written && !s->bad) {
		size_t n = SCRATCH_BUFFER;

		if (n > written - at)
			n = (size_t)(written - at);
		if (scratch_read(s, at, run, n))
			fn(self, (struct slice){ run, n });
		at += n;
	}
	free(run);
	if (!s->bad && s->used)
		fn(self, (struct slice){ s->buffer, s->used });
	if (s->bad)
		*f = s->why;
	return !s->bad;
}
