/* Rows of a dump's file: every trap, fed whole and byte by byte. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "crawler/dump_row.h"
#include "crawler/entity.h"

/* One line per step: "LINE name=value ..." or "LINE! code". */
static void write_step(struct buf *out, enum dump_step step,
                       const struct dump_row *row, const struct fault *f)
{
	struct arena a = ARENA_INIT;
	size_t i;

	if (step == DUMP_BROKEN)
		buf_addf(out, "%lld! %s", (long long)f->line, f->code);
	else
		buf_addf(out, "%lld", (long long)row->line);
	for (i = 0; step == DUMP_ROW && i < row->count; i++) {
		struct slice value = entity_decode(row->attributes[i].raw, &a);

		buf_addf(out, " %.*s=", SLICE_ARG(row->attributes[i].name));
		buf_addf(out, "[%.*s]", SLICE_ARG(value));
	}
	buf_byte(out, '\n');
	arena_release(&a);
}

static void scan(struct slice text, size_t chunk, struct buf *out)
{
	struct dump_scan *d = dump_scan_new("Posts.xml");
	enum dump_step step = DUMP_MORE;
	struct dump_row row;
	struct fault f = { 0 };
	size_t at = 0;

	while (step != DUMP_END) {
		if (at < text.len)
			dump_feed(d, slice_cut(text, at, at + chunk));
		else
			dump_close(d);
		at += chunk;
		while ((step = dump_next(d, &row, &f)) == DUMP_ROW ||
		       step == DUMP_BROKEN)
			write_step(out, step, &row, &f);
	}
	dump_scan_free(d);
}

/* Whatever the chunks, the same steps. */
static void expect(struct slice text, const char *steps)
{
	static const size_t chunks[] = { 1 << 20, 1, 2, 3, 7, 64 };
	struct buf out = BUF_INIT(1 << 20);
	size_t i;

	for (i = 0; i < sizeof(chunks) / sizeof(*chunks); i++) {
		buf_reset(&out);
		scan(text, chunks[i], &out);
		assert_string_equal(buf_string(&out), steps);
	}
	buf_release(&out);
}

static void reads_what_the_sites_ship(void **state)
{
	(void)state;
	expect(SLICE("\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<posts>\r\n"
	             "  <row Id=\"1\" Title=\"a &lt; b\" />\r\n"
	             "  <row Id=\"2\" />\r\n</posts>\r\n"),
	       "3 Id=[1] Title=[a < b]\n4 Id=[2]\n");
}

static void takes_any_shape_of_row(void **state)
{
	(void)state;
	expect(SLICE("<anything>\n"
	             "<row Id='1' B=\"it's\"></row><row\n"
	             "\tC = 'x>y'\n\tId=\"2\"/>\n"
	             "<!-- <row Id=\"3\"/> --><row Id=\"4\" Empty=\"\"/>\n"
	             "<row/>\n</anything>"),
	       "2 Id=[1] B=[it's]\n2 C=[x>y] Id=[2]\n"
	       "5 Id=[4] Empty=[]\n6\n");
}

static void decodes_entities_once(void **state)
{
	(void)state;
	expect(SLICE("<row A=\"&amp;lt;p&amp;gt;\" B=\"&#10;&#xA;&#x4E2D;\" "
	             "C=\"&nbsp; &; & &#0; &#xD800; &#x110000; &#; &#x;\" "
	             "D=\"&quot;&apos;&gt;&lt;&amp;\" E=\"&#x1F600;&amp\"/>"),
	       "1 A=[&lt;p&gt;] B=[\n\n\xE4\xB8\xAD] "
	       "C=[&nbsp; &; & &#0; &#xD800; &#x110000; &#; &#x;] "
	       "D=[\"'><&] E=[\xF0\x9F\x98\x80&amp]\n");
}

static void goes_on_after_a_broken_row(void **state)
{
	(void)state;
	expect(SLICE("<posts>\n"
	             "<row Id=\"1 B=\"x\" />\n"
	             "<row Id=\"2\" />\n"
	             "<row Id=\"3\" B=\"<p>raw</p>\" />\n"
	             "<row Id=\"4\" />\n"
	             "<row Id=5 />\n"
	             "<row Id=\"6\" B />\n"
	             "<row Id=\"7\"B=\"8\" />\n"
	             "<row Id=\"9\" B=\"open />\n"
	             "<row Id=\"10\" />\n</posts>\n"),
	       "2! dump-row-broken\n3 Id=[2]\n4! dump-row-broken\n5 Id=[4]\n"
	       "6! dump-row-broken\n7! dump-row-broken\n8! dump-row-broken\n"
	       "9! dump-row-broken\n10 Id=[10]\n");
}

