/*
 * One list of files to read (for an archive: the archive alone) and one file
 * open at a time. The mark samples 256 blocks spread evenly over each file.
 */

#include "crawler/dump_input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"

enum {
	INPUT_CHUNK = 64 << 10,
	MARK_BLOCKS = 256,
};

static const char *const table_names[DUMP_TABLES] = {
	[DUMP_HISTORY] = "PostHistory", [DUMP_LINKS] = "PostLinks",
	[DUMP_COMMENTS] = "Comments",   [DUMP_POSTS] = "Posts",
	[DUMP_USERS] = "Users",
};

struct dump_input {
	char *path;
	struct archive_reader *archive;
	char *files[DUMP_TABLES]; /* NULL: not there */
	int64_t size;             /* of all files */
	int64_t before;           /* bytes of files done with */
	int64_t here;             /* bytes of the open one */
	size_t next;              /* of `files` */
	int fd;
	char *chunk;
};

/* What follows the last slash. */
static struct slice base_name(struct slice path)
{
	size_t i = path.len;

	while (i && path.at[i - 1] != '/')
		i--;
	return slice_cut(path, i, path.len);
}

static bool ends_caseless(struct slice s, const char *tail)
{
	size_t n = strlen(tail);

	return s.len >= n && !strncasecmp(s.at + s.len - n, tail, n);
}

/* "Posts.xml", "posts.XML", "stackoverflow.com-Posts.xml"; the longest name
 * that fits, so that PostHistory is not taken for another. */
static bool table_of(struct slice path, enum dump_table *out)
{
	struct slice name = base_name(path);
	size_t i, n;

	if (!ends_caseless(name, ".xml"))
		return false;
	name.len -= 4;
	for (i = 0; i < DUMP_TABLES; i++) {
		n = strlen(table_names[i]);
		if (ends_caseless(name, table_names[i]) &&
		    (name.len == n || name.at[name.len - n - 1] == '-')) {
			*out = (enum dump_table)i;
			return true;
		}
	}
	return false;
}

static bool size_of(const char *path, int64_t *size, struct fault *f)
{
	struct stat st;

	if (stat(path, &st))
		return fault_errno(f, path, "read");
	*size += st.st_size;
	return true;
}

static bool open_folder(struct dump_input *in, DIR *dir, struct fault *f)
{
	struct dirent *entry;
	enum dump_table t;
	size_t found = 0, size;

	while ((entry = readdir(dir))) {
		if (!table_of(slice_of(entry->d_name), &t))
			continue;
		if (in->files[t]) {
			fault(f, FAULT_INPUT, "dump-two-tables",
			      "the folder has two files of %s", table_names[t]);
			return fault_at(f, in->path, 0);
		}
		size = strlen(in->path) + strlen(entry->d_name) + 2;
		in->files[t] = memory_new(size, 1);
		snprintf(in->files[t], size, "%s/%s", in->path, entry->d_name);
		if (!size_of(in->files[t], &in->size, f))
			return false;
		found++;
	}
	if (found)
		return true;
	fault(f, FAULT_INPUT, "dump-no-tables",
	      "no Posts.xml nor another file of a data dump in it");
	return fault_at(f, in->path, 0);
}

/* Whether the file starts as a 7z or zip archive does. */
static bool is_archive(const char *path, bool *out, struct fault *f)
{
	char head[6] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return fault_errno(f, path, "open");
	n = read(fd, head, sizeof(head));
	close(fd);
	if (n < 0)
		return fault_errno(f, path, "read");
	*out = !memcmp(head, "7z\xBC\xAF\x27\x1C", 6) ||
	       !memcmp(head, "PK\3\4", 4);
	return true;
}

static bool open_file(struct dump_input *in, struct fault *f)
{
	enum dump_table t = DUMP_POSTS;
	bool archive = false;

	if (!is_archive(in->path, &archive, f))
		return false;
	if (archive)
		return archive_open(&in->archive, in->path, f);
	table_of(slice_of(in->path), &t);
	in->files[t] = memory_copy(in->path, strlen(in->path));
	return size_of(in->path, &in->size, f);
}

bool dump_input_open(struct dump_input **out, const char *path, struct fault *f)
{
	struct dump_input *in = memory_new(1, sizeof(*in));
	DIR *dir = opendir(path);
	bool ok;

	in->fd = -1;
	in->path = memory_copy(path, strlen(path));
	in->chunk = memory_new(1, INPUT_CHUNK);
	if (dir)
		ok = open_folder(in, dir, f);
	else if (errno == ENOTDIR)
		ok = open_file(in, f);
	else
		ok = fault_errno(f, path, "open");
	if (dir)
		closedir(dir);
	if (!ok)
		dump_input_close(in);
	else
		*out = in;
	return ok;
}

void dump_input_close(struct dump_input *in)
{
	size_t i;

	if (!in)
		return;
	archive_close(in->archive);
	if (in->fd >= 0)
		close(in->fd);
	for (i = 0; i < DUMP_TABLES; i++)
		free(in->files[i]);
	free(in->path);
	free(in->chunk);
	free(in);
}

/* Labels of letters, digits and hyphens, at least two, the last no number. */
static bool looks_like_host(struct slice s)
{
	size_t i, label = 0, dots = 0;
	bool letters = false;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '.') {
			if (!label)
				return false;
			label = 0;
			dots++;
			letters = false;
			continue;
		}
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			letters = true;
		else if (c != '-' && (c < '0' || c > '9'))
			return false;
		label++;
	}
	return dots && label && letters && s.len <= 253;
}

