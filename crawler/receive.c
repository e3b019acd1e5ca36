/*
 * The type a server names is believed, except where it names none, or a bare
 * file type under which sitemaps and feeds are often served: then the first
 * bytes tell.
 */

#include "crawler/receive.h"

#include "base/gzip.h"
#include "base/limits.h"
#include "base/text/charset.h"
#include "crawler/robots.h"

void receive_init(struct receive *x, struct markup_parser *parser)
{
	*x = (struct receive){
		.parser = parser,
		.unpacked = BUF_INIT(LIMIT_FETCH_BODY),
		.text = BUF_INIT(3u * LIMIT_FETCH_BODY),
		.arena = ARENA_INIT,
	};
}

void receive_release(struct receive *x)
{
	buf_release(&x->unpacked);
	buf_release(&x->text);
	arena_release(&x->arena);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The MIME type of a Content-Type, in lower case. */
static struct slice receive_type(struct receive *x, struct slice header)
{
	struct slice type =
	        slice_trim(slice_cut(header, 0, slice_find(header, ';')));
	char *to = arena_new(&x->arena, type.len + 1);
	size_t i;

	for (i = 0; i < type.len; i++)
		to[i] = lower(type.at[i]);
	return (struct slice){ to, type.len };
}

static bool begins(struct slice s, const char *word)
{
	size_t i = 0;

	while (word[i] && i < s.len && lower(s.at[i]) == word[i])
		i++;
	return !word[i];
}

/* What a body looks like; the type it came with where nothing tells. */
static struct slice receive_sniff(struct slice type, struct slice body)
{
	struct slice head = slice_trim(slice_cut(body, 0, 512));

	if (slice_starts(head, SLICE("\xef\xbb\xbf")))
		head = slice_trim(slice_cut(head, 3, head.len));
	if (begins(head, "<?xml") || begins(head, "<urlset") ||
	    begins(head, "<sitemapindex") || begins(head, "<rss") ||
	    begins(head, "<feed"))
		return SLICE("application/xml");
	if (begins(head, "<!doctype html") || begins(head, "<html"))
		return SLICE("text/html");
	if (begins(head, "{") && !type.len)
		return SLICE("application/json");
	return type.len ? type : SLICE("application/octet-stream");
}

/* Bytes that no text has, however it is labelled: WHATWG MIME Sniffing, 3
 * (escape begins sequences of ISO-2022; UTF-16 is full of NULs). */
static bool is_binary(struct slice body, struct slice header)
{
	size_t i, most = body.len < 1445 ? body.len : 1445;

	if (slice_starts(body, SLICE("\xff\xfe")) ||
	    slice_starts(body, SLICE("\xfe\xff")))
		return false;
	for (i = 0; i + 3 < header.len; i++)
		if (begins(slice_cut(header, i, header.len), "utf-16"))
			return false;
	for (i = 0; i < most; i++) {
		unsigned char c = (unsigned char)body.at[i];

		if (c <= 0x08 || c == 0x0b || (c >= 0x0e && c <= 0x1a) ||
		    (c >= 0x1c && c <= 0x1f))
			return true;
	}
	return false;
}

static bool vague(struct slice type)
{
	return !type.len || slice_eq(type, SLICE("application/octet-stream")) ||
	       slice_eq(type, SLICE("application/gzip")) ||
	       slice_eq(type, SLICE("application/x-gzip"));
}

static bool is_html(struct slice type)
{
	return slice_eq(type, SLICE("text/html")) ||
	       slice_eq(type, SLICE("application/xhtml+xml"));
}

static bool is_xml(struct slice type)
{
	return slice_ends(type, SLICE("/xml")) ||
	       slice_ends(type, SLICE("+xml"));
}

static bool is_text(struct slice type)
{
	return slice_starts(type, SLICE("text/")) ||
	       slice_ends(type, SLICE("json")) ||
	       slice_eq(type, SLICE("application/javascript"));
}

static bool receive_text(struct receive *x, struct slice header,
                         struct reply *out, struct fault *f)
{
	enum charset_kind kind = is_html(out->type)  ? CHARSET_HTML
	                         : is_xml(out->type) ? CHARSET_XML
	                                             : CHARSET_TEXT;

	buf_reset(&x->text);
	if (!charset_decode(out->body, header, kind, &x->text, NULL, f))
		return false;
	out->body = buf_slice(&x->text);
	return true;
}

static bool named(struct slice s, const char *name)
{
	return begins(s, name) && s.len == strlen(name);
}

/* <meta name=robots>, for all or for us by name. */
static unsigned receive_meta(const struct markup *m)
{
	unsigned asked = 0;
	size_t i;

	for (i = 0; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];
		struct slice name;

		if (n->kind != MARKUP_ELEMENT)
			continue;
		if (slice_eq(n->name, SLICE("body")))
			break;
		if (!slice_eq(n->name, SLICE("meta")))
			continue;
		name = markup_attribute(m, n, "name");
		if (named(name, "robots") || named(name, "opslore"))
			asked |= robots_directives(
			        markup_attribute(m, n, "content"),
			        SLICE("opslore"));
	}
	return asked;
}

