/*
 * libarchive, allowed to read 7z and zip and nothing else. Blocks are handed
 * out where libarchive unpacked them, without a copy. Any warning while
 * reading bytes counts as damage: libarchive merely warns of a wrong checksum.
 */

#include "base/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum { ARCHIVE_BLOCK = 256 << 10 };

struct archive_reader {
	struct archive *a;
	char *path;
	int fd;
	int64_t size, at; /* of the file; of the member */
	bool in_member;
};

static bool archive_damaged(const struct archive_reader *a, const char *why,
                            struct fault *f)
{
	fault(f, FAULT_INPUT, "archive-damaged", "'%s' is cut or damaged: %s",
	      a->path, why ? why : "unknown error");
	return fault_at(f, a->path, 0);
}

/* By its first bytes, so that what is no archive at all is called just that. */
static bool archive_known(int fd)
{
	char head[6];
	ssize_t n = pread(fd, head, sizeof(head), 0);

	return n >= 4 && (!memcmp(head, "PK\x03\x04", 4) ||
	                  !memcmp(head, "PK\x05\x06", 4) ||
	                  (n == 6 && !memcmp(head, "7z\xBC\xAF\x27\x1C", 6)));
}

static bool archive_begin(struct archive_reader *a, struct fault *f)
{
	struct stat st;

	if (fstat(a->fd, &st))
		return fault_errno(f, a->path, "stat");
	a->size = st.st_size;
	if (!S_ISREG(st.st_mode) || !archive_known(a->fd)) {
		fault(f, FAULT_INPUT, "archive-unknown",
		      "'%s' is not a 7z or zip archive", a->path);
		return fault_at(f, a->path, 0);
	}
	a->a = archive_read_new();
	if (!a->a)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	archive_read_support_format_7zip(a->a);
	archive_read_support_format_zip(a->a);
	if (archive_read_open_fd(a->a, a->fd, ARCHIVE_BLOCK) != ARCHIVE_OK)
		return archive_damaged(a, archive_error_string(a->a), f);
	return true;
}

bool archive_open(struct archive_reader **out, const char *path,
                  struct fault *f)
{
	struct archive_reader *a = memory_new(1, sizeof(*a));

	a->path = memory_copy(path, strlen(path));
	a->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (a->fd < 0)
		fault_errno(f, path, "open");
	else if (archive_begin(a, f)) {
		*out = a;
		return true;
	}
	archive_close(a);
	return false;
}

void archive_close(struct archive_reader *a)
{
	if (!a)
		return;
	if (a->a)
		archive_read_free(a->a);
	if (a->fd >= 0)
		close(a->fd);
	free(a->path);
	free(a);
}

bool archive_next(struct archive_reader *a, struct slice *name, struct fault *f)
{
	struct archive_entry *entry;
	const char *path;
	int rc;

	a->in_member = false;
	do {
		rc = archive_read_next_header(a->a, &entry);
		if (rc == ARCHIVE_EOF) {
			*name = SLICE("");
			return true;
		}
		/* A warning is about a name outside the locale's charset. */
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return archive_damaged(a, archive_error_string(a->a),
			                       f);
		path = archive_entry_pathname(entry);
	} while (archive_entry_filetype(entry) != AE_IFREG || !path || !*path);
	a->in_member = true;
	a->at = 0;
	*name = slice_of(path);
	return true;
}

bool archive_bytes(struct archive_reader *a, struct slice *bytes,
                   struct fault *f)
{
	const void *at = NULL;
	size_t len = 0;
	la_int64_t where = 0;
	int rc;

	*bytes = SLICE("");
	do {
		if (!a->in_member)
			return true;
		rc = archive_read_data_block(a->a, &at, &len, &where);
		if (rc == ARCHIVE_EOF) {
			a->in_member = false;
			return true;
		}
		if (rc != ARCHIVE_OK)
			return archive_damaged(a, archive_error_string(a->a),
			                       f);
		if (where != a->at)
			return archive_damaged(a, "a member has a hole", f);
	} while (!len);
	a->at += (int64_t)len;
	*bytes = (struct slice){ at, len };
	return true;
}

int64_t archive_at(const struct archive_reader *a)
{
	int64_t at = archive_filter_bytes(a->a, -1);

	return at < 0 ? 0 : at > a->size ? a->size : at;
}

int64_t archive_size(const struct archive_reader *a)
{
	return a->size;
}
