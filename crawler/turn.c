/* flock(2): the kernel lets go of it when the process dies. The file stays,
 * because who removes it may take it from under another's feet. */

#include "crawler/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

bool turn_take(struct turn *t, const char *store, struct slice source,
               struct fault *f)
{
	struct buf path = BUF_INIT(8192);
	bool ok = false;
	size_t i;

	*t = (struct turn){ 0 };
	buf_addf(&path, "%s.crawl-", store);
	for (i = 0; i < source.len; i++) {
		char c = source.at[i];

		buf_byte(&path, c == '/' || c == '\0' ? '_' : c);
	}
	buf_text(&path, ".lock");
	t->fd = open(buf_string(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (t->fd < 0)
		fault_errno(f, buf_string(&path), "open");
	else if (!flock(t->fd, LOCK_EX | LOCK_NB))
		ok = true;
	else if (errno == EWOULDBLOCK)
		fault(f, FAULT_BUSY, "crawl-busy",
		      "another run of '%.*s' is under way", SLICE_ARG(source));
	else
		fault_errno(f, buf_string(&path), "lock");
	if (!ok && t->fd > 0)
		close(t->fd);
	if (!ok)
		t->fd = 0;
	buf_release(&path);
	return ok;
}

void turn_leave(struct turn *t)
{
	if (t->fd > 0)
		close(t->fd);
	t->fd = 0;
}
