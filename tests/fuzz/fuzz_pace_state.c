/*
 * Any bytes as a saved pace, and as a Retry-After: whatever was loaded keeps
 * the rules, and what is loaded and saved again stays the same.
 */

#include "must.h"

#include "base/buf.h"
#include "base/net/pace.h"

static const int64_t now = INT64_C(1700000000000000);
static const int64_t day = INT64_C(86400000000);

static void load(struct pace *p, struct slice line, int64_t at)
{
	const struct pace_options o = { .rate = 100, .concurrency = 4 };

	pace_init(p, &o);
	pace_load(p, line, at);
	must(pace_rate(p) > 0 && pace_rate(p) <= 100);
	must(pace_under_way(p) == 0);
	must(pace_when(p, at) >= at && pace_when(p, at) <= at + day);
}

static void go_on(struct pace *p)
{
	int64_t t = now;
	struct fault f;
	int i;

	for (i = 0; i < 50; i++) {
		struct pace_outcome o = { .word = (enum pace_word)(i % 3),
			                  .latency = 1000 };
		double before = pace_rate(p);

		t = pace_when(p, t);
		must(t >= now && t < now + 100 * day);
		pace_start(p, t);
		o.started = t;
		t += 1000;
		pace_end(p, t, &o);
		must(o.word == PACE_SUCCESS || pace_rate(p) <= before);
		must(pace_rate(p) > 0);
		if (pace_stalled(p, t, &f))
			must(f.kind == FAULT_LATER);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = { (const char *)data, size };
	struct buf one = BUF_INIT(1000), two = BUF_INIT(1000);
	struct buf three = BUF_INIT(1000);
	struct pace p, q;
	int64_t wait = pace_retry_after(line, now / 1000);

	must(wait >= 0 && wait <= day);
	load(&p, line, now);
	pace_save(&p, &one);
	load(&q, buf_slice(&one), now);
	pace_save(&q, &two);
	load(&q, buf_slice(&two), now);
	pace_save(&q, &three);
	must(!buf_full(&three));
	must(slice_eq(buf_slice(&two), buf_slice(&three)));
	must(pace_rate(&q) < 1.001 * pace_rate(&p));
	must(pace_resting(&p, now) == pace_resting(&q, now));
	go_on(&p);
	buf_release(&one);
	buf_release(&two);
	buf_release(&three);
	return 0;
}
