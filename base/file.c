/* The only place that writes files which must survive: temporary, fsync,
 * rename, fsync of the folder. A failed fsync is final: it is never tried
 * again, because the kernel may have dropped the pages it could not write. */

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

enum { FILE_BUFFER = 64 << 10 };

bool fault_errno(struct fault *f, const char *path, const char *doing)
{
	int code = errno;
	enum fault_kind kind = FAULT_SYSTEM;

	if (code == ENOENT || code == ENOTDIR)
		kind = FAULT_GONE;
	else if (code == EACCES || code == EPERM || code == EROFS)
		kind = FAULT_DENIED;
	fault(f, kind, code == ENOSPC ? "disk-full" : "file",
	      "cannot %s '%s': %s", doing, path, strerror(code));
	return fault_at(f, path, 0);
}

char *file_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return memory_copy(".", 1);
	return memory_copy(path, slash == path ? 1 : (size_t)(slash - path));
}

char *file_temporary(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t size = strlen(path) + 32;
	char *out = memory_new(size, 1);

	snprintf(out, size, "%.*s.tmp-%ld-%s", (int)(name - path), path,
	         (long)getpid(), name);
	return out;
}

bool file_start(struct file_new *n, const char *path, struct fault *f)
{
	*n = (struct file_new){ .fd = -1 };
	n->temporary = file_temporary(path);
	n->fd = open(n->temporary,
	             O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
	             0666);
	if (n->fd < 0) {
		fault_errno(f, path, "create");
		free(n->temporary);
		*n = (struct file_new){ .fd = -1 };
		return false;
	}
	n->path = memory_copy(path, strlen(path));
	n->buffer = memory_resize(NULL, FILE_BUFFER, 1);
	return true;
}

static void file_write(struct file_new *n, const char *at, size_t len)
{
	while (len && !n->bad) {
		ssize_t done = write(n->fd, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			n->bad = true;
			fault_errno(&n->why, n->path, "write");
			return;
		}
		at += done;
		len -= (size_t)done;
	}
}

static void file_flush(struct file_new *n)
{
	file_write(n, n->buffer, n->used);
	n->used = 0;
}

void file_add(struct file_new *n, struct slice s)
{
	n->len += s.len;
	if (s.len > FILE_BUFFER - n->used)
		file_flush(n);
	if (s.len >= FILE_BUFFER) {
		file_write(n, s.at, s.len);
		return;
	}
	if (s.len)
		memcpy(n->buffer + n->used, s.at, s.len);
	n->used += s.len;
}

static void file_release(struct file_new *n)
{
	if (n->path && n->fd >= 0)
		close(n->fd);
	free(n->path);
	free(n->temporary);
	free(n->buffer);
	*n = (struct file_new){ .fd = -1 };
}

bool file_place(struct file_new *n, struct fault *f)
{
	bool ok = false;

	file_flush(n);
	if (n->bad)
		*f = n->why;
	else if (!n->unsynced && fsync(n->fd))
		fault_errno(f, n->path, "sync");
	else if (rename(n->temporary, n->path))
		fault_errno(f, n->path, "rename");
	else
		ok = true;
	if (!ok)
		unlink(n->temporary);
	file_release(n);
	return ok;
}

bool file_publish(struct file_new *n, struct fault *f)
{
	char *folder = file_folder(n->path);
	bool ok = file_place(n, f) && folder_sync(folder, f);

	free(folder);
	return ok;
}

void file_drop(struct file_new *n)
{
	if (n->temporary)
		unlink(n->temporary);
	file_release(n);
}

static bool path_sync(const char *path, int flags, struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	bool ok;

	if (fd < 0)
		return fault_errno(f, path, "open");
	ok = !fsync(fd) || fault_errno(f, path, "sync");
	close(fd);
	return ok;
}

bool file_sync(const char *path, struct fault *f)
{
	return path_sync(path, 0, f);
}

bool folder_sync(const char *path, struct fault *f)
{
	return path_sync(path, O_DIRECTORY, f);
}

/* One folder, and its entry in the one above made durable. */
static bool folder_make_one(const char *path, struct fault *f)
{
	char *above;
	bool ok;

	if (mkdir(path, 0777))
		return errno == EEXIST || fault_errno(f, path, "make folder");
	above = file_folder(path);
	ok = folder_sync(above, f);
	free(above);
	return ok;
}

bool folder_make(const char *path, struct fault *f)
{
	char *copy = memory_copy(path, strlen(path));
	char *slash = copy;
	bool ok = true;

	while (ok && slash) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		ok = !*copy || folder_make_one(copy, f);
		if (slash)
			*slash = '/';
	}
	free(copy);
	return ok;
}

/* Whether it is what file_temporary() makes of `name`, or of a longer one. */
static bool file_is_temporary(const char *entry, const char *name)
{
	size_t digits;

	if (strncmp(entry, ".tmp-", 5))
		return false;
	digits = strspn(entry + 5, "0123456789");
	return digits && entry[5 + digits] == '-' &&
	       !strncmp(entry + 6 + digits, name, strlen(name));
}

bool folder_sweep(const char *path, const char *name, struct fault *f)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (!folder)
		return errno == ENOENT || fault_errno(f, path, "open");
	while (ok && (entry = readdir(folder)))
		if (file_is_temporary(entry->d_name, name) &&
		    unlinkat(dirfd(folder), entry->d_name, 0) &&
		    errno != ENOENT)
			ok = fault_errno(f, path, "remove a file left in");
	closedir(folder);
	return ok;
}

static bool file_read_all(int fd, const char *path, size_t ceiling, char **out,
                          size_t *len, struct fault *f)
{
	size_t cap = 64 << 10, used = 0;
	char *at = memory_resize(NULL, cap + 1, 1);
	ssize_t n;

	while ((n = read(fd, at + used, cap - used)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fault_errno(f, path, "read");
			goto out;
		}
		used += (size_t)n;
		if (used > ceiling) {
			fault(f, FAULT_LIMIT, "limit-file",
			      "'%s' is larger than the %zu bytes allowed", path,
			      ceiling);
			fault_at(f, path, 0);
			goto out;
		}
		if (used == cap) {
			cap *= 2;
			at = memory_resize(at, cap + 1, 1);
		}
	}
	at[used] = '\0';
	*out = at;
	*len = used;
	return true;
out:
	free(at);
	return false;
}

bool file_read(const char *path, size_t ceiling, char **out, size_t *len,
               struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return fault_errno(f, path, "open");
	ok = file_read_all(fd, path, ceiling, out, len, f);
	close(fd);
	return ok;
}

bool file_map_open(struct file_map *m, const char *path, struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *at = NULL;

	*m = (struct file_map){ 0 };
	if (fd < 0)
		return fault_errno(f, path, "open");
	if (fstat(fd, &st)) {
		close(fd);
		return fault_errno(f, path, "stat");
	}
	if (st.st_size > 0)
		at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd,
		          0);
	close(fd);
	if (at == MAP_FAILED)
		return fault_errno(f, path, "map");
	m->at = at;
	m->len = (size_t)st.st_size;
	return true;
}

void file_map_close(struct file_map *m)
{
	if (m->at)
		munmap((void *)(uintptr_t)m->at, m->len);
	*m = (struct file_map){ 0 };
}
