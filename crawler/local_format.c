/* Endings, compared in small letters. */

#include "crawler/local_format.h"

#include "base/text/document.h"
#include "crawler/local_path.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool ends(struct slice path, const char *ending)
{
	struct slice own = local_path_ending(path);
	size_t i;

	for (i = 0; i < own.len && lower(own.at[i]) == ending[i]; i++)
		;
	return own.len && i == own.len && !ending[i];
}

enum local_format local_format(struct slice path)
{
	if (ends(path, ".html") || ends(path, ".htm") || ends(path, ".xhtml"))
		return LOCAL_HTML;
	if (ends(path, ".pdf"))
		return LOCAL_PDF;
	return document_format(local_path_name(path)) == DOCUMENT_UNKNOWN
	               ? LOCAL_TEXT
	               : LOCAL_MARKUP;
}

struct slice local_format_type(enum local_format format)
{
	switch (format) {
	case LOCAL_HTML:
		return SLICE("text/html");
	case LOCAL_PDF:
		return SLICE("text/plain; charset=utf-8");
	case LOCAL_TEXT:
	case LOCAL_MARKUP:
		break;
	}
	return SLICE("text/plain");
}
