/*
 * extract_features [--names] < pages: what the extraction model sees of pages,
 * to train it. Each line names a page by ID, URL and PATH, tabs between; a
 * record of each goes to standard output, integers of 32 bits, little endian:
 *
 *	0x54414546, length of ID, ID, N blocks, F columns, M nodes,
 *	N rows of F floats,
 *	N times: length of text, text, words, flags, owner, probability
 *		(float), one byte: is it chosen,
 *	M times: parent (-1: none), first block, end, tokens, and each of
 *		them: one byte of length, its bytes.
 *
 * A page that cannot be parsed has no blocks. --names prints the columns.
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/markup.h"
#include "crawler/extract/choice.h"
#include "crawler/extract/forest.h"
#include "crawler/extract/whole.h"

enum { MAGIC = 0x54414546 };

static void put_bytes(const void *at, size_t len)
{
	if (len && fwrite(at, 1, len, stdout) != len) {
		perror("extract_features");
		exit(1);
	}
}

static void put_number(uint32_t n)
{
	unsigned char b[4];
	unsigned i;

	for (i = 0; i < 4; i++)
		b[i] = (unsigned char)(n >> 8 * i & 0xFF);
	put_bytes(b, sizeof(b));
}

static void put_slice(struct slice s)
{
	put_number((uint32_t)s.len);
	put_bytes(s.at, s.len);
}

static void put_float(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	put_number(bits);
}

static void put_blocks(const struct blocks *b, const struct choice *c)
{
	uint32_t i;

	for (i = 0; i < b->block_count; i++) {
		const struct block *k = &b->blocks[i];
		unsigned char kept = c->kept[i];

		put_slice(k->text);
		put_number(k->wording.words);
		put_number(k->flags);
		put_number(k->owner);
		put_float((float)c->probability[i] / (float)FOREST_ONE);
		put_bytes(&kept, 1);
	}
}

static void put_nodes(const struct blocks *b)
{
	uint32_t i, j;

	for (i = 0; i < b->node_count; i++) {
		const struct block_node *n = &b->nodes[i];

		put_number(n->parent);
		put_number(n->first);
		put_number(n->end);
		put_number(n->token_count);
		for (j = 0; j < n->token_count; j++) {
			struct slice s = b->tokens.texts[n->tokens[j]];
			unsigned char len = (unsigned char)s.len;

			put_bytes(&len, 1);
			put_bytes(s.at, s.len);
		}
	}
}

static void put_page(const struct markup *m, struct slice id, struct slice url,
                     struct arena *a)
{
	float row[FEATURE_COUNT];
	struct blocks b = { 0 };
	struct choice c = { 0 };
	struct features f;
	uint32_t i, j;

	if (m->node_count) {
		blocks_read(&b, m, a);
		features_read(&f, &b, m, url, a);
		choice_make(&c, &f, a);
		whole_make(&c, &b, m);
	}
	put_number(MAGIC);
	put_slice(id);
	put_number(b.block_count);
	put_number(FEATURE_COUNT);
	put_number(b.node_count);
	for (i = 0; i < b.block_count; i++) {
		features_row(&f, i, row);
		for (j = 0; j < FEATURE_COUNT; j++)
			put_float(row[j]);
	}
	put_blocks(&b, &c);
	put_nodes(&b);
}

/* A path is a string in C. */
static bool read_file(struct slice path, struct buf *out)
{
	char *name = memory_copy(path.at, path.len), piece[1 << 14];
	FILE *file = fopen(name, "rb");
	size_t len;

	free(name);
	if (!file)
		return false;
	while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(out, (struct slice){ piece, len });
	fclose(file);
	return !buf_full(out);
}

static void read_page(struct markup_parser *p, struct slice line,
                      struct arena *a)
{
	size_t tab = slice_find(line, '\t');
	struct slice id = slice_cut(line, 0, tab), url, path;
	struct slice rest = slice_cut(line, tab + 1, line.len);
	struct buf html = BUF_INIT(LIMIT_BODY);
	struct markup m = { 0 };
	struct fault f = { 0 };

	url = slice_cut(rest, 0, slice_find(rest, '\t'));
	path = slice_cut(rest, url.len + 1, rest.len);
	if (!read_file(path, &html) ||
	    !markup_parse(p, buf_slice(&html), a, &m, &f)) {
		fprintf(stderr, "%.*s: %s\n", SLICE_ARG(path),
		        f.text[0] ? f.text : "unreadable");
		m = (struct markup){ 0 };
	}
	put_page(&m, id, url, a);
	buf_release(&html);
}

static int names(void)
{
	size_t i;

	for (i = 0; i < FEATURE_COUNT; i++)
		printf("%s\n", feature_names[i]);
	return 0;
}

int main(int argc, char **argv)
{
	struct markup_parser *p;
	struct arena a = ARENA_INIT;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (argc > 1)
		return names();
	p = markup_parser_new();
	while ((len = getline(&line, &room, stdin)) > 0) {
		struct slice s = { line, (size_t)len };

		if (slice_ends(s, SLICE("\n")))
			s.len--;
		read_page(p, s, &a);
		arena_reset(&a);
	}
	(void)argv;
	free(line);
	arena_release(&a);
	markup_parser_free(p);
	return 0;
}
