#ifndef APP_PULL_SUMMARY_H
#define APP_PULL_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "crawler/cases/pull_probe.h"
#include "crawler/cases/pull_report.h"

/* What a pull came to, for people and as a member of a JSON list. */
struct pull_result {
	const char *name; /* of [cases NAME] */
	bool ran, ok;
	struct fault fault; /* of one that is not ok */
	struct pull_report report;
	int64_t took; /* milliseconds */
};

void pull_summary_text(const struct pull_result *r, struct buf *out);
void pull_summary_json(const struct pull_result *r, struct json_out *o);

void pull_probe_text(const char *name, const struct pull_probe *p,
                     struct buf *out);
void pull_probe_json(const char *name, const struct pull_probe *p,
                     struct json_out *o);

#endif
