/*
 *	              JSON-RPC                    XML-RPC
 *	time          core.getWikiTime            dokuwiki.getTime
 *	list          core.listPages              dokuwiki.getPagelist
 *	changes       core.getRecentPageChanges   wiki.getRecentChanges
 *	page          core.getPageHTML            wiki.getPageHTML
 *
 * wiki.getAllPages is not used: it lists what is in the search index only.
 * Numbers of faults: -32605 switched off, -32603 and -32604 not for us, 111 not
 * this page, 121 no such page, 321 no changes.
 */

#include "crawler/dokuwiki_remote.h"

#include "base/json.h"
#include "crawler/xmlrpc.h"

enum {
	FAULT_OFF = -32605,
	FAULT_NOT_OURS = -32604,
	FAULT_LOGIN = -32603,
	FAULT_PRIVATE = 111,
	FAULT_NO_PAGE = 121,
	FAULT_NO_CHANGES = 321,
	LISTED_MOST = 1 << 20
};

static const struct {
	const char *json, *xml;
} methods[] = {
	[DOKUWIKI_TIME] = { "core.getWikiTime", "dokuwiki.getTime" },
	[DOKUWIKI_LIST] = { "core.listPages", "dokuwiki.getPagelist" },
	[DOKUWIKI_CHANGES] = { "core.getRecentPageChanges",
	                       "wiki.getRecentChanges" },
	[DOKUWIKI_PAGE] = { "core.getPageHTML", "wiki.getPageHTML" },
};

const char *dokuwiki_remote_path(enum dokuwiki_protocol p)
{
	return p == DOKUWIKI_JSON ? "lib/exe/jsonrpc.php"
	                          : "lib/exe/xmlrpc.php";
}

struct slice dokuwiki_remote_type(enum dokuwiki_protocol p)
{
	return p == DOKUWIKI_JSON ? SLICE("application/json")
	                          : SLICE("text/xml");
}

static void write_json(enum dokuwiki_call call, struct slice text,
                       int64_t number, struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair(&o, "jsonrpc", SLICE("2.0"));
	json_pair_number(&o, "id", 1);
	json_pair(&o, "method", slice_of(methods[call].json));
	json_key(&o, "params");
	json_open(&o, '{');
	if (call == DOKUWIKI_LIST) {
		json_pair(&o, "namespace", text);
		json_pair_number(&o, "depth", 0);
	} else if (call == DOKUWIKI_CHANGES)
		json_pair_number(&o, "timestamp", number);
	else if (call == DOKUWIKI_PAGE)
		json_pair(&o, "page", text);
	json_close(&o, '}');
	json_close(&o, '}');
}

void dokuwiki_remote_write(enum dokuwiki_protocol p, enum dokuwiki_call call,
                           struct slice text, int64_t number, struct buf *out)
{
	struct xmlrpc_call c;

	if (p == DOKUWIKI_JSON) {
		write_json(call, text, number, out);
		return;
	}
	xmlrpc_start(&c, out, methods[call].xml);
	if (call == DOKUWIKI_LIST) {
		xmlrpc_put_text(&c, text);
		xmlrpc_put_option(&c, "depth", 0);
	} else if (call == DOKUWIKI_CHANGES)
		xmlrpc_put_number(&c, number);
	else if (call == DOKUWIKI_PAGE)
		xmlrpc_put_text(&c, text);
	xmlrpc_end(&c);
}

/* What a fault's number, or a status beside it, means. */
static bool refuse(int64_t code, int status, struct slice text,
                   enum dokuwiki_call call, struct fault *f)
{
	if (code == FAULT_NO_PAGE)
		return fault(f, FAULT_GONE, "dokuwiki-gone",
		             "the wiki has no such page");
	if (code == FAULT_OFF)
		return fault(f, FAULT_INPUT, "dokuwiki-none",
		             "the wiki's remote API is switched off");
	if (code == FAULT_PRIVATE || call == DOKUWIKI_PAGE)
		return fault(f, FAULT_DENIED, "dokuwiki-private",
		             "the wiki does not let us read this page");
	if (status == 401 || status == 403 || code == FAULT_NOT_OURS ||
	    code == FAULT_LOGIN)
		return fault(f, FAULT_DENIED, "dokuwiki-denied",
		             "the wiki's remote API is not open to us: its "
		             "setting remoteuser, or our user and password");
	return fault(f, FAULT_INPUT, "dokuwiki-fault", "the wiki says: %.*s",
	             SLICE_ARG(text));
}

static bool no_api(const struct reply *r, struct fault *f)
{
	if (r->status == 401 || r->status == 403)
		return fault(f, FAULT_DENIED, "dokuwiki-denied",
		             "the wiki does not let us in (status %d): user "
		             "and password are wanted, or wrong",
		             r->status);
	return fault(f, FAULT_INPUT, "dokuwiki-none",
	             "no API answers here (status %d, %.*s)", r->status,
	             SLICE_ARG(r->type));
}

static struct slice json_member(const struct json *j, const char *name,
                                struct arena *a)
{
	struct slice s = { 0 };

	json_text(json_get(j, name), &s);
	return arena_copy(a, s);
}

static void read_json_pages(const struct json *list, struct arena *a,
                            struct dokuwiki_answer *out)
{
	size_t count = 0;

	for (const struct json *j = json_first(list); j; j = json_next(j))
		count++;
	out->pages = arena_array(a, count + 1, sizeof *out->pages);
	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		struct dokuwiki_listed *l = &out->pages[out->page_count];

