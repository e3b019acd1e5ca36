#!/usr/bin/env python3
"""An independent judge of ranking.

Ranks by BM25F straight from the definition in kb/search.h, with nothing of the
engine but the tokens that `opslore analyze` prints, and compares with what
`opslore search` finds: passages, order, scores. Python's standard library only.

    judge.py OPSLORE STORE.db [--queries N] [--seed S] [-k N] [--control]

Passages are cut here again, from the definition in kb/passage.h: a question is
part 0, each answer is a part of its own; other posts are understood as long as
they have no headings. The index is brought up to the store first. Exit code 0: no differences; 1: some; 2: cannot judge.
"""

import argparse
import collections
import heapq
import json
import math
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

FIELDS = ("title", "tags", "heading", "body")
KINDS = ("question", "accepted", "answer", "section")
PASSAGE_BYTES = 6000
SHORT = 200
QUERY_TERMS = 64
MOST_RESULTS = 1000
NEAR = 1e-9

PLAIN = {"k1": 1.2, "b": 0.75, "field": [1, 1, 1, 1], "body": [1, 1, 1, 1],
         "average": None, "votes": 0, "accepted": 0}

Passage = collections.namedtuple(
    "Passage", "post part id kind title tags body votes day post_kind space")


class CannotJudge(Exception):
    pass


def encode(part):
    """A native id as it stands in a public id."""
    return "".join("%%%02X" % ord(c) if c in "/#?%" or ord(c) < 32 or
                   ord(c) == 127 else c for c in part)


BLANK = b" \t\n\r\v\f"


def fence_after(fence, line):
    """(the fence that is open behind a line, whether the line is in one)."""
    line = line.strip(BLANK)
    mark = re.match(rb"(`+|~+)(.*)", line, re.S)
    if fence:
        closes = mark and not mark[2] and mark[1][:1] == fence[:1] and \
            len(mark[1]) >= len(fence)
        return (None if closes else fence), True
    if not mark or len(mark[1]) < 3 or \
            (mark[1][:1] == b"`" and b"`" in mark[2]):
        return None, False
    return mark[1], True


def cut(text, fence):
    """Where a text that is too long is cut, and the fence open there."""
    outside = inside = line = None
    at, before = 0, fence
    for row in text[:PASSAGE_BYTES].splitlines(keepends=True):
        if at:
            line = (at, fence)
        at += len(row)
        fence, fenced = fence_after(fence, row)
        if not row.strip(BLANK) and SHORT < at < PASSAGE_BYTES:
            if fenced:
                inside = (at, fence)
            else:
                outside = (at, fence)
    if outside or inside or line:
        return outside or inside or line
    return len(text[:PASSAGE_BYTES].decode(errors="ignore").encode()), before


def pieces(post, text):
    """The bodies of a post without headings, cut by length alone."""
    if re.search(r"^ {0,3}#{1,6}[ \t]", text, re.M):
        raise CannotJudge("post %d has headings" % post)
    text, at, fence, spans = text.encode(), 0, None, []
    while True:
        end = len(text)
        if end - at > PASSAGE_BYTES:
            length, fence = cut(text[at:], fence)
            end = at + length
        body = text[at:end].strip(BLANK)
        begin = at + text[at:end].find(body)
        if body and spans and len(body) < SHORT:
            spans[-1][1] = begin + len(body)
        elif body:
            spans.append([begin, begin + len(body)])
        if end == len(text):
            return [text[i:j].decode() for i, j in spans]
        at = end


