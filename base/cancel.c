/*
 * One flag, set by a signal handler. The first signal restores the default
 * action, so that the second one ends the program.
 */

#include "base/cancel.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

/* Lock-free, as a handler needs it; read by every thread that works. */
static _Atomic int asked;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler may not wait");

static void cancel_note(int signal_number)
{
	(void)signal_number;
	asked = 1;
}

void cancel_setup(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = cancel_note;
	/* RESTART: reads and writes of the job go on until it looks here. */
	action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
	sigemptyset(&action.sa_mask);
	asked = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool cancel_asked(void)
{
	return asked != 0;
}

bool cancel_check(struct fault *f)
{
	if (!asked)
		return true;
	return fault(f, FAULT_CANCELLED, "cancelled", "stopped as asked");
}
