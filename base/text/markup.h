#ifndef BASE_TEXT_MARKUP_H
#define BASE_TEXT_MARKUP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * HTML as a flat tree, parsed by libxml2 in a worker process of its own.
 *
 * libxml2 is not made for hostile input: so it runs in a long-lived child
 * (no files, no network, limits on memory and CPU, seccomp where the kernel
 * has it) that is fed over a socket and started again when it dies. Before
 * anything reaches it, a scan refuses tags with more than LIMIT_ATTRIBUTES
 * attributes (markup_scan.h) and bodies over LIMIT_BODY. What the parser
 * itself could not take whole (nesting over LIMIT_DEPTH, more than LIMIT_NODES
 * nodes, a comment without an end) comes back as a tree with `truncated` set:
 * flagged, never shortened in silence.
 */
struct markup_parser;

/*
 * Starts the worker at the first parse. One parser per thread. The worker is
 * a fork: it keeps what the process had then, so parse early in a long job.
 * It ends when the parser is freed or the process that made it is gone.
 */
struct markup_parser *markup_parser_new(void);
void markup_parser_free(struct markup_parser *p);

/* Starts the worker already: while the process is small and has one thread, a
 * fork costs least. If it cannot be started, the first parse will say so. */
void markup_parser_start(struct markup_parser *p);

/*
 * Parses a fragment or page of HTML in UTF-8. The tree is made in `a` and
 * lives as long as it does. FAULT_LIMIT: refused before parsing, or the worker
 * ran into its limits; FAULT_INPUT: the worker died on it. Either way the
 * next call works. NULs and bytes that are not UTF-8 become U+FFFD.
 */
MUST_USE
bool markup_parse(struct markup_parser *p, struct slice html, struct arena *a,
                  struct markup *out, struct fault *f);

/*
 * As markup_parse(), in either language. XML has the root that it names;
 * comments and instructions are dropped, CDATA is text. FAULT_INPUT
 * "markup-doctype": it has a document type; "markup-xml": it ends being XML
 * before an element begins. Ends it later, `truncated` is set.
 */
MUST_USE
bool markup_parse_as(struct markup_parser *p, enum markup_language language,
                     struct slice text, struct arena *a, struct markup *out,
                     struct fault *f);

/*
 * The same for many small bodies in one stream to the worker and back, which
 * is what makes an import fast: out[i] and faults[i] for html[i]; ok[i] says
 * which. False only when no worker can be started at all.
 */
MUST_USE
bool markup_parse_many(struct markup_parser *p, const struct slice *html,
                       size_t count, struct arena *a, struct markup *out,
                       bool *ok, struct fault *faults, struct fault *f);

/*
 * What keeps a worker in on this machine, for `doctor`: "limits, landlock,
 * seccomp", less, "nothing", or "no worker". Starts one to find out.
 */
const char *markup_sandbox(void);

#endif
