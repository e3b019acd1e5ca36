/* The engine for x86 with AVX2, BMI2 and POPCNT, for which this one file is
 * compiled. Elsewhere it is the portable one, and never used. */

#include <stdlib.h>

#include "kb/engine_body.h"

static bool avx2_usable(void)
{
#if LANES_AVX2
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("popcnt");
#else
	return false;
#endif
}

const struct engine_path engine_avx2 = {
	.name = "avx2",
	.usable = avx2_usable,
	.search = body_search,
	.live = body_live,
};
