/*
 * One level for each folder that is open: its names, sorted, and which is
 * next. A walk that begins behind a path passes over what stands before it,
 * without entering folders that lie wholly before it.
 */

#include "crawler/local_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"

enum {
	FOLDER_LEVELS = 64,
	FOLDER_PATH = 4096,
	FOLDER_NAMES = 4 << 20, /* in one folder */
};

struct level {
	int fd;
	struct arena arena;
	struct slice *names;
	size_t count, next, cap;
	size_t path; /* bytes of `path` that name this folder */
};

struct local_folder {
	char *root;
	int fd; /* of the root */
	const struct local_pick *pick;
	struct level levels[FOLDER_LEVELS];
	size_t depth;
	struct buf path, after;
	bool walking;
};

static int open_within(const struct local_folder *d, const char *path,
                       int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, d->fd, path, &how, sizeof(how));

	return (int)fd;
}

static void close_level(struct level *l)
{
	if (l->fd >= 0)
		close(l->fd);
	arena_release(&l->arena);
	free(l->names);
	*l = (struct level){ .fd = -1 };
}

static void end_walk(struct local_folder *d)
{
	while (d->depth)
		close_level(&d->levels[--d->depth]);
	d->walking = false;
}

static int by_name(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static void add_name(struct level *l, const char *name)
{
	l->names = memory_room(l->names, l->count, &l->cap, sizeof(*l->names));
	l->names[l->count++] = arena_copy(&l->arena, slice_of(name));
}

/* All names of a folder but the hidden ones. 0, or errno. */
static int read_names(struct level *l)
{
	int copy = dup(l->fd), why = 0;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *e;

	if (!dir) {
		why = errno;
		if (copy >= 0)
			close(copy);
		return why;
	}
	errno = 0;
	while ((e = readdir(dir))) {
		if (e->d_name[0] != '.')
			add_name(l, e->d_name);
		if (l->count > FOLDER_NAMES) {
			errno = EFBIG;
			break;
		}
		errno = 0;
	}
	why = errno;
	closedir(dir);
	if (l->count)
		qsort(l->names, l->count, sizeof(*l->names), by_name);
	return why;
}

/* Enters the folder `name` of `parent`. 0, or errno. */
static int enter(struct local_folder *d, int parent, const char *name)
{
	struct level *l = &d->levels[d->depth];
	int why;

	if (d->depth == FOLDER_LEVELS)
		return ELOOP;
	*l = (struct level){ .path = d->path.len };
	l->fd = openat(parent, name,
	               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	why = l->fd < 0 ? errno : read_names(l);
	if (why)
		close_level(l);
	else
		d->depth++;
	return why;
}

bool local_folder_new(struct local_folder **out, const char *path,
                      struct fault *f)
{
	struct local_folder *d = memory_new(1, sizeof(*d));

	*d = (struct local_folder){ .path = BUF_INIT(FOLDER_PATH),
		                    .after = BUF_INIT(FOLDER_PATH) };
	d->root = memory_copy(path, strlen(path) + 1);
	d->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*out = d;
	if (d->fd >= 0)
		return true;
	fault_errno(f, path, "read the folder");
	local_folder_free(d);
	*out = NULL;
	return false;
}

void local_folder_free(struct local_folder *d)
{
	if (!d)
		return;
	end_walk(d);
	if (d->fd >= 0)
		close(d->fd);
	buf_release(&d->path);
	buf_release(&d->after);
	free(d->root);
	free(d);
}

/* What is mounted there now, or was put in its place. */
static bool open_again(struct local_folder *d, struct fault *f)
{
	int fd = open(d->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fault_errno(f, d->root, "read the folder");
	close(d->fd);
	d->fd = fd;
	return true;
}

bool local_folder_start(struct local_folder *d, const struct local_pick *pick,
                        struct slice after, struct fault *f)
{
	int why;

	d->pick = pick;
	if (d->walking && after.len && slice_eq(buf_slice(&d->after), after))
		return true;
	end_walk(d);
	if (!open_again(d, f))
		return false;
	buf_reset(&d->path);
	buf_reset(&d->after);
	buf_add(&d->after, after);
	why = enter(d, d->fd, ".");
	if (why) {
		errno = why;
		return fault_errno(f, d->root, "read the folder");
	}
	d->walking = true;
	return true;
}

static int64_t milliseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void describe(struct local_folder_entry *e, const struct stat *st)
{
	int64_t changed = milliseconds(st->st_ctim);

	/* Of a link and its target the later one. */
	if (changed > e->changed)
		e->changed = changed;
	e->modified = milliseconds(st->st_mtim);
	e->size = st->st_size;
}

static bool unreadable(struct local_folder_entry *e, int why)
{
	e->state = LOCAL_UNREADABLE;
	e->why = why;
	return true;
}

/* A link counts as the file it leads to. */
static bool look_behind(struct local_folder *d, struct local_folder_entry *e)
{
	struct stat st;
	int fd = open_within(d, buf_string(&d->path), O_PATH);
	bool good = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode);

	if (good)
		describe(e, &st);
	else if (fd < 0 && errno == EXDEV)
		e->state = LOCAL_OUTSIDE;
	good |= e->state == LOCAL_OUTSIDE;
	if (fd >= 0)
		close(fd);
	return good;
}

/* Whether the walk has to stop at the name in `path`; folders are entered. */
static bool look(struct local_folder *d, int parent, const char *name,
                 bool before, struct local_folder_entry *e)
{
	struct stat st;
	int why;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno != ENOENT && !before && unreadable(e, errno);
	if (S_ISDIR(st.st_mode)) {
		if (!local_pick_folder(d->pick, e->path))
			return false;
		why = enter(d, parent, name);
		return why && why != ENOENT && unreadable(e, why);
	}
	if (before || !local_pick_file(d->pick, e->path))
		return false;
	if (S_ISLNK(st.st_mode)) {
		e->changed = milliseconds(st.st_ctim);
		return look_behind(d, e);
	}
	describe(e, &st);
	return S_ISREG(st.st_mode);
}

/* `before`: it is not behind the place at which the walk begins; *wholly: nor
 * is anything below it. */
static bool is_before(const struct local_folder *d, bool *wholly)
{
	struct slice after = buf_slice(&d->after), path = buf_slice(&d->path);
	bool above = slice_starts(after, path) && after.len > path.len &&
	             after.at[path.len] == '/';

	*wholly = local_path_compare(path, after) <= 0 && !above;
	return *wholly || above;
}

/* The path of `name`, or that of its folder where it would be too long. */
static struct slice put_name(struct local_folder *d, const struct level *l,
                             struct slice name)
{
	buf_cut(&d->path, l->path);
	if (l->path + 1 + name.len >= FOLDER_PATH)
		return buf_slice(&d->path);
	if (l->path)
		buf_byte(&d->path, '/');
	buf_add(&d->path, name);
	return buf_slice(&d->path);
}

bool local_folder_next(struct local_folder *d, struct local_folder_entry *out)
{
	while (d->depth) {
		struct level *l = &d->levels[d->depth - 1];
		struct slice name;
		bool before, wholly;

		if (l->next == l->count) {
			close_level(l);
			d->depth--;
			continue;
		}
		name = l->names[l->next++];
		*out = (struct local_folder_entry){ 0 };
		out->path = put_name(d, l, name);
		if (out->path.len <= l->path)
			return unreadable(out, ENAMETOOLONG);
		before = is_before(d, &wholly);
		if (wholly)
			continue;
		if (!look(d, l->fd, name.at, before, out))
			continue;
		buf_reset(&d->after);
		buf_add(&d->after, out->path);
		return true;
	}
	d->walking = false;
	return false;
}

static bool none(const char *path, struct fault *f)
{
	fault(f, FAULT_GONE, "local-gone", "there is no such file any more");
	return fault_at(f, path, 0);
}

/* What it is, before it is opened: a pipe would wait for ever, and a device
 * may do things. */
static bool is_file(struct local_folder *d, const char *path, struct fault *f)
{
	struct stat st = { 0 };
	int fd = open_within(d, path, O_PATH);

	if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
		return fault_errno(f, path, "read");
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		none(path, f);
	if (fd >= 0)
		close(fd);
	return S_ISREG(st.st_mode);
}

bool local_folder_open(struct local_folder *d, struct slice path, int *fd,
                       int64_t *size, struct fault *f)
{
	char text[FOLDER_PATH];
	struct stat st = { 0 };

	*fd = -1;
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(path));
	if (!local_path_is(path) || path.len >= sizeof(text))
		return none(text, f);
	if (!is_file(d, text, f))
		return false;
	*fd = open_within(d, text, O_RDONLY | O_NONBLOCK);
	if (*fd < 0)
		return fault_errno(f, text, "read");
	*size = !fstat(*fd, &st) && S_ISREG(st.st_mode) ? st.st_size : -1;
	if (*size >= 0)
		return true;
	close(*fd);
	*fd = -1;
	return none(text, f);
}
