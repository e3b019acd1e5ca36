#ifndef CRAWLER_XMLRPC_H
#define CRAWLER_XMLRPC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * XML-RPC (xmlrpc.com/spec): calls written, replies read from a tree that was
 * parsed as XML. A value of a reply is the number of its <value> element;
 * MARKUP_NONE is no value, and every question about it says so.
 *
 *	struct xmlrpc_call call;
 *	xmlrpc_start(&call, &body, "wiki.getPage");
 *	xmlrpc_put_text(&call, id);
 *	xmlrpc_end(&call);
 */
struct xmlrpc_call {
	struct buf *to;
};

/* Text is escaped; what XML cannot hold is left out. */
void xmlrpc_start(struct xmlrpc_call *c, struct buf *to, const char *method);
void xmlrpc_put_text(struct xmlrpc_call *c, struct slice s);
void xmlrpc_put_number(struct xmlrpc_call *c, int64_t n);
/* A struct with one number in it: the options that we pass anywhere. */
void xmlrpc_put_option(struct xmlrpc_call *c, const char *name, int64_t n);
void xmlrpc_end(struct xmlrpc_call *c);

/*
 * The value of a <methodResponse>. FAULT_INPUT "xmlrpc": it is none;
 * "xmlrpc-fault": the service's own <fault>, whose number goes to *code (0
 * where it has none; `code` may be NULL).
 */
MUST_USE
bool xmlrpc_reply(const struct markup *m, struct arena *a, uint32_t *value,
                  int64_t *code, struct fault *f);

bool xmlrpc_is_array(const struct markup *m, uint32_t value);

/* Members of an array: the first, and the one behind `value`. */
uint32_t xmlrpc_first(const struct markup *m, uint32_t value);
uint32_t xmlrpc_next(const struct markup *m, uint32_t value);

/* The member of a struct; of two with one name the first. */
uint32_t xmlrpc_member(const struct markup *m, uint32_t value,
                       const char *name);

/* A string, date or number as text, made in `a` where it has several parts;
 * false on anything else. */
bool xmlrpc_text(const struct markup *m, uint32_t value, struct arena *a,
                 struct slice *out);
bool xmlrpc_number(const struct markup *m, uint32_t value, int64_t *out);

#endif
