/* A question and its answers by dump, by API and by page are the same. */

#include "stack_scene.h"

#include "base/text/markdown.h"
#include "crawler/dump_post.h"

enum { POSTS = 3 };

/* Posts.xml of what api/list-1.json and pages/stacks.html say, too. */
static const char *const rows[POSTS] = {
	"<row Id=\"11\" PostTypeId=\"1\" AcceptedAnswerId=\"21\" "
	"CreationDate=\"2014-05-14T01:21:12.437\" Score=\"12\" "
	"ViewCount=\"3456\" Body=\"&lt;p&gt;One says "
	"&lt;code&gt;40G&lt;/code&gt;,&#xA;the other "
	"&lt;b&gt;12G&lt;/b&gt;. See &lt;a href=&quot;/q/7&quot;"
	"&gt;this&lt;/a&gt;.&lt;/p&gt;&#xA;&#xA;&lt;pre "
	"class=&quot;lang-sh&quot;&gt;&lt;code&gt;df -h&#xA;"
	"&lt;/code&gt;&lt;/pre&gt;&#xA;\" OwnerUserId=\"5\" "
	"LastEditDate=\"2014-05-14T02:21:12.903\" "
	"Title=\"Why does &quot;df&quot; &amp; du disagree?\" "
	"Tags=\"|linux|disk-space|\" ContentLicense=\"CC BY-SA 3.0\" />",
	"<row Id=\"21\" PostTypeId=\"2\" ParentId=\"11\" "
	"CreationDate=\"2014-05-14T01:37:52.120\" Score=\"9\" "
	"Body=\"&lt;p&gt;A deleted file is still open.&lt;/p&gt;&#xA;\" "
	"OwnerUserId=\"6\" ContentLicense=\"CC BY-SA 3.0\" />",
	"<row Id=\"22\" PostTypeId=\"2\" ParentId=\"11\" "
	"CreationDate=\"2014-05-14T01:54:32.007\" Score=\"-1\" "
	"Body=\"&lt;p&gt;Reserved blocks.&lt;/p&gt;&#xA;\" "
	"OwnerDisplayName=\"user77\" "
	"LastEditDate=\"2014-05-14T02:11:12.640\" "
	"ContentLicense=\"CC BY-SA 3.0\" />",
};

/* What the store compares, as text. */
static void write_record(struct buf *b, const struct record *r)
{
	const struct slice texts[] = { r->id,        r->parent,
		                       r->link,      r->title,
		                       r->content,   r->accepted,
		                       r->licence,   r->author,
		                       r->author_id, r->original_type };
	size_t i;

	buf_addf(b, "%s %lld %lld %lld %u\n", record_kind_name(r->kind),
	         (long long)r->score, (long long)r->views,
	         (long long)r->revision, r->extractor);
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		buf_addf(b, "%.*s\n", SLICE_ARG(texts[i]));
	for (i = 0; i < r->tag_count; i++)
		buf_addf(b, "#%.*s\n", SLICE_ARG(r->tags[i]));
}

static void from_dump(struct scene *s, const char *text, struct buf *out)
{
	struct dump_scan *scan = dump_scan_new("Posts.xml");
	struct buf markdown = BUF_INIT(LIMIT_TEXT);
	struct dump_post post;
	struct dump_row row;
	struct markup tree;

	dump_feed(scan, slice_of(text));
	dump_close(scan);
	assert_int_equal(dump_next(scan, &row, &s->fault), DUMP_ROW);
	assert_true(dump_post_read(&row, SLICE("ops.example"), &s->arena, &post,
	                           &s->fault));
	assert_true(markup_parse(s->parser, post.record.original, &s->arena,
	                         &tree, &s->fault));
	markdown_write(&tree, SLICE("https://ops.example/"), &markdown);
	post.record.content = buf_slice(&markdown);
	write_record(out, &post.record);
	buf_release(&markdown);
	dump_scan_free(scan);
}

/* The post `id` of what the source said last. */
static void said(struct scene *s, const char *id, struct buf *out)
{
	const struct said *it;

	for (it = s->yield.first; it; it = it->next)
		if (it->kind == SAID_RECORD &&
		    slice_eq(it->record->id, slice_of(id)))
			write_record(out, it->record);
}

static void read_kept(struct scene *s, const char *name)
{
	struct reply r = { .ask = &s->asked, .status = 200 };
	struct markup page;

	scene_load(s, name);
	r.body = buf_slice(&s->body);
	r.url = s->asked.url;
	r.arena = &s->arena;
	r.parser = s->parser;
	assert_true(
	        markup_parse(s->parser, r.body, &s->arena, &page, &s->fault));
	r.page = &page;
	assert_true(s->kind->read(s->self, &r, &s->yield, &s->fault));
}

static void one_post_by_three_ways(void **state)
{
	static const char *const ids[POSTS] = { "11", "21", "22" };
	struct buf dump[POSTS], found = BUF_INIT(LIMIT_TEXT);
	struct scene *s = *state;
	size_t i;

	for (i = 0; i < POSTS; i++) {
		dump[i] = BUF_INIT(LIMIT_TEXT);
		from_dump(s, rows[i], &dump[i]);
	}
	scene_start(s, "site = ops.example\n");
	scene_must_read(s, "api/filter.json");
	read_kept(s, "api/list-1.json");
	for (i = 0; i < POSTS; i++) {
		buf_reset(&found);
		said(s, ids[i], &found);
		assert_string_equal(buf_string(&found), buf_string(&dump[i]));
	}
	yield_reset(&s->yield);
	scene_start(s, "site = ops.example\nway = html\n");
	scene_must_read(s, "pages/list-table.html");
	read_kept(s, "pages/stacks.html");
	for (i = 0; i < POSTS; i++) {
		buf_reset(&found);
		said(s, ids[i], &found);
		assert_string_equal(buf_string(&found), buf_string(&dump[i]));
	}
	buf_release(&found);
	for (i = 0; i < POSTS; i++)
		buf_release(&dump[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_post_by_three_ways,
		                                scene_setup, scene_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
