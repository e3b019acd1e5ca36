#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H

#include <stdbool.h>

#include "base/fault.h"

/*
 * Ctrl-C and SIGTERM ask long jobs to stop at the next safe place; a second
 * one ends the program at once (which is safe too, only less tidy).
 */
void cancel_setup(void);

bool cancel_asked(void);

/* False, with FAULT_CANCELLED, once stopping was asked for. */
MUST_USE
bool cancel_check(struct fault *f);

#endif