static bool receive_page(struct receive *x, struct reply *out, struct fault *f)
{
	struct markup *tree = arena_new(&x->arena, sizeof(*tree));
	bool html = is_html(out->type);
	struct fault broken;

	if (html && !markup_parse(x->parser, out->body, &x->arena, tree, f))
		return false;
	/* XML that is none is the source's to judge. */
	if (!html && !markup_parse_as(x->parser, MARKUP_XML, out->body,
	                              &x->arena, tree, &broken))
		return true;
	out->page = tree;
	if (tree->truncated)
		out->flags |= REPLY_TRUNCATED;
	return true;
}

static void receive_robots(const struct http_reply *r, struct reply *out)
{
	unsigned asked = 0;
	size_t i;

	for (i = 0; i < r->header_count; i++)
		if (slice_eq(r->headers[i].name, SLICE("x-robots-tag")))
			asked |= robots_directives(r->headers[i].value,
			                           SLICE("opslore"));
	if (out->page && is_html(out->type))
		asked |= receive_meta(out->page);
	if (asked & ROBOTS_NOINDEX)
		out->flags |= REPLY_NOINDEX;
	if (asked & ROBOTS_NOFOLLOW)
		out->flags |= REPLY_NOFOLLOW;
}

static void receive_headers(struct receive *x, const struct http_reply *r,
                            struct reply *out)
{
	struct reply_header *copy =
	        arena_array(&x->arena, r->header_count, sizeof(*copy));
	size_t i;

	for (i = 0; i < r->header_count; i++)
		copy[i] = (struct reply_header){ r->headers[i].name,
			                         r->headers[i].value };
	out->headers = copy;
	out->header_count = r->header_count;
}

bool receive_reply(struct receive *x, const struct http_reply *r,
                   const struct ask *ask, struct slice url, int64_t now,
                   struct reply *out, struct fault *f)
{
	struct slice header = http_header(r, "content-type");

	arena_reset(&x->arena);
	*out = (struct reply){
		.ask = ask,
		.status = r->status,
		.body = r->body,
		.url = url,
		.time = now,
		.arena = &x->arena,
		.parser = x->parser,
	};
	out->type = receive_type(x, header);
	receive_headers(x, r, out);
	if (gzip_is(out->body)) {
		buf_reset(&x->unpacked);
		if (!gzip_unpack(out->body, LIMIT_FETCH_RATIO, &x->unpacked, f))
			return false;
		out->body = buf_slice(&x->unpacked);
	}
	if (vague(out->type))
		out->type = receive_sniff(out->type, out->body);
	if (is_html(out->type) && is_binary(out->body, header))
		out->type = SLICE("application/octet-stream");
	if ((is_html(out->type) || is_xml(out->type) || is_text(out->type)) &&
	    !receive_text(x, header, out, f))
		return false;
	if ((is_html(out->type) || is_xml(out->type)) &&
	    !receive_page(x, out, f))
		return false;
	receive_robots(r, out);
	return true;
}
