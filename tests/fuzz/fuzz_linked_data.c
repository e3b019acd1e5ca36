/* A block of JSON-LD, twice: a page may have several. */

#include "must.h"

#include "base/utf8.h"
#include "crawler/linked_data.h"

static void check_text(struct slice s)
{
	must(utf8_valid(s) == s.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice json = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct linked_data d;
	size_t i;

	if (utf8_valid(json) != json.len)
		return 0;
	linked_data_init(&d);
	linked_data_add(&d, json, &a);
	linked_data_add(&d, json, &a);
	check_text(d.title);
	check_text(d.author);
	check_text(d.language);
	check_text(d.site);
	check_text(d.text);
	for (i = 0; i < d.post_count; i++) {
		must(d.posts[i].text.len > 0);
		check_text(d.posts[i].text);
		check_text(d.posts[i].author);
		check_text(d.posts[i].link);
		check_text(d.posts[i].id);
	}
	arena_release(&a);
	return 0;
}
