/*
 * Replies of a BookStack, as lists and as pages: what is said of them holds
 * whatever they are. The first byte chooses which ask they answer.
 */

#include "must.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "crawler/bookstack_reply.h"
#include "crawler/yield.h"

extern const struct source_kind source_bookstack;

static void *start(void)
{
	static const char conf[] = "[source it]\nurl = http://a.example/b\n";
	struct source_start s = { .time = 1700000000000 };
	void *self = calloc(1, source_bookstack.state_size);
	struct conf *c;
	struct fault f;

	must(conf_parse(&c, SLICE(conf), "conf", &f));
	s.conf = conf_find(c, "source", SLICE("it"));
	must(self && source_bookstack.open(self, &s, &f));
	conf_free(c);
	return self;
}

static void check(const struct said *s)
{
	if (s->kind == SAID_ASK || (s->kind == SAID_NAMED && s->ask)) {
		must(slice_starts(s->ask->url, SLICE("http://a.example/b/")));
		must(utf8_ascii(s->ask->url) && s->ask->note.len <= 4096);
	}
	if (s->kind == SAID_NAMED || s->kind == SAID_DELETED)
		must(s->id.len > 0 && s->id.at[0] >= '1' && s->id.at[0] <= '9');
	if (s->kind == SAID_RECORD)
		must(s->record->id.len > 0 && s->record->tag_count <= 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const notes[] = { "0 0", "7 3", "a\nb\nc\n", "" };
	static struct markup_parser *parser;
	static struct yield y;
	struct slice all = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	const struct said *s;
	struct fault f;
	struct ask ask = { .url = SLICE("http://a.example/b/api/x") };
	struct reply r = { .ask = &ask, .status = 200, .arena = &a };
	void *self;

	if (!size)
		return 0;
	if (!parser)
		parser = markup_parser_new();
	self = start();
	ask.tag = 1 + data[0] % 5;
	ask.note = slice_of(notes[data[0] / 5 % 4]);
	r.url = ask.url;
	r.parser = parser;
	r.body = slice_cut(all, 1, all.len);
	/* A run that goes on knows nothing; one that does not has seen books
	 * and chapters. */
	source_bookstack.read(self, &r, &y, &f);
	for (s = y.first; s; s = s->next)
		check(s);
	yield_reset(&y);
	source_bookstack.close(self);
	free(self);
	arena_release(&a);
	return 0;
}
