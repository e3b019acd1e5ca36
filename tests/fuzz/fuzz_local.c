/*
 * Any bytes as what a carrier of this machine's disk hands out: a listing of
 * files or of a repository, the text that was taken from a PDF, the path of a
 * file and a pattern for it. The first byte chooses.
 */

#include "must.h"

#include "base/limits.h"
#include "base/net/url.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "crawler/local_forge.h"
#include "crawler/local_link.h"
#include "crawler/local_path.h"
#include "crawler/local_plain.h"
#include "crawler/pdf.h"
#include "crawler/yield.h"

static void check_said(const struct yield *y)
{
	const struct said *s;

	for (s = y->first; s; s = s->next) {
		if (s->ask) {
			must(slice_starts(s->ask->url, SLICE("file:///")));
			must(s->ask->note.len <= 4096);
		}
		if (s->kind == SAID_NAMED) {
			must(s->id.len > 0 && s->id.len <= LIMIT_ID);
			must(unicode_is_clean(s->id) && s->number != 0);
		}
	}
}

/* `text` as the reply to an ask of each tag that is about a listing. */
static void check_source(const char *kind_name, const char *settings,
                         uint32_t tag, struct slice note, struct slice text)
{
	const struct source_kind *kind = source_find(slice_of(kind_name));
	struct source_start start = { .time = INT64_C(1700000000000) };
	struct arena arena = ARENA_INIT;
	struct yield y = YIELD_INIT;
	struct conf *conf = NULL;
	struct fault f = { 0 };
	struct ask ask = { .tag = tag, .note = note };
	struct reply r = { .ask = &ask,
		           .status = 200,
		           .body = text,
		           .time = start.time,
		           .arena = &arena };
	void *self = calloc(1, kind->state_size + 1);

	must(conf_parse(&conf, slice_of(settings), "fuzz", &f));
	start.conf = conf_find(conf, "source", SLICE("it"));
	start.mark = note;
	must(kind->open(self, &start, &f));
	if (!kind->read(self, &r, &y, &f))
		must(f.kind && f.text[0]);
	check_said(&y);
	kind->close(self);
	free(self);
	yield_release(&y);
	arena_release(&arena);
	conf_free(conf);
}

static void check_text(struct slice text)
{
	struct buf clean = BUF_INIT(1 << 24), out = BUF_INIT(1 << 24);
	struct arena a = ARENA_INIT;
	struct slice title;

	pdf_text(text, &out);
	must(out.len <= 2 * text.len + 2);
	unicode_clean(text, &clean);
	buf_reset(&out);
	local_plain_read(buf_slice(&clean), &a, &title, &out);
	must(!buf_full(&out) && utf8_valid(buf_slice(&out)) == out.len);
	must(title.len <= clean.len);
	buf_release(&clean);
	buf_release(&out);
	arena_release(&a);
}

/* The first line is a pattern, the rest a path. */
static void check_path(struct slice line, struct slice path)
{
	struct buf out = BUF_INIT(1 << 24), settings = BUF_INIT(1 << 20);
	struct local_pick *pick = NULL;
	struct conf *conf = NULL;
	struct fault f;

	local_path_id(path, &out);
	must(unicode_is_clean(buf_slice(&out)));
	must(slice_find(buf_slice(&out), '\n') == out.len);
	buf_reset(&out);
	local_path_escape(path, &out);
	local_path_title(path, &out);
	local_link_write(line, path, &out);
	local_forge_link(line, path, &out);
	local_forge_space(line, &out);
	buf_text(&settings, "[source it]\ninclude = ");
	buf_add(&settings, line);
	buf_text(&settings, "\n");
	if (conf_parse(&conf, buf_slice(&settings), "fuzz", &f)) {
		if (local_pick_new(&pick,
		                   conf_find(conf, "source", SLICE("it")),
		                   &f)) {
			(void)local_pick_file(pick, path);
			(void)local_pick_folder(pick, path);
		}
		local_pick_free(pick);
		conf_free(conf);
	}
	buf_release(&out);
	buf_release(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = { (const char *)data, size };
	struct slice rest = slice_cut(all, 1, size);
	struct slice line = slice_cut(rest, 0, slice_find(rest, '\n'));
	struct slice below = slice_cut(rest, line.len + 1, rest.len);

	if (!size)
		return 0;
	switch (data[0] % 5) {
	case 0:
		check_source("files", "[source it]\nkind = files\npath = /x\n",
		             1, line, below);
		break;
	case 1:
		check_source("gitwiki",
		             "[source it]\nkind = gitwiki\npath = /x\n", 1,
		             line, below);
		break;
	case 2:
		check_source("gitwiki",
		             "[source it]\nkind = gitwiki\npath = /x\n", 2,
		             line, below);
		break;
	case 3:
		check_text(rest);
		break;
	case 4:
		check_path(line, below);
		break;
	}
	return 0;
}
