/* Two programs on the same file; the title is a line of what pdfinfo says. */

#include "crawler/pdf.h"

#include "crawler/local_child.h"

enum { SECONDS = 20, TIMEOUT = 60000, INFO_MOST = 64 << 10 };

#define MEMORY ((size_t)1 << 30)

/* What the programs that print into PDF call it themselves. */
static bool is_telling(struct slice title)
{
	static const char *const heads[] = { "Microsoft Word - ",
		                             "Microsoft PowerPoint - ",
		                             "untitled", "Untitled",
		                             "PowerPoint Presentation" };
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (slice_starts(title, slice_of(heads[i])))
			return false;
	return title.len > 2;
}

static void find_title(struct slice info, struct buf *title)
{
	while (info.len) {
		struct slice line = slice_cut(info, 0, slice_find(info, '\n'));

		info = slice_cut(info, line.len + 1, info.len);
		if (!slice_starts(line, SLICE("Title:")))
			continue;
		line = slice_trim(slice_cut(line, 6, line.len));
		if (is_telling(line))
			buf_add(title, line);
		return;
	}
}

bool pdf_read(int fd, struct buf *text, struct buf *title, struct fault *f)
{
	static const char *const words[] = { "pdftotext", "-q", "-enc", "UTF-8",
		                             "-",         "-",  NULL };
	static const char *const about[] = { "pdfinfo", "-enc", "UTF-8", "-",
		                             NULL };
	struct local_child child = {
		.argv = words,
		.input = fd,
		.seconds = SECONDS,
		.timeout = TIMEOUT,
		.memory = MEMORY,
	};
	struct buf info = BUF_INIT(INFO_MOST);
	struct fault ignored;

	if (!local_child_run(&child, text, f))
		return false;
	child.argv = about;
	/* A title is worth no failure. */
	if (local_child_run(&child, &info, &ignored))
		find_title(buf_slice(&info), title);
	buf_release(&info);
	return true;
}
