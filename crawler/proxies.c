/* Life, starts and state of a pool; see proxies_pool.h for the rest of it. */

#include "crawler/proxies.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "crawler/proxies_pool.h"

static const int64_t second = 1000000;

enum {
	CONNECTIONS = 8,
	SLOW_SECONDS = 10,
	REST_SECONDS = 60,
	GAP_SECONDS = 86400, /* between two starts at most */
};

bool proxies_parse(struct proxies **out, struct slice text, const char *path,
                   const struct proxies_options *o, proxies_environment *env,
                   struct fault *f)
{
	struct proxies_file file;
	struct proxies *p;
	size_t i;

	if (!proxies_file_parse(&file, text, path, env, f))
		return false;
	p = memory_new(1, sizeof(*p));
	p->options = *o;
	if (!p->options.connections)
		p->options.connections = CONNECTIONS;
	if (p->options.slow <= 0)
		p->options.slow = SLOW_SECONDS * second;
	p->file = file;
	p->count = file.count;
	p->list = memory_new(p->count, sizeof(*p->list));
	for (i = 0; i < p->count; i++) {
		p->list[i].http = &p->file.proxies[i];
		p->list[i].name = p->file.names[i];
	}
	*out = p;
	return true;
}

/* Its group counts as others: a password is for its owner. */
static bool proxies_closed(const char *path, struct fault *f)
{
	struct stat st;

	if (stat(path, &st))
		return fault_errno(f, path, "read");
	if (!(st.st_mode & (S_IRGRP | S_IROTH)))
		return true;
	fault(f, FAULT_DENIED, "proxies-readable",
	      "it holds a password and others may read it: chmod 600, or "
	      "write ${NAME} for the password");
	return fault_at(f, path, 0);
}

bool proxies_read(struct proxies **out, const char *path,
                  const struct proxies_options *o, proxies_environment *env,
                  struct fault *f)
{
	struct proxies *p;
	char *text;
	size_t len;
	bool ok;

	if (!file_read(path, LIMIT_CONFIG, &text, &len, f))
		return false;
	ok = proxies_parse(&p, (struct slice){ text, len }, path, o, env, f);
	free(text);
	if (!ok)
		return false;
	if (p->file.clear && !proxies_closed(path, f)) {
		proxies_free(p);
		return false;
	}
	*out = p;
	return true;
}

void proxies_free(struct proxies *p)
{
	size_t i;

	if (!p)
		return;
	for (i = 0; i < p->count; i++)
		free(p->list[i].begun);
	free(p->list);
	proxies_file_release(&p->file);
	free(p);
}

size_t proxies_count(const struct proxies *p)
{
	return p->count;
}

const struct http_proxy *proxies_http(const struct proxies *p, size_t i)
{
	return p->list[i].http;
}

const char *proxies_name(const struct proxies *p, size_t i)
{
	return p->list[i].name;
}

/* Microseconds between two starts. */
static int64_t rate_gap(double rate)
{
	if (!(rate > 0))
		return 0;
	if (rate * GAP_SECONDS <= 1)
		return GAP_SECONDS * second;
	return (int64_t)((double)second / rate + 0.999999);
}

static void proxy_use(const struct proxies *p, struct proxy *x, int64_t now)
{
	if (x->resting) { /* its rest is over, or void for want of others */
		x->resting = 0;
		x->uses = 0;
	}
	if (p->options.uses && ++x->uses >= p->options.uses)
		x->resting = now + REST_SECONDS * second;
}

void proxies_start(struct proxies *p, size_t i, int64_t now)
{
	struct proxy *x = &p->list[i];

	x->begun =
	        memory_room(x->begun, x->under_way, &x->cap, sizeof(*x->begun));
	x->begun[x->under_way++] = now;
	x->next = now + rate_gap(p->options.rate);
	x->started++;
	x->turns++;
	if (x->health.out && now >= x->health.until)
		x->health.probing = true;
	proxy_use(p, x, now);
	p->turn = (i + 1) % p->count;
	p->draws++;
}

void proxies_state(const struct proxies *p, size_t i, int64_t now,
                   struct proxies_state *out)
{
	const struct proxy *x = &p->list[i];
	const struct proxy_health *h = &x->health;

	*out = (struct proxies_state){
		.name = x->name,
		.health = PROXY_HEALTHY,
		.why = h->out ? health_word(h->why) : "",
		.until = h->out ? h->until : 0,
		.started = x->started,
		.succeeded = x->succeeded,
		.failed = x->failed,
		.latency = h->latency,
		.under_way = (unsigned)x->under_way,
	};
	if (h->out)
		out->health = h->probing || h->until <= now ? PROXY_PROBING
		                                            : PROXY_QUARANTINED;
}

bool proxies_all_down(const struct proxies *p, int64_t now, int64_t *until)
{
	int64_t first = INT64_MAX;
	size_t i;

	for (i = 0; i < p->count; i++) {
		const struct proxy_health *h = &p->list[i].health;

		if (!h->out || h->probing || h->until <= now)
			return false;
		if (h->until < first)
			first = h->until;
	}
	*until = first;
	return true;
}
