#!/usr/bin/env python3
"""An independent judge of bare BM25 on large files of JSON lines.

Reads the file itself, cuts it into words of ASCII letters and digits, ranks
straight from the definition in kb/search.h, and compares documents, order and
scores with `opslore search --plain --format trec`: with and without filters,
over an index of several segments, some of whose documents were forgotten.
Needs numpy and nothing of the engine.

    judge_jsonl.py OPSLORE FILE.jsonl[.zst] QUERIES [-k 10,100] [--rows N]
                   [--forget N] [--control]

QUERIES has one query a line. Exit code 0: no differences; 1: some; 2: cannot
judge.
"""

import argparse
import array
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

import numpy

K1, B = 1.2, 0.75
NEAR = 2e-9  # scores are printed to 9 digits
PASSAGE = 4096  # a longer text is cut into several passages
WORD = re.compile(rb"[a-z0-9]+")
WORD_BYTES = 255
# What text in a store cannot have: it is left out, and what it parted meets.
DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Each document has each of these tags with this chance.
TAGS = (("all", 1), ("half", 0.5), ("tenth", 0.1), ("hundredth", 0.01),
        ("few", 0.0001))
FILTERS = ((), ("all",), ("half",), ("tenth",), ("hundredth",), ("few",),
           ("half", "tenth"))


class CannotJudge(Exception):
    pass


def words(text):
    """The words that the analyzer `plain` makes of a text."""
    text = unicodedata.normalize("NFC", DROPPED.sub("", text))
    return [w[:WORD_BYTES] for w in WORD.findall(text.encode().lower())]


def read(path, rows):
    """The lines of a file, unpacked."""
    if path.endswith(".zst"):
        lines = subprocess.Popen(["zstd", "-dc", path],
                                 stdout=subprocess.PIPE).stdout
    else:
        lines = open(path, "rb")
    with lines:
        for number, line in enumerate(lines):
            if number == rows:
                break
            yield json.loads(line)


def tags_of(number):
    """A document's tags: the same in every run."""
    made = []
    for i, (name, share) in enumerate(TAGS):
        n = (number * 2654435761 + i * 40503 * 65537) & 0xffffffff
        n = ((n ^ n >> 15) * 2246822519) & 0xffffffff
        n = ((n ^ n >> 13) * 3266489917) & 0xffffffff
        if (n ^ n >> 16) < share * 2**32:
            made.append(name)
    return made


class Documents:
    """Lengths, and the postings of the words that are asked for."""

    def __init__(self, wanted):
        self.docs = {w: array.array("I") for w in wanted}
        self.counts = {w: array.array("I") for w in wanted}
        self.lengths = array.array("I")
        self.tags = {name: array.array("B") for name, _ in TAGS}
        self.ids = []

    def add(self, doc, tags):
        if len(doc["text"].encode()) > PASSAGE:
            raise CannotJudge("a text of over %d bytes" % PASSAGE)
        text = words(doc.get("title") or "") + words(" ".join(tags)) + \
            words(doc["text"])
        number, found = len(self.ids), {}
        self.ids.append(str(doc.get("_id", doc.get("id"))))
        self.lengths.append(len(text))
        for name, column in self.tags.items():
            column.append(name in tags)
        for word in text:
            if word in self.docs:
                found[word] = found.get(word, 0) + 1
        for word, count in found.items():
            self.docs[word].append(number)
            self.counts[word].append(count)

    def finish(self):
        def wide(a, kind):
            return numpy.frombuffer(a, dtype=kind) if len(a) else \
                numpy.zeros(0, dtype=kind)
        self.docs = {w: wide(a, "u4") for w, a in self.docs.items()}
        self.counts = {w: wide(a, "u4").astype("f8")
                       for w, a in self.counts.items()}
        self.lengths = wide(self.lengths, "u4").astype("f8")
        self.tags = {n: wide(a, "u1") > 0 for n, a in self.tags.items()}


class Ranking:
    """Bare BM25 over the documents that are left."""

    def __init__(self, documents, live, k1):
        self.d, self.live = documents, live
        self.count = int(live.sum())
        average = documents.lengths[live].sum() / self.count
        self.norm = k1 * (1 - B + B * documents.lengths / average)

    def scores(self, query):
        """In units of 2^-40, which makes sums exact; 0: has no word."""
        total = numpy.zeros(len(self.d.ids))
        for word in dict.fromkeys(words(query)):
            docs = self.d.docs[word]
            there = self.live[docs]
            docs, tf = docs[there], self.d.counts[word][there]
            if not len(docs):
                continue
            idf = numpy.log(1 + (self.count - len(docs) + 0.5) /
                            (len(docs) + 0.5))
            total[docs] += numpy.rint(
                idf * (tf / (tf + self.norm[docs])) * 2.0**40)
        return total

    def best(self, total, k, tags):
        """[(document, score)], ties by document."""
        found = total > 0
        for tag in tags:
            found = found & self.d.tags[tag]
        docs = numpy.flatnonzero(found)
        if len(docs) > k:
            limit = numpy.partition(total[docs], -k)[-k]
            docs = docs[total[docs] >= limit]
        docs = docs[numpy.lexsort((docs, -total[docs]))][:k]
        return [(int(d), float(total[d]) / 2**40) for d in docs]


