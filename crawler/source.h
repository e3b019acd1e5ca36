#ifndef CRAWLER_SOURCE_H
#define CRAWLER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup.h"
#include "crawler/carrier.h"
#include "schema/intake.h"
#include "schema/record.h"

/*
 * A source is one kind of place where knowledge lives: a Stack Exchange site,
 * a MediaWiki, any web site.
 *
 * A source translates; it does not act. It never opens a socket, reads the
 * clock, sleeps, or sees the database. It says what it would like to have
 * (ask), is shown what came back (read), and says what that means (records)
 * and how far it has got (mark). The loop in crawl.c does everything with
 * consequences:
 *
 *        seed ---> asks ---> [ scope, robots, pace, proxy, fetch ] ---> reply
 *                   ^                                                |
 *                   +------------------- read <----------------------+
 *                                         |
 *                                         +---> records, marks ---> store
 *
 * It follows that every source can be tested from files on disk, and that
 * politeness cannot be forgotten: there is no way round the loop.
 *
 * To add a source: write source_yours.c with one `const struct source_kind`,
 * add it to the table in source.c, and put recorded replies under
 * tests/data/source/yours/. Nothing else changes.
 */

enum ask_flags {
	/* An address that stays: seen once, visited again, conditionally, with
	 * robots.txt, meta robots and scope. Without it the ask is a *call*
	 * of an API: made once, forgotten when answered, robots.txt does not
	 * speak of it (the API's own terms do). */
	ASK_PAGE = 1 << 0,
	/* A page to be read in this run even if it is not due. */
	ASK_AGAIN = 1 << 1,
	/* Part of logging in: kept in memory alone (its body may hold a
	 * secret), answered before any other ask goes out. */
	ASK_SESSION = 1 << 2,
	/* 4xx replies are read too (an API that explains itself in them);
	 * otherwise the loop deals with them. 429 and 503 never are. */
	ASK_ERRORS = 1 << 3,
	/* Not to be asked through robots.txt although it is a page, and not
	 * revisited on its own: sitemaps, feeds. Conditional all the same. */
	ASK_LISTING = 1 << 4,
};

/* A wish for one resource. Copied; may live on the stack. */
struct ask {
	struct slice url; /* absolute; http or https, file: with a carrier */
	struct slice body, body_type; /* with a body it is a POST */
	struct slice accept;          /* MIME type wanted; empty: any */
	struct slice note; /* the source's own, <= 4 KB; back in the reply */
	uint32_t tag;      /* likewise: which kind of ask this is */
	int32_t depth;     /* links from a seed */
	unsigned flags;    /* enum ask_flags */
	int64_t due; /* milliseconds UTC; 0: in turn. A hint that a page has
	                changed asks with the time of the hint, or earlier */
};

struct robots;

struct reply_header {
	struct slice name, value; /* name in lower case */
};

enum reply_flags {
	REPLY_NOINDEX = 1 << 0, /* meta robots, X-Robots-Tag: yield no record */
	REPLY_NOFOLLOW = 1 << 1,  /* yield no asks for what it links to */
	REPLY_TRUNCATED = 1 << 2, /* the parser could not take it whole */
	REPLY_MOVED = 1 << 3,     /* it came by permanent redirects */
};

/* What came back; borrowed for the length of one read(). */
struct reply {
	const struct ask *ask;
	int status;
	struct slice type; /* MIME type in lower case, no parameters */
	const struct reply_header *headers;
	size_t header_count;
	struct slice body;         /* unpacked, UTF-8 where it is text */
	const struct markup *page; /* HTML and XML, parsed; else NULL */
	struct slice url;    /* it came from: after redirects, no fragment */
	unsigned flags;      /* enum reply_flags */
	int64_t time;        /* when it came, milliseconds UTC */
	struct arena *arena; /* for what this read() makes; reset after it */
	/* For markup found inside other formats (HTML in JSON); borrowed. */
	struct markup_parser *parser;
};

/* The value of the first header called `name` (lower case), or empty. */
struct slice reply_header(const struct reply *r, const char *name);

/*
 * Where a source puts what it says. Everything is copied, so nothing passed in
 * needs to outlive the call. What one read() yields is committed together.
 */
struct yield;

void yield_ask(struct yield *y, const struct ask *a);

/* A record that is not clean (unicode.h) is cleaned here. The first record of
 * a page's reply is what that page holds. */
void yield_record(struct yield *y, const struct record *r);

void yield_author(struct yield *y, struct slice id, struct slice name,
                  struct slice link);
void yield_link(struct yield *y, struct slice from, struct slice to,
                enum intake_link_kind kind, int64_t time);
void yield_comment(struct yield *y, const struct intake_comment *c);

/* A listing names `id` at `revision` (0: not known). `a` (may be NULL) is
 * asked only if that revision was not read before. */
void yield_named(struct yield *y, struct slice id, int64_t revision,
                 const struct ask *a);

/* A listing of everything begins; came to its clean end. Only what is named
 * between them, in one run, counts. */
void yield_listing(struct yield *y);
void yield_listed(struct yield *y);

