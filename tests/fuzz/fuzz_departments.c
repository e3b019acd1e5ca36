/* The file of departments: any bytes, and what is asked of them. */

#include "export/case_departments.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct case_departments *d;
	struct fault f = { 0 };

	if (!case_departments_parse(&d, text, "departments.csv", &f))
		return 0;
	(void)case_department(d, slice_cut(text, 0, size / 2));
	(void)case_department(d, SLICE("ann@example.com"));
	case_departments_free(d);
	return 0;
}
