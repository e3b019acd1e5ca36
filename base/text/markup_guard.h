#ifndef BASE_TEXT_MARKUP_GUARD_H
#define BASE_TEXT_MARKUP_GUARD_H

/*
 * Gives up, for good, what a process that only parses does not need. What the
 * kernel does not know is left out: the return says what holds, as enum
 * markup_guard flags.
 */
unsigned markup_guard(void);

/* Moves `fd` to 0 and closes every other descriptor. */
void markup_guard_descriptors(int fd);

/* Forgets what whoever forked it did with signals. Ctrl-C is for that one to
 * hear: it closes the socket when it has finished. */
void markup_guard_signals(void);

/* From now on so many seconds of CPU, then SIGPROF ends the process. */
void markup_guard_clock(unsigned seconds);

#endif
