/*
 *	<methodResponse><params><param><value> V </value> ...
 *	<methodResponse><fault><value> struct: faultCode, faultString
 *	V = text | <string> | <int> <i4> <boolean> <double>
 *	    <dateTime.iso8601> | <struct> <member> <name> <value> ...
 *	    | <array> <data> <value>*
 */

#include "crawler/xmlrpc.h"

void xmlrpc_start(struct xmlrpc_call *c, struct buf *to, const char *method)
{
	c->to = to;
	buf_text(to, "<?xml version=\"1.0\"?><methodCall><methodName>");
	buf_text(to, method);
	buf_text(to, "</methodName><params>");
}

void xmlrpc_put_text(struct xmlrpc_call *c, struct slice s)
{
	buf_text(c->to, "<param><value><string>");
	for (size_t i = 0; i < s.len; i++) {
		char byte = s.at[i];

		if (byte == '<')
			buf_text(c->to, "&lt;");
		else if (byte == '>')
			buf_text(c->to, "&gt;");
		else if (byte == '&')
			buf_text(c->to, "&amp;");
		else if ((unsigned char)byte >= 0x20 || byte == '\n' ||
		         byte == '\t')
			buf_byte(c->to, byte);
	}
	buf_text(c->to, "</string></value></param>");
}

void xmlrpc_put_number(struct xmlrpc_call *c, int64_t n)
{
	buf_addf(c->to, "<param><value><int>%lld</int></value></param>",
	         (long long)n);
}

void xmlrpc_put_option(struct xmlrpc_call *c, const char *name, int64_t n)
{
	buf_addf(c->to,
	         "<param><value><struct><member><name>%s</name>"
	         "<value><int>%lld</int></value></member></struct></value>"
	         "</param>",
	         name, (long long)n);
}

void xmlrpc_end(struct xmlrpc_call *c)
{
	buf_text(c->to, "</params></methodCall>");
}

/* The element called `name` from node `n` on among its siblings. */
static uint32_t sibling(const struct markup *m, uint32_t n, const char *name)
{
	while (n != MARKUP_NONE &&
	       !(m->nodes[n].kind == MARKUP_ELEMENT &&
	         slice_eq(m->nodes[n].name, slice_of(name))))
		n = m->nodes[n].next;
	return n;
}

static uint32_t child(const struct markup *m, uint32_t n, const char *name)
{
	return n == MARKUP_NONE ? MARKUP_NONE
	                        : sibling(m, m->nodes[n].first, name);
}

static bool read_fault(const struct markup *m, uint32_t value, struct arena *a,
                       int64_t *code, struct fault *f)
{
	struct slice text = SLICE("it gives no reason");
	int64_t number = 0;

	xmlrpc_text(m, xmlrpc_member(m, value, "faultString"), a, &text);
	xmlrpc_number(m, xmlrpc_member(m, value, "faultCode"), &number);
	if (code)
		*code = number;
	return fault(f, FAULT_INPUT, "xmlrpc-fault",
	             "the service says: %.*s (%lld)", SLICE_ARG(text),
	             (long long)number);
}

bool xmlrpc_reply(const struct markup *m, struct arena *a, uint32_t *value,
                  int64_t *code, struct fault *f)
{
	uint32_t root = MARKUP_NONE, at;

	if (code)
		*code = 0;
	if (m && m->node_count)
		root = sibling(m, 0, "methodResponse");
	if (root == MARKUP_NONE && m && m->node_count)
		root = child(m, 0, "methodResponse");
	at = child(m, root, "fault");
	if (at != MARKUP_NONE)
		return read_fault(m, child(m, at, "value"), a, code, f);
	at = child(m, child(m, root, "params"), "param");
	*value = child(m, at, "value");
	if (*value == MARKUP_NONE)
		return fault(f, FAULT_INPUT, "xmlrpc",
		             "the answer is no reply of XML-RPC");
	return true;
}

bool xmlrpc_is_array(const struct markup *m, uint32_t value)
{
	return child(m, value, "array") != MARKUP_NONE;
}

uint32_t xmlrpc_first(const struct markup *m, uint32_t value)
{
	return child(m, child(m, child(m, value, "array"), "data"), "value");
}

uint32_t xmlrpc_next(const struct markup *m, uint32_t value)
{
	return value == MARKUP_NONE ? MARKUP_NONE
	                            : sibling(m, m->nodes[value].next, "value");
}

/* The only text of an element, or empty. */
static struct slice plain(const struct markup *m, uint32_t n)
{
	uint32_t first = n == MARKUP_NONE ? n : m->nodes[n].first;

	if (first == MARKUP_NONE || m->nodes[first].kind != MARKUP_TEXT)
		return (struct slice){ 0 };
	return m->nodes[first].text;
}

uint32_t xmlrpc_member(const struct markup *m, uint32_t value, const char *name)
{
	uint32_t at = child(m, child(m, value, "struct"), "member");

	while (at != MARKUP_NONE) {
		if (slice_eq(slice_trim(plain(m, child(m, at, "name"))),
		             slice_of(name)))
			return child(m, at, "value");
		at = sibling(m, m->nodes[at].next, "member");
	}
	return MARKUP_NONE;
}

/* The element that holds the text of a value: one of the simple types, or the
 * value itself when no element is in it. */
static uint32_t holder(const struct markup *m, uint32_t value)
{
	static const char *const types[] = {
		"string", "int", "i4", "boolean", "double", "dateTime.iso8601",
	};
	uint32_t at;

	if (value == MARKUP_NONE)
		return MARKUP_NONE;
	for (at = m->nodes[value].first; at != MARKUP_NONE;
	     at = m->nodes[at].next)
		if (m->nodes[at].kind == MARKUP_ELEMENT)
			break;
	if (at == MARKUP_NONE)
		return value;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq(m->nodes[at].name, slice_of(types[i])))
			return at;
	return MARKUP_NONE;
}

bool xmlrpc_text(const struct markup *m, uint32_t value, struct arena *a,
                 struct slice *out)
{
	uint32_t at = holder(m, value), part;
	size_t len = 0;
	char *made;

	if (at == MARKUP_NONE)
		return false;
	part = m->nodes[at].first;
	*out = SLICE("");
	if (part == MARKUP_NONE)
		return true;
	if (m->nodes[part].next == MARKUP_NONE) {
		*out = m->nodes[part].text;
		return true;
	}
	for (; part != MARKUP_NONE; part = m->nodes[part].next)
		len += m->nodes[part].text.len;
	made = arena_new(a, len + 1);
	*out = (struct slice){ made, len };
	for (part = m->nodes[at].first; part != MARKUP_NONE;
	     part = m->nodes[part].next) {
		struct slice s = m->nodes[part].text;

		if (s.len)
			memcpy(made, s.at, s.len);
		made += s.len;
	}
	return true;
}

bool xmlrpc_number(const struct markup *m, uint32_t value, int64_t *out)
{
	uint32_t at = holder(m, value);

	return at != MARKUP_NONE && slice_number(slice_trim(plain(m, at)), out);
}
