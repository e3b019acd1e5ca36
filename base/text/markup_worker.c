/*
 * libxml2's HTML parser driven by its SAX events, which go straight into the
 * reply: no document is built. The parser closes what was left open and adds
 * html, body and p where they were left out; a body without a root therefore
 * works. Elements nested deeper than the writer takes are left out while
 * their text stays; where the nesting gets absurd the parser is stopped. Both
 * set `truncated`, as do comments, instructions and attribute values without
 * an end, which swallow the rest of the page.
 */

#include "base/text/markup_worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text/markup_guard.h"
#include "base/text/markup_wire.h"

enum {
	WORKER_NESTING = 4096,    /* open elements at which parsing stops */
	WORKER_NAMES = 1 << 15,   /* in libxml2's dictionary: then a new one */
	WORKER_CHUNK = 256 << 10, /* of one read or write */
	WORKER_CLOCK_BYTES = 1 << 16 /* between two settings of the clock */
};

struct markup_worker {
	htmlParserCtxtPtr context;
	struct markup_writer writer;
	size_t nesting;               /* of the parser */
	bool written[WORKER_NESTING]; /* by nesting: is it in the reply? */
};

static void worker_close(void *self, const xmlChar *name)
{
	struct markup_worker *w = self;

	(void)name;
	if (!w->nesting)
		return;
	w->nesting--;
	if (w->written[w->nesting])
		markup_writer_close(&w->writer);
}

/* The root is one `html`, open from the first event to the end. */
static void worker_open(void *self, const xmlChar *name, const xmlChar **pairs)
{
	struct markup_worker *w = self;
	struct slice s = slice_of((const char *)name);
	bool html = slice_eq(s, SLICE("html")), written = false;

	if (w->nesting == WORKER_NESTING) {
		w->writer.truncated = true;
		xmlStopParser(w->context);
		return;
	}
	if (!w->writer.depth) {
		markup_writer_open(&w->writer, SLICE("html"));
		markup_writer_attributes(&w->writer, html ? pairs : NULL);
	}
	if (!html)
		written = markup_writer_open(&w->writer, s);
	if (written)
		markup_writer_attributes(&w->writer, pairs);
	w->written[w->nesting++] = written;
	if (buf_full(w->writer.out) || w->writer.nodes == LIMIT_NODES)
		xmlStopParser(w->context);
}

/*
 * &#128; to &#159; mean Windows-1252 (HTML, 13.2.5.80). A character written
 * by number comes alone, which sets it apart from one in the page.
 */
static const unsigned char *worker_windows(const unsigned char *at)
{
	static const char table[32][4] = {
		"\u20AC", "",       "\u201A", "\u0192", "\u201E", "\u2026",
		"\u2020", "\u2021", "\u02C6", "\u2030", "\u0160", "\u2039",
		"\u0152", "",       "\u017D", "",       "",       "\u2018",
		"\u2019", "\u201C", "\u201D", "\u2022", "\u2013", "\u2014",
		"\u02DC", "\u2122", "\u0161", "\u203A", "\u0153", "",
		"\u017E", "\u0178",
	};

	return (const unsigned char *)table[at[1] & 0x1F];
}

static void worker_text(void *self, const xmlChar *at, int len)
{
	struct markup_worker *w = self;

	if (len == 2 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0) {
		at = worker_windows(at);
		len = (int)strlen((const char *)at);
	}
	if (w->writer.depth && len > 0)
		markup_writer_text(&w->writer, (struct slice){ (const char *)at,
		                                               (size_t)len });
}

static void worker_error(void *self, xmlErrorPtr error)
{
	struct markup_worker *w = self;

	switch (error->code) {
	case XML_ERR_COMMENT_NOT_FINISHED:
	case XML_ERR_PI_NOT_FINISHED:
	case XML_ERR_ATTRIBUTE_NOT_FINISHED:
	case XML_ERR_INTERNAL_ERROR:
		w->writer.truncated = true;
		break;
	case XML_ERR_NO_MEMORY:
		_exit(1);
	default:
		break;
	}
}

/* A parser's names are kept in its dictionary for ever: start afresh. */
static void worker_context(struct markup_worker *w)
{
	htmlSAXHandler *sax;

	if (w->context && xmlDictSize(w->context->dict) > WORKER_NAMES) {
		htmlFreeParserCtxt(w->context);
		w->context = NULL;
	}
	if (w->context)
		return;
	w->context = htmlNewParserCtxt();
	if (!w->context)
		_exit(1);
	sax = w->context->sax;
	memset(sax, 0, sizeof(*sax));
	sax->initialized = XML_SAX2_MAGIC;
	sax->startElement = worker_open;
	sax->endElement = worker_close;
	sax->characters = worker_text;
	sax->ignorableWhitespace = worker_text;
	sax->cdataBlock = worker_text;
	sax->serror = worker_error;
}

