#include "crawler/cases/import_opened.h"

#include <unistd.h>

#include "base/buf.h"

enum { NAME_MOST = 16 << 10 };

static bool read_input(struct import_reading *r, int fd, const char *name,
                       import_read_fn *read, void *self, struct fault *f)
{
	struct import_input in = { 0 };
	bool ok;

	ok = import_input_open(&in, fd, name,
	                       r->encoding ? r->encoding : r->mapping->encoding,
	                       f) &&
	     read(self, &in, name, f);
	if (ok && in.replaced) {
		fault(f, FAULT_INPUT, "import-encoding",
		      "the file has bytes that mean nothing in %s; say "
		      "--encoding",
		      in.encoding);
		fault_at(f, name, 0);
		ok = import_trouble(r, f);
	}
	import_input_release(&in);
	return ok || import_trouble(r, f);
}

bool import_opened(struct import_reading *r, const struct import_file *file,
                   import_read_fn *read, void *self, struct fault *f)
{
	struct buf name = BUF_INIT(NAME_MOST);
	int fd = -1;
	bool ok;

	import_files_name(file, file->path, &name);
	if (import_files_open(file, file->path, &fd, f)) {
		ok = read_input(r, fd, buf_string(&name), read, self, f);
		close(fd);
	} else {
		f->kind = FAULT_INPUT;
		ok = import_trouble(r, f);
	}
	buf_release(&name);
	return ok;
}
