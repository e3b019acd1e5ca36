#ifndef TESTS_MUST_H
#define TESTS_MUST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Called by libFuzzer or replay.c with one input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for every input. */
static inline void must(bool holds)
{
	if (!holds)
		abort();
}

#endif
