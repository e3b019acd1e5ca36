/* Any bytes as the shared files of AWS's tools: the first half up to a NUL is
 * the credentials, the rest the configuration. Whatever is read again is the
 * same, and values are single lines of the input. */

#include "must.h"

#include <string.h>

#include "base/limits.h"
#include "base/net/aws_profile.h"

static const char *const names[] = { "aws_access_key_id", "region", "role_arn",
	                             "source_profile" };
static const char *const profiles[] = { "default", "ops", "a b", "x" };

static void look(const struct aws_profiles *p)
{
	size_t i, j;

	for (i = 0; i < sizeof(profiles) / sizeof(*profiles); i++)
		for (j = 0; j < sizeof(names) / sizeof(*names); j++) {
			struct slice profile = slice_of(profiles[i]);
			struct slice value =
			        aws_profile_get(p, profile, names[j]);

			must(!value.len || aws_profile_has(p, profile));
			must(slice_find(value, '\n') == value.len);
			must(slice_eq(slice_trim(value), value));
		}
	must(!aws_profile_has(p, (struct slice){ 0 }) ||
	     !aws_profile_get(p, (struct slice){ 0 }, "region").len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	size_t end = slice_find(s, '\0');
	struct aws_profiles *p = aws_profiles_new();
	struct fault f;
	bool ok;

	ok = aws_profiles_parse(p, AWS_CREDENTIALS, slice_cut(s, 0, end),
	                        "credentials", &f) &&
	     aws_profiles_parse(p, AWS_CONFIG, slice_cut(s, end + 1, size),
	                        "config", &f);
	if (ok)
		look(p);
	else
		must(f.kind == FAULT_USAGE || f.kind == FAULT_LIMIT);
	must(ok || f.line > 0);
	aws_profiles_free(p);
	return 0;
}