class Engine:
    """The program under judgement, with a store of its own."""

    def __init__(self, program, folder):
        with open(os.path.join(folder, "plain.conf"), "w") as f:
            f.write("[index]\nanalyzer = plain\n")
        self.start = [os.path.abspath(program), "--config",
                      os.path.join(folder, "plain.conf"), "--db",
                      os.path.join(folder, "a.db"), "-q"]
        self.folder = folder

    def run(self, *arguments):
        done = subprocess.run(self.start + list(arguments),
                              stdout=subprocess.PIPE, encoding="utf-8")
        if done.returncode not in (0, 3):
            raise CannotJudge("'%s' failed" % " ".join(arguments[:2]))
        return done.stdout

    def search(self, queries, k, tags):
        """{number of a query: [(id, score)]}"""
        path = os.path.join(self.folder, "queries.jsonl")
        with open(path, "w") as f:
            for i, query in enumerate(queries):
                f.write(json.dumps({"_id": str(i), "text": query}) + "\n")
        options = [w for t in tags for w in ("--filter", "tag=" + t)]
        answers = {i: [] for i in range(len(queries))}
        for line in self.run("search", "--plain", "--format", "trec", "-k",
                             str(k), "--queries", path,
                             *options).splitlines():
            query, _, doc, rank, score, _ = line.split(" ")
            answers[int(query)].append((doc, float(score)))
            if int(rank) != len(answers[int(query)]):
                raise CannotJudge("ranks are not in order")
        return answers


def fill(engine, o, documents):
    """Two imports, each indexed, so that there are two segments."""
    path = os.path.join(engine.folder, "some.jsonl")
    rows = read(o.file, o.rows)
    more = True
    while more:
        with open(path, "w") as out:
            for doc in rows:
                tags = tags_of(len(documents.ids))
                documents.add(doc, tags)
                doc["tags"] = tags
                out.write(json.dumps(doc) + "\n")
                if len(documents.ids) == o.first:
                    break
            else:
                more = False
        engine.run("import", "jsonl", path, "--space", "judged.example")
        engine.run("index")
    os.unlink(path)
    documents.finish()


def forget(engine, o, documents):
    """Which documents are left."""
    live = numpy.ones(len(documents.ids), dtype=bool)
    gone = list(range(3, len(live), max(1, len(live) // max(1, o.forget))))
    gone = gone[:o.forget]
    if gone:
        engine.run("forget", *("judged.example/" + documents.ids[d]
                               for d in gone))
        engine.run("index")
    live[gone] = False
    return live


def difference(wanted, hits, documents):
    """What is wrong with an answer, or None."""
    if len(wanted) != len(hits):
        return "%d results, not %d" % (len(hits), len(wanted))
    scores = {documents.ids[d]: score for d, score in wanted}
    for rank, ((doc, score), (found, other)) in enumerate(
            zip(wanted, hits), 1):
        if abs(score - other) > NEAR:
            return "rank %d: score %.9f, not %.9f" % (rank, other, score)
        # Doubles that cannot be told apart may change places.
        if found != documents.ids[doc] and not (
                found in scores and scores[found] != score and
                abs(scores[found] - score) < NEAR):
            return "rank %d: %s, not %s" % (rank, found, documents.ids[doc])
    return None


def judge(engine, o, queries, documents, ranking):
    compared = different = 0
    totals = {}
    for k in o.k:
        for tags in FILTERS:
            answers = engine.search(queries, k, tags)
            for i, query in enumerate(queries):
                if i not in totals:
                    totals[i] = ranking.scores(query)
                wrong = difference(ranking.best(totals[i], k, tags),
                                   answers[i], documents)
                compared += 1
                different += wrong is not None
                if wrong and different <= 20:
                    print("%r k %d %s: %s" % (query, k, " ".join(tags),
                                              wrong))
                if len(totals) > 100:
                    totals.clear()
    print("%d queries on %d documents compared, %d differences" %
          (compared, len(documents.ids), different))
    return different


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("opslore")
    args.add_argument("file")
    args.add_argument("queries")
    args.add_argument("-k", default="10,100",
                      type=lambda s: [int(n) for n in s.split(",")])
    args.add_argument("--rows", type=int, default=-1,
                      help="no more documents than these")
    args.add_argument("--first", type=int, default=None,
                      help="documents of the first import")
    args.add_argument("--forget", type=int, default=300)
    args.add_argument("--control", action="store_true",
                      help="judge by a slightly wrong k1: must differ")
    o = args.parse_args()
    with open(o.queries, encoding="utf-8") as f:
        queries = [q for q in (line.strip() for line in f) if words(q)]
    o.first = o.first or (o.rows * 2 // 3 if o.rows > 0 else 200000)
    documents = Documents({w for q in queries for w in words(q)})
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(o.opslore, folder)
        fill(engine, o, documents)
        live = forget(engine, o, documents)
        ranking = Ranking(documents, live, K1 * (1.0001 if o.control else 1))
        return 1 if judge(engine, o, queries, documents, ranking) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotJudge as why:
        print("cannot judge: %s" % why, file=sys.stderr)
        sys.exit(2)