def read_passages(path):
    """All passages of a store, by (post, part)."""
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    answers = collections.defaultdict(list)
    for post, part, native, text, votes, written, edited in db.execute(
            "SELECT PostID, AnswerID, NativeID, AnswerContent, VoteCount,"
            " AnswerTime, ModifyTime FROM Answers ORDER BY AnswerID"):
        answers[post].append((part, native, text, votes, edited or written))
    found = []
    for (post, title, text, written, edited, votes, space, native, kind, tags,
         accepted) in db.execute(
            "SELECT PostID, Title, PostContent, PostTime, ModifyTime,"
            " VoteCount, Space, NativeID, Kind, Tags, AcceptedAnswer"
            " FROM Posts ORDER BY PostID"):
        public = space + "/" + encode(native)
        tags = read_tags(tags)
        day = (edited or written)[:10]
        if kind != "question":
            bodies = pieces(post, text) or [""] * bool(title)
            for part, body in enumerate(bodies):
                name = "#s-~%d" % (part + 1) if part else ""
                found.append(Passage(post, part, public + name, "section",
                                     title, tags, body, votes, day, kind,
                                     space))
            continue
        if text or title:
            found.append(Passage(post, 0, public, "question", title, tags,
                                 text, votes, day, kind, space))
        for part, other, content, score, date in answers[post]:
            if content or title:
                found.append(Passage(
                    post, part, public + "#a-" + encode(other),
                    "accepted" if other == accepted else "answer", title,
                    tags, content, score, date[:10], kind, space))
    return found


def read_tags(text):
    """A row's tags: a JSON array, |one|two|, <one><two> or words."""
    if text.startswith("["):
        return json.loads(text)
    return [t for t in re.split(r"[|<>\s,]+", text) if t]


class Engine:
    """The program under judgement."""

    def __init__(self, program, db):
        self.start = [program, "--db", db, "--json", "-q"]
        self.facts = json.loads(self.run("index").splitlines()[-1])
        self.has_stage1 = "--stage1" in self.run("help", "search")

    def run(self, *words, text=None):
        done = subprocess.run(self.start + list(words), input=text,
                              stdout=subprocess.PIPE, encoding="utf-8")
        if done.returncode != 0:
            raise CannotJudge("'%s' failed" % " ".join(words))
        return done.stdout

    def tokens(self, texts):
        """[(term, beside)] of each text."""
        lines = "".join(re.sub(r"[\n\r]", " ", t) + "\n" for t in texts)
        out = self.run("analyze", "--line", self.facts["analyzer"], "-",
                       text=lines)
        for line in out.split("\n")[:-1]:
            yield [(t["text"], t.get("beside", False))
                   for t in json.loads(line)["tokens"]]

    def search(self, queries, k, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl",
                                         encoding="utf-8") as file:
            for i, query in enumerate(queries):
                json.dump({"_id": str(i), "text": query}, file)
                file.write("\n")
            file.flush()
            out = self.run("search", "-k", str(k), "--format", "json",
                           "--queries", file.name, *options)
        answers = [json.loads(line) for line in out.split("\n")[:-1]]
        if len(answers) != len(queries):
            raise CannotJudge("%d answers to %d queries" %
                              (len(answers), len(queries)))
        return answers


class Index:
    """Counts of terms by field, and nothing clever."""

    def __init__(self, engine, passages):
        self.passages = passages
        self.postings = collections.defaultdict(dict)
        self.lengths = [[0] * len(FIELDS) for _ in passages]
        for field in range(len(FIELDS)):
            texts = [self.text(p, field) for p in passages]
            for doc, tokens in enumerate(engine.tokens(texts)):
                self.add(doc, field, tokens)

    @staticmethod
    def text(p, field):
        return (p.title, " ".join(p.tags), "", p.body)[field]

    def add(self, doc, field, tokens):
        self.lengths[doc][field] = sum(not beside for _, beside in tokens)
        for term, _ in tokens:
            counts = self.postings[term].setdefault(doc, [0] * len(FIELDS))
            counts[field] += 1

    def scores(self, terms, weights):
        """{document: score} of all that have one of the terms."""
        count = len(self.passages)
        average = weights["average"]
        if average is None:
            average = [sum(column) / count for column in zip(*self.lengths)]
        average = sum(w * a for w, a in zip(weights["field"], average)) or 1
        total = {}
        for term in terms:
            docs = self.postings.get(term, {})
            idf = math.log(1 + (count - len(docs) + 0.5) / (len(docs) + 0.5))
            for doc, counts in docs.items():
                total[doc] = total.get(doc, 0) + to_grid(
                    idf * self.part(doc, counts, weights, average))
        return {doc: score + self.prior(doc, weights)
                for doc, score in total.items()}

    def part(self, doc, counts, weights, average):
        factor = list(weights["field"])
        factor[3] *= weights["body"][KINDS.index(self.passages[doc].kind)]
        tf = sum(w * n for w, n in zip(factor, counts))
        length = sum(w * n for w, n in zip(factor, self.lengths[doc]))
        b = weights["b"]
        return tf / (tf + weights["k1"] * (1 - b + b * length / average))

    def prior(self, doc, weights):
        p = self.passages[doc]
        return weights["votes"] * math.log(1 + max(p.votes, 0)) + \
            weights["accepted"] * (p.kind == "accepted")


