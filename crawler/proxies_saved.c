/*
 * Health across restarts: one line a proxy, by the name that has no
 * credentials in it. What is not understood is left out.
 */

#include "crawler/proxies_pool.h"

enum { LINE_FIELDS = 8, SAVED_MOST = 1 << 20 };

static const int64_t count_most = 1000000000000;

/* NAME WHY UNTIL LEVEL STARTED SUCCEEDED FAILED LATENCY */
void proxies_save(const struct proxies *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		const struct proxy *x = &p->list[i];
		const struct proxy_health *h = &x->health;
		enum proxy_fault why = h->out ? h->why : PROXY_FINE;

		buf_addf(out, "%s %s ", x->name,
		         h->out ? health_word(why) : "-");
		buf_number(out, h->out ? h->until : 0);
		buf_addf(out, " %u ", h->level[why]);
		buf_number(out, x->started);
		buf_byte(out, ' ');
		buf_number(out, x->succeeded);
		buf_byte(out, ' ');
		buf_number(out, x->failed);
		buf_byte(out, ' ');
		buf_number(out, h->latency);
		buf_byte(out, '\n');
	}
}

static struct proxy *proxy_named(struct proxies *p, struct slice name)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (slice_eq(slice_of(p->list[i].name), name))
			return &p->list[i];
	return NULL;
}

/* Blank-separated fields; how many there are, LINE_FIELDS + 1 for more. */
static size_t line_fields(struct slice line, struct slice *fields)
{
	size_t n = 0;

	while ((line = slice_trim(line)).len) {
		size_t end = slice_find(line, ' ');

		if (n == LINE_FIELDS)
			return n + 1;
		fields[n++] = slice_cut(line, 0, end);
		line = slice_cut(line, end, line.len);
	}
	return n;
}

/* A new run may follow a repair: a quarantine of 407 ends, and what was dead
 * or refused is probed at once. */
static void health_load(struct proxy_health *h, struct slice word,
                        int64_t until, int64_t level, int64_t now)
{
	enum proxy_fault why = health_of_word(word);
	int64_t length;

	if (why == PROXY_FINE || why == PROXY_LOGIN || level < 1 || level > 99)
		return;
	length = health_ladder(why, (unsigned)level);
	h->out = true;
	h->why = why;
	h->level[why] = (unsigned)level;
	h->since = now;
	h->until = until < now + length ? until : now + length;
	if (why == PROXY_DEAD || why == PROXY_REFUSED)
		h->until = now;
}

static void proxy_load(struct proxies *p, struct slice line, int64_t now)
{
	struct slice fields[LINE_FIELDS];
	int64_t numbers[LINE_FIELDS] = { 0 };
	struct proxy *x;
	size_t i;

	if (line_fields(line, fields) != LINE_FIELDS ||
	    !(x = proxy_named(p, fields[0])))
		return;
	for (i = 2; i < LINE_FIELDS; i++)
		if (!slice_number(fields[i], &numbers[i]) || numbers[i] < 0 ||
		    (i > 3 && numbers[i] > count_most))
			return;
	health_load(&x->health, fields[1], numbers[2], numbers[3], now);
	x->started = numbers[4];
	x->succeeded = numbers[5];
	x->failed = numbers[6];
	x->health.latency = numbers[7];
}

void proxies_load(struct proxies *p, struct slice lines, int64_t now)
{
	lines = slice_cut(lines, 0, SAVED_MOST);
	while (lines.len) {
		size_t end = slice_find(lines, '\n');

		proxy_load(p, slice_cut(lines, 0, end), now);
		lines = slice_cut(lines, end + 1, lines.len);
	}
}
