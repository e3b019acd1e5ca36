#!/usr/bin/env python3
"""pages.py FOLDER COUNT: a made-up wiki of COUNT pages to crawl.

Page 0 is the index; page N links to pages 8N+1 .. 8N+8, so that every page is
reached and a crawler finds many addresses early, and to three others. Titles
and texts are made of the page's number: the same arguments, the same bytes.
"""

import os
import random
import sys

THINGS = ("disk", "queue", "certificate", "replica", "backup", "gateway",
          "cache", "index", "lease", "token", "volume", "router", "probe",
          "cluster", "journal", "socket", "quota", "mirror")
EVENTS = ("fills up", "lags behind", "expires", "restarts", "splits in two",
          "answers late", "is read only", "loses its lock", "drops packets")
DEEDS = ("look at the log first", "drain the node", "raise the limit",
         "ask the owner", "wait for the election", "take it out of the pool",
         "compare the checksums", "turn the alarm off")


def name(n):
    return "/" if n == 0 else "/p/%d/%d.html" % (n % 64, n)


def page(n, count):
    r = random.Random(n)
    title = "Runbook %d: when the %s %s" % (n, r.choice(THINGS),
                                            r.choice(EVENTS))
    links = [c for c in range(8 * n + 1, 8 * n + 9) if c < count]
    links += [r.randrange(count) for _ in range(3)]
    body = ["<p>When the %s %s on host %d, %s; then %s.</p>" %
            (r.choice(THINGS), r.choice(EVENTS), r.randrange(9999),
             r.choice(DEEDS), r.choice(DEEDS))
            for _ in range(r.randint(5, 40))]
    refs = ['<li><a href="%s">Runbook %d</a></li>' % (name(c), c)
            for c in links]
    return ("<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>"
            "%s</title></head>\n<body><nav><a href=/>Home</a></nav>\n<main>"
            "<h1>%s</h1>\n%s\n<ul>\n%s\n</ul></main></body></html>\n" %
            (title, title, "\n".join(body), "\n".join(refs)))


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    for n in range(count):
        path = folder + (name(n) if n else "/index.html")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(page(n, count))
    with open(folder + "/robots.txt", "w", encoding="utf-8") as out:
        out.write("User-agent: *\nDisallow: /private/\n")


main()