def to_grid(x):
    """To a multiple of 2**-40, half to even: sums are then exact."""
    return math.ldexp(round(math.ldexp(x, 40)), -40)


def best(index, scores, k, allowed, by_post):
    """The k best as (score, document); ties by (post, part)."""
    order = lambda item: (-item[1], item[0])
    items = [(d, s) for d, s in scores.items() if allowed(index.passages[d])]
    if by_post:
        seen = {}
        for doc, score in items:
            post = index.passages[doc].post
            if post not in seen or order((doc, score)) < order(seen[post]):
                seen[post] = (doc, score)
        items = seen.values()
    return heapq.nsmallest(k, items, key=order)


def difference(index, scores, wanted, hits):
    """What is wrong with an answer, or None."""
    if len(wanted) != len(hits):
        return "%d results, not %d" % (len(hits), len(wanted))
    number = {index.passages[d].id: d for d in scores}
    for rank, ((doc, score), hit) in enumerate(zip(wanted, hits), 1):
        if abs(hit["stage1"] - score) > NEAR:
            return "rank %d: score %.12f, not %.12f" % (rank, hit["stage1"],
                                                         score)
        if hit["id"] == index.passages[doc].id:
            continue
        other = scores.get(number.get(hit["id"]))
        # Another passage may stand there if doubles cannot tell them apart.
        if other is None or other == score or abs(other - score) > NEAR:
            return "rank %d: %s, not %s" % (rank, hit["id"],
                                            index.passages[doc].id)
    return None


def score_difference(index, scores, hits):
    """For answers that stage 2 has put in another order: their scores."""
    number = {index.passages[d].id: d for d in scores}
    for hit in hits:
        score = scores.get(number.get(hit["id"]))
        if score is None:
            return "%s has none of the terms" % hit["id"]
        if abs(hit["stage1"] - score) > NEAR:
            return "%s: score %.12f, not %.12f" % (hit["id"], hit["stage1"],
                                                   score)
    return None


def missing(index, scores, allowed, hits):
    """For an answer that should hold everything with one of the terms: stage 2
    may only have folded what repeats another."""
    wanted = sum(allowed(index.passages[doc]) for doc in scores)
    found = len(hits) + sum(hit["similar"] for hit in hits)
    return None if found == wanted else "%d results, not %d" % (found, wanted)


def make_queries(index, count, rng):
    """Titles, sentences, words, rare words, pairs of all that there is."""
    words = sorted(index.postings)
    made = []
    while len(made) < count:
        p = rng.choice(index.passages)
        sentences = re.split(r"[.!?\n。？！]+", p.body) or [""]
        kind = rng.randrange(5)
        if kind == 0:
            query = p.title
        elif kind == 1:
            query = rng.choice(sentences)[:400]
        elif kind == 2:
            query = " ".join(rng.sample(p.body.split(),
                                        min(rng.randint(1, 12),
                                            len(p.body.split()))))
        elif kind == 3:
            query = " ".join(rng.choice(words)
                             for _ in range(rng.randint(1, 6)))
        else:
            query = p.title + " " + " ".join(p.tags) + " " + \
                rng.choice(sentences)[:100]
        query = re.sub(r"[\x00-\x1f]", " ", query).strip()
        if query:
            made.append(query)
    return made


