/*
 * The folder is walked as far as a page of the listing goes, and the walk is
 * kept: the next page goes on from there, as long as it is asked for next.
 */

#include "crawler/carrier_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "crawler/local_answer.h"
#include "crawler/local_fields.h"
#include "crawler/local_folder.h"
#include "crawler/local_format.h"
#include "crawler/local_path.h"

enum {
	PAGE_ENTRIES = 5000, /* of a listing */
	PAGE_BYTES = 8 << 20,
	PDF_MOST = 256 << 20,
};

struct files {
	struct local_folder *folder;
	struct local_pick *pick;
	struct local_answer answer;
};

static void put_entry(const struct local_folder_entry *e, struct buf *out)
{
	local_fields_add(out, "path", e->path);
	switch (e->state) {
	case LOCAL_FILE:
		local_fields_number(out, "size", e->size);
		local_fields_number(out, "changed", e->changed);
		local_fields_number(out, "modified", e->modified);
		break;
	case LOCAL_UNREADABLE:
		local_fields_add(out, "problem", SLICE("unreadable"));
		local_fields_add(out, "why", slice_of(strerror(e->why)));
		break;
	case LOCAL_OUTSIDE:
		local_fields_add(out, "problem", SLICE("outside"));
		break;
	}
	buf_byte(out, '\n');
}

static bool list(struct files *t, struct slice after, struct fault *f)
{
	struct local_folder_entry e;
	struct slice last = after;
	int count = 0;

	if (!local_folder_start(t->folder, t->pick, after, f))
		return false;
	while (count < PAGE_ENTRIES && t->answer.body.len < PAGE_BYTES) {
		if (!local_folder_next(t->folder, &e)) {
			local_fields_add(&t->answer.body, "end", SLICE("1"));
			return true;
		}
		put_entry(&e, &t->answer.body);
		last = arena_copy(&t->answer.arena, e.path);
		count++;
	}
	local_fields_add(&t->answer.body, "more", last);
	return true;
}

static bool too_large(int most, struct fault *f)
{
	return fault(f, FAULT_LIMIT, "limit-file", "it is over %d MiB",
	             most >> 20);
}

static bool read_all(int fd, int64_t size, struct buf *out, struct fault *f)
{
	ssize_t n = 1;

	if (size > LIMIT_BODY)
		return too_large(LIMIT_BODY, f);
	while (n > 0) {
		size_t before = out->len;
		char *at = buf_extend(out, 64 << 10);

		if (!at)
			return too_large(LIMIT_BODY, f);
		n = read(fd, at, 64 << 10);
		buf_cut(out, before + (n > 0 ? (size_t)n : 0));
		if (n < 0 && errno == EINTR)
			n = 1;
	}
	return n == 0 || fault_errno(f, "", "read");
}

static bool read_file(struct files *t, struct slice path, struct fault *f)
{
	int64_t size;
	bool ok;
	int fd;

	if (!local_folder_open(t->folder, path, &fd, &size, f))
		return false;
	t->answer.type = local_format_type(local_format(path));
	if (local_format(path) == LOCAL_PDF)
		ok = size <= PDF_MOST ? local_answer_pdf(&t->answer, fd, f)
		                      : too_large(PDF_MOST, f);
	else
		ok = read_all(fd, size, &t->answer.body, f);
	close(fd);
	return ok;
}

static void answer(void *self, const struct http_request *r,
                   struct http_reply *out)
{
	struct files *t = self;
	struct local_answer *a = &t->answer;
	struct fault f;
	bool ok;

	local_answer_start(a, r);
	if (a->path.len)
		ok = read_file(t, a->path, &f);
	else
		ok = list(t, local_fields_get(a->query, "after", &a->arena),
		          &f);
	local_answer_end(a, ok, &f, out);
}

static void free_files(void *self)
{
	struct files *t = self;

	local_folder_free(t->folder);
	local_pick_free(t->pick);
	local_answer_release(&t->answer);
	free(t);
}

bool carrier_files(const struct source_start *s, struct carrier *out,
                   struct fault *f)
{
	struct files *t = memory_new(1, sizeof(*t));
	struct slice path = conf_get(s->conf, "path", "");

	local_answer_init(&t->answer);
	path = arena_copy(&t->answer.arena, path);
	if (local_folder_new(&t->folder, path.at, f) &&
	    local_pick_new(&t->pick, s->conf, f)) {
		*out = (struct carrier){ .self = t,
			                 .own = true,
			                 .answer = answer,
			                 .free = free_files };
		return true;
	}
	free_files(t);
	return false;
}
