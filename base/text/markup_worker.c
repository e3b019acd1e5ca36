/*
 * libxml2's parsers driven by their SAX events, which go straight into the
 * reply: no document is built. The one for HTML closes what was left open and adds
 * html, body and p where they were left out; a body without a root therefore
 * works. Elements nested deeper than the writer takes are left out while
 * their text stays; where the nesting gets absurd the parser is stopped. Both
 * set `truncated`, as do comments, instructions and attribute values without
 * an end, which swallow the rest of the page.
 *
 * The one for XML is strict and ends at the first mistake. It has no handler
 * that could declare an entity, and finds none.
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
	xmlParserCtxtPtr xml;
	bool doctype; /* met in XML */
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

/* "prefix:name", or the name alone; too long a one is empty, for the writer
 * to leave out. */
static struct slice worker_xml_name(char room[MARKUP_NAME_MOST],
                                    const xmlChar *prefix, const xmlChar *name)
{
	struct slice front = slice_of((const char *)prefix);
	struct slice rest = slice_of((const char *)name);
	size_t at = front.len ? front.len + 1 : 0;

	if (at + rest.len > MARKUP_NAME_MOST)
		return (struct slice){ 0 };
	if (at) {
		memcpy(room, front.at, front.len);
		room[front.len] = ':';
	}
	memcpy(room + at, rest.at, rest.len);
	return (struct slice){ room, at + rest.len };
}

/* Declared name spaces are attributes as well, and stand first. */
static void worker_xml_attributes(struct markup_writer *w, int spaces,
                                  const xmlChar **declared, int count,
                                  const xmlChar **five)
{
	char room[MARKUP_NAME_MOST];
	int i;

	for (i = 0; i < spaces; i++) {
		const xmlChar *space = declared[2 * i];
		struct slice value =
		        slice_of((const char *)declared[2 * i + 1]);
		struct slice name =
		        space ? worker_xml_name(room, (const xmlChar *)"xmlns",
		                                space)
		              : SLICE("xmlns");

		markup_writer_attribute(w, name, value);
	}
	/* Name, prefix, name space, value, its end. */
	for (i = 0; i < count; i++, five += 5) {
		struct slice value = { (const char *)five[3],
			               (size_t)(five[4] - five[3]) };

		markup_writer_attribute(
		        w, worker_xml_name(room, five[1], five[0]), value);
	}
}

static void worker_xml_open(void *self, const xmlChar *name,
                            const xmlChar *prefix, const xmlChar *space,
                            int spaces, const xmlChar **declared, int count,
                            int defaulted, const xmlChar **five)
{
	struct markup_worker *w = self;
	char room[MARKUP_NAME_MOST];
	bool written;

	(void)space;
	(void)defaulted;
	if (w->nesting == WORKER_NESTING || w->writer.nodes == LIMIT_NODES) {
		w->writer.truncated = true;
		xmlStopParser(w->xml);
		return;
	}
	written = markup_writer_open(&w->writer,
	                             worker_xml_name(room, prefix, name));
	if (written)
		worker_xml_attributes(&w->writer, spaces, declared, count,
		                      five);
	w->written[w->nesting++] = written;
	if (buf_full(w->writer.out))
		xmlStopParser(w->xml);
}

static void worker_xml_close(void *self, const xmlChar *name,
                             const xmlChar *prefix, const xmlChar *space)
{
	(void)prefix;
	(void)space;
	worker_close(self, name);
}

static void worker_xml_text(void *self, const xmlChar *at, int len)
{
	struct markup_worker *w = self;

	if (w->writer.depth && len > 0)
		markup_writer_text(&w->writer, (struct slice){ (const char *)at,
		                                               (size_t)len });
}

static void worker_xml_doctype(void *self, const xmlChar *name,
                               const xmlChar *public_id,
                               const xmlChar *system_id)
{
	struct markup_worker *w = self;

	(void)name;
	(void)public_id;
	(void)system_id;
	w->doctype = true;
	xmlStopParser(w->xml);
}