def make_filters(index, rng):
    """Filters as options, and what they let pass."""
    tags = sorted({t for p in index.passages for t in p.tags})
    days = sorted(p.day for p in index.passages)
    votes = sorted(p.votes for p in index.passages)
    made = [((), lambda p: True),
            (("accepted=yes",), lambda p: p.kind == "accepted"),
            (("accepted=no",), lambda p: p.kind != "accepted")]
    low, high = sorted(rng.sample(range(len(votes)), 2))
    made.append((("score=%d..%d" % (votes[low], votes[high]),),
                 lambda p: votes[low] <= p.votes <= votes[high]))
    first = days[len(days) // 3]
    if first:
        made.append((("date=%s.." % first,), lambda p: p.day >= first))
    for tag in rng.sample(tags, min(3, len(tags))):
        made.append((("tag=" + tag,), lambda p, tag=tag: tag in p.tags))
        made.append((("tag=" + tag, "score=1.."),
                     lambda p, tag=tag: tag in p.tags and p.votes >= 1))
    for space in sorted({p.space for p in index.passages})[:3]:
        made.append((("space=" + space,),
                     lambda p, space=space: p.space == space))
    for kind in sorted({p.post_kind for p in index.passages}):
        made.append((("kind=" + kind,),
                     lambda p, kind=kind: p.post_kind == kind))
    return made


class Judge:
    def __init__(self, engine, index, k):
        self.engine, self.index, self.k = engine, index, k
        self.compared = self.different = 0

    def say(self, query, options, text):
        self.different += 1
        if self.different <= 20:
            print("%s %r: %s" % (" ".join(options) or "(full)", query, text))

    def terms(self, tokens):
        """Those of a query that the index knows; None: it is no query, or
        has more than count."""
        terms = [t for t in dict.fromkeys(t for t, _ in tokens)
                 if t in self.index.postings]
        return terms if tokens and len(terms) <= QUERY_TERMS else None

    def round(self, queries, filters, allowed, plain, by_post, k=None):
        """One way of asking, for all of the queries."""
        k = k or self.k
        options = [w for f in filters for w in ("--filter", f)]
        ordered = plain or self.engine.has_stage1
        if plain:
            options.append("--plain")
        elif ordered:
            options.append("--stage1")
        if not by_post:
            options.append("--passages")
        weights = PLAIN if plain else self.engine.facts["weights"]
        asked = [(query, terms) for query, terms in
                 zip(queries, map(self.terms, self.engine.tokens(queries)))
                 if terms is not None]
        answers = self.engine.search([query for query, _ in asked], k,
                                     *options)
        for (query, terms), answer in zip(asked, answers):
            scores = self.index.scores(terms, weights)
            if ordered:
                wanted = best(self.index, scores, k, allowed, by_post)
                wrong = difference(self.index, scores, wanted, answer["hits"])
            else:
                wrong = score_difference(self.index, scores, answer["hits"])
                if not wrong and k >= len(self.index.passages):
                    wrong = missing(self.index, scores, allowed,
                                    answer["hits"])
            self.compared += 1
            if wrong:
                self.say(query, options, wrong)


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("opslore")
    args.add_argument("store")
    args.add_argument("--queries", type=int, default=2000)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("-k", type=int, default=10)
    args.add_argument("--control", action="store_true",
                      help="judge by a slightly wrong k1: must differ")
    args = args.parse_args()
    rng = random.Random(args.seed)
    engine = Engine(args.opslore, args.store)
    index = Index(engine, read_passages(args.store))
    if not index.passages:
        raise CannotJudge("the store is empty")
    if args.control:
        for weights in (PLAIN, engine.facts["weights"]):
            weights["k1"] *= 1.0001
    judge = Judge(engine, index, args.k)
    filters = make_filters(index, rng)
    # A few are no queries, or too long: ask for more than is wanted.
    share = 1 + args.queries * 6 // 5 // (4 + 2 * len(filters))
    for plain in (True, False):
        for by_post in (True, False):
            judge.round(make_queries(index, share, rng), (), lambda p: True,
                        plain, by_post)
        for names, allowed in filters:
            judge.round(make_queries(index, share, rng), names, allowed,
                        plain, False)
    if len(index.passages) <= MOST_RESULTS:
        for names, allowed in filters:
            judge.round(make_queries(index, 1 + share // 10, rng), names,
                        allowed, False, False, MOST_RESULTS)
    print("%d queries compared, %d differences" %
          (judge.compared, judge.different))
    if not engine.has_stage1:
        print("(full ranking: scores and completeness; stage 2 orders)")
    return 1 if judge.different else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotJudge as why:
        print("cannot judge: %s" % why, file=sys.stderr)
        sys.exit(2)
