/* One JSON object; times in milliseconds. */

#include "crawler/cases/pull_mark.h"

#include "base/clock.h"
#include "base/json.h"

#define DAY (INT64_C(24) * 3600 * 1000)

enum { MARK_VERSION = 1 };

static int64_t number_of(const struct json *j, const char *name)
{
	int64_t n = CLOCK_NONE;

	json_number(json_get(j, name), &n);
	return n;
}

static struct slice text_of(const struct json *j, const char *name,
                            struct arena *a)
{
	struct slice s = { 0 };

	if (json_is_text(json_get(j, name)))
		json_text(json_get(j, name), &s);
	return arena_copy(a, s);
}

static void read_under_way(struct pull_mark *m, const struct json *j,
                           struct arena *a)
{
	int64_t phase = number_of(j, "phase");

	m->began = number_of(j, "began");
	m->since = number_of(j, "since");
	m->from = number_of(j, "from");
	m->to = number_of(j, "to");
	m->token = text_of(j, "token", a);
	m->open_after = number_of(j, "open_after");
	m->native = text_of(j, "native", a);
	json_bool(json_get(j, "resolved"), &m->resolved);
	if ((phase == PULL_WINDOWS || phase == PULL_OPEN) &&
	    m->began != CLOCK_NONE && m->since != CLOCK_NONE &&
	    m->from != CLOCK_NONE)
		m->phase = (enum pull_phase)phase;
}

void pull_mark_read(struct pull_mark *m, struct slice text, struct arena *a)
{
	struct json *root = NULL;
	struct fault f;

	*m = (struct pull_mark){ .complete = CLOCK_NONE,
		                 .covered = CLOCK_NONE,
		                 .missed = CLOCK_NONE };
	if (text.len && json_parse(&root, text, &f) &&
	    number_of(root, "version") == MARK_VERSION) {
		m->complete = number_of(root, "complete");
		m->covered = number_of(root, "covered");
		m->missed = number_of(root, "missed");
		read_under_way(m, root, a);
	}
	json_free(root);
}

static void put(struct json_out *o, const char *name, int64_t time)
{
	if (time != CLOCK_NONE)
		json_pair_number(o, name, time);
}

void pull_mark_write(const struct pull_mark *m, struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", MARK_VERSION);
	put(&o, "complete", m->complete);
	put(&o, "covered", m->covered);
	put(&o, "missed", m->missed);
	if (m->phase != PULL_NONE) {
		json_pair_number(&o, "phase", m->phase);
		put(&o, "began", m->began);
		put(&o, "since", m->since);
		json_key(&o, "resolved");
		json_put_bool(&o, m->resolved);
		put(&o, "from", m->from);
		put(&o, "to", m->to);
		json_pair(&o, "token", m->token);
		put(&o, "open_after", m->open_after);
		json_pair(&o, "native", m->native);
	}
	json_close(&o, '}');
}

/* The first instant of the month behind `time`. */
static int64_t next_month(int64_t time)
{
	char text[CLOCK_TEXT];
	int64_t start;

	clock_write(text, time);
	/* The first of its month, then into the next one. */
	text[8] = '0';
	text[9] = '1';
	if (!clock_read((struct slice){ text, 10 }, &start))
		return CLOCK_NONE;
	clock_write(text, start + 31 * DAY);
	text[8] = '0';
	text[9] = '1';
	return clock_read((struct slice){ text, 10 }, &start) ? start
	                                                      : CLOCK_NONE;
}

static void window_from(struct pull_mark *m, int64_t from)
{
	m->phase = PULL_WINDOWS;
	m->from = from;
	m->to = next_month(from);
	if (m->to >= m->began)
		m->to = CLOCK_NONE;
	m->token = (struct slice){ 0 };
}

static int64_t start_of(const struct pull_mark *m, int64_t since, bool full)
{
	int64_t from;

	if (m->complete == CLOCK_NONE)
		return since;
	/* Never a gap. */
	from = m->complete - DAY;
	if (m->missed != CLOCK_NONE && m->missed < from)
		from = m->missed;
	if (full || m->covered == CLOCK_NONE || m->covered > since + DAY)
		from = since < from ? since : from;
	return from;
}

bool pull_mark_start(struct pull_mark *m, int64_t since, bool full,
                     bool resolved, int64_t now)
{
	int64_t from = start_of(m, since, full);

	if (m->phase != PULL_NONE && m->since <= from &&
	    m->resolved == resolved)
		return true;
	m->began = now;
	m->since = from;
	m->resolved = resolved;
	m->missed = CLOCK_NONE;
	m->open_after = CLOCK_NONE;
	m->native = (struct slice){ 0 };
	window_from(m, from);
	return false;
}

void pull_mark_window(struct pull_mark *m)
{
	if (m->to == CLOCK_NONE)
		m->phase = PULL_OPEN;
	else
		window_from(m, m->to);
	m->token = (struct slice){ 0 };
}

void pull_mark_miss(struct pull_mark *m)
{
	if (m->phase == PULL_WINDOWS && m->missed == CLOCK_NONE)
		m->missed = m->from;
}

void pull_mark_end(struct pull_mark *m)
{
	if (m->covered == CLOCK_NONE || m->since < m->covered)
		m->covered = m->since;
	m->complete = m->began;
	m->phase = PULL_NONE;
}

int64_t pull_mark_windows(int64_t from, int64_t now)
{
	struct pull_mark m = { .began = now };
	int64_t count = 1;

	for (window_from(&m, from); m.to != CLOCK_NONE; window_from(&m, m.to))
		count++;
	return count;
}
