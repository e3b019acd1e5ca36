#ifndef BASE_NET_HTTP_WALL_H
#define BASE_NET_HTTP_WALL_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/fault.h"
#include "base/net/reach.h"
#include "base/slice.h"

/*
 * The wall of http.h around destinations. Numeric hosts are judged before
 * anything is started, and every address again as its socket is opened, behind
 * the resolver, so that no answer of a name server can change between check
 * and use.
 *
 * Behind a proxy we do not see the address of a name: the proxy looks it up.
 * There, names pass unless they are known to mean this machine, its network or
 * a metadata service; what else the proxy may reach is the proxy's to refuse.
 */
struct wall {
	enum reach most;    /* of whom sockets are opened to */
	bool turned;        /* a socket was refused ... */
	enum reach refused; /* ... for being this */
	char address[64];   /* ... and to whom */
};

/* May requests for this host be sent at all, if `most` is the worst it may be?
 * FAULT_DENIED "forbidden". */
MUST_USE
bool wall_host(struct slice host, bool proxied, enum reach most,
               struct fault *f);

/* CURLOPT_OPENSOCKETFUNCTION; its data is a struct wall. */
curl_socket_t wall_open(void *data, curlsocktype purpose,
                        struct curl_sockaddr *a);

/* Says what wall_open() turned away; returns false. */
bool wall_fault(const struct wall *w, struct fault *f);

#endif
