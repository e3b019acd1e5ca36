/*
 * Any bytes as a reply of Confluence, of either kind, to each of our calls.
 * The first byte chooses kind, status and settings, the second which call it
 * answers; the rest is the body. What is asked for then stays with the wiki,
 * what is stored has a number for an id, and a label where it is closed.
 */

#include "must.h"

#include "base/conf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/yield.h"

#define BASE "https://w.example/wiki"

static const char *const configs[] = {
	"[source w]\nurl = " BASE "\n",
	"[source w]\nurl = " BASE "\napi = server\nspaces = OPS DEV\n"
	"archived = yes\ncomments = yes\nrestricted = closed\n"
	"restricted-groups = sre=sre, a=b\nrelist = 9d\n",
};

static const char *const notes[] = {
	"",
	"100 0 0 0 0 0",
	"100 5 0 1 0 0",
	"100 5 1 7 3 1",
	"list 1 2 3",
	"talk 7",
	"7\npage\nOPS\nsre\n" BASE "/x/7\nann\nAnn\n1700000000000\ndisk\n",
};

static void check_record(const struct record *r)
{
	int64_t id;

	must(slice_number(r->id, &id) && id > 0);
	must(r->flags & RECORD_HEAD || r->original.at);
	must(!(r->flags & RECORD_HEAD) || (!r->original.at && !r->content.len));
	must(utf8_valid(r->content) == r->content.len);
	must(r->tag_count <= LIMIT_TAGS);
	must(r->title.len || slice_eq(r->access, SLICE("restricted")));
}

static void check_ask(const struct ask *a)
{
	if (!a)
		return;
	must(slice_starts(a->url, SLICE(BASE "/")) || !a->url.len);
	must(a->flags == ASK_ERRORS && !a->body.len);
	must(a->note.len <= LIMIT_NAME);
}

static void check_said(const struct yield *y)
{
	for (const struct said *s = y->first; s; s = s->next) {
		check_ask(s->ask);
		if (s->kind == SAID_RECORD)
			check_record(s->record);
		if (s->kind == SAID_REST)
			must(s->number > 0 && s->number <= 3600 * 1000);
		if (s->kind == SAID_COMMENT)
			must(s->comment->id.len && s->comment->parent.len);
	}
}

static void run(const struct source_kind *kind, const uint8_t *data,
                size_t size, const struct conf *conf)
{
	static const int statuses[] = {
		200, 200, 404, 400, 403, 401, 410, 500
	};
	static struct markup_parser *parser;
	static uint64_t self[512];
	const struct reply_header headers[] = {
		{ SLICE("retry-after"), { (const char *)data, 2 } },
		{ SLICE("x-ratelimit-remaining"), SLICE("0") },
	};
	struct source_start start = {
		.conf = conf_find(conf, "source", SLICE("w")),
		.mark = SLICE("kind cloud\nsince 9\nspace 1 OPS\n"),
		.time = INT64_C(1700000000000),
	};
	size_t note = data[1] / 16 % (sizeof(notes) / sizeof(*notes));
	struct ask ask = { .url = SLICE(BASE "/rest/api/content?start=2"),
		           .tag = data[1] % 16,
		           .note = slice_of(notes[note]) };
	struct arena a = ARENA_INIT;
	struct yield y = YIELD_INIT;
	struct reply r = {
		.ask = &ask,
		.status = statuses[data[0] / 4 % 8],
		.type = data[0] & 2 ? SLICE("text/html")
		                    : SLICE("application/json"),
		.headers = headers,
		.header_count = data[0] & 128 ? 2 : 0,
		.body = { (const char *)data + 2, size - 2 },
		.url = ask.url,
		.time = start.time,
		.arena = &a,
	};
	struct fault f = { 0 };

	if (!parser)
		parser = markup_parser_new();
	r.parser = parser;
	must(kind->state_size <= sizeof(self));
	memset(self, 0, sizeof(self));
	/* As long as a mark may be. */
	if (data[0] & 64)
		start.mark = slice_cut(r.body, 0, LIMIT_MARK);
	must(kind->open(self, &start, &f));
	if (!kind->read(self, &r, &y, &f))
		must(f.kind && f.text[0]);
	check_said(&y);
	kind->close(self);
	yield_release(&y);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conf *conf[2];
	struct fault f;

	if (size < 2)
		return 0;
	for (size_t i = 0; i < 2; i++)
		must(conf[i] ||
		     conf_parse(&conf[i], slice_of(configs[i]), "conf", &f));
	run(source_find(SLICE("confluence")), data, size, conf[data[0] & 1]);
	return 0;
}
