/*
 * The exchange is renameat2(RENAME_EXCHANGE) where the file system has it;
 * elsewhere the old folder steps aside under a name of its own first, and is
 * put back should the second rename fail.
 */

#include "export/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

enum { PUBLISH_LEVELS = 2 }; /* of folders in a fresh one */

static char *join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *out = memory_new(size, 1);

	snprintf(out, size, "%s/%s", folder, name);
	return out;
}

static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return memory_copy(".", 1);
	return memory_copy(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Removes a folder of plain files; goes down into `levels` of folders. */
static void folder_remove(const char *path, int levels)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *file = join(path, entry->d_name);

		if (unlink(file) && levels && strcmp(entry->d_name, ".") &&
		    strcmp(entry->d_name, ".."))
			folder_remove(file, levels - 1);
		free(file);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* Empty, or with a manifest of ours: then it may be replaced. */
static bool replaceable(const char *path, struct fault *f)
{
	char *manifest = join(path, "manifest.json");
	bool ours = !access(manifest, F_OK);
	DIR *dir = opendir(path);
	struct dirent *entry;

	free(manifest);
	if (!dir)
		return errno == ENOENT || fault_errno(f, path, "open folder");
	while (!ours && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			break;
	closedir(dir);
	if (ours || !entry)
		return true;
	fault(f, FAULT_DENIED, "export-foreign",
	      "'%s' holds other files and no manifest.json: name another "
	      "folder",
	      path);
	return fault_at(f, path, 0);
}

/* Whether it is a folder in which somebody exports, or did. */
static bool is_temporary(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(entry, name, len) &&
	       !strncmp(entry + len, ".tmp-", 5) && entry[len + 5] &&
	       !entry[len + 5 + strspn(entry + len + 5, "0123456789")];
}

/* Takes the folder's lock, which its writer holds as long as it lives. -1:
 * somebody else has it. */
static int folder_lock(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Removes what a killed export of the same folder left behind. */
static void sweep(const char *folder, int levels)
{
	const char *slash = strrchr(folder, '/');
	char *parent = parent_of(folder);
	DIR *dir = opendir(parent);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *path;
		int lock;

		if (!is_temporary(entry->d_name, slash ? slash + 1 : folder))
			continue;
		path = join(parent, entry->d_name);
		lock = folder_lock(path);
		if (lock >= 0) {
			folder_remove(path, levels);
			close(lock);
		}
		free(path);
	}
	if (dir)
		closedir(dir);
	free(parent);
}

/* Of a fresh folder: months, and replies in them. A folder that was there may
 * have others' folders in it, which are none of ours. */
static int levels_of(const struct publish *p)
{
	return p->fresh ? PUBLISH_LEVELS : 0;
}

/* Whether there is nothing at all by that name. */
static bool is_free(const char *path, struct fault *f)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT || fault_errno(f, path, "look for");
	fault(f, FAULT_USAGE, "export-exists",
	      "'%s' is there already: name a folder that is not", path);
	return fault_at(f, path, 0);
}

static bool start(struct publish *p, const char *folder, bool fresh,
                  struct fault *f)
{
	size_t len = strlen(folder), size = len + 40;

	*p = (struct publish){ .lock = -1, .fresh = fresh };
	while (len > 1 && folder[len - 1] == '/')
		len--;
	p->folder = memory_copy(folder, len);
	p->temporary = memory_new(size, 1);
	snprintf(p->temporary, size, "%s.tmp-%ld", p->folder, (long)getpid());
	sweep(p->folder, levels_of(p));
	if ((fresh ? is_free(p->folder, f) : replaceable(p->folder, f)) &&
	    folder_make(p->temporary, f)) {
		p->lock = folder_lock(p->temporary);
		return true;
	}
	publish_drop(p);
	return false;
}

bool publish_start(struct publish *p, const char *folder, struct fault *f)
{
	return start(p, folder, false, f);
}

bool publish_start_new(struct publish *p, const char *folder, struct fault *f)
{
	return start(p, folder, true, f);
}

bool publish_folder(struct publish *p, const char *name, struct fault *f)
{
	char *path = join(p->temporary, name);
	bool ok = !mkdir(path, 0777) || fault_errno(f, path, "make folder");

	free(path);
	return ok;
}

bool publish_file(struct publish *p, const char *name, struct file_new *out,
                  struct fault *f)
{
	char *path = join(p->temporary, name);
	bool ok = file_start(out, path, f);

	/* Thousands of files: all are synced together at the end. */
	out->unsynced = ok && p->fresh;
	free(path);
	return ok;
}

bool publish_text(struct publish *p, const char *name, struct slice text,
                  struct fault *f)
{
	struct file_new file;

	if (!publish_file(p, name, &file, f))
		return false;
	file_add(&file, text);
	return file_place(&file, f);
}

static bool folder_swap(const char *fresh, const char *folder, struct fault *f)
{
	char *aside;
	bool ok;

	if (!renameat2(AT_FDCWD, fresh, AT_FDCWD, folder, RENAME_EXCHANGE))
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return fault_errno(f, folder, "replace");
	aside = memory_new(strlen(fresh) + 8, 1);
	snprintf(aside, strlen(fresh) + 8, "%s-old", fresh);
	ok = !rename(folder, aside) && !rename(fresh, folder);
	if (!ok) {
		fault_errno(f, folder, "replace");
		if (access(folder, F_OK))
			ok = !rename(aside, folder) && false;
	} else if (rename(aside, fresh)) {
		folder_remove(aside, 0);
	}
	free(aside);
	return ok;
}

/* Everything of that file system; one wait instead of one a file. */
static bool all_sync(const struct publish *p, struct fault *f)
{
	int fd = open(p->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && !syncfs(fd);

	if (!ok)
		fault_errno(f, p->temporary, "sync");
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Where the file system has no RENAME_NOREPLACE: an empty folder that somebody
 * made meanwhile is all that it could replace. */
static bool rename_free(const struct publish *p, struct fault *f)
{
	if (errno != EINVAL && errno != ENOSYS)
		return fault_errno(f, p->folder, "publish");
	return is_free(p->folder, f) && (!rename(p->temporary, p->folder) ||
	                                 fault_errno(f, p->folder, "publish"));
}

bool publish_commit(struct publish *p, struct fault *f)
{
	char *parent = parent_of(p->folder);
	struct stat st;
	bool there = !stat(p->folder, &st);
	bool ok = p->fresh ? all_sync(p, f) : folder_sync(p->temporary, f);

	if (ok && p->fresh)
		ok = !renameat2(AT_FDCWD, p->temporary, AT_FDCWD, p->folder,
		                RENAME_NOREPLACE) ||
		     rename_free(p, f);
	else if (ok && there)
		ok = folder_swap(p->temporary, p->folder, f);
	else if (ok)
		ok = !rename(p->temporary, p->folder) ||
		     fault_errno(f, p->folder, "publish");
	ok = ok && folder_sync(parent, f);
	free(parent);
	if (!ok)
		return false;
	publish_drop(p); /* what is there now is the old folder, if any */
	return true;
}

void publish_drop(struct publish *p)
{
	if (p->temporary) {
		folder_remove(p->temporary, levels_of(p));
		if (p->lock >= 0)
			close(p->lock);
	}
	free(p->folder);
	free(p->temporary);
	*p = (struct publish){ .lock = -1 };
}
