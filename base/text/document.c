#include "base/text/document.h"

#include "base/clock.h"
#include "base/text/asciidoc.h"
#include "base/text/commonmark_clean.h"
#include "base/text/front_matter.h"
#include "base/text/lines.h"
#include "base/text/org.h"
#include "base/text/restructured.h"

enum document_format document_format(struct slice name)
{
	static const struct {
		const char *ending;
		enum document_format format;
	} table[] = {
		{ ".md", DOCUMENT_MARKDOWN },
		{ ".markdown", DOCUMENT_MARKDOWN },
		{ ".mdown", DOCUMENT_MARKDOWN },
		{ ".mkd", DOCUMENT_MARKDOWN },
		{ ".adoc", DOCUMENT_ASCIIDOC },
		{ ".asciidoc", DOCUMENT_ASCIIDOC },
		{ ".asc", DOCUMENT_ASCIIDOC },
		{ ".rst", DOCUMENT_RESTRUCTURED },
		{ ".rest", DOCUMENT_RESTRUCTURED },
		{ ".org", DOCUMENT_ORG },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct slice ending = slice_of(table[i].ending);

		if (name.len > ending.len &&
		    line_same(slice_cut(name, name.len - ending.len, name.len),
		              ending))
			return table[i].format;
	}
	return DOCUMENT_UNKNOWN;
}

void document_init(struct document *d)
{
	*d = (struct document){ .created = CLOCK_NONE, .modified = CLOCK_NONE };
}

void document_read(enum document_format format, struct slice text,
                   const struct document_links *links, struct arena *a,
                   struct document *d, struct buf *out)
{
	document_init(d);
	if (format != DOCUMENT_MARKDOWN && format != DOCUMENT_UNKNOWN)
		text = slice_cut(text, front_matter_read(text, a, d), text.len);
	switch (format) {
	case DOCUMENT_MARKDOWN:
		commonmark_clean(text, links, a, d, out);
		break;
	case DOCUMENT_ASCIIDOC:
		asciidoc_read(text, links, a, d, out);
		break;
	case DOCUMENT_RESTRUCTURED:
		restructured_read(text, links, a, d, out);
		break;
	case DOCUMENT_ORG:
		org_read(text, links, a, d, out);
		break;
	case DOCUMENT_UNKNOWN:
		break;
	}
}