/* `id` was asked for and is not there (one miss of two). */
void yield_missing(struct yield *y, struct slice id);

/* The service says in so many words that it was deleted. */
void yield_deleted(struct yield *y, struct slice id);

/* It goes by another id now. */
void yield_moved(struct yield *y, struct slice from, struct slice to);

/* The address is another one of the thing by that id, as its page says. */
void yield_alias(struct yield *y, struct slice address, struct slice id);

/* Everything up to here is safely said: what open() gets next time. Stored in
 * the transaction of the records before it. Opaque to the loop. */
void yield_mark(struct yield *y, struct slice mark);

/* The service told us to stay away for so long (`backoff`, maxlag). It counts
 * as a refusal when `refused`. */
void yield_rest(struct yield *y, int64_t milliseconds, bool refused);

/* What is left of a quota, until when (0: unknown). At 0 the run pauses for
 * as long if that is short, else ends in order and goes on then. */
void yield_quota(struct yield *y, int64_t left, int64_t most, int64_t until);

/* Log in again before anything else goes out (soft-login page, lost token);
 * the reply at hand is asked for again. Bounded: the third in a row without
 * success ends the run as FAULT_DENIED. */
void yield_login(struct yield *y);

/* For the event log: "page-private", "needs-javascript" ...; a code that starts
 * with "limit-" is also said aloud, once. `code` is a string literal. */
void yield_event(struct yield *y, const char *code, struct slice about,
                 const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Secrets and the environment, handed in: a source reads neither. */
struct source_secrets {
	struct slice user, password, token; /* empty: not configured */
};

struct source_start {
	const struct conf_section *conf;
	struct slice mark; /* of the last run; empty on the first */
	struct source_secrets secrets;
	bool everything;    /* --now: also what has not changed */
	int64_t time;       /* when the run began, milliseconds UTC */
	struct slice store; /* path of the store: a carrier may keep beside it
	                       what it can have again */
};

struct source_kind {
	const char *name;            /* "mediawiki" */
	const char *summary;         /* one line for `opslore sources` */
	const char *channel;         /* "api" or "crawl": of its visits */
	const struct conf_key *keys; /* its own; ends at a NULL name */
	size_t state_size;           /* `self` points at this many zero bytes */

	/* May be NULL: asks go over the network. Opens what answers them in its
	 * place (file: addresses); freed by the loop. */
	bool (*carrier)(const struct source_start *s, struct carrier *out,
	                struct fault *f);

	/* May be NULL. What to do instead where robots.txt refuses us. */
	const char *refused;

	/* May be NULL. The name of a query parameter in which the service
	 * takes the configured token ("key"): the loop adds it to calls as
	 * they leave; it is never stored or logged. */
	const char *secret_parameter;

	/* May be NULL. The word before the configured token where it is not
	 * "Bearer" (RFC 9110, 11.4). */
	const char *authorization;

	/* Appends the canonical space of what the settings describe. */
	bool (*space)(const struct conf_section *c, struct buf *out,
	              struct fault *f);

	/* Check settings, read the mark. */
	bool (*open)(void *self, const struct source_start *s, struct fault *f);

	/* May be NULL. The setting without which user and password are for
	 * Basic authentication, although the kind can log in. */
	const char *login_key;

	/* May be NULL. Say what it takes to log in (ASK_SESSION asks);
	 * called before seed(), after each restart, and after yield_login(). */
	void (*login)(void *self, struct yield *y);

	/* Say the first asks of a new run. A run that goes on is not seeded
	 * again: its asks are in the frontier. */
	void (*seed)(void *self, struct yield *y);

	/* May be NULL. robots.txt of `origin` ("https://docs.example") is
	 * known, once in a run: its sitemaps are worth asking for. */
	void (*robots)(void *self, struct slice origin, const struct robots *r,
	               struct yield *y);

	/* May be NULL: everything goes. Whether a page is within scope, for
	 * asks, redirects and --explain; *why says which rule decided. */
	bool (*within)(void *self, struct slice url, int32_t depth,
	               struct buf *why);

	/*
	 * Explain one reply. False rejects this reply alone: FAULT_LATER has
	 * it asked again (a few times), FAULT_GONE is a miss of what the page
	 * held, anything else is noted and left for the next run.
	 */
	bool (*read)(void *self, const struct reply *r, struct yield *y,
	             struct fault *f);

	/*
	 * May be NULL: its texts are not made anew. Version of what makes
	 * titles and texts from originals, and the making: `r` is an original
	 * (url: the record's link; no ask, no headers), out->id is set; title
	 * (empty: stays) and content are made in r->arena. No state is at
	 * hand, and `conf` is NULL when the source is not configured any more.
	 */
	uint32_t extractor;
	bool (*again)(const struct conf_section *conf, const struct reply *r,
	              struct record *out, struct fault *f);

	/* May be NULL. Called once for every open that returned true. */
	void (*close)(void *self);
};

/* The compiled-in kinds, in the order help shows them; ends at NULL. */
extern const struct source_kind *const source_kinds[];

/* NULL when no kind is called `name`. */
const struct source_kind *source_find(struct slice name);

#endif