/* Without "-Posts" and the like, which the largest site's archives carry. */
static struct slice without_table(struct slice s)
{
	size_t i, n;

	for (i = 0; i < DUMP_TABLES; i++) {
		n = strlen(table_names[i]);
		if (s.len > n && s.at[s.len - n - 1] == '-' &&
		    ends_caseless(s, table_names[i]))
			return slice_cut(s, 0, s.len - n - 1);
	}
	return s;
}

static bool site_from(struct slice name, struct buf *out)
{
	size_t i;

	if (ends_caseless(name, ".7z"))
		name.len -= 3;
	else if (ends_caseless(name, ".zip") || ends_caseless(name, ".xml"))
		name.len -= 4;
	name = without_table(name);
	if (!looks_like_host(name))
		return false;
	for (i = 0; i < name.len; i++) {
		char c = name.at[i];

		buf_byte(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	return true;
}

/* The path without final slashes; "." and bare names below where we are. */
static struct slice whole_path(const char *path, char *room, size_t size)
{
	struct slice s = slice_of(path);
	size_t n;

	while (s.len > 1 && s.at[s.len - 1] == '/')
		s.len--;
	if (slice_find(s, '/') < s.len || !getcwd(room, size))
		return s;
	if (slice_eq(s, SLICE(".")))
		return slice_of(room);
	n = strlen(room);
	snprintf(room + n, size - n, "/%.*s", SLICE_ARG(s));
	return slice_of(room);
}

bool dump_input_site(const struct dump_input *in, struct buf *out)
{
	char room[PATH_MAX];
	struct slice path = whole_path(in->path, room, sizeof(room));
	struct slice name = base_name(path);

	if (site_from(name, out))
		return true;
	/* Of a lone file, the folder's name may tell. */
	if (in->archive || !ends_caseless(name, ".xml") ||
	    path.len <= name.len + 1)
		return false;
	return site_from(base_name(slice_cut(path, 0, path.len - name.len - 1)),
	                 out);
}

/* One file's size and samples into the hash. */
static bool mark_file(struct hash *h, const char *path, char *block,
                      struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int64_t size, from, last = -1;
	bool ok = true;
	int i;

	if (fd < 0)
		return fault_errno(f, path, "open");
	size = lseek(fd, 0, SEEK_END);
	hash_part(h, base_name(slice_of(path)));
	hash_part(h, (struct slice){ (const char *)&size, sizeof(size) });
	for (i = 0; ok && i < MARK_BLOCKS; i++) {
		ssize_t n;

		from = size / MARK_BLOCKS * i;
		if (size <= (int64_t)MARK_BLOCKS * INPUT_CHUNK)
			from = (int64_t)INPUT_CHUNK * i;
		if (from >= size || from == last)
			break;
		last = from;
		n = pread(fd, block, INPUT_CHUNK, from);
		if (n < 0)
			ok = fault_errno(f, path, "read");
		else
			hash_part(h, (struct slice){ block, (size_t)n });
	}
	close(fd);
	return ok;
}

bool dump_input_mark(const struct dump_input *in, uint64_t *out,
                     struct fault *f)
{
	char *block = memory_new(1, INPUT_CHUNK);
	struct hash h;
	bool ok = true;
	size_t i;

	hash_init(&h);
	if (in->archive)
		ok = mark_file(&h, in->path, block, f);
	for (i = 0; ok && i < DUMP_TABLES; i++)
		if (in->files[i])
			ok = mark_file(&h, in->files[i], block, f);
	*out = hash_end(&h);
	free(block);
	return ok;
}

static bool next_member(struct dump_input *in, enum dump_table *table,
                        struct slice *name, struct fault *f)
{
	do {
		if (!archive_next(in->archive, name, f))
			return false;
	} while (name->len && !table_of(*name, table));
	return true;
}

static bool next_file(struct dump_input *in, enum dump_table *table,
                      struct slice *name, struct fault *f)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
	in->before += in->here;
	in->here = 0;
	while (in->next < DUMP_TABLES && !in->files[in->next])
		in->next++;
	*name = (struct slice){ 0 };
	if (in->next == DUMP_TABLES)
		return true;
	*table = (enum dump_table)in->next;
	*name = slice_of(in->files[in->next++]);
	in->fd = open(name->at, O_RDONLY | O_CLOEXEC);
	return in->fd >= 0 || fault_errno(f, name->at, "open");
}

bool dump_input_next(struct dump_input *in, enum dump_table *table,
                     struct slice *name, struct fault *f)
{
	return in->archive ? next_member(in, table, name, f)
	                   : next_file(in, table, name, f);
}

bool dump_input_bytes(struct dump_input *in, struct slice *bytes,
                      struct fault *f)
{
	ssize_t n;

	if (in->archive)
		return archive_bytes(in->archive, bytes, f);
	do {
		n = read(in->fd, in->chunk, INPUT_CHUNK);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_errno(f, in->files[in->next - 1], "read");
	in->here += n;
	*bytes = (struct slice){ in->chunk, (size_t)n };
	return true;
}

int64_t dump_input_at(const struct dump_input *in)
{
	return in->archive ? archive_at(in->archive) : in->before + in->here;
}

int64_t dump_input_size(const struct dump_input *in)
{
	return in->archive ? archive_size(in->archive) : in->size;
}
