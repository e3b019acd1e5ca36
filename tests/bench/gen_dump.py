#!/usr/bin/env python3
"""A data dump of any size, for measuring: gen_dump.py FOLDER MEGABYTES [SEED]

Writes Posts.xml, PostHistory.xml, Comments.xml, PostLinks.xml and Users.xml
in the shape of a Stack Exchange dump. The text is made from words and
sentences of its own; the same arguments give the same bytes.
"""
import os
import random
import sys
from xml.sax.saxutils import escape

NOUNS = """pod node cluster service pipeline container volume certificate
proxy balancer queue replica shard lock secret token probe gateway cache
database index backup snapshot kernel socket thread worker scheduler runner
registry image layer namespace ingress route alert metric trace log disk
partition mirror package release branch commit artifact template module
provider state plan resource policy role bucket function region zone""".split()
VERBS = """restarts fails hangs times out scales crashes drains blocks leaks
retries waits rolls back reconnects returns overflows expires rotates locks
recovers starts stops migrates replicates mounts throttles""".split()
ADJECTIVES = """slow stale broken idle orphaned empty full remote local shared
private public nested encrypted signed expired duplicate pending healthy
degraded read-only immutable temporary""".split()
TOOLS = """nginx docker kubectl terraform ansible jenkins prometheus grafana
postgres redis kafka systemd rsync openssl haproxy consul vault helm git
curl journalctl iptables""".split()
TAGS = [w for w in TOOLS] + """kubernetes linux ci-cd monitoring aws azure
networking storage security databases logging deployment""".split()
LICENCES = ["CC BY-SA 2.5", "CC BY-SA 3.0", "CC BY-SA 4.0"]


def sentence(r):
    return (f"The {r.choice(ADJECTIVES)} {r.choice(NOUNS)} "
            f"{r.choice(VERBS)} when the {r.choice(NOUNS)} of "
            f"{r.choice(TOOLS)} {r.choice(VERBS)} & the "
            f"{r.choice(NOUNS)} is {r.choice(ADJECTIVES)}.")


def inline(r):
    s = sentence(r)
    pick = r.random()
    if pick < .15:
        s += f" Try <code>{r.choice(TOOLS)} --{r.choice(NOUNS)}={r.randint(1, 9999)}</code>."
    elif pick < .22:
        s += (f' See <a href="https://docs.example.org/{r.choice(NOUNS)}/'
              f'{r.randint(1, 9999)}" rel="nofollow noreferrer">the manual</a>.')
    elif pick < .28:
        s = f"<strong>{s}</strong>"
    elif pick < .30:
        s += " 请检查配置文件和日志。"
    return s.replace(" & ", " &amp; ")


def block(r):
    pick = r.random()
    if pick < .62:
        return "<p>" + " ".join(inline(r) for _ in range(r.randint(1, 5))) + "</p>\n"
    if pick < .84:
        lines = [f"{r.choice(TOOLS)} {r.choice(NOUNS)} --{r.choice(ADJECTIVES)} "
                 f"\"{r.choice(NOUNS)}-{r.randint(0, 99)}\" &gt; /var/log/"
                 f"{r.choice(NOUNS)}.log  # error {r.randint(100, 599)}"
                 for _ in range(r.randint(2, 14))]
        return "<pre class=\"lang-bash prettyprint-override\"><code>" + \
            "\n".join(lines) + "\n</code></pre>\n"
    if pick < .94:
        items = "".join(f"<li>{inline(r)}</li>\n" for _ in range(r.randint(2, 6)))
        return f"<ul>\n{items}</ul>\n"
    return f"<blockquote>\n  <p>{inline(r)}</p>\n</blockquote>\n"


def attribute(text):
    return escape(text, {'"': "&quot;", "\n": "&#xA;"})


def date(n):
    return (f"{2012 + n // 4000000 % 12}-{n // 300000 % 12 + 1:02d}-"
            f"{n // 11000 % 28 + 1:02d}T{n // 400 % 24:02d}:{n // 7 % 60:02d}:"
            f"{n % 60:02d}.{n * 7 % 1000:03d}")


class Table:
    def __init__(self, folder, name):
        self.name = name.lower()
        self.file = open(os.path.join(folder, name + ".xml"), "w",
                         encoding="utf-8", newline="")
        self.bytes = 0
        self.put(f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<{self.name}>\n')

    def put(self, text):
        self.file.write(text)
        self.bytes += len(text)

    def row(self, **pairs):
        self.put("  <row " + " ".join(f'{k}="{v}"' for k, v in pairs.items()
                                      if v is not None) + " />\n")

    def close(self):
        self.put(f"</{self.name}>\n")
        self.file.close()


def body(r, blocks, n):
    """Each body its own, from ready blocks: making them anew is too slow."""
    return (f"&lt;p&gt;Case {n} on host {r.choice(NOUNS)}-{n % 977}.&lt;/p&gt;&#xA;" +
            "".join(r.choice(blocks) for _ in range(r.randint(1, 7))))


def write(folder, megabytes, seed):
    r = random.Random(seed)
    os.makedirs(folder, exist_ok=True)
    blocks = [attribute(block(r)) for _ in range(5000)]
    titles = [attribute(sentence(r)) for _ in range(2000)]
    t = {n: Table(folder, n) for n in
         ("PostHistory", "PostLinks", "Comments", "Posts", "Users")}
    question, n, row = 0, 0, 0
    while sum(x.bytes for x in t.values()) < megabytes * 1000000:
        n += 1
        answer = question and r.random() < .58
        licence = LICENCES[min(2, n * 3 // (megabytes * 600 + 1))]
        text = body(r, blocks, n)
        if not answer:
            question = n
        t["Posts"].row(
            Id=n, PostTypeId=2 if answer else 1,
            ParentId=question if answer else None,
            AcceptedAnswerId=n + 1 if not answer and r.random() < .4 else None,
            CreationDate=date(n), Score=r.randint(-2, 60),
            ViewCount=None if answer else r.randint(3, 90000),
            Body=text, OwnerUserId=r.randint(1, n // 3 + 1),
            LastActivityDate=date(n),
            Title=None if answer else f"{r.choice(titles)} ({n})",
            Tags=None if answer else "|" + "|".join(r.sample(TAGS, 3)) + "|",
            ContentLicense=licence)
        if r.random() < .5:
            row += 1
            t["PostHistory"].row(Id=row, PostHistoryTypeId=2, PostId=n,
                                 CreationDate=date(n), UserId=1, Text=text,
                                 ContentLicense=licence)
        for _ in range(r.randint(0, 2)):
            row += 1
            t["Comments"].row(Id=row, PostId=n, Score=r.randint(0, 9),
                              Text=r.choice(titles), CreationDate=date(n),
                              UserId=r.randint(1, n // 3 + 1))
        if n % 12 == 0:
            t["PostLinks"].row(Id=n, CreationDate=date(n), PostId=n,
                               RelatedPostId=r.randint(1, n),
                               LinkTypeId=r.choice([1, 1, 1, 3]))
        if n % 3 == 0:
            t["Users"].row(Id=n // 3, DisplayName=f"user name {n // 3}",
                           AboutMe=r.choice(blocks) if n % 9 == 0 else "")
    for x in t.values():
        x.close()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) == 4 else 1)