		l->page.id = json_member(j, "id", a);
		l->page.author = json_member(j, "author", a);
		json_number(json_get(j, "revision"), &l->page.revision);
		l->gone = slice_eq(json_member(j, "type", a), SLICE("D"));
		out->page_count += l->page.id.len > 0;
	}
}

static bool read_json(enum dokuwiki_call call, const struct reply *r,
                      struct dokuwiki_answer *out, struct fault *f)
{
	struct json *j = NULL;
	const struct json *result, *error;
	int64_t code = 0;
	bool ok = true;

	if (!slice_ends(r->type, SLICE("json")))
		return no_api(r, f);
	if (!json_parse(&j, r->body, f))
		return fault_in(f, "the API's answer");
	error = json_get(j, "error");
	result = json_get(j, "result");
	json_number(json_get(error, "code"), &code);
	if (code == FAULT_NO_CHANGES && call == DOKUWIKI_CHANGES)
		ok = true;
	else if (code)
		ok = refuse(code, r->status,
		            json_member(error, "message", r->arena), call, f);
	else if (call == DOKUWIKI_TIME)
		ok = json_number(result, &out->time) || no_api(r, f);
	else if (call == DOKUWIKI_PAGE)
		ok = json_is_text(result) || no_api(r, f);
	else
		ok = json_is_array(result) || no_api(r, f);
	if (ok && call == DOKUWIKI_PAGE) {
		json_text(result, &out->html);
		out->html = arena_copy(r->arena, out->html);
	} else if (ok && json_is_array(result))
		read_json_pages(result, r->arena, out);
	json_free(j);
	return ok;
}

static void read_xml_pages(const struct markup *m, uint32_t list,
                           struct arena *a, struct dokuwiki_answer *out)
{
	size_t count = 0;
	uint32_t at;

	for (at = xmlrpc_first(m, list); at != MARKUP_NONE;
	     at = xmlrpc_next(m, at))
		count++;
	out->pages = arena_array(a, count + 1, sizeof *out->pages);
	for (at = xmlrpc_first(m, list); at != MARKUP_NONE;
	     at = xmlrpc_next(m, at)) {
		struct dokuwiki_listed *l = &out->pages[out->page_count];
		int64_t size = 0;

		*l = (struct dokuwiki_listed){ 0 };
		if (!xmlrpc_text(m, xmlrpc_member(m, at, "id"), a, &l->page.id))
			xmlrpc_text(m, xmlrpc_member(m, at, "name"), a,
			            &l->page.id);
		xmlrpc_text(m, xmlrpc_member(m, at, "author"), a,
		            &l->page.author);
		if (!xmlrpc_number(m, xmlrpc_member(m, at, "rev"),
		                   &l->page.revision))
			xmlrpc_number(m, xmlrpc_member(m, at, "version"),
			              &l->page.revision);
		/* The size of a file that is not there is <boolean>0. */
		l->gone =
		        xmlrpc_number(m, xmlrpc_member(m, at, "size"), &size) &&
		        size == 0;
		out->page_count += l->page.id.len > 0;
	}
}

/* <struct></struct>: what becomes of a fault in some versions. */
static bool is_hollow(const struct markup *m, uint32_t value)
{
	uint32_t at = m->nodes[value].first;

	while (at != MARKUP_NONE && m->nodes[at].kind != MARKUP_ELEMENT)
		at = m->nodes[at].next;
	if (at == MARKUP_NONE || !slice_eq(m->nodes[at].name, SLICE("struct")))
		return false;
	for (at = m->nodes[at].first; at != MARKUP_NONE; at = m->nodes[at].next)
		if (m->nodes[at].kind == MARKUP_ELEMENT)
			return false;
	return true;
}

static bool read_xml(enum dokuwiki_call call, const struct reply *r,
                     struct dokuwiki_answer *out, struct fault *f)
{
	uint32_t value;
	int64_t code;

	if (!r->page || !slice_ends(r->type, SLICE("xml")))
		return no_api(r, f);
	if (!xmlrpc_reply(r->page, r->arena, &value, &code, f)) {
		if (code == FAULT_NO_CHANGES && call == DOKUWIKI_CHANGES)
			return true;
		return code ? refuse(code, r->status, slice_of(f->text), call,
		                     f)
		            : no_api(r, f);
	}
	if (is_hollow(r->page, value))
		return (call == DOKUWIKI_CHANGES && r->status == 200) ||
		       refuse(FAULT_NOT_OURS, r->status,
		              SLICE("an empty struct"), call, f);
	if (call == DOKUWIKI_TIME)
		return xmlrpc_number(r->page, value, &out->time) ||
		       no_api(r, f);
	if (call == DOKUWIKI_PAGE)
		return xmlrpc_text(r->page, value, r->arena, &out->html) ||
		       no_api(r, f);
	if (!xmlrpc_is_array(r->page, value))
		return no_api(r, f);
	read_xml_pages(r->page, value, r->arena, out);
	return true;
}

bool dokuwiki_remote_read(enum dokuwiki_protocol p, enum dokuwiki_call call,
                          const struct reply *r, struct dokuwiki_answer *out,
                          struct fault *f)
{
	*out = (struct dokuwiki_answer){ 0 };
	return p == DOKUWIKI_JSON ? read_json(call, r, out, f)
	                          : read_xml(call, r, out, f);
}
