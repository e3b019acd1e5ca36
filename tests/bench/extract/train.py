#!/usr/bin/env python3
"""Trains the model that tells content from the rest, and judges it.

Prints what it makes of pages of sites it was not trained on (the figures to
quote), how far its certainty can be believed, and, with --out, writes the
table made from all pages. README.md says how it is done.
"""
import argparse
import os
import sys
import tempfile

import numpy as np
import sklearn

import align
import dump
import forest
import table
import tokens
import truth

REPEAT = 6   # words of a block that is dropped when it comes again
MANUAL, PRE = "page-url-documentation", "in-pre"
MOST = 250   # blocks of a page that are learned from, at random


def options():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--data", required=True, help="WCXB's folder dev")
    p.add_argument("--program", required=True, help="extract_features")
    p.add_argument("--dump", help="read it, or make and keep it, here")
    p.add_argument("--out", help="write the table here")
    p.add_argument("--version", type=int, default=1)
    p.add_argument("--trees", type=int, default=100)
    p.add_argument("--leaves", type=int, default=24)
    p.add_argument("--rate", type=float, default=.12)
    p.add_argument("--folds", help="write the table of each fold here too, "
                   "as fold0.c and so on, and which page is in which")
    p.add_argument("--scores", help="write each page's figures here")
    return p.parse_args()


class Lesson:
    """All pages with their labels, folds and token tables."""

    def __init__(self, those, dumped, names):
        self.names = names
        self.those = [p for p in those
                      if p.id in dumped and len(dumped[p.id].words)]
        self.pages = [dumped[p.id] for p in self.those]
        fold = truth.folds(self.those)
        self.fold = np.array([fold[p.id] for p in self.those])
        self.labels = [np.array(align.labels(q.text, p.main))
                       for p, q in zip(self.those, self.pages)]
        self.counts = tokens.Counts(truth.FOLDS)
        for p, q, k, y in zip(self.those, self.pages, self.fold, self.labels):
            self.counts.add(k, truth.domain(p), q, y)
        self.token = [i for i, n in enumerate(names)
                      if n.startswith("token-")]
        assert len(self.token) == tokens.COLUMNS
        rng = np.random.default_rng(3)
        self.some = [np.sort(rng.choice(len(y), min(len(y), MOST), False))
                     for y in self.labels]

    def x(self, j, without):
        """Page `j`'s features with tokens of all folds but `without`."""
        out = self.pages[j].x.copy()
        out[:, self.token] = tokens.columns(self.pages[j],
                                            self.counts.table(without))
        return out

    def learn(self, make, held=()):
        """A forest of all pages but those of the folds `held`. A page's own
        fold has no part in the weights that it is shown with."""
        js = [j for j, k in enumerate(self.fold) if k not in held]
        x = [self.x(j, {*held, self.fold[j]})[self.some[j]] for j in js]
        y = [self.labels[j][self.some[j]] for j in js]
        w = [forest.weights(self.pages[j], self.labels[j])[self.some[j]]
             * len(self.labels[j]) / len(self.some[j]) for j in js]
        return make().fit(*(np.concatenate(a) for a in (x, y, w)))

    def held_out(self, make):
        """The probabilities of every page by a forest and a token table that
        know nothing of its fold; and these forests."""
        out, forests = [None] * len(self.pages), []
        for k in range(truth.FOLDS):
            forests.append(self.learn(make, (k,)))
            for j in np.flatnonzero(self.fold == k):
                out[j] = forests[k](self.x(j, {k}))
            print(f"fold {k} of {truth.FOLDS} done", file=sys.stderr)
        return out, forests


def kept(page, chosen, manual, pre):
    """The words of the chosen blocks. Repeats are dropped but in manuals,
    where an example may well come twice."""
    out, seen = truth.words(""), set()
    for i in np.flatnonzero(chosen):
        text = " ".join(page.text[i].lower().split())
        if page.words[i] >= REPEAT and not manual and not pre[i]:
            if text in seen:
                continue
            seen.add(text)
        out.update(truth.words(text))
    return out


def judge(lesson, ps):
    """{id: (F1, P, R)} and [(certainty, F1)]."""
    column = {n: i for i, n in enumerate(lesson.names)}
    scores, sure = {}, []
    for page, q, p in zip(lesson.those, lesson.pages, ps):
        chosen, certainty = forest.choose(p, q.words)
        got = kept(q, chosen, q.x[0, column[MANUAL]] > 0,
                   q.x[:, column[PRE]] > 0)
        scores[page.id] = truth.score_words(got, truth.words(page.main))
        sure.append((certainty, scores[page.id][0]))
    return scores, sure


def reliability(sure):
    """How far the certainty can be believed."""
    print("\ncertainty     pages   its mean  real F1  below .7")
    for low, high in ((0, .5), (.5, .6), (.6, .7), (.7, .8), (.8, .9),
                      (.9, .95), (.95, 1.01)):
        rows = [r for r in sure if low <= r[0] < high]
        if rows:
            c, f = np.array(rows).T
            print(f"{low:.2f} to {min(high, 1):.2f} {len(rows):6}   "
                  f"{c.mean():.3f}     {f.mean():.3f}    "
                  f"{(f < .7).mean():.2f}")


def kept_apart(o, lesson, forests):
    """The table of each fold, to judge the whole program with."""
    os.makedirs(o.folds, exist_ok=True)
    for k, f in enumerate(forests):
        write(f"{o.folds}/fold{k}.c", f, lesson.counts.table({k}), o.version)
    with open(f"{o.folds}/folds.tsv", "w", encoding="utf-8") as out:
        for page, k in zip(lesson.those, lesson.fold):
            out.write(f"{page.id}\t{k}\n")


def write(name, f, weights, version):
    with open(name, "w", encoding="utf-8") as out:
        out.write(table.source(f, weights, version))


def same(lesson, f, name):
    """The table in the file says what scikit-learn does, on every block."""
    read = table.Table(name)
    assert read.weights == lesson.counts.table(())
    far = max(abs(read(x) - f(x)).max() for x in
              (lesson.x(j, ()) for j in range(len(lesson.pages))))
    print(f"\nprobabilities by the table differ by {far:.1e} at most")
    assert far < 1e-4


def main():
    o = options()
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, "
          f"scikit-learn {sklearn.__version__}")
    those = truth.pages(o.data)
    file = o.dump or f"{tempfile.gettempdir()}/extract.dump"
    if not o.dump or not os.path.exists(file):
        dump.make(o.program, o.data, those, file)
    lesson = Lesson(those, dump.read(file), dump.names(o.program))

    def make():
        return forest.Forest(o.trees, o.leaves, o.rate)

    ps, forests = lesson.held_out(make)
    scores, sure = judge(lesson, ps)
    truth.report(those, scores, f"\n{o.trees} trees of {o.leaves} leaves, "
                 "on pages of sites that they were not trained on")
    reliability(sure)
    if o.scores:
        truth.write(o.scores, those, scores)
    if o.folds:
        kept_apart(o, lesson, forests)
    if o.out:
        last = lesson.learn(make)
        write(o.out, last, lesson.counts.table(()), o.version)
        same(lesson, last, o.out)
        print("\ncolumns by what they gain:")
        for name, gain in last.gains(lesson.names)[:30]:
            print(f"{gain:.3f}  {name}")


if __name__ == "__main__":
    main()