/* XML has five entities without a document type; here is a sixth. */
static xmlEntityPtr worker_xml_entity(void *self, const xmlChar *name)
{
	struct markup_worker *w = self;

	(void)name;
	w->writer.truncated = true;
	xmlStopParser(w->xml);
	return NULL;
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

/* libxml2 goes on after a mistake, and some text would still come. */
static void worker_xml_error(void *self, xmlErrorPtr error)
{
	struct markup_worker *w = self;

	if (error->code == XML_ERR_NO_MEMORY)
		_exit(1);
	if (error->level == XML_ERR_FATAL) {
		w->writer.truncated = true;
		xmlStopParser(w->xml);
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

static void worker_xml_context(struct markup_worker *w)
{
	xmlSAXHandler *sax;

	if (w->xml && xmlDictSize(w->xml->dict) > WORKER_NAMES) {
		xmlFreeParserCtxt(w->xml);
		w->xml = NULL;
	}
	if (w->xml)
		return;
	w->xml = xmlNewParserCtxt();
	if (!w->xml)
		_exit(1);
	sax = w->xml->sax;
	memset(sax, 0, sizeof(*sax));
	sax->initialized = XML_SAX2_MAGIC;
	sax->internalSubset = worker_xml_doctype;
	sax->getEntity = worker_xml_entity;
	sax->startElementNs = worker_xml_open;
	sax->endElementNs = worker_xml_close;
	sax->characters = worker_xml_text;
	sax->ignorableWhitespace = worker_xml_text;
	sax->cdataBlock = worker_xml_text;
	sax->serror = worker_xml_error;
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
	xmlFreeParserCtxt(w->xml);
	free(w);
}

/* The body as the parser's input. It is UTF-8 whatever it says itself. */
static void worker_input(xmlParserCtxtPtr c, struct slice text)
{
	xmlParserInputBufferPtr bytes;
	xmlParserInputPtr input;

	c->charset = XML_CHAR_ENCODING_UTF8;
	bytes = xmlParserInputBufferCreateMem(text.at, (int)text.len,
	                                      XML_CHAR_ENCODING_NONE);
	input = bytes ? xmlNewIOInputStream(c, bytes, XML_CHAR_ENCODING_NONE)
	              : NULL;
	if (!input || inputPush(c, input) < 0)
		_exit(1);
}

static void worker_html(struct markup_worker *w, struct slice html)
{
	worker_context(w);
	if (html.len && html.len <= LIMIT_BODY) {
		htmlCtxtReset(w->context);
		htmlCtxtUseOptions(w->context, HTML_PARSE_RECOVER |
		                                       HTML_PARSE_NONET |
		                                       HTML_PARSE_IGNORE_ENC |
		                                       HTML_PARSE_NODEFDTD);
		w->context->options |= XML_PARSE_HUGE;
		w->context->userData = w;
		worker_input(w->context, html);
		htmlParseDocument(w->context);
	}
	if (!w->writer.depth) {
		markup_writer_open(&w->writer, SLICE("html"));
		markup_writer_attributes(&w->writer, NULL);
	}
}

/* False: there is no tree, which the reply says. */
static bool worker_xml(struct markup_worker *w, struct slice xml)
{
	bool whole = false;

	worker_xml_context(w);
	w->doctype = false;
	/* Nothing may stand before a declaration; blank lines often do. */
	xml = slice_trim(xml);
	if (xml.len && xml.len <= LIMIT_BODY) {
		xmlCtxtReset(w->xml);
		/* Without NOENT an "&amp;" in a value comes as "&#38;"; there
		 * are no other entities than XML's five to replace. */
		xmlCtxtUseOptions(w->xml, XML_PARSE_NONET | XML_PARSE_HUGE |
		                                  XML_PARSE_IGNORE_ENC |
		                                  XML_PARSE_NOENT);
		w->xml->userData = w;
		worker_input(w->xml, xml);
		whole = xmlParseDocument(w->xml) == 0 && w->xml->wellFormed;
	}
	if (w->doctype || !w->writer.nodes) {
		markup_writer_refuse(&w->writer, w->doctype ? MARKUP_DOCTYPE
		                                            : MARKUP_NO_XML);
		return false;
	}
	w->writer.truncated |= !whole;
	return true;
}

bool markup_worker_parse(struct markup_worker *w, enum markup_language language,
                         struct slice text, struct buf *out)
{
	markup_writer_init(&w->writer, out);
	w->nesting = 0;
	if (language == MARKUP_HTML)
		worker_html(w, text);
	else if (!worker_xml(w, text))
		return !buf_full(out);
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

static void worker_answer(struct markup_worker *w,
                          enum markup_language language, struct slice text,
                          struct buf *out)
{
	size_t at = out->len, len;
	char *head = buf_extend(out, 4);

	if (!head || !markup_worker_parse(w, language, text, out))
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

	while (in.len - at >= MARKUP_REQUEST_HEAD) {
		const unsigned char *p = (const unsigned char *)in.at + at;
		size_t len = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
		             (size_t)p[3] << 24;

		if (len > LIMIT_BODY)
			_exit(1);
		if (in.len - at - MARKUP_REQUEST_HEAD < len)
			break;
		at += MARKUP_REQUEST_HEAD;
		if (unclocked >= WORKER_CLOCK_BYTES) {
			markup_guard_clock(LIMIT_PARSE_SECONDS);
			unclocked = 0;
		}
		worker_answer(w, p[4] ? MARKUP_XML : MARKUP_HTML,
		              slice_cut(in, at, at + len), out);
		unclocked += len;
		at += len;
		if (out->len >= WORKER_CHUNK)
			worker_send(out);
	}
	return at;
}

_Noreturn void markup_worker_serve(int fd)
{
	struct markup_worker *w;
	struct buf in =
	        BUF_INIT(LIMIT_BODY + MARKUP_REQUEST_HEAD + 2 * WORKER_CHUNK);
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
