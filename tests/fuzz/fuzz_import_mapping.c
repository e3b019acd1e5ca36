/* Mappings: settings from outside are taken or refused with a reason, and a
 * mapping that was taken reads any object without harm; times of every form. */

#include "base/json.h"
#include "crawler/cases/import_path.h"
#include "import_reading.h"

static void read_times(struct slice s)
{
	int64_t time, zone = 0;
	int form;

	if (import_time_zone(s, &zone))
		must(zone >= -15 * 3600000 && zone <= 15 * 3600000);
	for (form = TIME_ISO; form <= TIME_MONTH_FIRST; form++)
		if (import_time(s, (enum import_time_form)form, zone, &time))
			/* The years 1 to 9999, and a zone. */
			must(time >= INT64_C(-62135683200000) &&
			     time <= INT64_C(253402387200000));
}

static void read_object(struct reading *x)
{
	static const char object[] =
	        "{\"id\": 1, \"a\": {\"b\": \"s\", \"c\": [{\"n\": 1}, 2]}, "
	        "\"t\": \"2026-01-01\", \"r\": [{\"by\": \"k\", \"b\": \"x\", "
	        "\"t\": 5, \"f\": [\"p\", {\"n\": \"q\"}]}, 3]}";
	const struct import_place at = { "a.json", 1, NULL };
	struct fault f = { 0 };
	struct json *j;

	must(json_parse(&j, SLICE(object), &f));
	import_draft_start(&x->r);
	if (import_path_case(&x->r, j, &at, &f))
		must(import_draft_take(&x->r, &at, &f));
	else
		must(f.kind == FAULT_INPUT || f.kind == FAULT_LIMIT);
	json_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	static struct reading x;
	struct conf *conf = NULL;
	struct fault f = { 0 };

	read_times(slice_cut(s, 0, 60));
	if (!conf_parse(&conf, s, "conf", &f))
		return 0;
	x = (struct reading){ 0 };
	if (import_mapping_read(&x.mapping, conf_next(conf, "mapping", NULL),
	                        &f)) {
		reading_start(&x);
		read_object(&x);
		reading_end(&x);
	} else {
		must(f.kind == FAULT_USAGE && f.text[0]);
	}
	conf_free(conf);
	return 0;
}
