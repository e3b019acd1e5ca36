/* The table of kinds: a new source is one more line. */

#include "crawler/source.h"

extern const struct source_kind source_stackexchange, source_mediawiki,
        source_dokuwiki, source_confluence, source_bookstack, source_gitwiki,
        source_files, source_site;

const struct source_kind *const source_kinds[] = {
	&source_stackexchange, &source_mediawiki, &source_dokuwiki,
	&source_confluence,    &source_bookstack, &source_gitwiki,
	&source_files,         &source_site,      NULL,
};

const struct source_kind *source_find(struct slice name)
{
	size_t i;

	for (i = 0; source_kinds[i]; i++)
		if (slice_eq(slice_of(source_kinds[i]->name), name))
			return source_kinds[i];
	return NULL;
}

struct slice reply_header(const struct reply *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->header_count; i++)
		if (slice_eq(r->headers[i].name, slice_of(name)))
			return r->headers[i].value;
	return (struct slice){ 0 };
}
