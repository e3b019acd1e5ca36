#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/*
 * Options after the command's name, git's way: --name VALUE, --name=VALUE,
 * --flag, -kVALUE, -k VALUE; "--" ends them. What is left is the operands, in
 * order. A lone "-" is an operand (standard input).
 *
 *	const char *site = NULL;
 *	const struct option table[] = { { .name = "site", .value = &site },
 *	                                { 0 } };
 */
struct option {
	const char *name;   /* without dashes; one letter: a short option */
	const char **value; /* receives the value; NULL for a flag */
	bool *flag;         /* receives true */
	const char **list;  /* a repeated option: receives up to `room` */
	size_t room, *count;
};

/*
 * argv[0] is the command's name. argv is reordered: the operands come to
 * argv[1] .. argv[*operands]. An option that is not in the table (which ends
 * at a NULL name) or lacks its value is FAULT_USAGE.
 */
MUST_USE
bool options_read(const struct option *table, int argc, char **argv,
                  int *operands, struct fault *f);

/* As options_read(), but stops before the first operand: *next is where. */
MUST_USE
bool options_lead(const struct option *table, int argc, char **argv, int *next,
                  struct fault *f);

/* A decimal option within low..high; unset (NULL) leaves *out alone. */
MUST_USE
bool option_number(const char *name, const char *text, int64_t low,
                   int64_t high, int64_t *out, struct fault *f);

#endif
