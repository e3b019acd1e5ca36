/*
 * What reading one link costs, in CPU time: the kinds of links that pages
 * have, against the page they stand on. Usage: bench_url [ROUNDS]
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/net/url.h"

static const char page[] =
        "https://wiki.example.com/team/operations/runbooks/restore?v=2";

static const char *const links[] = {
	"backup",
	"../network/dns",
	"/team/operations/runbooks/index.html#top",
	"#steps",
	"?action=history",
	"//static.example.com/style.css",
	"https://wiki.example.com/team/people/?id=17&sort=name",
	"https://WIKI.example.com:443/a%20b/../c",
	"mailto:team@example.com",
	"/a page with spaces/\xC3\xA4",
	"https://b\xC3\xBC"
	"cher.example/",
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000, n;
	struct url u = URL_INIT, base = URL_INIT;
	struct fault f;
	size_t i, sum = 0;

	if (!url_parse(&base, SLICE(page), NULL, &f))
		return 1;
	for (i = 0; i < sizeof(links) / sizeof(*links); i++) {
		struct slice link = slice_of(links[i]);
		double from = now();

		for (n = 0; n < rounds; n++) {
			if (!url_parse(&u, link, &base, &f))
				return 1;
			sum += url_text(&u).len;
		}
		printf("%6.0f ns  %s\n", (now() - from) / (double)rounds * 1e9,
		       links[i]);
	}
	url_release(&u);
	url_release(&base);
	return sum == 0;
}
