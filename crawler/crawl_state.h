#ifndef CRAWLER_CRAWL_STATE_H
#define CRAWLER_CRAWL_STATE_H

#include "base/net/http.h"
#include "base/net/pace.h"
#include "base/text/markup.h"
#include "crawler/crawl.h"
#include "crawler/gate.h"
#include "crawler/proxies.h"
#include "crawler/receive.h"
#include "crawler/warc_write.h"
#include "crawler/yield.h"
#include "schema/frontier.h"

/*
 * What the files behind crawl.h share. For them alone.
 *
 * A flight is one wish on its way: taken from the frontier (or from the source
 * itself, when it logs in; or a robots.txt), judged, sent, perhaps sent again
 * to where it was redirected, and landed. It stands in one place at a time:
 * waiting to be sent, parked until robots.txt of its origin is known, or in
 * the air.
 */
enum flight_kind { FLIGHT_ENTRY, FLIGHT_SESSION, FLIGHT_ROBOTS };

struct flight {
	enum flight_kind kind;
	struct flight *next;
	struct arena arena;
	struct frontier_entry entry; /* ENTRY */
	struct ask ask;
	struct url url; /* where it goes next: after redirects, not ask.url */
	int hops;
	bool moved;                 /* so far by permanent redirects alone */
	bool cleared;               /* the gate is open for `url` */
	struct gate_origin *origin; /* ROBOTS: whose; parked: waiting for */
	size_t proxy;               /* SIZE_MAX: direct */
	int64_t started;            /* microseconds */
	unsigned detours;           /* through proxies that failed */
};

struct flights {
	struct flight *first, *last;
	size_t count;
};

enum { CRAWL_WARNED = 8 }; /* kinds of ceilings said aloud */

struct crawl {
	const struct crawl_options *options;
	const struct crawl_settings *settings;
	struct crawl_report *report;
	struct store *store;
	struct frontier *frontier;
	struct intake *intake;
	struct http *http;
	struct carrier carrier;   /* self NULL: http carries */
	struct warc_writer *warc; /* NULL: nothing is archived */
	struct proxies *proxies;  /* NULL: none */
	int64_t carried;          /* when a proxy last was of use, microseconds;
	                            0: not in this run */
	struct fault detour;      /* why one last was not; kind NONE: it was */
	struct pace pace;
	struct gate *gate;
	struct markup_parser *parser;
	struct receive receive;
	struct yield yield;
	void *source; /* the kind's state */
	bool source_open;

	struct url address;     /* of the settings; zeroed: none */
	struct flights waiting; /* to be sent, before the frontier's */
	struct flights session; /* login: before all else */
	struct flights parked;  /* until robots.txt is known */
	struct flights air;     /* under way; order has no meaning */
	size_t session_air;
	int logins;                       /* since a page was last read */
	const char *warned[CRAWL_WARNED]; /* codes: string literals */
	struct fault refused; /* by robots.txt: the first page that was */
	bool explaining;      /* the frontier is left alone */
	bool dry;             /* the frontier had no more to give */
	int64_t wake;         /* nothing can be sent before; microseconds */
	bool paused;          /* a quota is used up: end in order */
	int64_t paused_until;

	int64_t base_wall, base_nano; /* the run's clock */
	int64_t run_started;          /* milliseconds UTC */
	int64_t saved, shown;         /* microseconds: state; progress */
	struct buf why;
};

/* The run's clock: microseconds and milliseconds UTC. It does not go back. */
int64_t crawl_now(const struct crawl *c);
int64_t crawl_time(const struct crawl *c);

void flights_add(struct flights *l, struct flight *it);
void flights_first(struct flights *l, struct flight *it); /* to the front */
struct flight *flights_take(struct flights *l);           /* NULL: empty */
void flights_remove(struct flights *l, struct flight *it);

/* A new one for an ask, its texts copied. False: the address is none. */
MUST_USE
bool flight_new(struct flight **out, enum flight_kind kind, const struct ask *a,
                struct fault *f);
void flight_free(struct flight *it);

/* robots.txt of an origin, to go before anything else of it. */
MUST_USE
bool flight_robots(struct flight **out, struct gate_origin *o, struct fault *f);

/* crawl.c: for a run and for crawl_explain.c. Both leave `c` to be closed. */
MUST_USE
bool crawl_open(struct crawl *c, const struct crawl_options *o,
                struct crawl_report *out, struct fault *f);
MUST_USE
bool crawl_open_all(struct crawl *c, struct fault *f);
MUST_USE
bool crawl_open_source(struct crawl *c, struct fault *f);
/* Turns the wheel until nothing is left to do. */
MUST_USE
bool crawl_turn(struct crawl *c, struct fault *f);
void crawl_close(struct crawl *c);

/* An event for the log, with the flight's address and what came back (NULL:
 * nothing did). */
void crawl_event(struct crawl *c, const char *code, const struct flight *it,
                 const struct http_reply *r, struct slice why);

/* crawl_send.c: sends what may be sent now. */
MUST_USE
bool crawl_send(struct crawl *c, struct fault *f);

/* crawl_send.c: the exchange goes to the archive, if there is one, and the
 * reply's time is set. Nothing of a login does. */
MUST_USE
bool crawl_archive(struct crawl *c, struct flight *it, struct http_reply *r,
                   struct fault *f);

/* crawl_land.c: one reply: retried, followed, or read. It stays the caller's. */
MUST_USE
bool crawl_land(struct crawl *c, struct http_reply *r, struct fault *f);

/* crawl_state.c. Another address of the thing by that id; one that the store
 * cannot hold is passed over. */
MUST_USE
bool crawl_alias(struct crawl *c, struct slice address, struct slice id,
                 enum intake_alias_kind kind, struct fault *f);

/* A flight ends here: its entry is written and it is freed. */
MUST_USE
bool crawl_end(struct crawl *c, struct flight *it,
               enum frontier_outcome outcome, struct fault *f);
/* Not in this run any more, and why. */
MUST_USE
bool crawl_fail(struct crawl *c, struct flight *it, const struct fault *why,
                struct fault *f);
/* Again in a while, if it was not tried too often. */
MUST_USE
bool crawl_retry(struct crawl *c, struct flight *it, int64_t wait,
                 const struct fault *why, struct fault *f);

/* crawl_act.c: does what the source said about `it` (NULL: a seed or login).
 * *digest: of the records' texts, 0 without any. */
struct act {
	struct flight *flight;
	const struct reply *reply; /* NULL: seeds */
	uint64_t digest;
	struct slice native; /* of the first record, if it is the page's own */
	bool again;          /* to be asked again (login) */
	bool deferred;       /* the service wants to rest first */
};
MUST_USE
bool crawl_act(struct crawl *c, struct act *a, struct fault *f);

/* Asks the source to log in; its asks come before all others. */
MUST_USE
bool crawl_login(struct crawl *c, struct fault *f);

/* An entry of the frontier and an ask are the same thing in two clothes. */
void crawl_entry_of_ask(const struct ask *a, struct arena *arena,
                        struct frontier_entry *e);
void crawl_ask_of_entry(const struct frontier_entry *e, struct ask *a);

#endif
