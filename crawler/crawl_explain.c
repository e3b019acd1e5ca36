/*
 * The judgement of the loop, in words: the same gate, the same frontier. The
 * only thing it may fetch is a robots.txt that is not known.
 */

#include "base/clock.h"
#include "crawler/crawl_state.h"
#include "crawler/turn.h"

static void put_time(struct buf *out, const char *what, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	buf_addf(out, "%s%.16s UTC\n", what, text);
}

static bool explain_known(struct crawl *c, const struct url *url,
                          struct buf *out, struct fault *f)
{
	struct frontier_entry e;
	struct arena a = ARENA_INIT;
	bool found, ok = frontier_find(c->frontier, url_bare(url), &a, &e,
	                               &found, f);

	if (ok && !found)
		buf_text(out, "known:    no, nothing has led there yet\n");
	if (ok && found) {
		buf_addf(out, "known:    yes, %d links from a start\n",
		         (int)e.depth);
		if (e.visited)
			put_time(out, "visited:  ", e.visited);
		if (e.changed)
			put_time(out, "changed:  ", e.changed);
		if (e.native.len)
			buf_addf(out, "holds:    %.*s\n", SLICE_ARG(e.native));
		if (e.tries)
			buf_addf(out, "failed:   %d times in a row\n",
			         (int)e.tries);
		if (e.due > crawl_time(c))
			put_time(out, "due:      ", e.due);
		else
			buf_text(out, "due:      now\n");
	}
	arena_release(&a);
	return ok;
}

static bool explain_judge(struct crawl *c, const struct url *url,
                          enum gate_word *word, struct fault *f)
{
	struct gate_origin *origin;
	struct flight *it;

	if (!gate_judge(c->gate, url, 0, crawl_time(c), word, &origin, &c->why,
	                f))
		return false;
	if (*word != GATE_ROBOTS)
		return true;
	if (!flight_robots(&it, origin, f))
		return false;
	flights_add(&c->waiting, it);
	c->explaining = c->dry = true;
	return crawl_turn(c, f) && gate_judge(c->gate, url, 0, crawl_time(c),
	                                      word, &origin, &c->why, f);
}

static bool explain(struct crawl *c, struct slice text, struct buf *out,
                    struct fault *f)
{
	struct url url = URL_INIT;
	enum gate_word word;
	bool ok = url_parse(&url, text, NULL, f) &&
	          explain_judge(c, &url, &word, f);

	if (ok) {
		buf_addf(out,
		         "address:  %.*s\nsource:   %.*s\nverdict:  %s: %s\n",
		         SLICE_ARG(url_bare(&url)),
		         SLICE_ARG(c->settings->name),
		         word == GATE_OPEN ? "fetched" : "skipped",
		         buf_string(&c->why));
		ok = explain_known(c, &url, out, f);
	}
	url_release(&url);
	return ok;
}

bool crawl_explain(const struct crawl_options *o, struct slice url,
                   struct buf *out, struct fault *f)
{
	struct crawl_report report;
	struct turn turn = { 0 };
	struct crawl c;
	bool ok = turn_take(&turn, o->store, o->settings->name, f) &&
	          crawl_open(&c, o, &report, f) && crawl_open_all(&c, f) &&
	          crawl_open_source(&c, f) && explain(&c, url, out, f);

	if (turn.fd)
		crawl_close(&c);
	turn_leave(&turn);
	return ok;
}