static void finds_the_next_row_on_the_same_line(void **state)
{
	(void)state;
	expect(SLICE("<posts><row Id=\"1 /><row Id=\"2\"/></posts>"),
	       "1! dump-row-broken\n1 Id=[2]\n");
}

static void refuses_bad_bytes(void **state)
{
	(void)state;
	expect(SLICE("<posts>\n<row Id=\"1\" B=\"\xC3\x28\"/>\n"
	             "<row Id=\"2\" B=\"a\0b\"/>\n<row Id=\"3\"/>\n</posts>"),
	       "2! dump-row-utf8\n3! dump-row-nul\n4 Id=[3]\n");
}

static void tells_a_cut_file_from_a_whole_one(void **state)
{
	(void)state;
	expect(SLICE("<posts>\n<row Id=\"1\"/>\n<row Id=\"2\" Body=\"tex"),
	       "2 Id=[1]\n3! dump-row-cut\n");
	expect(SLICE("<posts>\n<row Id=\"1\"/>\n<row Id=\"2\" "),
	       "2 Id=[1]\n3! dump-row-cut\n");
	expect(SLICE("<posts>\n<row Id=\"1\"/>\n"), "2 Id=[1]\n3! dump-cut\n");
	expect(SLICE("<posts>\n<row Id=\"1\"/>\n</po"), "2 Id=[1]\n");
}

static void tells_what_is_no_dump(void **state)
{
	(void)state;
	expect(SLICE(""), "0! dump-empty\n");
	expect(SLICE("hello"), "0! dump-foreign\n");
	expect(SLICE("<html><rowdy/></html>"), "0! dump-foreign\n");
	expect(SLICE("<feed></feed>"), "0! dump-foreign\n");
	expect(SLICE("<?xml version=\"1.0\"?>\n<posts>\n</posts>\n"), "");
	expect(SLICE("<users />"), "");
}

static void keeps_to_the_ceiling_of_a_row(void **state)
{
	struct dump_scan *d = dump_scan_new("Posts.xml");
	size_t size = 1 << 20, fed;
	char *mass = malloc(size);
	struct dump_row row;
	struct fault f = { 0 };

	(void)state;
	memset(mass, 'x', size);
	dump_feed(d, SLICE("<posts>\n<row Id=\"1\" Body=\""));
	assert_int_equal(dump_next(d, &row, &f), DUMP_MORE);
	for (fed = 0; fed < LIMIT_ROW; fed += size) {
		assert_int_equal(dump_next(d, &row, &f), DUMP_MORE);
		dump_feed(d, (struct slice){ mass, size });
	}
	assert_int_equal(dump_next(d, &row, &f), DUMP_BROKEN);
	assert_string_equal(f.code, "limit-row");
	assert_int_equal(f.line, 2);
	for (fed = 0; fed < LIMIT_ROW; fed += size) {
		dump_feed(d, (struct slice){ mass, size });
		assert_int_equal(dump_next(d, &row, &f), DUMP_MORE);
	}
	dump_feed(d, SLICE("\" />\n<row Id=\"2\" />\n</posts>"));
	assert_int_equal(dump_next(d, &row, &f), DUMP_ROW);
	assert_int_equal(row.line, 3);
	free(mass);
	dump_scan_free(d);
}

static void finds_attributes_by_name(void **state)
{
	struct dump_scan *d = dump_scan_new("x");
	struct arena a = ARENA_INIT;
	struct dump_row row;
	struct fault f = { 0 };

	(void)state;
	dump_feed(d, SLICE("<r><row Id=\"1\" Title=\"&amp;\" Id=\"2\"/></r>"));
	dump_close(d);
	assert_int_equal(dump_next(d, &row, &f), DUMP_ROW);
	assert_true(slice_eq(dump_raw(&row, "Id"), SLICE("1")));
	assert_true(slice_eq(dump_text(&row, "Title", &a), SLICE("&")));
	assert_null(dump_raw(&row, "Tit").at);
	assert_int_equal(dump_next(d, &row, &f), DUMP_END);
	arena_release(&a);
	dump_scan_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_sites_ship),
		cmocka_unit_test(takes_any_shape_of_row),
		cmocka_unit_test(decodes_entities_once),
		cmocka_unit_test(goes_on_after_a_broken_row),
		cmocka_unit_test(finds_the_next_row_on_the_same_line),
		cmocka_unit_test(refuses_bad_bytes),
		cmocka_unit_test(tells_a_cut_file_from_a_whole_one),
		cmocka_unit_test(tells_what_is_no_dump),
		cmocka_unit_test(keeps_to_the_ceiling_of_a_row),
		cmocka_unit_test(finds_attributes_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