struct markup_worker *markup_worker_new(void)
{
	struct markup_worker *w = memory_new(1, sizeof(*w));

	xmlInitParser();
	worker_context(w);
	return w;
}

void markup_worker_free(struct markup_worker *w)
{
	if (!w)
		return;
	htmlFreeParserCtxt(w->context);
	free(w);
}

/* The body as the parser's input. It is UTF-8 whatever it says itself. */
static bool worker_input(htmlParserCtxtPtr c, struct slice html)
{
	xmlParserInputBufferPtr bytes;
	xmlParserInputPtr input;

	htmlCtxtReset(c);
	htmlCtxtUseOptions(c, HTML_PARSE_RECOVER | HTML_PARSE_NONET |
	                              HTML_PARSE_IGNORE_ENC |
	                              HTML_PARSE_NODEFDTD);
	c->options |= XML_PARSE_HUGE;
	c->charset = XML_CHAR_ENCODING_UTF8;
	bytes = xmlParserInputBufferCreateMem(html.at, (int)html.len,
	                                      XML_CHAR_ENCODING_NONE);
	input = bytes ? xmlNewIOInputStream(c, bytes, XML_CHAR_ENCODING_NONE)
	              : NULL;
	if (!input) {
		xmlFreeParserInputBuffer(bytes);
		return false;
	}
	return inputPush(c, input) >= 0;
}

bool markup_worker_parse(struct markup_worker *w, struct slice html,
                         struct buf *out)
{
	worker_context(w);
	markup_writer_init(&w->writer, out);
	w->nesting = 0;
	if (html.len && html.len <= LIMIT_BODY) {
		w->context->userData = w;
		if (!worker_input(w->context, html))
			_exit(1);
		htmlParseDocument(w->context);
	}
	if (!w->writer.depth) {
		markup_writer_open(&w->writer, SLICE("html"));
		markup_writer_attributes(&w->writer, NULL);
	}
	return markup_writer_end(&w->writer);
}

static void worker_send(struct buf *out)
{
	size_t at = 0;

	while (at < out->len) {
		ssize_t n = write(0, out->at + at, out->len - at);

		if (n < 0 && errno != EINTR)
			_exit(0);
		if (n > 0)
			at += (size_t)n;
	}
	buf_reset(out);
}

static void worker_answer(struct markup_worker *w, struct slice html,
                          struct buf *out)
{
	size_t at = out->len, len;
	char *head = buf_extend(out, 4);

	if (!head || !markup_worker_parse(w, html, out))
		_exit(1);
	len = out->len - at - 4;
	head = out->at + at;
	head[0] = (char)(len & 0xFF);
	head[1] = (char)(len >> 8 & 0xFF);
	head[2] = (char)(len >> 16 & 0xFF);
	head[3] = (char)(len >> 24);
}

/* Answers what is whole in `in`; returns how many bytes that took. */
static size_t worker_bodies(struct markup_worker *w, struct slice in,
                            struct buf *out)
{
	size_t at = 0, unclocked = WORKER_CLOCK_BYTES;

	while (in.len - at >= 4) {
		const unsigned char *p = (const unsigned char *)in.at + at;
		size_t len = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
		             (size_t)p[3] << 24;

		if (len > LIMIT_BODY)
			_exit(1);
		if (in.len - at - 4 < len)
			break;
		if (unclocked >= WORKER_CLOCK_BYTES) {
			markup_guard_clock(LIMIT_PARSE_SECONDS);
			unclocked = 0;
		}
		worker_answer(w, slice_cut(in, at + 4, at + 4 + len), out);
		unclocked += len;
		at += 4 + len;
		if (out->len >= WORKER_CHUNK)
			worker_send(out);
	}
	return at;
}

_Noreturn void markup_worker_serve(int fd)
{
	struct markup_worker *w;
	struct buf in = BUF_INIT(LIMIT_BODY + 4 + 2 * WORKER_CHUNK);
	struct buf out = BUF_INIT(MARKUP_REPLY_MOST + 2 * WORKER_CHUNK);
	size_t done;

	markup_guard_signals();
	markup_guard_descriptors(fd);
	w = markup_worker_new();
	buf_byte(&out, (char)markup_guard());
	for (;;) {
		char *to;
		ssize_t n;

		/* Nobody waits for what is in `out` while we wait for more. */
		worker_send(&out);
		to = buf_extend(&in, WORKER_CHUNK);
		if (!to)
			_exit(1);
		n = read(0, to, WORKER_CHUNK);
		if (n == 0 || (n < 0 && errno != EINTR))
			_exit(0);
		buf_cut(&in, in.len - WORKER_CHUNK + (n > 0 ? (size_t)n : 0));
		done = worker_bodies(w, buf_slice(&in), &out);
		memmove(in.at, in.at + done, in.len - done);
		buf_cut(&in, in.len - done);
	}
}
