#ifndef TESTS_UNIT_HOSTILE_H
#define TESTS_UNIT_HOSTILE_H

#include <stdio.h>
#include <sys/types.h>

#include "base/net/http.h"

/*
 * tests/server/hostile.py beside a test: started once, gone when the test
 * ends, however it ends.
 */
struct hostile {
	pid_t pid;
	int leash;
	char folder[64]; /* of certificates and the log */
	char lines[320][64];
	size_t count;
};

void hostile_start(struct hostile *s);
/* Another server of that folder, which takes the same options. */
void hostile_start_as(struct hostile *s, const char *script);
void hostile_stop(struct hostile *s);

/* The port of the line that begins so: "main", "tls good". */
int hostile_port(const struct hostile *s, const char *what);

/* A path in its folder; valid until the next call. */
const char *hostile_path(const struct hostile *s, const char *name);

/* How many lines of the log hold this. */
size_t hostile_logged(const struct hostile *s, const char *text);

/* One request from start to reply, which is to be given to http_done(). */
struct http_reply *fetch(struct http *h, const struct http_request *r);

#endif
