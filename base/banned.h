#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/*
 * Functions that nobody here may call, because a safer way stands beside each.
 * The build includes this file before every source file, so that a call fails
 * to compile whatever the file itself includes.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(name) this_function_is_banned_##name

/* Unbounded writes: use struct buf or snprintf. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef stpcpy
#define strcpy(to, from) BANNED(strcpy)
#define strcat(to, from) BANNED(strcat)
#define sprintf(...) BANNED(sprintf)
#define vsprintf(...) BANNED(vsprintf)
#define stpcpy(to, from) BANNED(stpcpy)
#define gets(to) BANNED(gets)

/* Hidden state or no report of errors: use slice_number() and clock.h. */
#undef strtok
#undef atoi
#undef atol
#undef atoll
#undef atof
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#define strtok(text, marks) BANNED(strtok)
#define atoi(text) BANNED(atoi)
#define atol(text) BANNED(atol)
#define atoll(text) BANNED(atoll)
#define atof(text) BANNED(atof)
#define gmtime(time) BANNED(gmtime)
#define localtime(time) BANNED(localtime)
#define ctime(time) BANNED(ctime)
#define asctime(time) BANNED(asctime)

/* A shell, a weak generator, a name that another may take first. */
#undef system
#undef popen
#undef rand
#undef srand
#undef random
#undef tmpnam
#undef mktemp
#define system(command) BANNED(system)
#define popen(command, mode) BANNED(popen)
#define rand() BANNED(rand)
#define srand(seed) BANNED(srand)
#define random() BANNED(random)
#define tmpnam(to) BANNED(tmpnam)
#define mktemp(to) BANNED(mktemp)

#endif
