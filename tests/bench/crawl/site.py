#!/usr/bin/env python3
"""A made-up site of runbooks to crawl; the same arguments give the same bytes.

    site.py FOLDER PAGES            make it: 5 to 30 kB a page
    site.py FOLDER --age            change 1 % of its pages, delete 0.5 %

Page 0 is the start; page n links to its twelve children, its parents and eight
others, some with a fragment. robots.txt shuts one folder, which a link on
every hundredth page points to. --age prints the numbers of what it changed and
deleted, as "changed N" and "gone N".
"""
import os
import random
import sys

FAN = 12
OTHERS = 8
WHEN = 1700000000  # Last-Modified of all that is made

NOUNS = """alarm archive balancer battery bridge broker build bus cabinet
cable cache chassis checksum clock cluster collector column console counter
crontab daemon dashboard datacentre deadlock depot driver envelope exporter
fan filesystem firmware fleet forwarder frame fuse gauge governor handler
heartbeat host hypervisor index inode interface jail journal kernel key lane
latency ledger lease lock log mailbox manifest mesh mirror module monitor
mount namespace node operator packet pager partition patch pipe platform pool
port probe queue quorum rack reader record region relay replica resolver
router rule sandbox scheduler schema sector segment sensor shard shell signal
snapshot socket spindle stack standby storage stream switch table tenant
thread timer token topic trace tunnel unit user valve vault volume watchdog
window worker writer zone""".split()
VERBS = """accepts blocks breaks bypasses caches checks clears closes copies
counts delays drains drops empties evicts fails fences fills flushes follows
freezes grows halts holds ignores joins keeps leaks loses marks misses moves
opens outlives overloads pauses pins polls promotes reads rebuilds refuses
rejects releases renews repeats resets resumes retries reverts rotates shrinks
signals skips slows spills splits stalls starts stops survives throttles trips
waits wakes warns""".split()
ENDS = """after a restart, before the backup, during the night shift, in the
second region, on every third node, once the lease is lost, under load, until
somebody looks, when the disk is full, while the leader changes, without a
word in the log, with the old certificate""".replace("\n", " ").split(", ")


def sentence(r):
    text = "the %s %s the %s" % (r.choice(NOUNS), r.choice(VERBS),
                                 r.choice(NOUNS))
    while r.random() < 0.6:
        text += ", and its %s %s a %s" % (r.choice(NOUNS), r.choice(VERBS),
                                          r.choice(NOUNS))
    return (text + " " + r.choice(ENDS) + ".").capitalize()


def paragraph(r):
    return "<p>%s</p>\n" % " ".join(
        sentence(r) for _ in range(r.randint(2, 6)))


def block(r):
    kind = r.random()
    if kind < 0.12:
        lines = "\n".join("%04d %s %s" % (r.randrange(10000), r.choice(NOUNS),
                                          r.choice(VERBS)) for _ in range(8))
        return "<pre><code># journal of the %s\n%s\n</code></pre>\n" % (
            r.choice(NOUNS), lines)
    if kind < 0.2:
        return '<h2 id="part-%d">%s</h2>\n' % (r.randrange(9), sentence(r))
    if kind < 0.25:
        items = "".join("<li>%s</li>\n" % sentence(r) for _ in range(4))
        return "<ul>\n%s</ul>\n" % items
    return paragraph(r)


def path(n):
    return "index.html" if n == 0 else "runbook/%03d/%d.html" % (n % 250, n)


def address(n):
    return "/" if n == 0 else "/" + path(n)


def link(n, text, mark=""):
    return '<a href="%s%s">%s</a>' % (address(n), mark, text)


def page(n, pages):
    r = random.Random(n)
    out = ['<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
           "<title>Runbook %d: the %s %s</title>\n"
           '<link rel="canonical" href="%s"></head><body>\n<nav>'
           % (n, r.choice(NOUNS), r.choice(VERBS), address(n))]
    above = n
    while above:
        above = (above - 1) // FAN
        out.append(link(above, "Runbook %d" % above) + " / ")
    if n % 100 == 0:
        out.append('<a href="/shut/%d.html">Internal</a>' % n)
    out.append("</nav>\n<main><h1>Runbook %d</h1>\n<ul>\n" % n)
    for child in range(n * FAN + 1, min(n * FAN + FAN + 1, pages)):
        out.append("<li>%s: %s</li>\n" % (link(child, "Runbook %d" % child),
                                          sentence(r)))
    out.append("</ul>\n")
    size = sum(map(len, out))
    most = r.randint(5000, 30000) - 700
    while size < most:
        out.append(block(r))
        size += len(out[-1])
    out.append("<h2>See also</h2>\n<ul>\n")
    for _ in range(OTHERS):
        other = r.randrange(pages)
        out.append("<li>%s</li>\n" % link(
            other, "Runbook %d" % other, r.choice(["", "", "#part-1"])))
    out.append("</ul></main>\n<footer>Made by a program.</footer>"
               "</body></html>\n")
    return "".join(out)


def write(name, text, when):
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)
    os.utime(name, (when, when))


def make(folder, pages):
    size = 0
    for n in range(pages):
        text = page(n, pages)
        size += len(text)
        write(os.path.join(folder, path(n)), text, WHEN)
    write(os.path.join(folder, "robots.txt"),
          "User-agent: *\nDisallow: /shut/\n", WHEN)
    write(os.path.join(folder, "pages"), "%d\n" % pages, WHEN)
    print("%d pages, %.1f MB" % (pages, size / 1e6))


def age(folder):
    """Leaves alone may go, so that what is linked from them stays known."""
    with open(os.path.join(folder, "pages"), encoding="utf-8") as f:
        pages = int(f.read())
    r = random.Random(pages)
    leaves = range((pages - 2) // FAN + 1, pages)
    gone = set(r.sample(leaves, pages // 200))
    rest = [n for n in range(1, pages) if n not in gone]
    for n in sorted(gone):
        os.unlink(os.path.join(folder, path(n)))
        print("gone", n)
    for n in sorted(r.sample(rest, pages // 100)):
        name = os.path.join(folder, path(n))
        with open(name, encoding="utf-8") as f:
            text = f.read()
        news = "<p>News of the day: the %s is amber.</p>\n" % r.choice(NOUNS)
        write(name, text.replace("<h2>See also", news + "<h2>See also", 1),
              WHEN + 86400)
        print("changed", n)


if len(sys.argv) == 3 and sys.argv[2] == "--age":
    age(sys.argv[1])
elif len(sys.argv) == 3:
    make(sys.argv[1], int(sys.argv[2]))
else:
    sys.exit(__doc__)
