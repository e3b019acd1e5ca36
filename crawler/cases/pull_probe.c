/* AWS answers a request that it would have carried out with an error of that
 * name; an older one, which knows no dryRun, with a list. */

#include "crawler/cases/pull_probe.h"

#include <stdio.h>

#include "base/clock.h"
#include "crawler/cases/pull_identity.h"
#include "crawler/cases/pull_line.h"

static void identify(const struct pull_settings *s, aws_environment *env,
                     int64_t now, struct pull_probe *out)
{
	struct pull_identity who;

	if (!pull_identity(s, env, now, &who, &out->identity))
		return;
	snprintf(out->account, sizeof(out->account), "%s", who.account);
	snprintf(out->arn, sizeof(out->arn), "%s", who.arn);
	out->other_account =
	        s->account.len && !slice_eq(s->account, slice_of(out->account));
}

bool pull_probe(const struct pull_settings *s, aws_environment *env,
                int64_t now, struct pull_probe *out, struct fault *f)
{
	const struct case_query q = { .probe = true,
		                      .from = CLOCK_NONE,
		                      .to = CLOCK_NONE };
	struct pull_answer a = { 0 };
	struct pull_line *l;
	bool ok;

	*out = (struct pull_probe){ 0 };
	if (!pull_line_open(&l, s, env, now, f))
		return false;
	snprintf(out->origin, sizeof(out->origin), "%.*s",
	         SLICE_ARG(pull_line_origin(l)));
	snprintf(out->region, sizeof(out->region), "%.*s",
	         SLICE_ARG(pull_line_region(l)));
	snprintf(out->url, sizeof(out->url), "%.*s",
	         SLICE_ARG(pull_line_url(l)));
	identify(s, env, now, out);
	ok = pull_line_ask(l, &q, &a, f);
	if (ok && a.fault.kind && a.refusal != REFUSAL_PROBE)
		out->refused = a.fault;
	pull_line_done(l, &a);
	pull_line_close(l);
	return ok;
}
