#include "crawler/wiki_licence.h"

#include <string.h>

/* `url` from behind its scheme up to its query or fragment. */
static struct slice place(struct slice url)
{
	size_t colon = slice_find(url, ':');
	struct slice rest = slice_cut(url, colon, url.len);

	if (slice_starts(rest, SLICE("://")))
		url = slice_cut(rest, 3, rest.len);
	else if (slice_starts(url, SLICE("//")))
		url = slice_cut(url, 2, url.len);
	url = slice_cut(url, 0, slice_find(url, '#'));
	return slice_cut(url, 0, slice_find(url, '?'));
}

struct slice wiki_licence(struct slice url)
{
	static const struct {
		const char *head, *spdx;
	} families[] = {
		{ "creativecommons.org/licenses/by/", "CC-BY" },
		{ "creativecommons.org/licenses/by-sa/", "CC-BY-SA" },
		{ "creativecommons.org/licenses/by-nd/", "CC-BY-ND" },
		{ "creativecommons.org/licenses/by-nc/", "CC-BY-NC" },
		{ "creativecommons.org/licenses/by-nc-sa/", "CC-BY-NC-SA" },
		{ "creativecommons.org/licenses/by-nc-nd/", "CC-BY-NC-ND" },
	};
	static const struct {
		const char *family, *version, *spdx;
	} known[] = {
#define VERSIONS(name)                                                         \
	{ name, "1.0", name "-1.0" }, { name, "2.0", name "-2.0" },            \
	        { name, "2.5", name "-2.5" }, { name, "3.0", name "-3.0" },    \
	        { name, "4.0", name "-4.0" }
		VERSIONS("CC-BY"),       VERSIONS("CC-BY-SA"),
		VERSIONS("CC-BY-ND"),    VERSIONS("CC-BY-NC"),
		VERSIONS("CC-BY-NC-SA"), VERSIONS("CC-BY-NC-ND"),
	};
	struct slice at = place(url), version = { 0 };
	const char *family = NULL;

	if (slice_starts(at, SLICE("www.")))
		at = slice_cut(at, 4, at.len);
	if (slice_starts(at, SLICE("creativecommons.org/publicdomain/zero/")))
		return SLICE("CC0-1.0");
	if (slice_starts(at, SLICE("gnu.org/copyleft/fdl")) ||
	    slice_starts(at, SLICE("gnu.org/licenses/fdl-1.3")))
		return SLICE("GFDL-1.3-or-later");
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		struct slice head = slice_of(families[i].head);

		if (!slice_starts(at, head))
			continue;
		version = slice_cut(at, head.len, at.len);
		version = slice_cut(version, 0, slice_find(version, '/'));
		family = families[i].spdx;
	}
	for (size_t i = 0; family && i < sizeof known / sizeof *known; i++)
		if (!strcmp(known[i].family, family) &&
		    slice_eq(version, slice_of(known[i].version)))
			return slice_of(known[i].spdx);
	return (struct slice){ 0 };
}
